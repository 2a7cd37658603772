//! One file of a package, and what deriving a package again came to.

use crate::store::package::Package;
use crate::store::{Key, Shelf, StoreError};

use super::PipelineError;

/// A package that was checked and replayed.
#[derive(Debug)]
pub struct Replayed {
    /// Its number in the chain.
    pub link: u32,
    /// The run's id.
    pub run_id: String,
    /// The version of Rollcall that made it.
    pub version: String,
    /// Files whose bytes are not those that its inputs give.
    pub differing: Vec<String>,
}

/// The bytes of a file that every package of its kind has.
pub(super) async fn file(shelf: &Shelf, package: &Package, name: &str) -> Result<Vec<u8>, PipelineError> {
    let key: Key = name.parse().expect("the names of a package's files are keys");
    let missing = || StoreError::Missing { key: key.clone(), named_by: package.link.manifest.to_string() };
    Ok(package.read(shelf, &key).await?.ok_or_else(missing)?)
}

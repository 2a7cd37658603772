//! What a package was made of: its inputs, read back.

use crate::collect;
use crate::expect;
use crate::model::{Estate, World};
use crate::store::Shelf;
use crate::store::package::Package;

use super::PipelineError;
use super::package_file::file;
use super::package_inputs::{PAGES, RECORDS, RUN, Run};

/// The inputs of an audit's package.
///
/// # Errors
/// Where one of them is missing or cannot be understood.
pub(super) async fn read(shelf: &Shelf, package: &Package) -> Result<World, PipelineError> {
    let pages = file(shelf, package, PAGES).await?;
    let records = file(shelf, package, RECORDS).await?;
    let run = file(shelf, package, RUN).await?;
    let unreadable = |name: &'static str| move |source| PipelineError::Replay { name, source };
    let collected = collect::from_journal(pages.as_slice()).map_err(|error| unreadable(PAGES)(error.into()))?;
    let records = expect::parse(&records).map_err(|error| unreadable(RECORDS)(error.into()))?;
    let Run { stamp, policy, earlier, store_notes } =
        Run::decode(&run).map_err(|error| unreadable(RUN)(error.into()))?;
    let expectation = expect::fold(&records, stamp.as_of, Some(&Estate::of(&collected.snapshot)));
    Ok(World { snapshot: collected.snapshot, expectation, policy, earlier, store_notes, stamp })
}

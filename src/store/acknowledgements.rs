//! Acknowledgements of what lies in the store without a link: `acknowledged/<digest>.json`, created once.
//!
//! Nothing can be taken out of the store, so what a killed run left would put it in doubt for ever. An acknowledgement
//! says that somebody has looked at it and why it may stay; it holds for exactly what lay there then. It is a note and
//! no proof: it takes nothing out of sight, and makes no package of anything.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Body, Created, Digest, Key, Shelf, StoreError, document};

const VERSION: u32 = 1;

/// An acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    /// Why it may stay.
    pub reason: String,
    /// When that was written.
    pub at: DateTime<Utc>,
}

/// Format 1 of an acknowledgement.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    at: DateTime<Utc>,
    reason: String,
    /// What lies there: a file, or a folder with all that is below.
    name: String,
    /// Its files, each with its SHA-256.
    files: BTreeMap<String, Digest>,
}

/// The acknowledgement of what has this name, if there is one and all of it is as it was then.
///
/// # Errors
/// Where the shelf fails.
pub async fn of(shelf: &Shelf, name: &str) -> Result<Option<Acknowledged>, StoreError> {
    let Some((key, _)) = described(shelf, name).await? else { return Ok(None) };
    let Some(object) = shelf.read(&key).await? else { return Ok(None) };
    // One that cannot be understood acknowledges nothing.
    let document: Option<Document> = document::decode(key.as_str(), &object.bytes, VERSION).ok();
    let document = document.filter(|document| document.name == name);
    Ok(document.map(|document| Acknowledged { reason: document.reason, at: document.at }))
}

/// Acknowledges what has this name, as it is now. `false` where one of its files cannot be read under its name: a link to
/// somewhere else, or a name that is no text.
///
/// # Errors
/// Where the shelf fails.
pub async fn acknowledge(shelf: &Shelf, name: &str, reason: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let Some((key, files)) = described(shelf, name).await? else { return Ok(false) };
    let (name, reason) = (name.to_owned(), reason.to_owned());
    let body = Body::json(document::encode(&Document { version: VERSION, at, reason, name, files }));
    match shelf.create(&key, &body).await? {
        Created::Ours | Created::Same | Created::Taken { .. } => Ok(true),
    }
}

/// The files of what has this name, and what an acknowledgement of exactly these is called. `None` where one of them
/// cannot be read under its name.
async fn described(shelf: &Shelf, name: &str) -> Result<Option<(Key, BTreeMap<String, Digest>)>, StoreError> {
    let mut files = BTreeMap::new();
    for file in shelf.files_of(name).await? {
        let Some(object) = shelf.read_named(&file).await? else { return Ok(None) };
        files.insert(file, Digest::of(&object.bytes));
    }
    let digest = Digest::of(&document::encode(&(name, &files)));
    Ok(Some((Key::known(format!("acknowledged/{digest}.json")), files)))
}

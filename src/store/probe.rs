//! Trying a place out: whether it takes an object, gives it back, lists it, and does not put another one in its place.
//!
//! What was tried stays, as everything in the store does: `probes/<nonce>.json`.

use serde::Serialize;

use super::{Body, Created, Key, Shelf, StoreError, document};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    nonce: &'a str,
    attempt: u8,
}

/// Writes a small object under a name that is not used again, tries to replace it, and looks at it. Gives back its key.
///
/// # Errors
/// [`StoreError::Replaces`] where the second object took the place of the first; else where the shelf fails.
pub async fn probe(shelf: &Shelf, nonce: &str) -> Result<Key, StoreError> {
    let folder = Key::known("probes".to_owned());
    let key = folder.join(&format!("{nonce}.json"))?;
    let body = |attempt| Body::json(document::encode(&Document { version: 1, nonce, attempt }));
    let replaces = || StoreError::Replaces { key: key.clone() };
    match shelf.create(&key, &body(1)).await? {
        Created::Ours | Created::Same => {}
        Created::Taken { .. } => return Err(StoreError::Occupied { key }),
    }
    match shelf.create(&key, &body(2)).await? {
        Created::Taken { object, .. }
            if object.bytes == document::encode(&Document { version: 1, nonce, attempt: 1 }) => {}
        Created::Ours | Created::Same | Created::Taken { .. } => return Err(replaces()),
    }
    if shelf.list(&folder, None).await?.contains(&key) {
        Ok(key)
    } else {
        Err(StoreError::Missing { key, named_by: "the answer to its PUT".to_owned() })
    }
}

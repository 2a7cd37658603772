//! What whoever applies a plan did, entry by entry: what is about to be sent is kept before it is sent, and what became
//! of it after. What an entry says is the business of `conduct`; here it is bytes.

use super::{Body, Created, Key, Shelf, StoreError};

/// The job by which the applying of a plan is claimed, by the plan's digest in hexadecimal digits.
#[must_use]
pub fn claimed_as(digest: &str) -> String {
    format!("changes-{digest}")
}

/// Keeps the entry of this number, counted from one, durably.
///
/// # Errors
/// Where another process kept one of this number, or the shelf fails.
pub async fn append(shelf: &Shelf, digest: &str, number: u32, json: Vec<u8>) -> Result<(), StoreError> {
    let key = folder(digest)?.join(&format!("{number:06}.json"))?;
    match shelf.create(&key, &Body::json(json)).await? {
        Created::Ours => Ok(()),
        Created::Same | Created::Taken { .. } => Err(StoreError::Occupied { key }),
    }
}

/// All entries of a plan in their order, each with its key.
///
/// # Errors
/// Where one is missing, or the shelf fails.
pub async fn entries(shelf: &Shelf, digest: &str) -> Result<Vec<(Key, Vec<u8>)>, StoreError> {
    let folder = folder(digest)?;
    let there = shelf.list(&folder, None).await?.len();
    let mut entries = Vec::new();
    for number in 1..=there {
        let key = folder.join(&format!("{number:06}.json"))?;
        let Some(object) = shelf.read(&key).await? else {
            return Err(StoreError::Missing { key, named_by: "a later entry of the same plan".to_owned() });
        };
        entries.push((key, object.bytes));
    }
    Ok(entries)
}

fn folder(digest: &str) -> Result<Key, StoreError> {
    Ok(Key::known("changes".to_owned()).join(Key::short(digest)?.as_str())?)
}

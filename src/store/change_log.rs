//! The journals of plans that are applied, entry by entry. What an entry says is the business of `apply`; here it is
//! bytes.

use super::{Body, Created, Key, Shelf, StoreError};

/// What the claim of whoever applies a plan is called. One for the store: two plans that are applied at once could each pass
/// a guard that both together would not.
pub const CLAIMED_AS: &str = "changes";

/// Keeps the entry of this number, counted from one. It is durable when this returns.
///
/// # Errors
/// Where another entry of this number is there, or the shelf fails.
pub async fn append(shelf: &Shelf, digest: &str, number: u32, json: Vec<u8>) -> Result<(), StoreError> {
    let key = folder(digest)?.join(&format!("{number:06}.json"))?;
    match shelf.create(&key, &Body::json(json)).await? {
        // The same bytes are those of an attempt whose answer was lost: an entry names the process that keeps it.
        Created::Ours | Created::Same => Ok(()),
        Created::Taken { .. } => Err(StoreError::Occupied { key }),
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
            return Err(StoreError::Missing { key, named_by: "a later entry of the same journal".to_owned() });
        };
        entries.push((key, object.bytes));
    }
    Ok(entries)
}

/// The digests of the plans that have a journal.
///
/// # Errors
/// Where the shelf fails.
pub async fn plans(shelf: &Shelf) -> Result<Vec<String>, StoreError> {
    let all = Key::known("changes".to_owned());
    let keys = shelf.list(&all, None).await?;
    let mut digests: Vec<String> =
        keys.iter().filter_map(|key| Some(all.strip(key)?.split_once('/')?.0.to_owned())).collect();
    digests.dedup();
    Ok(digests)
}

/// The last entries of a plan, up to the first that is not wanted, the last first.
///
/// # Errors
/// Where the shelf fails.
pub async fn since(shelf: &Shelf, digest: &str, is_wanted: impl Fn(&[u8]) -> bool) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut wanted = Vec::new();
    for key in shelf.list(&folder(digest)?, None).await?.iter().rev() {
        let Some(object) = shelf.read(key).await? else { continue };
        if !is_wanted(&object.bytes) {
            break;
        }
        wanted.push(object.bytes);
    }
    Ok(wanted)
}

fn folder(digest: &str) -> Result<Key, StoreError> {
    Ok(Key::known("changes".to_owned()).join(Key::short(digest)?.as_str())?)
}

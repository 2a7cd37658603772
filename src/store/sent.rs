//! Records of what the recipients of a job's messages know, so that the next run tells only what is new.
//!
//! What a record says is the business of `alert`; here it is bytes.

use super::chain::Link;
use super::{Body, Created, Key, Shelf, StoreError};

/// Keeps what the recipients know after the run of this link. Keeping the same record again does nothing.
///
/// # Errors
/// Where the run has another record already, or the shelf fails.
pub async fn record(shelf: &Shelf, link: &Link, json: Vec<u8>) -> Result<(), StoreError> {
    let key = Key::known(format!("sent/{}/{:08}.json", link.run.job(), link.number));
    match shelf.create(&key, &Body::json(json)).await? {
        Created::Ours | Created::Same => Ok(()),
        Created::Taken { .. } => Err(StoreError::Occupied { key }),
    }
}

/// The last record of a job: that of the newest link that has one. The instants of which runs speak say nothing of
/// what came last: a run may speak of any.
///
/// # Errors
/// Where the job's name cannot be a part of a key, or the shelf fails.
pub async fn latest(shelf: &Shelf, job: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let records = shelf.list(&Key::known("sent".to_owned()).join(Key::part(job)?.as_str())?, None).await?;
    match records.iter().max_by_key(|key| (is_of_a_link(key), *key)) {
        Some(last) => Ok(shelf.read(last).await?.map(|object| object.bytes)),
        None => Ok(None),
    }
}

/// Whether a record is called by its link. Earlier versions called it by the instant of its run and the run's id; such
/// a record counts where there is no other.
fn is_of_a_link(key: &Key) -> bool {
    let (_, name) = key.as_str().rsplit_once('/').unwrap_or_default();
    name.strip_suffix(".json").is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

//! Records of the messages that were sent, so that the next run tells only what is new.
//!
//! What a record says is the business of `alert`; here it is bytes.

use super::{Body, Created, Key, Run, Shelf, StoreError};

/// Keeps the record of what a run has sent. Keeping the same record again does nothing.
///
/// # Errors
/// Where the run has another record already, or the shelf fails.
pub async fn record(shelf: &Shelf, run: &Run, json: Vec<u8>) -> Result<(), StoreError> {
    let key = Key::known(format!("sent/{}/{}.json", run.job(), run.stamp()));
    match shelf.create(&key, &Body::json(json)).await? {
        Created::Ours | Created::Same => Ok(()),
        Created::Taken { .. } => Err(StoreError::Occupied { key }),
    }
}

/// The record of the last run of a job that has sent something, last by the instant of which it speaks.
///
/// # Errors
/// Where the job's name cannot be a part of a key, or the shelf fails.
pub async fn latest(shelf: &Shelf, job: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let records = shelf.list(&Key::known("sent".to_owned()).join(Key::part(job)?.as_str())?, None).await?;
    match records.last() {
        Some(last) => Ok(shelf.read(last).await?.map(|object| object.bytes)),
        None => Ok(None),
    }
}

//! Records of what the recipients of a job's messages know of its failures: `failures/<job>/<number>.json`.
//!
//! What a record says is the business of `alert`; here it is bytes.

use super::{Body, Created, Key, Shelf, StoreError};

/// The last record of a job, and its number; zero where there is none.
///
/// # Errors
/// Where the job's name cannot be a part of a key, or the shelf fails.
pub async fn latest(shelf: &Shelf, job: &str, channel: Option<&str>) -> Result<(u32, Option<Vec<u8>>), StoreError> {
    let folder = folder(job, channel)?;
    let records = shelf.list(&folder, None).await?;
    let number = |key: &Key| folder.strip(key)?.strip_suffix(".json")?.parse::<u32>().ok();
    match records.iter().filter_map(number).max() {
        Some(last) => Ok((last, shelf.read(&key(&folder, last)).await?.map(|object| object.bytes))),
        None => Ok((0, None)),
    }
}

/// Keeps a record behind the last one. Where another process was faster, its record counts.
///
/// # Errors
/// As above.
pub async fn record(
    shelf: &Shelf,
    job: &str,
    channel: Option<&str>,
    last: u32,
    json: Vec<u8>,
) -> Result<(), StoreError> {
    let number = last.saturating_add(1);
    match shelf.create(&key(&folder(job, channel)?, number), &Body::json(json)).await? {
        Created::Ours | Created::Same | Created::Taken { .. } => Ok(()),
    }
}

/// Where the records of a channel are; those of the topic, which has no name, lie above.
fn folder(job: &str, channel: Option<&str>) -> Result<Key, StoreError> {
    let of_job = Key::known("failures".to_owned()).join(Key::short(job)?.as_str())?;
    match channel {
        Some(channel) => Ok(of_job.join(Key::short(channel)?.as_str())?),
        None => Ok(of_job),
    }
}

fn key(folder: &Key, number: u32) -> Key {
    Key::known(format!("{folder}/{number:08}.json"))
}

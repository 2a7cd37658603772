//! Records of what the recipients of a job's messages know, so that the next run tells only what is new.
//!
//! What a record says is the business of `alert`; here it is bytes.

use super::chain::Link;
use super::{Body, Created, Key, Shelf, StoreError};

/// Keeps what the recipients know after the run of this link. Keeping the same record again does nothing.
///
/// # Errors
/// Where the run has another record already, or the shelf fails.
pub async fn record(shelf: &Shelf, link: &Link, channel: Option<&str>, json: Vec<u8>) -> Result<(), StoreError> {
    let key = folder(link.run.job(), channel)?.join(&format!("{:08}.json", link.number))?;
    match shelf.create(&key, &Body::json(json)).await? {
        Created::Ours | Created::Same => Ok(()),
        Created::Taken { .. } => Err(StoreError::Occupied { key }),
    }
}

/// The records of a job, the last first: that of the newest link that has one. The instants of which runs speak say
/// nothing of what came last: a run may speak of any. What is called by a link that the chain of this length does not
/// have, was not left by a run.
///
/// # Errors
/// Where the job's name cannot be a part of a key, or the shelf fails.
pub async fn records(shelf: &Shelf, job: &str, channel: Option<&str>, length: u32) -> Result<Vec<Key>, StoreError> {
    let folder = folder(job, channel)?;
    let mut records = shelf.list(&folder, None).await?;
    // Below are those of other channels.
    records.retain(|key| folder.strip(key).is_some_and(|name| !name.contains('/')));
    records.retain(|key| is_of_a_link(key).is_none_or(|number| number.is_some_and(|number| number <= length)));
    records.sort_by_key(|key| (is_of_a_link(key).is_some(), key.clone()));
    records.reverse();
    Ok(records)
}

/// Where the records of a channel are; those of the topic, which has no name, lie above.
fn folder(job: &str, channel: Option<&str>) -> Result<Key, StoreError> {
    let of_job = Key::known("sent".to_owned()).join(Key::short(job)?.as_str())?;
    match channel {
        Some(channel) => Ok(of_job.join(Key::short(channel)?.as_str())?),
        None => Ok(of_job),
    }
}

/// The number of the link that a record is called by, if it is called by digits; `None` inside where that is no number
/// of a link. Earlier versions called a record by the instant of its run and the run's id; such a one counts where there
/// is no other.
fn is_of_a_link(key: &Key) -> Option<Option<u32>> {
    let (_, name) = key.as_str().rsplit_once('/').unwrap_or_default();
    let digits = name.strip_suffix(".json").filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(digits.parse().ok().filter(|number| format!("{number:08}") == digits))
}

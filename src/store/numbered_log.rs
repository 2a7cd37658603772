//! Records that follow one another, of which the last one counts: `<log>/<job>[/<channel>]/<number>.json`.

use super::{Body, Created, Key, Shelf, StoreError};

/// The last record, and its number; zero where there is none.
pub(super) async fn latest(
    shelf: &Shelf,
    log: &'static str,
    (job, channel): (&str, Option<&str>),
) -> Result<(u32, Option<Vec<u8>>), StoreError> {
    let folder = folder(log, job, channel)?;
    let records = shelf.list(&folder, None).await?;
    let number = |key: &Key| folder.strip(key)?.strip_suffix(".json")?.parse::<u32>().ok();
    match records.iter().filter_map(number).max() {
        Some(last) => Ok((last, shelf.read(&key(&folder, last)).await?.map(|object| object.bytes))),
        None => Ok((0, None)),
    }
}

/// Keeps a record behind the last one; `false` where another process was faster, whose record counts.
pub(super) async fn record(
    shelf: &Shelf,
    log: &'static str,
    (job, channel): (&str, Option<&str>),
    last: u32,
    json: Vec<u8>,
) -> Result<bool, StoreError> {
    let number = last.saturating_add(1);
    match shelf.create(&key(&folder(log, job, channel)?, number), &Body::json(json)).await? {
        Created::Ours | Created::Same => Ok(true),
        Created::Taken { .. } => Ok(false),
    }
}

/// Where the records of a channel are; those of the topic, which has no name, lie above.
fn folder(log: &'static str, job: &str, channel: Option<&str>) -> Result<Key, StoreError> {
    let of_job = Key::known(log.to_owned()).join(Key::short(job)?.as_str())?;
    match channel {
        Some(channel) => Ok(of_job.join(Key::short(channel)?.as_str())?),
        None => Ok(of_job),
    }
}

fn key(folder: &Key, number: u32) -> Key {
    Key::known(format!("{folder}/{number:08}.json"))
}

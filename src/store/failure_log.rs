//! Records of what the recipients of a job's messages know of its failures: `failures/<job>/<number>.json`.
//!
//! What a record says is the business of `alert`; here it is bytes.

use super::{Shelf, StoreError, numbered_log};

const LOG: &str = "failures";

/// The last record of a job, and its number; zero where there is none.
///
/// # Errors
/// Where the job's name cannot be a part of a key, or the shelf fails.
pub async fn latest(shelf: &Shelf, job: &str, channel: Option<&str>) -> Result<(u32, Option<Vec<u8>>), StoreError> {
    numbered_log::latest(shelf, LOG, (job, channel)).await
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
    numbered_log::record(shelf, LOG, (job, channel), last, json).await.map(drop)
}

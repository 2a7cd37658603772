//! Alerts: what is news, and how recipients hear of it.

pub mod failed_runs;
pub mod messages;
pub mod old_gap_keys;
pub mod sns;

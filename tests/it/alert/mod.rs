//! Alerts: what is news, and how recipients hear of it.

mod channels;
pub mod failed_runs;
mod mail;
pub mod messages;
mod never_silent;
pub mod old_gap_keys;
mod overdue;
pub mod sns;
mod summaries;

//! Alerts: what is news, and how recipients hear of it.

pub mod channels;
mod days;
mod days_oracle;
mod dry_run;
pub mod failed_runs;
mod first_assessed;
mod mail;
pub mod messages;
mod never_silent;
pub mod old_gap_keys;
mod overdue;
mod recipients;
pub mod sns;
mod summaries;
mod watch;

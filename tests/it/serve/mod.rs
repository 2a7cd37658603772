//! The long-running process: schedules, the loop, resuming.

pub mod job_loop;
pub mod panics;
pub mod resume;
pub mod schedule;

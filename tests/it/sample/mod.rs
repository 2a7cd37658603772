//! Whole estates from input to exit code: the sample organization, and those that Rollcall once judged wrongly.

pub mod organization;
pub mod reported;
pub mod reported_lists;
pub mod reported_runs;

//! Answers as lines of a file: what a live run writes, and what a package keeps.

pub mod lines;
pub(crate) mod location;
pub(crate) mod not_resumed;
pub(crate) mod owned_file;
pub mod page;
pub mod payload;
pub(crate) mod run_journal;

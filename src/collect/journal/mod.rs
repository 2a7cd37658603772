//! Answers as lines of a file: what a live run writes, and what a package keeps.

pub mod lines;
pub mod page;
pub mod payload;

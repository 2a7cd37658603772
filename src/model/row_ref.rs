//! Where a row of a list is.

use super::{ExpectedFile, Ix};

/// A row of an expected list: file and line, counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowRef {
    /// The file.
    pub file: Ix<ExpectedFile>,
    /// The line on which the row begins.
    pub line: u32,
}

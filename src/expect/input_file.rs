//! A file of the expected lists, as it lies in its folder or bucket.

use chrono::{DateTime, Utc};

/// A file of the folder of expected lists.
#[derive(Debug, Clone, Copy)]
pub struct InputFile<'a> {
    /// Its name below the folder, with `/` between folders.
    pub name: &'a str,
    /// Its contents.
    pub bytes: &'a [u8],
    /// When it was last modified, where the place it lies in says so.
    pub modified: Option<LastModified>,
}

/// When a file was last modified, and who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastModified {
    /// The place it lies in, which cannot be told otherwise: S3's `LastModified`.
    Placed(DateTime<Utc>),
    /// A file system, where copying a file or editing it sets another time.
    Written(DateTime<Utc>),
}

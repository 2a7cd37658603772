//! The files of the expected lists, as they lie in a folder or a bucket.

use crate::expect::LastModified;

/// A file, as it lies there.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) modified: Option<LastModified>,
}

/// What lies where the lists are.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The files.
    pub(super) files: Vec<Read>,
    /// Files and folders that were passed over, because their names begin with a dot.
    pub(super) hidden: Vec<String>,
}

impl Read {
    /// A file that does not lie there yet.
    pub(super) fn new(name: &str, bytes: Vec<u8>) -> Self {
        Read { name: name.to_owned(), bytes, modified: None }
    }
}

//! Whether a path leads to a regular file: reading anything else may never end, and replacing it destroys it.

use std::fs::{self, FileType};
use std::io;
use std::path::Path;

/// A place that no file may be written over.
#[derive(Debug, thiserror::Error)]
#[error("it is {what} and not a regular file, so it was not replaced")]
struct NotReplaced {
    what: &'static str,
}

/// Refuses a place where there is something else than a regular file. Links are followed. A place where there is nothing
/// is free.
///
/// # Errors
/// With the kind [`io::ErrorKind::InvalidInput`].
pub(crate) fn or_nothing(path: &Path) -> io::Result<()> {
    let Ok(there) = fs::metadata(path) else { return Ok(()) };
    match other_kind(there.file_type()) {
        Some(what) => Err(io::Error::new(io::ErrorKind::InvalidInput, NotReplaced { what })),
        None => Ok(()),
    }
}

/// What something is that is no regular file.
pub(super) fn other_kind(kind: FileType) -> Option<&'static str> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;

        if kind.is_fifo() {
            return Some("a named pipe");
        }
        if kind.is_socket() {
            return Some("a socket");
        }
        if kind.is_char_device() || kind.is_block_device() {
            return Some("a device");
        }
    }
    if kind.is_dir() {
        return Some("a folder");
    }
    (!kind.is_file()).then_some("of an unknown kind")
}

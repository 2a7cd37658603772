//! Files that no other user of this machine can have written, although the folder that they lie in may be everybody's.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::not_resumed::NotResumed;

/// A new file for a journal. It names people and what they may do, so it is for us alone.
pub(crate) fn new(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    // Nobody goes on from a journal while it still grows.
    file.lock()?;
    Ok(file)
}

/// Opens a journal that no other user can have written. In a folder that is everybody's, others may put something under
/// its name, so that is looked at first; and then whether it is what was opened.
pub(crate) fn open(path: &Path, options: &OpenOptions) -> Result<File, NotResumed> {
    let not_opened = |source| NotResumed::NotOpened { path: path.to_owned(), source };
    let not_ours = |why| NotResumed::NotOurs { path: path.to_owned(), why };
    // Of a link, this is the link itself.
    let named = fs::symlink_metadata(path).map_err(not_opened)?;
    if !named.is_file() {
        return Err(not_ours("is a symbolic link, or not a regular file"));
    }
    if owner(&named) != me().map_err(not_opened)? {
        return Err(not_ours("belongs to another user"));
    }
    if others_may_write(&named) {
        return Err(not_ours("is writable by other users"));
    }
    let file = options.open(path).map_err(not_opened)?;
    if identity(&file.metadata().map_err(not_opened)?) != identity(&named) {
        return Err(not_ours("was replaced while it was opened"));
    }
    Ok(file)
}

/// The files there that this user wrote and whose names begin so.
pub(crate) fn named(folder: &Path, named: &str) -> io::Result<Vec<(SystemTime, PathBuf)>> {
    owned(folder, named, Metadata::is_file)
}

/// The folders there that this user made and whose names begin so.
pub(crate) fn owned_folders(folder: &Path, named: &str) -> io::Result<Vec<(SystemTime, PathBuf)>> {
    owned(folder, named, Metadata::is_dir)
}

fn owned(folder: &Path, named: &str, is_one: impl Fn(&Metadata) -> bool) -> io::Result<Vec<(SystemTime, PathBuf)>> {
    let mine = me()?;
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_str().is_some_and(|name| name.starts_with(named)) {
            continue;
        }
        // Of a link, this is the link itself. What is gone by now was another process's.
        let Ok(metadata) = entry.metadata() else { continue };
        if is_one(&metadata) && owner(&metadata) == mine {
            found.push((metadata.modified()?, entry.path()));
        }
    }
    Ok(found)
}

/// The user that this process is: whoever owns what it makes.
fn me() -> io::Result<Option<u32>> {
    Ok(owner(&tempfile::tempfile()?.metadata()?))
}

#[cfg(unix)]
fn owner(metadata: &Metadata) -> Option<u32> {
    Some(std::os::unix::fs::MetadataExt::uid(metadata))
}

#[cfg(unix)]
fn others_may_write(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(metadata) & 0o022 != 0
}

/// What tells a file from every other.
#[cfg(unix)]
fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;

    Some((metadata.dev(), metadata.ino()))
}

/// Elsewhere, a folder for temporary files belongs to one user.
#[cfg(not(unix))]
fn owner(_: &Metadata) -> Option<u32> {
    None
}

#[cfg(not(unix))]
fn others_may_write(_: &Metadata) -> bool {
    false
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}

//! The folder that a draft of a package lies in until it is published, and what killed runs left of theirs.
//!
//! A draft names people and what they may do, so it is for us alone and goes away with its run. A run that is killed
//! cannot take it away; the next one does. Whether a run still lives shows the lock that it holds, which the system gives
//! free with the process.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use crate::collect::journal::owned_file::owned_folders;
use crate::store::manifest::MANIFEST;

/// What such a folder is called, before what tells it from others.
const NAMED: &str = "rollcall-draft-";
/// The file in it that its run holds locked. A draft that is kept for its user has none.
const LOCK: &str = ".lock";
/// How old a draft without a lock must be to count as left: its run may be about to make the lock.
const LEFT_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// A folder for a draft. It goes away when this is dropped.
#[derive(Debug)]
pub(super) struct DraftFolder {
    folder: TempDir,
    /// Where the file system has no locks, there is none.
    _lock: Option<File>,
}

impl DraftFolder {
    /// Makes one in the system's folder for temporary files, and takes away what killed runs left there.
    pub(super) fn begin() -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(NAMED);
        #[cfg(unix)]
        builder.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o700));
        let at = std::env::temp_dir();
        let folder = builder.tempdir_in(&at)?;
        let _lock = lock(folder.path());
        // The time is that of the file system, which dates what is looked at.
        if let Err(error) = fs::metadata(folder.path()).and_then(|ours| remove_left(&at, ours.modified()?)) {
            tracing::warn!(%error, "cannot look for drafts of killed runs");
        }
        Ok(DraftFolder { folder, _lock })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves it to the user.
    pub(super) fn keep(self) -> PathBuf {
        drop(fs::remove_file(self.path().join(LOCK)));
        self.folder.keep()
    }
}

/// The lock of a folder that is in use. It appears locked, so that nobody finds it free before.
fn lock(folder: &Path) -> Option<File> {
    let file = tempfile::NamedTempFile::new_in(folder).ok()?;
    file.as_file().lock().ok()?;
    file.persist(folder.join(LOCK)).ok()
}

/// Takes away what this user's runs left that do not live any more.
fn remove_left(folder: &Path, now: SystemTime) -> io::Result<()> {
    for (modified, draft) in owned_folders(folder, NAMED)? {
        let is_left = match File::open(draft.join(LOCK)) {
            Ok(lock) => lock.try_lock().is_ok(),
            // One that is whole was kept for its user.
            Err(_) => !draft.join(MANIFEST).exists() && now.duration_since(modified).is_ok_and(|age| age > LEFT_AFTER),
        };
        if is_left {
            match fs::remove_dir_all(&draft) {
                Ok(()) => tracing::info!(draft = %draft.display(), "removed the draft of a killed run"),
                Err(error) => tracing::warn!(draft = %draft.display(), %error, "cannot remove the draft of a killed \
                                                                                run"),
            }
        }
    }
    Ok(())
}

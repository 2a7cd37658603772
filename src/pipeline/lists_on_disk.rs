//! The files of a folder of expected lists, read so that neither a file that never ends nor a disk that does not answer
//! keeps the program from ending.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;

use tokio::sync::oneshot;

use super::list_files::{Found, Read};
use super::{PipelineError, regular_file};
use crate::expect::LastModified;

/// Every file below the folder, but those whose names begin with a dot: they are named only. A folder that is not there holds none.
///
/// It is read on a thread of its own, which is left alone if nobody waits for it any more: the folder may lie on a mount
/// that has stalled, and whoever ends the program must not wait for that.
pub(super) async fn read(folder: PathBuf) -> Result<Found, PipelineError> {
    let (done, read) = oneshot::channel();
    let place = folder.clone();
    let walk = move || {
        let mut found = Found::default();
        // If nobody waits any more, nobody needs the files.
        let walked = if is_absent(&folder) { Ok(()) } else { walk(&folder, &folder, &mut found) };
        let _ = done.send(walked.map(|()| found));
    };
    let started = thread::Builder::new().name("lists".to_owned()).spawn(walk);
    started.map_err(|source| PipelineError::ListsFolder { path: place, source })?;
    read.await.expect("reading a folder does not panic")
}

/// Whether nothing is there. What cannot be looked at may be there.
fn is_absent(folder: &Path) -> bool {
    fs::symlink_metadata(folder).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

fn walk(root: &Path, folder: &Path, found: &mut Found) -> Result<(), PipelineError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source: io::Error| PipelineError::ListsFolder { path, source }
    };
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let path = entry.map_err(at(folder))?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            found.hidden.push(name_below(root, &path));
            continue;
        }
        let metadata = fs::metadata(&path).map_err(at(&path))?;
        if metadata.is_dir() {
            walk(root, &path, found)?;
            continue;
        }
        if let Some(what) = regular_file::other_kind(metadata.file_type()) {
            return Err(PipelineError::NotAFile { path, what });
        }
        let bytes = fs::read(&path).map_err(at(&path))?;
        let modified = metadata.modified().ok().map(|at| LastModified::Written(at.into()));
        found.files.push(Read { name: name_below(root, &path), bytes, modified });
    }
    Ok(())
}

/// The name of a file below a folder, with `/` between folders.
fn name_below(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).expect("a file of the folder lies below it");
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

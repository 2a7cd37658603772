//! A shelf in a folder.
//!
//! An object is written to a hidden file beside its place, fsynced, and only then given its name, by a call that fails
//! where the name is taken: plain `rename` would replace silently. A hidden file that a killed process left is no
//! object, and does no harm.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use tempfile::{Builder, NamedTempFile};

use super::digest::DigestWriter;
use super::object::{BodySource, met};
use super::{Body, Created, Digest, Entry, EntryKind, Key, LEADS_ELSEWHERE, Object, StoreError};

/// What the name of a file begins with that is being written.
pub(super) const BEING_WRITTEN: &str = ".new-";

/// Bytes of a file that are read at once.
const AT_ONCE: usize = 1 << 18;

/// A folder whose files are written once. It is made when the first object is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The shelf in this folder.
    #[must_use]
    pub fn open(root: &Path) -> Self {
        Folder { root: root.to_owned() }
    }

    /// Where an object is, or would be, for people who want to open it.
    #[must_use]
    pub fn path(&self, key: &Key) -> PathBuf {
        self.root.join(key.as_str())
    }

    pub(super) async fn create(&self, key: &Key, body: &Body) -> Result<Created, StoreError> {
        let (path, key, body) = (self.path(key), key.clone(), body.clone());
        off_the_runtime(move || create(&path, &key, &body)).await
    }

    pub(super) async fn read(&self, key: &Key) -> Result<Option<Object>, StoreError> {
        let path = self.path(key);
        off_the_runtime(move || read(&path).map_err(failed("read", &path))).await
    }

    pub(super) async fn read_named(&self, name: &str) -> Result<Option<Object>, StoreError> {
        let path = self.root.join(name);
        off_the_runtime(move || read(&path).map_err(failed("read", &path))).await
    }

    /// The names of all files below a folder; of a file, none.
    pub(super) async fn files_of(&self, name: &str) -> Result<Vec<String>, StoreError> {
        let (path, name) = (self.root.join(name), name.to_owned());
        off_the_runtime(move || {
            let mut names = Vec::new();
            if path.is_dir() {
                walk(&path, &name, &mut names)?;
            }
            Ok(names)
        })
        .await
    }

    pub(super) async fn list(&self, prefix: &Key, after: Option<&Key>) -> Result<Vec<Key>, StoreError> {
        let mut keys: Vec<Key> = self.names(prefix).await?.into_iter().filter_map(|name| name.parse().ok()).collect();
        keys.retain(|key| after.is_none_or(|after| key > after));
        keys.sort();
        Ok(keys)
    }

    /// What lies directly in a folder, or at the top.
    pub(super) async fn entries(&self, folder: Option<&Key>) -> Result<Vec<Entry>, StoreError> {
        let path = folder.map_or_else(|| self.root.clone(), |folder| self.path(folder));
        let prefix = folder.map_or_else(String::new, |folder| format!("{folder}/"));
        off_the_runtime(move || Ok(entries(&path, &prefix)?.into_iter().map(|(entry, _)| entry).collect())).await
    }

    /// The names of all that lies below, also of what has no valid key.
    ///
    /// A folder that does not exist yet holds nothing; one that can never be made is an error, which is better met before
    /// the run than after it.
    pub(super) async fn names(&self, prefix: &Key) -> Result<Vec<String>, StoreError> {
        let (folder, prefix) = (self.path(prefix), prefix.to_string());
        off_the_runtime(move || {
            may_hold(&folder)?;
            let mut names = Vec::new();
            walk(&folder, &prefix, &mut names)?;
            Ok(names)
        })
        .await
    }
}

/// Files block; the runtime's own threads must not.
async fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

fn create(path: &Path, key: &Key, body: &Body) -> Result<Created, StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder).map_err(failed("make", folder))?;
    let (written, now) = write_beside(folder, body).map_err(failed("write", path))?;
    let Some(written) = written else {
        let named_by = "the draft's list of files".to_owned();
        return Err(StoreError::Changed { key: key.clone(), named_by });
    };
    let created = match written.persist_noclobber(path) {
        Ok(_) => Created::Ours,
        Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => {
            let object = read(path).map_err(failed("read", path))?;
            let object = object.ok_or_else(|| failed("read", path)(io::ErrorKind::NotFound.into()))?;
            met(object, body, now)
        }
        Err(other) => return Err(failed("write", path)(other.error)),
    };
    // Whoever wrote an object that was met may not have come as far as this.
    sync(folder).map_err(failed("write", path))?;
    Ok(created)
}

/// The body in a hidden file of the folder, and the instant by the file system's own clock: on a network file system
/// that is the server's. `None` where a file's contents are not what its digest says.
fn write_beside(folder: &Path, body: &Body) -> io::Result<(Option<NamedTempFile>, DateTime<Utc>)> {
    let (hidden, digest, length) = match &body.source {
        BodySource::Bytes(bytes) => copy_beside(folder, &mut bytes.as_slice())?,
        BodySource::File(path) => match link_beside(folder, path) {
            Some(mut hidden) => {
                let mut digest = DigestWriter::new(io::sink());
                io::copy(&mut BufReader::with_capacity(AT_ONCE, hidden.as_file_mut()), &mut digest)?;
                let (_, digest, length) = digest.finish();
                (hidden, digest, length)
            }
            None => copy_beside(folder, &mut BufReader::with_capacity(AT_ONCE, File::open(path)?))?,
        },
    };
    let file = hidden.as_file();
    file.sync_all()?;
    let now = file.metadata()?.modified()?.into();
    Ok(((digest, length) == (body.digest, body.length)).then_some(hidden)).map(|written| (written, now))
}

fn copy_beside(folder: &Path, bytes: &mut impl io::Read) -> io::Result<(NamedTempFile, Digest, u64)> {
    let mut hidden = new_file_builder().tempfile_in(folder)?;
    let mut writer = DigestWriter::new(hidden.as_file_mut());
    io::copy(bytes, &mut writer)?;
    let (_, digest, length) = writer.finish();
    Ok((hidden, digest, length))
}

/// A second name for a file that nobody may write to any more, in place of a copy; `None` where there can be none, for
/// instance because the folder is on another file system.
fn link_beside(folder: &Path, source: &Path) -> Option<NamedTempFile> {
    let metadata = fs::symlink_metadata(source).ok()?;
    if !(cfg!(unix) && metadata.is_file() && metadata.permissions().readonly()) {
        return None;
    }
    let link = |name: &Path| {
        fs::hard_link(source, name)?;
        File::open(name)
    };
    new_file_builder().make_in(folder, link).ok()
}

/// Readable for its owner alone, since packages name people and what they may do, and writable for nobody: an object
/// never changes.
fn new_file_builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(BEING_WRITTEN);
    #[cfg(unix)]
    builder.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o400));
    builder
}

/// Makes folders that only their owner can enter. One that is there keeps its permissions.
fn owner_only() -> fs::DirBuilder {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has permissions to set"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Makes a folder and those above it, each durable in the one above.
fn make_folder(folder: &Path) -> io::Result<()> {
    match make_one(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_folder(folder.parent().ok_or(error)?)?;
            // A second time and no more: what is missing now will not come by itself.
            make_one(folder)
        }
        made => made,
    }
}

fn make_one(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() {
        return Ok(());
    }
    match owner_only().create(folder) {
        Ok(()) => sync(folder.parent().unwrap_or(Path::new("."))),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => is_folder(folder),
        Err(error) => Err(error),
    }
}

/// That what has a folder's name is one. A link that leads nowhere, or in a circle, is neither there nor absent.
fn is_folder(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(io::Error::new(io::ErrorKind::NotADirectory, "it is a file, not a folder")),
        Err(error) => match fs::read_link(path) {
            Ok(target) => {
                let why = format!("it is a symbolic link to `{}` that cannot be followed: {error}", target.display());
                Err(io::Error::other(why))
            }
            Err(_) => Err(error),
        },
    }
}

/// Makes the names in a folder durable.
fn sync(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn read(path: &Path) -> io::Result<Option<Object>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(Object { bytes, stored: fs::metadata(path)?.modified()?.into() })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// That a folder is one, or can be made.
fn may_hold(folder: &Path) -> Result<(), StoreError> {
    let is_there = |path: &&Path| fs::symlink_metadata(path).is_ok();
    match folder.ancestors().find(is_there) {
        Some(nearest) => is_folder(nearest).map_err(failed("use", nearest)),
        None => Ok(()),
    }
}

/// What lies in a folder, and where: a name need not be text. In a folder that does not exist yet, nothing does.
fn entries(folder: &Path, prefix: &str) -> Result<Vec<(Entry, PathBuf)>, StoreError> {
    may_hold(folder)?;
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed("list", folder)(error)),
    };
    let entry = |entry: io::Result<fs::DirEntry>| {
        let entry = entry?;
        let kind = entry.file_type()?;
        let kind = match (kind.is_dir(), kind.is_file()) {
            (true, _) => EntryKind::Folder,
            (false, true) => EntryKind::File,
            (false, false) => EntryKind::Elsewhere,
        };
        Ok((Entry { name: format!("{prefix}{}", entry.file_name().to_string_lossy()), kind }, entry.path()))
    };
    entries.map(|one| entry(one).map_err(failed("list", folder))).collect()
}

/// The names of all that lies in a folder and below; only an empty one is nothing.
fn walk(folder: &Path, prefix: &str, names: &mut Vec<String>) -> Result<(), StoreError> {
    for (Entry { name, kind }, path) in entries(folder, &format!("{prefix}/"))? {
        match kind {
            EntryKind::Folder => walk(&path, &name, names)?,
            EntryKind::File => names.push(name),
            // No key looks like this, so no manifest names it: what a link leads to can change.
            EntryKind::Elsewhere => names.push(format!("{name}{LEADS_ELSEWHERE}")),
        }
    }
    Ok(())
}

fn failed(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> StoreError {
    move |source| StoreError::File { doing, path: path.to_owned(), source }
}

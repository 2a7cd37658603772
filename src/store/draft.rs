//! A package in the making: a local folder, where files are written one at a time, and sealed by a manifest.
//!
//! Everything is durable here before anything is published, so that a delivery that fails can be made up for later,
//! by another process if need be, with the same bytes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::digest::DigestWriter;
use super::manifest::{FileEntry, MANIFEST, Manifest, file_name};
use super::write_thread::beside;
use super::{Digest, Run, StoreError};

/// A package that files can still be added to.
#[derive(Debug)]
pub struct Draft {
    folder: PathBuf,
    run: Run,
    files: Mutex<Vec<FileEntry>>,
}

/// A package that is whole, and waits to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedDraft {
    folder: PathBuf,
    manifest: Manifest,
    bytes: Vec<u8>,
}

impl Draft {
    /// Begins a draft in this folder, which is made if there is none.
    ///
    /// # Errors
    /// Where the folder cannot be made.
    pub fn begin(folder: &Path, run: Run) -> Result<Self, StoreError> {
        make_folder(folder).map_err(failed("make", folder))?;
        Ok(Draft { folder: folder.to_owned(), run, files: Mutex::default() })
    }

    /// Adds a file: `write` gives its contents, and they are durable when this returns. Several files can be written at
    /// once, in any order: the manifest is the same.
    ///
    /// # Errors
    /// Where the name is taken or cannot be one, `write` fails, or the file system does. The draft can then not be
    /// sealed with this file, and should be given up.
    pub fn add(
        &self,
        name: &str,
        media_type: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), StoreError> {
        let name = file_name(name)?;
        let (sha256, bytes) = write_new(&self.folder.join(name.as_str()), write)?;
        let mut files = self.files.lock().expect("adding an entry does not panic");
        files.push(FileEntry { name, media_type: media_type.to_owned(), bytes, sha256 });
        Ok(())
    }

    /// Closes the draft with its manifest. Nothing can be added any more.
    ///
    /// # Errors
    /// Where the file system refuses.
    pub fn seal(self) -> Result<SealedDraft, StoreError> {
        let Draft { folder, run, files } = self;
        let mut files = files.into_inner().expect("adding an entry does not panic");
        files.sort_by(|one, other| one.name.cmp(&other.name));
        let manifest = Manifest { run, files };
        let bytes = manifest.encode();
        write_new(&folder.join(MANIFEST), |file| file.write_all(&bytes))?;
        Ok(SealedDraft { folder, manifest, bytes })
    }
}

impl SealedDraft {
    /// Opens a draft that was sealed before, perhaps by another process. One that was not has no manifest, and is an
    /// error. That its files are still what the manifest says shows when they are published.
    ///
    /// # Errors
    /// Where the manifest cannot be read or understood.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(MANIFEST);
        let bytes = fs::read(&path).map_err(failed("read", &path))?;
        let manifest = Manifest::decode(&path.display().to_string(), &bytes)?;
        Ok(SealedDraft { folder: folder.to_owned(), manifest, bytes })
    }

    /// What the package consists of.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The folder that the draft lies in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The manifest as it is published.
    pub(super) fn manifest_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Writes a file that must not exist yet, and makes it and its name durable.
fn write_new(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(Digest, u64), StoreError> {
    let written = (|| {
        let folder = path.parent().unwrap_or(Path::new("."));
        make_folder(folder)?;
        let file = DigestWriter::new(read_only().open(path)?);
        let (file, digest, bytes) = beside(file, write)?.finish();
        file.sync_all()?;
        if cfg!(unix) {
            File::open(folder)?.sync_all()?;
        }
        Ok((digest, bytes))
    })();
    written.map_err(failed("write", path))
}

/// Makes a folder and those above it, for its owner alone: a package names people and what they may do.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Readable for its owner alone, and writable for nobody: a store in a folder gives it a second name in place of a copy.
fn read_only() -> OpenOptions {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o400);
    options
}

fn failed(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> StoreError {
    move |source| StoreError::File { doing, path: path.to_owned(), source }
}

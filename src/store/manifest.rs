//! The list of a package's files, which closes it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{BadKey, Digest, Key, Run, StoreError, document};

/// The name of the file that closes a package.
pub const MANIFEST: &str = "manifest.json";

const VERSION: u32 = 1;

/// What a package consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The run that left it.
    pub run: Run,
    /// Its files but the manifest itself, in the order of their names.
    pub files: Vec<FileEntry>,
}

/// One file of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Its name within the package.
    pub name: Key,
    /// Its media type (RFC 2046).
    pub media_type: String,
    /// Its length.
    pub bytes: u64,
    /// Its digest.
    pub sha256: Digest,
}

/// Format 1 of `manifest.json`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    job: String,
    as_of: DateTime<Utc>,
    run: String,
    filtered: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<DateTime<Utc>>,
    files: Vec<FileEntry>,
}

impl Manifest {
    /// The entry of a file.
    #[must_use]
    pub fn file(&self, name: &Key) -> Option<&FileEntry> {
        self.files.iter().find(|file| file.name == *name)
    }

    /// The folder on the shelf that a run's package lies in.
    #[must_use]
    pub fn folder(run: &Run) -> Key {
        Key::known(format!("packages/{}/{}", run.job(), run.stamp()))
    }

    /// Where on the shelf a run's manifest lies.
    #[must_use]
    pub fn key(run: &Run) -> Key {
        Key::known(format!("{}/{MANIFEST}", Manifest::folder(run)))
    }

    /// The bytes of `manifest.json`: the same for the same files.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut files = self.files.clone();
        files.sort_by(|one, other| one.name.cmp(&other.name));
        document::encode(&Document {
            version: VERSION,
            job: self.run.job().to_owned(),
            as_of: self.run.as_of(),
            run: self.run.id().to_owned(),
            filtered: self.run.filtered(),
            due: self.run.due(),
            files,
        })
    }

    /// Reads the bytes of `manifest.json`. `name` is for the error.
    pub(super) fn decode(name: &str, bytes: &[u8]) -> Result<Self, StoreError> {
        let document: Document = document::decode(name, bytes, VERSION)?;
        let run = Run::new(&document.job, document.as_of, &document.run, document.filtered)?;
        let run = run.because_due(document.due);
        Ok(Manifest { run, files: document.files })
    }
}

/// The name of a package's file, checked: the manifest's own is not free.
pub(super) fn file_name(name: &str) -> Result<Key, BadKey> {
    if name == MANIFEST { Err(Key::reserved(name)) } else { name.parse() }
}

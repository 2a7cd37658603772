//! The three verbs: create if absent, read, list.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::{Bucket, Digest, Folder, Key, StoreError};

/// A place where objects are written once and stay.
///
/// An enum and no trait: there are two, each protocol is tested against both, and nobody brings a third.
#[derive(Debug, Clone)]
pub enum Shelf {
    /// A folder of a file system.
    Folder(Folder),
    /// A bucket of S3, or a prefix of one.
    Bucket(Bucket),
}

/// What became of an attempt to create an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// This call put it there.
    Ours,
    /// The very same bytes were there. Either somebody put them there before, or an attempt of this call did and its
    /// answer was lost on the way; who needs to tell writers apart puts a nonce into the bytes.
    Same,
    /// Other bytes were there, and still are.
    Taken {
        /// What is there.
        object: Object,
        /// When that was found out, by the store's clock.
        now: DateTime<Utc>,
    },
}

/// An object that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its contents.
    pub bytes: Vec<u8>,
    /// When it was stored, by the store's clock; whole seconds in a bucket.
    pub stored: DateTime<Utc>,
}

/// Something that lies directly in a folder of the shelf.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name, from the top.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
}

/// What something is that lies in a folder of the shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A file, or an object.
    File,
    /// A folder: what has a slash behind its name in a bucket.
    Folder,
    /// A link to somewhere else, or a device.
    Elsewhere,
}

/// What is to be stored, with what has to be known of it beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    pub(super) source: BodySource,
    pub(super) digest: Digest,
    pub(super) length: u64,
    pub(super) media_type: String,
}

/// Where the bytes of a body are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BodySource {
    Bytes(Vec<u8>),
    File(PathBuf),
}

impl Body {
    /// A small JSON document.
    #[must_use]
    pub fn json(bytes: Vec<u8>) -> Self {
        let (digest, length) = (Digest::of(&bytes), bytes.len() as u64);
        Body { source: BodySource::Bytes(bytes), digest, length, media_type: "application/json".to_owned() }
    }

    /// A local file whose digest and length are known. It must not change until it is stored.
    #[must_use]
    pub fn file(path: PathBuf, digest: Digest, length: u64, media_type: &str) -> Self {
        Body { source: BodySource::File(path), digest, length, media_type: media_type.to_owned() }
    }
}

impl Shelf {
    /// Creates an object if there is none. It is durable, and seen whole or not at all, when this returns; what was
    /// there before is never touched.
    ///
    /// # Errors
    /// Where the file system or S3 refuses.
    pub async fn create(&self, key: &Key, body: &Body) -> Result<Created, StoreError> {
        match self {
            Shelf::Folder(folder) => folder.create(key, body).await,
            Shelf::Bucket(bucket) => bucket.create(key, body).await,
        }
    }

    /// That the place keeps to its side: what is there is not replaced by a later attempt to create it, and still has
    /// these bytes. A folder's file system does; not everything that speaks S3's protocol heeds `If-None-Match`.
    ///
    /// # Errors
    /// [`StoreError::Replaces`] where it does not; or where S3 refuses.
    pub(super) async fn keeps(&self, key: &Key, body: &Body) -> Result<(), StoreError> {
        let Shelf::Bucket(bucket) = self else { return Ok(()) };
        match bucket.create(key, body).await? {
            Created::Same => Ok(()),
            Created::Ours | Created::Taken { .. } => Err(StoreError::Replaces { key: key.clone() }),
        }
    }

    /// The object, or `None` where there is none.
    ///
    /// # Errors
    /// Where the file system or S3 refuses.
    pub async fn read(&self, key: &Key) -> Result<Option<Object>, StoreError> {
        match self {
            Shelf::Folder(folder) => folder.read(key).await,
            Shelf::Bucket(bucket) => bucket.read(key).await,
        }
    }

    /// The same for any name that was listed, also one that is no key.
    pub(super) async fn read_named(&self, name: &str) -> Result<Option<Object>, StoreError> {
        match self {
            Shelf::Folder(folder) => folder.read_named(name).await,
            Shelf::Bucket(bucket) => bucket.read_named(name).await,
        }
    }

    /// The names of all files below what was listed as a folder, or the name itself where it is a file.
    pub(super) async fn files_of(&self, name: &str) -> Result<Vec<String>, StoreError> {
        let mut names = match self {
            Shelf::Folder(folder) => folder.files_of(name).await?,
            Shelf::Bucket(bucket) => bucket.names(&format!("{name}/"), None).await?,
        };
        if names.is_empty() {
            names.push(name.to_owned());
        }
        Ok(names)
    }

    /// The keys of all objects below `prefix`, in the order of their bytes, those behind `after` only. What has no
    /// valid key was not made by Rollcall, and is left out.
    ///
    /// # Errors
    /// Where the file system or S3 refuses.
    pub async fn list(&self, prefix: &Key, after: Option<&Key>) -> Result<Vec<Key>, StoreError> {
        match self {
            Shelf::Folder(folder) => folder.list(prefix, after).await,
            Shelf::Bucket(bucket) => bucket.list(prefix, after).await,
        }
    }

    /// What lies directly in a folder, or at the top, in the order of their bytes: also what has no valid key.
    ///
    /// # Errors
    /// Where the file system or S3 refuses.
    pub async fn entries(&self, folder: Option<&Key>) -> Result<Vec<Entry>, StoreError> {
        let mut entries = match self {
            Shelf::Folder(place) => place.entries(folder).await?,
            Shelf::Bucket(bucket) => bucket.entries(folder).await?,
        };
        entries.sort();
        Ok(entries)
    }

    /// The names of all that lies below `prefix`, in the order of their bytes: also of what has no valid key, and so
    /// was not made by Rollcall.
    ///
    /// # Errors
    /// Where the file system or S3 refuses.
    pub async fn names(&self, prefix: &Key) -> Result<Vec<String>, StoreError> {
        let mut names = match self {
            Shelf::Folder(folder) => folder.names(prefix).await?,
            Shelf::Bucket(bucket) => bucket.names(&format!("{prefix}/"), None).await?,
        };
        names.sort();
        Ok(names)
    }
}

/// What an attempt comes to that met an object.
pub(super) fn met(object: Object, body: &Body, now: DateTime<Utc>) -> Created {
    if Digest::of(&object.bytes) == body.digest { Created::Same } else { Created::Taken { object, now } }
}

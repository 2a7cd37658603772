//! The three verbs: create if absent, read, list.

use super::{Body, Bucket, Created, Entry, Folder, Key, Object, StoreError};

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

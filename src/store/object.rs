//! What is stored, and what a store answers: objects, entries of a folder, and what became of an attempt to create one.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::Digest;

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

/// What an attempt comes to that met an object.
pub(super) fn met(object: Object, body: &Body, now: DateTime<Utc>) -> Created {
    if Digest::of(&object.bytes) == body.digest { Created::Same } else { Created::Taken { object, now } }
}

//! Names on the shelf.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// S3 allows 1,024 bytes of UTF-8 for a key; the rest is left for the bucket's prefix.
const LONGEST: usize = 900;

/// Of a part that others are put around.
const LONGEST_SHORT: usize = 100;

/// The name of an object, such as `chain/00000007.json`: parts of letters, digits, `.`, `_` and `-` with slashes
/// between them. No part begins with a dot, so no key leads out of its folder, and what begins with one is no object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

/// A text that cannot be a key. Its `Display` fits behind "because".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` cannot be a name in the store: {why}")]
pub struct BadKey {
    text: String,
    why: &'static str,
}

impl Key {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key that lies below this one under that name.
    ///
    /// # Errors
    /// Where the two are no key together.
    pub fn join(&self, below: &str) -> Result<Key, BadKey> {
        format!("{}/{below}", self.0).parse()
    }

    /// What comes behind this key and a slash in the key of an object below it.
    #[must_use]
    pub fn strip<'a>(&self, object: &'a Key) -> Option<&'a str> {
        object.0.strip_prefix(&self.0)?.strip_prefix('/')
    }

    /// The refusal of a name that has a meaning of its own.
    pub(super) fn reserved(text: &str) -> BadKey {
        BadKey::of(text, "the name is reserved for the store")
    }

    /// A key of a single part, such as a job's name.
    pub fn part(text: &str) -> Result<Key, BadKey> {
        let key: Key = text.parse()?;
        if key.0.contains('/') {
            return Err(BadKey { text: key.0, why: "it contains a slash" });
        }
        Ok(key)
    }

    /// A key of a single part that names of the store are put together from, such as a job's name. It is so short that
    /// they fit, and that every file system takes it.
    ///
    /// # Errors
    /// Where it is no such part.
    pub fn short(text: &str) -> Result<Key, BadKey> {
        if text.len() > LONGEST_SHORT {
            return Err(BadKey::of(text, "it is longer than 100 characters"));
        }
        Key::part(text)
    }

    /// Parts that the protocols of this stage put together from numbers, instants and checked names.
    pub(super) fn known(text: String) -> Key {
        text.parse().expect("the store's own protocols build valid keys")
    }
}

impl BadKey {
    pub(super) fn of(text: &str, why: &'static str) -> Self {
        BadKey { text: text.to_owned(), why }
    }
}

impl FromStr for Key {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        match fault(text) {
            None => Ok(Key(text.to_owned())),
            Some(why) => Err(BadKey { text: text.to_owned(), why }),
        }
    }
}

fn fault(text: &str) -> Option<&'static str> {
    if text.len() > LONGEST {
        return Some("it is longer than 900 characters");
    }
    if text.is_empty() {
        return Some("it is empty");
    }
    text.split('/').find_map(|part| {
        if part.is_empty() {
            Some("it begins or ends with a slash, or has two in a row")
        } else if part.starts_with('.') {
            Some("a part of it begins with a dot")
        } else if !part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) {
            Some("only letters, digits, `.`, `_` and `-` are safe in both a file system and a bucket")
        } else {
            None
        }
    })
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

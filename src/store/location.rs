//! Where a store is, as settings and flags write it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::manifest::Manifest;
use super::{Key, Run};

/// A folder (`reports`), or a bucket with or without a prefix (`s3://bucket/prefix`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A folder; a relative one counts from the working directory.
    Folder(PathBuf),
    /// A bucket of S3.
    Bucket {
        /// The bucket's name.
        name: String,
        /// What all keys in it begin with.
        prefix: Option<Key>,
    },
}

/// A text that is no place for files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is neither a folder nor a bucket: {why}")]
pub struct BadLocation {
    text: String,
    why: String,
}

impl BadLocation {
    /// What to write instead.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        Some("give a folder (`reports`) or a bucket (`s3://my-audit-reports/rollcall`)".to_owned())
    }
}

impl Location {
    /// Where the package of a run is: a folder, or an address in S3.
    #[must_use]
    pub fn address_of(&self, run: &Run) -> String {
        match self {
            Location::Folder(root) => root.join(Manifest::folder(run).as_str()).display().to_string(),
            Location::Bucket { .. } => format!("{self}/{}", Manifest::folder(run)),
        }
    }
}

impl FromStr for Location {
    type Err = BadLocation;

    fn from_str(text: &str) -> Result<Self, BadLocation> {
        let bad = |why: String| BadLocation { text: text.to_owned(), why };
        if let Some(rest) = text.strip_prefix("s3://") {
            return bucket(rest).map_err(bad);
        }
        match text.split_once("://") {
            Some((scheme, _)) => Err(bad(format!("`{scheme}://` is not supported; use `s3://`"))),
            None if text.trim().is_empty() => Err(bad("it is empty".to_owned())),
            None if is_of_a_home(text) => Err(bad(HOME.to_owned())),
            None if text.starts_with("s3:") => Err(bad("`s3:` needs two slashes after it".to_owned())),
            None => Ok(Location::Folder(PathBuf::from(text))),
        }
    }
}

/// What to write in place of a home.
pub const HOME: &str = "`~` is only expanded by a shell; write the whole path, or `./~` for a folder of that name";

/// Whether a shell would put a home in the place of the beginning: such a text comes here only where no shell saw it, in
/// settings and behind `=`.
#[must_use]
pub fn is_of_a_home(text: &str) -> bool {
    text == "~" || text.starts_with("~/")
}

fn bucket(text: &str) -> Result<Location, String> {
    let (name, prefix) = text.split_once('/').unwrap_or((text, ""));
    // Bucket names: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    let valid = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    if !(3..=63).contains(&name.len()) || !name.bytes().all(valid) {
        return Err(format!("`{name}` is not a bucket name (3 to 63 lower-case letters, digits, `.` and `-`)"));
    }
    let prefix = match prefix.trim_end_matches('/') {
        "" => None,
        prefix => Some(prefix.parse::<Key>().map_err(|error| error.to_string())?),
    };
    Ok(Location::Bucket { name: name.to_owned(), prefix })
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Folder(path) => path.display().fmt(f),
            Location::Bucket { name, prefix: None } => write!(f, "s3://{name}"),
            Location::Bucket { name, prefix: Some(prefix) } => write!(f, "s3://{name}/{prefix}"),
        }
    }
}

impl Serialize for Location {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Location {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Location {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Location".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A folder (`reports`), or a bucket with or without a prefix (`s3://bucket/prefix`)."
        })
    }
}

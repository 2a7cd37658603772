//! A file of the lists: what it is, and how old what it says is.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ListFormat;

/// A file of the expected lists, as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedFile {
    /// Its name below the folder of expected lists, with `/` between folders.
    pub name: String,
    /// Its format.
    pub format: ListFormat,
    /// Its encoding, for a reader: `UTF-16LE`.
    pub encoding: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// How many rows or entries it has.
    pub rows_read: u32,
    /// How many of them say something that Rollcall uses; the others are of another kind (a computer, a contact).
    pub rows_used: u32,
    /// How many were refused.
    pub rows_refused: u32,
    /// How many no reviewer has signed, in a list that is kept by hand: their `reviewed_by` is empty, or there is no such
    /// column.
    pub rows_unreviewed: u32,
    /// The lines that each reviewer signed, in file order.
    pub reviewers: BTreeMap<String, Vec<u32>>,
    /// How it is known that the file is not there to its end, where it is not.
    pub cut: Option<String>,
    /// Whether the export lost characters of names.
    pub lossy: bool,
    /// When it was exported, and how that is known.
    pub exported: Option<Exported>,
    /// Whether it grows old: an export of a directory does, a list that is kept by hand does not.
    pub ages: bool,
    /// What a reader should know about it: lost characters, columns that could not be used.
    pub notes: Vec<String>,
    /// The newer export of the same source for which it was set aside: then it says nothing.
    pub set_aside: Option<String>,
    /// Where it is a list of all people of a source: the domains of their accounts, in lower case, from their DNs and
    /// after the `@` of their sign-in names. A list of the personnel department may name no account at all.
    pub domains: Option<BTreeSet<String>>,
}

impl ExpectedFile {
    /// Who signed the row on a line.
    #[must_use]
    pub fn reviewer_of(&self, line: u32) -> Option<&str> {
        let signed = |lines: &Vec<u32>| lines.binary_search(&line).is_ok();
        self.reviewers.iter().find(|(_, lines)| signed(lines)).map(|(reviewer, _)| reviewer.as_str())
    }
}

/// When a list was exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// The instant.
    pub at: DateTime<Utc>,
    /// How it is known.
    pub known_by: ExportClock,
}

/// How the time of an export is known, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportClock {
    /// The file's sidecar says so.
    Sidecar,
    /// The place it lies in says when it was put there: S3's `LastModified`.
    Place,
    /// The file's name holds a date.
    FileName,
    /// The newest change that the export holds; the export is at least as young.
    NewestChange,
    /// The file's time of modification.
    Modified,
}

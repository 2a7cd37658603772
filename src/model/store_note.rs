//! What a reader of a report has to know about the store that it lies in.

use serde::{Deserialize, Serialize};

/// Something about the store of packages that was met by a run, and that did not end it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum StoreNote {
    /// A link or a package of an earlier run cannot be relied on: this run is compared with an older one, or with none.
    PassedOver {
        /// The link, or the package's manifest or report.
        object: String,
        /// What is wrong with it.
        why: Unusable,
    },
    /// What the recipients of messages know cannot be read, so they are told once more.
    ToldUnknown {
        /// The record.
        object: String,
        /// What is wrong with it.
        why: Unusable,
    },
    /// A package of what applying a plan did cannot be used, so it is not known which findings it resolved.
    ChangesUnread {
        /// The package's manifest or one of its files.
        object: String,
        /// What is wrong with it.
        why: Unusable,
    },
    /// Something lies among the links or packages that is neither.
    Stray {
        /// Its name.
        object: String,
    },
}

/// What is wrong with an object of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unusable {
    /// It is not there.
    Missing,
    /// It is not what was written.
    Changed,
    /// It is there and cannot be read: the disk, an archive, a key that was disabled.
    Unreadable,
    /// It cannot be understood.
    Malformed,
    /// Another version of Rollcall wrote it, in a format that this one does not know.
    OtherFormat,
}

impl StoreNote {
    /// The word for its kind.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            StoreNote::PassedOver { .. } => "passed-over",
            StoreNote::ToldUnknown { .. } => "told-unknown",
            StoreNote::ChangesUnread { .. } => "changes-unread",
            StoreNote::Stray { .. } => "stray",
        }
    }

    /// The object that it is about, and what is wrong with that.
    #[must_use]
    pub fn object(&self) -> (&str, Option<Unusable>) {
        match self {
            StoreNote::PassedOver { object, why }
            | StoreNote::ToldUnknown { object, why }
            | StoreNote::ChangesUnread { object, why } => (object, Some(*why)),
            StoreNote::Stray { object } => (object, None),
        }
    }
}

impl Unusable {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Unusable::Missing => "missing",
            Unusable::Changed => "changed",
            Unusable::Unreadable => "unreadable",
            Unusable::Malformed => "malformed",
            Unusable::OtherFormat => "other-format",
        }
    }
}

//! Why a change cannot be made in a snapshot.

use crate::change::ChangeId;

/// Why a change cannot be made in a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The change.
    pub change: ChangeId,
    /// Why not.
    pub why: Clashes,
}

/// Why a change cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clashes {
    /// What it would do is so already.
    Already,
    /// Something that it is about is not there: what, for a reader.
    NotThere(String),
    /// The name that it would give is taken.
    Taken(String),
    /// What it would delete still has something: what, for a reader.
    StillHas(String),
    /// What it is about was not read, so nobody can say what the change would do.
    NotRead(String),
}

//! The same facts by a second way: how far a run asks AWS for them, and what came of it.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, Subject, Window};

/// How far a run queries AWS a second way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CrossCheck {
    /// Not at all.
    #[default]
    None,
    /// For 100 users and 100 groups, chosen by the date.
    Sample,
    /// For every user and every group.
    All,
}

impl CrossCheck {
    /// Whether nothing is asked by a second way.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == CrossCheck::None
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            CrossCheck::None => "none",
            CrossCheck::Sample => "sample",
            CrossCheck::All => "all",
        }
    }
}

impl fmt::Display for CrossCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for CrossCheck {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [CrossCheck::None, CrossCheck::Sample, CrossCheck::All];
        let found = all.into_iter().find(|one| one.word() == text);
        found.ok_or_else(|| format!("`{text}` is not a cross-check; use `none`, `sample` or `all`"))
    }
}

/// What the second way was asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedAbout {
    /// Users.
    Users,
    /// Groups.
    Groups,
    /// Both.
    UsersAndGroups,
}

impl AskedAbout {
    /// The word for it, in files for machines.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            AskedAbout::Users => "user",
            AskedAbout::Groups => "group",
            AskedAbout::UsersAndGroups => "user or group",
        }
    }
}

/// What came of asking for facts of one kind by a second way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossChecked {
    /// The kind of the facts: memberships or assignments.
    pub kind: Kind,
    /// The operation that they are taken from.
    pub first: &'static str,
    /// The operation that was asked besides.
    pub second: &'static str,
    /// What it was asked about.
    pub about: AskedAbout,
    /// How many of those there are.
    pub there_are: usize,
    /// How many of those it answered about to the end.
    pub answered: usize,
    /// About how many the two ways do not say the same, those that it answered about in part included.
    pub differing: usize,
    /// Everything of which they do not, and which the time between them does not explain.
    pub contradictions: Vec<Contradiction>,
}

/// A grant that one way shows and the other does not, although each was read to its end. It counts as held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contradiction {
    /// The membership or the assignment.
    pub grant: Subject,
    /// The listing that shows it.
    pub shown: Asking,
    /// The listing that lacks it.
    pub lacking: Asking,
}

/// A listing that AWS was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// The operation.
    pub operation: &'static str,
    /// What it was asked about: a user, a group, or a permission set in the account of the grant.
    pub about: Subject,
    /// When.
    pub window: Window,
}

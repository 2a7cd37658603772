//! Signs that it is not the people who differ, but the key or the setting by which the two halves were compared.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Gap, Ix, Nesting, User};

/// Users of Identity Center of whom none, or nearly none, is a person of the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrecognized {
    /// How the numbers stand.
    pub matches: Matches,
    /// What the names of both halves have in common.
    pub names: NamesApart,
    /// The users who match nobody.
    pub strangers: BTreeSet<Ix<User>>,
    /// Why nothing is concluded about the users who match nobody.
    pub gap: Arc<Gap>,
}

/// How many users match a person of the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Matches {
    /// Users of Identity Center.
    pub users: usize,
    /// Those who match.
    pub matched: usize,
    /// People of the lists.
    pub people: usize,
}

/// What tells the names of both halves apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamesApart {
    /// The form of most user names of Identity Center.
    pub ours: NameForm,
    /// The form of most names of the lists.
    pub theirs: NameForm,
    /// What users who match nobody share with people nevertheless.
    pub alike: Alike,
}

/// The form of a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameForm {
    /// With this domain behind an `@`.
    AtDomain(String),
    /// A number.
    Number,
    /// A word.
    Word,
}

/// What names share that are not equal: no key, but a hint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alike {
    /// So many users have a person's name before the `@`.
    BeforeTheAt(usize),
    /// So many users are shown by the name that a person has.
    ShownName(usize),
    /// Nothing that most of them share.
    Nothing,
}

/// Groups of Identity Center that look like the other setting of `expect.nested_groups`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NestingMismatch {
    /// How the groups look.
    pub looks: Looks,
    /// Why nothing is concluded about memberships that depend on the setting.
    pub gap: Arc<Gap>,
}

/// How groups look that have members by nested groups alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Looks {
    /// The setting that most of them look like.
    pub like: Nesting,
    /// How many do.
    pub groups: usize,
    /// How many look like the setting by which they are compared.
    pub like_set: usize,
    /// How many memberships depend on the setting.
    pub memberships: usize,
}

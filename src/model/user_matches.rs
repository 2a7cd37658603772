//! How many users match people, and what tells their names apart.

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

//! Signs that it is not the people who differ, but the key or the setting by which the two halves were compared.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Gap, Ix, Looks, Matches, NamesApart, User};

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

/// Groups of Identity Center that look like the other setting of `expect.nested_groups`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NestingMismatch {
    /// How the groups look.
    pub looks: Looks,
    /// Why nothing is concluded about memberships that depend on the setting.
    pub gap: Arc<Gap>,
}

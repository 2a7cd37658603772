//! A snapshot that is being changed.

use std::collections::BTreeSet;

use crate::model::{Group, Ix, Snapshot, User};

/// A snapshot that is being changed. Users and groups of Identity Center are made before all else and go after it, so
/// that places in their listings hold in between.
pub(super) struct Draft {
    /// As far as it is changed.
    pub(super) snapshot: Snapshot,
    /// Who is deleted.
    pub(super) gone: People,
}

/// Users and groups.
#[derive(Default)]
pub(super) struct People {
    pub(super) users: BTreeSet<Ix<User>>,
    pub(super) groups: BTreeSet<Ix<Group>>,
}

//! The ids that answers name, and which of them a listing that was read to its end does not have.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Users and groups as they were listed, and who else was met since.
#[derive(Debug, Default)]
pub(super) struct NamedIds(Mutex<Of>);

#[derive(Debug, Default)]
struct Of {
    users: Kind,
    groups: Kind,
}

#[derive(Debug, Default)]
struct Kind {
    /// Everybody who is listed, where the listing was read to its end.
    listed: Option<BTreeSet<String>>,
    unlisted: BTreeSet<String>,
}

impl Kind {
    fn meet(&mut self, ids: impl Iterator<Item = String>) {
        if let Some(listed) = &self.listed {
            self.unlisted.extend(ids.filter(|id| !listed.contains(id)));
        }
    }
}

impl NamedIds {
    /// Records users who were listed to the end.
    pub(super) fn listed_users(&self, ids: impl Iterator<Item = String>) {
        self.all().users.listed = Some(ids.collect());
    }

    /// Records groups that were listed to the end.
    pub(super) fn listed_groups(&self, ids: impl Iterator<Item = String>) {
        self.all().groups.listed = Some(ids.collect());
    }

    /// Records users whom an answer names.
    pub(super) fn users(&self, ids: impl Iterator<Item = String>) {
        self.all().users.meet(ids);
    }

    /// Records groups that an answer names.
    pub(super) fn groups(&self, ids: impl Iterator<Item = String>) {
        self.all().groups.meet(ids);
    }

    /// Whether neither users nor groups were listed to their end: then nobody can be told to be missing there.
    pub(super) fn is_nothing_listed(&self) -> bool {
        let all = self.all();
        all.users.listed.is_none() && all.groups.listed.is_none()
    }

    /// The groups that an answer names and the listing does not have.
    pub(super) fn unlisted_groups(&self) -> BTreeSet<String> {
        self.all().groups.unlisted.clone()
    }

    /// The users that an answer names and the listing does not have.
    pub(super) fn unlisted_users(&self) -> BTreeSet<String> {
        self.all().users.unlisted.clone()
    }

    fn all(&self) -> MutexGuard<'_, Of> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

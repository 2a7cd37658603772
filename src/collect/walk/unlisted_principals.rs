//! Who is named and was not listed: somebody who joined when users and groups had been listed, or who is gone.
//!
//! A listing takes minutes, and what it is compared with is read later. So each of them is asked for by id before anybody
//! is called deleted, one call each; where everybody who is named is listed, there is none.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::AT_ONCE;
use super::by_name::{Whom, assigned, describe};
use super::identity_store::{IdentityStore, all_memberships, of_member};
use crate::collect::api::responses::{DescribeGroup, DescribeUser};
use crate::collect::journal::page::Operation;
use crate::collect::membership_strategy::Way;
use crate::collect::request::client::{Asker, Turn, at_once};

/// Users and groups as they were listed, and who else was met since.
#[derive(Debug, Default)]
pub(super) struct Met(Mutex<Of>);

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

impl Met {
    /// Takes note of users who were listed to the end.
    pub(super) fn listed_users(&self, ids: impl Iterator<Item = String>) {
        self.all().users.listed = Some(ids.collect());
    }

    /// Takes note of groups that were listed to the end.
    pub(super) fn listed_groups(&self, ids: impl Iterator<Item = String>) {
        self.all().groups.listed = Some(ids.collect());
    }

    /// Takes note of users whom an answer names.
    pub(super) fn users(&self, ids: impl Iterator<Item = String>) {
        self.all().users.meet(ids);
    }

    /// Takes note of groups that an answer names.
    pub(super) fn groups(&self, ids: impl Iterator<Item = String>) {
        self.all().groups.meet(ids);
    }

    /// Whether neither users nor groups were listed to their end: then nobody can be told to be missing there.
    fn is_nobody_listed(&self) -> bool {
        let all = self.all();
        all.users.listed.is_none() && all.groups.listed.is_none()
    }

    fn all(&self) -> MutexGuard<'_, Of> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks for everyone who is named and not listed, and for the memberships of those who are there. Assignments and
/// memberships have been read.
pub(super) async fn walk(asker: &Arc<Asker>, store: &Arc<IdentityStore>, id: &str, way: Way) {
    if asker.samples() || store.met.is_nobody_listed() {
        return;
    }
    store.met.groups(assigned(asker, "GROUP").into_iter());
    let groups = store.met.all().groups.unlisted.clone();
    if !groups.is_empty() {
        asker.ahead(&[Operation::DescribeGroup], groups.len());
        describe(asker, store, id, Whom::Group, groups.clone()).await;
        let there: BTreeSet<String> =
            asker.answered::<DescribeGroup>().into_iter().map(|described| described.0.group_id).collect();
        all_memberships(asker, store, id, groups.intersection(&there).cloned()).await;
    }
    store.met.users(assigned(asker, "USER").into_iter());
    let users = store.met.all().users.unlisted.clone();
    if users.is_empty() {
        return;
    }
    asker.ahead(&[Operation::DescribeUser], users.len());
    describe(asker, store, id, Whom::User, users.clone()).await;
    match way {
        // Their groups have told it.
        Way::ByGroup => {}
        Way::ByMember => {
            let there: BTreeSet<String> =
                asker.answered::<DescribeUser>().into_iter().map(|described| described.0.user_id).collect();
            let late: Vec<String> = users.intersection(&there).cloned().collect();
            at_once(AT_ONCE, late, |user| {
                let (asker, store, id) = (Arc::clone(asker), Arc::clone(store), id.to_owned());
                async move { _ = of_member(&asker, Turn::First, &store, &id, &user).await }
            })
            .await;
        }
    }
}

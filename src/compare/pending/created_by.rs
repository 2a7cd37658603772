//! Who made what: the synchronization, or somebody by hand.
//!
//! AWS names the maker of a user, a group and a membership ("the identifier of the user or system"), and does not say
//! which of them is the synchronization. A user or a group tells by its external id, which only the synchronization
//! gives. A membership has none, so its maker must be one who also made users or groups that the directory knows.
//! Whoever has an ARN works in AWS with credentials of somebody's, and is never taken for the synchronization.

use std::collections::BTreeSet;

use crate::compare::matching::who_is_who::WhoIsWho;
use crate::model::{ExternalId, Group, Ix, Made, User, World};

/// Who made memberships.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Maker {
    /// Whoever fills the identity store from the directory.
    Synchronization,
    /// Somebody else.
    Another,
    /// AWS did not say.
    Unsaid,
}

/// Which makers are the synchronization, and what they did not make.
pub(super) struct Makers<'w> {
    /// Their names.
    names: BTreeSet<&'w str>,
    /// By the number of the maker.
    synchronize: Vec<bool>,
    /// Who is a member by another maker's doing.
    users: BTreeSet<Ix<User>>,
    /// Where somebody is.
    groups: BTreeSet<Ix<Group>>,
}

impl<'w> Makers<'w> {
    pub(super) fn of(world: &'w World, who: &WhoIsWho) -> Self {
        let snapshot = &world.snapshot;
        let users = snapshot.users.seen().zip(&who.matching.people).filter(|(_, known)| known.is_some());
        let users = users.filter(|(user, _)| may_be_sync(&user.external_ids, user.created_by.as_deref()));
        let groups = snapshot.groups.seen().zip(&who.matching.directory_groups).filter(|(_, known)| known.is_some());
        let groups = groups.filter(|(group, _)| may_be_sync(&group.external_ids, group.created_by.as_deref()));
        let names: BTreeSet<&str> = users
            .filter_map(|(user, _)| user.created_by.as_deref())
            .chain(groups.filter_map(|(group, _)| group.created_by.as_deref()))
            .collect();
        let synchronize = snapshot.makers.iter().map(|maker| names.contains(maker.as_str())).collect();
        let mut makers = Makers { names, synchronize, users: BTreeSet::new(), groups: BTreeSet::new() };
        for (group, entry) in snapshot.groups.positions() {
            let by_hand = entry.made.iter().filter(|(_, made)| makers.of_made(Some(*made)) == Maker::Another);
            let by_hand: Vec<Ix<User>> = by_hand.map(|(user, _)| *user).collect();
            if !by_hand.is_empty() {
                makers.groups.insert(group);
                makers.users.extend(by_hand);
            }
        }
        makers
    }

    /// Who put the user into the group.
    pub(super) fn of_membership(&self, world: &World, group: Ix<Group>, user: Ix<User>) -> Maker {
        self.of_made(world.snapshot.groups[group].made(user))
    }

    fn of_made(&self, made: Option<Made>) -> Maker {
        match made.and_then(Made::by) {
            Some(maker) if self.synchronize[maker] => Maker::Synchronization,
            Some(_) => Maker::Another,
            None => Maker::Unsaid,
        }
    }

    /// Whether the synchronization made the user, and nobody else put it anywhere.
    pub(super) fn user(&self, world: &World, user: Ix<User>) -> bool {
        let entry = &world.snapshot.users[user];
        self.made(&entry.external_ids, entry.created_by.as_deref()) && !self.users.contains(&user)
    }

    /// Whether the synchronization made the group, and nobody else put anybody into it.
    pub(super) fn group(&self, world: &World, group: Ix<Group>) -> bool {
        let entry = &world.snapshot.groups[group];
        self.made(&entry.external_ids, entry.created_by.as_deref()) && !self.groups.contains(&group)
    }

    /// Whether AWS says that the synchronization made a user or a group: one with an external id, by a maker of what the
    /// lists know, or, where AWS names none of these makers, by whoever has no ARN.
    fn made(&self, external_ids: &[ExternalId], by: Option<&str>) -> bool {
        let is_known = |by: &str| self.names.is_empty() || self.names.contains(by);
        may_be_sync(external_ids, by) && by.is_some_and(is_known)
    }

    /// Whether nothing shows that somebody made the user by hand, or put it anywhere: enough for one that the lists know.
    pub(super) fn may_have_made(&self, world: &World, user: Ix<User>) -> bool {
        let entry = &world.snapshot.users[user];
        may_be_sync(&entry.external_ids, entry.created_by.as_deref()) && !self.users.contains(&user)
    }
}

/// Whether the maker of what the lists know may be the synchronization.
fn may_be_sync(external_ids: &[ExternalId], by: Option<&str>) -> bool {
    !external_ids.is_empty() && !by.is_some_and(|by| by.starts_with("arn:"))
}

//! Principals of Identity Center by every name that a row may use for them.

use std::sync::Arc;

use crate::compare::matching::{
    Key, WhoIsWho, all_keys, directory_group_keys, group_keys, key, person_keys, user_keys,
};
use crate::model::{
    Extent, Gap, Group, ListingIndex, NameKey, Principal, PrincipalName, RowRef, Sight, Snapshot, User, World,
};

/// Groups and users, by name.
pub(super) struct Principals<'w> {
    groups: ListingIndex<'w, Key, Group>,
    users: ListingIndex<'w, Key, User>,
    snapshot: &'w Snapshot,
}

impl<'w> Principals<'w> {
    pub(super) fn of(world: &'w World, who: &WhoIsWho) -> Self {
        let snapshot = &world.snapshot;
        let group_names: Vec<Vec<Key>> =
            snapshot.groups.positions().map(|(group, _)| names_of(world, who, Principal::Group(group)).1).collect();
        let user_names: Vec<Vec<Key>> =
            snapshot.users.positions().map(|(user, _)| names_of(world, who, Principal::User(user)).1).collect();
        Principals {
            snapshot,
            groups: snapshot.groups.index_by_position(|group| group_names[group.number()].iter().cloned()),
            users: snapshot.users.index_by_position(|user| user_names[user.number()].iter().cloned()),
        }
    }

    /// The principal whom a row names.
    pub(super) fn look_up(&self, name: &PrincipalName) -> Sight<Principal> {
        let (principal, asked, name) = match name {
            PrincipalName::Group(name) => {
                let group = self.groups.look_up_any(&[key(name)], |_| true).map(Principal::Group);
                (group, &self.snapshot.looked_up_groups, name)
            }
            PrincipalName::User(name) => {
                let user = self.users.look_up_any(&[key(name)], |_| true).map(Principal::User);
                (user, &self.snapshot.looked_up_users, name)
            }
        };
        match asked {
            Some(asked) => asked.unless_unasked(principal, [NameKey::of(name)]),
            None => principal,
        }
    }
}

/// Whether the principal is a group, and every name by which a row may call it: Identity Center's and the directory's.
pub(super) fn names_of(world: &World, who: &WhoIsWho, principal: Principal) -> (bool, Vec<Key>) {
    match principal {
        Principal::Group(group) => {
            let mut names = all_keys(&world.snapshot.groups[group], group_keys);
            if let Some(matched) = who.matching.directory_groups[group.number()] {
                names.extend(all_keys(&world.expectation.groups[matched.with], directory_group_keys));
            }
            (true, names)
        }
        Principal::User(user) => {
            let mut names = all_keys(&world.snapshot.users[user], user_keys);
            if let Some(matched) = who.matching.people[user.number()] {
                names.extend(all_keys(&world.expectation.people[matched.with], person_keys));
            }
            (false, names)
        }
    }
}

/// The gap that hides the principal's name, without which no row can be found.
pub(super) fn name_unknown(world: &World, principal: Principal) -> Option<Arc<Gap>> {
    let (listed, extent) = match principal {
        Principal::Group(group) => (world.snapshot.groups[group].listed, world.snapshot.groups.extent()),
        Principal::User(user) => (world.snapshot.users[user].listed, world.snapshot.users.extent()),
    };
    match extent {
        Extent::Part(gap) if !listed => Some(Arc::clone(gap)),
        Extent::Part(_) | Extent::Whole(_) => None,
    }
}

/// The row that says that the principal has left, where it is a person who has.
pub(super) fn left(world: &World, who: &WhoIsWho, principal: Principal) -> Option<RowRef> {
    let Principal::User(user) = principal else { return None };
    let person = &world.expectation.people[who.matching.people[user.number()]?.with];
    person.employment.is_over().then_some(person.row)
}

/// Whether a row speaks of a group, and the name that it gives.
pub(super) fn row_key(name: &PrincipalName) -> (bool, Key) {
    match name {
        PrincipalName::Group(name) => (true, key(name)),
        PrincipalName::User(name) => (false, key(name)),
    }
}

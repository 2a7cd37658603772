//! Whose access is administrative, or may be, by a permission set or by a role: it never waits for anything.

use std::collections::BTreeSet;

use crate::compare::administrative;
use crate::model::{Administrative, Group, Ix, Principal, User, World};

/// Who is seen to reach a permission set or a role that is administrative, or of which nobody can say that it is not.
pub(super) struct Administrators {
    groups: BTreeSet<Ix<Group>>,
    users: BTreeSet<Ix<User>>,
}

impl Administrators {
    pub(super) fn of(world: &World) -> Self {
        let may_be = |administrative| match administrative {
            Administrative::Yes(_) | Administrative::Unknown(_) => true,
            Administrative::No => false,
        };
        let sets = world.snapshot.permission_sets.seen();
        let sets = sets.filter(|set| may_be(administrative::permission_set(set, &world.snapshot)));
        let assigned = sets.flat_map(|set| set.placements.seen()).flat_map(|placement| placement.principals.seen());
        let entitled = world.snapshot.entitled.seen().flat_map(|entitled| {
            let entitlements = entitled.entitlements.seen();
            entitlements.filter(|held| may_be(administrative::entitlement(&world.snapshot, entitled.account, held)))
        });
        let entitled = entitled.map(|entitlement| &entitlement.principal);
        let principals: BTreeSet<Principal> = assigned.chain(entitled).copied().collect();
        let mut administrators = Administrators { groups: BTreeSet::new(), users: BTreeSet::new() };
        for principal in principals {
            match principal {
                Principal::User(user) => drop(administrators.users.insert(user)),
                Principal::Group(group) => {
                    administrators.groups.insert(group);
                    administrators.users.extend(world.snapshot.groups[group].members.seen());
                }
            }
        }
        administrators
    }

    pub(super) fn user(&self, user: Ix<User>) -> bool {
        self.users.contains(&user)
    }

    pub(super) fn group(&self, group: Ix<Group>) -> bool {
        self.groups.contains(&group)
    }
}

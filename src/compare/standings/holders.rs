//! Which users hold access: something is granted to them, or to a group that they are in.

use crate::model::{Ix, Principal, Snapshot, User, UserStatus, World};

/// By user: whether somebody who signs in as it has access to anything.
#[derive(Debug)]
pub(super) struct Holders(Vec<bool>);

impl Holders {
    pub(super) fn of(world: &World) -> Self {
        let snapshot = &world.snapshot;
        let mut holders = vec![false; snapshot.users.seen().count()];
        for principal in granted(snapshot) {
            match principal {
                Principal::User(user) => holders[user.number()] = true,
                Principal::Group(group) => {
                    snapshot.groups[group].members.seen().for_each(|member| holders[member.number()] = true);
                }
            }
        }
        for (user, entry) in snapshot.users.positions() {
            holders[user.number()] &= entry.status != Some(UserStatus::Disabled);
        }
        Holders(holders)
    }

    /// Whether somebody who signs in as this user has access to anything.
    pub(super) fn hold_access(&self, user: Ix<User>) -> bool {
        self.0[user.number()]
    }
}

/// Everyone whom something is granted to, each as often as there are grants.
fn granted(snapshot: &Snapshot) -> impl Iterator<Item = Principal> + '_ {
    let placements = snapshot.permission_sets.seen().flat_map(|set| set.placements.seen());
    let assigned = placements.flat_map(|placement| placement.principals.seen().copied());
    let applications = snapshot.applications.seen().flat_map(|application| application.principals.seen().copied());
    let entitlements = snapshot.entitled.seen().flat_map(|entitled| entitled.entitlements.seen());
    assigned.chain(applications).chain(entitlements.map(|entitlement| entitlement.principal))
}

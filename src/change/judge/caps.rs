//! How much may be taken away at once, as a number and as a share of each kind.

use std::collections::BTreeMap;

use super::Case;
use crate::change::{Guard, Planned, Removals, Thing};
use crate::model::{PolicyWay, Snapshot};

/// How many of what was seen is taken away, by what it is: what the plan has taken away already is a part of both numbers.
pub(super) fn removed(case: &Case<'_>) -> BTreeMap<Thing, Removals> {
    let mut removed: BTreeMap<Thing, Removals> = BTreeMap::new();
    let of = |changes: &[Planned], removed: &mut BTreeMap<Thing, Removals>, gone: usize| {
        for kind in changes.iter().map(|planned| planned.change.kind()).filter(|kind| kind.is_removal()) {
            let counted = removed.entry(kind.thing()).or_default();
            counted.removed += 1;
            counted.of += gone;
        }
    };
    of(case.changes, &mut removed, 0);
    of(case.done, &mut removed, 1);
    for (thing, counted) in &mut removed {
        counted.of += seen(&case.before.world.snapshot, *thing);
    }
    removed
}

/// The caps that a plan is above.
pub(super) fn removals(case: &Case<'_>, removed: &BTreeMap<Thing, Removals>) -> Vec<Guard> {
    let all: usize = removed.values().map(|counted| counted.removed).sum();
    let allowed = case.options.removals;
    let in_all = (all > allowed).then_some(Guard::Removals { removals: all, allowed });
    let shares = removed.iter().filter_map(|(thing, counted)| {
        let allowed = case.options.removal_share.of(counted.of);
        let guard = Guard::RemovalShare { of: *thing, removals: counted.removed, seen: counted.of, allowed };
        (counted.removed > allowed).then_some(guard)
    });
    in_all.into_iter().chain(shares).collect()
}

/// How many there are.
fn seen(snapshot: &Snapshot, thing: Thing) -> usize {
    let iam_users = || snapshot.iam.iter().flat_map(|iam| iam.users.seen());
    match thing {
        Thing::IamUser => iam_users().count(),
        Thing::IamPolicy => {
            let attached = iam_users().flat_map(|user| &user.policies);
            attached.filter(|policy| policy.way == PolicyWay::Attached).count()
        }
        Thing::IamGroupMembership => iam_users().map(|user| user.groups.len()).sum(),
        Thing::User => snapshot.users.seen().filter(|user| user.listed).count(),
        Thing::Group => snapshot.groups.seen().filter(|group| group.listed).count(),
        Thing::Membership => snapshot.groups.seen().map(|group| group.members.seen().count()).sum(),
        Thing::Assignment => {
            let placements = snapshot.permission_sets.seen().flat_map(|set| set.placements.seen());
            placements.map(|placement| placement.principals.seen().count()).sum()
        }
    }
}

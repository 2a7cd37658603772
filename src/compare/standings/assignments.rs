//! Who has which permission set in which account, against `assignments.csv`, both ways.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compare::matching::keys::{Key, key};
use crate::compare::matching::who_is_who::WhoIsWho;
use crate::model::{
    Account, AccountId, Asked, AssignmentRow, Judged, Kind, ListingIndex, NameKey, PermissionSet, Placement, Principal,
    PrincipalName, Sight, Snapshot, Standing, Subject, World,
};

use super::names_in_rows::{self, Principals};
use super::{NotThere, grants, seen, standing_of_present};

pub(super) fn judge(world: &World, who: &WhoIsWho, principals: &Principals<'_>) -> Vec<Judged> {
    let rows = world.expectation.assignments.index_by(|row| [row_key(row)]);
    let lapsed = world.expectation.lapsed.index_by(|row| [row_key(row)]);
    let mut judged = Vec::new();
    for (set, permission_set) in world.snapshot.permission_sets.positions() {
        for placement in permission_set.placements.seen() {
            for &principal in placement.principals.seen() {
                let subject = Subject::Assignment(placement.account, set, principal);
                let standing = standing(world, who, principals, [&rows, &lapsed], permission_set, placement, principal);
                judged.push(Judged { subject, standing });
            }
        }
    }
    judged.extend(due(world, principals));
    judged
}

/// What a row is found by: whether it speaks of a group, whose, what, where.
type RowKey = (bool, Key, Key, AccountId);

fn row_key(row: &AssignmentRow) -> RowKey {
    let (group, name) = names_in_rows::row_key(&row.principal);
    (group, name, key(&row.permission_set), row.account)
}

fn standing(
    world: &World,
    who: &WhoIsWho,
    principals: &Principals<'_>,
    [rows, lapsed]: [&ListingIndex<'_, RowKey, AssignmentRow>; 2],
    permission_set: &PermissionSet,
    placement: &Placement,
    principal: Principal,
) -> Standing {
    let account = world.snapshot.accounts[placement.account].id;
    let called = principals.called(principal);
    let keys = |name: &Key| vec![(called.group, name.clone(), key(&permission_set.name), account)];
    let by_rows = || {
        let answer = called.look_up(rows, keys, |_| true);
        let answer = answer.map(|row| Standing::Expected(world.expectation.assignments[row].row));
        let asked = || Asked {
            kind: Kind::Assignment,
            principal: called.name_keys(),
            account: Some(account),
            what: vec![NameKey::of(&permission_set.name)],
        };
        standing_of_present(world, answer, asked)
    };
    let lapsed = || called.look_up(lapsed, keys, |_| true).seen().map(|row| world.expectation.lapsed[row].row);
    let held = (Kind::Assignment, Some(principal), permission_set.unnamed.as_ref());
    grants::standing(world, who, held, by_rows, lapsed)
}

/// Rows that expect what is not there.
fn due(world: &World, principals: &Principals<'_>) -> Vec<Judged> {
    let there = There::of(world, principals);
    let mut missing_groups: BTreeMap<Key, Judged> = BTreeMap::new();
    let mut due: Vec<Judged> = world
        .expectation
        .assignments
        .positions()
        .filter(|(_, row)| grants::is_due(row.presence, false))
        .filter_map(|(position, row)| {
            let standing = match there.look_for(row) {
                Ok(()) => return None,
                Err(not_there) => not_there.standing(row.row),
            };
            if let (PrincipalName::Group(name), Standing::Missing(_, absence)) = (&row.principal, &standing)
                && absence.is_proved_by(world.snapshot.groups.extent())
            {
                let group = || Judged { subject: Subject::DueGroup(position), standing: standing.clone() };
                missing_groups.entry(key(name)).or_insert_with(group);
            }
            Some(Judged { subject: Subject::DueAssignment(position), standing })
        })
        .collect();
    due.extend(missing_groups.into_values());
    due
}

/// A permission set whose name is not known may be the one that is looked for.
pub(super) fn unless_unnamed<T>(snapshot: &Snapshot, sight: Sight<T>) -> Sight<T> {
    match (sight, snapshot.permission_sets.seen().find_map(|set| set.unnamed.as_ref())) {
        (Sight::Absent(_), Some(gap)) => Sight::Unseen(Arc::clone(gap)),
        (sight @ (Sight::Seen(_) | Sight::Absent(_) | Sight::Unseen(_)), _) => sight,
    }
}

/// What is there, by the names that rows use.
struct There<'w> {
    world: &'w World,
    permission_sets: ListingIndex<'w, Key, PermissionSet>,
    accounts: ListingIndex<'w, AccountId, Account>,
    principals: &'w Principals<'w>,
}

impl<'w> There<'w> {
    fn of(world: &'w World, principals: &'w Principals<'w>) -> Self {
        let snapshot = &world.snapshot;
        There {
            world,
            permission_sets: snapshot.permission_sets.index_by(|set| [key(&set.name)]),
            accounts: snapshot.accounts.index_by(|account| [account.id]),
            principals,
        }
    }

    /// Looks for what a row expects, from the outside in: the proof of absence is that of the first thing that is not
    /// there.
    fn look_for(&self, row: &AssignmentRow) -> Result<(), NotThere> {
        let snapshot = &self.world.snapshot;
        let set = self.permission_sets.look_up_any(&[key(&row.permission_set)], |_| true);
        let set = seen(unless_unnamed(snapshot, set))?;
        let account = seen(self.accounts.look_up_any(&[row.account], |_| true))?;
        let principal = seen(self.principals.look_up(&row.principal))?;
        let placement =
            seen(snapshot.permission_sets[set].placements.look_up(&account, |placement| placement.account))?;
        let answer: Sight<&Principal> = placement.principals.look_up(&principal, |&principal| principal);
        seen(answer).map(|_| ())
    }
}

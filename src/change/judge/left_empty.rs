//! Groups that a plan would leave without a member, and accounts without any assignment.

use std::collections::BTreeMap;

use super::Case;
use crate::change::Guard;
use crate::model::{AccountId, Snapshot};

/// Groups that had members and have none any more, and accounts in which somebody had a permission set and nobody has
/// one any more. A group that is deleted is no such group.
pub(super) fn left_empty(case: &Case<'_>) -> Vec<Guard> {
    let (before, after) = (&case.before.world.snapshot, &case.after.world.snapshot);
    let groups = before.groups.seen().filter_map(|group| {
        let had = group.members.seen().count();
        let now = after.groups.seen().find(|now| now.id == group.id)?;
        (had > 0 && now.members.seen().next().is_none()).then(|| (group.name.clone(), had))
    });
    let (had, have) = (assigned(before), assigned(after));
    let accounts = had.iter().filter(|(account, _)| !have.contains_key(account));
    let accounts = accounts.map(|(account, had)| (account.to_string(), *had));
    groups.chain(accounts).map(|(name, had)| Guard::LeftEmpty { name, had }).collect()
}

/// How many assignments each account has that has any.
fn assigned(snapshot: &Snapshot) -> BTreeMap<AccountId, usize> {
    let mut assigned: BTreeMap<AccountId, usize> = BTreeMap::new();
    for placement in snapshot.permission_sets.seen().flat_map(|set| set.placements.seen()) {
        let number = placement.principals.seen().count();
        if number > 0 {
            *assigned.entry(snapshot.accounts[placement.account].id).or_default() += number;
        }
    }
    assigned
}

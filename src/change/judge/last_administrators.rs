//! Accounts that a plan would leave without enough administrators.

use std::collections::{BTreeMap, BTreeSet};

use super::Case;
use crate::change::Guard;
use crate::compare::administrative;
use crate::model::{Access, Account, AccountId, Gap, Hides, Ix, PermissionSet, Report, User, UserStatus};

/// Accounts that lose people with administrative access and keep fewer than they must: the management account, and each
/// that has as many now.
pub(super) fn last_administrators(case: &Case<'_>) -> Vec<Guard> {
    let (had, have) = (administrators(case.before), administrators(case.after));
    let least = case.options.min_administrators;
    let snapshot = &case.before.world.snapshot;
    let management = snapshot.organization.as_ref().map(|organization| organization.management);
    let lost = had.iter().filter_map(|(account, had)| {
        let (account, before) = (snapshot.accounts[*account].id, had.len());
        // Accounts do not move.
        let after = have.get(&effect_place(case, account)?).map_or(0, BTreeSet::len);
        // Where not all could be read, it is not known that there were fewer before.
        let is_unseen = || case.before.gaps.iter().any(|gap| may_hide(gap, account));
        let counts = Some(account) == management || before >= least || is_unseen();
        (counts && after < before && after < least).then_some(Guard::LastAdministrators {
            account,
            before,
            after,
            least,
        })
    });
    lost.collect()
}

/// Whether a gap may hide who has access to an account.
fn may_hide(gap: &Gap, account: AccountId) -> bool {
    gap.hides == Hides::Grants && gap.account.is_none_or(|of| of == account)
}

fn effect_place(case: &Case<'_>, account: AccountId) -> Option<Ix<Account>> {
    crate::change::effect::account(&case.after.world.snapshot, account)
}

/// Users of Identity Center who can sign in and have a permission set that makes them administrators, by account. Who
/// has such access by other ways is not counted: it may be a machine's.
fn administrators(report: &Report<'_>) -> BTreeMap<Ix<Account>, BTreeSet<Ix<User>>> {
    let snapshot = &report.world.snapshot;
    let mut judged: BTreeMap<Ix<PermissionSet>, bool> = BTreeMap::new();
    let mut administrators: BTreeMap<Ix<Account>, BTreeSet<Ix<User>>> = BTreeMap::new();
    for access in report.access() {
        let Access::PermissionSet { user, permission_set, account, .. } = access else { continue };
        let entry = &snapshot.users[user];
        if !entry.listed || entry.status == Some(UserStatus::Disabled) {
            continue;
        }
        let is_administrative = *judged.entry(permission_set).or_insert_with(|| {
            administrative::permission_set(&snapshot.permission_sets[permission_set], snapshot).is_yes()
        });
        if is_administrative {
            administrators.entry(account).or_default().insert(user);
        }
    }
    administrators
}

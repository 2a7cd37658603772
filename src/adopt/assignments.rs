//! `assignments.csv`: who has which permission set in which account.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Account, Ix, PermissionSet, Principal, Report, Snapshot, quoted};

use super::sheet::{Sheet, cell};
use super::{Administrative, Cells, Draft, Reason, gap, withheld};

pub(super) const NAME: &str = "assignments.csv";
const COLUMNS: [&str; 7] =
    ["principal_type", "principal", "account", "permission_set", "presence", "expires", "reviewed_by"];

pub(super) fn draft(report: &Report<'_>, administrative: &Administrative) -> Result<Draft, BTreeSet<Reason>> {
    let snapshot = &report.world.snapshot;
    if !snapshot.scope.identity_center {
        return Err(withheld(Reason::OutOfScope));
    }
    if let Some(gap) = gap(snapshot.permission_sets.extent()) {
        return Err(withheld(gap));
    }
    let mut sheet = Sheet::default();
    for (position, set) in snapshot.permission_sets.positions() {
        let unnamed = set.unnamed.as_ref().map(|gap| Reason::Unseen(Arc::clone(gap)));
        if let Some(reason) = unnamed.or_else(|| gap(set.placements.extent())) {
            sheet.leave_out(reason, format!("all assignments of {}", quoted(&set.name)));
            continue;
        }
        for placement in set.placements.seen() {
            let account = snapshot.accounts[placement.account].id;
            if let Some(reason) = gap(placement.principals.extent()) {
                sheet.leave_out(reason, format!("assignments of {} in {account}", quoted(&set.name)));
                continue;
            }
            for &principal in placement.principals.seen() {
                match row(snapshot, placement.account, position, principal) {
                    Ok(cells) => sheet.row(administrative.permission_sets.contains(&position), cells),
                    Err(reason) => {
                        let (_, name) = name_of(snapshot, principal);
                        sheet.leave_out(reason, format!("{} for {} in {account}", quoted(&set.name), quoted(name)));
                    }
                }
            }
        }
    }
    sheet.draft(&COLUMNS)
}

/// The row of an assignment, or why there can be none.
pub(super) fn row(
    snapshot: &Snapshot,
    account: Ix<Account>,
    set: Ix<PermissionSet>,
    principal: Principal,
) -> Result<Cells, Reason> {
    let (principal_type, name) = named(snapshot, principal)?;
    if principal_type == "group" && name.contains(['{', '}']) {
        return Err(Reason::Unwritable("a brace in a group name marks a placeholder"));
    }
    Ok(vec![
        ("permission_set", cell(&snapshot.permission_sets[set].name)),
        ("principal_type", principal_type.to_owned()),
        ("principal", cell(name)),
        ("account", snapshot.accounts[account].id.to_string()),
    ])
}

/// What a principal is and what it is called, or why no row can mean it.
pub(super) fn named(snapshot: &Snapshot, principal: Principal) -> Result<(&'static str, &str), Reason> {
    let (listed, extent) = match principal {
        Principal::Group(group) => (snapshot.groups[group].listed, snapshot.groups.extent()),
        Principal::User(user) => (snapshot.users[user].listed, snapshot.users.extent()),
    };
    if listed { Ok(name_of(snapshot, principal)) } else { Err(gap(extent).unwrap_or(Reason::Gone)) }
}

fn name_of(snapshot: &Snapshot, principal: Principal) -> (&'static str, &str) {
    match principal {
        Principal::Group(group) => ("group", &snapshot.groups[group].name),
        Principal::User(user) => ("user", &snapshot.users[user].user_name),
    }
}

//! `people.csv`: users of Identity Center and their groups, for those who have no directory to export.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Access, Ix, Report, Snapshot, User, UserStatus, quoted};

use super::sheet::{SEPARATOR, Sheet, cell, joined};
use super::{Administrative, Cells, Draft, Reason, gap, withheld};

pub(super) const NAME: &str = "people.csv";
const COLUMNS: [&str; 6] = ["user", "mail", "name", "groups", "status", "reviewed_by"];

pub(super) fn draft(report: &Report<'_>, administrative: &Administrative) -> Result<Draft, BTreeSet<Reason>> {
    let snapshot = &report.world.snapshot;
    if !snapshot.scope.identity_center {
        return Err(withheld(Reason::OutOfScope));
    }
    let gaps = [snapshot.users.extent(), snapshot.groups.extent()].into_iter().filter_map(gap);
    // A list of people names those too who hold nothing.
    let others = [&snapshot.looked_up_users, &snapshot.looked_up_groups].into_iter().flatten();
    let others = others.map(|asked| Reason::Unseen(Arc::clone(asked.others())));
    let gaps: BTreeSet<Reason> = gaps.chain(others).collect();
    if !gaps.is_empty() {
        return Err(gaps);
    }
    let mut sheet = Sheet::default();
    let groups = groups(snapshot, &mut sheet);
    let administrators: BTreeSet<Ix<User>> = report
        .access()
        .filter_map(|access| match access {
            Access::PermissionSet { user, permission_set, .. } => {
                administrative.permission_sets.contains(&permission_set).then_some(user)
            }
            Access::EmptyGroup { .. }
            | Access::Beside { .. }
            | Access::BesideOfEmptyGroup { .. }
            | Access::OpenApplication { .. }
            | Access::Nothing { .. }
            | Access::IamPolicy { .. }
            | Access::NoIamPolicy { .. } => None,
        })
        .collect();
    for (position, user) in snapshot.users.positions().filter(|(_, user)| user.listed) {
        let groups = groups.get(&position).into_iter().flatten().copied();
        sheet.row(administrators.contains(&position), row(user, groups));
    }
    // A list of people without anybody is refused, and rightly.
    if sheet.has_rows() { sheet.draft(&COLUMNS) } else { Err(withheld(Reason::Nobody)) }
}

/// The row of a user, with all groups that it is seen in.
pub(super) fn cells(snapshot: &Snapshot, position: Ix<User>) -> Cells {
    let groups = snapshot.groups.seen().filter(|group| group.members.seen().any(|&member| member == position));
    row(&snapshot.users[position], groups.map(|group| group.name.as_str()))
}

fn row<'a>(user: &'a User, groups: impl IntoIterator<Item = &'a str>) -> Cells {
    let status = match user.status {
        Some(UserStatus::Enabled) => "active",
        Some(UserStatus::Disabled) => "disabled",
        None => "",
    };
    vec![
        ("user", cell(&user.user_name)),
        ("mail", joined(user.own_mails().iter().map(String::as_str))),
        ("name", user.display_name.as_deref().map(cell).unwrap_or_default()),
        ("groups", joined(groups)),
        ("status", status.to_owned()),
    ]
}

/// The groups of each user, and those that cannot stand in a row.
fn groups<'s>(snapshot: &'s Snapshot, sheet: &mut Sheet) -> BTreeMap<Ix<User>, Vec<&'s str>> {
    let mut groups: BTreeMap<Ix<User>, Vec<&str>> = BTreeMap::new();
    for group in snapshot.groups.seen().filter(|group| group.listed) {
        let what = || format!("group {}", quoted(&group.name));
        if let Some(reason) = gap(group.members.extent()) {
            sheet.leave_out(reason, what());
        } else if group.name.contains(SEPARATOR) {
            sheet.leave_out(Reason::Unwritable("the name contains `;`, which separates groups"), what());
        } else {
            let mut members = group.members.seen().filter(|&&member| snapshot.users[member].listed).peekable();
            if members.peek().is_none() {
                sheet.leave_out(Reason::Unwritable("a group without members is in no row"), what());
            }
            for &member in members {
                groups.entry(member).or_default().push(&group.name);
            }
        }
    }
    groups
}

//! `entitlements.csv`: who may be which IAM role by account access manager.

use std::collections::BTreeSet;

use crate::model::{Entitled, Entitlement, IamRole, NameKey, Report, Snapshot, quoted};

use super::sheet::{Sheet, cell};
use super::{Administrative, Cells, Draft, Reason, assignments, gap, withheld};

pub(super) const NAME: &str = "entitlements.csv";
const COLUMNS: [&str; 8] =
    ["principal_type", "principal", "account", "role", "presence", "expires", "digest", "reviewed_by"];

pub(super) fn draft(report: &Report<'_>, administrative: &Administrative) -> Result<Draft, BTreeSet<Reason>> {
    let snapshot = &report.world.snapshot;
    if !snapshot.scope.identity_center {
        return Err(withheld(Reason::OutOfScope));
    }
    if let Some(gap) = gap(snapshot.entitled.extent()) {
        return Err(withheld(gap));
    }
    let mut sheet = Sheet::default();
    for (place, entitled) in snapshot.entitled.positions() {
        let account = snapshot.accounts[entitled.account].id;
        if let Some(reason) = gap(entitled.entitlements.extent()) {
            sheet.leave_out(reason, format!("entitlements in {account}"));
            continue;
        }
        for (position, entitlement) in entitled.entitlements.positions() {
            match row(snapshot, entitled, entitlement) {
                Ok(cells) => sheet.row(administrative.entitlements.contains(&(place, position)), cells),
                Err(reason) => sheet.leave_out(reason, format!("role {} in {account}", quoted(&entitlement.role))),
            }
        }
    }
    sheet.draft(&COLUMNS)
}

/// The row of an entitlement, or why there can be none.
pub(super) fn row(snapshot: &Snapshot, entitled: &Entitled, entitlement: &Entitlement) -> Result<Cells, Reason> {
    let (principal_type, principal) = assignments::named(snapshot, entitlement.principal)?;
    let role = snapshot.iam_of(entitled.account).map(|iam| &iam.roles);
    let role =
        role.and_then(|roles| roles.seen().find(|role| NameKey::of(&role.name) == NameKey::of(&entitlement.role)));
    Ok(vec![
        ("role", cell(&entitlement.role)),
        ("principal_type", principal_type.to_owned()),
        ("principal", cell(principal)),
        ("account", snapshot.accounts[entitled.account].id.to_string()),
        ("digest", role.and_then(IamRole::policies_digest).unwrap_or_default()),
    ])
}

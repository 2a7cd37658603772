//! `permission-sets.csv`: every permission set with the digest of what it allows now.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Ix, Known, PermissionSet, PermissionSetPolicies, Report, quoted};

use super::sheet::{Sheet, cell};
use super::{Administrative, Cells, Draft, Reason, gap, withheld};

pub(super) const NAME: &str = "permission-sets.csv";
const COLUMNS: [&str; 4] = ["name", "administrative", "digest", "reviewed_by"];

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
        match (&set.unnamed, &set.policies) {
            // A row without a digest is met by whatever the permission set turns out to allow.
            (Some(gap), _) | (None, Known::Unknown(gap)) => {
                sheet.leave_out(Reason::Unseen(Arc::clone(gap)), format!("permission set {}", quoted(&set.name)));
            }
            (None, Known::Is(policies)) => {
                let is_administrative = administrative.permission_sets.contains(&position);
                sheet.row(is_administrative, row(set, policies, word(position, administrative)));
            }
        }
    }
    sheet.draft(&COLUMNS)
}

/// The row of a permission set whose policies are known.
pub(super) fn cells(
    report: &Report<'_>,
    position: Ix<PermissionSet>,
    administrative: &Administrative,
) -> Option<Cells> {
    let set = &report.world.snapshot.permission_sets[position];
    Some(row(set, set.policies.is()?, word(position, administrative)))
}

/// The cell `administrative`: empty where nobody can say, for a row is a promise.
fn word(position: Ix<PermissionSet>, administrative: &Administrative) -> &'static str {
    if administrative.permission_sets.contains(&position) {
        "yes"
    } else if administrative.harmless.contains(&position) {
        "no"
    } else {
        ""
    }
}

fn row(set: &PermissionSet, policies: &PermissionSetPolicies, word: &str) -> Cells {
    vec![("name", cell(&set.name)), ("administrative", word.to_owned()), ("digest", policies.digest())]
}

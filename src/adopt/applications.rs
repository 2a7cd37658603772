//! `applications.csv`: who may use which application of Identity Center.

use std::collections::BTreeSet;

use crate::model::{Application, Everyone, NameKey, Principal, Report, Snapshot, quoted};

use super::sheet::{Sheet, cell};
use super::{Administrative, Cells, Draft, Reason, assignments, gap, withheld};

pub(super) const NAME: &str = "applications.csv";
const COLUMNS: [&str; 6] = ["application", "principal_type", "principal", "presence", "expires", "reviewed_by"];

pub(super) fn draft(report: &Report<'_>, _: &Administrative) -> Result<Draft, BTreeSet<Reason>> {
    let snapshot = &report.world.snapshot;
    if !snapshot.scope.identity_center {
        return Err(withheld(Reason::OutOfScope));
    }
    if let Some(gap) = gap(snapshot.applications.extent()) {
        return Err(withheld(gap));
    }
    let mut sheet = Sheet::default();
    for application in snapshot.applications.seen() {
        if let Some(reason) = gap(application.principals.extent()) {
            sheet.leave_out(reason, format!("assignments of application {}", quoted(&application.name)));
            continue;
        }
        if let Some(reason) = gap(application.everyone.extent()) {
            sheet.leave_out(reason, format!("access for everyone to application {}", quoted(&application.name)));
        }
        let everyone = application.everyone.seen().map(|Everyone| None);
        for holder in everyone.chain(application.principals.seen().map(|principal| Some(*principal))) {
            match row(snapshot, application, holder) {
                Ok(cells) => sheet.row(false, cells),
                Err(reason) => {
                    sheet.leave_out(reason, format!("an assignment of application {}", quoted(&application.name)))
                }
            }
        }
    }
    sheet.draft(&COLUMNS)
}

/// The row of an assignment, or why there can be none. An application is called by its ARN where others share its name.
pub(super) fn row(snapshot: &Snapshot, application: &Application, holder: Option<Principal>) -> Result<Cells, Reason> {
    let (principal_type, principal) = match holder {
        Some(principal) => assignments::named(snapshot, principal)?,
        None => ("everyone", "*"),
    };
    let own = NameKey::of(&application.name);
    let namesakes = snapshot.applications.seen().filter(|other| NameKey::of(&other.name) == own).count();
    let name = if namesakes > 1 { &application.arn } else { &application.name };
    Ok(vec![("application", cell(name)), ("principal_type", principal_type.to_owned()), ("principal", cell(principal))])
}

//! What the rules about missing assignments, applications and entitlements have in common.

use crate::compare::rule_context::Case;
use crate::model::{Absence, Evidence, Finding, Kind, Rule, Standing, Whom};

/// Rows of a kind that nothing in AWS meets. `no_such` is the title where the row names something that does not exist.
pub(super) fn check(case: &Case<'_>, rule: &'static Rule, kind: Kind, no_such: &'static str) -> Vec<Finding> {
    let due = case.judged.iter().filter(|judged| judged.subject.is_due() && judged.subject.kind() == Some(kind));
    let missing = due.filter_map(|judged| {
        let Standing::Missing(row, absence) = &judged.standing else { return None };
        Some((judged.subject, *row, absence))
    });
    missing
        // What is missing with a group belongs to that cause.
        .filter(|(subject, ..)| {
            let whom = case.world.describe(*subject).whom;
            !matches!(whom, Whom::Named(principal) if case.is_missing_group(principal))
        })
        .map(|(subject, row, absence)| {
            let mut evidence = vec![Evidence::Row(row), Evidence::NotIn(absence.proved_by().clone())];
            let missing = what_does_not_exist(case, absence);
            let title = if missing.is_some() { no_such } else { rule.title };
            evidence.extend(missing);
            case.finding(rule, rule.severity, subject, evidence).titled(title)
        })
        .collect()
}

/// What of the row does not exist at all, which is what the proof of absence is about. Such a row does nothing, and
/// that is said.
fn what_does_not_exist(case: &Case<'_>, absence: &Absence) -> Option<Evidence> {
    let snapshot = &case.world.snapshot;
    if absence.is_proved_by(snapshot.accounts.extent()) {
        Some(Evidence::NoSuchAccount)
    } else if absence.is_proved_by(snapshot.permission_sets.extent()) {
        Some(Evidence::NoSuchPermissionSet)
    } else if absence.is_proved_by(snapshot.applications.extent()) {
        Some(Evidence::NoSuchApplication)
    } else if [snapshot.groups.extent(), snapshot.users.extent()].into_iter().any(|all| absence.is_proved_by(all)) {
        Some(Evidence::NoSuchPrincipal)
    } else {
        None
    }
}

//! `missing-application`: a row of `applications.csv` that nothing in AWS meets.

use crate::compare::rule_context::Case;
use crate::model::{Absence, Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-application"),
    severity: Severity::Low,
    meaning: "A row of `applications.csv` expects an assignment to an application that is not there.",
    advice: "Make the assignment in Identity Center, or take the row out of `applications.csv`.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let missing = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::DueApplication(position), Standing::Missing(row, absence)) => Some((position, row, absence)),
        _ => None,
    });
    missing
        .filter(|(position, ..)| {
            // What is missing with a group belongs to that cause.
            let principal = case.world.expectation.applications[*position].principal.as_ref();
            principal.is_none_or(|principal| !case.is_missing_group(principal))
        })
        .map(|(position, row, absence)| {
            let mut evidence = vec![Evidence::Row(*row), Evidence::NotIn(absence.proved_by().clone())];
            evidence.extend(what_does_not_exist(case, absence));
            case.finding(&RULE, RULE.severity, Subject::DueApplication(position), evidence)
        })
        .collect()
}

/// What of the row does not exist at all, which is what the proof of absence is about.
fn what_does_not_exist(case: &Case<'_>, absence: &Absence) -> Option<Evidence> {
    let snapshot = &case.world.snapshot;
    if absence.is_proved_by(snapshot.applications.extent()) {
        Some(Evidence::NoSuchApplication)
    } else if [snapshot.groups.extent(), snapshot.users.extent()].into_iter().any(|all| absence.is_proved_by(all)) {
        Some(Evidence::NoSuchPrincipal)
    } else {
        None
    }
}

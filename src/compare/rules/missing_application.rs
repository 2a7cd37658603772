//! `missing-application`: a row of `applications.csv` that nothing in AWS meets.

use crate::compare::rule_context::Case;
use crate::model::{Absence, Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-application"),
    severity: Severity::Low,
    title: "{Holder} is expected to have application {application}, and does not",
    meaning: "A row of `applications.csv` expects an assignment to an application that is not there.",
    advice: "Make the assignment in Identity Center, or take the row out of `applications.csv`.",
};

/// See [`RULE`]: the title of another case of it.
const NO_SUCH: &str = "A row expects application {application} for {holder}, but {missing}";

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
            let missing = what_does_not_exist(case, absence);
            let title = if missing.is_some() { NO_SUCH } else { RULE.title };
            evidence.extend(missing);
            case.finding(&RULE, RULE.severity, Subject::DueApplication(position), evidence).titled(title)
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

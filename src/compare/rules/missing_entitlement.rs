//! `missing-entitlement`: a row of `entitlements.csv` that nothing in AWS meets.

use crate::compare::rule_context::Case;
use crate::model::{Absence, Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-entitlement"),
    severity: Severity::Low,
    title: "{Holder} is expected to be entitled to role {role} in {place}, and is not",
    meaning: "A row of `entitlements.csv` expects an entitlement to an IAM role that is not there.",
    advice: "Make the entitlement in account access manager, or take the row out of `entitlements.csv`.",
};

/// See [`RULE`]: the title of another case of it.
const NO_SUCH: &str = "A row expects {holder} to be entitled to role {role} in {place}, but {missing}";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let missing = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::DueEntitlement(position), Standing::Missing(row, absence)) => Some((position, row, absence)),
        _ => None,
    });
    missing
        // What is missing with a group belongs to that cause.
        .filter(|(position, ..)| !case.is_missing_group(&case.world.expectation.entitlements[*position].principal))
        .map(|(position, row, absence)| {
            let mut evidence = vec![Evidence::Row(*row), Evidence::NotIn(absence.proved_by().clone())];
            let missing = what_does_not_exist(case, absence);
            let title = if missing.is_some() { NO_SUCH } else { RULE.title };
            evidence.extend(missing);
            case.finding(&RULE, RULE.severity, Subject::DueEntitlement(position), evidence).titled(title)
        })
        .collect()
}

/// What of the row does not exist at all, which is what the proof of absence is about.
fn what_does_not_exist(case: &Case<'_>, absence: &Absence) -> Option<Evidence> {
    let snapshot = &case.world.snapshot;
    if absence.is_proved_by(snapshot.accounts.extent()) {
        Some(Evidence::NoSuchAccount)
    } else if [snapshot.groups.extent(), snapshot.users.extent()].into_iter().any(|all| absence.is_proved_by(all)) {
        Some(Evidence::NoSuchPrincipal)
    } else {
        None
    }
}

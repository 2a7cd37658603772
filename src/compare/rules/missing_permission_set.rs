//! `missing-permission-set`: a row of `permission-sets.csv` names one that is not there.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-permission-set"),
    severity: Severity::Info,
    title: "Permission set {set} is missing",
    meaning: "A row of `permission-sets.csv` names a permission set that does not exist.",
    advice: "Delete the row from `permission-sets.csv` if the permission set was deleted on purpose.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let missing = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::DuePermissionSet(_), Standing::Missing(row, absence)) => Some((judged.subject, row, absence)),
        _ => None,
    });
    missing
        .map(|(subject, row, absence)| {
            let evidence = vec![Evidence::Row(*row), Evidence::NotIn(absence.proved_by().clone())];
            case.finding(&RULE, RULE.severity, subject, evidence)
        })
        .collect()
}

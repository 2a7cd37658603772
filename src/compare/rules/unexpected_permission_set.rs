//! `unexpected-permission-set`: a permission set that no row of `permission-sets.csv` names.

use crate::compare::rule_context::{Case, raised_by};
use crate::model::{Because, Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unexpected-permission-set"),
    severity: Severity::Low,
    title: "Permission set {set} exists but is not in any expected list",
    meaning: "A permission set exists, but no row of `permission-sets.csv` names it.",
    advice: "Delete the permission set in Identity Center, or add its row to `permission-sets.csv` if it was approved.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let unexpected = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::PermissionSet(set), Standing::Unintended(Because::NotExpected(absence))) => Some((set, absence)),
        _ => None,
    });
    unexpected
        .map(|(set, absence)| {
            let assignments: Vec<Subject> = case.assignments_of(set).collect();
            // One that is assigned to nobody is untidy.
            let severity = if assignments.is_empty() { RULE.severity } else { Severity::Medium };
            let (severity, administrative) = raised_by(severity, case.administrative(set));
            let mut evidence = vec![Evidence::NotIn(absence.proved_by().clone())];
            evidence.extend(administrative);
            evidence.extend(assignments.into_iter().map(Evidence::Holds));
            case.finding(&RULE, severity, Subject::PermissionSet(set), evidence)
        })
        .collect()
}

//! `missing-policy`: a row of `iam-users.csv` names a policy that the user does not have.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-policy"),
    severity: Severity::Low,
    title: "IAM user {who} in {place} should have policy {policy} but does not",
    meaning: "A row of `iam-users.csv` names a policy that its IAM user does not have.",
    advice: "Remove the policy from the row if it was detached on purpose.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let missing = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::DuePolicy(..), Standing::Missing(row, absence)) => Some((judged.subject, row, absence)),
        _ => None,
    });
    missing
        .map(|(subject, row, absence)| {
            let evidence = vec![Evidence::Row(*row), Evidence::NotIn(absence.proved_by().clone())];
            case.finding(&RULE, RULE.severity, subject, evidence)
        })
        .collect()
}

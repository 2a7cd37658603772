//! `missing-group`: rows of assignments expect a group that Identity Center does not have. The assignments that are
//! missing with it are evidence of this one finding.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-group"),
    severity: Severity::Low,
    title: "Group {who} is missing in Identity Center",
    meaning: "Rows of `assignments.csv` name a group that does not exist in Identity Center.",
    advice: "Add the group to the synchronization scope of the identity source, or remove it from `assignments.csv`.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let missing = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::DueGroup(first), Standing::Missing(row, absence)) => Some((first, row, absence)),
        _ => None,
    });
    missing
        .map(|(first, row, absence)| {
            let mut evidence = vec![Evidence::Row(*row), Evidence::NotIn(absence.proved_by().clone())];
            evidence.extend(case.due_like(first).map(Evidence::Holds));
            case.finding(&RULE, RULE.severity, Subject::DueGroup(first), evidence)
        })
        .collect()
}

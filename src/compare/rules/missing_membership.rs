//! `missing-membership`: the directory has somebody in a group, and Identity Center has the user and the group, but
//! not the one in the other.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-membership"),
    severity: Severity::Low,
    title: "{who} should be in group {group} but is not",
    meaning: "The directory has a person in a group, but Identity Center does not.",
    advice: "Check how the identity source synchronizes this group. The setting `expect.nested_groups` says whether \
             nested groups count.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let missing = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::DueMembership(_, _, person), Standing::Missing(row, absence)) => {
            case.matching.users[person.number()].map(|_| (judged.subject, row, absence))
        }
        _ => None,
    });
    missing
        .map(|(subject, row, absence)| {
            let evidence = vec![Evidence::Row(*row), Evidence::NotIn(absence.proved_by().clone())];
            case.finding(&RULE, RULE.severity, subject, evidence)
        })
        .collect()
}

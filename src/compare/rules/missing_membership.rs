//! `missing-membership`: the directory has somebody in a group, and Identity Center has the user and the group, but
//! not the one in the other.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-membership"),
    severity: Severity::Low,
    title: "{who} is expected in group {group}, and is not in it",
    meaning: "The directory has a person in a group, and Identity Center does not have the user in it.",
    advice: "Look at the identity source's synchronisation of this group; whether it follows nested groups is a setting \
             (`expect.nested_groups`).",
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

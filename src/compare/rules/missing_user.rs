//! `missing-user`: somebody in the directory's groups for AWS is not in Identity Center. The memberships that are
//! missing with the user are evidence of this one finding.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-user"),
    severity: Severity::Low,
    title: "{who} is missing in Identity Center",
    meaning: "A person who is expected in Identity Center is missing.",
    advice: "Check the identity source's synchronization: the person may be out of its scope, lack a first or last \
             name, or have joined after the last cycle.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let missing = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::DueUser(person), Standing::Missing(row, absence)) => Some((person, row, absence)),
        _ => None,
    });
    missing
        .map(|(person, row, absence)| {
            let mut evidence = vec![Evidence::Row(*row), Evidence::NotIn(absence.proved_by().clone())];
            let name = case.world.expectation.people[person].user_name.as_deref();
            evidence.extend(name.and_then(not_provisionable).map(Evidence::NotProvisionable));
            evidence.extend(case.due_memberships_of(person).map(Evidence::Holds));
            case.finding(&RULE, RULE.severity, Subject::DueUser(person), evidence)
        })
        .collect()
}

/// Why Identity Center cannot take a user of this name (its API reference: at most 128 characters; its guide for SCIM:
/// no `<`, `>`, `;`, `:` and `%`).
fn not_provisionable(name: &str) -> Option<&'static str> {
    if name.chars().count() > 128 {
        Some("the user name has more than 128 characters")
    } else if name.contains(['<', '>', ';', ':', '%']) {
        Some("the user name contains one of `<`, `>`, `;`, `:` and `%`")
    } else {
        None
    }
}

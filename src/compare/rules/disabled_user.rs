//! `disabled-user`: somebody who should have access cannot sign in.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Standing, Subject, UserStatus};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("disabled-user"),
    severity: Severity::Info,
    title: "User {who} is expected but disabled in Identity Center",
    meaning: "A person who is current in the lists is disabled in Identity Center.",
    advice: "Check the identity source: the person may be out of synchronization scope, or no longer assigned to the \
             application that sends users.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let disabled = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::User(user), Standing::Expected(row)) => {
            (case.world.snapshot.users[user].status == Some(UserStatus::Disabled)).then_some((judged.subject, *row))
        }
        _ => None,
    });
    disabled
        .map(|(subject, row)| {
            let evidence = vec![Evidence::Row(row), Evidence::CannotSignIn];
            case.finding(&RULE, RULE.severity, subject, evidence)
        })
        .collect()
}

//! `unexpected-user`: a stranger in Identity Center. All that the stranger holds is evidence of this one finding.

use crate::model::{Because, Evidence, Finding, Rule, RuleId, Severity, Standing, Subject, UserStatus};

use crate::compare::rule_context::{Case, raised_by};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unexpected-user"),
    severity: Severity::Medium,
    title: "User {who} is in Identity Center but not in any expected list",
    meaning: "A user of Identity Center is not in any expected list.",
    advice: "Find out who created the user and why. Remove it in the identity source (or in Identity Center, if it \
             was created there manually), or add the person to the directory.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let strangers = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::User(user), Standing::Unintended(Because::NotExpected(absence))) => {
            // What a deleted user leaves is a cause of its own.
            case.world.snapshot.users[user].listed.then_some((user, absence))
        }
        _ => None,
    });
    strangers
        .map(|(user, absence)| {
            let entry = &case.world.snapshot.users[user];
            let reached: Vec<Subject> = case.reached_by(user).collect();
            let (usable, reaches) = (entry.status != Some(UserStatus::Disabled), !reached.is_empty());
            let severity = if usable && reaches { RULE.severity.raised() } else { RULE.severity };
            let (severity, administrative) = raised_by(severity, &case.administrative_among(reached));
            let mut evidence = vec![Evidence::NotIn(absence.proved_by().clone())];
            evidence.extend(case.made(entry.created, entry.created_by.as_deref()));
            evidence.extend(administrative);
            evidence.extend(case.held_by(user).into_iter().map(Evidence::Holds));
            case.finding(&RULE, severity, Subject::User(user), evidence)
        })
        .collect()
}

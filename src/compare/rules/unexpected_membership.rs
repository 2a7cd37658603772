//! `unexpected-membership`: somebody is in a group that the directory knows, and it does not have them in there.
//! Strangers, leavers and unknown groups are causes of their own.

use crate::compare::rule_context::{Case, raised_by};
use crate::model::{Because, Evidence, Finding, Principal, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unexpected-membership"),
    severity: Severity::Medium,
    title: "User {who} is in group {group}; no expected list has this membership",
    meaning: "A user is in a group of Identity Center, but the directory does not have the person in that group.",
    advice: "Remove the user from the group in Identity Center, or add the person to the group in the directory if \
             the access was approved.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let unexpected = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::Membership(group, user), Standing::Unintended(Because::NotExpected(absence))) => {
            // Where lists name the members of some groups only, a user may be in no list at all.
            let of_known = matches!(case.standing(Subject::User(user)), Standing::Expected(_) | Standing::Unlisted)
                && matches!(case.standing(Subject::Group(group)), Standing::Expected(_));
            of_known.then_some((group, user, absence))
        }
        _ => None,
    });
    unexpected
        .map(|(group, user, absence)| {
            let assignments: Vec<Subject> = case.grants(Principal::Group(group)).collect();
            let (severity, administrative) =
                raised_by(RULE.severity, &case.administrative_among(assignments.iter().copied()));
            let mut evidence = vec![Evidence::NotIn(absence.proved_by().clone())];
            evidence.extend(case.membership_made(group, user));
            evidence.extend(administrative);
            evidence.extend(assignments.into_iter().map(Evidence::Holds));
            case.finding(&RULE, severity, Subject::Membership(group, user), evidence)
        })
        .collect()
}

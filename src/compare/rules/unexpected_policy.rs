//! `unexpected-policy`: an IAM user that is expected has a policy that its row does not name.

use crate::compare::administrative;
use crate::compare::rule_context::{Case, raised_by};
use crate::model::{Because, Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unexpected-policy"),
    severity: Severity::Medium,
    title: "IAM user {who} in {place} has policy {policy}; its row does not name it",
    meaning: "An IAM user has a policy that its row of `iam-users.csv` does not name.",
    advice: "Remove the policy from the user (or from the group that gives it) in IAM, or add it to the user's row.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let unexpected = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::Policy(account, user, policy), Standing::Unintended(Because::NotExpected(absence))) => {
            // What an IAM user holds whom nobody expects belongs to that cause.
            let of_known = matches!(case.standing(Subject::IamUser(account, user)), Standing::Expected(_));
            let policy = &case.iam_user(account, user).policies[policy.number()];
            of_known.then(|| (judged.subject, administrative::iam_policy(policy, case.place(account)), absence))
        }
        _ => None,
    });
    unexpected
        .map(|(subject, administrative, absence)| {
            let (severity, administrative) = raised_by(RULE.severity, &administrative);
            let mut evidence = vec![Evidence::NotIn(absence.proved_by().clone())];
            evidence.extend(administrative);
            case.finding(&RULE, severity, subject, evidence)
        })
        .collect()
}

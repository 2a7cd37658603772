//! `unexpected-iam-user`: an IAM user that `iam-users.csv` does not name. Its policies are evidence of this finding.

use crate::compare::rule_context::{Case, raised_by};
use crate::model::{Because, Credentials, Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unexpected-iam-user"),
    severity: Severity::Medium,
    title: "IAM user {who} is in {place} but not in any expected list",
    meaning: "An account has an IAM user that no row of `iam-users.csv` expects.",
    advice: "Find out who created the user and what uses it. Delete it in IAM, or add its row to `iam-users.csv` \
             with an owner.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let unexpected = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::IamUser(account, user), Standing::Unintended(Because::NotExpected(absence))) => {
            Some((account, user, absence))
        }
        _ => None,
    });
    unexpected
        .map(|(account, user, absence)| {
            let entry = case.iam_user(account, user);
            // Credentials that could not be read may be live.
            let live = entry.credentials.is().is_none_or(Credentials::live);
            let severity = if live { RULE.severity.raised() } else { RULE.severity };
            let (severity, administrative) = raised_by(severity, &case.administrative_user(account, user));
            let mut evidence = vec![Evidence::NotIn(absence.proved_by().clone())];
            evidence.extend(live.then_some(Evidence::LiveCredentials));
            evidence.extend(administrative);
            evidence.extend(case.policies_of(account, user).map(Evidence::Holds));
            case.finding(&RULE, severity, Subject::IamUser(account, user), evidence)
        })
        .collect()
}

//! `console-without-mfa`: an IAM user can sign in to the console with a password alone.

use crate::compare::rule_context::{Case, raised_by};
use crate::model::{Credentials, Evidence, Finding, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("console-without-mfa"),
    severity: Severity::Medium,
    title: "IAM user {who} in {place} can sign in without MFA",
    meaning: "An IAM user has a console password but no MFA.",
    advice: "Set up MFA for the user in IAM, or remove its password. People sign in through Identity Center.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let alone = |credentials: &Credentials| credentials.password == Some(true) && !credentials.mfa;
    case.expected_iam_users()
        .filter(|&(account, user)| case.iam_user(account, user).credentials.is().is_some_and(alone))
        .map(|(account, user)| {
            let administrative = case.administrative_user(account, user);
            let (severity, administrative) = raised_by(RULE.severity, &administrative);
            let mut evidence = vec![Evidence::WithoutMfa];
            evidence.extend(administrative);
            case.finding(&RULE, severity, Subject::IamUser(account, user), evidence)
        })
        .collect()
}

//! `old-key`: an IAM user has an active access key that is older than the settings allow. Where AWS does not say when a key
//! was made, nothing is found.

use crate::compare::rule_context::{Case, raised_by};
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("old-key"),
    severity: Severity::Medium,
    title: "IAM user {who} in {place} has an access key that is too old",
    meaning: "An active access key of an IAM user is older than `rules.key_max_age`. Without this setting, the rule \
              finds nothing.",
    advice: "Create a new key, replace the old one where it is used, deactivate the old one and delete it later. If \
             nothing uses it, deactivate it.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let Some(allowed) = case.world.policy.key_max_age else { return Vec::new() };
    let too_old = case.expected_iam_users().filter_map(|(account, user)| {
        let made = case.iam_user(account, user).credentials.is().and_then(|known| known.oldest_key)?;
        (case.world.stamp.as_of - made > allowed).then_some((account, user, made))
    });
    too_old
        .map(|(account, user, made)| {
            let (severity, administrative) = raised_by(RULE.severity, &case.administrative_user(account, user));
            let evidence = [Evidence::OldestKey(made)].into_iter().chain(administrative).collect();
            case.finding(&RULE, severity, Subject::IamUser(account, user), evidence)
        })
        .collect()
}

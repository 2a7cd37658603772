//! `unused-credential`: an IAM user has a password or active access keys that nobody used for longer than the settings
//! allow. Where AWS does not say when something was last used, nothing is found: that is not known, and not "unused".

use chrono::{DateTime, TimeDelta, Utc};

use crate::compare::rule_context::{Case, raised_by};
use crate::model::{Credentials, Evidence, Finding, Rule, RuleId, Severity, Subject, Used};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unused-credential"),
    severity: Severity::Low,
    title: "IAM user {who} in {place} has credentials that nobody uses",
    meaning: "The console password or the active access keys of an IAM user were last used longer ago than \
              `rules.unused_after`. Without this setting, the rule finds nothing; nor does it where AWS has no last use.",
    advice: "Ask the owner whether the credential is needed. If not, remove the password or deactivate the key.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let Some(allowed) = case.world.policy.unused_after else { return Vec::new() };
    let unused = case.expected_iam_users().filter_map(|(account, user)| {
        let known = case.iam_user(account, user).credentials.is()?;
        let evidence = unused(known, case.world.stamp.as_of, allowed);
        (!evidence.is_empty()).then_some((account, user, evidence))
    });
    unused
        .map(|(account, user, mut evidence)| {
            let (severity, administrative) = raised_by(RULE.severity, &case.administrative_user(account, user));
            evidence.extend(administrative);
            case.finding(&RULE, severity, Subject::IamUser(account, user), evidence)
        })
        .collect()
}

/// What of these credentials was last used longer ago than allowed.
fn unused(known: &Credentials, as_of: DateTime<Utc>, allowed: TimeDelta) -> Vec<Evidence> {
    let password = known.password_used.filter(|_| known.password == Some(true)).map(|at| (Used::Password, at));
    let keys = known.key_used.filter(|_| known.active_keys > 0).map(|at| (Used::Keys, at));
    let used = password.into_iter().chain(keys);
    used.filter(|(_, at)| as_of - *at > allowed).map(|(used, at)| Evidence::LastUsed(used, at)).collect()
}

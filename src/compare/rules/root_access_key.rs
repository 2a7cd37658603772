//! `root-access-key`: the root user of an account has an active access key.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("root-access-key"),
    severity: Severity::Critical,
    title: "The root user of {place} has an active access key",
    meaning: "The root user of an account has an active access key: whoever holds it can do everything, and no policy \
              of the account limits it.",
    advice: "Sign in as the root user (or remove root credentials centrally in IAM of the management account) and delete \
             the key; what uses it gets a role.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    case.roots()
        .filter(|(_, root)| root.active_keys > 0)
        .map(|(account, root)| {
            let evidence = vec![Evidence::ActiveKeys(root.active_keys)];
            case.finding(&RULE, RULE.severity, Subject::Root(account), evidence)
        })
        .collect()
}

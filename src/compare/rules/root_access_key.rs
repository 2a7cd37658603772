//! `root-access-key`: the root user of an account has an active access key or signing certificate.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("root-access-key"),
    severity: Severity::Critical,
    title: "The root user of {place} has an active access key",
    meaning: "The root user of an account has an active access key or signing certificate. Its holder can do \
              everything, and no policy of the account limits it.",
    advice: "Sign in as the root user and delete it, or remove root credentials centrally in IAM of the management \
             account. Use a role instead.",
};

/// See [`RULE`]: the title of another case of it.
const CERTIFICATE: &str = "The root user of {place} has an active signing certificate";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    case.roots()
        .filter(|(_, root)| root.active_keys > 0 || root.active_certificates > 0)
        .map(|(account, root)| {
            let keys = Some(root.active_keys).filter(|active| *active > 0).map(Evidence::ActiveKeys);
            let certificates = Some(root.active_certificates).filter(|active| *active > 0);
            let evidence = keys.into_iter().chain(certificates.map(Evidence::SigningCertificates)).collect();
            let title = if root.active_keys > 0 { RULE.title } else { CERTIFICATE };
            case.finding(&RULE, RULE.severity, Subject::Root(account), evidence).titled(title)
        })
        .collect()
}

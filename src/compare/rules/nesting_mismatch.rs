//! `nesting-mismatch`: groups of Identity Center look like the other setting of `expect.nested_groups`. It is one finding in place of one for each membership that depends on it.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("nesting-mismatch"),
    severity: Severity::Medium,
    title: "{nesting}",
    meaning: "The groups of Identity Center fit the other value of `expect.nested_groups` better. No conclusion is \
              drawn about memberships that depend on this setting.",
    advice: "Set `expect.nested_groups` to match the identity source. Use `flatten` if members of nested groups are \
             also members of the outer group (Identity Center's own synchronization from Active Directory). Use \
             `direct` if they are not (SCIM from Entra ID).",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let Some(mismatch) = &case.matching.nesting_mismatch else { return Vec::new() };
    vec![case.finding(&RULE, RULE.severity, Subject::Directory, vec![Evidence::Looks(mismatch.looks)])]
}

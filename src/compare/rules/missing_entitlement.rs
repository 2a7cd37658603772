//! `missing-entitlement`: a row of `entitlements.csv` that nothing in AWS meets.

use super::missing_grant;
use crate::compare::rule_context::Case;
use crate::model::{Finding, Kind, Rule, RuleId, Severity};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-entitlement"),
    severity: Severity::Low,
    title: "{Holder} should be entitled to role {role} in {place} but is not",
    meaning: "A row of `entitlements.csv` expects an entitlement that does not exist.",
    advice: "Create the entitlement in account access manager, or delete the row from `entitlements.csv`.",
};

/// See [`RULE`]: the title of another case of it.
const NO_SUCH: &str = "A row expects {holder} to be entitled to role {role} in {place}, but {missing}";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    missing_grant::check(case, &RULE, Kind::Entitlement, NO_SUCH)
}

//! `missing-assignment`: a row of `assignments.csv` that nothing in AWS meets.

use super::missing_grant;
use crate::compare::rule_context::Case;
use crate::model::{Finding, Kind, Rule, RuleId, Severity};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-assignment"),
    severity: Severity::Low,
    title: "{Holder} should have {set} in {place} but does not",
    meaning: "A row of `assignments.csv` expects an assignment that does not exist.",
    advice: "Create the assignment in Identity Center, or delete the row from `assignments.csv`.",
};

/// See [`RULE`]: the title of another case of it.
const NO_SUCH: &str = "A row expects {set} for {holder} in {place}, but {missing}";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    missing_grant::check(case, &RULE, Kind::Assignment, NO_SUCH)
}

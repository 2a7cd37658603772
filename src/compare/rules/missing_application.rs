//! `missing-application`: a row of `applications.csv` that nothing in AWS meets.

use super::missing_grant;
use crate::compare::rule_context::Case;
use crate::model::{Finding, Kind, Rule, RuleId, Severity};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-application"),
    severity: Severity::Low,
    title: "{Holder} should have application {application} but does not",
    meaning: "A row of `applications.csv` expects an application assignment that does not exist.",
    advice: "Create the assignment in Identity Center, or delete the row from `applications.csv`.",
};

/// See [`RULE`]: the title of another case of it.
const NO_SUCH: &str = "A row expects application {application} for {holder}, but {missing}";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    missing_grant::check(case, &RULE, Kind::Application, NO_SUCH)
}

//! `lossy-list`: an export that lost characters. Names with one are not used to recognise anybody.

use crate::compare::rule_context::Case;
use crate::model::{Finding, Ix, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("lossy-list"),
    severity: Severity::Low,
    title: "Expected list {list} lost characters in names",
    meaning: "A directory export lost characters in names and has `?` instead. These names match no person.",
    advice: "Export again with `-Encoding UTF8`, or with the script that `rollcall export-commands ad` prints.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let files = case.world.expectation.files.iter().enumerate().filter(|(_, file)| file.lossy);
    files.map(|(file, _)| case.finding(&RULE, RULE.severity, Subject::List(Ix::new(file)), Vec::new())).collect()
}

//! `partial-list`: an export that was cut off. It is one alarm; what cannot be concluded without it is a gap.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Ix, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("partial-list"),
    severity: Severity::Medium,
    title: "Expected list {list} is incomplete",
    meaning: "A directory export is incomplete, so absence from it proves nothing.",
    advice: "Export it again, and check why it stopped: a size limit, a failed page or a full disk.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let files = case.world.expectation.files.iter().enumerate();
    files
        .filter_map(|(number, file)| {
            let evidence = vec![Evidence::CutOff(file.cut.clone()?)];
            Some(case.finding(&RULE, RULE.severity, Subject::List(Ix::new(number)), evidence))
        })
        .collect()
}

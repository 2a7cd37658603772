//! `unused-row`: a row that was understood and means nothing that exists.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Ix, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unused-row"),
    severity: Severity::Info,
    title: "The row at {list} matches nothing that exists",
    meaning: "A pattern or naming convention in an expected list matches nothing that exists.",
    advice: "Correct or delete the row. Otherwise it would expect whatever matches it later.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let rows = case.world.expectation.idle.iter().enumerate();
    rows.map(|(number, row)| {
        let evidence = vec![Evidence::Row(row.row), Evidence::MeansNothing(row.what.clone())];
        case.finding(&RULE, RULE.severity, Subject::IdleRow(Ix::new(number)), evidence)
    })
    .collect()
}

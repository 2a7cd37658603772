//! `shrunken-list`: an export that says much less than in the earlier run. A filter that became too narrow makes people
//! strangers, and a list that lost most of its rows is more often broken than true.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Ix, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("shrunken-list"),
    severity: Severity::Medium,
    meaning: "A directory export has lost a fifth of its rows or more since the earlier run.",
    advice: "Look at the export's filter and search base. If so many people really left, this finding goes with the \
             next run.",
};

/// Rows that a list may lose in any case: in a small one a few leavers are a fifth.
const FEW: u32 = 5;

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let Some(earlier) = &case.world.earlier else { return Vec::new() };
    // That a file is cut is a finding of its own.
    let files = case.world.expectation.files.iter().enumerate().filter(|(_, file)| file.ages && file.cut.is_none());
    files
        .filter_map(|(number, file)| {
            let (rows, before) = (file.rows_used, *earlier.list_rows.get(&file.name)?);
            let lost = before.saturating_sub(rows);
            let shrunken = lost > FEW && u64::from(lost) * 5 >= u64::from(before);
            let evidence = vec![Evidence::Shrunk { rows, before }];
            shrunken.then(|| case.finding(&RULE, RULE.severity, Subject::List(Ix::new(number)), evidence))
        })
        .collect()
}

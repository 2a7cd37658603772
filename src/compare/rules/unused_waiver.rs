//! `unused-waiver`: a waiver that accepts nothing. Such a policy hides whatever comes along one day.

use std::sync::Arc;

use crate::compare::rule_context::Case;
use crate::compare::waivers::outcome::WaiverOutcome;
use crate::model::{Evidence, Finding, Gap, Hides, Ix, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unused-waiver"),
    severity: Severity::Info,
    title: "The waiver of {waiver} accepts no finding",
    meaning: "A waiver accepts no finding of this run.",
    advice: "Delete it from `waivers.toml`. Otherwise it would hide the next deviation of its kind.",
};

pub(super) fn check(case: &Case<'_>, laid: &WaiverOutcome, gaps: &[Arc<Gap>]) -> Vec<Finding> {
    // What the waiver accepts may stand behind a gap.
    if gaps.iter().any(|gap| gap.hides == Hides::Grants) {
        return Vec::new();
    }
    let waivers = case.world.expectation.waivers.iter().enumerate();
    waivers
        .filter(|(number, _)| !laid.used[*number] && !laid.faults.contains_key(&Ix::new(*number)))
        .map(|(number, waiver)| {
            let evidence = vec![Evidence::Row(waiver.row)];
            case.finding(&RULE, RULE.severity, Subject::Waiver(Ix::new(number)), evidence)
        })
        .collect()
}

//! `expired-waiver`: a waiver whose day has passed, and which would still accept a finding. The finding stands again.

use crate::compare::rule_context::Case;
use crate::compare::waivers::outcome::{WaiverOutcome, holds};
use std::sync::Arc;

use crate::model::{Evidence, Finding, Gap, Ix, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("expired-waiver"),
    severity: Severity::Low,
    title: "The waiver of {waiver} expired on {expires}",
    meaning: "A waiver has expired, but what it accepted still exists.",
    advice: "Fix the deviation, or have it approved again in `waivers.toml` with a new date.",
};

pub(super) fn check(case: &Case<'_>, laid: &WaiverOutcome, _gaps: &[Arc<Gap>]) -> Vec<Finding> {
    let waivers = case.world.expectation.waivers.iter().enumerate();
    waivers
        .filter(|(number, waiver)| !holds(waiver, case.world) && laid.used[*number])
        .map(|(number, waiver)| {
            let evidence = vec![Evidence::Row(waiver.row)];
            case.finding(&RULE, RULE.severity, Subject::Waiver(Ix::new(number)), evidence)
        })
        .collect()
}

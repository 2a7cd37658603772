//! `invalid-waiver`: a waiver that is too wide, too long or approved by the person whom it is about. It accepts nothing.

use crate::compare::rule_context::Case;
use crate::compare::waivers::outcome::WaiverOutcome;
use std::sync::Arc;

use crate::model::{Evidence, Finding, Gap, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("invalid-waiver"),
    severity: Severity::High,
    title: "The waiver of {waiver} is invalid and accepts nothing",
    meaning: "A waiver is invalid. It runs longer than the settings allow, covers a whole rule of high or critical \
              severity, or was approved by the person it is about. Its findings stay open.",
    advice: "Check what it names and who wrote it. Delete it from `waivers.toml`, or have another person accept the \
             single finding for a shorter time (`rollcall waive` writes such a waiver).",
};

pub(super) fn check(case: &Case<'_>, waivers: &WaiverOutcome, _gaps: &[Arc<Gap>]) -> Vec<Finding> {
    let invalid = waivers.faults.iter().map(|(number, faults)| {
        let row = case.world.expectation.waivers[number.number()].row;
        let faults = faults.iter().cloned().map(Evidence::WaiverFault);
        let evidence = [Evidence::Row(row)].into_iter().chain(faults).collect();
        case.finding(&RULE, RULE.severity, Subject::Waiver(*number), evidence)
    });
    invalid.collect()
}

//! `stale-list`: a directory export that is older than the settings allow.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, ExportClock, Exported, Finding, Ix, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("stale-list"),
    severity: Severity::Medium,
    title: "Expected list {list} was exported {age} ago; the settings allow {allowed}",
    meaning: "A directory export is older than `expect.max_age` allows, so it may lack joiners and leavers.",
    advice: "Export the directory again, and schedule the export.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let as_of = case.world.stamp.as_of;
    let files = case.world.expectation.files.iter().enumerate().filter(|(_, file)| file.ages);
    files
        .filter_map(|(number, file)| {
            // The newest change in a file that is cut says nothing of when it was exported.
            let says = |exported: &Exported| file.cut.is_none() || exported.known_by != ExportClock::NewestChange;
            let exported = file.exported.filter(says)?.at;
            let age = as_of - exported;
            (age > case.world.policy.max_list_age).then(|| {
                let evidence = vec![Evidence::ExportedAt(exported, age.num_hours())];
                case.finding(&RULE, RULE.severity, Subject::List(Ix::new(number)), evidence)
            })
        })
        .collect()
}

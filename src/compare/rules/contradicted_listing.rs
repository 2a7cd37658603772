//! `contradicted-listing`: two listings of AWS, both read to their end, of which one lacks what the other shows. So one
//! of them leaves something out and does not say so. What either shows counts as held; what both leave out, nobody
//! sees.

use std::collections::BTreeMap;

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("contradicted-listing"),
    severity: Severity::High,
    title: "AWS's listing for {holder} lacks {contradicted} that another listing shows",
    meaning: "AWS was queried in two ways for memberships or assignments, and one listing lacks what the other shows.",
    advice: "Check the user, group or permission set in Identity Center, and run again. If the listings still \
             differ, ask AWS Support, and attach the calls from this package. Until then, no listing of this \
             operation proves that something is missing.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut lacking: BTreeMap<Subject, Vec<Evidence>> = BTreeMap::new();
    for contradiction in case.world.snapshot.cross_checked.iter().flat_map(|checked| &checked.contradictions) {
        lacking.entry(contradiction.lacking.about).or_default().push(Evidence::Contradicted(*contradiction));
    }
    lacking.into_iter().map(|(listing, evidence)| case.finding(&RULE, RULE.severity, listing, evidence)).collect()
}

//! `orphaned-assignment`: what a user or a group still holds that Identity Center no longer lists. It was probably
//! deleted, and this is what remains; no list needs to say that it should not be there.

use std::collections::BTreeSet;

use crate::compare::rule_context::{Case, raised_by};
use crate::model::{Evidence, Finding, Principal, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("orphaned-assignment"),
    severity: Severity::Low,
    title: "User {who} still holds access but is not listed in Identity Center",
    meaning: "Access is assigned to a user or group that Identity Center does not list.",
    advice: "Delete the assignment in Identity Center.",
};

/// See [`RULE`]: the title of another case of it.
const GROUP: &str = "Group {who} still holds access but is not listed in Identity Center";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let snapshot = &case.world.snapshot;
    let groups = snapshot.groups.positions().map(|(group, _)| Principal::Group(group));
    let users = snapshot.users.positions().map(|(user, _)| Principal::User(user));
    // One that only a user names holds nothing.
    let groups = groups.filter(|&group| case.grants(group).next().is_some());
    let orphans: BTreeSet<Principal> = groups.chain(users).filter(|&principal| case.is_gone(principal)).collect();
    orphans.into_iter().map(|orphan| finding(case, orphan)).collect()
}

fn finding(case: &Case<'_>, orphan: Principal) -> Finding {
    let assignments: Vec<Subject> = case.grants(orphan).collect();
    let (severity, administrative) = raised_by(RULE.severity, &case.administrative_among(assignments.clone()));
    let (subject, held, title) = match orphan {
        Principal::Group(group) => (Subject::Group(group), assignments, GROUP),
        Principal::User(user) => (Subject::User(user), case.held_by(user), RULE.title),
    };
    let mut evidence = vec![Evidence::PrincipalNotListed];
    evidence.extend(administrative);
    evidence.extend(held.into_iter().map(Evidence::Holds));
    case.finding(&RULE, severity, subject, evidence).titled(title)
}

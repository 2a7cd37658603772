//! `unexpected-group`: a group of Identity Center that the directory does not have. Its members and assignments are
//! evidence of this one finding.

use crate::compare::control_tower;
use crate::compare::rule_context::{Case, raised_by};
use crate::model::{Because, Evidence, Finding, Principal, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unexpected-group"),
    severity: Severity::Low,
    title: "Group {who} is in Identity Center but not in any expected list",
    meaning: "A group of Identity Center is not in any expected list.",
    advice: "Find out who created the group and why. Delete it in Identity Center, or create it in the directory and \
             let it synchronize.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let unexpected = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::Group(group), Standing::Unintended(Because::NotExpected(absence))) => {
            // What a deleted group leaves is a cause of its own.
            case.world.snapshot.groups[group].listed.then_some((group, absence))
        }
        _ => None,
    });
    unexpected
        .map(|(group, absence)| {
            let entry = &case.world.snapshot.groups[group];
            let assignments: Vec<Subject> = case.grants(Principal::Group(group)).collect();
            // A group that gives nothing is untidy; one that gives access is a hole.
            let severity = if assignments.is_empty() { RULE.severity } else { Severity::Medium };
            let (severity, administrative) = raised_by(severity, &case.administrative_among(assignments.clone()));
            let mut evidence = vec![Evidence::NotIn(absence.proved_by().clone())];
            evidence.extend(case.made(entry.created, entry.created_by.as_deref()));
            evidence.extend(control_tower::group(&entry.name).map(Evidence::MadeBy));
            evidence.extend(administrative);
            evidence.extend(assignments.into_iter().map(Evidence::Holds));
            evidence.extend(entry.members.seen().map(|&user| Evidence::Holds(Subject::Membership(group, user))));
            case.finding(&RULE, severity, Subject::Group(group), evidence)
        })
        .collect()
}

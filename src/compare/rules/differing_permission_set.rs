//! `differing-permission-set`: what a permission set allows is not what was approved: access that grew behind an
//! expected name.

use crate::compare::became_administrative;
use crate::compare::rule_context::{Case, raised_by};
use crate::model::{
    Evidence, Finding, Ix, PermissionSet, PermissionSetRow, RowRef, Rule, RuleId, Severity, Standing, Subject,
};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("differing-permission-set"),
    severity: Severity::High,
    title: "Permission set {set} differs from what was approved",
    meaning: "A permission set differs from what its row in `permission-sets.csv` approves, or it makes its holders \
              administrators and the row does not say so.",
    advice: "Check what changed in the permission set's policies. Revert the change in Identity Center, or have it \
             approved and update the row (`rollcall adopt --finding` prints the digest).",
};

/// See [`RULE`]: the title of another case of it.
const UNAPPROVED: &str = "Permission set {set} makes its holders administrators; its row does not approve this";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let differing = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::PermissionSet(set), Standing::Differs(row)) => Some(finding(case, set, *row)),
        _ => None,
    });
    differing.collect()
}

fn finding(case: &Case<'_>, set: Ix<PermissionSet>, row: RowRef) -> Finding {
    let of_row = |candidate: &&PermissionSetRow| candidate.row == row;
    let approved = case.world.expectation.permission_sets.seen().find(of_row);
    let now = case.world.snapshot.permission_sets[set].policies.is().map(crate::model::PermissionSetPolicies::digest);
    // A row that says nothing was perhaps written for what is there.
    let unsaid = approved.is_some_and(|row| row.digest.is_none() && row.administrative.is_none());
    let was_harmless = became_administrative::was_harmless_set(case.world, &case.world.snapshot.permission_sets[set]);
    let became = case.became(was_harmless, case.administrative(set));
    let severity = if unsaid && became.is_none() { Severity::Medium } else { RULE.severity };
    let (severity, administrative) = raised_by(severity, case.administrative(set));
    let mut evidence = vec![Evidence::Row(row)];
    if let (Some(approved), Some(now)) = (approved.and_then(|row| row.digest.clone()), now)
        && approved != now
    {
        evidence.push(Evidence::Digest { now, approved });
    }
    let not_to_administer = approved.is_some_and(|row| row.administrative == Some(false)) && administrative.is_some();
    evidence.extend(not_to_administer.then_some(Evidence::NotToAdminister));
    let differs = evidence.len() > 1;
    if !differs {
        evidence.push(Evidence::ToApprove("administrative", "yes".to_owned()));
    }
    evidence.extend(became);
    evidence.extend(administrative);
    evidence.extend(case.assignments_of(set).map(Evidence::Holds));
    let finding = case.finding(&RULE, severity, Subject::PermissionSet(set), evidence);
    if differs { finding } else { finding.titled(UNAPPROVED) }
}

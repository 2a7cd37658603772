//! `unexpected-entitlement`: an IAM role that no row of `entitlements.csv` expects somebody to be entitled to, who is
//! otherwise in order. Account access manager gives it beside all permission sets.

use crate::compare::case::{Case, raised_by};
use crate::model::{Because, Evidence, Finding, Principal, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unexpected-entitlement"),
    severity: Severity::Medium,
    meaning: "A user or a group of Identity Center is entitled to an IAM role by account access manager, and no row of \
              `entitlements.csv` expects it, or its row has expired.",
    advice: "Delete the entitlement in account access manager, or add its row to `entitlements.csv` if it was approved.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let unexpected = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::Entitlement(entitled, entitlement), Standing::Unintended(because)) => {
            let principal = case.world.snapshot.entitled[entitled].entitlements[entitlement].principal;
            let why = match because {
                Because::NotExpected(absence) => Evidence::NotIn(absence.proved_by().clone()),
                Because::Lapsed(row) => Evidence::Lapsed(*row, case.last_day_of(*row)?),
                Because::HolderLeft(_) => return None,
            };
            // What a stranger or an unknown group holds belongs to that cause.
            (!case.is_own_cause(principal)).then_some((judged.subject, principal, why))
        }
        _ => None,
    });
    unexpected
        .map(|(subject, principal, why)| {
            let (severity, administrative) = raised_by(RULE.severity, &case.administrative_among([subject]));
            let mut evidence = vec![why];
            evidence.extend(administrative);
            if let Principal::Group(group) = principal {
                evidence.push(Evidence::Reaches(case.world.snapshot.groups[group].members.seen().count()));
            }
            case.finding(&RULE, severity, subject, evidence)
        })
        .collect()
}

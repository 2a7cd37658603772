//! `unexpected-entitlement`: an IAM role that no row of `entitlements.csv` expects somebody to be entitled to, who is
//! otherwise in order. Account access manager gives it beside all permission sets.

use crate::compare::administrative;
use crate::compare::rule_context::{Case, not_approved, raised_by};
use crate::model::{Because, Evidence, Finding, Principal, Rule, RuleId, Severity, Sight, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unexpected-entitlement"),
    severity: Severity::Medium,
    title: "{Holder} is entitled to role {role} in {place}; no expected list has this entitlement",
    meaning: "Account access manager entitles a user or group of Identity Center to an IAM role. No row of \
              `entitlements.csv` expects it, its row has expired, or its row does not approve what the role allows.",
    advice: "Delete the entitlement in account access manager, or add its row to `entitlements.csv` if it was approved.",
};

/// See [`RULE`]: the title of another case of it.
const LAPSED: &str = "{Holder} is still entitled to role {role} in {place}, but the row that expected it has expired";

/// See [`RULE`]: the title of another case of it.
const ADMINISTRATIVE: &str = "{Holder} is entitled to role {role} in {place}, which is administrative; its row does \
                              not approve that";

/// See [`RULE`]: the title of another case of it.
const DIFFERS: &str = "{Holder} is entitled to role {role} in {place}, which is not what the row approves";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let unexpected = case.judged.iter().filter_map(|judged| {
        let Subject::Entitlement(entitled, entitlement) = judged.subject else { return None };
        let entitled = &case.world.snapshot.entitled[entitled];
        let held = &entitled.entitlements[entitlement];
        let (title, why) = match &judged.standing {
            Standing::Unintended(Because::NotExpected(absence)) => {
                (RULE.title, vec![Evidence::NotIn(absence.proved_by().clone())])
            }
            Standing::Unintended(Because::Lapsed(row)) => {
                (LAPSED, vec![Evidence::Lapsed(*row, case.last_day_of(*row)?)])
            }
            Standing::Differs(row) => {
                let approved = case.world.expectation.entitlements.look_up(row, |listed| listed.row).seen();
                let role = administrative::entitled_role(&case.world.snapshot, entitled.account, held);
                let role = role.and_then(Sight::seen);
                let not_approved = approved
                    .zip(role)
                    .map(|(listed, role)| not_approved((listed.administrative, listed.digest.as_deref()), role));
                let title = match &not_approved {
                    Some(Evidence::ToApprove(..)) => ADMINISTRATIVE,
                    Some(_) | None => DIFFERS,
                };
                (title, [Evidence::Row(*row)].into_iter().chain(not_approved).collect())
            }
            Standing::Unintended(Because::HolderLeft(_) | Because::HolderHadLeft(_))
            | Standing::Expected(_)
            | Standing::Pending(_)
            | Standing::Missing(..)
            | Standing::Unknown(_)
            | Standing::Unlisted => return None,
        };
        // What a stranger or an unknown group holds belongs to that cause.
        (!case.is_own_cause(held.principal)).then_some((judged.subject, held.principal, title, why))
    });
    unexpected
        .map(|(subject, principal, title, mut evidence)| {
            let (severity, administrative) = raised_by(RULE.severity, &case.administrative_among([subject]));
            evidence.extend(administrative);
            if let Principal::Group(group) = principal {
                evidence.push(Evidence::Reaches(case.world.snapshot.groups[group].members.seen().count()));
            }
            case.finding(&RULE, severity, subject, evidence).titled(title)
        })
        .collect()
}

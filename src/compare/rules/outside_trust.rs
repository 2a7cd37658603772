//! `outside-trust`: a role trusts somebody who is not of the organization. Without `trusts.csv` only what nobody would
//! write into it is a finding: everyone is trusted, or an outsider becomes an administrator.

use std::collections::BTreeMap;

use crate::compare::reserved_roles;
use crate::compare::rule_context::{Case, not_approved, raised_by};
use crate::compare::trust_conditions;
use crate::model::{
    Absence, Because, Evidence, Finding, IamAccount, IamRole, Ix, RowRef, Rule, RuleId, Severity, Standing, Subject,
    Trust, Trusted,
};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("outside-trust"),
    severity: Severity::Medium,
    title: "Role {who} in {place} trusts {whom} ({trusted}); no expected list has this trust",
    meaning: "A role can be assumed from outside the organization: by another account, a SAML or OpenID Connect \
              provider, or anyone. No row of `trusts.csv` expects this, or not under these conditions.",
    advice: "Check the role's trust policy in IAM. Remove the external principal, or restrict it with a condition \
             (an external id, the subject of a token). If the trust is intended, add it to `trusts.csv` with its \
             conditions and an owner.",
};

/// See [`RULE`]: the title of another case of it.
const ADMINISTRATIVE: &str = "Role {who} in {place} trusts {whom} ({trusted}); its row does not approve that the \
                              role is administrative";

/// See [`RULE`]: the title of another case of it.
const DIFFERS: &str = "Role {who} in {place} trusts {whom} ({trusted}); the role is not what its row approves";

/// See [`RULE`]: the title of another case of it.
const CONDITIONS: &str = "Role {who} in {place} trusts {whom} ({trusted}); its row does not approve the conditions";

/// See [`RULE`]: the title of another case of it.
const UNJUDGED: &str = "Role {who} in {place} trusts {whom} ({trusted})";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let trusts = case.judged.iter().filter_map(|judged| {
        let Subject::Trust(account, role, trust) = judged.subject else { return None };
        let listed = match &judged.standing {
            Standing::Unintended(Because::NotExpected(absence)) => Listed::Not(absence),
            Standing::Differs(row) => Listed::Otherwise(*row),
            Standing::Unlisted => Listed::Unjudged,
            Standing::Unintended(Because::HolderLeft(_) | Because::HolderHadLeft(_) | Because::Lapsed(_))
            | Standing::Expected(_)
            | Standing::Pending(_)
            | Standing::Missing(..)
            | Standing::Unknown(_) => return None,
        };
        finding(case, (account, role, trust), &listed)
    });
    leftovers_together(case, trusts.collect())
}

/// Roles that Identity Center left behind in many accounts for one permission set that is gone have one cause: they are
/// part of the gravest finding about one of them.
fn leftovers_together(case: &Case<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let mut together: Vec<Finding> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        let set = if let Subject::Trust(account, role, _) = finding.subject {
            reserved_roles::leftover_of(&case.world.snapshot, case.iam_role(account, role))
        } else {
            None
        };
        let Some(set) = set else {
            together.push(finding);
            continue;
        };
        match places.get(set) {
            None => {
                places.insert(set, together.len());
                together.push(finding);
            }
            Some(&place) => {
                let known = &mut together[place];
                let (mut gravest, part) = if finding.severity > known.severity {
                    (finding.clone(), known.clone())
                } else {
                    (known.clone(), finding)
                };
                let parts = part.evidence.iter().filter_map(Evidence::held).chain([part.subject]);
                gravest.evidence.extend(parts.map(Evidence::Holds));
                *known = gravest;
            }
        }
    }
    together
}

/// What the lists say of a trust.
enum Listed<'a> {
    /// Nothing, and they speak of trusts.
    Not(&'a Absence),
    /// This row expects it, and does not accept its conditions.
    Otherwise(RowRef),
    /// No list speaks of trusts.
    Unjudged,
}

fn finding(
    case: &Case<'_>,
    (account, role, place): (Ix<IamAccount>, Ix<IamRole>, Ix<Trust>),
    listed: &Listed<'_>,
) -> Option<Finding> {
    let entry = case.iam_role(account, role);
    let trust = case.trust(account, role, place);
    let everyone = trust_conditions::admit_everyone(trust);
    let administrative = case.administrative_role(account, entry);
    let anyone = trust.trusted == Trusted::Anyone;
    let outsider_administers = || administrative.is_yes() && case.is_outside(account, role, place);
    if matches!(listed, Listed::Unjudged) && !(everyone || anyone || outsider_administers()) {
        return None;
    }
    let severity = match (everyone, anyone) {
        (true, true) => Severity::Critical,
        (true, false) | (false, true) => Severity::High,
        (false, false) => RULE.severity,
    };
    let no_row_can = everyone && administrative.is_yes();
    let row = match listed {
        Listed::Otherwise(row) => case.world.expectation.trusts.look_up(row, |listed| listed.row).seen(),
        Listed::Not(_) | Listed::Unjudged => None,
    };
    let role_differs = row
        .filter(|row| !no_row_can && trust_conditions::are_as_listed(trust, &row.conditions))
        .map(|row| not_approved((row.administrative, row.digest.as_deref()), entry));
    let title = title(listed, role_differs.as_ref());
    let (severity, administrative_evidence) = raised_by(severity, &administrative);
    let mut evidence = match listed {
        Listed::Not(absence) => vec![Evidence::NotIn(absence.proved_by().clone())],
        Listed::Otherwise(row) => vec![Evidence::Row(*row)],
        Listed::Unjudged => Vec::new(),
    };
    evidence.extend(everyone.then_some(Evidence::TrustsEveryone));
    evidence.push(Evidence::Conditions(trust.condition_keys().into_iter().map(str::to_owned).collect()));
    match listed {
        Listed::Otherwise(_) | Listed::Not(_) if no_row_can => {}
        Listed::Otherwise(_) if role_differs.is_some() => evidence.extend(role_differs),
        Listed::Otherwise(_) | Listed::Not(_) => {
            evidence.push(Evidence::ToApprove("conditions", trust_conditions::cell(trust)));
        }
        Listed::Unjudged => {}
    }
    evidence.extend(administrative_evidence);
    evidence.extend(entry.made_by().map(Evidence::MadeBy));
    Some(case.finding(&RULE, severity, Subject::Trust(account, role, place), evidence).titled(title))
}

/// What a row does not approve is the role, where it approves the conditions.
fn title(listed: &Listed<'_>, role_differs: Option<&Evidence>) -> &'static str {
    match (listed, role_differs) {
        (Listed::Not(_), _) => RULE.title,
        (Listed::Otherwise(_), None) => CONDITIONS,
        (Listed::Otherwise(_), Some(Evidence::ToApprove(..))) => ADMINISTRATIVE,
        (Listed::Otherwise(_), Some(_)) => DIFFERS,
        (Listed::Unjudged, _) => UNJUDGED,
    }
}

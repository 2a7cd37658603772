//! `outside-trust`: a role trusts somebody who is not of the organization. Without `trusts.csv` only what nobody would
//! write into it is a finding: everyone is trusted, or an outsider becomes an administrator.

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
    meaning: "A role can be assumed from outside the organization: by another account, by a SAML or OpenID Connect \
              provider, or by anyone; and no row of `trusts.csv` expects it, or not under these conditions.",
    advice: "Look at the role's trust policy in IAM. Take the outsider out, or narrow it by a condition (an external id, \
             the subject of a token); if it is meant, write it into `trusts.csv` with its conditions and somebody who \
             answers for it.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let trusts = case.judged.iter().filter_map(|judged| {
        let Subject::Trust(account, role, trust) = judged.subject else { return None };
        let listed = match &judged.standing {
            Standing::Unintended(Because::NotExpected(absence)) => Listed::Not(absence),
            Standing::Differs(row) => Listed::Otherwise(*row),
            Standing::Unlisted => Listed::Unjudged,
            Standing::Unintended(Because::HolderLeft(_) | Because::Lapsed(_))
            | Standing::Expected(_)
            | Standing::Pending(_)
            | Standing::Missing(..)
            | Standing::Unknown(_) => return None,
        };
        finding(case, (account, role, trust), &listed)
    });
    trusts.collect()
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
        Listed::Otherwise(row) if conditions_are_listed(case, trust, *row) => {
            let row = case.world.expectation.trusts.look_up(row, |listed| listed.row).seen();
            let approved = row.map(|row| (row.administrative, row.digest.as_deref()));
            evidence.extend(approved.map(|approved| not_approved(approved, entry)));
        }
        Listed::Otherwise(_) | Listed::Not(_) => {
            evidence.push(Evidence::ToApprove("conditions", trust_conditions::cell(trust)));
        }
        Listed::Unjudged => {}
    }
    evidence.extend(administrative_evidence);
    evidence.extend(entry.made_by().map(Evidence::MadeBy));
    Some(case.finding(&RULE, severity, Subject::Trust(account, role, place), evidence))
}

/// Whether the conditions are what the row approves: then it is something else that it does not.
fn conditions_are_listed(case: &Case<'_>, trust: &Trust, row: RowRef) -> bool {
    let row = case.world.expectation.trusts.look_up(&row, |listed| listed.row).seen();
    row.is_some_and(|row| trust_conditions::are_as_listed(trust, &row.conditions))
}

//! `outside-trust`: a role trusts somebody who is not of the organization. Without `trusts.csv` only what nobody would
//! write into it is a finding: everyone is trusted, or an outsider becomes an administrator.

use crate::compare::case::{Case, raised_by};
use crate::compare::outside::trusts_everyone;
use crate::model::{Because, Evidence, Finding, Rule, RuleId, Severity, Standing, Subject, Trusted};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("outside-trust"),
    severity: Severity::Medium,
    meaning: "A role can be assumed from outside the organization: by another account, by a SAML or OpenID Connect \
              provider, or by anyone; and no row of `trusts.csv` expects it.",
    advice: "Look at the role's trust policy in IAM. Take the outsider out, or narrow it by a condition (an external id, \
             the subject of a token); if it is meant, add its row to `trusts.csv` with somebody who answers for it.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let trusts = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::Trust(account, role, trust), Standing::Unintended(Because::NotExpected(absence))) => {
            Some((account, role, trust, Some(Evidence::NotIn(absence.proved_by().clone()))))
        }
        (Subject::Trust(account, role, trust), Standing::Unlisted) => Some((account, role, trust, None)),
        _ => None,
    });
    trusts
        .filter_map(|(account, role, place, not_in)| {
            let entry = case.iam_role(account, role);
            let trust = case.trust(account, role, place);
            let everyone = trusts_everyone(trust);
            let administrative = case.administrative_role(entry);
            let anyone = trust.trusted == Trusted::Anyone;
            if not_in.is_none()
                && !(everyone || anyone || (administrative.is_yes() && case.is_outside(account, role, place)))
            {
                return None;
            }
            let severity = match (everyone, anyone) {
                (true, true) => Severity::Critical,
                (true, false) | (false, true) => Severity::High,
                (false, false) => RULE.severity,
            };
            let (severity, administrative) = raised_by(severity, &administrative);
            let mut evidence = Vec::from_iter(not_in);
            evidence.extend(everyone.then_some(Evidence::TrustsEveryone));
            let keys = trust.condition_keys().into_iter().map(str::to_owned);
            evidence.push(Evidence::Conditions(keys.collect()));
            evidence.extend(administrative);
            evidence.extend(entry.made_by().map(Evidence::MadeBy));
            Some(case.finding(&RULE, severity, Subject::Trust(account, role, place), evidence))
        })
        .collect()
}

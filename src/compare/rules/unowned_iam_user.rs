//! `unowned-iam-user`: `iam-users.csv` expects an IAM user, and neither it nor a tag says who answers for it, or says
//! somebody who is in no list any more.

use crate::compare::rule_context::{Case, raised_by};
use crate::model::{Administrative, Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unowned-iam-user"),
    severity: Severity::Low,
    title: "IAM user {who} in {place} has no known owner",
    meaning: "An IAM user has no known owner. Neither its row in `iam-users.csv` nor an `owner` tag names one, or \
              the named owner is in no list although others at that domain are.",
    advice: "Find out who uses the user. Enter the owner in the `owner` column of `iam-users.csv`, or delete the \
             user.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let unowned = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::IamUser(account, user), Standing::Expected(row)) => {
            // A draft is counted on page one, and the owner is a part of its review. Who answers for an administrator
            // cannot wait for it.
            let named = case.world.expectation.iam_users.look_up(row, |one| one.row).seen();
            let harmless = || case.administrative_user(account, user) == Administrative::No;
            let waits = named.is_some_and(|one| one.unreviewed) && harmless();
            let evidence = match case.owner_of(account, user) {
                None => vec![Evidence::NoOwner],
                Some(owner) => {
                    let source = case.owners.is_unknown(&owner)?;
                    vec![Evidence::Owner(owner), Evidence::NotIn(source)]
                }
            };
            (!waits).then_some((account, user, row, evidence))
        }
        _ => None,
    });
    unowned
        .map(|(account, user, row, why)| {
            let administrative = case.administrative_user(account, user);
            let (severity, administrative) = raised_by(RULE.severity, &administrative);
            let evidence = [Evidence::Row(*row)].into_iter().chain(why).chain(administrative).collect();
            case.finding(&RULE, severity, Subject::IamUser(account, user), evidence)
        })
        .collect()
}

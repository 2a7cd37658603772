//! `differing-policy`: what an IAM user's policies allow is not what was approved, by whatever way the user has them.

use crate::compare::case::{Case, raised_by};
use crate::model::{Evidence, Finding, IamUserRow, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("differing-policy"),
    severity: Severity::High,
    meaning: "The policies of an IAM user do not allow what its row of `iam-users.csv` says was approved.",
    advice: "Look at what changed in the user's policies, its groups' among them. Take the change back in IAM, or have \
             it approved and renew the row's digest.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let differing = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::IamUser(account, user), Standing::Differs(row)) => Some((account, user, *row)),
        _ => None,
    });
    differing
        .map(|(account, user, row)| {
            let entry = case.iam_user(account, user);
            let (severity, administrative) = raised_by(RULE.severity, &case.administrative_user(entry));
            let of_row = |candidate: &&IamUserRow| candidate.row == row;
            let approved = case.world.expectation.iam_users.seen().find(of_row).and_then(|row| row.digest.clone());
            let mut evidence = vec![Evidence::Row(row)];
            let digests = entry.policies_digest().zip(approved);
            evidence.extend(digests.map(|(now, approved)| Evidence::Digest { now, approved }));
            evidence.extend(administrative);
            evidence.extend(case.policies_of(account, user).map(Evidence::Holds));
            case.finding(&RULE, severity, Subject::IamUser(account, user), evidence)
        })
        .collect()
}

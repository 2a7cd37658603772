//! `unowned-iam-user`: `iam-users.csv` expects an IAM user, and neither it nor a tag says who answers for it.

use crate::compare::case::{Case, raised_by};
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unowned-iam-user"),
    severity: Severity::Low,
    meaning: "Nobody answers for an IAM user: its row of `iam-users.csv` names no owner, and it has no `owner` tag.",
    advice: "Find out who uses the user and write them into the `owner` column of `iam-users.csv`, or delete the user.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let unowned = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::IamUser(account, user), Standing::Expected(row)) => {
            // A row that nobody has reviewed is counted on page one; the owner is a part of that.
            let named = case.world.expectation.iam_users.look_up(row, |one| one.row).seen();
            let unreviewed = named.is_some_and(|one| one.unreviewed);
            let unowned = !unreviewed && case.owner_of(account, user).is_none();
            unowned.then_some((account, user, row))
        }
        _ => None,
    });
    unowned
        .map(|(account, user, row)| {
            let administrative = case.administrative_user(case.iam_user(account, user));
            let (severity, administrative) = raised_by(RULE.severity, &administrative);
            let mut evidence = vec![Evidence::Row(*row), Evidence::NoOwner];
            evidence.extend(administrative);
            case.finding(&RULE, severity, Subject::IamUser(account, user), evidence)
        })
        .collect()
}

//! `missing-iam-user`: a row of `iam-users.csv` whose user is not there.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-iam-user"),
    severity: Severity::Low,
    meaning: "A row of `iam-users.csv` expects an IAM user that is not there.",
    advice: "Take the row out of `iam-users.csv` if the user was deleted on purpose.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let missing = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::DueIamUser(position), Standing::Missing(row, absence)) => Some((position, row, absence)),
        _ => None,
    });
    missing
        .map(|(position, row, absence)| {
            let no_account = absence.is_proved_by(case.world.snapshot.accounts.extent());
            let mut evidence = vec![Evidence::Row(*row), Evidence::NotIn(absence.proved_by().clone())];
            evidence.extend(no_account.then_some(Evidence::NoSuchAccount));
            case.finding(&RULE, RULE.severity, Subject::DueIamUser(position), evidence)
        })
        .collect()
}

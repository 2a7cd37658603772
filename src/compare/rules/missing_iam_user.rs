//! `missing-iam-user`: a row of `iam-users.csv` whose user is not there.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-iam-user"),
    severity: Severity::Low,
    title: "IAM user {who} is missing in {place}",
    meaning: "A row of `iam-users.csv` expects an IAM user that does not exist.",
    advice: "Delete the row from `iam-users.csv` if the user was deleted on purpose.",
};

/// See [`RULE`]: the title of another case of it.
const NO_SUCH: &str = "A row expects IAM user {who} in {place}, but {missing}";

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
            let title = if no_account { NO_SUCH } else { RULE.title };
            case.finding(&RULE, RULE.severity, Subject::DueIamUser(position), evidence).titled(title)
        })
        .collect()
}

//! `missing-trust`: a row of `trusts.csv` whose role does not trust whom it names.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-trust"),
    severity: Severity::Low,
    title: "Role {who} in {place} is expected to trust {trusted}, and does not",
    meaning: "A row of `trusts.csv` expects a role to trust somebody, and it does not, or is not there.",
    advice: "Take the row out of `trusts.csv` if the trust was ended on purpose: a row that waits for its role would \
             accept it unseen.",
};

/// See [`RULE`]: the title of another case of it.
const NO_SUCH: &str = "A row expects role {who} in {place} to trust {trusted}, but {missing}";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let missing = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::DueTrust(_), Standing::Missing(row, absence)) => Some((judged.subject, row, absence)),
        _ => None,
    });
    missing
        .map(|(subject, row, absence)| {
            let no_account = absence.is_proved_by(case.world.snapshot.accounts.extent());
            let mut evidence = vec![Evidence::Row(*row), Evidence::NotIn(absence.proved_by().clone())];
            evidence.extend(no_account.then_some(Evidence::NoSuchAccount));
            let title = if no_account { NO_SUCH } else { RULE.title };
            case.finding(&RULE, RULE.severity, subject, evidence).titled(title)
        })
        .collect()
}

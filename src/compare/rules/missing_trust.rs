//! `missing-trust`: a row of `trusts.csv` whose role does not trust whom it names.

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("missing-trust"),
    severity: Severity::Low,
    title: "Role {who} in {place} should trust {trusted} but does not",
    meaning: "A row of `trusts.csv` expects an external trust that does not exist.",
    advice: "Delete the row from `trusts.csv` if the trust was ended on purpose. Otherwise the row silently accepts \
             the trust if it returns.",
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

//! `unexpected-assignment`: a permission set in an account that no row of `assignments.csv` expects, held by somebody
//! who is otherwise in order.

use crate::compare::rule_context::{Case, raised_by};
use crate::model::{Because, Evidence, Finding, Principal, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unexpected-assignment"),
    severity: Severity::Medium,
    title: "{Holder} has {set} in {place}; no expected list has this assignment",
    meaning: "A user or a group has a permission set in an account, but no row of `assignments.csv` expects it, or \
              its row has expired.",
    advice: "Delete the assignment in Identity Center, or add its row to `assignments.csv` if it was approved.",
};

/// See [`RULE`]: the title of another case of it.
const LAPSED: &str = "{Holder} still has {set} in {place}, but the row that expected it has expired";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let unexpected = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::Assignment(_, set, principal), Standing::Unintended(because)) => {
            let (title, why) = match because {
                Because::NotExpected(absence) => (RULE.title, Evidence::NotIn(absence.proved_by().clone())),
                Because::Lapsed(row) => (LAPSED, Evidence::Lapsed(*row, case.last_day_of(*row)?)),
                Because::HolderLeft(_) | Because::HolderHadLeft(_) => return None,
            };
            // What a stranger or an unknown group holds belongs to that cause.
            (!case.is_own_cause(principal)).then_some((judged.subject, set, principal, title, why))
        }
        _ => None,
    });
    unexpected
        .map(|(subject, set, principal, title, why)| {
            let (severity, administrative) = raised_by(RULE.severity, case.administrative(set));
            let mut evidence = vec![why];
            evidence.extend(administrative);
            if let Principal::Group(group) = principal {
                evidence.push(Evidence::Reaches(case.world.snapshot.groups[group].members.seen().count()));
            }
            case.finding(&RULE, severity, subject, evidence).titled(title)
        })
        .collect()
}

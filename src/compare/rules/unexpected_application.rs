//! `unexpected-application`: an application that no row of `applications.csv` expects somebody to use, who is otherwise
//! in order; or one that every user of Identity Center may use.

use crate::compare::rule_context::Case;
use crate::model::{Because, Evidence, Finding, Principal, Rule, RuleId, Severity, Standing, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unexpected-application"),
    severity: Severity::Low,
    title: "{Holder} may use application {application}; no expected list has this assignment",
    meaning: "A user, a group or everyone may use an application of Identity Center, but no row of \
              `applications.csv` expects it, or its row has expired.",
    advice: "Delete the assignment in Identity Center (for everyone: make the application require assignments), or \
             add its row to `applications.csv` if it was approved.",
};

/// See [`RULE`]: the title of another case of it.
const EVERYONE: &str =
    "Everyone may use application {application}, which requires no assignment; no expected list has this access";

/// See [`RULE`]: the title of another case of it.
const LAPSED: &str = "{Holder} may still use application {application}, but the row that expected it has expired";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let unexpected = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::Application(_, holder), Standing::Unintended(because)) => {
            let (title, why) = match because {
                Because::NotExpected(absence) => {
                    let title = if holder.is_none() { EVERYONE } else { RULE.title };
                    (title, Evidence::NotIn(absence.proved_by().clone()))
                }
                Because::Lapsed(row) => (LAPSED, Evidence::Lapsed(*row, case.last_day_of(*row)?)),
                Because::HolderLeft(_) | Because::HolderHadLeft(_) => return None,
            };
            // What a stranger or an unknown group holds belongs to that cause.
            let own_cause = holder.is_none_or(|principal| !case.is_own_cause(principal));
            own_cause.then_some((judged.subject, holder, title, why))
        }
        _ => None,
    });
    unexpected
        .map(|(subject, holder, title, why)| {
            let snapshot = &case.world.snapshot;
            let reached = match holder {
                None => Some(snapshot.users.seen().filter(|user| user.listed).count()),
                Some(Principal::Group(group)) => Some(snapshot.groups[group].members.seen().count()),
                Some(Principal::User(_)) => None,
            };
            let evidence = [why].into_iter().chain(reached.map(Evidence::Reaches));
            case.finding(&RULE, RULE.severity, subject, evidence.collect()).titled(title)
        })
        .collect()
}

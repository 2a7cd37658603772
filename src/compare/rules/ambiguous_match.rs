//! `ambiguous-match`: nobody can say who a user is. What the user holds cannot be judged until somebody makes it clear.

use std::collections::BTreeMap;

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Standing, Subject, Why};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("ambiguous-match"),
    severity: Severity::Low,
    title: "No clear match for {holder}",
    meaning: "A user or group of Identity Center matches several list entries, or matches one by name but not by id, \
              or by id but not by name.",
    advice: "Give each one a unique key in the directory: a user principal name, an email address or an external id. \
             If a new person received a former employee's name, remove the old user in the identity source.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    // Users who share a key have one cause.
    let mut by_key: BTreeMap<&str, (Subject, &[String], Vec<Subject>)> = BTreeMap::new();
    for judged in case.judged {
        let (Subject::User(_) | Subject::Group(_), Standing::Unknown(gap)) = (judged.subject, &judged.standing) else {
            continue;
        };
        let (key, candidates) = match &gap.why {
            Why::Ambiguous { key, candidates } => (key, candidates.as_slice()),
            Why::Borrowed { name: key, candidate } | Why::Contradicted { key, candidate } => {
                (key, std::slice::from_ref(candidate))
            }
            Why::Denied { .. }
            | Why::Failed { .. }
            | Why::Unsupported
            | Why::Cut { .. }
            | Why::TokenRepeated
            | Why::Outdated { .. }
            | Why::NotAsked
            | Why::OutOfScope
            | Why::NotListed
            | Why::Unreadable { .. }
            | Why::Truncated { .. }
            | Why::Untimely { .. }
            | Why::Lost { .. }
            | Why::Outside { .. }
            | Why::Untold { .. }
            | Why::Disputed { .. }
            | Why::Unapproved { .. }
            | Why::Unstated { .. }
            | Why::MayHaveLeft { .. }
            | Why::Disproved { .. }
            | Why::Unrecognized { .. }
            | Why::NoSharedKey { .. }
            | Why::NestingMismatch { .. }
            | Why::Refused { .. } => continue,
        };
        let (_, _, others) = by_key.entry(key).or_insert((judged.subject, candidates, Vec::new()));
        others.push(judged.subject);
    }
    by_key
        .into_iter()
        .map(|(key, (subject, candidates, same))| {
            let mut evidence = vec![Evidence::Fits(key.to_owned(), candidates.to_vec())];
            evidence.extend(same.into_iter().filter(|other| *other != subject).map(Evidence::Holds));
            case.finding(&RULE, RULE.severity, subject, evidence)
        })
        .collect()
}

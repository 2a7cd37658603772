//! `ambiguous-match`: nobody can say who a user is. What the user holds cannot be judged until somebody makes it clear.

use std::collections::BTreeMap;

use crate::compare::rule_context::Case;
use crate::model::{Evidence, Finding, Rule, RuleId, Severity, Standing, Subject, Why};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("ambiguous-match"),
    severity: Severity::Low,
    title: "Nobody can say who {holder} is",
    meaning: "A user or a group of Identity Center fits more than one of the lists, or fits one by name and not by \
              id, or by id and by no name.",
    advice: "Give each of them a key of its own in the directory: a user principal name, a mail address, an external \
             id. Where somebody got the name of one who left, remove the old user in the identity source.",
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

//! `people-not-matched`: none of the users of Identity Center, or hardly one, is a person of the lists. It is one
//! finding, ahead of all others: what would be found of each user follows from the key.

use crate::compare::rule_context::Case;
use crate::model::{Administrative, Evidence, Finding, Ix, Rule, RuleId, Severity, Subject, User};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("people-not-matched"),
    severity: Severity::High,
    title: "{matches} (check the key)",
    meaning: "Few or no users of Identity Center match a person in the lists, probably because the key is wrong. No \
              conclusion is drawn about these users.",
    advice: "Export the column that holds the user names of Identity Center. In Active Directory that is often `mail` \
             (`Get-ADUser -Filter * -Properties mail`) or `ObjectGUID`; `rollcall export-commands` prints a script that \
             exports every key.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let Some(unrecognized) = &case.matching.unrecognized else { return Vec::new() };
    let mut evidence = vec![Evidence::Matches(unrecognized.matches), Evidence::NamesApart(unrecognized.names.clone())];
    // Whoever reads this first must know of them.
    let administers =
        |user: &Ix<User>| matches!(case.administrative_among(case.reached_by(*user)), Administrative::Yes(_));
    let administrators: Vec<Ix<User>> = unrecognized.strangers.iter().copied().filter(administers).collect();
    if !administrators.is_empty() {
        evidence.push(Evidence::AdministratorsAmong(administrators));
    }
    vec![case.finding(&RULE, RULE.severity, Subject::Directory, evidence)]
}

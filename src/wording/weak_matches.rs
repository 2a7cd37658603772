//! Matches that a reader of page one should know of, because they rest on little.

use crate::model::{MatchKey, Report};

use super::{count, list, thousands, visible};

/// Users who are named before the rest is only counted.
const NAMED: usize = 3;

/// Users who were matched by a mail address alone, with people who have surer keys.
pub(super) fn weak_matches(report: &Report<'_>) -> Option<String> {
    let (users, people) = (&report.world.snapshot.users, &report.world.expectation.people);
    let by_mail = users.positions().zip(&report.matching.people).filter(|(_, matched)| {
        matched.is_some_and(|matched| {
            let person = &people[matched.with];
            let has_keys = person.user_name.is_some() || person.sam.is_some() || person.guid.is_some();
            matched.by == MatchKey::Mail && (has_keys || person.entra_id.is_some())
        })
    });
    let names: Vec<&str> = by_mail.map(|((_, user), _)| user.user_name.as_str()).collect();
    let mut shown: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{}`", visible(name))).collect();
    if names.len() > NAMED {
        shown.push(format!("{} more", thousands(names.len() - NAMED)));
    }
    let were = if names.len() == 1 { "was" } else { "were" };
    let users = count(names.len(), "user");
    (!names.is_empty())
        .then(|| format!("{users} {were} matched by email address alone, not by name or id: {}", list(&shown)))
}

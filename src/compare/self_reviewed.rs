//! Rows of lists that the very person reviewed whom the row is for, by whichever name they signed.
//!
//! Whoever signs with the name that the row itself has is known when the list is read; other names of the same person
//! are known only here.

use std::collections::BTreeSet;

use crate::model::{PrincipalName, RowRef, is_signed_by};

use super::persons::Persons;
use super::rule_context::Case;

/// Rows whose reviewer is the person whom they are for, or who answers for the IAM user that they are for.
pub(super) fn rows(case: &Case<'_>, persons: &Persons<'_>) -> BTreeSet<RowRef> {
    let mut found = BTreeSet::new();
    let reviewer = |row: RowRef| {
        let file = &case.world.expectation.files[row.file.number()];
        file.reviewer_of(row.line)
    };
    let mut look = |row: RowRef, names: &dyn Fn() -> Vec<String>| {
        if let Some(reviewer) = reviewer(row).filter(|_| !found.contains(&row))
            && is_signed_by(reviewer, names().iter().map(String::as_str))
        {
            found.insert(row);
        }
    };
    for (row, user) in users(case) {
        look(row, &|| persons.called(user));
    }
    for row in case.world.expectation.iam_users.seen() {
        look(row.row, &|| persons.iam_user(&row.name, row.owner.clone()));
    }
    for (position, person) in case.world.expectation.people.positions() {
        for row in person.rows() {
            look(row, &|| persons.person(position).into_iter().map(str::to_owned).collect());
        }
    }
    found
}

/// Rows that give a user something, and what they call the user.
fn users<'a>(case: &Case<'a>) -> impl Iterator<Item = (RowRef, &'a str)> + use<'a> {
    let expectation = &case.world.expectation;
    let assignments = expectation.assignments.seen().chain(expectation.lapsed.seen());
    let assignments = assignments.map(|row| (row.row, Some(&row.principal)));
    let applications = expectation.applications.seen().map(|row| (row.row, row.principal.as_ref()));
    let entitlements = expectation.entitlements.seen().map(|row| (row.row, Some(&row.principal)));
    let rows = assignments.chain(applications).chain(entitlements);
    rows.filter_map(|(row, principal)| match principal? {
        PrincipalName::User(name) => Some((row, name.as_str())),
        PrincipalName::Group(_) => None,
    })
}

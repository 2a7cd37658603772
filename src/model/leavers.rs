//! Leavers whom no list but their own knows, and who are no users: mostly they left long ago, and their accounts are gone.

use std::collections::{BTreeMap, BTreeSet};

use super::{Expectation, ExpectedFile, Ix, Matching, Person, RowRef};

/// People of the lists who have left and are known by a row of one list only, which names no account of a directory; who
/// match no user; and of whose rows no other person has one: by list.
#[must_use]
pub fn leavers_without_account<'e>(
    expectation: &'e Expectation,
    matching: &Matching,
) -> BTreeMap<Ix<ExpectedFile>, Vec<&'e Person>> {
    let mut alone: BTreeMap<Ix<ExpectedFile>, Vec<&Person>> = BTreeMap::new();
    let elsewhere: BTreeSet<Ix<Person>> = matching.left_elsewhere.values().copied().collect();
    let mut known: BTreeSet<RowRef> = BTreeSet::new();
    for (position, person) in expectation.people.positions() {
        let matched = matching.users[position.number()].is_some() || elsewhere.contains(&position);
        let of_one_list = person.rows().all(|row| row.file == person.row.file);
        if matched || !of_one_list || has_account(person) {
            known.extend(person.rows());
        } else if person.employment.is_over() {
            alone.entry(person.row.file).or_default().push(person);
        }
    }
    for people in alone.values_mut() {
        people.retain(|person| !person.rows().any(|row| known.contains(&row)));
    }
    alone.retain(|_, people| !people.is_empty());
    alone
}

/// Whether a list calls somebody as a directory calls an account.
fn has_account(person: &Person) -> bool {
    let ids = person.guid.is_some() || person.entra_id.is_some() || person.sid.is_some();
    ids || person.domain.is_some()
}

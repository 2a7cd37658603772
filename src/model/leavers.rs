//! Leavers whom no list but their own knows, and who are no users: mostly they left long ago, and their accounts are gone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Expectation, ExpectedFile, Ix, Matching, Person, RowRef, Waiver, full_name};

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

/// How many waivers that still hold somebody approved who has left since: everybody who is called so has.
#[must_use]
pub fn waivers_of_leavers(expectation: &Expectation, today: NaiveDate) -> usize {
    let holding: Vec<&Waiver> = expectation.waivers.iter().filter(|waiver| today <= waiver.expires).collect();
    let mut has_left: BTreeMap<String, bool> = BTreeMap::new();
    for person in expectation.people.seen().filter(|_| !holding.is_empty()) {
        let names = std::iter::once(&person.name).chain(person.user_names()).chain(&person.sam);
        for name in names.chain(&person.mails) {
            *has_left.entry(full_name(name)).or_insert(true) &= person.employment.is_over();
        }
    }
    let by_leaver = |waiver: &&&Waiver| {
        let parts = waiver.approved_by.split(['<', '>', ';']).filter(|part| !part.trim().is_empty());
        let mut known = parts.filter_map(|part| has_left.get(&full_name(part)));
        known.next() == Some(&true) && known.all(|left| *left)
    };
    holding.iter().filter(by_leaver).count()
}

/// Whether a list calls somebody as a directory calls an account.
fn has_account(person: &Person) -> bool {
    let ids = person.guid.is_some() || person.entra_id.is_some() || person.sid.is_some();
    ids || person.domain.is_some()
}

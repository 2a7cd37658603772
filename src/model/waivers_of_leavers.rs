//! Waivers that people approved who have left since.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Expectation, Waiver, full_name};

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

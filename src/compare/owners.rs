//! The people who answer for IAM users, by the names that `iam-users.csv` or a tag calls them.
//!
//! An IAM user is joined to a person by the list or a tag alone: a mail address guessed from a user's name would match
//! the wrong person one day.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Expectation, ListingIndex, Person, Sight, Source};

use super::matching::{Key, all_keys, key, person_keys};

/// People by every name that an owner column may use.
pub(super) struct Owners<'w> {
    expectation: &'w Expectation,
    by_name: ListingIndex<'w, Key, Person>,
    domains: OnceCell<BTreeSet<String>>,
}

impl<'w> Owners<'w> {
    pub(super) fn of(expectation: &'w Expectation) -> Self {
        let by_name = expectation.people.index_by(|person| {
            let mut keys = all_keys(person, person_keys);
            keys.extend(person.sam.iter().map(|sam| key(sam)));
            keys
        });
        Owners { expectation, by_name, domains: OnceCell::new() }
    }

    /// The owner, where the lists say that this person has left. A name that fits nobody, or several of whom one is
    /// still there, is no proof that somebody left.
    pub(super) fn left(&self, owner: &str) -> Option<&'w Person> {
        let fitting = self.by_name.look_up(&key(owner)).seen()?;
        let people: Vec<&'w Person> = fitting.iter().map(|&person| &self.expectation.people[person]).collect();
        people.iter().all(|person| person.employment.is_over()).then(|| people[0])
    }
    /// What proves that the owner is nobody any more: the lists of people were read to their end and do not name them,
    /// although they do name others at the same domain. A name without a domain may be a team's, or anybody's.
    pub(super) fn is_unknown(&self, owner: &str) -> Option<Arc<Source>> {
        let key = key(owner);
        let (_, domain) = key.rsplit_once('@')?;
        let Sight::Absent(absence) = self.by_name.look_up(&key) else { return None };
        self.domains().contains(domain).then(|| Arc::clone(absence.proved_by()))
    }

    /// The domains of the people's names and mail addresses.
    fn domains(&self) -> &BTreeSet<String> {
        self.domains.get_or_init(|| {
            let people = self.expectation.people.seen();
            let names = people.flat_map(|person| person.user_name.iter().chain(&person.mails));
            names.filter_map(|name| Some(key(name.rsplit_once('@')?.1))).collect()
        })
    }
}

//! The people who answer for IAM users, by the names that `iam-users.csv` or a tag calls them.
//!
//! An IAM user is joined to a person by the list or a tag alone: a mail address guessed from a user's name would match
//! the wrong person one day.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Expectation, Gap, Ix, ListingIndex, Matching, Person, Sight, Source};

use super::principals::{Key, all_keys, key, person_keys};

/// People by every name that an owner column may use.
pub(crate) struct Owners<'w> {
    expectation: &'w Expectation,
    matching: &'w Matching,
    by_name: ListingIndex<'w, Key, Person>,
    domains: OnceCell<BTreeSet<String>>,
}

impl<'w> Owners<'w> {
    pub(crate) fn of(expectation: &'w Expectation, matching: &'w Matching) -> Self {
        let by_name = expectation.people.index_by(|person| {
            let mut keys = all_keys(person, person_keys);
            keys.extend(person.sam.iter().map(|sam| key(sam)));
            keys
        });
        Owners { expectation, matching, by_name, domains: OnceCell::new() }
    }

    /// The owner, where the lists say that this person has left. A name that fits nobody, or several of whom one is
    /// still there, is no proof that somebody left.
    pub(crate) fn left(&self, owner: &str) -> Option<&'w Person> {
        let mut leavers = self.called(owner).into_iter().map(|person| self.leaver(person));
        let first = leavers.next()??;
        leavers.all(|leaver| leaver.is_some()).then_some(first)
    }

    /// Why nobody can say whether the owner has left, where that is so: nobody of this name is known to be there.
    pub(crate) fn doubt(&self, owner: &str) -> Option<&'w Arc<Gap>> {
        let people = self.called(owner);
        let there =
            |person: &Ix<Person>| self.leaver(*person).is_none() && self.expectation.people[*person].doubt.is_none();
        let doubts = people.iter().find_map(|person| self.expectation.people[*person].doubt.as_ref());
        doubts.filter(|_| !people.iter().any(there))
    }

    /// Those whom the owner's name can mean: those who sign in by it, else all who have it.
    fn called(&self, owner: &str) -> Vec<Ix<Person>> {
        let all = self.by_name.look_up(&key(owner)).seen().unwrap_or_default();
        let signs_in = |person: &&Ix<Person>| {
            self.expectation.people[**person].user_name.as_deref().is_some_and(|name| key(name) == key(owner))
        };
        let by_name: Vec<Ix<Person>> = all.iter().filter(signs_in).copied().collect();
        if by_name.is_empty() { all.to_vec() } else { by_name }
    }

    /// The person by whom somebody has left: themselves, or another one of the lists who is the same user.
    fn leaver(&self, person: Ix<Person>) -> Option<&'w Person> {
        let people = &self.expectation.people;
        let elsewhere = self.matching.users[person.number()].and_then(|user| self.matching.leaver(people, user));
        let itself = people[person].employment.is_over().then_some(person);
        itself.or(elsewhere).map(|leaver| &people[leaver])
    }

    /// What proves that the owner is nobody any more: the lists of people were read to their end and do not name them,
    /// although they do name others at the same domain. A name without a domain may be a team's, or anybody's.
    pub(crate) fn is_unknown(&self, owner: &str) -> Option<Arc<Source>> {
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

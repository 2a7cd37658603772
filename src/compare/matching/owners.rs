//! The people who answer for IAM users, by the names that `iam-users.csv` or a tag calls them.
//!
//! An IAM user is joined to a person by the list or a tag alone: a mail address guessed from a user's name would match
//! the wrong person one day.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{
    Expectation, Gap, Ix, ListingIndex, Matching, Person, Sight, Source, employee_number, full_name, is_placeholder,
    seen,
};

use super::keys::{Key, all_keys, key, person_keys};

/// People by every name that an owner column may use.
pub(crate) struct Owners<'w> {
    expectation: &'w Expectation,
    matching: &'w Matching,
    by_name: ListingIndex<'w, Key, Person>,
    /// By what people are called, and by each word of that.
    by_full_name: OnceCell<BTreeMap<String, Vec<Ix<Person>>>>,
    domains: OnceCell<BTreeSet<String>>,
}

impl<'w> Owners<'w> {
    pub(crate) fn of(expectation: &'w Expectation, matching: &'w Matching) -> Self {
        let by_name = expectation.people.index_by(|person| {
            let mut keys = all_keys(person, person_keys);
            keys.extend(person.sam.iter().chain(&person.employee_ids).map(|name| key(name)));
            keys
        });
        Owners { expectation, matching, by_name, by_full_name: OnceCell::new(), domains: OnceCell::new() }
    }

    /// The owner, where the lists say that this person has left; of several, the first who has. A name that fits nobody, or
    /// several of whom one is still there, is no proof that somebody left.
    pub(crate) fn left(&self, owner: &str) -> Option<&'w Person> {
        names(owner).into_iter().find_map(|one| {
            let mut leavers = self.called(&one).into_iter().map(|person| self.leaver(person));
            let first = leavers.next()??;
            leavers.all(|leaver| leaver.is_some()).then_some(first)
        })
    }

    /// Why nobody can say whether an owner has left, where that is so: nobody of this name is known to be there.
    pub(crate) fn doubt(&self, owner: &str) -> Option<&'w Arc<Gap>> {
        let there =
            |person: &Ix<Person>| self.leaver(*person).is_none() && self.expectation.people[*person].doubt.is_none();
        names(owner).into_iter().find_map(|one| {
            let people = self.called(&one);
            let doubts = people.iter().find_map(|person| self.expectation.people[*person].doubt.as_ref());
            doubts.filter(|_| !people.iter().any(there))
        })
    }

    /// Those whom any of the owners' names can mean.
    pub(crate) fn people(&self, owner: &str) -> Vec<Ix<Person>> {
        names(owner).into_iter().flat_map(|one| self.called(&one)).collect()
    }

    /// Those whom the owner's name can mean: those who sign in by it, else all who have it, else all who are called so.
    fn called(&self, owner: &[String]) -> Vec<Ix<Person>> {
        for name in owner {
            let all = self.by_name.look_up(&key(&employee_number(name))).seen().unwrap_or_default();
            let signs_in =
                |person: &&Ix<Person>| self.expectation.people[**person].user_names().any(|own| key(own) == key(name));
            let by_name: Vec<Ix<Person>> = all.iter().filter(signs_in).copied().collect();
            match (by_name.is_empty(), all) {
                (false, _) => return by_name,
                (true, []) => {}
                (true, all) => return all.to_vec(),
            }
        }
        let by_full_name = self.by_full_name();
        owner.iter().find_map(|name| by_full_name.get(&full_name(name))).cloned().unwrap_or_default()
    }

    /// People by what they are called: first name and last, and by one of these where only one person has it.
    fn by_full_name(&self) -> &BTreeMap<String, Vec<Ix<Person>>> {
        self.by_full_name.get_or_init(|| {
            let (mut names, mut words) = (BTreeMap::new(), BTreeMap::new());
            for (position, person) in self.expectation.people.positions() {
                let name = full_name(&person.name);
                let several = name.contains(' ');
                for word in name.split(' ').filter(|_| several).map(str::to_owned).collect::<BTreeSet<_>>() {
                    words.entry(word).or_insert_with(Vec::new).push(position);
                }
                names.entry(name).or_insert_with(Vec::new).push(position);
            }
            for (word, people) in words.into_iter().filter(|(_, people)| people.len() == 1) {
                names.entry(word).or_insert(people);
            }
            names
        })
    }

    /// The person by whom somebody has left: themselves, or another one of the lists who is the same user.
    fn leaver(&self, person: Ix<Person>) -> Option<&'w Person> {
        let people = &self.expectation.people;
        let elsewhere = self.matching.users[person.number()].and_then(|user| self.matching.leaver(people, user));
        let itself = people[person].employment.is_over().then_some(person);
        itself.or(elsewhere).map(|leaver| &people[leaver])
    }

    /// What proves that one of the owners is nobody any more: the lists of people were read to their end and do not name
    /// them, although they do name others at the same domain, or it is a number. A name without a domain may be a team's.
    pub(crate) fn is_unknown(&self, owner: &str) -> Option<Arc<Source>> {
        names(owner).into_iter().find_map(|one| {
            let name = one.last().map(|name| key(name))?;
            let is_theirs = match name.rsplit_once('@') {
                Some((_, domain)) => self.domains().contains(domain),
                None => name.bytes().all(|byte| byte.is_ascii_digit()),
            };
            if !is_theirs || !self.called(&one).is_empty() {
                return None;
            }
            let Sight::Absent(absence) = self.by_name.look_up(&name) else { return None };
            Some(Arc::clone(absence.proved_by()))
        })
    }

    /// The domains of the people's names and mail addresses.
    fn domains(&self) -> &BTreeSet<String> {
        self.domains.get_or_init(|| {
            let people = self.expectation.people.seen();
            let names = people.flat_map(|person| person.user_names().chain(&person.mails));
            names.filter_map(|name| Some(key(name.rsplit_once('@')?.1))).collect()
        })
    }
}

/// Of each owner in a cell, the names: `Alice Ash <alice@example.com>` has two. Several owners have `;` between them, or
/// a comma behind an address.
fn names(owner: &str) -> Vec<Vec<String>> {
    let by_comma = |part: &str| -> Vec<String> {
        let is_list = part.split(',').next().is_some_and(|first| first.contains('@'));
        if is_list { part.split(',').map(str::to_owned).collect() } else { vec![part.to_owned()] }
    };
    let owners = owner.split([';', '|']).flat_map(by_comma).filter(|one| !is_placeholder(one));
    owners.map(|one| names_of_one(&seen(&one))).collect()
}

fn names_of_one(owner: &str) -> Vec<String> {
    let mut names = vec![owner.to_owned()];
    if let Some((shown, rest)) = owner.split_once(['<', '(']) {
        names.extend([shown.trim().to_owned(), rest.trim_end_matches(['>', ')', ' ']).to_owned()]);
    }
    names.extend(owner.rsplit_once('\\').map(|(_, account)| account.to_owned()));
    names.retain(|name| !name.is_empty());
    names
}

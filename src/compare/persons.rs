//! All names of a person, by whichever a list, a tag or AWS calls them: for whether people sign for themselves.

use std::collections::BTreeMap;

use crate::model::{Ix, Person, Principal, PrincipalName, Subject, User, Whom, employee_number, full_name};

use super::matching::keys::{Key, key};
use super::rule_context::Case;

/// The names of people.
pub(super) struct Persons<'c> {
    case: &'c Case<'c>,
    users: BTreeMap<Key, Ix<User>>,
    /// By employee number.
    numbers: BTreeMap<String, Vec<Ix<Person>>>,
}

impl<'c> Persons<'c> {
    pub(super) fn of(case: &'c Case<'c>) -> Self {
        let users = case.world.snapshot.users.positions();
        let users = users.map(|(at, user)| (key(&user.user_name), at)).collect();
        let mut numbers: BTreeMap<String, Vec<Ix<Person>>> = BTreeMap::new();
        for (at, person) in case.world.expectation.people.positions() {
            for id in &person.employee_ids {
                numbers.entry(employee_number(id)).or_default().push(at);
            }
        }
        Persons { case, users, numbers }
    }

    /// Every name of the person whom a subject is about: of an IAM user also those of whoever answers for it. None where
    /// it is about no person.
    pub(super) fn whom(&self, subject: Subject) -> Vec<String> {
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        match self.case.world.describe(subject).whom {
            Whom::Principal(Principal::User(user)) => owned(self.user(user)),
            Whom::Person(person) => owned(self.person(person)),
            Whom::Named(PrincipalName::User(name)) => self.called(name),
            Whom::IamUser(user) => self.iam_user(&user.name, self.owner(subject)),
            Whom::NamedIamUser(name) => self.iam_user(name, self.owner(subject)),
            Whom::Principal(Principal::Group(_))
            | Whom::Named(PrincipalName::Group(_))
            | Whom::NoOne
            | Whom::Everyone
            | Whom::Role(_)
            | Whom::NamedRole(_)
            | Whom::Root => Vec::new(),
        }
    }

    /// The names of an IAM user, and of whoever answers for it.
    pub(super) fn iam_user(&self, name: &str, owner: Option<String>) -> Vec<String> {
        let mut names = vec![name.to_owned()];
        names.extend(owner.into_iter().flat_map(|owner| self.called(&owner)));
        names
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only IAM users have an owner")]
    fn owner(&self, subject: Subject) -> Option<String> {
        let rows = &self.case.world.expectation.iam_users;
        match subject {
            Subject::IamUser(account, user) | Subject::Policy(account, user, _) => self.case.owner_of(account, user),
            Subject::DueIamUser(row) | Subject::DuePolicy(row, _) => rows[row].owner.clone(),
            _ => None,
        }
    }

    /// Every name of whoever may be called so.
    pub(super) fn called(&self, name: &str) -> Vec<String> {
        let users = self.users.get(&key(name)).into_iter().flat_map(|user| self.user(*user));
        let people = self.case.owners.people(name);
        let people = people.into_iter().flat_map(|person| self.person(person));
        [name].into_iter().chain(users).chain(people).map(str::to_owned).collect()
    }

    fn user(&self, user: Ix<User>) -> Vec<&'c str> {
        let mut names = self.names_in_aws(user);
        let person = self.case.matching.people[user.number()].map(|matched| matched.with);
        names.extend(person.into_iter().flat_map(|person| self.names_in_lists(person)));
        names
    }

    /// Every name of a person of the lists, and of the user whom they are.
    pub(super) fn person(&self, person: Ix<Person>) -> Vec<&'c str> {
        let mut names = self.names_in_lists(person);
        let user = self.case.matching.users[person.number()];
        names.extend(user.into_iter().flat_map(|user| self.names_in_aws(user)));
        names
    }

    fn names_in_aws(&self, user: Ix<User>) -> Vec<&'c str> {
        let entry = &self.case.world.snapshot.users[user];
        let names = [Some(&entry.user_name), entry.display_name.as_ref()].into_iter().flatten();
        names.chain(&entry.mails).map(String::as_str).collect()
    }

    /// The names of a person, and of those of a similar name with the same employee number: further accounts of theirs.
    fn names_in_lists(&self, at: Ix<Person>) -> Vec<&'c str> {
        let people = &self.case.world.expectation.people;
        let person = &people[at];
        let same = person.employee_ids.iter().filter_map(|id| self.numbers.get(&employee_number(id))).flatten();
        let further = same.map(|other| &people[*other]).filter(|other| share_a_word(&other.name, &person.name));
        let all = [person].into_iter().chain(further);
        let names = all.flat_map(|one| one.user_names().chain(&one.sam).chain([&one.name]).chain(&one.mails));
        names.map(String::as_str).collect()
    }
}

fn share_a_word(one: &str, other: &str) -> bool {
    let other = full_name(other);
    full_name(one).split(' ').any(|word| other.split(' ').any(|another| another == word))
}

//! Lists that share no kind of key with the lists by which the users of Identity Center were recognised.
//!
//! A list of members that names accounts by `sAMAccountName` alone, beside a list of people by their sign-in names: each of
//! its people would be missing, and each member of its groups unexpected. Nothing shows that `alice` is not
//! `alice.ash@example.com`, nor that she is: a name without its domain may be somebody else's. So it is one gap a list, and
//! nothing is concluded where one of its people may be meant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{
    ExpectedFile, Gap, Group, Hides, Ix, KeyKinds, Listing, Matched, Person, Reach, RowRef, Side, What, Why, World,
    lists_apart,
};

/// People whom no key tells from people who are users.
#[derive(Debug, Default)]
pub(crate) struct ApartLists {
    /// By person: why nobody can say which user it is.
    pub(crate) people: BTreeMap<Ix<Person>, Arc<Gap>>,
    /// By group of Identity Center: the kinds of keys of those of them who are expected in it.
    expected: BTreeMap<Ix<Group>, BTreeMap<KeyKinds, Arc<Gap>>>,
    /// Of lists that name somebody who has left and whom no user is known to be.
    pub(crate) of_leavers: BTreeSet<Arc<Gap>>,
}

/// Looks for such lists. `matched` are the people by user; `expected` is who is expected in each group.
pub(crate) fn of(
    world: &World,
    matched: &[Option<Matched<Person>>],
    expected: &BTreeMap<Ix<Group>, Listing<Reach>>,
) -> ApartLists {
    let people = &world.expectation.people;
    let is_user: BTreeSet<Ix<Person>> = matched.iter().flatten().map(|matched| matched.with).collect();
    let known: BTreeSet<KeyKinds> = is_user.iter().map(|person| KeyKinds::of(&people[*person])).collect();
    let lists = lists_apart(people, |_| known.clone(), |person| !is_user.contains(&person));
    let mut apart = ApartLists::default();
    if lists.is_empty() {
        return apart;
    }
    let of_users: BTreeSet<RowRef> = is_user.iter().flat_map(|person| people[*person].rows()).collect();
    let is_open = |person: &&Ix<Person>| !people[**person].rows().any(|row| of_users.contains(&row));
    for (file, of_list) in lists {
        let gap = Arc::new(gap(world, file, &of_list));
        if of_list.iter().filter(is_open).any(|person| people[*person].employment.is_over()) {
            apart.of_leavers.insert(Arc::clone(&gap));
        }
        for person in of_list {
            apart.people.entry(person).or_insert_with(|| Arc::clone(&gap));
        }
    }
    for (group, members) in expected.iter().filter(|_| !apart.people.is_empty()) {
        for reach in members.seen() {
            if let Some(gap) = apart.people.get(&reach.person) {
                let kinds = apart.expected.entry(*group).or_default();
                kinds.entry(KeyKinds::of(&people[reach.person])).or_insert_with(|| Arc::clone(gap));
            }
        }
    }
    apart
}

impl ApartLists {
    /// The gap that forbids to say that a person who is a user is not expected in a group.
    pub(crate) fn may_be_expected(&self, group: Ix<Group>, person: &Person) -> Option<&Arc<Gap>> {
        let own = KeyKinds::of(person);
        self.expected.get(&group)?.iter().find(|(kinds, _)| kinds.may_be_one(own)).map(|(_, gap)| gap)
    }
}

fn gap(world: &World, file: Ix<ExpectedFile>, people: &[Ix<Person>]) -> Gap {
    let expectation = &world.expectation;
    Gap {
        side: Side::Expected,
        source: expectation.files[file.number()].name.clone(),
        account: None,
        unseen: What::PeopleOfList.into(),
        why: Why::NoSharedKey { people: people.len(), first: expectation.people[people[0]].label() },
        hides: Hides::Grants,
    }
}

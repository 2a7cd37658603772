//! By what kinds of keys lists know people, and lists that share no kind of key with the others: whether they speak of the
//! same people, no key can say.

use std::collections::{BTreeMap, BTreeSet};

use super::{ExpectedFile, Ix, Listing, Person};

/// A list of which so few people share no kind of key may name people of its own.
const FEWEST: usize = 2;

/// The kinds of keys that are known of a person. A sign-in name and a mail address are one kind, because either may be
/// the other's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyKinds(u8);

impl KeyKinds {
    /// Those of a person.
    #[must_use]
    pub fn of(person: &Person) -> Self {
        let known = [
            person.guid.is_some(),
            person.entra_id.is_some(),
            person.sid.is_some(),
            person.sam.is_some(),
            person.user_name.is_some() || !person.mails.is_empty(),
        ];
        KeyKinds(known.into_iter().enumerate().map(|(kind, is_known)| u8::from(is_known) << kind).sum())
    }

    /// Whether two have keys and none of one kind: no key tells whether they are one person.
    #[must_use]
    pub fn may_be_one(self, other: KeyKinds) -> bool {
        self.0 != 0 && other.0 != 0 && self.0 & other.0 == 0
    }
}

/// Lists most of whose people may be others of the lists by other keys: by list, those people. `others` are the kinds of
/// keys of the people whom they may be; `is_alone` says whether nothing has recognised a person yet.
///
/// A list of leavers alone is none of them: that no other list has its people is what should be.
#[must_use]
pub fn lists_apart(
    people: &Listing<Person>,
    others: impl Fn(Ix<ExpectedFile>) -> BTreeSet<KeyKinds>,
    is_alone: impl Fn(Ix<Person>) -> bool,
) -> BTreeMap<Ix<ExpectedFile>, Vec<Ix<Person>>> {
    let mut lists: BTreeMap<Ix<ExpectedFile>, Vec<Ix<Person>>> = BTreeMap::new();
    for (position, person) in people.positions() {
        let files: BTreeSet<Ix<ExpectedFile>> = person.rows().map(|row| row.file).collect();
        files.into_iter().for_each(|file| lists.entry(file).or_default().push(position));
    }
    let apart = lists.into_iter().filter_map(|(file, all)| {
        let others = others(file);
        let may_be_another = |person: &Ix<Person>| {
            let kinds = KeyKinds::of(&people[*person]);
            is_alone(*person) && others.iter().any(|other| kinds.may_be_one(*other))
        };
        let open: Vec<Ix<Person>> = all.iter().copied().filter(may_be_another).collect();
        let anybody_there = all.iter().any(|person| !people[*person].employment.is_over());
        (anybody_there && open.len() >= FEWEST && open.len() * 2 > all.len()).then_some((file, open))
    });
    apart.collect()
}

//! Lists of accounts whose names are all that is known of them, beside lists that know people by other keys: a note says it
//! before AWS is asked, by whose users it is decided what can be concluded.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{ExpectedFile, Ix, KeyKinds, Listing, Person, lists_apart};

/// A note for each list that shares no key with the others and has neither sign-in names nor mail addresses.
pub(super) fn notes(people: &Listing<Person>) -> BTreeMap<Ix<ExpectedFile>, String> {
    let mut kinds: BTreeMap<KeyKinds, BTreeSet<Ix<ExpectedFile>>> = BTreeMap::new();
    for person in people.seen().filter(|person| !person.employment.is_over()) {
        kinds.entry(KeyKinds::of(person)).or_default().extend(person.rows().map(|row| row.file));
    }
    let of_others = |file: Ix<ExpectedFile>| {
        let elsewhere = kinds.iter().filter(|(_, files)| files.iter().any(|other| *other != file));
        elsewhere.map(|(kinds, _)| *kinds).collect()
    };
    let is_nameless = |person: &Person| person.user_name.is_none() && person.mails.is_empty();
    let lists = lists_apart(people, of_others, |person| is_nameless(&people[person]));
    let note = |(file, open): (Ix<ExpectedFile>, Vec<Ix<Person>>)| {
        let note = format!(
            "it shares no key with the other lists. People with an account name or an id, but neither \
             `UserPrincipalName` nor `mail`: {}. Export one of these in this list too; otherwise it matches no users in \
             AWS",
            open.len()
        );
        (file, note)
    };
    lists.into_iter().map(note).collect()
}

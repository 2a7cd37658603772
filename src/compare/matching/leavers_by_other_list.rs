//! Users who have left by another person of the lists than the one whom they were matched with.
//!
//! Lists may have the same person twice: an account by its own name, and in a list of the personnel department by a
//! mail address that the account does not have. A user is matched with one of them. Whoever has left by the other has
//! left: by a name that the user signs in with, or by the user's primary mail address.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::keys::{Key, key, person_keys};
use crate::model::{Gap, Hides, Ix, MatchKey, Matched, Person, RowRef, Side, User, What, Why, World};

/// Users who have left, and users of whom nobody can say it.
#[derive(Debug, Default)]
pub(crate) struct LeftElsewhere {
    /// By user: the person by whom they have left.
    pub(crate) left: BTreeMap<Ix<User>, Ix<Person>>,
    /// By user: why nobody can say whether they have left.
    pub(crate) doubtful: BTreeMap<Ix<User>, Arc<Gap>>,
}

/// Looks for users, each matched with a person who is still there, who have a name or the address of a leaver too. What
/// the person has of these, the lists were asked about already.
pub(crate) fn of(world: &World, matched: &[Option<Matched<Person>>]) -> LeftElsewhere {
    let people = &world.expectation.people;
    let by_name = |over: bool| {
        let mut by_name: BTreeMap<Key, Vec<Ix<Person>>> = BTreeMap::new();
        for (position, person) in people.positions().filter(|(_, person)| person.employment.is_over() == over) {
            person_keys(person, MatchKey::Mail)
                .into_iter()
                .for_each(|key| by_name.entry(key).or_default().push(position));
        }
        by_name
    };
    let (leavers, others) = (by_name(true), LazyCell::new(|| by_name(false)));
    let mut found = LeftElsewhere::default();
    if leavers.is_empty() {
        return found;
    }
    for ((position, user), matched) in world.snapshot.users.positions().zip(matched) {
        let own = matched.map(|matched| &people[matched.with]);
        let Some(own) = own.filter(|person| !person.employment.is_over()) else { continue };
        let names = user.own_mails().iter().chain([&user.user_name]).map(|name| key(name));
        for name in names.filter(|name| leavers.contains_key(name) && !person_keys(own, MatchKey::Mail).contains(name))
        {
            let Some(&leaver) = leavers[&name].iter().find(|leaver| !are_two(own, &people[**leaver])) else { continue };
            // A list that has the name twice may speak of somebody else, or of one who came back.
            let same_list = |person: &Person| share_a_list(person, &people[leaver]);
            let others = others.get(&name).into_iter().flatten();
            if same_list(own) || others.into_iter().any(|other| same_list(&people[*other])) {
                let doubt = doubt(world, people[leaver].decided_by(), &name, user);
                found.doubtful.entry(position).or_insert(doubt);
            } else {
                found.left.entry(position).or_insert(leaver);
            }
        }
    }
    found
}

/// Whether an id of a directory shows that these are two accounts.
fn are_two(one: &Person, other: &Person) -> bool {
    fn differ<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
        one.zip(other).is_some_and(|(one, other)| one != other)
    }
    let sam = |person: &Person| person.sam.as_deref().map(key);
    differ(one.guid, other.guid)
        || differ(one.entra_id, other.entra_id)
        || differ(one.sid.as_deref(), other.sid.as_deref())
        || differ(one.domain.as_deref(), other.domain.as_deref())
        || differ(sam(one), sam(other))
}

/// Whether one list has both, as two people.
fn share_a_list(one: &Person, other: &Person) -> bool {
    let mut lists = one.rows().map(|row| row.file);
    lists.any(|list| other.rows().any(|row| row.file == list))
}

fn doubt(world: &World, leaver: RowRef, name: &str, user: &User) -> Arc<Gap> {
    Arc::new(Gap {
        side: Side::Expected,
        source: world.expectation.files[leaver.file.number()].name.clone(),
        account: None,
        unseen: What::LeaverAccount.of(name),
        why: Why::MayHaveLeft { line: leaver.line, key: name.to_owned(), candidates: vec![user.user_name.clone()] },
        hides: Hides::Grants,
    })
}

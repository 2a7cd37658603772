//! Users whom an external id calls one person, and every name of theirs somebody else.
//!
//! Whoever may write to the identity store can give a user any external id. So an id that an identity provider sent is
//! believed only where a name or the primary mail address agrees with it, if names can be compared at all: where most
//! users have names that no list has, the store is filled with names of another kind, and these contradict nobody.
//! What AWS itself read from Active Directory cannot be written by hand, and is believed as it is.

use std::collections::BTreeMap;

use super::keys::key;
use crate::model::{Ix, MatchKey, Matched, Person, User, Why, World};

/// By user: whose id it has.
pub(crate) fn of(world: &World, matched: &[Option<Matched<Person>>]) -> BTreeMap<Ix<User>, Why> {
    let (mut agreeing, mut borrowed) = (0, BTreeMap::new());
    for ((position, user), matched) in world.snapshot.users.positions().zip(matched) {
        let Some(matched) = matched else { continue };
        let person = &world.expectation.people[matched.with];
        if matched.by != MatchKey::Guid || is_of_aws(user, person) || agree(user, person) {
            agreeing += 1;
            continue;
        }
        let why = Why::Borrowed { name: user.user_name.clone(), candidate: person.label() };
        borrowed.insert(position, why);
    }
    if borrowed.len() > agreeing { BTreeMap::new() } else { borrowed }
}

/// Whether AWS itself read the id in Active Directory.
fn is_of_aws(user: &User, person: &Person) -> bool {
    let of_directory = user.external_ids.iter().filter(|id| id.is_of_directory()).filter_map(|id| id.guid());
    let mut ids = of_directory.chain(user.id.directory_guid());
    person.guid.is_some_and(|guid| ids.any(|id| id == guid))
}

/// Whether the user has a name of the person, be it at another domain; or the person has none to compare.
fn agree(user: &User, person: &Person) -> bool {
    let ours = user.own_mails().iter().chain([&user.user_name]);
    let theirs = person.user_names().chain(&person.sam).chain(&person.mails);
    if theirs.clone().next().is_none() {
        return true;
    }
    let account = |name: &String| {
        let name = key(name);
        name.split_once('@').map_or_else(|| name.clone(), |(account, _)| account.to_owned())
    };
    let theirs: Vec<String> = theirs.map(account).collect();
    let shown = user.display_name.as_deref().is_some_and(|name| key(name) == key(&person.name));
    shown || ours.map(account).any(|name| theirs.contains(&name))
}

//! The keys that users, people and groups are matched by, on each step of the ladder.

use crate::model::{DirectoryGroup, Group, MatchKey, NameKey, Person, User};

/// Every key by which something may be matched, the surest first.
pub(crate) const LADDER: [MatchKey; 4] = [MatchKey::Guid, MatchKey::Name, MatchKey::NameAtDomain, MatchKey::Mail];

/// A comparable key of either side.
pub(crate) type Key = String;

/// A name as a key.
pub(crate) fn key(name: &str) -> Key {
    NameKey::of(name).as_str().to_owned()
}

/// Keys as names.
pub(crate) fn name_keys(keys: &[Key]) -> Vec<NameKey> {
    keys.iter().map(|key| NameKey::of(key)).collect()
}

/// The keys of an entry on all steps of the ladder.
pub(crate) fn all_keys<T>(entry: &T, keys: impl Fn(&T, MatchKey) -> Vec<Key>) -> Vec<Key> {
    LADDER.into_iter().flat_map(|by| keys(entry, by)).collect()
}

/// The keys of a user of Identity Center on this step of the ladder.
pub(crate) fn user_keys(user: &User, by: MatchKey) -> Vec<Key> {
    match by {
        MatchKey::Guid => {
            let external = user.external_ids.iter().filter_map(|id| id.guid());
            external.chain(user.id.directory_guid()).map(|guid| guid.to_string()).collect()
        }
        MatchKey::Name | MatchKey::NameAtDomain => vec![key(&user.user_name)],
        MatchKey::Mail => user.own_mails().iter().chain([&user.user_name]).map(|mail| key(mail)).collect(),
    }
}

/// The keys of a person on this step of the ladder.
pub(crate) fn person_keys(person: &Person, by: MatchKey) -> Vec<Key> {
    match by {
        MatchKey::Guid => person.guid.iter().chain(&person.entra_id).map(ToString::to_string).collect(),
        MatchKey::Name => person.user_names().map(|name| key(name)).collect(),
        MatchKey::NameAtDomain => at_domain(person.sam.as_slice(), person.domain.as_deref()),
        MatchKey::Mail => {
            let names = person.user_names().map(|name| key(name));
            let at_domain = at_domain(person.sam.as_slice(), person.domain.as_deref());
            person.mails.iter().map(|mail| key(mail)).chain(names).chain(at_domain).collect()
        }
    }
}

/// The keys of a group of Identity Center on this step of the ladder.
pub(crate) fn group_keys(group: &Group, by: MatchKey) -> Vec<Key> {
    match by {
        MatchKey::Guid => group.external_ids.iter().filter_map(|id| id.guid()).map(|guid| guid.to_string()).collect(),
        MatchKey::Name | MatchKey::NameAtDomain => vec![key(&group.name)],
        MatchKey::Mail => Vec::new(),
    }
}

/// The keys of a directory group on this step of the ladder.
pub(crate) fn directory_group_keys(group: &DirectoryGroup, by: MatchKey) -> Vec<Key> {
    match by {
        MatchKey::Guid => group.guid.iter().chain(&group.entra_id).map(ToString::to_string).collect(),
        MatchKey::Name => group.names.iter().map(|name| key(name)).collect(),
        MatchKey::NameAtDomain => at_domain(&group.names, group.domain.as_deref()),
        MatchKey::Mail => Vec::new(),
    }
}

fn at_domain(names: &[String], domain: Option<&str>) -> Vec<Key> {
    domain.map_or_else(Vec::new, |domain| names.iter().map(|name| key(&format!("{name}@{domain}"))).collect())
}

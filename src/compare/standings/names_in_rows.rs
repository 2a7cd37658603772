//! Whom a row means by a name, and which rows a principal is found by.
//!
//! A name is given to whoever has it by the surest key: a mail address that is another one's sign-in name is that other
//! one's. Where two have a name equally, nobody can say whom a row means by it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compare::matching::keys::{
    Key, LADDER, all_keys, directory_group_keys, group_keys, key, name_keys, person_keys, user_keys,
};
use crate::compare::matching::who_is_who::WhoIsWho;
use crate::model::{
    Extent, Gap, Group, Hides, Ix, ListingIndex, NameKey, Person, Principal, PrincipalName, RowRef, Side, Sight, User,
    What, Why, World,
};

/// Groups and users by every name that a row may use for them, and people who are no users.
pub(super) struct Principals<'w> {
    world: &'w World,
    who: &'w WhoIsWho,
    groups: Names<Ix<Group>>,
    users: Names<Somebody>,
}

/// Whom the name of a user can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Somebody {
    User(Ix<User>),
    /// Somebody of the lists who is no user.
    Nobody(Ix<Person>),
}

/// Steps below the ladder by which rows name people of a directory: the name of the account without its domain, and
/// what somebody is called.
const STEPS: usize = LADDER.len() + 2;

/// The names of a person on a step.
fn names_on(person: &Person, step: usize) -> Vec<Key> {
    match LADDER.get(step) {
        Some(by) => person_keys(person, *by),
        None if step == LADDER.len() => person.sam.iter().map(|name| key(name)).collect(),
        None => vec![key(&person.name)],
    }
}

/// By name, those who have it by the surest key, and which step that is.
struct Names<T>(BTreeMap<Key, (usize, Vec<T>)>);

impl<T: Copy + PartialEq> Names<T> {
    /// Adds the names that somebody has on each step.
    fn add<I: IntoIterator<Item = Key>>(&mut self, somebody: T, keys: impl Fn(usize) -> I) {
        for step in 0..STEPS {
            for key in keys(step) {
                let (surest, those) = self.0.entry(key).or_insert((step, Vec::new()));
                if step < *surest {
                    (*surest, *those) = (step, Vec::new());
                }
                if step == *surest && !those.contains(&somebody) {
                    those.push(somebody);
                }
            }
        }
    }

    fn meant(&self, name: &Key) -> &[T] {
        self.0.get(name).map_or(&[], |(_, those)| those)
    }
}

/// How lists name every user of Identity Center.
pub(super) const EVERYONE: &str = "*";

/// The names of a principal, and what rows can be found by them.
pub(super) struct Called {
    /// Whether it is a group.
    pub(super) group: bool,
    /// All of its names.
    pub(super) names: Vec<Key>,
    /// Those that mean it and nobody else.
    own: Vec<Key>,
    /// Those that mean others as well, and the gap that this is.
    shared: Vec<(Key, Arc<Gap>)>,
    /// Why the lists may call it otherwise, where the key by which users are matched is probably wrong.
    unrecognized: Option<Arc<Gap>>,
}

impl Called {
    /// What every user of Identity Center together is called.
    pub(super) fn everyone() -> Self {
        Called {
            group: false,
            names: vec![key(EVERYONE)],
            own: vec![key(EVERYONE)],
            shared: Vec::new(),
            unrecognized: None,
        }
    }

    /// The row about this principal. Where only a name finds one that others have too, nobody can say whose it is.
    pub(super) fn look_up<K: Ord, T>(
        &self,
        rows: &ListingIndex<'_, K, T>,
        keys: impl Fn(&Key) -> Vec<K>,
        acceptable: impl Fn(Ix<T>) -> bool,
    ) -> Sight<Ix<T>> {
        let answer = rows.look_up_any(&self.own.iter().flat_map(&keys).collect::<Vec<_>>(), &acceptable);
        if let Sight::Seen(_) = answer {
            return answer;
        }
        let in_doubt = |(name, _): &&(Key, _)| rows.look_up_any(&keys(name), &acceptable).seen().is_some();
        match (self.shared.iter().find(in_doubt), &self.unrecognized, answer) {
            (Some((_, gap)), _, _) | (None, Some(gap), Sight::Absent(_)) => Sight::Unseen(Arc::clone(gap)),
            (None, _, answer) => answer,
        }
    }

    /// The names, for rows that could not be read.
    pub(super) fn name_keys(&self) -> Vec<NameKey> {
        name_keys(&self.names)
    }
}

impl<'w> Principals<'w> {
    pub(super) fn of(world: &'w World, who: &'w WhoIsWho) -> Self {
        let (mut groups, mut users) = (Names(BTreeMap::new()), Names(BTreeMap::new()));
        for (position, group) in world.snapshot.groups.positions() {
            let directory = who.matching.directory_groups[position.number()];
            groups.add(position, |step| {
                let Some(&by) = LADDER.get(step) else { return Vec::new() };
                let mut keys = group_keys(group, by);
                let matched = directory.map(|matched| &world.expectation.groups[matched.with]);
                keys.extend(matched.into_iter().flat_map(|group| directory_group_keys(group, by)));
                keys
            });
        }
        for (position, user) in world.snapshot.users.positions() {
            let person = who.matching.people[position.number()];
            users.add(Somebody::User(position), |step| {
                let mut keys = LADDER.get(step).map(|by| user_keys(user, *by)).unwrap_or_default();
                let matched = person.map(|matched| &world.expectation.people[matched.with]);
                keys.extend(matched.into_iter().flat_map(|person| names_on(person, step)));
                keys
            });
        }
        for (position, person) in world.expectation.people.positions() {
            if who.matching.users[position.number()].is_none() {
                users.add(Somebody::Nobody(position), |step| names_on(person, step));
            }
        }
        Principals { world, who, groups, users }
    }

    /// The principal whom a row names.
    pub(super) fn look_up(&self, name: &PrincipalName) -> Sight<Principal> {
        let snapshot = &self.world.snapshot;
        let (principal, asked, name) = match name {
            PrincipalName::Group(name) => {
                let group = match self.groups.meant(&key(name)) {
                    [] => snapshot.groups.of_unseen(),
                    [group] => Sight::Seen(Principal::Group(*group)),
                    several => Sight::Unseen(self.ambiguous(name, several.iter().map(|group| self.group(*group)))),
                };
                (group, &snapshot.looked_up_groups, name)
            }
            PrincipalName::User(name) => {
                let user = match self.users(name).as_slice() {
                    [] | [Somebody::Nobody(_)] => match self.who.unrecognized() {
                        Some(gap) => Sight::Unseen(Arc::clone(gap)),
                        None => snapshot.users.of_unseen(),
                    },
                    [Somebody::User(user)] => Sight::Seen(Principal::User(*user)),
                    several => Sight::Unseen(self.ambiguous(name, several.iter().map(|one| self.somebody(*one)))),
                };
                (user, &snapshot.looked_up_users, name)
            }
        };
        match asked {
            Some(asked) => asked.unless_unasked(principal, [NameKey::of(name)]),
            None => principal,
        }
    }

    /// The one person whom a row means by this name of a user.
    pub(super) fn person(&self, name: &str) -> Option<Ix<Person>> {
        match self.users(name).as_slice() {
            [Somebody::Nobody(person)] => Some(*person),
            [Somebody::User(user)] => self.who.matching.people[user.number()].map(|matched| matched.with),
            _ => None,
        }
    }

    /// By which names a principal is called.
    pub(super) fn called(&self, principal: Principal) -> Called {
        let (group, names) = names_of(self.world, self.who, principal);
        let (mut own, mut shared) = (Vec::new(), Vec::new());
        for name in &names {
            let (is_meant, others) = match principal {
                Principal::Group(group) => {
                    let meant = self.groups.meant(name);
                    (meant.contains(&group), meant.iter().map(|group| self.group(*group)).collect::<Vec<_>>())
                }
                Principal::User(user) => {
                    let meant = self.users(name);
                    let names = meant.iter().map(|one| self.somebody(*one)).collect();
                    (meant.contains(&Somebody::User(user)), names)
                }
            };
            if is_meant && others.len() == 1 {
                own.push(name.clone());
            } else if is_meant {
                shared.push((name.clone(), self.ambiguous(name, others.into_iter())));
            }
        }
        let unrecognized = match principal {
            Principal::User(user) => self.who.unrecognized_user(user),
            Principal::Group(_) => None,
        };
        Called { group, names, own, shared, unrecognized: unrecognized.cloned() }
    }

    /// Those whom the name of a user can mean. Whoever is a user goes before people who are none.
    fn users(&self, name: &str) -> Vec<Somebody> {
        let meant = self.users.meant(&key(name));
        let users: Vec<Somebody> = meant.iter().filter(|one| matches!(one, Somebody::User(_))).copied().collect();
        if users.is_empty() { meant.to_vec() } else { users }
    }

    fn group(&self, group: Ix<Group>) -> String {
        self.world.snapshot.groups[group].name.clone()
    }

    fn somebody(&self, somebody: Somebody) -> String {
        match somebody {
            Somebody::User(user) => self.world.snapshot.users[user].user_name.clone(),
            Somebody::Nobody(person) => self.world.expectation.people[person].name.clone(),
        }
    }

    fn ambiguous(&self, name: &str, candidates: impl Iterator<Item = String>) -> Arc<Gap> {
        Arc::new(Gap {
            side: Side::Expected,
            source: "directory".to_owned(),
            account: None,
            unseen: What::RowPrincipal.of(name),
            why: Why::Ambiguous { key: name.to_owned(), candidates: candidates.collect() },
            hides: Hides::Grants,
        })
    }
}

/// Whether the principal is a group, and every name by which a row may call it: Identity Center's and the directory's.
pub(super) fn names_of(world: &World, who: &WhoIsWho, principal: Principal) -> (bool, Vec<Key>) {
    match principal {
        Principal::Group(group) => {
            let mut names = all_keys(&world.snapshot.groups[group], group_keys);
            if let Some(matched) = who.matching.directory_groups[group.number()] {
                names.extend(all_keys(&world.expectation.groups[matched.with], directory_group_keys));
            }
            (true, names)
        }
        Principal::User(user) => {
            let mut names = all_keys(&world.snapshot.users[user], user_keys);
            if let Some(matched) = who.matching.people[user.number()] {
                let person = &world.expectation.people[matched.with];
                names.extend((0..STEPS).flat_map(|step| names_on(person, step)));
            }
            (false, names)
        }
    }
}

/// The gap that hides the principal's name, without which no row can be found.
pub(super) fn name_unknown(world: &World, principal: Principal) -> Option<Arc<Gap>> {
    let (listed, extent) = match principal {
        Principal::Group(group) => (world.snapshot.groups[group].listed, world.snapshot.groups.extent()),
        Principal::User(user) => (world.snapshot.users[user].listed, world.snapshot.users.extent()),
    };
    match extent {
        Extent::Part(gap) if !listed => Some(Arc::clone(gap)),
        Extent::Part(_) | Extent::Whole(_) => None,
    }
}

/// The row that says that the principal has left, where it is a person who has.
pub(super) fn left(world: &World, who: &WhoIsWho, principal: Principal) -> Option<RowRef> {
    let Principal::User(user) = principal else { return None };
    let leaver = who.matching.leaver(&world.expectation.people, user)?;
    Some(world.expectation.people[leaver].decided_by())
}

/// Whether a row speaks of a group, and the name that it gives.
pub(super) fn row_key(name: &PrincipalName) -> (bool, Key) {
    match name {
        PrincipalName::Group(name) => (true, key(name)),
        PrincipalName::User(name) => (false, key(name)),
    }
}

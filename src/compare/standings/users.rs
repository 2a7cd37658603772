//! Users of Identity Center against people of the lists, both ways.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use crate::compare::matching::keys::{Key, all_keys, name_keys, person_keys, user_keys};
use crate::compare::matching::who_is_who::WhoIsWho;
use crate::model::{
    Asked, Because, Extent, Gap, Hides, Ix, Judged, Kind, ListingIndex, NameKey, Person, Presence, PrincipalName,
    Standing, Subject, User, World,
};

use super::holders::Holders;
use super::names_in_rows::Principals;
use super::{NotThere, names_some_only, seen, speaks_for, standing_of_present};

/// How users stand, and how people who are due stand who are no users.
pub(super) struct Users {
    /// All of it, for the report.
    pub(super) judged: Vec<Judged>,
    /// By user.
    pub(super) standings: Vec<Standing>,
}

/// An index by all keys of an entry, made when it is first asked.
trait Index<'a, T: 'a>: Deref<Target = ListingIndex<'a, Key, T>> {}

impl<'a, T: 'a, I: Deref<Target = ListingIndex<'a, Key, T>>> Index<'a, T> for I {}

pub(super) fn judge(world: &World, who: &WhoIsWho, principals: &Principals<'_>) -> Users {
    let holders = LazyCell::new(|| Holders::of(world));
    let standings: Vec<Standing> =
        world.snapshot.users.positions().map(|(user, _)| standing(world, who, &holders, user)).collect();
    let present = world.snapshot.users.positions().zip(&standings);
    let mut judged: Vec<Judged> = present
        .map(|((user, _), standing)| Judged { subject: Subject::User(user), standing: standing.clone() })
        .collect();
    judged.extend(due(world, who, principals));
    Users { judged, standings }
}

fn standing(world: &World, who: &WhoIsWho, holders: &impl Deref<Target = Holders>, user: Ix<User>) -> Standing {
    // Lists of leavers alone say of nobody that they are expected, and of these that they are not.
    if let Some(leaver) = who.matching.leaver(&world.expectation.people, user) {
        return Standing::Unintended(Because::HolderLeft(world.expectation.people[leaver].decided_by()));
    }
    if !speaks_for(world, Kind::User) {
        return Standing::Unlisted;
    }
    if let Some(matched) = who.matching.people[user.number()] {
        return match who.doubt(world, user) {
            Some(doubt) if holders.hold_access(user) => Standing::Unknown(Arc::clone(doubt)),
            Some(doubt) => Standing::Unknown(hiding_nothing(doubt)),
            None => Standing::Expected(world.expectation.people[matched.with].row),
        };
    }
    if let Some(gap) = who.undecided.get(&user) {
        return Standing::Unknown(Arc::clone(gap));
    }
    let entry = &world.snapshot.users[user];
    if let (false, Extent::Part(gap)) = (entry.listed, world.snapshot.users.extent()) {
        // Its name may stand on a page of the roster that was not read.
        return Standing::Unknown(Arc::clone(gap));
    }
    if names_some_only(world, Kind::User) {
        return Standing::Unlisted;
    }
    // The matching has tried every key of every person.
    let answer = world.expectation.people.of_unseen();
    let names = || name_keys(&all_keys(entry, user_keys));
    let asked = || Asked { kind: Kind::User, principal: names(), account: None, what: Vec::new() };
    standing_of_present(world, answer, asked)
}

/// People who are expected to be users and are none: members of the directory's groups that Identity Center has, and
/// users whom an assignment's row asks for. A row that only allows one asks for nobody.
fn due(world: &World, who: &WhoIsWho, principals: &Principals<'_>) -> Vec<Judged> {
    if !speaks_for(world, Kind::User) {
        return Vec::new();
    }
    // In an organization that is in order nobody has to be looked for.
    let users = LazyCell::new(|| world.snapshot.users.index_by(|user| all_keys(user, user_keys)));
    due_people(world, who, principals)
        .into_iter()
        .filter(|(person, _)| who.matching.users[person.number()].is_none())
        .map(|(person, unsure)| {
            let not_there = match unsure {
                Some(gap) => NotThere::Unseen(gap),
                None => absence_of(&users, world, who, person),
            };
            let entry = &world.expectation.people[person];
            let standing = unless_doubtful(entry, not_there.standing(entry.row));
            Judged { subject: Subject::DueUser(person), standing }
        })
        .collect()
}

/// What is missing for somebody who may have left may not be due. Nothing is hidden by that: it is not there.
pub(super) fn unless_doubtful(person: &Person, standing: Standing) -> Standing {
    match (&person.doubt, &standing) {
        (Some(doubt), Standing::Missing(..)) => Standing::Unknown(hiding_nothing(doubt)),
        (_, _) => standing,
    }
}

fn hiding_nothing(gap: &Gap) -> Arc<Gap> {
    Arc::new(Gap { hides: Hides::Nothing, ..gap.clone() })
}

/// Who is due, and the gap that leaves it open where only the setting of nested groups makes somebody due.
fn due_people(world: &World, who: &WhoIsWho, principals: &Principals<'_>) -> Vec<(Ix<Person>, Option<Arc<Gap>>)> {
    let expectation = &world.expectation;
    let reached = who.effective.iter().flat_map(|(group, members)| members.seen().map(|reach| (*group, reach.person)));
    let asked_for = expectation.assignments.seen().filter(|row| row.presence == Presence::Required);
    let named = asked_for.filter_map(|row| match &row.principal {
        PrincipalName::User(name) => principals.person(name),
        PrincipalName::Group(_) => None,
    });
    let mut due = vec![false; who.matching.users.len()];
    let mut unsure: BTreeMap<Ix<Person>, &Arc<Gap>> = BTreeMap::new();
    for (group, person) in reached {
        match who.depends_on_nesting(group, person) {
            Some(gap) => _ = unsure.insert(person, gap),
            None => due[person.number()] = true,
        }
    }
    for person in named {
        due[person.number()] = true;
    }
    let current = expectation.people.positions().filter(|(_, entry)| !entry.employment.is_over());
    current
        .filter_map(|(person, _)| match (due[person.number()], unsure.get(&person)) {
            (true, _) => Some((person, None)),
            (false, Some(gap)) => Some((person, Some(Arc::clone(gap)))),
            (false, None) => None,
        })
        .collect()
}

/// Why a person who was not matched is no user: proof, or the gap that forbids to say which user it is.
fn absence_of<'a>(users: &impl Index<'a, User>, world: &World, who: &WhoIsWho, person: Ix<Person>) -> NotThere {
    let entry = &world.expectation.people[person];
    if let Some(gap) = who.unrecognized() {
        return NotThere::Unseen(Arc::clone(gap));
    }
    if let Some(gap) = who.apart.people.get(&person) {
        return NotThere::Unseen(Arc::clone(gap));
    }
    let sight = users.look_up_any(&all_keys(entry, person_keys), |user| who.undecided.contains_key(&user));
    let sight = match &world.snapshot.looked_up_users {
        Some(asked) => asked.unless_unasked(sight, entry.names_in_identity_center().map(|name| NameKey::of(&name))),
        None => sight,
    };
    match seen(sight) {
        Ok(user) => NotThere::Unseen(Arc::clone(&who.undecided[&user])),
        Err(not_there) => not_there,
    }
}

//! Who is in which group, against the directory's effective members, both ways.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compare::matching::{WhoIsWho, name_keys};
use crate::model::{
    Asked, Because, DirectoryGroup, Group, Ix, Judged, Kind, Listing, Person, Principal, Reach, RowRef, Standing,
    Subject, User, World,
};

use super::assignments::names_of;
use super::users::Users;
use super::{seen, speaks_for, standing_of_present};

pub(super) fn judge(
    world: &World,
    who: &WhoIsWho,
    users: &Users,
    groups: &BTreeMap<Ix<Group>, Standing>,
) -> Vec<Judged> {
    let due_users: BTreeMap<Ix<Person>, &Standing> = users
        .judged
        .iter()
        .filter_map(|judged| {
            let Subject::DueUser(person) = judged.subject else { return None };
            Some((person, &judged.standing))
        })
        .collect();
    let mut judged = Vec::new();
    for (group, entry) in world.snapshot.groups.positions() {
        let directory = who.matching.directory_groups[group.number()].map(|matched| matched.with);
        let expected = directory.zip(who.effective.get(&group)).filter(|_| speaks_for(world, Kind::Membership));
        for &user in entry.members.seen() {
            let standing = match &expected {
                Some((_, members)) => against(world, who, users, members, group, user),
                None => without_counterpart(world, users, groups, group, user),
            };
            judged.push(Judged { subject: Subject::Membership(group, user), standing });
        }
        if let Some((directory, members)) = expected {
            judged.extend(missing(world, who, &due_users, group, directory, members));
        }
    }
    judged
}

/// A member of a group that the directory has too.
fn against(
    world: &World,
    who: &WhoIsWho,
    users: &Users,
    expected: &Listing<Reach>,
    group: Ix<Group>,
    user: Ix<User>,
) -> Standing {
    let Some(person) = who.matching.people[user.number()].map(|matched| matched.with) else {
        return match &users.standings[user.number()] {
            // No list names people as such, but the list of this group does, and this user is none of them.
            Standing::Unlisted => standing_of_present(world, expected.of_unseen(), || asked(world, who, group, user)),
            holder @ (Standing::Expected(_)
            | Standing::Pending(_)
            | Standing::Missing(..)
            | Standing::Differs(_)
            | Standing::Unintended(_)
            | Standing::Unknown(_)) => stands_as_its_holder(holder),
        };
    };
    if world.expectation.people[person].employment.is_over() {
        return Standing::Unintended(Because::HolderLeft(world.expectation.people[person].row));
    }
    let answer = expected.look_up(&person, |reach| reach.person).map(|reach| Standing::Expected(reach.row));
    standing_of_present(world, answer, || asked(world, who, group, user))
}

/// What a row would have spoken about that named this membership.
fn asked(world: &World, who: &WhoIsWho, group: Ix<Group>, user: Ix<User>) -> Asked {
    Asked {
        kind: Kind::Membership,
        principal: name_keys(&names_of(world, who, Principal::User(user)).1),
        account: None,
        what: name_keys(&names_of(world, who, Principal::Group(group)).1),
    }
}

/// A member of a group that the directory does not have, or of which nobody can say whether it has it.
fn without_counterpart(
    world: &World,
    users: &Users,
    groups: &BTreeMap<Ix<Group>, Standing>,
    group: Ix<Group>,
    user: Ix<User>,
) -> Standing {
    if !speaks_for(world, Kind::Membership) {
        return Standing::Unlisted;
    }
    match &users.standings[user.number()] {
        holder @ Standing::Unintended(_) => stands_as_its_holder(holder),
        Standing::Expected(_)
        | Standing::Pending(_)
        | Standing::Missing(..)
        | Standing::Differs(_)
        | Standing::Unknown(_)
        | Standing::Unlisted => stands_as_its_holder(&groups[&group]),
    }
}

/// A membership whose user or group is itself unintended or unknown stands as that does.
fn stands_as_its_holder(holder: &Standing) -> Standing {
    match holder {
        Standing::Unintended(_) | Standing::Unknown(_) | Standing::Unlisted => holder.clone(),
        Standing::Expected(_) | Standing::Pending(_) | Standing::Missing(..) | Standing::Differs(_) => {
            unreachable!("a user or a group that is expected has a counterpart in the directory")
        }
    }
}

/// People whom the directory has in the group, and Identity Center has not.
fn missing(
    world: &World,
    who: &WhoIsWho,
    due_users: &BTreeMap<Ix<Person>, &Standing>,
    group: Ix<Group>,
    directory: Ix<DirectoryGroup>,
    expected: &Listing<Reach>,
) -> Vec<Judged> {
    let members = &world.snapshot.groups[group].members;
    let standing = |person: Ix<Person>, row: RowRef| match who.matching.users[person.number()] {
        Some(user) => match seen(members.look_up(&user, |&member| member)) {
            Ok(_) => None,
            Err(not_there) => Some(not_there.standing(row)),
        },
        None => match due_users.get(&person)? {
            Standing::Missing(_, absence) => Some(Standing::Missing(row, absence.clone())),
            Standing::Unknown(gap) => Some(Standing::Unknown(Arc::clone(gap))),
            Standing::Expected(_)
            | Standing::Pending(_)
            | Standing::Differs(_)
            | Standing::Unintended(_)
            | Standing::Unlisted => None,
        },
    };
    expected
        .seen()
        .filter(|reach| !world.expectation.people[reach.person].employment.is_over())
        .filter_map(|reach| {
            let subject = Subject::DueMembership(group, directory, reach.person);
            Some(Judged { subject, standing: standing(reach.person, reach.row)? })
        })
        .collect()
}

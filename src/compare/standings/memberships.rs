//! Who is in which group, against the directory's effective members, both ways.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compare::matching::keys::name_keys;
use crate::compare::matching::who_is_who::WhoIsWho;
use crate::compare::merge_join::{Joined, join};
use crate::model::{
    Asked, Because, Group, Ix, Judged, Kind, Listing, Person, Principal, Reach, Sight, Standing, Subject, User, World,
};

use super::names_in_rows::names_of;
use super::users::{Users, unless_doubtful};
use super::{NotThere, seen, speaks_for, standing_of_present};

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
        let is_there = |user, standing| Judged { subject: Subject::Membership(group, user), standing };
        let Some((directory, expected)) = expected else {
            let standing = |user| without_counterpart(world, users, groups, group, user);
            judged.extend(entry.members.seen().map(|&user| is_there(user, standing(user))));
            continue;
        };
        let (due, strangers) = due(who, expected);
        let is_due = |reach: &Reach, standing: Option<Standing>| {
            let person = &world.expectation.people[reach.person];
            let user = who.matching.users[reach.person.number()];
            let left = user.and_then(|user| who.matching.leaver(&world.expectation.people, user)).is_some();
            let subject = Subject::DueMembership(group, directory, reach.person);
            let due = standing.filter(|_| !left && !person.employment.is_over());
            due.map(|standing| Judged { subject, standing: unless_doubtful(person, standing) })
        };
        for joined in join(entry.members.seen().copied(), due, |user| *user, |(user, _)| *user) {
            match joined {
                Joined::Both(user, (_, reach)) => {
                    judged.push(is_there(user, against(world, who, users, Sight::Seen(reach), group, user)));
                }
                Joined::Actual(user) => {
                    judged.push(is_there(user, against(world, who, users, expected.of_unseen(), group, user)));
                }
                Joined::Expected((_, reach)) => {
                    let unsure = who.depends_on_nesting(group, reach.person);
                    let unsure = unsure.map(|gap| NotThere::Unseen(Arc::clone(gap)));
                    let not_there = unsure.or_else(|| seen::<()>(entry.members.of_unseen()).err());
                    judged.extend(is_due(reach, not_there.map(|not_there| not_there.standing(reach.row))));
                }
            }
        }
        let no_user = |reach: &&Reach| is_due(reach, stands_as_the_person(&due_users, reach));
        judged.extend(strangers.iter().filter_map(no_user));
    }
    judged
}

/// Who is expected in a group: users, in their order, and people who are no users.
fn due<'a>(who: &WhoIsWho, expected: &'a Listing<Reach>) -> (Vec<(Ix<User>, &'a Reach)>, Vec<&'a Reach>) {
    let (mut due, mut strangers) = (Vec::new(), Vec::new());
    for reach in expected.seen() {
        match who.matching.users[reach.person.number()] {
            Some(user) => due.push((user, reach)),
            None => strangers.push(reach),
        }
    }
    due.sort_unstable_by_key(|(user, _)| *user);
    (due, strangers)
}

/// A member of a group that the directory has too.
fn against(
    world: &World,
    who: &WhoIsWho,
    users: &Users,
    answer: Sight<&Reach>,
    group: Ix<Group>,
    user: Ix<User>,
) -> Standing {
    let answer = answer.map(|reach| Standing::Expected(reach.row));
    if let Some(leaver) = who.matching.leaver(&world.expectation.people, user) {
        return Standing::Unintended(Because::HolderLeft(world.expectation.people[leaver].decided_by()));
    }
    let Some(person) = who.matching.people[user.number()].map(|matched| matched.with) else {
        return match &users.standings[user.number()] {
            // No list names people as such, but the list of this group does, and this user is none of them.
            Standing::Unlisted => match who.unrecognized_user(user) {
                Some(gap) => Standing::Unknown(Arc::clone(gap)),
                None => standing_of_present(world, answer, || asked(world, who, group, user)),
            },
            holder @ (Standing::Expected(_)
            | Standing::Pending(_)
            | Standing::Missing(..)
            | Standing::Differs(_)
            | Standing::Unintended(_)
            | Standing::Unknown(_)) => stands_as_its_holder(holder),
        };
    };
    let may_be_expected = || who.apart.may_be_expected(group, &world.expectation.people[person]);
    match (answer, who.depends_on_nesting(group, person).or_else(may_be_expected)) {
        (Sight::Absent(_), Some(gap)) => Standing::Unknown(Arc::clone(gap)),
        (answer, _) => standing_of_present(world, answer, || asked(world, who, group, user)),
    }
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

/// The membership of somebody who is expected and no user stands as that.
fn stands_as_the_person(due_users: &BTreeMap<Ix<Person>, &Standing>, reach: &Reach) -> Option<Standing> {
    match due_users.get(&reach.person)? {
        Standing::Missing(_, absence) => Some(Standing::Missing(reach.row, absence.clone())),
        Standing::Unknown(gap) => Some(Standing::Unknown(Arc::clone(gap))),
        Standing::Expected(_)
        | Standing::Pending(_)
        | Standing::Differs(_)
        | Standing::Unintended(_)
        | Standing::Unlisted => None,
    }
}

//! Differences that are younger than the synchronization needs: pending, counted, and no finding.
//!
//! What is there and not expected is pending where the list was exported before it could know of it. What is expected
//! and not there, or there although its holder has left, is pending where the directory changed so shortly before AWS
//! was asked that the synchronization may not have been there yet. Administrative access is never pending, and neither
//! is what the synchronization did not make.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::administrative;
use super::matching::WhoIsWho;
use crate::model::{
    Because, DirectoryGroup, Group, IdentitySource, Ix, Judged, Person, Principal, Recent, RowRef, Standing, Subject,
    User, World,
};

/// Turns young differences into pending ones.
pub(super) fn settle(world: &World, who: &WhoIsWho, judged: &mut [Judged]) {
    if who.matching.provisioning.source == Some(IdentitySource::IdentityCenter) {
        return;
    }
    let synchronization = Synchronization { world, who, administrators: Administrators::of(world) };
    let mut joining: BTreeSet<Ix<User>> = BTreeSet::new();
    // Users stand before their memberships, in the order of subjects.
    for judged in judged {
        let recent = match (judged.subject, &judged.standing) {
            (Subject::User(user), Standing::Unintended(because)) => synchronization.user(user, because),
            (Subject::Membership(group, user), Standing::Unintended(because)) => {
                let joining = joining.contains(&user).then(|| world.snapshot.users[user].created).flatten();
                joining
                    .filter(|_| !synchronization.administrators.group(group))
                    .map(|at| Recent { at, row: None })
                    .or_else(|| synchronization.membership(group, user, because))
            }
            (Subject::DueUser(person), Standing::Missing(row, _)) => synchronization.due(*row, person, None),
            (Subject::DueMembership(_, group, person), Standing::Missing(row, _)) => {
                synchronization.due(*row, person, Some(group))
            }
            _ => None,
        };
        if let Some(recent) = recent {
            if let Subject::User(user) = judged.subject {
                joining.insert(user);
            }
            judged.standing = Standing::Pending(recent);
        }
    }
}

/// What the synchronization may not have done yet.
struct Synchronization<'a> {
    world: &'a World,
    who: &'a WhoIsWho,
    administrators: Administrators,
}

impl Synchronization<'_> {
    fn user(&self, user: Ix<User>, because: &Because) -> Option<Recent> {
        let entry = &self.world.snapshot.users[user];
        if !made_by_sync(entry) || self.administrators.user(user) {
            return None;
        }
        match because {
            Because::NotExpected(_) => entry.created.filter(|at| self.is_news(*at)).map(|at| Recent { at, row: None }),
            Because::HolderLeft(row) => self.left(user, *row),
            Because::Lapsed(_) => None,
        }
    }

    fn membership(&self, group: Ix<Group>, user: Ix<User>, because: &Because) -> Option<Recent> {
        let made = !self.world.snapshot.groups[group].external_ids.is_empty();
        if !made || !made_by_sync(&self.world.snapshot.users[user]) || self.administrators.group(group) {
            return None;
        }
        match because {
            Because::NotExpected(_) => {
                let directory = self.who.matching.directory_groups[group.number()]?.with;
                let at = self.world.expectation.groups[directory].changed.filter(|at| self.is_young(*at))?;
                Some(Recent { at, row: None })
            }
            Because::HolderLeft(row) => self.left(user, *row).filter(|_| !self.administrators.user(user)),
            Because::Lapsed(_) => None,
        }
    }

    fn left(&self, user: Ix<User>, row: RowRef) -> Option<Recent> {
        let person = self.who.matching.people[user.number()]?.with;
        let at = self.world.expectation.people[person].changed.filter(|at| self.is_young(*at))?;
        Some(Recent { at, row: Some(row) })
    }

    fn due(&self, row: RowRef, person: Ix<Person>, group: Option<Ix<DirectoryGroup>>) -> Option<Recent> {
        let of_group = group.and_then(|group| self.world.expectation.groups[group].changed);
        let at = self.world.expectation.people[person].changed.max(of_group).filter(|at| self.is_young(*at))?;
        Some(Recent { at, row: Some(row) })
    }

    /// Whether a change of the directory is so young that the synchronization may not have brought it to AWS before AWS
    /// was asked.
    fn is_young(&self, at: DateTime<Utc>) -> bool {
        let asked = self.world.snapshot.window.map_or(self.world.stamp.as_of, |window| window.from);
        at + self.world.policy.sync_grace > asked
    }

    /// Whether something in AWS is so young that the lists may have been exported before it.
    fn is_news(&self, at: DateTime<Utc>) -> bool {
        let exports = self.world.expectation.files.iter().filter(|file| file.ages);
        let newest = exports.filter_map(|file| file.exported).map(|exported| exported.at).max();
        newest.is_some_and(|newest| at + self.world.policy.sync_grace > newest)
    }
}

/// Whether an identity provider made the user. What a person or a program of ours makes has that one's ARN.
fn made_by_sync(user: &User) -> bool {
    !user.external_ids.is_empty() && !user.created_by.as_deref().is_some_and(|by| by.starts_with("arn:"))
}

/// Who is seen to reach an administrative permission set.
struct Administrators {
    groups: BTreeSet<Ix<Group>>,
    users: BTreeSet<Ix<User>>,
}

impl Administrators {
    fn of(world: &World) -> Self {
        let sets = world.snapshot.permission_sets.seen().filter(|set| administrative::permission_set(set).is_some());
        let principals: BTreeSet<Principal> = sets
            .flat_map(|set| set.placements.seen())
            .flat_map(|placement| placement.principals.seen().copied())
            .collect();
        let mut administrators = Administrators { groups: BTreeSet::new(), users: BTreeSet::new() };
        for principal in principals {
            match principal {
                Principal::User(user) => drop(administrators.users.insert(user)),
                Principal::Group(group) => {
                    administrators.groups.insert(group);
                    administrators.users.extend(world.snapshot.groups[group].members.seen());
                }
            }
        }
        administrators
    }

    fn user(&self, user: Ix<User>) -> bool {
        self.users.contains(&user)
    }

    fn group(&self, group: Ix<Group>) -> bool {
        self.groups.contains(&group)
    }
}

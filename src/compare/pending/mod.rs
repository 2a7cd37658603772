//! Differences that are younger than the synchronization needs, or than the export: pending, counted, and no finding.
//!
//! What is there and not expected is pending where the synchronization made it and the list was exported before it
//! could know of it. What is expected and not there, or there although its holder has left, is pending where the
//! directory changed so shortly before AWS was asked that the synchronization may not have been there yet; and what is
//! expected and not there also where the same export was in order when an earlier run held it against AWS, for then
//! AWS lost it later.
//!
//! Administrative access is never pending, and neither is what the synchronization is not known to have made. An export
//! that is older than the settings allow excuses nothing any more: what happened after it is unknown, and the run is
//! incomplete until there is a younger one. It does not become a thousand findings, because rule `stale-list` is the
//! one for it.

mod administrators;
mod created_by;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::fingerprint;
use super::matching::who_is_who::WhoIsWho;
use super::rules::{MISSING_MEMBERSHIP, MISSING_USER};
use crate::model::{
    Because, DirectoryGroup, ExpectedFile, ExportClock, Exported, Fingerprint, Gap, Group, Hides, IdentitySource, Ix,
    Judged, Person, Recent, RowRef, RuleId, Side, Source, Standing, Subject, User, What, Why, World,
};
use administrators::Administrators;
use created_by::{Maker, Makers};

/// By how much the clocks of AWS, of the directory and of this machine may differ.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::hours(1);

/// Turns young differences into pending ones.
pub(super) fn settle(world: &World, who: &WhoIsWho, judged: &mut [Judged]) {
    if who.matching.provisioning.source == Some(IdentitySource::IdentityCenter) {
        return;
    }
    let synchronization = Synchronization {
        world,
        who,
        administrators: Administrators::of(world),
        makers: Makers::of(world, who),
        waived: world.expectation.waivers.iter().map(|waiver| waiver.rule.as_str()).collect(),
    };
    // Users and groups stand before their memberships, in the order of subjects. `None` is no excuse.
    let mut holders: BTreeMap<Subject, Option<Standing>> = BTreeMap::new();
    for judged in judged {
        let standing = match (judged.subject, &judged.standing) {
            (Subject::User(user), Standing::Unintended(because)) => synchronization.user(user, because),
            (Subject::Group(group), Standing::Unintended(because)) => synchronization.group(group, because),
            (Subject::Membership(group, user), Standing::Unintended(because)) => {
                match holders.get(&Subject::User(user)).or_else(|| holders.get(&Subject::Group(group))) {
                    Some(holder) => holder.clone().filter(|_| synchronization.may_follow(group, user)),
                    None => synchronization.membership(group, user, because),
                }
            }
            (Subject::DueUser(person), Standing::Missing(row, _)) => {
                synchronization.due(judged.subject, MISSING_USER, *row, person, None)
            }
            (Subject::DueMembership(_, group, person), Standing::Missing(row, _)) => {
                match holders.get(&Subject::DueUser(person)) {
                    Some(holder) => holder.clone(),
                    None => synchronization.due(judged.subject, MISSING_MEMBERSHIP, *row, person, Some(group)),
                }
            }
            _ => continue,
        };
        if let Subject::User(_) | Subject::Group(_) | Subject::DueUser(_) = judged.subject {
            holders.insert(judged.subject, standing.clone());
        }
        if let Some(standing) = standing {
            judged.standing = standing;
        }
    }
}

/// What the synchronization may not have done yet, and what it may have done since the export.
struct Synchronization<'a> {
    world: &'a World,
    who: &'a WhoIsWho,
    administrators: Administrators,
    makers: Makers<'a>,
    /// Rules that waivers name.
    waived: BTreeSet<&'a str>,
}

impl Synchronization<'_> {
    fn user(&self, user: Ix<User>, because: &Because) -> Option<Standing> {
        if self.administrators.user(user) {
            return None;
        }
        match because {
            Because::NotExpected(absence) if self.makers.user(self.world, user) => {
                self.since_export(self.world.snapshot.users[user].created?, absence.proved_by())
            }
            Because::HolderLeft(row) if self.makers.may_have_made(self.world, user) => self.left(user, *row),
            Because::NotExpected(_) | Because::HolderLeft(_) | Because::Lapsed(_) => None,
        }
    }

    fn group(&self, group: Ix<Group>, because: &Because) -> Option<Standing> {
        if !self.makers.group(self.world, group) || self.administrators.group(group) {
            return None;
        }
        match because {
            Because::NotExpected(absence) => {
                self.since_export(self.world.snapshot.groups[group].created?, absence.proved_by())
            }
            Because::HolderLeft(_) | Because::Lapsed(_) => None,
        }
    }

    /// Whether a membership stands as its user or its group does.
    fn may_follow(&self, group: Ix<Group>, user: Ix<User>) -> bool {
        let by_hand = self.makers.of_membership(self.world, group, user) == Maker::Another;
        !by_hand && !self.administrators.group(group)
    }

    fn membership(&self, group: Ix<Group>, user: Ix<User>, because: &Because) -> Option<Standing> {
        let by_sync = self.makers.of_membership(self.world, group, user) == Maker::Synchronization;
        if !by_sync || self.administrators.group(group) {
            return None;
        }
        match because {
            Because::NotExpected(absence) => {
                let made = self.world.snapshot.groups[group].made(user).and_then(|made| made.at());
                let since = made.and_then(|at| self.since_export(at, absence.proved_by()));
                since.or_else(|| {
                    let directory = self.who.matching.directory_groups[group.number()]?.with;
                    self.young(self.world.expectation.groups[directory].changed, None)
                })
            }
            // Those of a leaver stand as the leaver does.
            Because::HolderLeft(_) | Because::Lapsed(_) => None,
        }
    }

    fn left(&self, user: Ix<User>, row: RowRef) -> Option<Standing> {
        let person = self.who.matching.leaver(&self.world.expectation.people, user)?;
        self.young(self.world.expectation.people[person].changed, Some(row))
    }

    /// Somebody, or somebody's membership, that a row expects and AWS does not have. What is not there gives nobody
    /// access, so it may also wait where the access would be administrative.
    fn due(
        &self,
        subject: Subject,
        rule: RuleId,
        row: RowRef,
        person: Ix<Person>,
        group: Option<Ix<DirectoryGroup>>,
    ) -> Option<Standing> {
        let of_group = group.and_then(|group| self.world.expectation.groups[group].changed);
        let changed = self.world.expectation.people[person].changed.max(of_group);
        self.young(changed, Some(row)).or_else(|| self.lost_since_export(subject, rule, row, changed))
    }

    /// Where the directory changed so shortly before AWS was asked that the synchronization may not have been there
    /// yet.
    fn young(&self, changed: Option<DateTime<Utc>>, row: Option<RowRef>) -> Option<Standing> {
        let asked = self.world.snapshot.window.map_or(self.world.stamp.as_of, |window| window.from);
        let at = changed.filter(|at| self.has_been(*at) && self.is_within_grace(*at, asked))?;
        Some(Standing::Pending(Recent { at, row }))
    }

    /// Where something was made so late that an export may not know of it: one that proves that it is not expected.
    fn since_export(&self, at: DateTime<Utc>, proof: &Source) -> Option<Standing> {
        if !self.has_been(at) {
            return None;
        }
        let exports = self.exports();
        let named: Vec<_> = exports.iter().filter(|(file, _)| file.name == proof.name).copied().collect();
        // Several lists prove it together, unless one of the files has the proof's name; one kept by hand knows all.
        let kept_by_hand = self.world.expectation.files.iter().any(|file| file.name == proof.name && !file.ages);
        let exports = if named.is_empty() && !kept_by_hand { exports } else { named };
        let (fresh, stale): (Vec<_>, Vec<_>) = exports.into_iter().partition(|(_, one)| !self.is_stale(one));
        let is_news = |exported: &Exported| self.is_within_grace(at, exported.at);
        if fresh.is_empty() {
            let (file, exported) = stale.into_iter().filter(|(_, one)| is_news(one)).max_by_key(|(_, one)| one.at)?;
            return Some(self.outdated(file, exported));
        }
        fresh.iter().any(|(_, one)| is_news(one)).then_some(Standing::Pending(Recent { at, row: None }))
    }

    /// Where an earlier run held the same export against AWS and did not miss it: so AWS lost it after the export.
    ///
    /// That it is the same export needs a time that is not before the true one. And the earlier run must have seen all,
    /// at a time when a change of the directory was no excuse for it any more.
    fn lost_since_export(
        &self,
        subject: Subject,
        rule: RuleId,
        row: RowRef,
        changed: Option<DateTime<Utc>>,
    ) -> Option<Standing> {
        let earlier = self.world.earlier.as_ref().filter(|earlier| earlier.gaps.is_empty())?;
        if changed.is_some_and(|at| self.is_within_grace(at, earlier.as_of)) {
            return None;
        }
        let file = &self.world.expectation.files[row.file.number()];
        let exported = file.exported.filter(|_| file.ages)?;
        let not_too_early = match exported.known_by {
            ExportClock::Sidecar | ExportClock::Place | ExportClock::Modified => true,
            ExportClock::FileName | ExportClock::NewestChange => false,
        };
        let fingerprint = Fingerprint::of(rule, &fingerprint::of(self.world, subject));
        // What is waived is not open, and was missed all the same.
        let may_be_waived = self.waived.contains(rule.0);
        if !not_too_early || earlier.as_of <= exported.at || earlier.open.contains_key(&fingerprint) || may_be_waived {
            return None;
        }
        if self.is_stale(&exported) {
            return Some(self.outdated(file, exported));
        }
        Some(Standing::Pending(Recent { at: exported.at, row: Some(row) }))
    }

    /// The exports of which it is known when they were made.
    fn exports(&self) -> Vec<(&ExpectedFile, Exported)> {
        let files = self.world.expectation.files.iter().filter(|file| file.ages);
        files.filter_map(|file| Some((file, file.exported?))).collect()
    }

    /// Whether `then` is less than the grace after `at`. A difference of instants always fits, and a sum need not: AWS
    /// and the lists may name any instant.
    fn is_within_grace(&self, at: DateTime<Utc>, then: DateTime<Utc>) -> bool {
        then - at < self.world.policy.sync_grace
    }

    /// Whether an instant is not after the run's own, as far as clocks agree: what is said to happen later excuses nothing.
    fn has_been(&self, at: DateTime<Utc>) -> bool {
        at - self.world.stamp.as_of <= CLOCKS_DIFFER
    }

    fn is_stale(&self, exported: &Exported) -> bool {
        self.world.stamp.as_of - exported.at > self.world.policy.max_list_age
    }

    fn outdated(&self, file: &ExpectedFile, exported: Exported) -> Standing {
        Standing::Unknown(Arc::new(Gap {
            side: Side::Expected,
            source: file.name.clone(),
            account: None,
            unseen: What::AfterExport.into(),
            why: Why::Outdated { exported: exported.at },
            hides: Hides::Grants,
        }))
    }
}

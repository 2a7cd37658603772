//! Differences that are younger than the synchronization needs, or than the export: pending, counted, and no finding.
//!
//! What is there and not expected is pending where the synchronization made it and every export that would have to name
//! it was made before it could: one younger export that lacks it proves that it is not expected. An export that would not
//! name it (of groups only, of another domain's accounts, of the personnel department) is no excuse. What is expected and not there is pending where the directory
//! changed so shortly before AWS was asked that the synchronization may not have been there yet. What is there although
//! its holder has left is pending where the holder's own account ended so shortly before: what another list says of them
//! is nothing that the synchronization could do. And what is
//! expected and not there also where the same export was in order when an earlier run held it against AWS, for then
//! AWS lost it later.
//!
//! Accounts change for many reasons, and some every night. So a change of the directory excuses a difference once: one
//! that an earlier run of the job showed longer ago than the grace is not pending, whatever changed since.
//!
//! Administrative access is never pending, and neither is what the synchronization is not known to have made. An export
//! that is older than the settings allow excuses nothing any more: what happened after it is unknown, and the run is
//! incomplete until there is a younger one. It does not become a thousand findings, because rule `stale-list` is the
//! one for it.

mod administrators;
mod created_by;
mod memory;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::fingerprint;
use super::matching::who_is_who::WhoIsWho;
use super::rules::{LEAVER_WITH_ACCESS, MISSING_MEMBERSHIP, MISSING_USER, UNEXPECTED_MEMBERSHIP};
use crate::model::{
    Because, DirectoryGroup, ExpectedFile, ExportClock, Exported, Extent, Fingerprint, Gap, Group, Hides,
    IdentitySource, Ix, Judged, Made, Person, Recent, RowRef, RuleId, Side, Source, Standing, Subject, User, What, Why,
    World,
};
use administrators::Administrators;
use created_by::{Maker, Makers};

pub(super) use memory::{Since, remembered};

/// By how much the clocks of AWS, of the directory and of this machine may differ.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::hours(1);

/// An export, and when it was made.
type Export<'w> = (&'w ExpectedFile, Exported);

/// Why a difference is pending, or unknown.
struct Excuse {
    standing: Standing,
    /// Where a change of the directory is why: the difference, and since when runs of the job have shown it.
    since: Option<(Fingerprint, DateTime<Utc>)>,
}

impl From<Standing> for Excuse {
    fn from(standing: Standing) -> Self {
        Excuse { standing, since: None }
    }
}

/// Turns young differences into pending ones.
pub(super) fn settle(world: &World, who: &WhoIsWho, judged: &mut [Judged]) -> Since {
    let mut since = Since::new();
    if who.matching.provisioning.source == Some(IdentitySource::IdentityCenter) {
        return since;
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
        let excuse = match (judged.subject, &judged.standing) {
            (Subject::User(user), Standing::Unintended(because)) => synchronization.user(user, because),
            (Subject::Group(group), Standing::Unintended(because)) => synchronization.group(group, because),
            (Subject::Membership(group, user), Standing::Unintended(because)) => {
                match holders.get(&Subject::User(user)).or_else(|| holders.get(&Subject::Group(group))) {
                    Some(holder) => {
                        holder.clone().filter(|_| synchronization.may_follow(group, user)).map(Excuse::from)
                    }
                    None => synchronization.membership(group, user, because),
                }
            }
            (Subject::DueUser(person), Standing::Missing(row, _)) => {
                synchronization.due(judged.subject, MISSING_USER, *row, person, None)
            }
            (Subject::DueMembership(_, group, person), Standing::Missing(row, _)) => {
                match holders.get(&Subject::DueUser(person)) {
                    Some(holder) => holder.clone().map(Excuse::from),
                    None => synchronization.due(judged.subject, MISSING_MEMBERSHIP, *row, person, Some(group)),
                }
            }
            _ => continue,
        };
        if let Subject::User(_) | Subject::Group(_) | Subject::DueUser(_) = judged.subject {
            holders.insert(judged.subject, excuse.as_ref().map(|excuse| excuse.standing.clone()));
        }
        if let Some(excuse) = excuse {
            judged.standing = excuse.standing;
            since.extend(excuse.since);
        }
    }
    since
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
    fn user(&self, user: Ix<User>, because: &Because) -> Option<Excuse> {
        if self.administrators.user(user) {
            return None;
        }
        match because {
            Because::NotExpected(absence) if self.makers.user(self.world, user) => {
                let exports = self.that_would_name(user, absence.proved_by());
                let waits = self.since_exports(self.world.snapshot.users[user].created?, &exports);
                waits.filter(|_| !self.lacks_a_member(user)).map(Excuse::from)
            }
            Because::HolderLeft(row) if self.makers.may_have_made(self.world, user) => self.left(user, *row),
            Because::NotExpected(_) | Because::HolderLeft(_) | Because::HolderHadLeft(_) | Because::Lapsed(_) => None,
        }
    }

    fn group(&self, group: Ix<Group>, because: &Because) -> Option<Excuse> {
        if !self.makers.group(self.world, group) || self.administrators.group(group) {
            return None;
        }
        match because {
            Because::NotExpected(absence) => {
                let exports = self.exports_of(absence.proved_by());
                self.since_exports(self.world.snapshot.groups[group].created?, &exports).map(Excuse::from)
            }
            Because::HolderLeft(_) | Because::HolderHadLeft(_) | Because::Lapsed(_) => None,
        }
    }

    /// Whether a membership stands as its user or its group does.
    fn may_follow(&self, group: Ix<Group>, user: Ix<User>) -> bool {
        let by_hand = self.makers.of_membership(self.world, group, user) == Maker::Another;
        !by_hand && !self.administrators.group(group)
    }

    fn membership(&self, group: Ix<Group>, user: Ix<User>, because: &Because) -> Option<Excuse> {
        let by_sync = self.makers.of_membership(self.world, group, user) == Maker::Synchronization;
        if !by_sync || self.administrators.group(group) {
            return None;
        }
        match because {
            Because::NotExpected(absence) => {
                let made = self.world.snapshot.groups[group].made(user).and_then(|made| made.at());
                let since = made.and_then(|at| self.since_exports(at, &self.exports_of(absence.proved_by())));
                since.map(Excuse::from).or_else(|| {
                    let directory = self.who.matching.directory_groups[group.number()]?.with;
                    let difference = self.difference(UNEXPECTED_MEMBERSHIP, Subject::Membership(group, user));
                    self.young(difference, self.world.expectation.groups[directory].changed, None)
                })
            }
            // Those of a leaver stand as the leaver does.
            Because::HolderLeft(_) | Because::HolderHadLeft(_) | Because::Lapsed(_) => None,
        }
    }

    fn left(&self, user: Ix<User>, row: RowRef) -> Option<Excuse> {
        let person = self.who.matching.leaver(&self.world.expectation.people, user)?;
        let difference = self.difference(LEAVER_WITH_ACCESS, Subject::User(user));
        self.young(difference, self.world.expectation.people[person].ended(), Some(row))
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
    ) -> Option<Excuse> {
        let of_group = group.and_then(|group| self.world.expectation.groups[group].changed);
        let changed = self.world.expectation.people[person].changed.max(of_group);
        let difference = self.difference(rule, subject);
        let lost = self.lost_since_export(&difference, rule, row, changed);
        self.young(difference, changed, Some(row)).or_else(|| lost.map(Excuse::from))
    }

    /// What a difference is called in every run: as the finding that it would be.
    fn difference(&self, rule: RuleId, subject: Subject) -> Fingerprint {
        Fingerprint::of(rule, &fingerprint::of(self.world, subject))
    }

    /// Where the directory changed so shortly before AWS was asked that the synchronization may not have been there
    /// yet, and no earlier run showed the difference longer ago than that.
    fn young(&self, difference: Fingerprint, changed: Option<DateTime<Utc>>, row: Option<RowRef>) -> Option<Excuse> {
        let asked = self.world.snapshot.window.map_or(self.world.stamp.as_of, |window| window.from);
        let at = changed.filter(|at| self.has_been(*at) && self.is_within_grace(*at, asked))?;
        let known = self.world.earlier.as_ref().and_then(|earlier| earlier.knew(&difference));
        if known.is_some_and(|known| !self.is_within_grace(known, asked)) {
            return None;
        }
        let standing = Standing::Pending(Recent { at, row });
        Some(Excuse { standing, since: Some((difference, known.unwrap_or(self.world.stamp.as_of))) })
    }

    /// Where something was made so late that none of the exports may know of it, which would have to name it.
    fn since_exports(&self, at: DateTime<Utc>, exports: &[Export<'_>]) -> Option<Standing> {
        if !self.has_been(at) {
            return None;
        }
        let (fresh, stale): (Vec<Export<'_>>, Vec<Export<'_>>) =
            exports.iter().copied().partition(|(_, one)| !self.is_stale(one));
        let is_news = |(_, exported): &&Export<'_>| self.is_within_grace(at, exported.at);
        if fresh.is_empty() {
            let (file, exported) = stale.iter().filter(is_news).max_by_key(|(_, one)| one.at)?;
            return Some(self.outdated(file, *exported));
        }
        let waits = fresh.iter().all(|one| is_news(&one));
        waits.then_some(Standing::Pending(Recent { at, row: None }))
    }

    /// Of the exports that prove together that a user is not expected, those that would have to name it: the ones that
    /// list accounts of its domain; where none does, the ones that list accounts, and else all that list people.
    fn that_would_name(&self, user: Ix<User>, proof: &Source) -> Vec<Export<'_>> {
        let name = &self.world.snapshot.users[user].user_name;
        let domain = name.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
        let exports = self.exports_of(proof);
        let those = |wanted: &dyn Fn(&BTreeSet<String>) -> bool| {
            let is_wanted = |(file, _): &&Export<'_>| file.domains.as_ref().is_some_and(wanted);
            exports.iter().filter(is_wanted).copied().collect::<Vec<_>>()
        };
        let of_domain = those(&|domains| domain.as_ref().is_some_and(|domain| domains.contains(domain)));
        let of_accounts = || those(&|domains| !domains.is_empty());
        [of_domain, of_accounts(), those(&|_| true)].into_iter().find(|one| !one.is_empty()).unwrap_or_default()
    }

    /// Whether an export of the members of a group that the user is in is younger than the membership and lacks it.
    fn lacks_a_member(&self, user: Ix<User>) -> bool {
        let snapshot = &self.world.snapshot;
        let created = snapshot.users[user].created;
        snapshot.groups.positions().any(|(group, entry)| {
            let Some(matched) = self.who.matching.directory_groups[group.number()] else { return false };
            let Extent::Whole(list) = self.world.expectation.groups[matched.with].members.extent() else {
                return false;
            };
            let is_member = || entry.members.seen().any(|member| *member == user);
            let Some(at) = entry.made(user).and_then(Made::at).or(created) else { return false };
            let exports = self.exports_of(list);
            !exports.is_empty() && is_member() && self.since_exports(at, &exports).is_none()
        })
    }

    /// The exports among the lists of a source of which it is known when they were made.
    fn exports_of(&self, source: &Source) -> Vec<Export<'_>> {
        let files = self.world.expectation.files.iter().filter(|file| file.ages);
        let files = files.filter(|file| source.lists.iter().any(|list| list.name == file.name));
        files.filter_map(|file| Some((file, file.exported?))).collect()
    }

    /// Where an earlier run held the same export against AWS and did not miss it: so AWS lost it after the export.
    ///
    /// That it is the same export needs a time that is not before the true one. And the earlier run must have seen all,
    /// at a time when a change of the directory was no excuse for it any more.
    fn lost_since_export(
        &self,
        difference: &Fingerprint,
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
        // What is waived is not open, and was missed all the same.
        let may_be_waived = self.waived.contains(rule.0);
        if !not_too_early || earlier.as_of <= exported.at || earlier.open.contains_key(difference) || may_be_waived {
            return None;
        }
        if self.is_stale(&exported) {
            return Some(self.outdated(file, exported));
        }
        Some(Standing::Pending(Recent { at: exported.at, row: Some(row) }))
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

//! What became of findings of an earlier run that this run does not have: whether AWS changed, or what is expected.
//!
//! The earlier run is known by fingerprints. So what is there now, and what rows expect now, is given the fingerprints
//! that it would have had then.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    EarlierFinding, Evidence, ExpectedFile, Finding, Fingerprint, Ix, Judged, Kind, Listed, Nesting, Presence,
    Principal, RowRef, RuleId, Standing, Subject, file_name_time,
};

use super::remembered_leavers::{owner_said_current, said_current, said_so_then};
use super::rule_context::Case;
use super::{fingerprint, rules};

/// What became of a finding. Where several things were part of it, the first one of these counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Became {
    /// What it was about is part of another finding.
    PartOf(Fingerprint),
    /// Nobody can say.
    OutOfSight,
    /// What it was about is there as before, and a row expects it by now.
    Listed(Listed),
    /// AWS changed: what it was about is not there any more, or is there by now.
    Resolved,
    /// What was missing is missing as before, and no row expects it any more.
    NoLongerListed,
}

/// Findings that hang on AWS alone: no row of a list makes one of them go away.
const OF_AWS_ALONE: [&str; 5] = [
    "console-without-mfa",
    "contradicted-listing",
    "disabled-user",
    "orphaned-assignment",
    "unprovisioned-permission-set",
];

/// Findings of an earlier run.
type Gone<'e> = BTreeMap<&'e Fingerprint, &'e EarlierFinding>;

/// What became of findings that are gone.
pub(super) fn of<'e>(case: &Case<'_>, findings: &[Finding], gone: &Gone<'e>) -> BTreeMap<&'e Fingerprint, Became> {
    let mut became: BTreeMap<&Fingerprint, Became> = gone.keys().map(|key| (*key, Became::Resolved)).collect();
    let by_lists = gone.iter().filter(|(_, before)| !OF_AWS_ALONE.contains(&before.rule.as_str()));
    let (due, there): (Gone<'e>, Gone<'e>) =
        by_lists.map(|(key, before)| (*key, *before)).partition(|(_, before)| before.subject.starts_with("due-"));
    if due.is_empty() && there.is_empty() {
        return became;
    }
    let look = Look { case, parts: parts(findings) };
    became.extend(look.at_what_is_there(&there));
    became.extend(look.at_what_is_due(&due));
    became
}

/// By subject: a finding that is about it, or that it is part of.
fn parts(findings: &[Finding]) -> BTreeMap<Subject, &Finding> {
    let mut parts = BTreeMap::new();
    for finding in findings {
        let held = finding.evidence.iter().filter_map(Evidence::held);
        for subject in held.chain([finding.subject]) {
            parts.entry(subject).or_insert(finding);
        }
    }
    parts
}

/// Findings that are looked for, and which fingerprints something has among them.
struct Wanted<'g, 'e> {
    gone: &'g Gone<'e>,
    rules: BTreeSet<RuleId>,
    /// `None` for all of them: an old package did not say what a finding was about.
    kinds: Option<BTreeSet<Kind>>,
}

impl<'g, 'e> Wanted<'g, 'e> {
    fn of(gone: &'g Gone<'e>) -> Self {
        let known = |before: &&EarlierFinding| rules::RULES.iter().find(|rule| rule.id.0 == before.rule);
        let kind = |before: &&EarlierFinding| {
            let word = before.subject.strip_prefix("due-").unwrap_or(&before.subject);
            Kind::ALL
                .into_iter()
                .find(|kind| kind.word() == word || (word == "permission-set-of" && *kind == Kind::Assignment))
        };
        Wanted {
            gone,
            rules: gone.values().filter_map(known).map(|rule| rule.id).collect(),
            kinds: gone
                .values()
                .all(|before| !before.subject.is_empty())
                .then(|| gone.values().filter_map(kind).collect()),
        }
    }

    fn among(&self, case: &Case<'_>, subject: Subject) -> Vec<&'e Fingerprint> {
        let kinds = self.kinds.as_ref();
        if self.gone.is_empty() || kinds.is_some_and(|kinds| subject.kind().is_none_or(|kind| !kinds.contains(&kind))) {
            return Vec::new();
        }
        self.with(&fingerprint::of(case.world, subject))
    }

    fn with(&self, natural_keys: &[String]) -> Vec<&'e Fingerprint> {
        let fingerprints = self.rules.iter().map(|rule| Fingerprint::of(*rule, natural_keys));
        fingerprints.filter_map(|fingerprint| self.gone.get_key_value(&fingerprint).map(|(key, _)| *key)).collect()
    }
}

struct Look<'c> {
    case: &'c Case<'c>,
    parts: BTreeMap<Subject, &'c Finding>,
}

impl Look<'_> {
    /// Findings about something that was in AWS. Those of which nothing is there any more are left out.
    fn at_what_is_there<'e>(&self, gone: &Gone<'e>) -> BTreeMap<&'e Fingerprint, Became> {
        let wanted = Wanted::of(gone);
        let mut became: BTreeMap<&'e Fingerprint, Became> = BTreeMap::new();
        for judged in self.case.judged.iter().filter(|judged| !judged.subject.is_due()) {
            let everywhere = if let Subject::Assignment(_, set, principal) = judged.subject {
                Some(Subject::PermissionSetOf(set, principal))
            } else {
                None
            };
            let found = [Some(judged.subject), everywhere].into_iter().flatten();
            for fingerprint in found.flat_map(|subject| wanted.among(self.case, subject)) {
                let now = self.of_standing(judged, gone[fingerprint]);
                let known = became.entry(fingerprint).or_insert_with(|| now.clone());
                if now < *known {
                    *known = now;
                }
            }
        }
        became
    }

    fn of_standing(&self, judged: &Judged, before: &EarlierFinding) -> Became {
        let part = || self.parts.get(&judged.subject).map(|finding| Became::PartOf(finding.fingerprint.clone()));
        match &judged.standing {
            Standing::Expected(row) | Standing::Differs(row) => {
                let now = self.case.world.snapshot.content_digest(judged.subject);
                // Other policies than then were put right in AWS; the same ones were approved.
                let put_right =
                    before.rule.starts_with("differing-") && before.content.is_some() && before.content != now;
                if put_right { Became::Resolved } else { self.listed(judged.subject, *row, before) }
            }
            Standing::Pending(recent) => {
                recent.row.map_or(Became::OutOfSight, |row| self.listed(judged.subject, row, before))
            }
            Standing::Unintended(_) => part().unwrap_or(Became::OutOfSight),
            Standing::Unknown(_) => Became::OutOfSight,
            // It is there as before, and no list speaks for it any more.
            Standing::Unlisted if before.rule.starts_with("unexpected-") => part().unwrap_or(Became::OutOfSight),
            // What is found without a list is gone with its cause.
            Standing::Unlisted | Standing::Missing(..) => part().unwrap_or(Became::Resolved),
        }
    }

    fn listed(&self, subject: Subject, row: RowRef, before: &EarlierFinding) -> Became {
        let row = self.said_anew(subject, before).unwrap_or(row);
        let mut further: Vec<RowRef> =
            self.held_by(subject).into_iter().filter_map(|held| self.expected_by(held)).collect();
        further.retain(|one| *one != row && self.is_changed(one.file));
        further.sort_unstable();
        further.dedup();
        let changed_instead = if self.is_changed(row.file) { None } else { Some(self.changed_lists()) };
        Became::Listed(Listed { row, further, changed_instead })
    }

    /// Of a finding about a former employee: the row that says that they are current, in a list that did not say so then.
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other subject has a holder who can have left")]
    fn said_anew(&self, subject: Subject, before: &EarlierFinding) -> Option<RowRef> {
        if !before.rule.starts_with("leaver-") {
            return None;
        }
        let current = match subject {
            Subject::User(user) => said_current(self.case, user),
            Subject::IamUser(account, user) => {
                let owner = self.case.owner_of(account, user).filter(|owner| before.owner.as_ref() == Some(owner))?;
                owner_said_current(self.case, &owner)
            }
            _ => return None,
        };
        let is_new = |row: &RowRef| self.is_changed(row.file) && !said_so_then(self.case.world, before, *row);
        current.into_iter().find(is_new)
    }

    /// What was part of a finding about this subject.
    #[expect(clippy::wildcard_enum_match_arm, reason = "every other subject is left as it is")]
    fn held_by(&self, subject: Subject) -> Vec<Subject> {
        match subject {
            Subject::User(user) => self.case.held_by(user),
            Subject::Group(group) => {
                let members = self.case.world.snapshot.groups[group].members.seen();
                let members = members.map(|&user| Subject::Membership(group, user));
                self.case.grants(Principal::Group(group)).chain(members).collect()
            }
            Subject::IamUser(account, user) => self.case.policies_of(account, user).collect(),
            _ => Vec::new(),
        }
    }

    fn expected_by(&self, subject: Subject) -> Option<RowRef> {
        if let Standing::Expected(row) = self.standing(subject)? { Some(*row) } else { None }
    }

    fn standing(&self, subject: Subject) -> Option<&Standing> {
        let place = self.case.judged.binary_search_by_key(&subject, |judged| judged.subject).ok()?;
        Some(&self.case.judged[place].standing)
    }

    /// Whether a list is not, byte for byte, one of the earlier run that was called the same but for its date.
    fn is_changed(&self, file: Ix<ExpectedFile>) -> bool {
        let file = &self.case.world.expectation.files[file.number()];
        let mut before = self.case.world.earlier.iter().flat_map(|earlier| &earlier.list_digests);
        !before.any(|(name, sha256)| *sha256 == file.sha256 && file_name_time::have_one_name(name, &file.name))
    }

    /// The lists that changed since the earlier run, came, or are gone.
    fn changed_lists(&self) -> Vec<String> {
        let files = &self.case.world.expectation.files;
        let changed = files.iter().enumerate().filter(|(number, _)| self.is_changed(Ix::new(*number)));
        let is_here = |name: &str| files.iter().any(|file| file_name_time::have_one_name(&file.name, name));
        let before = self.case.world.earlier.iter().flat_map(|earlier| earlier.list_digests.keys());
        let mut names: Vec<String> = before.filter(|name| !is_here(name)).cloned().collect();
        names.extend(changed.map(|(_, file)| file.name.clone()));
        names.sort_unstable();
        names
    }

    /// Findings about something that was expected and not in AWS.
    fn at_what_is_due<'e>(&self, gone: &Gone<'e>) -> BTreeMap<&'e Fingerprint, Became> {
        let wanted = Wanted::of(gone);
        let mut became: BTreeMap<&'e Fingerprint, Became> = BTreeMap::new();
        let mut note = |fingerprints: Vec<&'e Fingerprint>, now: Became| {
            for fingerprint in fingerprints {
                let known = became.entry(fingerprint).or_insert(Became::NoLongerListed);
                if now < *known {
                    *known = now.clone();
                }
            }
        };
        note(gone.keys().copied().collect(), Became::NoLongerListed);
        for (subject, is_required) in self.due_by_rows().chain(self.due_people()) {
            note(wanted.among(self.case, subject), self.of_due(subject, is_required));
        }
        let is_membership = |kinds: &BTreeSet<Kind>| kinds.contains(&Kind::Membership);
        if !gone.is_empty() && wanted.kinds.as_ref().is_none_or(is_membership) {
            for (keys, now) in self.memberships() {
                note(wanted.with(&keys), now);
            }
            let unknown: Vec<&Fingerprint> =
                self.memberships_of_the_directory().flat_map(|keys| wanted.with(&keys)).collect();
            for fingerprint in unknown {
                let known = became.entry(fingerprint).or_insert(Became::NoLongerListed);
                if *known == Became::NoLongerListed {
                    *known = Became::OutOfSight;
                }
            }
        }
        became
    }

    /// What became of something that rows expect still.
    fn of_due(&self, subject: Subject, is_required: bool) -> Became {
        match (self.parts.get(&subject), self.standing(subject)) {
            (Some(finding), _) => Became::PartOf(finding.fingerprint.clone()),
            (None, Some(_)) => Became::OutOfSight,
            (None, None) if is_required => Became::Resolved,
            (None, None) => Became::NoLongerListed,
        }
    }

    /// What rows of lists that are kept by hand expect, and whether it must be there.
    fn due_by_rows(&self) -> impl Iterator<Item = (Subject, bool)> {
        let expectation = &self.case.world.expectation;
        let assignments = expectation.assignments.positions().flat_map(|(at, row)| {
            let must = row.presence == Presence::Required;
            [(Subject::DueAssignment(at), must), (Subject::DueGroup(at), must)]
        });
        let applications = expectation.applications.positions();
        let applications = applications
            .map(|(at, row)| (Subject::DueApplication(at), row.presence == Presence::Required && !row.lapsed));
        let entitlements = expectation.entitlements.positions();
        let entitlements = entitlements
            .map(|(at, row)| (Subject::DueEntitlement(at), row.presence == Presence::Required && !row.lapsed));
        let permission_sets =
            expectation.permission_sets.positions().map(|(at, _)| (Subject::DuePermissionSet(at), true));
        let iam_users = expectation.iam_users.positions().flat_map(|(at, row)| {
            let policies = 0..row.policies.as_ref().map_or(0, Vec::len);
            let policies = policies.filter_map(move |number| Some(Subject::DuePolicy(at, u32::try_from(number).ok()?)));
            policies.chain([Subject::DueIamUser(at)]).map(|subject| (subject, true))
        });
        let trusts = expectation.trusts.positions().map(|(at, _)| (Subject::DueTrust(at), true));
        assignments.chain(applications).chain(entitlements).chain(permission_sets).chain(iam_users).chain(trusts)
    }

    /// People of the lists. Who is no user and is not missed either is due no more: has left, or is in no group.
    fn due_people(&self) -> impl Iterator<Item = (Subject, bool)> {
        let people = self.case.world.expectation.people.positions();
        people.map(|(person, _)| (Subject::DueUser(person), self.case.matching.users[person.number()].is_some()))
    }

    /// The natural keys that a missing membership would have: of those that are there, and of those that are judged.
    #[expect(clippy::wildcard_enum_match_arm, reason = "every other subject is left as it is")]
    fn memberships(&self) -> Vec<(Vec<String>, Became)> {
        let (world, matching) = (self.case.world, self.case.matching);
        let mut found = Vec::new();
        for judged in self.case.judged {
            match judged.subject {
                Subject::Membership(group, user) => {
                    let group = &world.snapshot.groups[group].name;
                    let person = matching.people[user.number()].map(|matched| matched.with);
                    found.extend(
                        person.map(|person| (fingerprint::due_membership(world, group, person), Became::Resolved)),
                    );
                }
                Subject::DueMembership(..) => {
                    found.push((fingerprint::of(world, judged.subject), self.of_due(judged.subject, true)));
                }
                _ => {}
            }
        }
        found
    }

    /// The same of those that the directory has: AWS may not have the group at all, and then nobody missed its members.
    fn memberships_of_the_directory(&self) -> impl Iterator<Item = Vec<String>> {
        let (world, nesting) = (self.case.world, self.case.matching.provisioning.nesting);
        let groups = &world.expectation.groups;
        let (mut direct, mut outer): (BTreeMap<_, Vec<_>>, BTreeMap<_, Vec<_>>) = (BTreeMap::new(), BTreeMap::new());
        for (at, group) in groups.positions() {
            group.members.seen().for_each(|member| direct.entry(member.person).or_default().push(at));
            let nested = group.groups.seen().filter(|_| nesting == Nesting::Flatten);
            nested.for_each(|inner| outer.entry(*inner).or_default().push(at));
        }
        // From each person outwards: a walk from each group inwards takes the square of the depth.
        direct.into_iter().flat_map(move |(person, mut next)| {
            let mut all = BTreeSet::new();
            while let Some(at) = next.pop() {
                if all.insert(at) {
                    next.extend(outer.get(&at).into_iter().flatten());
                }
            }
            all.into_iter()
                .flat_map(move |at| {
                    let names = groups[at].names_in_identity_center();
                    names.map(move |name| fingerprint::due_membership(world, &name, person))
                })
                .collect::<Vec<_>>()
        })
    }
}

//! What a rule is given: the world, how everything in it stands, and quick answers to what rules ask.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::model::{
    Account, Administrative, AssignmentRow, Evidence, Extent, Finding, Fingerprint, Group, IamAccount, IamRole,
    IamUser, Ix, Judged, Matching, NameKey, PermissionSet, Person, Principal, PrincipalName, RowRef, Rule, Severity,
    Standing, Subject, User, World,
};

use super::former_employees::FormerEmployees;
use super::matching::owners::Owners;
use super::{administrative, fingerprint};

/// A permission set in an account.
type Place = (Ix<Account>, Ix<PermissionSet>);

/// The case that rules look at.
pub(super) struct Case<'a> {
    pub(super) world: &'a World,
    pub(super) matching: &'a Matching,
    pub(super) judged: &'a [Judged],
    assigned: BTreeMap<Principal, Vec<Place>>,
    /// Applications and entitlements.
    granted: BTreeMap<Principal, Vec<Subject>>,
    /// By user: its groups.
    memberships: Vec<Vec<Ix<Group>>>,
    due_memberships: BTreeMap<Ix<Person>, Vec<Subject>>,
    /// What is due to groups that are missing, by the group's name.
    due_to_missing: BTreeMap<NameKey, Vec<Subject>>,
    administrative: Vec<Administrative>,
    pub(super) owners: Owners<'a>,
    /// Whom only an earlier run of the job knew as former employees.
    pub(super) former_employees: &'a FormerEmployees,
}

impl<'a> Case<'a> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "only what somebody has or is due is looked up by rules")]
    pub(super) fn new(
        world: &'a World,
        matching: &'a Matching,
        judged: &'a [Judged],
        former_employees: &'a FormerEmployees,
    ) -> Self {
        let mut assigned: BTreeMap<Principal, Vec<Place>> = BTreeMap::new();
        let mut granted: BTreeMap<Principal, Vec<Subject>> = BTreeMap::new();
        let mut memberships: Vec<Vec<Ix<Group>>> = vec![Vec::new(); world.snapshot.users.seen().count()];
        let mut due_memberships: BTreeMap<Ix<Person>, Vec<Subject>> = BTreeMap::new();
        for judged in judged {
            match judged.subject {
                Subject::Assignment(account, set, principal) => {
                    assigned.entry(principal).or_default().push((account, set));
                }
                Subject::Application(_, Some(principal)) => {
                    granted.entry(principal).or_default().push(judged.subject);
                }
                Subject::Entitlement(entitled, entitlement) => {
                    let entitlement = &world.snapshot.entitled[entitled].entitlements[entitlement];
                    granted.entry(entitlement.principal).or_default().push(judged.subject);
                }
                Subject::Membership(group, user) => memberships[user.number()].push(group),
                Subject::DueMembership(_, _, person) => {
                    due_memberships.entry(person).or_default().push(judged.subject);
                }
                _ => {}
            }
        }
        let administrative = world
            .snapshot
            .permission_sets
            .positions()
            .map(|(_, set)| administrative::permission_set(set, &world.snapshot))
            .collect();
        Case {
            world,
            matching,
            judged,
            assigned,
            granted,
            memberships,
            due_memberships,
            due_to_missing: due_to_missing(world, judged),
            administrative,
            owners: Owners::of(&world.expectation, matching),
            former_employees,
        }
    }

    /// How a subject stands.
    ///
    /// # Panics
    /// For a subject that is not judged.
    pub(super) fn standing(&self, subject: Subject) -> &'a Standing {
        let position = self.judged.binary_search_by_key(&subject, |judged| judged.subject);
        &self.judged[position.expect("every user, group, grant and row was assessed")].standing
    }

    /// What is granted to a principal: assignments, then applications and entitlements.
    pub(super) fn grants(&self, principal: Principal) -> impl Iterator<Item = Subject> + '_ {
        let assigned = self.assigned.get(&principal).into_iter().flatten();
        let assigned = assigned.map(move |&(account, set)| Subject::Assignment(account, set, principal));
        assigned.chain(self.granted.get(&principal).into_iter().flatten().copied())
    }

    /// The assignments of a permission set.
    pub(super) fn assignments_of(&self, set: Ix<PermissionSet>) -> impl Iterator<Item = Subject> + '_ {
        let placements = self.world.snapshot.permission_sets[set].placements.seen();
        placements.flat_map(move |placement| {
            let principals = placement.principals.seen();
            principals.map(move |&principal| Subject::Assignment(placement.account, set, principal))
        })
    }

    /// What is due and not there, for the same principal as this row's.
    pub(super) fn due_like(&self, row: Ix<AssignmentRow>) -> impl Iterator<Item = Subject> + '_ {
        let group = group_key(&self.world.expectation.assignments[row].principal);
        group.and_then(|group| self.due_to_missing.get(&group)).into_iter().flatten().copied()
    }

    /// Whether a group that Identity Center does not have is a cause of its own, and what is missing with it part of
    /// it.
    pub(super) fn is_missing_group(&self, principal: &PrincipalName) -> bool {
        group_key(principal).is_some_and(|group| self.due_to_missing.contains_key(&group))
    }

    /// Whether whom a principal is, or that it is gone, is a cause of its own, and what it holds part of it.
    pub(super) fn is_own_cause(&self, principal: Principal) -> bool {
        let holder = match principal {
            Principal::Group(group) => self.standing(Subject::Group(group)),
            Principal::User(user) => self.standing(Subject::User(user)),
        };
        matches!(holder, Standing::Unintended(_)) || self.is_gone(principal)
    }

    /// Whether Identity Center does not list the principal, and all of its kind were listed.
    pub(super) fn is_gone(&self, principal: Principal) -> bool {
        let extent = match principal {
            Principal::Group(_) => self.world.snapshot.groups.extent(),
            Principal::User(_) => self.world.snapshot.users.extent(),
        };
        matches!(extent, Extent::Whole(_)) && !self.is_listed(principal)
    }

    /// Whether Identity Center lists the principal; otherwise only an assignment or a membership names it.
    pub(super) fn is_listed(&self, principal: Principal) -> bool {
        match principal {
            Principal::Group(group) => self.world.snapshot.groups[group].listed,
            Principal::User(user) => self.world.snapshot.users[user].listed,
        }
    }

    /// The last day of a row that has expired.
    pub(super) fn last_day_of(&self, row: RowRef) -> Option<NaiveDate> {
        let expectation = &self.world.expectation;
        let assignments = expectation.lapsed.seen().map(|lapsed| (lapsed.row, lapsed.expires));
        let applications = expectation.applications.seen().map(|listed| (listed.row, listed.expires));
        let entitlements = expectation.entitlements.seen().map(|listed| (listed.row, listed.expires));
        assignments.chain(applications).chain(entitlements).find(|(at, _)| *at == row)?.1
    }

    /// The groups that a user is in.
    pub(super) fn groups_of(&self, user: Ix<User>) -> impl Iterator<Item = Ix<Group>> + '_ {
        self.memberships[user.number()].iter().copied()
    }

    /// What a user holds: memberships, then what is granted to them directly.
    pub(super) fn held_by(&self, user: Ix<User>) -> Vec<Subject> {
        let memberships = self.groups_of(user).map(|group| Subject::Membership(group, user));
        memberships.chain(self.grants(Principal::User(user))).collect()
    }

    /// Everything granted that reaches a user, directly or by a group.
    pub(super) fn reached_by(&self, user: Ix<User>) -> impl Iterator<Item = Subject> + '_ {
        let by_group = self.groups_of(user).flat_map(|group| self.grants(Principal::Group(group)));
        self.grants(Principal::User(user)).chain(by_group)
    }

    /// Whether a permission set makes its holders administrators.
    pub(super) fn administrative(&self, set: Ix<PermissionSet>) -> &Administrative {
        &self.administrative[set.number()]
    }

    /// Whether any of these grants does. What an application lets its users do, AWS does not say.
    pub(super) fn administrative_among(&self, grants: impl IntoIterator<Item = Subject>) -> Administrative {
        let judged = grants.into_iter().filter_map(|subject| {
            if let Subject::Entitlement(entitled, entitlement) = subject {
                return Some(self.administrative_entitlement(entitled, entitlement));
            }
            let Subject::Assignment(_, set, _) = subject else { return None };
            Some(self.administrative(set).clone())
        });
        judged.fold(Administrative::No, Administrative::or)
    }

    /// An IAM user.
    pub(super) fn iam_user(&self, account: Ix<IamAccount>, user: Ix<IamUser>) -> &'a IamUser {
        &self.world.snapshot.iam[account.number()].users[user]
    }

    /// The policies of an IAM user.
    pub(super) fn policies_of(&self, account: Ix<IamAccount>, user: Ix<IamUser>) -> impl Iterator<Item = Subject> {
        let policies = 0..self.iam_user(account, user).policies.len();
        policies.map(move |policy| Subject::Policy(account, user, Ix::new(policy)))
    }

    /// The memberships that a person is due, and which are not there.
    pub(super) fn due_memberships_of(&self, person: Ix<Person>) -> impl Iterator<Item = Subject> + '_ {
        self.due_memberships.get(&person).into_iter().flatten().copied()
    }

    /// That something became administrative, where the earlier run knew it as harmless and it is no longer.
    pub(super) fn became(&self, was_harmless: bool, administrative: &Administrative) -> Option<Evidence> {
        let earlier = self.world.earlier.as_ref().filter(|_| was_harmless && administrative.is_yes())?;
        Some(Evidence::BecameAdministrative(earlier.as_of))
    }

    /// When and by whom something was made, where AWS said so.
    pub(super) fn made(&self, at: Option<DateTime<Utc>>, by: Option<&str>) -> Option<Evidence> {
        (at.is_some() || by.is_some()).then(|| Evidence::Made(at, by.map(str::to_owned)))
    }

    /// The same of a membership.
    pub(super) fn membership_made(&self, group: Ix<Group>, user: Ix<User>) -> Option<Evidence> {
        let made = self.world.snapshot.groups[group].made(user)?;
        self.made(made.at(), made.by().map(|maker| self.world.snapshot.makers[maker].as_str()))
    }

    /// A finding of `rule` about `subject`. It is as old as the earlier run says.
    pub(super) fn finding(
        &self,
        rule: &Rule,
        severity: Severity,
        subject: Subject,
        mut evidence: Vec<Evidence>,
    ) -> Finding {
        let fingerprint = Fingerprint::of(rule.id, &fingerprint::of(self.world, subject));
        let earlier = self.world.earlier.as_ref();
        let before = earlier.and_then(|earlier| earlier.open.get(&fingerprint));
        let first_seen = before.map_or(self.world.stamp.as_of, |finding| finding.first_seen);
        let waited = earlier.and_then(|earlier| earlier.pending.get(&fingerprint));
        evidence.extend(waited.map(|since| Evidence::PendingSince(*since)));
        let title = rule.title;
        Finding { rule: rule.id, severity, title, subject, evidence, fingerprint, first_seen, waiver: None }
    }
}

/// What is due to each group that is missing as such.
fn due_to_missing(world: &World, judged: &[Judged]) -> BTreeMap<NameKey, Vec<Subject>> {
    let expectation = &world.expectation;
    let missing = judged.iter().filter_map(|judged| {
        let Subject::DueGroup(row) = judged.subject else { return None };
        Some((group_key(&expectation.assignments[row].principal)?, Vec::new()))
    });
    let mut due: BTreeMap<NameKey, Vec<Subject>> = missing.collect();
    if due.is_empty() {
        return due;
    }
    for judged in judged {
        let principal = if let Subject::DueAssignment(row) = judged.subject {
            Some(&expectation.assignments[row].principal)
        } else if let Subject::DueApplication(row) = judged.subject {
            expectation.applications[row].principal.as_ref()
        } else if let Subject::DueEntitlement(row) = judged.subject {
            Some(&expectation.entitlements[row].principal)
        } else {
            None
        };
        if let Some(due) = principal.and_then(group_key).and_then(|group| due.get_mut(&group)) {
            due.push(judged.subject);
        }
    }
    due
}

/// The key of a group that a row names.
fn group_key(principal: &PrincipalName) -> Option<NameKey> {
    match principal {
        PrincipalName::Group(name) => Some(NameKey::of(name)),
        PrincipalName::User(_) => None,
    }
}

/// The severity, one step up where administrative access is at stake; and the evidence of it. Where nobody can say,
/// that is evidence too, and raises nothing.
pub(super) fn raised_by(severity: Severity, administrative: &Administrative) -> (Severity, Option<Evidence>) {
    match administrative {
        Administrative::Yes(how) => (severity.raised(), Some(Evidence::Administrative(how.clone()))),
        Administrative::Unknown(why) => (severity, Some(Evidence::PerhapsAdministrative(why.clone()))),
        Administrative::No => (severity, None),
    }
}

/// What a row does not approve of a role that it expects, which says this of being administrative and has this digest.
pub(super) fn not_approved((administrative, digest): (Option<bool>, Option<&str>), role: &IamRole) -> Evidence {
    match (digest, role.policies_digest(), administrative) {
        (Some(approved), Some(now), _) if approved != now => Evidence::Digest { now, approved: approved.to_owned() },
        (_, _, Some(false)) => Evidence::NotToAdminister,
        (_, _, Some(true) | None) => Evidence::ToApprove("administrative", "yes".to_owned()),
    }
}

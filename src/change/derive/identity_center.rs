//! Changes of Identity Center for findings.

use super::{NotPlanned, principal, subjects};
use crate::change::names::{self, NotFound};
use crate::change::request::{access_of, memberships_of, principal_ref};
use crate::change::{Change, ChangeId, GroupRef, PrincipalRef, Source, Step, UserRef, source};
use crate::model::{
    AssignmentRow, Finding, Group, Ix, NameKey, Person, Principal, PrincipalName, Report, Subject, User,
    effective_members,
};

/// Takes away the assignments that a finding names.
pub(super) fn assignments(report: &Report<'_>, finding: &Finding) -> Result<Vec<Step>, NotPlanned> {
    let snapshot = &report.world.snapshot;
    let named = subjects(finding).filter_map(|subject| {
        let Subject::Assignment(account, set, principal) = subject else { return None };
        Some(Step::from(Change::RemoveAssignment {
            principal: principal_ref(snapshot, principal),
            permission_set: names::set_ref(snapshot, set),
            account: snapshot.accounts[account].id,
        }))
    });
    some(named.collect())
}

/// Takes away all that a principal has: assignments, and memberships where they are Identity Center's own.
pub(super) fn all_access(report: &Report<'_>, finding: &Finding) -> Result<Vec<Step>, NotPlanned> {
    let snapshot = &report.world.snapshot;
    let of = principal(finding).ok_or(NotPlanned::NoChange)?;
    let mut steps = access_of(snapshot, of);
    let Principal::User(user) = of else { return some(steps) };
    let mut kept = None;
    for group in memberships_of(snapshot, user) {
        match keeps(report, group) {
            Ok(()) => steps.push(Step::from(Change::RemoveMember {
                group: names::group_ref(snapshot, group),
                user: names::user_ref(snapshot, user),
            })),
            Err(elsewhere) => kept = Some(elsewhere),
        }
    }
    match (steps.is_empty(), kept) {
        (false, _) => Ok(steps),
        (true, Some(elsewhere)) => Err(elsewhere),
        (true, None) => Err(NotPlanned::NothingLeft { user: snapshot.users[user].user_name.clone() }),
    }
}

/// Takes users out of groups in which no list expects them.
pub(super) fn remove_memberships(report: &Report<'_>, finding: &Finding) -> Result<Vec<Step>, NotPlanned> {
    let snapshot = &report.world.snapshot;
    let Subject::Membership(group, user) = finding.subject else { return Err(NotPlanned::NoChange) };
    keeps(report, group)?;
    let (group, user) = (names::group_ref(snapshot, group), names::user_ref(snapshot, user));
    Ok(vec![Change::RemoveMember { group, user }.into()])
}

/// Puts people into groups in which a list expects them.
pub(super) fn add_memberships(report: &Report<'_>, finding: &Finding) -> Result<Vec<Step>, NotPlanned> {
    let snapshot = &report.world.snapshot;
    let mut steps = Vec::new();
    for subject in subjects(finding) {
        let Subject::DueMembership(group, _, person) = subject else { continue };
        keeps(report, group)?;
        let user = user_of(report, person)?;
        let (group, user) = (names::group_ref(snapshot, group), names::user_ref(snapshot, user));
        steps.push(Change::AddMember { group, user }.into());
    }
    some(steps)
}

/// Gives the assignments that rows expect.
pub(super) fn add_assignments(report: &Report<'_>, finding: &Finding) -> Result<Vec<Step>, NotPlanned> {
    let mut steps = Vec::new();
    for subject in subjects(finding) {
        let Subject::DueAssignment(row) = subject else { continue };
        let row = &report.world.expectation.assignments[row];
        let principal = due_principal(report, &row.principal)?;
        steps.push(assignment(report, row, principal)?);
    }
    some(steps)
}

/// Makes a group, with the assignments that rows expect of it and with the members that lists know.
pub(super) fn create_group(report: &Report<'_>, finding: &Finding) -> Result<Vec<Step>, NotPlanned> {
    let Subject::DueGroup(first) = finding.subject else { return Err(NotPlanned::NoChange) };
    kept(source::of_store(report))?;
    let (snapshot, expectation) = (&report.world.snapshot, &report.world.expectation);
    let PrincipalName::Group(name) = &expectation.assignments[first].principal else {
        return Err(NotPlanned::NoChange);
    };
    let mut steps = vec![Step::from(Change::CreateGroup { name: name.clone(), description: None })];
    let made = GroupRef { name: name.clone(), id: None, made_by: Some(ChangeId::numbered(1)) };
    let key = NameKey::of(name);
    let known = expectation.groups.positions().find(|(_, group)| group.names.iter().any(|one| NameKey::of(one) == key));
    if let Some((group, _)) = known {
        for reach in effective_members(&expectation.groups, group, report.matching.provisioning.nesting).seen() {
            if expectation.people[reach.person].employment.is_over() {
                continue;
            }
            // Who is not there yet is a finding of its own.
            if let Ok(user) = user_of(report, reach.person) {
                let user: UserRef = names::user_ref(snapshot, user);
                steps.push(Change::AddMember { group: made.clone(), user }.into());
            }
        }
    }
    for subject in subjects(finding) {
        let Subject::DueAssignment(row) = subject else { continue };
        steps.push(assignment(report, &expectation.assignments[row], PrincipalRef::Group(made.clone()))?);
    }
    Ok(steps)
}

/// Lists do not have what Identity Center asks for.
pub(super) fn create_user(report: &Report<'_>, finding: &Finding) -> Result<Vec<Step>, NotPlanned> {
    let Subject::DueUser(person) = finding.subject else { return Err(NotPlanned::NoChange) };
    kept(source::of_store(report))?;
    Err(NotPlanned::NoNames { user: report.world.expectation.people[person].label() })
}

fn assignment(report: &Report<'_>, row: &AssignmentRow, principal: PrincipalRef) -> Result<Step, NotPlanned> {
    let snapshot = &report.world.snapshot;
    let set = names::permission_set(snapshot, &row.permission_set)?;
    let account = names::account(snapshot, &row.account.to_string())?;
    let permission_set = names::set_ref(snapshot, set);
    Ok(Change::AddAssignment { principal, permission_set, account: snapshot.accounts[account].id }.into())
}

/// The principal that a row means: by the name that Identity Center has, else by the person or the group of the lists.
fn due_principal(report: &Report<'_>, named: &PrincipalName) -> Result<PrincipalRef, NotPlanned> {
    let (snapshot, expectation) = (&report.world.snapshot, &report.world.expectation);
    match named {
        PrincipalName::Group(name) => {
            let key = NameKey::of(name);
            let by_list = || {
                let (group, _) = expectation
                    .groups
                    .positions()
                    .find(|(_, group)| group.names_in_identity_center().any(|one| NameKey::of(&one) == key))?;
                let with = |matched: &Option<crate::model::Matched<_>>| matched.is_some_and(|one| one.with == group);
                report.matching.directory_groups.iter().position(with).map(Ix::new)
            };
            let group = names::group(snapshot, name).or_else(|error| by_list().ok_or(error))?;
            Ok(PrincipalRef::Group(names::group_ref(snapshot, group)))
        }
        PrincipalName::User(name) => {
            let key = NameKey::of(name);
            let by_list = || {
                let named = |person: &Person| {
                    let sam = person.sam.iter().cloned();
                    person.names_in_identity_center().chain(sam).any(|one| NameKey::of(&one) == key)
                };
                let mut people = expectation.people.positions().filter(|(_, person)| named(person));
                let (person, _) = people.next()?;
                // One of two would be a guess.
                people.next().is_none().then(|| report.matching.users[person.number()])?
            };
            let user = names::user(snapshot, name).or_else(|error| by_list().ok_or(error))?;
            Ok(PrincipalRef::User(names::user_ref(snapshot, user)))
        }
    }
}

fn user_of(report: &Report<'_>, person: Ix<Person>) -> Result<Ix<User>, NotPlanned> {
    let name = || report.world.expectation.people[person].label();
    let nothing = || NotFound::Nothing { what: "user", name: name(), near: Vec::new() };
    Ok(report.matching.users[person.number()].ok_or_else(nothing)?)
}

/// Whether Identity Center itself keeps who is in a group.
fn keeps(report: &Report<'_>, group: Ix<Group>) -> Result<(), NotPlanned> {
    kept(source::of_group(report, group))
}

fn kept(source: Source) -> Result<(), NotPlanned> {
    match source {
        Source::IdentityCenter => Ok(()),
        Source::External => Err(NotPlanned::KeptElsewhere),
        Source::Unclear => Err(NotPlanned::KeptSomewhere),
    }
}

fn some(steps: Vec<Step>) -> Result<Vec<Step>, NotPlanned> {
    if steps.is_empty() { Err(NotPlanned::NoChange) } else { Ok(steps) }
}

//! Accepted deviations, laid over findings. A finding that is waived stays in every report; it only no longer counts.

use crate::model::{AccountId, Finding, IamAccount, Ix, NameKey, Principal, PrincipalName, Subject, Waiver, World};

/// Lays the waivers that hold at the run's instant over the findings that they accept; the first one that fits.
pub(super) fn lay_over(world: &World, findings: &mut [Finding]) {
    for finding in findings {
        finding.waiver = world
            .expectation
            .waivers
            .iter()
            .position(|waiver| holds(waiver, world) && accepts(world, waiver, finding))
            .map(Ix::new);
    }
}

/// Whether the waiver still holds: through its last day, in UTC.
pub(super) fn holds(waiver: &Waiver, world: &World) -> bool {
    world.stamp.as_of.date_naive() <= waiver.expires
}

/// Whether the waiver speaks of this finding: its rule, and its principal and account where it names them.
pub(super) fn accepts(world: &World, waiver: &Waiver, finding: &Finding) -> bool {
    let about = About::of(world, finding.subject);
    let principal = waiver.principal.as_deref().map(NameKey::of);
    waiver.rule == finding.rule.0
        && waiver.finding.as_ref().is_none_or(|only| *only == finding.fingerprint.as_str())
        && principal.is_none_or(|principal| about.principals.iter().any(|name| NameKey::of(name) == principal))
        && waiver.account.is_none_or(|account| about.account == Some(account))
}

/// Whom and where a subject is about, as a waiver may name it.
#[must_use]
pub fn about(world: &World, subject: Subject) -> (Option<&str>, Option<AccountId>) {
    let About { principals, account } = About::of(world, subject);
    (principals.first().copied(), account)
}

/// Whom and where a subject is about.
struct About<'w> {
    principals: Vec<&'w str>,
    account: Option<AccountId>,
}

impl<'w> About<'w> {
    fn of(world: &'w World, subject: Subject) -> Self {
        let (snapshot, expectation) = (&world.snapshot, &world.expectation);
        let nowhere = |principals| About { principals, account: None };
        let iam_account = |iam: Ix<IamAccount>| Some(snapshot.accounts[snapshot.iam[iam.number()].account].id);
        match subject {
            Subject::User(user) => nowhere(vec![&snapshot.users[user].user_name]),
            Subject::DueUser(person) => nowhere(person_names(world, person)),
            Subject::Group(group) => nowhere(vec![&snapshot.groups[group].name]),
            Subject::Membership(group, user) => {
                nowhere(vec![&snapshot.users[user].user_name, &snapshot.groups[group].name])
            }
            Subject::DueMembership(group, _, person) => {
                let mut principals = person_names(world, person);
                principals.push(&snapshot.groups[group].name);
                nowhere(principals)
            }
            Subject::Assignment(account, _, principal) => About {
                principals: vec![principal_name(world, principal)],
                account: Some(snapshot.accounts[account].id),
            },
            Subject::PermissionSetOf(_, principal) => nowhere(vec![principal_name(world, principal)]),
            Subject::DueAssignment(row) => {
                let row = &expectation.assignments[row];
                About { principals: vec![named(&row.principal)], account: Some(row.account) }
            }
            Subject::Application(_, holder) => {
                nowhere(holder.map(|principal| principal_name(world, principal)).into_iter().collect())
            }
            Subject::DueApplication(row) => {
                nowhere(expectation.applications[row].principal.as_ref().map(named).into_iter().collect())
            }
            Subject::Entitlement(entitled, entitlement) => {
                let entitled = &snapshot.entitled[entitled];
                let principal = entitled.entitlements[entitlement].principal;
                let account = Some(snapshot.accounts[entitled.account].id);
                About { principals: vec![principal_name(world, principal)], account }
            }
            Subject::DueEntitlement(row) => {
                let row = &expectation.entitlements[row];
                About { principals: vec![named(&row.principal)], account: Some(row.account) }
            }
            Subject::DueGroup(row) => nowhere(vec![named(&expectation.assignments[row].principal)]),
            Subject::PermissionSet(set) => nowhere(vec![&snapshot.permission_sets[set].name]),
            Subject::DuePermissionSet(row) => nowhere(vec![&expectation.permission_sets[row].name]),
            Subject::IamUser(iam, user) | Subject::Policy(iam, user, _) => {
                About { principals: vec![&snapshot.iam[iam.number()].users[user].name], account: iam_account(iam) }
            }
            Subject::DueIamUser(row) | Subject::DuePolicy(row, _) => {
                let row = &expectation.iam_users[row];
                About { principals: vec![&row.name], account: Some(row.account) }
            }
            Subject::Trust(iam, role, _) => {
                About { principals: vec![&snapshot.iam[iam.number()].roles[role].name], account: iam_account(iam) }
            }
            Subject::DueTrust(row) => {
                let row = &expectation.trusts[row];
                About { principals: vec![&row.role], account: Some(row.account) }
            }
            Subject::Root(iam) => About { principals: vec!["root"], account: iam_account(iam) },
            Subject::List(file) => nowhere(vec![&expectation.files[file.number()].name]),
            Subject::Waiver(_) | Subject::IdleRow(_) => nowhere(Vec::new()),
        }
    }
}

fn principal_name(world: &World, principal: Principal) -> &str {
    match principal {
        Principal::Group(group) => &world.snapshot.groups[group].name,
        Principal::User(user) => &world.snapshot.users[user].user_name,
    }
}

fn named(principal: &PrincipalName) -> &str {
    let (PrincipalName::Group(name) | PrincipalName::User(name)) = principal;
    name
}

fn person_names(world: &World, person: Ix<crate::model::Person>) -> Vec<&str> {
    let person = &world.expectation.people[person];
    [person.user_name.as_deref(), person.sam.as_deref(), Some(person.name.as_str())].into_iter().flatten().collect()
}

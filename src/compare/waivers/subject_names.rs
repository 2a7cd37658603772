//! Whom and where a subject is about: the names that a waiver may call it by, AWS's own id, and the person's names.

use std::collections::BTreeSet;

use crate::model::{
    AccountId, IamAccount, Ix, Matching, Person, Principal, PrincipalName, Subject, User, World, full_name,
};

/// Whom and where a subject is about, as a waiver names it: the principal and the account.
#[must_use]
pub fn about(world: &World, subject: Subject) -> (Option<&str>, Option<AccountId>) {
    let About { principals, account } = About::of(world, subject);
    (principals.first().copied(), account)
}

/// Whom and where a subject is about.
pub(super) struct About<'w> {
    /// Every name that a waiver may use; the first one is the one to write.
    pub(super) principals: Vec<&'w str>,
    pub(super) account: Option<AccountId>,
}
impl<'w> About<'w> {
    pub(super) fn of(world: &'w World, subject: Subject) -> Self {
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
            Subject::Directory | Subject::GoneList(_) | Subject::Waiver(_) | Subject::IdleRow(_) => nowhere(Vec::new()),
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

/// AWS's own id of the principal of a subject, which another one of the same name does not have.
pub(super) fn principal_id(world: &World, subject: Subject) -> Option<String> {
    let snapshot = &world.snapshot;
    let of = |principal| match principal {
        Principal::Group(group) => snapshot.groups[group].id.to_string(),
        Principal::User(user) => snapshot.users[user].id.to_string(),
    };
    match subject {
        Subject::User(user) | Subject::Membership(_, user) => Some(of(Principal::User(user))),
        Subject::Group(group) | Subject::DueMembership(group, ..) => Some(of(Principal::Group(group))),
        Subject::Assignment(_, _, principal)
        | Subject::PermissionSetOf(_, principal)
        | Subject::Application(_, Some(principal)) => Some(of(principal)),
        Subject::Entitlement(entitled, entitlement) => {
            Some(of(snapshot.entitled[entitled].entitlements[entitlement].principal))
        }
        Subject::PermissionSet(set) => Some(snapshot.permission_sets[set].arn.to_string()),
        Subject::IamUser(iam, user) | Subject::Policy(iam, user, _) => {
            snapshot.iam[iam.number()].users[user].id.clone()
        }
        Subject::Trust(iam, role, _) => snapshot.iam[iam.number()].roles[role].id.clone(),
        Subject::Application(application, None) => Some(snapshot.applications[application].arn.clone()),
        Subject::DueUser(_)
        | Subject::DueGroup(_)
        | Subject::DueAssignment(_)
        | Subject::DueApplication(_)
        | Subject::DueEntitlement(_)
        | Subject::DuePermissionSet(_)
        | Subject::DueIamUser(_)
        | Subject::DuePolicy(..)
        | Subject::DueTrust(_)
        | Subject::Root(_)
        | Subject::Directory
        | Subject::GoneList(_)
        | Subject::List(_)
        | Subject::Waiver(_)
        | Subject::IdleRow(_) => None,
    }
}

/// Whether the person whom a subject is about approved it, by whatever name. Who approves for a group or a role is not
/// looked at: those are no persons.
pub(super) fn is_approved_by_itself(world: &World, matching: &Matching, subject: Subject, approved_by: &str) -> bool {
    let names: BTreeSet<String> = person_of(world, matching, subject).into_iter().map(full_name).collect();
    let accounts: BTreeSet<String> = names.iter().map(|name| account_of(name).to_owned()).collect();
    // `Alice Ash <alice@example.com>` is one approver by two names.
    let approvers = approved_by.split(['<', '>', '(', ')', ';', ',']).map(str::trim).filter(|part| !part.is_empty());
    approvers.chain([approved_by]).any(|approver| {
        let approver = full_name(approver);
        names.contains(&approver) || (!approver.contains('@') && accounts.contains(account_of(&approver)))
    })
}

/// The account in a name: `alice` of `alice@example.com` and of `CORP\alice`.
fn account_of(name: &str) -> &str {
    let name = name.rsplit('\\').next().unwrap_or(name);
    name.split('@').next().unwrap_or(name)
}

/// Every name of the person whom a subject is about; none where it is about no person.
fn person_of<'w>(world: &'w World, matching: &Matching, subject: Subject) -> Vec<&'w str> {
    let (snapshot, expectation) = (&world.snapshot, &world.expectation);
    let of_user = |user| user_names(world, matching, user);
    let of = |principal| match principal {
        Principal::Group(_) => Vec::new(),
        Principal::User(user) => of_user(user),
    };
    let of_row = |principal: &'w PrincipalName| match principal {
        PrincipalName::Group(_) => Vec::new(),
        PrincipalName::User(name) => vec![name.as_str()],
    };
    match subject {
        Subject::User(user) | Subject::Membership(_, user) => of_user(user),
        Subject::DueUser(person) | Subject::DueMembership(_, _, person) => all_names(world, person),
        Subject::Assignment(_, _, principal)
        | Subject::PermissionSetOf(_, principal)
        | Subject::Application(_, Some(principal)) => of(principal),
        Subject::Entitlement(entitled, entitlement) => {
            of(snapshot.entitled[entitled].entitlements[entitlement].principal)
        }
        Subject::IamUser(iam, user) | Subject::Policy(iam, user, _) => {
            vec![&snapshot.iam[iam.number()].users[user].name]
        }
        Subject::DueAssignment(row) => of_row(&expectation.assignments[row].principal),
        Subject::DueApplication(row) => {
            expectation.applications[row].principal.as_ref().map(of_row).unwrap_or_default()
        }
        Subject::DueEntitlement(row) => of_row(&expectation.entitlements[row].principal),
        Subject::DueIamUser(row) | Subject::DuePolicy(row, _) => vec![&expectation.iam_users[row].name],
        Subject::Group(_)
        | Subject::DueGroup(_)
        | Subject::Application(_, None)
        | Subject::PermissionSet(_)
        | Subject::DuePermissionSet(_)
        | Subject::Trust(..)
        | Subject::DueTrust(_)
        | Subject::Root(_)
        | Subject::Directory
        | Subject::GoneList(_)
        | Subject::List(_)
        | Subject::Waiver(_)
        | Subject::IdleRow(_) => Vec::new(),
    }
}

fn user_names<'w>(world: &'w World, matching: &Matching, user: Ix<User>) -> Vec<&'w str> {
    let entry = &world.snapshot.users[user];
    let own = [Some(&entry.user_name), entry.display_name.as_ref()].into_iter().flatten().chain(&entry.mails);
    let mut names: Vec<&str> = own.map(String::as_str).collect();
    names.extend(matching.people[user.number()].into_iter().flat_map(|matched| all_names(world, matched.with)));
    names
}

fn all_names(world: &World, person: Ix<Person>) -> Vec<&str> {
    let mut names = person_names(world, person);
    names.extend(world.expectation.people[person].mails.iter().map(String::as_str));
    names
}

//! Whom and where a subject is about: the names that a waiver may call it by, AWS's own id, and the person's names.

use std::collections::BTreeSet;

use crate::model::{
    AccountId, Ix, Matching, Object, Person, Principal, PrincipalName, Subject, User, Whom, World, full_name,
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
        let described = world.describe(subject);
        let mut principals = called(world, described.whom);
        match described.object {
            Object::Group(group) => principals.push(&world.snapshot.groups[group].name),
            Object::PermissionSet(set) if principals.is_empty() => {
                principals.push(&world.snapshot.permission_sets[set].name);
            }
            Object::NamedPermissionSet(name) if principals.is_empty() => principals.push(name),
            Object::List(name) => principals.push(name),
            Object::Nothing
            | Object::PermissionSet(_)
            | Object::NamedPermissionSet(_)
            | Object::Application(_)
            | Object::NamedApplication(_)
            | Object::Role(_)
            | Object::Policy(_)
            | Object::NamedPolicy(_)
            | Object::Trusted(_)
            | Object::NamedTrusted(_)
            | Object::GoneList(_)
            | Object::IdleRow(_)
            | Object::Waiver(_) => {}
        }
        About { principals, account: described.place.id() }
    }
}

/// The names that a waiver may use of whom a subject is about; the first one is the one to write.
fn called<'w>(world: &'w World, whom: Whom<'w>) -> Vec<&'w str> {
    match whom {
        Whom::NoOne | Whom::Everyone => Vec::new(),
        Whom::Principal(Principal::Group(group)) => vec![&world.snapshot.groups[group].name],
        Whom::Principal(Principal::User(user)) => vec![&world.snapshot.users[user].user_name],
        Whom::Named(PrincipalName::Group(name) | PrincipalName::User(name)) => vec![name],
        Whom::Person(person) => person_names(world, person),
        Whom::IamUser(user) => vec![&user.name],
        Whom::Role(role) => vec![&role.name],
        Whom::NamedIamUser(name) | Whom::NamedRole(name) => vec![name],
        Whom::Root => vec!["root"],
    }
}

fn person_names(world: &World, person: Ix<Person>) -> Vec<&str> {
    let person = &world.expectation.people[person];
    [person.user_name.as_deref(), person.sam.as_deref(), Some(person.name.as_str())].into_iter().flatten().collect()
}

/// AWS's own id of the principal of a subject, which another one of the same name does not have.
pub(super) fn principal_id(world: &World, subject: Subject) -> Option<String> {
    let snapshot = &world.snapshot;
    let described = world.describe(subject);
    match described.whom {
        Whom::Principal(Principal::Group(group)) => Some(snapshot.groups[group].id.to_string()),
        Whom::Principal(Principal::User(user)) => Some(snapshot.users[user].id.to_string()),
        Whom::IamUser(user) => user.id.clone(),
        Whom::Role(role) => role.id.clone(),
        Whom::NoOne | Whom::Everyone | Whom::Person(_) => object_id(world, described.object),
        Whom::Named(_) | Whom::NamedIamUser(_) | Whom::NamedRole(_) | Whom::Root => None,
    }
}

/// AWS's own id of what a subject is about, where it has no principal of AWS.
#[expect(clippy::wildcard_enum_match_arm, reason = "only these three have an id of their own")]
fn object_id(world: &World, object: Object<'_>) -> Option<String> {
    match object {
        Object::Group(group) => Some(world.snapshot.groups[group].id.to_string()),
        Object::PermissionSet(set) => Some(world.snapshot.permission_sets[set].arn.to_string()),
        Object::Application(application) => Some(world.snapshot.applications[application].arn.clone()),
        _ => None,
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
    match world.describe(subject).whom {
        Whom::Principal(Principal::User(user)) => user_names(world, matching, user),
        Whom::Person(person) => all_names(world, person),
        Whom::IamUser(user) => vec![&user.name],
        Whom::NamedIamUser(name) => vec![name],
        Whom::Named(PrincipalName::User(name)) => vec![name],
        Whom::Principal(Principal::Group(_))
        | Whom::Named(PrincipalName::Group(_))
        | Whom::NoOne
        | Whom::Everyone
        | Whom::Role(_)
        | Whom::NamedRole(_)
        | Whom::Root => Vec::new(),
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

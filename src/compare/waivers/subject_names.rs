//! Whom and where a subject is about: the names that a waiver may call it by, and AWS's own id.

use crate::model::{AccountId, Ix, Object, Person, Principal, PrincipalName, Subject, Whom, World};

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

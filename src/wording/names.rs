//! What a subject is called: shortly for a sentence, and part by part for a machine.

use crate::model::{AccountId, Object, Place, PolicyWay, Principal, PrincipalName, Subject, Whom, World};

use super::{row, visible};

/// The names of a subject's parts, as AWS and the lists write them: data, not yet fit for showing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// What it is: `user`, `due-user`, `membership` …
    pub subject: &'static str,
    /// What the principal is: `user`, `group`, `person`, `iam-user`, `role`, `root`, `everyone`.
    pub principal_type: Option<&'static str>,
    /// The principal: a user name, a group's name, an IAM user's name.
    pub principal: Option<String>,
    /// The group of a membership.
    pub group: Option<String>,
    /// The permission set.
    pub permission_set: Option<String>,
    /// The application of Identity Center.
    pub application: Option<String>,
    /// The IAM role of an entitlement.
    pub role: Option<String>,
    /// The policy.
    pub policy: Option<String>,
    /// Whom a role trusts.
    pub trusted: Option<String>,
    /// The account.
    pub account_id: Option<AccountId>,
    /// The account's name in the organization.
    pub account_name: Option<String>,
    /// The expected list, and its row where it is about one.
    pub list: Option<String>,
}

/// The names of a subject's parts.
#[must_use]
pub fn names(world: &World, subject: Subject) -> Names {
    let described = world.describe(subject);
    let (principal_type, principal) = principal(world, described.whom).unzip();
    let account_id = described.place.id();
    let account_name = match described.place {
        Place::Nowhere => None,
        Place::In(account) => account.name.clone(),
        Place::Named(id) => account_name(world, id),
    };
    let names = Names {
        subject: described.word,
        principal_type,
        principal,
        group: None,
        permission_set: None,
        application: None,
        role: None,
        policy: None,
        trusted: None,
        account_id,
        account_name,
        list: None,
    };
    with_object(world, names, described.object)
}

fn with_object(world: &World, names: Names, object: Object<'_>) -> Names {
    let snapshot = &world.snapshot;
    match object {
        Object::Nothing | Object::GoneList(_) | Object::Trusted(None) => names,
        Object::Group(group) => Names { group: Some(snapshot.groups[group].name.clone()), ..names },
        Object::PermissionSet(set) => {
            Names { permission_set: Some(snapshot.permission_sets[set].name.clone()), ..names }
        }
        Object::NamedPermissionSet(set) => Names { permission_set: Some(set.to_owned()), ..names },
        Object::Application(application) => {
            Names { application: Some(snapshot.applications[application].name.clone()), ..names }
        }
        Object::NamedApplication(application) => Names { application: Some(application.to_owned()), ..names },
        Object::Role(role) => Names { role: Some(role.to_owned()), ..names },
        Object::Policy(policy) => Names { policy: Some(policy.name.clone()), ..names },
        Object::NamedPolicy(policy) => Names { policy: Some(policy.to_owned()), ..names },
        Object::Trusted(Some(trusted)) => Names { trusted: Some(trusted.name()), ..names },
        Object::NamedTrusted(trusted) => Names { trusted: Some(trusted.to_owned()), ..names },
        Object::List(list) => Names { list: Some(list.to_owned()), ..names },
        Object::IdleRow(idle) => Names { list: Some(row(&world.expectation, idle.row)), ..names },
        Object::Waiver(waiver) => Names { list: Some(row(&world.expectation, waiver.row)), ..names },
    }
}

/// What a principal is, and its name.
fn principal(world: &World, whom: Whom<'_>) -> Option<(&'static str, String)> {
    Some(match whom {
        Whom::NoOne => return None,
        Whom::Everyone => ("everyone", "*".to_owned()),
        Whom::Principal(Principal::Group(group)) => ("group", world.snapshot.groups[group].name.clone()),
        Whom::Principal(Principal::User(user)) => ("user", world.snapshot.users[user].user_name.clone()),
        Whom::Named(PrincipalName::Group(name)) => ("group", name.clone()),
        Whom::Named(PrincipalName::User(name)) => ("user", name.clone()),
        Whom::Person(person) => {
            let person = &world.expectation.people[person];
            ("person", person.user_name.clone().unwrap_or_else(|| person.name.clone()))
        }
        Whom::IamUser(user) => ("iam-user", user.name.clone()),
        Whom::NamedIamUser(name) => ("iam-user", name.to_owned()),
        Whom::Role(role) => ("role", role.name.clone()),
        Whom::NamedRole(name) => ("role", name.to_owned()),
        Whom::Root => ("root", "root".to_owned()),
    })
}

fn account_name(world: &World, id: AccountId) -> Option<String> {
    world.snapshot.accounts.seen().find(|account| account.id == id).and_then(|account| account.name.clone())
}

/// A subject in a few words, fit for showing:
/// `` group `AWS-Admins` with `AdministratorAccess` in `prod` (111122223333) ``.
#[must_use]
pub fn short(world: &World, subject: Subject) -> String {
    let names = names(world, subject);
    let quoted = |name: &String| format!("`{}`", visible(name));
    let principal = names.principal.as_ref().map(|name| match names.principal_type {
        Some("group") => format!("group {}", quoted(name)),
        Some("iam-user") => format!("IAM user {}", quoted(name)),
        Some("role") => format!("role {}", quoted(name)),
        Some("everyone") => "everyone".to_owned(),
        Some(_) | None => quoted(name),
    });
    // What somebody has stands behind them with a word between; alone, it begins the phrase.
    let with = |what: String| if principal.is_some() { format!("with {what}") } else { what };
    let parts = [
        principal.clone(),
        names.group.as_ref().map(|name| format!("in group {}", quoted(name))),
        names.permission_set.as_ref().map(|name| with(quoted(name))),
        names.application.as_ref().map(|name| with(format!("application {}", quoted(name)))),
        names.role.as_ref().map(|name| with(format!("role {}", quoted(name)))),
        names.policy.as_ref().map(|name| with(format!("policy {}", quoted(name)))),
        names.trusted.as_ref().map(|name| format!("trusting {}", quoted(name))),
        names.account_id.map(|id| format!("in {}", account(id, names.account_name.as_deref()))),
        names.list.as_ref().map(quoted),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// An account, fit for showing: `` `prod` (111122223333) ``, or the id alone.
#[must_use]
pub fn account(id: AccountId, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("`{}` ({id})", visible(name)),
        None => format!("account {id}"),
    }
}

/// The way by which an IAM user has a policy.
#[must_use]
pub fn policy_way(way: &PolicyWay) -> String {
    match way {
        PolicyWay::Attached => "attached".to_owned(),
        PolicyWay::Inline => "inline".to_owned(),
        PolicyWay::Group(group) => format!("by IAM group {}", visible(group)),
    }
}

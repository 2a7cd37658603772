//! The natural keys of a subject: names and ids as AWS and the lists write them, by which a finding is recognised in
//! the next run. Positions, and ids that a new user of the same name would not have, are not among them.

use crate::model::{
    Ix, NameKey, Object, Person, PolicyWay, Principal, PrincipalName, Subject, Trusted, Waiver, Whom, World,
};

/// The natural keys of a subject: its word, its account, and whom and what it is about.
#[must_use]
pub fn of(world: &World, subject: Subject) -> Vec<String> {
    let described = world.describe(subject);
    // A policy goes with its user's keys, whose word it has.
    let word = match described.word {
        "policy" => "iam-user",
        "due-policy" => "due-iam-user",
        word => word,
    };
    let account = described.place.id().map(|account| account.to_string());
    let (whom, object) = (whom(world, described.whom), object(world, described.object));
    let keys = [word.to_owned()].into_iter().chain(account);
    match described.whom {
        // An IAM user and a role are in the account, before what they have; everyone else has the object.
        Whom::IamUser(_) | Whom::NamedIamUser(_) | Whom::Role(_) | Whom::NamedRole(_) => {
            keys.chain(whom).chain(object).collect()
        }
        Whom::NoOne | Whom::Everyone | Whom::Principal(_) | Whom::Named(_) | Whom::Person(_) | Whom::Root => {
            keys.chain(object).chain(whom_of(subject, whom)).collect()
        }
    }
}

/// A user, a group and a member are keyed by name alone: their word says what they are.
fn whom_of(subject: Subject, whom: Vec<String>) -> Vec<String> {
    let alone =
        matches!(subject, Subject::User(_) | Subject::Group(_) | Subject::DueGroup(_) | Subject::Membership(..));
    if alone { whom.into_iter().skip(1).collect() } else { whom }
}

fn whom(world: &World, whom: Whom<'_>) -> Vec<String> {
    match whom {
        Whom::NoOne | Whom::Root => Vec::new(),
        Whom::Everyone => vec!["everyone".to_owned()],
        Whom::Principal(Principal::Group(group)) => vec!["group".to_owned(), name(&world.snapshot.groups[group].name)],
        Whom::Principal(Principal::User(user)) => vec!["user".to_owned(), name(&world.snapshot.users[user].user_name)],
        Whom::Named(PrincipalName::Group(group)) => vec!["group".to_owned(), name(group)],
        Whom::Named(PrincipalName::User(user)) => vec!["user".to_owned(), name(user)],
        Whom::Person(person) => vec![person_key(world, person)],
        Whom::IamUser(user) => vec![name(&user.name)],
        Whom::Role(role) => vec![name(&role.name)],
        Whom::NamedIamUser(text) | Whom::NamedRole(text) => vec![name(text)],
    }
}

fn object(world: &World, object: Object<'_>) -> Vec<String> {
    let (snapshot, expectation) = (&world.snapshot, &world.expectation);
    match object {
        Object::Nothing => Vec::new(),
        Object::Group(group) => vec![name(&snapshot.groups[group].name)],
        Object::PermissionSet(set) => vec![name(&snapshot.permission_sets[set].name)],
        Object::Application(application) => {
            let application = &snapshot.applications[application];
            vec![name(&application.name), application.arn.clone()]
        }
        Object::NamedPermissionSet(text)
        | Object::NamedApplication(text)
        | Object::Role(text)
        | Object::NamedPolicy(text) => vec![name(text)],
        Object::Policy(policy) => {
            vec![way(&policy.way), policy.arn.clone().unwrap_or_else(|| policy.name.clone())]
        }
        Object::Trusted(trusted) => trusted.map(Trusted::name).into_iter().collect(),
        Object::NamedTrusted(text) | Object::List(text) => vec![text.to_owned()],
        Object::GoneList(kind) => vec![kind.word().to_owned()],
        Object::IdleRow(idle) => vec![expectation.files[idle.row.file.number()].name.clone(), idle.what.clone()],
        Object::Waiver(waiver) => waiver_keys(waiver),
    }
}

fn waiver_keys(waiver: &Waiver) -> Vec<String> {
    let principal = waiver.principal.as_deref().map(name).unwrap_or_default();
    let account = waiver.account.map(|account| account.to_string()).unwrap_or_default();
    let keys = [waiver.rule.clone(), principal, account, waiver.expires.to_string()];
    keys.into_iter().chain(waiver.finding.clone()).collect()
}

/// The natural keys of a membership that is missing in a group of this name.
pub(super) fn due_membership(world: &World, group: &str, person: Ix<Person>) -> Vec<String> {
    vec!["due-membership".to_owned(), name(group), person_key(world, person)]
}

fn name(text: &str) -> String {
    NameKey::of(text).as_str().to_owned()
}

fn person_key(world: &World, person: Ix<Person>) -> String {
    let person = &world.expectation.people[person];
    // The same account name may be another person's in another domain.
    let at_domain = person.sam.as_ref().zip(person.domain.as_ref()).map(|(sam, domain)| format!("{sam}@{domain}"));
    let called = [&person.user_name, &at_domain, &person.sam].into_iter().flatten().next();
    name(called.unwrap_or(&person.name))
}

fn way(way: &PolicyWay) -> String {
    match way {
        PolicyWay::Attached => "attached".to_owned(),
        PolicyWay::Inline => "inline".to_owned(),
        PolicyWay::Group(group) => format!("group {}", name(group)),
    }
}

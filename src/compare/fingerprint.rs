//! The natural keys of a subject: names and ids as AWS and the lists write them, by which a finding is recognised in
//! the next run. Positions, and ids that a new user of the same name would not have, are not among them.

use crate::model::{Ix, NameKey, Person, PolicyWay, Principal, PrincipalName, Subject, World};

/// The natural keys of a subject.
pub(super) fn of(world: &World, subject: Subject) -> Vec<String> {
    let (snapshot, expectation) = (&world.snapshot, &world.expectation);
    match subject {
        Subject::User(user) => vec!["user".to_owned(), name(&snapshot.users[user].user_name)],
        Subject::DueUser(person) => vec!["due-user".to_owned(), person_key(world, person)],
        Subject::Group(group) => vec!["group".to_owned(), name(&snapshot.groups[group].name)],
        Subject::Membership(group, user) => {
            vec!["membership".to_owned(), name(&snapshot.groups[group].name), name(&snapshot.users[user].user_name)]
        }
        Subject::DueMembership(group, _, person) => due_membership(world, &snapshot.groups[group].name, person),
        Subject::Assignment(account, set, principal) => {
            let mut keys = vec!["assignment".to_owned(), snapshot.accounts[account].id.to_string()];
            keys.push(name(&snapshot.permission_sets[set].name));
            keys.extend(principal_keys(world, principal));
            keys
        }
        Subject::PermissionSetOf(set, principal) => {
            let mut keys = vec!["permission-set-of".to_owned(), name(&snapshot.permission_sets[set].name)];
            keys.extend(principal_keys(world, principal));
            keys
        }
        Subject::DueAssignment(row) => {
            let row = &expectation.assignments[row];
            let mut keys = vec!["due-assignment".to_owned(), row.account.to_string(), name(&row.permission_set)];
            keys.extend(named_keys(&row.principal));
            keys
        }
        Subject::Application(application, holder) => {
            let application = &snapshot.applications[application];
            let mut keys = vec!["application".to_owned(), name(&application.name), application.arn.clone()];
            match holder {
                Some(principal) => keys.extend(principal_keys(world, principal)),
                None => keys.push("everyone".to_owned()),
            }
            keys
        }
        Subject::DueApplication(row) => {
            let row = &expectation.applications[row];
            let mut keys = vec!["due-application".to_owned(), name(&row.application)];
            match &row.principal {
                Some(principal) => keys.extend(named_keys(principal)),
                None => keys.push("everyone".to_owned()),
            }
            keys
        }
        Subject::Entitlement(entitled, entitlement) => {
            let entitled = &snapshot.entitled[entitled];
            let entitlement = &entitled.entitlements[entitlement];
            let account = snapshot.accounts[entitled.account].id.to_string();
            let mut keys = vec!["entitlement".to_owned(), account, name(&entitlement.role)];
            keys.extend(principal_keys(world, entitlement.principal));
            keys
        }
        Subject::DueEntitlement(row) => {
            let row = &expectation.entitlements[row];
            let mut keys = vec!["due-entitlement".to_owned(), row.account.to_string(), name(&row.role)];
            keys.extend(named_keys(&row.principal));
            keys
        }
        Subject::DueGroup(row) => {
            let (PrincipalName::Group(group) | PrincipalName::User(group)) = &expectation.assignments[row].principal;
            vec!["due-group".to_owned(), name(group)]
        }
        Subject::PermissionSet(set) => vec!["permission-set".to_owned(), name(&snapshot.permission_sets[set].name)],
        Subject::DuePermissionSet(row) => {
            vec!["due-permission-set".to_owned(), name(&expectation.permission_sets[row].name)]
        }
        Subject::IamUser(account, user) => {
            let iam = &snapshot.iam[account.number()];
            let id = snapshot.accounts[iam.account].id.to_string();
            vec!["iam-user".to_owned(), id, name(&iam.users[user].name)]
        }
        Subject::DueIamUser(row) => {
            let row = &expectation.iam_users[row];
            vec!["due-iam-user".to_owned(), row.account.to_string(), name(&row.name)]
        }
        Subject::Policy(account, user, policy) => {
            let mut keys = of(world, Subject::IamUser(account, user));
            let policy = &snapshot.iam[account.number()].users[user].policies[policy.number()];
            keys.extend([way(&policy.way), policy.arn.clone().unwrap_or_else(|| policy.name.clone())]);
            keys
        }
        Subject::DuePolicy(row, number) => {
            let mut keys = of(world, Subject::DueIamUser(row));
            let policies = expectation.iam_users[row].policies.as_ref();
            keys.extend(policies.map(|policies| name(&policies[number as usize])));
            keys
        }
        Subject::Trust(account, role, trust) => {
            let iam = &snapshot.iam[account.number()];
            let id = snapshot.accounts[iam.account].id.to_string();
            let role = &iam.roles[role];
            let trusted = role.trusts.is().map(|trusts| trusts[trust.number()].trusted.name());
            ["trust".to_owned(), id, name(&role.name)].into_iter().chain(trusted).collect()
        }
        Subject::DueTrust(row) => {
            let row = &expectation.trusts[row];
            vec!["due-trust".to_owned(), row.account.to_string(), name(&row.role), row.trusted.clone()]
        }
        Subject::Root(account) => {
            vec!["root".to_owned(), snapshot.accounts[snapshot.iam[account.number()].account].id.to_string()]
        }
        Subject::Directory => vec!["directory".to_owned()],
        Subject::GoneList(kind) => vec!["gone-list".to_owned(), kind.word().to_owned()],
        Subject::List(file) => vec!["list".to_owned(), expectation.files[file.number()].name.clone()],
        Subject::IdleRow(row) => {
            let row = &expectation.idle[row.number()];
            let file = expectation.files[row.row.file.number()].name.clone();
            vec!["idle-row".to_owned(), file, row.what.clone()]
        }
        Subject::Waiver(waiver) => {
            let waiver = &expectation.waivers[waiver.number()];
            let principal = waiver.principal.as_deref().map(name).unwrap_or_default();
            let account = waiver.account.map(|account| account.to_string()).unwrap_or_default();
            let keys = ["waiver".to_owned(), waiver.rule.clone(), principal, account, waiver.expires.to_string()];
            keys.into_iter().chain(waiver.finding.clone()).collect()
        }
    }
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

fn principal_keys(world: &World, principal: Principal) -> [String; 2] {
    match principal {
        Principal::Group(group) => ["group".to_owned(), name(&world.snapshot.groups[group].name)],
        Principal::User(user) => ["user".to_owned(), name(&world.snapshot.users[user].user_name)],
    }
}

fn named_keys(principal: &PrincipalName) -> [String; 2] {
    match principal {
        PrincipalName::Group(group) => ["group".to_owned(), name(group)],
        PrincipalName::User(user) => ["user".to_owned(), name(user)],
    }
}

fn way(way: &PolicyWay) -> String {
    match way {
        PolicyWay::Attached => "attached".to_owned(),
        PolicyWay::Inline => "inline".to_owned(),
        PolicyWay::Group(group) => format!("group {}", name(group)),
    }
}

//! What a subject is called: shortly for a sentence, and part by part for a machine.

use crate::model::{
    Account, AccountId, AssignmentRow, IamAccount, IamUser, Ix, PolicyWay, Principal, PrincipalName, Subject, World,
};

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

impl Names {
    fn of(subject: &'static str) -> Self {
        Names {
            subject,
            principal_type: None,
            principal: None,
            group: None,
            permission_set: None,
            application: None,
            role: None,
            policy: None,
            trusted: None,
            account_id: None,
            account_name: None,
            list: None,
        }
    }

    fn principal(self, (principal_type, principal): (&'static str, String)) -> Self {
        Names { principal_type: Some(principal_type), principal: Some(principal), ..self }
    }

    fn account(self, account: &Account) -> Self {
        Names { account_id: Some(account.id), account_name: account.name.clone(), ..self }
    }
}

/// The names of a subject's parts.
#[must_use]
pub fn names(world: &World, subject: Subject) -> Names {
    let snapshot = &world.snapshot;
    let expectation = &world.expectation;
    let person = |person| {
        let person = &expectation.people[person];
        ("person", person.user_name.clone().unwrap_or_else(|| person.name.clone()))
    };
    let group_name = |group| Some(snapshot.groups[group].name.clone());
    let set_name = |permission_set| Some(snapshot.permission_sets[permission_set].name.clone());
    match subject {
        Subject::User(user) => Names::of("user").principal(of_principal(world, Principal::User(user))),
        Subject::DueUser(due) => Names::of("due-user").principal(person(due)),
        Subject::Group(group) => Names::of("group").principal(of_principal(world, Principal::Group(group))),
        Subject::Membership(group, user) => Names {
            group: group_name(group),
            ..Names::of("membership").principal(of_principal(world, Principal::User(user)))
        },
        Subject::DueMembership(group, _, due) => {
            Names { group: group_name(group), ..Names::of("due-membership").principal(person(due)) }
        }
        Subject::Assignment(account, permission_set, principal) => Names {
            permission_set: set_name(permission_set),
            ..Names::of("assignment").principal(of_principal(world, principal)).account(&snapshot.accounts[account])
        },
        Subject::PermissionSetOf(permission_set, principal) => Names {
            permission_set: set_name(permission_set),
            ..Names::of("permission-set-of").principal(of_principal(world, principal))
        },
        Subject::DueAssignment(due) => due_assignment(world, due),
        Subject::Application(application, holder) => {
            let holder = holder.map_or_else(everyone, |principal| of_principal(world, principal));
            let application = Some(snapshot.applications[application].name.clone());
            Names { application, ..Names::of("application").principal(holder) }
        }
        Subject::DueApplication(due) => {
            let due = &expectation.applications[due];
            let holder = due.principal.as_ref().map_or_else(everyone, of_name);
            Names { application: Some(due.application.clone()), ..Names::of("due-application").principal(holder) }
        }
        Subject::Entitlement(entitled, entitlement) => {
            let entitled = &snapshot.entitled[entitled];
            let entitlement = &entitled.entitlements[entitlement];
            let names = Names::of("entitlement").principal(of_principal(world, entitlement.principal));
            let role = Some(entitlement.role.clone());
            Names { role, ..names.account(&snapshot.accounts[entitled.account]) }
        }
        Subject::DueEntitlement(due) => {
            let due = &expectation.entitlements[due];
            Names {
                role: Some(due.role.clone()),
                account_id: Some(due.account),
                account_name: account_name(world, due.account),
                ..Names::of("due-entitlement").principal(of_name(&due.principal))
            }
        }
        Subject::DueGroup(due) => {
            let (PrincipalName::Group(name) | PrincipalName::User(name)) = &expectation.assignments[due].principal;
            Names::of("due-group").principal(("group", name.clone()))
        }
        Subject::PermissionSet(set) => Names { permission_set: set_name(set), ..Names::of("permission-set") },
        Subject::DuePermissionSet(due) => {
            let name = expectation.permission_sets[due].name.clone();
            Names { permission_set: Some(name), ..Names::of("due-permission-set") }
        }
        Subject::IamUser(account, user) => iam_user("iam-user", world, account, user),
        Subject::DueIamUser(due) => due_iam_user("due-iam-user", world, due),
        Subject::Policy(account, user, policy) => {
            let name = &snapshot.iam[account.number()].users[user].policies[policy.number()].name;
            Names { policy: Some(name.clone()), ..iam_user("policy", world, account, user) }
        }
        Subject::DuePolicy(due, place) => {
            let policy = expectation.iam_users[due].policies.as_ref().and_then(|all| all.get(place as usize));
            Names { policy: policy.cloned(), ..due_iam_user("due-policy", world, due) }
        }
        Subject::Trust(account, role, place) => {
            let iam = &snapshot.iam[account.number()];
            let role = &iam.roles[role];
            let trusted = role.trusts.is().map(|trusts| trusts[place.number()].trusted.name());
            let names = Names::of("trust").principal(("role", role.name.clone()));
            Names { trusted, ..names.account(&snapshot.accounts[iam.account]) }
        }
        Subject::DueTrust(due) => {
            let due = &expectation.trusts[due];
            Names {
                trusted: Some(due.trusted.clone()),
                account_id: Some(due.account),
                account_name: account_name(world, due.account),
                ..Names::of("due-trust").principal(("role", due.role.clone()))
            }
        }
        Subject::Root(account) => Names::of("root")
            .principal(("root", "root".to_owned()))
            .account(&snapshot.accounts[snapshot.iam[account.number()].account]),
        Subject::Directory => Names::of("directory"),
        Subject::GoneList(_) => Names::of("gone-list"),
        Subject::List(list) => Names { list: Some(expectation.files[list.number()].name.clone()), ..Names::of("list") },
        Subject::IdleRow(idle) => {
            Names { list: Some(row(expectation, expectation.idle[idle.number()].row)), ..Names::of("idle-row") }
        }
        Subject::Waiver(waiver) => {
            Names { list: Some(row(expectation, expectation.waivers[waiver.number()].row)), ..Names::of("waiver") }
        }
    }
}

fn of_principal(world: &World, principal: Principal) -> (&'static str, String) {
    match principal {
        Principal::Group(group) => ("group", world.snapshot.groups[group].name.clone()),
        Principal::User(user) => ("user", world.snapshot.users[user].user_name.clone()),
    }
}

fn of_name(principal: &PrincipalName) -> (&'static str, String) {
    match principal {
        PrincipalName::Group(name) => ("group", name.clone()),
        PrincipalName::User(name) => ("user", name.clone()),
    }
}

fn everyone() -> (&'static str, String) {
    ("everyone", "*".to_owned())
}

fn due_assignment(world: &World, due: Ix<AssignmentRow>) -> Names {
    let due = &world.expectation.assignments[due];
    Names {
        permission_set: Some(due.permission_set.clone()),
        account_id: Some(due.account),
        account_name: account_name(world, due.account),
        ..Names::of("due-assignment").principal(of_name(&due.principal))
    }
}

fn iam_user(subject: &'static str, world: &World, account: Ix<IamAccount>, user: Ix<IamUser>) -> Names {
    let iam = &world.snapshot.iam[account.number()];
    Names::of(subject)
        .principal(("iam-user", iam.users[user].name.clone()))
        .account(&world.snapshot.accounts[iam.account])
}

fn due_iam_user(subject: &'static str, world: &World, due: Ix<crate::model::IamUserRow>) -> Names {
    let due = &world.expectation.iam_users[due];
    Names {
        account_id: Some(due.account),
        account_name: account_name(world, due.account),
        ..Names::of(subject).principal(("iam-user", due.name.clone()))
    }
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

//! What a command asks for by name, as changes.

use std::collections::BTreeMap;

use super::names::{self, NotFound};
use super::{Change, ChangeId, GroupRef, PrincipalRef, Step, UserRef};
use crate::model::{Group, Ix, Principal, Snapshot, User};

/// What a person asks for, by the names that they use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Make an IAM user.
    CreateIamUser {
        /// Account: id or name.
        account: String,
        /// Its name.
        name: String,
        /// Its path.
        path: String,
        /// Its tags.
        tags: BTreeMap<String, String>,
        /// Its boundary: ARN or name of a policy.
        boundary: Option<String>,
        /// Policies: ARNs or names.
        policies: Vec<String>,
        /// IAM groups.
        groups: Vec<String>,
        /// Whether it gets a password.
        console: bool,
    },
    /// Change an IAM user that is there.
    IamUser {
        /// Account: id or name.
        account: String,
        /// The user's name.
        name: String,
        /// What is to be done with it.
        change: OfIamUser,
    },
    /// Make a user of Identity Center.
    CreateUser(NewUser),
    /// Delete a user of Identity Center with all that it has.
    DeleteUser {
        /// The user.
        name: String,
    },
    /// Make a group of Identity Center.
    CreateGroup {
        /// Its name.
        name: String,
        /// What it is for.
        description: Option<String>,
    },
    /// Delete a group of Identity Center with all that it has.
    DeleteGroup {
        /// The group.
        name: String,
    },
    /// Put a user into a group, or take it out.
    Member {
        /// The group.
        group: String,
        /// The user.
        user: String,
        /// Whether it is put in.
        verb: Verb,
    },
    /// Give a permission set, or take it away.
    Assignment {
        /// From whom or to whom.
        principal: Named,
        /// The permission set: name or ARN.
        permission_set: String,
        /// The account: id or name.
        account: String,
        /// Whether it is given.
        verb: Verb,
    },
}

/// Giving or taking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Giving.
    Add,
    /// Taking.
    Remove,
}

/// A principal by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A group.
    Group(String),
    /// A user.
    User(String),
}

/// What is to be done with an IAM user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfIamUser {
    /// Deactivate all that it can sign in with.
    Disable,
    /// Activate these access keys.
    Enable(Vec<String>),
    /// Delete it; at once, or after a quarantine.
    Delete {
        /// At once.
        at_once: bool,
    },
    /// Deactivate one access key, or all.
    DeactivateKey(Option<String>),
    /// Activate an access key.
    ActivateKey(String),
    /// Attach or detach a policy: ARN or name.
    Policy(String, Verb),
    /// Put it into an IAM group, or take it out.
    Group(String, Verb),
}

/// A user of Identity Center that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// The name that it signs in with.
    pub name: String,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The name that people see; given and family name where it is left out.
    pub display_name: Option<String>,
    /// The primary mail address.
    pub email: Option<String>,
    /// What sort of address that is.
    pub email_type: Option<String>,
    /// Groups to put it into.
    pub groups: Vec<String>,
}

/// The changes that are asked for.
///
/// # Errors
/// [`NotFound`], for the first name that does not say what is meant.
pub fn changes(snapshot: &Snapshot, request: &Request) -> Result<Vec<Step>, NotFound> {
    match request {
        Request::CreateIamUser { account, name, path, tags, boundary, policies, groups, console } => {
            let account = names::account(snapshot, account)?;
            let of = names::iam_account(snapshot, account)?;
            let policy = |name: &String| names::policy(snapshot, of, name);
            let change = Change::CreateIamUser {
                account: snapshot.accounts[account].id,
                name: name.clone(),
                path: path.clone(),
                tags: tags.clone(),
                boundary: boundary.as_ref().map(policy).transpose()?,
                policies: policies.iter().map(policy).collect::<Result<_, _>>()?,
                groups: groups.iter().map(|group| names::iam_group(snapshot, of, group)).collect::<Result<_, _>>()?,
                console: *console,
            };
            Ok(vec![change.into()])
        }
        Request::IamUser { account, name, change } => iam_user(snapshot, account, name, change),
        Request::CreateUser(new) => create_user(snapshot, new),
        Request::DeleteUser { name } => {
            let user = names::user(snapshot, name)?;
            Ok(delete_user(snapshot, user))
        }
        Request::CreateGroup { name, description } => {
            Ok(vec![Change::CreateGroup { name: name.clone(), description: description.clone() }.into()])
        }
        Request::DeleteGroup { name } => {
            let group = names::group(snapshot, name)?;
            Ok(delete_group(snapshot, group))
        }
        Request::Member { group, user, verb } => {
            let group = names::group_ref(snapshot, names::group(snapshot, group)?);
            let user = names::user_ref(snapshot, names::user(snapshot, user)?);
            let change = match verb {
                Verb::Add => Change::AddMember { group, user },
                Verb::Remove => Change::RemoveMember { group, user },
            };
            Ok(vec![change.into()])
        }
        Request::Assignment { principal, permission_set, account, verb } => {
            let principal = match principal {
                Named::Group(name) => PrincipalRef::Group(names::group_ref(snapshot, names::group(snapshot, name)?)),
                Named::User(name) => PrincipalRef::User(names::user_ref(snapshot, names::user(snapshot, name)?)),
            };
            let permission_set = names::set_ref(snapshot, names::permission_set(snapshot, permission_set)?);
            let account = snapshot.accounts[names::account(snapshot, account)?].id;
            let change = match verb {
                Verb::Add => Change::AddAssignment { principal, permission_set, account },
                Verb::Remove => Change::RemoveAssignment { principal, permission_set, account },
            };
            Ok(vec![change.into()])
        }
    }
}

fn iam_user(snapshot: &Snapshot, account: &str, name: &str, change: &OfIamUser) -> Result<Vec<Step>, NotFound> {
    let of = names::iam_account(snapshot, names::account(snapshot, account)?)?;
    let user = names::iam_user(snapshot, of, name)?;
    let change = match change {
        OfIamUser::Disable => Change::DisableIamUser { user },
        OfIamUser::Enable(keys) => Change::EnableIamUser { user, keys: keys.clone() },
        OfIamUser::Delete { at_once } => Change::DeleteIamUser { user, at_once: *at_once },
        OfIamUser::DeactivateKey(key) => Change::DeactivateIamKey { user, key: key.clone() },
        OfIamUser::ActivateKey(key) => Change::ActivateIamKey { user, key: key.clone() },
        OfIamUser::Policy(policy, Verb::Add) => {
            Change::AttachIamPolicy { user, policy: names::policy(snapshot, of, policy)? }
        }
        OfIamUser::Policy(policy, Verb::Remove) => {
            Change::DetachIamPolicy { user, policy: names::policy(snapshot, of, policy)? }
        }
        OfIamUser::Group(group, Verb::Add) => {
            Change::AddIamGroupMember { user, group: names::iam_group(snapshot, of, group)? }
        }
        OfIamUser::Group(group, Verb::Remove) => {
            Change::RemoveIamGroupMember { user, group: names::iam_group(snapshot, of, group)? }
        }
    };
    Ok(vec![change.into()])
}

/// A user, and its groups.
pub(super) fn create_user(snapshot: &Snapshot, new: &NewUser) -> Result<Vec<Step>, NotFound> {
    let display_name = new.display_name.clone().unwrap_or_else(|| format!("{} {}", new.given_name, new.family_name));
    let mut steps = vec![Step::from(Change::CreateUser {
        name: new.name.clone(),
        given_name: new.given_name.clone(),
        family_name: new.family_name.clone(),
        display_name,
        email: new.email.clone(),
        email_type: new.email_type.clone(),
    })];
    let user = UserRef { name: new.name.clone(), id: None, made_by: Some(ChangeId::numbered(1)) };
    for group in &new.groups {
        let group: GroupRef = names::group_ref(snapshot, names::group(snapshot, group)?);
        steps.push(Change::AddMember { group, user: user.clone() }.into());
    }
    Ok(steps)
}

/// A user with all that it has, in the order in which AWS wants it gone: what is left behind could not be taken away any
/// more.
pub(super) fn delete_user(snapshot: &Snapshot, user: Ix<User>) -> Vec<Step> {
    let named = names::user_ref(snapshot, user);
    let mut steps = access_of(snapshot, Principal::User(user));
    steps.extend(memberships_of(snapshot, user).map(|group| {
        Step::from(Change::RemoveMember { group: names::group_ref(snapshot, group), user: named.clone() })
    }));
    let after = (1..=steps.len()).collect();
    steps.push(Step { change: Change::DeleteUser { user: named }, after });
    steps
}

pub(super) fn delete_group(snapshot: &Snapshot, group: Ix<Group>) -> Vec<Step> {
    let named = names::group_ref(snapshot, group);
    let mut steps = access_of(snapshot, Principal::Group(group));
    steps.extend(snapshot.groups[group].members.seen().map(|member| {
        Step::from(Change::RemoveMember { group: named.clone(), user: names::user_ref(snapshot, *member) })
    }));
    let after = (1..=steps.len()).collect();
    steps.push(Step { change: Change::DeleteGroup { group: named }, after });
    steps
}

/// Removals of all assignments of a principal.
pub(super) fn access_of(snapshot: &Snapshot, principal: Principal) -> Vec<Step> {
    let named = principal_ref(snapshot, principal);
    let mut steps = Vec::new();
    for (set, entry) in snapshot.permission_sets.positions() {
        for placement in entry.placements.seen() {
            if placement.principals.seen().any(|held| *held == principal) {
                steps.push(Step::from(Change::RemoveAssignment {
                    principal: named.clone(),
                    permission_set: names::set_ref(snapshot, set),
                    account: snapshot.accounts[placement.account].id,
                }));
            }
        }
    }
    steps
}

/// The groups that a user is in.
pub(super) fn memberships_of(snapshot: &Snapshot, user: Ix<User>) -> impl Iterator<Item = Ix<Group>> + '_ {
    let is_in = move |group: &Group| group.members.seen().any(|member| *member == user);
    snapshot.groups.positions().filter(move |(_, group)| is_in(group)).map(|(place, _)| place)
}

/// How a plan names a principal.
pub(super) fn principal_ref(snapshot: &Snapshot, principal: Principal) -> PrincipalRef {
    match principal {
        Principal::Group(group) => PrincipalRef::Group(names::group_ref(snapshot, group)),
        Principal::User(user) => PrincipalRef::User(names::user_ref(snapshot, user)),
    }
}

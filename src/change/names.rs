//! What a person names, found in a snapshot: by name or id, and never one of two.

use crate::model::{
    Account, Extent, Gap, Group, IamAccount, IamUser, Ix, NameKey, PermissionSet, PolicyCell, Snapshot, User,
    aws_managed_path,
};
use std::sync::Arc;

use super::{GroupRef, IamUserRef, PermissionSetRef, UserRef};

/// Why a name does not say what is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotFound {
    /// Nothing is called so.
    Nothing {
        /// What was looked for: `user`, `permission set`.
        what: &'static str,
        /// The name.
        name: String,
        /// Names that are near.
        near: Vec<String>,
    },
    /// More than one is called so.
    Several {
        /// What was looked for.
        what: &'static str,
        /// The name.
        name: String,
        /// By what they can be told apart: ids or ARNs.
        found: Vec<String>,
    },
    /// Nothing that was read is called so, and not everything was read.
    Unseen {
        /// What was looked for.
        what: &'static str,
        /// The name.
        name: String,
        /// Why not everything was read.
        gap: Arc<Gap>,
    },
    /// AWS did not say the id of an IAM user, and a name may be another user's later.
    NoId {
        /// The user.
        name: String,
    },
    /// IAM of the account was not read: the settings leave it out.
    NotRead {
        /// The account.
        account: String,
    },
    /// It is no managed policy, so it can be neither attached nor detached.
    Inline {
        /// The policy.
        name: String,
    },
}

/// The longest list of near names.
const NEAR: usize = 5;

/// The one entry with this name, of those whose `names` have it.
fn one<T, N: Iterator<Item = String>>(
    what: &'static str,
    name: &str,
    entries: impl Iterator<Item = T>,
    extent: &Extent,
    names: impl Fn(&T) -> N,
    told_apart_by: impl Fn(&T) -> String,
) -> Result<T, NotFound> {
    let wanted = NameKey::of(name);
    let mut found = Vec::new();
    let mut near: Vec<(usize, String)> = Vec::new();
    for entry in entries {
        let all: Vec<String> = names(&entry).collect();
        if all.iter().any(|one| NameKey::of(one) == wanted) {
            found.push(entry);
        } else if let Some(first) = all.first() {
            let distance = strsim::damerau_levenshtein(NameKey::of(first).as_str(), wanted.as_str());
            near.extend((distance <= 1 + name.chars().count() / 8).then(|| (distance, first.clone())));
        }
    }
    let name = name.to_owned();
    match (found.len(), extent) {
        (1, _) => Ok(found.remove(0)),
        (0, Extent::Whole(_)) => {
            near.sort();
            let near = near.into_iter().take(NEAR).map(|(_, name)| name).collect();
            Err(NotFound::Nothing { what, name, near })
        }
        (0, Extent::Part(gap)) => Err(NotFound::Unseen { what, name, gap: Arc::clone(gap) }),
        _ => Err(NotFound::Several { what, name, found: found.iter().map(told_apart_by).collect() }),
    }
}

/// A user of Identity Center, by user name or id.
///
/// # Errors
/// Where none or several are called so.
pub fn user(snapshot: &Snapshot, name: &str) -> Result<Ix<User>, NotFound> {
    let users = snapshot.users.positions();
    let names = |(_, user): &(Ix<User>, &User)| [user.user_name.clone(), user.id.to_string()].into_iter();
    let apart = |(_, user): &(Ix<User>, &User)| user.id.to_string();
    one("user", name, users, snapshot.users.extent(), names, apart).map(|(place, _)| place)
}

/// A group of Identity Center, by name or id.
///
/// # Errors
/// Where none or several are called so.
pub fn group(snapshot: &Snapshot, name: &str) -> Result<Ix<Group>, NotFound> {
    let groups = snapshot.groups.positions();
    let names = |(_, group): &(Ix<Group>, &Group)| [group.name.clone(), group.id.to_string()].into_iter();
    let apart = |(_, group): &(Ix<Group>, &Group)| group.id.to_string();
    one("group", name, groups, snapshot.groups.extent(), names, apart).map(|(place, _)| place)
}

/// A permission set, by name or ARN.
///
/// # Errors
/// Where none or several are called so.
pub fn permission_set(snapshot: &Snapshot, name: &str) -> Result<Ix<PermissionSet>, NotFound> {
    let sets = snapshot.permission_sets.positions();
    let names = |(_, set): &(Ix<PermissionSet>, &PermissionSet)| [set.name.clone(), set.arn.to_string()].into_iter();
    let apart = |(_, set): &(Ix<PermissionSet>, &PermissionSet)| set.arn.to_string();
    one("permission set", name, sets, snapshot.permission_sets.extent(), names, apart).map(|(place, _)| place)
}

/// An account, by id or name.
///
/// # Errors
/// Where none or several are called so.
pub fn account(snapshot: &Snapshot, name: &str) -> Result<Ix<Account>, NotFound> {
    let accounts = snapshot.accounts.positions();
    let names = |(_, account): &(Ix<Account>, &Account)| {
        account.name.clone().into_iter().chain([account.id.to_string()]).collect::<Vec<_>>().into_iter()
    };
    let apart = |(_, account): &(Ix<Account>, &Account)| account.id.to_string();
    one("account", name, accounts, snapshot.accounts.extent(), names, apart).map(|(place, _)| place)
}

/// IAM of an account.
///
/// # Errors
/// Where it was not read.
pub fn iam_account(snapshot: &Snapshot, account: Ix<Account>) -> Result<Ix<IamAccount>, NotFound> {
    let number = snapshot.iam.iter().position(|iam| iam.account == account);
    let not_read = || NotFound::NotRead { account: snapshot.accounts[account].id.to_string() };
    number.map(Ix::new).ok_or_else(not_read)
}

/// An IAM user of an account, by name or unique id.
///
/// # Errors
/// Where none is called so, or AWS did not say its id.
pub fn iam_user(snapshot: &Snapshot, of: Ix<IamAccount>, name: &str) -> Result<IamUserRef, NotFound> {
    let users = &snapshot.iam[of.number()].users;
    let names = |user: &&IamUser| [user.name.clone()].into_iter().chain(user.id.clone());
    let found = one("IAM user", name, users.seen(), users.extent(), names, |user| user.arn.clone())?;
    iam_user_ref(snapshot, of, found)
}

/// The IAM group of an account, as it is written there.
///
/// # Errors
/// Where none is called so.
pub fn iam_group(snapshot: &Snapshot, of: Ix<IamAccount>, name: &str) -> Result<String, NotFound> {
    let groups = &snapshot.iam[of.number()].groups;
    let found = one(
        "IAM group",
        name,
        groups.seen().map(|group| group.name.clone()),
        groups.extent(),
        |name| [name.clone()].into_iter(),
        String::clone,
    )?;
    Ok(found)
}

/// The ARN of a managed policy that can be attached in an account: by ARN, or by name as lists name policies.
///
/// # Errors
/// Where no policy that was seen is called so, or several are.
pub fn policy(snapshot: &Snapshot, of: Ix<IamAccount>, name: &str) -> Result<String, NotFound> {
    let iam = &snapshot.iam[of.number()];
    let own = || iam.policies.seen().map(|policy| policy.arn.clone());
    let of_aws = || snapshot.aws_managed.keys().cloned();
    let called = |arn: &String| [arn.rsplit('/').next().unwrap_or(arn).to_owned(), arn.clone()].into_iter();
    let nothing = |name: &str| NotFound::Nothing { what: "policy", name: name.to_owned(), near: Vec::new() };
    let found = |name: &str, all: Vec<String>| {
        one("policy", name, all.into_iter(), iam.policies.extent(), called, String::clone)
    };
    match PolicyCell::parse(name) {
        Ok(PolicyCell::Arn(arn)) if aws_managed_path(arn).is_some() => Ok(arn.to_owned()),
        Ok(PolicyCell::Arn(arn)) => found(arn, own().collect()),
        Ok(PolicyCell::OfAccount(name)) => found(name, own().collect()),
        Ok(PolicyCell::OfAws(name)) => found(name, of_aws().collect()),
        Ok(PolicyCell::Bare(name)) => found(name, own().chain(of_aws()).collect()),
        Ok(PolicyCell::Inline(name)) => Err(NotFound::Inline { name: name.to_owned() }),
        Err(_) => Err(nothing(name)),
    }
}

/// How a plan names a user.
#[must_use]
pub fn user_ref(snapshot: &Snapshot, user: Ix<User>) -> UserRef {
    let user = &snapshot.users[user];
    UserRef { name: user.user_name.clone(), id: Some(user.id.clone()), made_by: None }
}

/// How a plan names a group.
#[must_use]
pub fn group_ref(snapshot: &Snapshot, group: Ix<Group>) -> GroupRef {
    let group = &snapshot.groups[group];
    GroupRef { name: group.name.clone(), id: Some(group.id.clone()), made_by: None }
}

/// How a plan names a permission set.
#[must_use]
pub fn set_ref(snapshot: &Snapshot, set: Ix<PermissionSet>) -> PermissionSetRef {
    let set = &snapshot.permission_sets[set];
    PermissionSetRef { name: set.name.clone(), arn: set.arn.clone() }
}

/// How a plan names an IAM user.
///
/// # Errors
/// Where AWS did not say its id.
pub fn iam_user_ref(snapshot: &Snapshot, of: Ix<IamAccount>, user: &IamUser) -> Result<IamUserRef, NotFound> {
    let account = snapshot.accounts[snapshot.iam[of.number()].account].id;
    let id = user.id.clone().ok_or_else(|| NotFound::NoId { name: user.name.clone() })?;
    Ok(IamUserRef { account, name: user.name.clone(), id })
}

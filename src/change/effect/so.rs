//! Whether what a change wants is so already.

use super::place;
use crate::change::{Change, GroupRef, IamUserRef, PermissionSetRef, PrincipalRef, UserRef};
use crate::model::{AccountId, Extent, IamUser, Listing, NameKey, PolicyWay, Principal, Snapshot};

/// Whether what a change wants is so in a snapshot; `None` where that was not seen. Of an access key by its id nothing
/// can be said: a snapshot counts keys.
#[must_use]
pub fn is_so(snapshot: &Snapshot, change: &Change) -> Option<bool> {
    match change {
        Change::CreateUser { name, .. } => {
            let is_there = snapshot.users.seen().any(|user| NameKey::of(&user.user_name) == NameKey::of(name));
            shown(&snapshot.users, is_there)
        }
        Change::CreateGroup { name, .. } => {
            let is_there = snapshot.groups.seen().any(|group| NameKey::of(&group.name) == NameKey::of(name));
            shown(&snapshot.groups, is_there)
        }
        Change::DeleteUser { user } => Some(!shown(&snapshot.users, place::user(snapshot, user).is_some())?),
        Change::DeleteGroup { group } => Some(!shown(&snapshot.groups, place::group(snapshot, group).is_some())?),
        Change::AddMember { group, user } => is_member(snapshot, group, user),
        Change::RemoveMember { group, user } => Some(!is_member(snapshot, group, user)?),
        Change::AddAssignment { principal, permission_set, account } => {
            is_assigned(snapshot, principal, permission_set, *account)
        }
        Change::RemoveAssignment { principal, permission_set, account } => {
            Some(!is_assigned(snapshot, principal, permission_set, *account)?)
        }
        Change::CreateIamUser { account, name, .. } => {
            let iam = snapshot.iam_of(place::account(snapshot, *account)?)?;
            shown(&iam.users, iam.users.seen().any(|user| NameKey::of(&user.name) == NameKey::of(name)))
        }
        Change::DeleteIamUser { user, .. } => {
            let iam = snapshot.iam_of(place::account(snapshot, user.account)?)?;
            Some(!shown(&iam.users, iam.users.seen().any(|own| own.id.as_ref() == Some(&user.id)))?)
        }
        Change::DisableIamUser { user } => Some(!iam_user(snapshot, user)?.credentials.is()?.live()),
        Change::EnableIamUser { user, .. } => Some(iam_user(snapshot, user)?.credentials.is()?.active_keys > 0),
        Change::DeactivateIamKey { user, key: None } => {
            Some(iam_user(snapshot, user)?.credentials.is()?.active_keys == 0)
        }
        Change::DeactivateIamKey { key: Some(_), .. } | Change::ActivateIamKey { .. } => None,
        Change::AttachIamPolicy { user, policy } => Some(has(iam_user(snapshot, user)?, policy)),
        Change::DetachIamPolicy { user, policy } => Some(!has(iam_user(snapshot, user)?, policy)),
        Change::AddIamGroupMember { user, group } => Some(iam_user(snapshot, user)?.groups.contains(group)),
        Change::RemoveIamGroupMember { user, group } => Some(!iam_user(snapshot, user)?.groups.contains(group)),
    }
}

/// Whether something is there: a listing that was not read whole proves only what it shows.
fn shown<T>(listing: &Listing<T>, is_there: bool) -> Option<bool> {
    (is_there || matches!(listing.extent(), Extent::Whole(_))).then_some(is_there)
}

/// Whether a user is in a group. Whoever is gone has nothing any more.
fn is_member(snapshot: &Snapshot, group: &GroupRef, user: &UserRef) -> Option<bool> {
    let (group, user) = (place::group(snapshot, group), place::user(snapshot, user));
    shown(&snapshot.groups, group.is_some())?;
    shown(&snapshot.users, user.is_some())?;
    let (Some(group), Some(user)) = (group, user) else { return Some(false) };
    let members = &snapshot.groups[group].members;
    shown(members, members.seen().any(|member| *member == user))
}

/// Whether a principal has a permission set in an account. Whoever is gone has nothing any more.
fn is_assigned(
    snapshot: &Snapshot,
    principal: &PrincipalRef,
    permission_set: &PermissionSetRef,
    account: AccountId,
) -> Option<bool> {
    let principal = match principal {
        PrincipalRef::Group(named) => {
            let group = place::group(snapshot, named);
            shown(&snapshot.groups, group.is_some())?;
            group.map(Principal::Group)
        }
        PrincipalRef::User(named) => {
            let user = place::user(snapshot, named);
            shown(&snapshot.users, user.is_some())?;
            user.map(Principal::User)
        }
    };
    let set = place::permission_set(snapshot, permission_set);
    shown(&snapshot.permission_sets, set.is_some())?;
    let account = place::account(snapshot, account);
    shown(&snapshot.accounts, account.is_some())?;
    let (Some(principal), Some(set), Some(account)) = (principal, set, account) else { return Some(false) };
    let placements = &snapshot.permission_sets[set].placements;
    match placements.seen().find(|placement| placement.account == account) {
        Some(placement) => shown(&placement.principals, placement.principals.seen().any(|held| *held == principal)),
        None => shown(placements, false),
    }
}

fn has(user: &IamUser, arn: &String) -> bool {
    user.policies.iter().any(|policy| policy.way == PolicyWay::Attached && policy.arn.as_ref() == Some(arn))
}

fn iam_user<'s>(snapshot: &'s Snapshot, named: &IamUserRef) -> Option<&'s IamUser> {
    let (account, user) = place::iam_user(snapshot, named)?;
    Some(&snapshot.iam[account.number()].users[user])
}

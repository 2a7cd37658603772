//! Whether what a change wants is so already.

use super::place;
use crate::change::{Change, IamUserRef, PrincipalRef};
use crate::model::{Extent, IamUser, NameKey, PolicyWay, Principal, Snapshot};

/// Whether what a change wants is so in a snapshot; `None` where that was not seen. Of an access key by its id nothing
/// can be said: a snapshot counts keys.
#[must_use]
pub fn is_so(snapshot: &Snapshot, change: &Change) -> Option<bool> {
    match change {
        Change::CreateUser { name, .. } => {
            let mut users = snapshot.users.seen();
            Some(users.any(|user| NameKey::of(&user.user_name) == NameKey::of(name)))
        }
        Change::CreateGroup { name, .. } => {
            Some(snapshot.groups.seen().any(|group| NameKey::of(&group.name) == NameKey::of(name)))
        }
        Change::DeleteUser { user } => Some(place::user(snapshot, user).is_none()),
        Change::DeleteGroup { group } => Some(place::group(snapshot, group).is_none()),
        Change::AddMember { group, user } => {
            let (group, user) = (place::group(snapshot, group)?, place::user(snapshot, user)?);
            Some(snapshot.groups[group].members.seen().any(|member| *member == user))
        }
        // Whoever is gone has nothing any more.
        Change::RemoveMember { group, user } => {
            let added = Change::AddMember { group: group.clone(), user: user.clone() };
            Some(!is_so(snapshot, &added).unwrap_or(false))
        }
        Change::RemoveAssignment { principal, permission_set, account } => {
            let (principal, permission_set) = (principal.clone(), permission_set.clone());
            let added = Change::AddAssignment { principal, permission_set, account: *account };
            Some(!is_so(snapshot, &added).unwrap_or(false))
        }
        Change::AddAssignment { principal, permission_set, account } => {
            let principal = match principal {
                PrincipalRef::Group(group) => Principal::Group(place::group(snapshot, group)?),
                PrincipalRef::User(user) => Principal::User(place::user(snapshot, user)?),
            };
            let account = place::account(snapshot, *account)?;
            let set = &snapshot.permission_sets[place::permission_set(snapshot, permission_set)?];
            let mut there = set.placements.seen().filter(|placement| placement.account == account);
            Some(there.any(|placement| placement.principals.seen().any(|held| *held == principal)))
        }
        Change::CreateIamUser { account, name, .. } => {
            let iam = snapshot.iam_of(place::account(snapshot, *account)?)?;
            Some(iam.users.seen().any(|user| NameKey::of(&user.name) == NameKey::of(name)))
        }
        Change::DeleteIamUser { user, .. } => {
            let iam = snapshot.iam_of(place::account(snapshot, user.account)?)?;
            let is_there = iam.users.seen().any(|own| own.id.as_ref() == Some(&user.id));
            // Only a whole listing proves that it is gone.
            (is_there || matches!(iam.users.extent(), Extent::Whole(_))).then_some(!is_there)
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

fn has(user: &IamUser, arn: &String) -> bool {
    user.policies.iter().any(|policy| policy.way == PolicyWay::Attached && policy.arn.as_ref() == Some(arn))
}

fn iam_user<'s>(snapshot: &'s Snapshot, named: &IamUserRef) -> Option<&'s IamUser> {
    let (account, user) = place::iam_user(snapshot, named)?;
    Some(&snapshot.iam[account.number()].users[user])
}

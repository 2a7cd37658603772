//! What a change does, as a sentence.

use super::code;
use crate::change::{Change, ChangeKind, Does, GroupRef, IamUserRef, PrincipalRef, Thing, UserRef};
use crate::wording::{count, list};

/// What a change does: `` Remove user `ben` from the group `eng` ``.
#[must_use]
pub fn change(change: &Change) -> String {
    match change {
        Change::CreateIamUser { account, name, path, tags, boundary, policies, groups, console } => {
            let mut with = Vec::new();
            with.extend((path != "/").then(|| format!("the path {}", code(path))));
            with.extend(tags.iter().map(|(key, value)| format!("the tag {}", code(&format!("{key}={value}")))));
            with.extend(boundary.iter().map(|arn| format!("the boundary {}", code(arn))));
            with.extend(policies.iter().map(|arn| format!("the policy {}", code(arn))));
            with.extend(groups.iter().map(|group| format!("the IAM group {}", code(group))));
            with.extend(console.then(|| "a console password that must be changed at the first sign-in".to_owned()));
            let with = if with.is_empty() { String::new() } else { format!(" with {}", list(&with)) };
            format!("Create the IAM user {} in {account}{with}", code(name))
        }
        Change::DisableIamUser { user } => {
            format!("Disable {}: deactivate all its keys and certificates, delete its console password", iam_user(user))
        }
        Change::EnableIamUser { user, keys } => {
            let keys: Vec<String> = keys.iter().map(|key| code(key)).collect();
            format!("Enable {}: activate {}", iam_user(user), list(&keys))
        }
        Change::DeleteIamUser { user, at_once } => {
            let when = if *at_once { ", without disabling it first" } else { "" };
            format!("Delete {} with its credentials, policies and group memberships{when}", iam_user(user))
        }
        Change::DeactivateIamKey { user, key } => match key {
            Some(key) => format!("Deactivate the access key {} of {}", code(key), iam_user(user)),
            None => format!("Deactivate every access key of {}", iam_user(user)),
        },
        Change::ActivateIamKey { user, key } => {
            format!("Activate the access key {} of {}", code(key), iam_user(user))
        }
        Change::AttachIamPolicy { user, policy } => format!("Attach {} to {}", code(policy), iam_user(user)),
        Change::DetachIamPolicy { user, policy } => format!("Detach {} from {}", code(policy), iam_user(user)),
        Change::AddIamGroupMember { user, group } => {
            format!("Add {} to the IAM group {}", iam_user(user), code(group))
        }
        Change::RemoveIamGroupMember { user, group } => {
            format!("Remove {} from the IAM group {}", iam_user(user), code(group))
        }
        Change::CreateUser { name, display_name, email, .. } => {
            let email = email.as_ref().map(|email| format!(", {}", code(email))).unwrap_or_default();
            format!("Create the user {} ({}{email})", code(name), code(display_name))
        }
        Change::DeleteUser { user } => format!("Delete the user {}", of_user(user)),
        Change::CreateGroup { name, description } => {
            let about = description.as_ref().map(|text| format!(" ({})", code(text))).unwrap_or_default();
            format!("Create the group {}{about}", code(name))
        }
        Change::DeleteGroup { group } => format!("Delete the group {}", of_group(group)),
        Change::AddMember { group, user } => {
            format!("Add the user {} to the group {}", of_user(user), of_group(group))
        }
        Change::RemoveMember { group, user } => {
            format!("Remove the user {} from the group {}", of_user(user), of_group(group))
        }
        Change::AddAssignment { principal, permission_set, account } => {
            format!("Give {} the permission set {} in {account}", of_principal(principal), code(&permission_set.name))
        }
        Change::RemoveAssignment { principal, permission_set, account } => {
            format!(
                "Remove the permission set {} in {account} from {}",
                code(&permission_set.name),
                of_principal(principal)
            )
        }
    }
}

/// What a change is about, without what it does.
#[must_use]
pub fn change_subject(change: &Change) -> String {
    match (change.iam_user(), change.user(), change.group()) {
        (Some(user), _, _) => iam_user(user),
        (None, Some(user), _) => format!("the user {}", of_user(user)),
        (None, None, Some(group)) => format!("the group {}", of_group(group)),
        (None, None, None) => match change {
            Change::CreateIamUser { account, name, .. } => format!("the IAM user {} in {account}", code(name)),
            Change::CreateUser { name, .. } => format!("the user {}", code(name)),
            Change::CreateGroup { name, .. } => format!("the group {}", code(name)),
            Change::DisableIamUser { .. }
            | Change::EnableIamUser { .. }
            | Change::DeleteIamUser { .. }
            | Change::DeactivateIamKey { .. }
            | Change::ActivateIamKey { .. }
            | Change::AttachIamPolicy { .. }
            | Change::DetachIamPolicy { .. }
            | Change::AddIamGroupMember { .. }
            | Change::RemoveIamGroupMember { .. }
            | Change::DeleteUser { .. }
            | Change::DeleteGroup { .. }
            | Change::AddMember { .. }
            | Change::RemoveMember { .. }
            | Change::AddAssignment { .. }
            | Change::RemoveAssignment { .. } => change.kind().word().to_owned(),
        },
    }
}

/// How a change is undone.
#[must_use]
pub fn undo(kind: ChangeKind) -> &'static str {
    match (kind.undone_by(), kind.does()) {
        (Some(undone_by), _) => undone_by.word(),
        (None, Does::Creates | Does::Grants | Does::Removes | Does::Deletes) => "cannot be undone",
    }
}

/// So many of a thing.
#[must_use]
pub fn counted_thing(number: usize, thing: Thing) -> String {
    let one = match thing {
        Thing::IamUser => "IAM user",
        Thing::IamPolicy => return plural(number, "policy of IAM users", "policies of IAM users"),
        Thing::IamGroupMembership => return plural(number, "membership of IAM groups", "memberships of IAM groups"),
        Thing::User => "user",
        Thing::Group => "group",
        Thing::Membership => "membership",
        Thing::Assignment => "assignment",
    };
    count(number, one)
}

fn plural(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn iam_user(user: &IamUserRef) -> String {
    format!("the IAM user {} in {}", code(&user.name), user.account)
}

fn of_user(user: &UserRef) -> String {
    match &user.made_by {
        Some(by) => format!("{} (created by {by})", code(&user.name)),
        None => code(&user.name),
    }
}

fn of_group(group: &GroupRef) -> String {
    match &group.made_by {
        Some(by) => format!("{} (created by {by})", code(&group.name)),
        None => code(&group.name),
    }
}

fn of_principal(principal: &PrincipalRef) -> String {
    match principal {
        PrincipalRef::Group(group) => format!("the group {}", of_group(group)),
        PrincipalRef::User(user) => format!("the user {}", of_user(user)),
    }
}

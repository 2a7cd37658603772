//! What applying a plan changed, said afterwards: a change is only called done as far as AWS was read.

use super::{change, instant, visible};
use crate::change::record::{How, Recorded, State};
use crate::change::{Change, GroupRef, IamUserRef, PrincipalRef, UserRef};

/// What became of a change: `` IAM user `build-7` added in account 111122223333 by `arn:…` (plan `9c1f0a2b3c4d`, c2). Seen at … ``.
/// `None` for one that was not begun.
#[must_use]
pub fn recorded_change(recorded: &Recorded, plan: &str) -> Option<String> {
    let by = recorded.by.as_deref().map(|by| format!(" by {}", code(by))).unwrap_or_default();
    let of = format!("(plan {}, {})", code(plan), recorded.planned.id);
    let done = || format!("{}{by} {of}", made(&recorded.planned.change));
    let wanted = || change(&recorded.planned.change);
    let at = recorded.at.map_or_else(|| "an unknown time".to_owned(), instant);
    match recorded.state {
        State::Done(How::Seen | How::AnswerLost) => Some(format!("{}. Seen at {at}.", done())),
        State::Done(How::NotRead) => Some(format!("{}, as AWS said at {at}. It could not be read afterwards.", done())),
        State::Done(How::WasGone) => Some(format!("Was gone already at {at} {of}: {}.", wanted())),
        State::Open => Some(format!("Not known whether it is done{by} {of}: {}.", wanted())),
        State::Refused => Some(format!("Refused by AWS at {at} {of}: {}.", wanted())),
        State::LeftOut | State::NotBegun => None,
    }
}

/// A change that was made.
fn made(change: &Change) -> String {
    match change {
        Change::CreateIamUser { account, name, .. } => format!("IAM user {} added in account {account}", code(name)),
        Change::DisableIamUser { user } => format!("{} disabled", iam_user(user)),
        Change::EnableIamUser { user, .. } => format!("Access keys of {} activated", iam_user(user)),
        Change::DeleteIamUser { user, .. } => format!("{} deleted", iam_user(user)),
        Change::DeactivateIamKey { user, key: Some(key) } => {
            format!("Access key {} of {} deactivated", code(key), iam_user(user))
        }
        Change::DeactivateIamKey { user, key: None } => format!("Access keys of {} deactivated", iam_user(user)),
        Change::ActivateIamKey { user, key } => format!("Access key {} of {} activated", code(key), iam_user(user)),
        Change::AttachIamPolicy { user, policy } => format!("{} attached to {}", code(policy), iam_user(user)),
        Change::DetachIamPolicy { user, policy } => format!("{} detached from {}", code(policy), iam_user(user)),
        Change::AddIamGroupMember { user, group } => {
            format!("{} added to the IAM group {}", iam_user(user), code(group))
        }
        Change::RemoveIamGroupMember { user, group } => {
            format!("{} removed from the IAM group {}", iam_user(user), code(group))
        }
        Change::CreateUser { name, .. } => format!("User {} added to Identity Center", code(name)),
        Change::DeleteUser { user } => format!("{} deleted from Identity Center", person(user)),
        Change::CreateGroup { name, .. } => format!("Group {} added to Identity Center", code(name)),
        Change::DeleteGroup { group } => format!("{} deleted from Identity Center", group_of(group)),
        Change::AddMember { group, user } => format!("{} added to the group {}", person(user), code(&group.name)),
        Change::RemoveMember { group, user } => {
            format!("{} removed from the group {}", person(user), code(&group.name))
        }
        Change::AddAssignment { principal, permission_set, account } => {
            let set = code(&permission_set.name);
            format!("Permission set {set} in account {account} assigned to {}", principal_of(principal))
        }
        Change::RemoveAssignment { principal, permission_set, account } => {
            let set = code(&permission_set.name);
            format!("Permission set {set} in account {account} removed from {}", principal_of(principal))
        }
    }
}

fn iam_user(user: &IamUserRef) -> String {
    format!("IAM user {} of account {}", code(&user.name), user.account)
}

fn person(user: &UserRef) -> String {
    format!("User {}", code(&user.name))
}

fn group_of(group: &GroupRef) -> String {
    format!("Group {}", code(&group.name))
}

fn principal_of(principal: &PrincipalRef) -> String {
    match principal {
        PrincipalRef::User(user) => format!("the user {}", code(&user.name)),
        PrincipalRef::Group(group) => format!("the group {}", code(&group.name)),
    }
}

fn code(name: &str) -> String {
    format!("`{}`", visible(name))
}

//! The operations of AWS that make a change, for a reader. They follow from the kind of change and from what was seen.

use super::count;
use crate::change::{Change, Planned, SeenIamUser};

/// What makes a change in AWS, in its order.
#[must_use]
pub fn calls(planned: &Planned) -> Vec<String> {
    let seen = planned.seen.iam_user.as_ref();
    let each = |number: usize, operation: &str, what: &str| {
        (number > 0).then(|| format!("`{operation}` for {}", count(number, what)))
    };
    let one = |operation: &str| vec![format!("`{operation}`")];
    match &planned.change {
        Change::CreateIamUser { policies, groups, console, .. } => {
            let mut calls = one("iam:CreateUser");
            calls.extend(each(policies.len(), "iam:AttachUserPolicy", "managed policy"));
            calls.extend(each(groups.len(), "iam:AddUserToGroup", "group"));
            calls.extend(console.then(|| "`iam:CreateLoginProfile`".to_owned()));
            calls
        }
        Change::DisableIamUser { .. } => disable(seen),
        Change::EnableIamUser { keys, .. } => {
            each(keys.len(), "iam:UpdateAccessKey", "access key").into_iter().collect()
        }
        Change::DeleteIamUser { .. } => {
            let mut calls = disable(seen);
            calls.push("all credentials and MFA devices are deleted".to_owned());
            calls.extend(seen.and_then(|seen| each(seen.attached.len(), "iam:DetachUserPolicy", "managed policy")));
            calls.extend(seen.and_then(|seen| each(seen.inline.len(), "iam:DeleteUserPolicy", "inline policy")));
            calls.extend(seen.and_then(|seen| each(seen.groups.len(), "iam:RemoveUserFromGroup", "group")));
            calls.push("`iam:DeleteUser`".to_owned());
            calls
        }
        Change::DeactivateIamKey { key: None, .. } => {
            let keys = seen.and_then(|seen| seen.active_keys).map(usize::from);
            keys.and_then(|keys| each(keys, "iam:UpdateAccessKey", "active access key")).into_iter().collect()
        }
        Change::DeactivateIamKey { key: Some(_), .. } | Change::ActivateIamKey { .. } => one("iam:UpdateAccessKey"),
        Change::AttachIamPolicy { .. } => one("iam:AttachUserPolicy"),
        Change::DetachIamPolicy { .. } => one("iam:DetachUserPolicy"),
        Change::AddIamGroupMember { .. } => one("iam:AddUserToGroup"),
        Change::RemoveIamGroupMember { .. } => one("iam:RemoveUserFromGroup"),
        Change::CreateUser { .. } => one("identitystore:CreateUser"),
        Change::DeleteUser { .. } => with_applications(planned, "identitystore:DeleteUser"),
        Change::CreateGroup { .. } => one("identitystore:CreateGroup"),
        Change::DeleteGroup { .. } => with_applications(planned, "identitystore:DeleteGroup"),
        Change::AddMember { .. } => one("identitystore:CreateGroupMembership"),
        Change::RemoveMember { .. } => one("identitystore:DeleteGroupMembership"),
        Change::AddAssignment { .. } => vec!["`sso:CreateAccountAssignment` (AWS completes it later)".to_owned()],
        Change::RemoveAssignment { .. } => vec!["`sso:DeleteAccountAssignment` (AWS completes it later)".to_owned()],
    }
}

fn with_applications(planned: &Planned, operation: &str) -> Vec<String> {
    let applications = planned.seen.applications.len();
    let taken = (applications > 0)
        .then(|| format!("`sso:DeleteApplicationAssignment` for {}", count(applications, "application")));
    taken.into_iter().chain([format!("`{operation}`")]).collect()
}

/// What takes an IAM user's credentials away, as far as it was seen which there are.
fn disable(seen: Option<&SeenIamUser>) -> Vec<String> {
    let active = |number: Option<usize>, operation: &str, what: &str| match number {
        Some(0) => None,
        Some(number) => Some(format!("`{operation}` for {}", count(number, &format!("active {what}")))),
        None => Some(format!("`{operation}` for each active {what}")),
    };
    let keys = seen.and_then(|seen| seen.active_keys).map(usize::from);
    let services = seen.and_then(|seen| seen.service_credentials).map(usize::from);
    let certificates = seen.and_then(|seen| seen.active_certificates).map(usize::from);
    let calls = [
        active(keys, "iam:UpdateAccessKey", "access key"),
        active(services, "iam:UpdateServiceSpecificCredential", "service-specific credential"),
        active(None, "iam:UpdateSSHPublicKey", "SSH key"),
        active(certificates, "iam:UpdateSigningCertificate", "signing certificate"),
        match seen.and_then(|seen| seen.password) {
            Some(false) => None,
            Some(true) => Some("`iam:DeleteLoginProfile`".to_owned()),
            None => Some("`iam:DeleteLoginProfile`, if it has a console password".to_owned()),
        },
    ];
    calls.into_iter().flatten().collect()
}

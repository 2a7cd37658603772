//! Commands for IAM users.

use super::{Command, word};
use crate::change::{Change, IamUserRef, Planned};

/// The commands of one change of IAM.
pub(super) fn commands(planned: &Planned) -> String {
    let of = |words: &str, user: &IamUserRef| Command::of(&format!("iam {words}")).with("--user-name", &user.name);
    match &planned.change {
        Change::CreateIamUser { name, path, tags, boundary, policies, groups, console, .. } => {
            create(name, path, tags, boundary.as_ref(), policies, groups, *console)
        }
        Change::DisableIamUser { user } => close(&user.name) + &without_password(&user.name),
        Change::EnableIamUser { user, keys } => {
            let activate = |key: &String| of("update-access-key", user).with("--access-key-id", key);
            keys.iter().map(|key| activate(key).with("--status", "Active").line()).collect()
        }
        Change::DeleteIamUser { user, .. } => close(&user.name) + &without_password(&user.name) + &strip(planned, user),
        Change::DeactivateIamKey { user, key: Some(key) } => {
            of("update-access-key", user).with("--access-key-id", key).with("--status", "Inactive").line()
        }
        Change::DeactivateIamKey { user, key: None } => {
            each(&user.name, &KEYS, "update-access-key", " --status Inactive")
        }
        Change::ActivateIamKey { user, key } => {
            of("update-access-key", user).with("--access-key-id", key).with("--status", "Active").line()
        }
        Change::AttachIamPolicy { user, policy } => of("attach-user-policy", user).with("--policy-arn", policy).line(),
        Change::DetachIamPolicy { user, policy } => of("detach-user-policy", user).with("--policy-arn", policy).line(),
        Change::AddIamGroupMember { user, group } => of("add-user-to-group", user).with("--group-name", group).line(),
        Change::RemoveIamGroupMember { user, group } => {
            of("remove-user-from-group", user).with("--group-name", group).line()
        }
        Change::CreateUser { .. }
        | Change::DeleteUser { .. }
        | Change::CreateGroup { .. }
        | Change::DeleteGroup { .. }
        | Change::AddMember { .. }
        | Change::RemoveMember { .. }
        | Change::AddAssignment { .. }
        | Change::RemoveAssignment { .. } => String::new(),
    }
}

fn create(
    name: &str,
    path: &str,
    tags: &std::collections::BTreeMap<String, String>,
    boundary: Option<&String>,
    policies: &[String],
    groups: &[String],
    console: bool,
) -> String {
    let mut user = Command::of("iam create-user").with("--user-name", name).with("--path", path);
    if !tags.is_empty() {
        let tags: Vec<_> = tags.iter().map(|(key, value)| serde_json::json!({ "Key": key, "Value": value })).collect();
        user = user.with("--tags", &serde_json::Value::Array(tags).to_string());
    }
    let mut lines = user.maybe("--permissions-boundary", boundary).line();
    let of = |words: &str| Command::of(&format!("iam {words}")).with("--user-name", name);
    lines.extend(policies.iter().map(|arn| of("attach-user-policy").with("--policy-arn", arn).line()));
    lines.extend(groups.iter().map(|group| of("add-user-to-group").with("--group-name", group).line()));
    if console {
        lines += "# Put {\"Password\": \"…\"} into a file that only you can read. On a command line, every user of this \
             machine could read it.\n";
        lines += &of("create-login-profile")
            .raw("--password-reset-required --cli-input-json", "file://password.json")
            .line();
    }
    lines
}

/// What a user can have several of: how it is listed, the ids in the answer, and the option that names one.
struct Several(&'static str, &'static str, &'static str);

const KEYS: Several = Several("list-access-keys", "AccessKeyMetadata[].AccessKeyId", "--access-key-id");
const SERVICE: Several = Several(
    "list-service-specific-credentials",
    "ServiceSpecificCredentials[].ServiceSpecificCredentialId",
    "--service-specific-credential-id",
);
const SSH: Several = Several("list-ssh-public-keys", "SSHPublicKeys[].SSHPublicKeyId", "--ssh-public-key-id");
const CERTIFICATES: Several = Several("list-signing-certificates", "Certificates[].CertificateId", "--certificate-id");
const MFA: Several = Several("list-mfa-devices", "MFADevices[].SerialNumber", "--serial-number");

/// A command for each of several.
fn each(name: &str, Several(list, ids, option): &Several, words: &str, rest: &str) -> String {
    let name = word(name);
    format!(
        "for id in $(aws iam {list} --user-name {name} --query '{ids}' --output text); do\n  \
         aws iam {words} --user-name {name} {option} \"$id\"{rest}\ndone\n"
    )
}

/// Everything inactive that works without a password.
fn close(name: &str) -> String {
    let inactive = " --status Inactive";
    each(name, &KEYS, "update-access-key", inactive)
        + &each(name, &SERVICE, "update-service-specific-credential", inactive)
        + &each(name, &SSH, "update-ssh-public-key", inactive)
        + &each(name, &CERTIFICATES, "update-signing-certificate", inactive)
}

fn without_password(name: &str) -> String {
    let name = word(name);
    format!(
        "if aws iam get-login-profile --user-name {name} >/dev/null 2>&1; then\n  \
         aws iam delete-login-profile --user-name {name}\nfi\n"
    )
}

/// Takes away all that is left of a user, and the user: policies that deny could be among them, so what can sign in is
/// gone before.
fn strip(planned: &Planned, user: &IamUserRef) -> String {
    let name = &user.name;
    let of = |words: &str| Command::of(&format!("iam {words}")).with("--user-name", name);
    let mut lines = each(name, &KEYS, "delete-access-key", "")
        + &each(name, &SERVICE, "delete-service-specific-credential", "")
        + &each(name, &SSH, "delete-ssh-public-key", "")
        + &each(name, &CERTIFICATES, "delete-signing-certificate", "")
        + &each(
            name,
            &MFA,
            "deactivate-mfa-device",
            "\n  case \"$id\" in arn:*) aws iam delete-virtual-mfa-device --serial-number \"$id\";; esac",
        );
    if let Some(seen) = &planned.seen.iam_user {
        lines.extend(seen.attached.iter().map(|arn| of("detach-user-policy").with("--policy-arn", arn).line()));
        lines.extend(seen.inline.iter().map(|policy| of("delete-user-policy").with("--policy-name", policy).line()));
        lines.extend(seen.groups.iter().map(|group| of("remove-user-from-group").with("--group-name", group).line()));
    }
    lines + &of("delete-user").line()
}

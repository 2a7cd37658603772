//! IAM of the account whose credentials sign.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

use super::{report, unknown};
use crate::answer::{Answer, Listing, Refusal};
use crate::call::Call;
use crate::world::{Account, BEGINNING, Iam, IamGroup, IamPolicy, IamRole, IamUser, World};

/// AWS's policies that are simulated: those that something has attached.
const DETAILS: &[&str] = &["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"];

/// When today began: AWS never gives a report that is older than a few hours.
#[expect(clippy::disallowed_methods, reason = "a report is made by the same clock that its client looks at")]
fn today() -> i64 {
    let now = chrono::Utc::now().timestamp();
    now - now.rem_euclid(86_400)
}

pub(crate) fn answer<'w>(world: &'w World, call: &Call, reports: &mut BTreeSet<String>) -> Result<Answer<'w>, Refusal> {
    let unknown_account = || Refusal::new(403, "InvalidClientTokenId", "The security token is invalid.");
    let account = world.account(&call.account).ok_or_else(unknown_account)?;
    match call.name.as_str() {
        "GetAccountAuthorizationDetails" => Ok(details(account, call).into()),
        "GenerateCredentialReport" => {
            let state = if reports.insert(account.id.clone()) { "STARTED" } else { "COMPLETE" };
            Ok(Answer::One(
                json!({"State": state, "Description": "No report exists. Starting a new report generation task"}),
            ))
        }
        "GetCredentialReport" if !reports.contains(&account.id) => {
            Err(Refusal::new(410, "ReportNotPresent", "Report is not present."))
        }
        "GetCredentialReport" => Ok(Answer::One(json!({
            "Content": STANDARD.encode(report::csv(account)),
            "ReportFormat": "text/csv",
            "GeneratedTime": instant(today()),
        }))),
        "GetAccountSummary" => Ok(Answer::One(summary(&account.iam))),
        "GetAccountPasswordPolicy" if account.iam.password_policy => Ok(Answer::One(json!({"PasswordPolicy": {
            "MinimumPasswordLength": 14, "RequireSymbols": true, "RequireNumbers": true,
            "RequireUppercaseCharacters": true, "RequireLowercaseCharacters": true,
            "AllowUsersToChangePassword": true, "ExpirePasswords": false,
        }}))),
        "GetAccountPasswordPolicy" => {
            let message = format!("The Password Policy with domain name {} cannot be found.", account.id);
            Err(Refusal::new(404, "NoSuchEntity", message))
        }
        "ListVirtualMFADevices" => {
            let with_mfa = account.iam.users.iter().filter(|user| user.credentials.mfa);
            let devices = with_mfa.map(|user| {
                json!({
                    "SerialNumber": format!("arn:aws:iam::{}:mfa/{}", account.id, user.name),
                    "EnableDate": instant(BEGINNING),
                    "User": {"UserName": user.name, "UserId": id("AIDA", &account.id, &user.name), "Path": user.path,
                             "Arn": arn(account, "user", &user.path, &user.name), "CreateDate": instant(BEGINNING)},
                })
            });
            Ok(Listing::whole(&["VirtualMFADevices"], devices.collect()).pages_of(1000, 100).into())
        }
        "ListServiceSpecificCredentials" => {
            let credentials = account.iam.service_credentials.iter().map(|(user, service, status)| {
                json!({
                    "UserName": user, "Status": status, "ServiceUserName": format!("{user}-at-{}", account.id),
                    "CreateDate": instant(BEGINNING), "ServiceName": service,
                    "ServiceSpecificCredentialId": id("ACCA", &account.id, user),
                })
            });
            Ok(Listing::whole(&["ServiceSpecificCredentials"], credentials.collect()).pages_of(1000, 100).into())
        }
        "ListAccountAliases" => {
            let aliases = account.iam.alias.iter().map(|alias| alias.as_str().into()).collect();
            Ok(Listing::whole(&["AccountAliases"], aliases).pages_of(1000, 100).into())
        }
        _ => Err(unknown(call)),
    }
}

/// Users, groups, roles, policies, one after the other, as far as the filter wants them.
fn details<'w>(account: &'w Account, call: &Call) -> Listing<'w> {
    let filters: Vec<&str> = (1..=5).filter_map(|number| call.text(&format!("Filter.member.{number}"))).collect();
    let wanted = |kind: &str| filters.is_empty() || filters.contains(&kind);
    let count = |kind: &str, count: usize| if wanted(kind) { count } else { 0 };
    let iam = &account.iam;
    let (users, groups) = (count("User", iam.users.len()), count("Group", iam.groups.len()));
    let (roles, own) = (count("Role", iam.roles.len()), count("LocalManagedPolicy", iam.policies.len()));
    let of_aws: Vec<&str> = if wanted("AWSManagedPolicy") { attached_of_aws(iam) } else { Vec::new() };
    let places = users + groups + roles + own + of_aws.len();
    let entry = move |place: usize| {
        let mut place = place;
        for (number, length) in [users, groups, roles, own].into_iter().enumerate() {
            if place < length {
                let entry = match number {
                    0 => user(account, &iam.users[place]),
                    1 => group(account, &iam.groups[place]),
                    2 => role(account, &iam.roles[place]),
                    _ => policy(account, &iam.policies[place]),
                };
                return Some((DETAILS[number], entry));
            }
            place -= length;
        }
        Some((DETAILS[3], policy_of_aws(of_aws.get(place)?)))
    };
    Listing { fields: DETAILS, places, entry: Box::new(entry), largest: 1000, usual: 100 }
}

fn attached_of_aws(iam: &Iam) -> Vec<&str> {
    let users = iam.users.iter().flat_map(|user| user.attached.iter().chain(&user.boundary));
    let others =
        iam.groups.iter().flat_map(|group| &group.attached).chain(iam.roles.iter().flat_map(|role| &role.attached));
    let attached: BTreeSet<&str> = users.chain(others).map(String::as_str).collect();
    attached.into_iter().filter(|arn| arn.starts_with("arn:aws:iam::aws:")).collect()
}

fn user(account: &Account, user: &IamUser) -> Value {
    let mut entry = json!({
        "Path": user.path,
        "UserName": user.name,
        "UserId": id("AIDA", &account.id, &user.name),
        "Arn": arn(account, "user", &user.path, &user.name),
        "CreateDate": instant(BEGINNING),
        "UserPolicyList": inline(&user.inline),
        "GroupList": user.groups,
        "AttachedManagedPolicies": attached(account, &user.attached),
        "Tags": user.tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect::<Vec<_>>(),
    });
    if let Some(boundary) = &user.boundary {
        entry["PermissionsBoundary"] = json!({"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": own(account, boundary)});
    }
    entry
}

fn group(account: &Account, group: &IamGroup) -> Value {
    json!({
        "Path": "/",
        "GroupName": group.name,
        "GroupId": id("AGPA", &account.id, &group.name),
        "Arn": arn(account, "group", "/", &group.name),
        "CreateDate": instant(BEGINNING),
        "GroupPolicyList": inline(&group.inline),
        "AttachedManagedPolicies": attached(account, &group.attached),
    })
}

fn role(account: &Account, role: &IamRole) -> Value {
    let used = role.last_used.map(|at| json!({"LastUsedDate": instant(at), "Region": "us-east-1"}));
    json!({
        "Path": role.path,
        "RoleName": role.name,
        "RoleId": id("AROA", &account.id, &role.name),
        "Arn": arn(account, "role", &role.path, &role.name),
        "CreateDate": instant(BEGINNING),
        "AssumeRolePolicyDocument": encoded(&role.trust),
        "InstanceProfileList": [],
        "RolePolicyList": inline(&role.inline),
        "AttachedManagedPolicies": attached(account, &role.attached),
        "RoleLastUsed": used.unwrap_or_else(|| json!({})),
        "Tags": [],
    })
}

fn policy(account: &Account, policy: &IamPolicy) -> Value {
    managed(&policy.name, &format!("arn:aws:iam::{}:policy/{}", account.id, policy.name), &policy.document)
}

fn policy_of_aws(arn: &str) -> Value {
    let name = arn.rsplit('/').next().unwrap_or(arn);
    let action = if name == "AdministratorAccess" { "*" } else { "ec2:Describe*" };
    managed(name, arn, &crate::world::allowing(action))
}

fn managed(name: &str, arn: &str, document: &str) -> Value {
    json!({
        "PolicyName": name,
        "PolicyId": id("ANPA", "aws", name),
        "Arn": arn,
        "Path": "/",
        "DefaultVersionId": "v1",
        "AttachmentCount": 1,
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": true,
        "CreateDate": instant(BEGINNING),
        "UpdateDate": instant(BEGINNING),
        "PolicyVersionList": [{"Document": encoded(document), "VersionId": "v1", "IsDefaultVersion": true,
                               "CreateDate": instant(BEGINNING)}],
    })
}

fn inline(policies: &[(String, String)]) -> Vec<Value> {
    let policy = |(name, document): &(String, String)| json!({"PolicyName": name, "PolicyDocument": encoded(document)});
    policies.iter().map(policy).collect()
}

fn attached(account: &Account, arns: &[String]) -> Vec<Value> {
    let policy = |arn: &String| json!({"PolicyName": arn.rsplit('/').next(), "PolicyArn": own(account, arn)});
    arns.iter().map(policy).collect()
}

/// An ARN with the account's number where it has a star.
fn own(account: &Account, arn: &str) -> String {
    arn.replace(":*:", &format!(":{}:", account.id))
}

pub(super) fn arn(account: &Account, kind: &str, path: &str, name: &str) -> String {
    format!("arn:aws:iam::{}:{kind}{path}{name}", account.id)
}

/// An id as IAM forms them: a prefix for the kind, then sixteen characters.
fn id(prefix: &str, account: &str, name: &str) -> String {
    let digest =
        name.bytes().chain(account.bytes()).fold(0, |digest, byte| crate::pages::mixed(digest ^ u64::from(byte)));
    format!("{prefix}{digest:016X}")
}

fn summary(iam: &Iam) -> Value {
    json!({"SummaryMap": {
        "Users": iam.users.len(),
        "Groups": iam.groups.len(),
        "Roles": iam.roles.len(),
        "Policies": iam.policies.len(),
        "MFADevices": iam.users.iter().filter(|user| user.credentials.mfa).count(),
        "AccountMFAEnabled": u8::from(iam.root.mfa),
        "AccountAccessKeysPresent": u8::from(!iam.root.keys.is_empty()),
        "AccountPasswordPresent": u8::from(iam.root.password),
        "UsersQuota": 5000,
    }})
}

/// RFC 3986, as IAM encodes policy documents.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// An instant as the query protocol writes it.
pub(super) fn instant(seconds: i64) -> String {
    let instant = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

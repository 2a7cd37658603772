//! The AWS half, as the AWS CLI would have saved it: `calls.jsonl` and a file an answer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Account, IamUser, Principal, Role, Root, Story, capital, guid, sign_in_name};

pub(super) const INSTANCE: &str = "arn:aws:sso:::instance/ssoins-7223f02c4f6f7a2b";
const STORE: &str = "d-9967750fbd";
const ISSUER: &str = "https://scim.aws.com/8c1f2a0e-directory";

/// A file of the folder.
#[derive(Debug, Clone)]
pub struct File {
    pub name: String,
    pub text: String,
}

/// What was asked, and what was answered.
pub(super) struct Call {
    command: &'static str,
    parameters: Value,
    account: Option<String>,
    answer: Value,
    /// What AWS said instead of an answer.
    error: Option<&'static str>,
}

/// A line of `calls.jsonl` for a command that ended with this exit code.
pub fn call_line(command: &str, parameters: &Value, account: Option<&str>, exit_code: i32, file: &str) -> String {
    json!({
        "command": command, "parameters": parameters, "account": account,
        "start": "2026-11-20T07:58:00Z", "end": "2026-11-20T07:58:01Z", "exit_code": exit_code, "file": file,
    })
    .to_string()
}

impl Story {
    /// The folder of saved AWS CLI output.
    pub fn saved_files(&self) -> Vec<File> {
        let scope = json!({"identity_center": true, "iam": "organization"});
        let header = json!({"format": "rollcall-calls", "version": 1, "scope": scope});
        let mut lines = vec![header.to_string()];
        let mut files = Vec::new();
        for (number, call) in self.calls().into_iter().enumerate() {
            let name = format!("{:04}-{}.json", number + 1, call.command.replace(' ', "-"));
            let exit_code = if call.error.is_some() { 254 } else { 0 };
            lines.push(call_line(call.command, &call.parameters, call.account.as_deref(), exit_code, &name));
            files.push(match call.error {
                Some(error) => File { name: format!("{name}.err"), text: format!("\n{error}\n") },
                None => File { name, text: serde_json::to_string_pretty(&call.answer).expect("JSON") + "\n" },
            });
        }
        files.push(File { name: "calls.jsonl".to_owned(), text: lines.join("\n") + "\n" });
        files
    }

    fn calls(&self) -> Vec<Call> {
        let mut calls = self.organization();
        calls.extend(self.identity_store());
        calls.extend(self.permission_sets());
        calls.extend(self.applications());
        calls.extend(self.account_access());
        for (key, users) in &self.aws.iam {
            calls.extend(self.iam(key, users.iter()));
        }
        calls
    }

    fn organization(&self) -> Vec<Call> {
        let accounts: Vec<Value> = self
            .aws
            .accounts
            .iter()
            .map(|(key, account)| {
                json!({"Id": account.id, "Arn": format!("arn:aws:organizations::123456789012:account/o-a1b2c3d4e5/{}",
                       account.id), "Email": format!("{key}@corp.example.com"), "Name": account.name,
                       "State": "ACTIVE", "JoinedMethod": "CREATED"})
            })
            .collect();
        let identity = json!({"UserId": "AROAEXAMPLE:rollcall", "Account": "123456789012",
                              "Arn": "arn:aws:sts::123456789012:assumed-role/RollcallAuditor/rollcall"});
        let instance = json!({"InstanceArn": INSTANCE, "IdentityStoreId": STORE, "OwnerAccountId": "123456789012",
                              "Status": "ACTIVE"});
        vec![
            call("sts get-caller-identity", json!({}), identity),
            call("organizations list-accounts", json!({}), json!({"Accounts": accounts})),
            call("sso-admin list-instances", json!({}), json!({"Instances": [instance]})),
        ]
    }

    fn identity_store(&self) -> Vec<Call> {
        let users: Vec<Value> = self
            .aws
            .users
            .iter()
            .map(|(name, enabled)| {
                let (given, surname) = name.split_once('.').unwrap_or((name, "example"));
                let (given, surname) = (capital(given), capital(surname));
                let mail = json!({"Value": sign_in_name(name), "Type": "work", "Primary": true});
                json!({"UserName": sign_in_name(name), "UserId": guid("user", name), "DisplayName": format!("{given} {surname}"),
                       "ExternalIds": [{"Issuer": ISSUER, "Id": format!("00u{}", &guid("okta", name)[..8])}],
                       "Name": {"GivenName": given, "FamilyName": surname}, "Emails": [mail],
                       "UserStatus": if *enabled { "ENABLED" } else { "DISABLED" }, "IdentityStoreId": STORE})
            })
            .collect();
        let groups: Vec<Value> = self
            .aws
            .groups
            .keys()
            .map(|name| json!({"GroupId": guid("group", name), "DisplayName": name, "IdentityStoreId": STORE}))
            .collect();
        let store = json!({"IdentityStoreId": STORE});
        let mut calls = vec![
            call("identitystore list-users", store.clone(), json!({"Users": users})),
            call("identitystore list-groups", store, json!({"Groups": groups})),
        ];
        for (name, members) in &self.aws.groups {
            let group = guid("group", name);
            let memberships: Vec<Value> = members
                .iter()
                .map(|member| {
                    json!({"IdentityStoreId": STORE, "MembershipId": guid("membership", &format!("{name}/{member}")),
                           "GroupId": group, "MemberId": {"UserId": guid("user", member)}})
                })
                .collect();
            let parameters = json!({"IdentityStoreId": STORE, "GroupId": group});
            let answer = json!({"GroupMemberships": memberships});
            calls.push(call("identitystore list-group-memberships", parameters, answer));
        }
        calls
    }

    fn permission_sets(&self) -> Vec<Call> {
        let arn =
            |name: &str| format!("arn:aws:sso:::permissionSet/ssoins-7223f02c4f6f7a2b/ps-{}", &guid("set", name)[..8]);
        let arns: Vec<String> = self.aws.permission_sets.keys().map(|name| arn(name)).collect();
        let instance = json!({"InstanceArn": INSTANCE});
        let mut calls = vec![call("sso-admin list-permission-sets", instance, json!({"PermissionSets": arns}))];
        for (name, set) in &self.aws.permission_sets {
            let asked = json!({"InstanceArn": INSTANCE, "PermissionSetArn": arn(name)});
            let described = json!({"PermissionSet": {"Name": name, "PermissionSetArn": arn(name),
                                   "CreatedDate": "2026-01-15T09:00:00+00:00", "SessionDuration": "PT8H"}});
            let managed: Vec<Value> =
                set.managed.iter().map(|policy| json!({"Name": policy.rsplit('/').next(), "Arn": policy})).collect();
            let customer: Vec<Value> = set.customer.iter().map(|name| json!({"Name": name, "Path": "/"})).collect();
            let mut accounts: Vec<&str> = self
                .aws
                .assignments
                .iter()
                .filter(|assignment| assignment.permission_set == *name)
                .map(|assignment| assignment.account.as_str())
                .collect();
            accounts.dedup();
            accounts.sort_unstable();
            accounts.dedup();
            let ids: Vec<&str> = accounts.iter().map(|key| self.account_id(key)).collect();
            calls.extend([
                call("sso-admin describe-permission-set", asked.clone(), described),
                call(
                    "sso-admin list-managed-policies-in-permission-set",
                    asked.clone(),
                    json!({"AttachedManagedPolicies": managed}),
                ),
                call(
                    "sso-admin list-customer-managed-policy-references-in-permission-set",
                    asked.clone(),
                    json!({"CustomerManagedPolicyReferences": customer}),
                ),
                call(
                    "sso-admin get-inline-policy-for-permission-set",
                    asked.clone(),
                    json!({"InlinePolicy": set.inline.clone().unwrap_or_default()}),
                ),
                boundary(set.boundary.as_deref(), asked.clone()),
                call(
                    "sso-admin list-accounts-for-provisioned-permission-set",
                    asked.clone(),
                    json!({"AccountIds": ids}),
                ),
            ]);
            if !ids.is_empty() {
                let mut asked = asked;
                asked["ProvisioningStatus"] = json!("LATEST_PERMISSION_SET_NOT_PROVISIONED");
                let outdated: Vec<&str> = set.outdated.iter().map(|key| self.account_id(key)).collect();
                let answer = json!({"AccountIds": outdated});
                calls.push(call("sso-admin list-accounts-for-provisioned-permission-set", asked, answer));
            }
            calls.extend(accounts.iter().map(|key| self.assignments_of(name, &arn(name), key)));
        }
        calls
    }

    fn assignments_of(&self, set: &str, arn: &str, account: &str) -> Call {
        let id = self.account_id(account);
        let assigned: Vec<Value> = self
            .aws
            .assignments
            .iter()
            .filter(|assignment| assignment.permission_set == set && assignment.account == account)
            .map(|assignment| {
                let (kind, principal) = match &assignment.principal {
                    Principal::Group(name) => ("GROUP", guid("group", name)),
                    Principal::User(name) => ("USER", guid("user", name)),
                };
                json!({"AccountId": id, "PermissionSetArn": arn, "PrincipalType": kind, "PrincipalId": principal})
            })
            .collect();
        let parameters = json!({"InstanceArn": INSTANCE, "PermissionSetArn": arn, "AccountId": id});
        call("sso-admin list-account-assignments", parameters, json!({"AccountAssignments": assigned}))
    }
}

pub(super) fn call(command: &'static str, parameters: Value, answer: Value) -> Call {
    Call { command, parameters, account: None, answer, error: None }
}

/// What AWS says of a permission set's boundary; where there is none, an error.
fn boundary(of: Option<&str>, asked: Value) -> Call {
    let command = "sso-admin get-permissions-boundary-for-permission-set";
    let answer = match of {
        Some(arn) if arn.starts_with("arn:") => json!({ "ManagedPolicyArn": arn }),
        Some(name) => json!({"CustomerManagedPolicyReference": {"Name": name, "Path": "/"}}),
        None => {
            let error = "An error occurred (ResourceNotFoundException) when calling the \
                         GetPermissionsBoundaryForPermissionSet operation: PermissionsBoundary not found";
            return Call { error: Some(error), ..call(command, asked, Value::Null) };
        }
    };
    call(command, asked, json!({ "PermissionsBoundary": answer }))
}

impl Story {
    fn iam<'a>(&'a self, key: &str, users: impl Iterator<Item = (&'a String, &'a IamUser)>) -> [Call; 5] {
        let roles = self.aws.roles.iter().filter(|((account, _), _)| account == key);
        let account = &self.aws.accounts[key];
        let mut calls = iam(account, users, roles.map(|((_, name), role)| (name, role)), self.aws.roots.get(key));
        let policies = self.aws.policies.iter().filter(|((account, _), _)| account == key);
        let policies: Vec<Value> =
            policies.map(|((_, name), document)| managed_policy(account, name, document)).collect();
        calls[0].answer["Policies"] = json!(policies);
        calls
    }
}

fn iam<'a>(
    account: &Account,
    users: impl Iterator<Item = (&'a String, &'a IamUser)>,
    roles: impl Iterator<Item = (&'a String, &'a Role)>,
    root: Option<&Root>,
) -> [Call; 5] {
    let (mut details, mut service_credentials) = (Vec::new(), Vec::new());
    let mut report = "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active,\
                      access_key_1_last_rotated,access_key_1_last_used_date,access_key_2_active,\
                      access_key_2_last_rotated,access_key_2_last_used_date\n"
        .to_owned();
    let key =
        |has: bool| if has { "true,2025-03-01T10:05:00+00:00,2026-11-18T06:12:00+00:00" } else { "false,N/A,N/A" };
    let (password, mfa, keys) = root.map_or(("not_supported", true, 0), |root| (&root.password, root.mfa, root.keys));
    report += &format!(
        "<root_account>,arn:aws:iam::{}:root,2020-01-01T00:00:00+00:00,{password},no_information,{mfa},{},{}\n",
        account.id,
        key(keys >= 1),
        key(keys >= 2)
    );
    for (name, user) in users {
        let arn = format!("arn:aws:iam::{}:user/{name}", account.id);
        let attached: Vec<Value> = user
            .attached
            .iter()
            .map(|policy| json!({"PolicyName": policy.rsplit('/').next(), "PolicyArn": policy}))
            .collect();
        let inline: Vec<Value> = user
            .inline
            .iter()
            .map(|(name, document)| {
                let document: Value = serde_json::from_str(document).expect("JSON");
                json!({"PolicyName": name, "PolicyDocument": document})
            })
            .collect();
        let tags: Vec<Value> = user.owner.iter().map(|owner| json!({"Key": "Owner", "Value": owner})).collect();
        let id = unique_id("AIDA", "iam", name);
        let mut detail = json!({"Path": "/", "UserName": name, "UserId": id, "Arn": arn,
                            "CreateDate": "2025-03-01T10:00:00+00:00", "GroupList": [],
                            "AttachedManagedPolicies": attached, "Tags": tags});
        if let Some(boundary) = &user.boundary {
            detail["PermissionsBoundary"] =
                json!({"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": boundary});
        }
        if !inline.is_empty() {
            detail["UserPolicyList"] = json!(inline);
        }
        details.push(detail);
        service_credentials.extend((0..user.service_credentials).map(|number| {
            json!({"UserName": name, "ServiceSpecificCredentialId": format!("ACCA{}{number}", guid("service", name)),
                   "ServiceName": "bedrock.amazonaws.com", "Status": "Active",
                   "CreateDate": "2026-02-01T10:00:00+00:00"})
        }));
        let password = if user.password { "true,2026-11-17T16:40:00+00:00" } else { "false,N/A" };
        let (one, two) = (key(user.keys >= 1), key(user.keys >= 2));
        report += &format!("{name},{arn},2025-03-01T10:00:00+00:00,{password},{},{one},{two}\n", user.mfa);
    }
    let roles: Vec<Value> = roles.map(|(name, role)| role_detail(account, name, role)).collect();
    let summary = json!({"SummaryMap": {"Users": details.len(), "Groups": 0, "AccountMFAEnabled": u8::from(mfa),
                                        "AccountAccessKeysPresent": u8::from(keys > 0)}});
    let account = Some(account.id.clone());
    let authorization =
        json!({"UserDetailList": details, "GroupDetailList": [], "RoleDetailList": roles, "Policies": []});
    let credentials = json!({"Content": STANDARD.encode(report), "ReportFormat": "text/csv",
                             "GeneratedTime": "2026-11-20T06:30:00+00:00"});
    [
        Call {
            command: "iam get-account-authorization-details",
            parameters: json!({"Filter": "User Role Group LocalManagedPolicy AWSManagedPolicy"}),
            account: account.clone(),
            answer: authorization,
            error: None,
        },
        Call {
            command: "iam get-credential-report",
            parameters: json!({}),
            account: account.clone(),
            answer: credentials,
            error: None,
        },
        Call {
            command: "iam get-account-summary",
            parameters: json!({}),
            account: account.clone(),
            answer: summary,
            error: None,
        },
        Call {
            command: "iam list-virtual-mfa-devices",
            parameters: json!({"AssignmentStatus": "Assigned"}),
            account: account.clone(),
            answer: json!({"VirtualMFADevices": []}),
            error: None,
        },
        Call {
            command: "iam list-service-specific-credentials",
            parameters: json!({"AllUsers": "true"}),
            account,
            answer: json!({"ServiceSpecificCredentials": service_credentials}),
            error: None,
        },
    ]
}

/// An id of IAM. Names that differ in a letter must not share one.
fn unique_id(prefix: &str, kind: &str, name: &str) -> String {
    format!("{prefix}{}", guid(kind, name).replace('-', "")[..17].to_uppercase())
}

fn role_detail(account: &Account, name: &str, role: &Role) -> Value {
    let trust: Value = serde_json::from_str(&role.trust).expect("JSON");
    let attached: Vec<Value> = role
        .attached
        .iter()
        .map(|policy| json!({"PolicyName": policy.rsplit('/').next(), "PolicyArn": policy}))
        .collect();
    json!({"Path": role.path, "RoleName": name, "RoleId": unique_id("AROA", "role", name),
           "Arn": format!("arn:aws:iam::{}:role/{name}", account.id), "CreateDate": "2025-03-01T10:00:00+00:00",
           "AssumeRolePolicyDocument": trust, "InstanceProfileList": [], "RolePolicyList": [],
           "AttachedManagedPolicies": attached, "Tags": [], "RoleLastUsed": {}})
}

fn managed_policy(account: &Account, name: &str, document: &str) -> Value {
    let document: Value = serde_json::from_str(document).expect("JSON");
    json!({"PolicyName": name, "Arn": format!("arn:aws:iam::{}:policy/{name}", account.id), "DefaultVersionId": "v2",
           "PolicyVersionList": [{"VersionId": "v2", "IsDefaultVersion": true, "Document": document},
                                 {"VersionId": "v1", "IsDefaultVersion": false, "Document": {"Statement": []}}]})
}

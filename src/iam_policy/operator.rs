//! What whoever changes access must be allowed: what the changes need that `[change]` allows, and nothing else. What is
//! protected, and Rollcall's own roles, are denied whatever else allows them.
//!
//! The writing operations come from the table of `operate`.

use std::collections::BTreeMap;

use super::{Action, Condition, Effect, Resource, Statement, action, condition, statement};
use crate::change::{self, ChangeKind};
use crate::operate::Operation;
use crate::operate::permissions::{self, On};
use crate::settings::Settings;

/// What AWS does with the caller's own permissions where a permission set is assigned in the management account. These
/// are the actions that others found to be needed; AWS does not document them.
const ROLES_OF_SETS: [&str; 10] = [
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:GetRole",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:PutRolePolicy",
    "iam:UpdateRole",
];
const PROVIDERS_OF_SETS: [&str; 2] = ["iam:CreateSAMLProvider", "iam:GetSAMLProvider"];

/// What must never be done to Rollcall's own roles.
const ON_OWN_ROLES: [&str; 9] = [
    "iam:AttachRolePolicy",
    "iam:DeleteRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
];

/// AWS's policy that denies everything, in any partition.
const DENY_ALL: &str = "arn:*:iam::aws:policy/AWSDenyAll";

/// What the operator's role needs; nothing where the settings have no `[change]`.
#[must_use]
pub fn of_operator(settings: &Settings) -> Vec<Statement> {
    let Some(change) = &settings.change else { return Vec::new() };
    let mut statements = Vec::new();
    if let Some(role) = &settings.operator.member_role
        && permissions::operations(&change.allow).iter().any(|operation| permissions::need(*operation).on.is_iam())
    {
        let assume = action("sts:AssumeRole", "access to each account whose IAM is changed");
        // A role of that name in somebody else's account is none of ours, whomever it trusts.
        let own = condition("StringEquals", "aws:ResourceOrgID", "${aws:PrincipalOrgID}".to_owned());
        let role = Resource::Within(format!("iam::*:role/{role}"));
        statements.push(Statement { condition: Some(own), ..statement("MemberRole", vec![assume], [role]) });
    }
    statements.extend(changing(settings, change, |_| true));
    if settings.operator.management_account && change.allow.iter().any(|kind| is_of_assignments(*kind)) {
        statements.extend(management_account());
    }
    statements.extend(not_proven(change));
    statements.extend(denied(settings, change, |_| true));
    statements
}

/// What the role needs that the operator assumes in other accounts; nothing where the settings name none, or allow no
/// change of IAM.
#[must_use]
pub fn of_operator_member(settings: &Settings) -> Vec<Statement> {
    let (Some(change), Some(_)) = (&settings.change, &settings.operator.member_role) else { return Vec::new() };
    let mut statements = changing(settings, change, On::is_iam);
    if !statements.is_empty() {
        statements.extend(denied(settings, change, On::is_iam));
    }
    statements
}

fn is_of_assignments(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::AddAssignment | ChangeKind::RemoveAssignment)
}

/// What the allowed changes need, a statement for each sort of resource.
fn changing(settings: &Settings, change: &change::Options, wanted: impl Fn(On) -> bool) -> Vec<Statement> {
    let mut by_resource: BTreeMap<On, Vec<Action>> = BTreeMap::new();
    let operations = permissions::operations(&change.allow);
    // Attaching has conditions of its own.
    for operation in operations.iter().filter(|operation| **operation != Operation::AttachUserPolicy) {
        let need = permissions::need(*operation);
        if wanted(need.on) {
            let actions = need.actions.iter().map(|name| action(name, need.why));
            by_resource.entry(need.on).or_default().extend(actions);
        }
    }
    let mut statements: Vec<Statement> =
        by_resource.into_iter().map(|(on, actions)| statement(sid(on), actions, resources(on))).collect();
    if wanted(On::IamUsers) {
        statements.extend(attaching(settings, change, operations.contains(&Operation::AttachUserPolicy)));
    }
    statements
}

/// Attaching managed policies: those that the settings name, and AWS's policy that denies everything, where a user that is
/// deleted may need it for a moment.
fn attaching(settings: &Settings, change: &change::Options, attaches: bool) -> Vec<Statement> {
    let attach = |sid, why, condition| {
        let attach = statement(sid, vec![action("iam:AttachUserPolicy", why)], resources(On::IamUsers));
        Statement { condition, ..attach }
    };
    let only = |policies: Vec<String>| Condition {
        operator: "ArnLike".to_owned(),
        key: "iam:PolicyARN".to_owned(),
        values: policies,
    };
    let mut statements = Vec::new();
    if attaches {
        let policies = &settings.operator.policies;
        let condition = (!policies.is_empty()).then(|| only(policies.clone()));
        statements.push(attach("AttachPolicies", permissions::need(Operation::AttachUserPolicy).why, condition));
    }
    if change.allow.iter().any(|kind| permissions::attaches_deny_all(*kind)) {
        let why = "denies everything to a user while its policies are removed before deletion";
        statements.push(attach("DenyEverything", why, Some(only(vec![DENY_ALL.to_owned()]))));
    }
    statements
}

fn resources(on: On) -> Vec<Resource> {
    on.resources().iter().map(|resource| Resource::Within((*resource).to_owned())).collect()
}

fn sid(on: On) -> &'static str {
    match on {
        On::IamUsers => "IamUsers",
        On::IamGroups => "IamGroups",
        On::MfaDevices => "MfaDevices",
        On::Users => "Users",
        On::Groups => "Groups",
        On::Memberships => "Memberships",
        On::Assignments => "Assignments",
        On::Instance => "RequestStatus",
        On::Applications => "Applications",
    }
}

/// The roles that AWS makes for permission sets in the management account, and no others.
fn management_account() -> [Statement; 2] {
    let why = "AWS uses it for the role of a permission set in the management account (not proven)";
    let actions = |names: &[&str]| names.iter().map(|name| action(name, why)).collect();
    let within = |resource: &str| [Resource::Within(resource.to_owned())];
    [
        statement(
            "ManagementAccountRoles",
            actions(&ROLES_OF_SETS),
            within("iam::*:role/aws-reserved/sso.amazonaws.com/*"),
        ),
        statement("ManagementAccountProviders", actions(&PROVIDERS_OF_SETS), within("iam::*:saml-provider/AWSSSO_*")),
    ]
}

/// What AWS's reference lists beside the actions of the operations' names. These actions take no resource.
fn not_proven(change: &change::Options) -> Option<Statement> {
    let mut actions: Vec<Action> = Vec::new();
    for operation in permissions::operations(&change.allow) {
        for name in permissions::need(operation).not_proven {
            if !actions.iter().any(|action| action.name == *name) {
                actions.push(action(name, "listed in AWS's reference; not proven to be required"));
            }
        }
    }
    (!actions.is_empty()).then(|| statement("NotProven", actions, [Resource::Everything]))
}

/// What is denied, whatever else allows it: what `[change] protect` names, as far as AWS knows it by its name, and
/// Rollcall's own roles.
fn denied(settings: &Settings, change: &change::Options, wanted: impl Fn(On) -> bool) -> Vec<Statement> {
    let deny = |statement: Statement| Statement { effect: Effect::Deny, ..statement };
    let mut denied: BTreeMap<&'static str, (Vec<Action>, Vec<Resource>)> = BTreeMap::new();
    for operation in permissions::operations(&change.allow) {
        let need = permissions::need(operation);
        let protected = protected(change, need.on);
        if !wanted(need.on) || protected.is_empty() {
            continue;
        }
        let (actions, resources) = denied.entry(protected_sid(need.on)).or_default();
        actions.extend(need.actions.iter().map(|name| action(name, "protected by the settings")));
        resources.extend(protected);
    }
    let protected = denied.into_iter().map(|(sid, (actions, resources))| deny(statement(sid, actions, resources)));
    let mut statements: Vec<Statement> = protected.collect();
    let own = own_roles(settings);
    if !own.is_empty() {
        let actions = ON_OWN_ROLES.iter().map(|name| action(name, "Rollcall's own roles")).collect();
        statements.push(deny(statement("OwnRoles", actions, own)));
    }
    statements
}

fn protected_sid(on: On) -> &'static str {
    match on {
        On::IamUsers => "ProtectedIamUsers",
        On::IamGroups => "ProtectedIamGroups",
        On::MfaDevices => "ProtectedMfaDevices",
        On::Users | On::Groups | On::Memberships | On::Instance | On::Applications | On::Assignments => {
            "ProtectedAccounts"
        }
    }
}

/// The resources of a sort that the settings protect. AWS knows users, groups and permission sets of Identity Center by
/// their ids; of these, Rollcall's own guard is the only one.
fn protected(change: &change::Options, on: On) -> Vec<Resource> {
    let within = |resource: String| Resource::Within(resource);
    let patterns: Vec<String> = change.protect.iter().map(ToString::to_string).collect();
    let accounts = patterns.iter().filter_map(|pattern| pattern.strip_prefix("account:"));
    let users = patterns.iter().filter_map(|pattern| pattern.strip_prefix("iam-user:")?.split_once('/'));
    match on {
        On::IamUsers => {
            let named = users.flat_map(|(account, name)| {
                // With a path and without.
                [format!("iam::{account}:user/{name}"), format!("iam::{account}:user/*/{name}")]
            });
            named.chain(accounts.map(|account| format!("iam::{account}:user/*"))).map(within).collect()
        }
        On::IamGroups => accounts.map(|account| within(format!("iam::{account}:group/*"))).collect(),
        On::MfaDevices => accounts.map(|account| within(format!("iam::{account}:mfa/*"))).collect(),
        On::Assignments => accounts.map(|account| within(format!("sso:::account/{account}"))).collect(),
        On::Users | On::Groups | On::Memberships | On::Instance | On::Applications => Vec::new(),
    }
}

fn own_roles(settings: &Settings) -> Vec<Resource> {
    let names = [&settings.operator.member_role, &settings.aws.member_role];
    let named = names.into_iter().flatten().map(|name| Resource::Within(format!("iam::*:role/{name}")));
    settings.operator.role.iter().map(|role| Resource::Arn(role.clone())).chain(named).collect()
}

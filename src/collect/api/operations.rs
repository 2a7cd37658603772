//! The operations that Rollcall reads: one row each, with its names, what its answers have, and who calls it what for.
//!
//! A row: its name, its service in IAM policies, its service and command on the AWS CLI; the fields of its answer, and
//! the error that means that there is nothing of the kind; who calls it, for which part of the collecting, whether
//! always, and why. Printed policies are made from this table, so what is called and what is allowed cannot part.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::need::{By, Need, Part};
use crate::aws::complete_body::{Fields, Whole};

/// A text that names no operation that Rollcall knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an operation that Rollcall reads")]
pub struct UnknownOperation(String);

/// The name of an operation: its own, or the one of its service where two services have the same.
macro_rules! named {
    ($operation:ident) => {
        stringify!($operation)
    };
    ($operation:ident $name:literal) => {
        $name
    };
}

macro_rules! operations {
    ($(
        $operation:ident $(as $name:literal)? $prefix:literal $service:literal $command:literal
        $fields:ident [$($field:literal),+] $(else $none:literal)?
        for $by:ident $part:ident $when:ident $why:literal;
    )+) => {
        /// An operation of AWS that Rollcall reads.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation {
            $(#[doc = concat!("`", $prefix, ":", named!($operation $($name)?), "`")] $operation,)+
        }

        impl Operation {
            /// All of them.
            pub const ALL: &[Operation] = &[$(Operation::$operation),+];

            /// Its name as an IAM policy has it: `identitystore:ListUsers`.
            #[must_use]
            pub fn api(self) -> &'static str {
                match self {
                    $(Operation::$operation => concat!($prefix, ":", named!($operation $($name)?)),)+
                }
            }

            /// Its names on the AWS CLI: `("identitystore", "list-users")`.
            #[must_use]
            pub fn cli(self) -> (&'static str, &'static str) {
                match self {
                    $(Operation::$operation => ($service, $command),)+
                }
            }

            /// What its answer has. Of an account without any permission set, AWS leaves their list out. Of a permission
            /// set without an inline policy it gives an empty text, which its API reference does not promise.
            #[must_use]
            pub fn fields(self) -> Fields {
                match self {
                    $(Operation::$operation => Fields::$fields(&[$($field),+]),)+
                }
            }

            /// The code of the error by which AWS says that there is nothing of the kind: an answer, and no failure.
            #[must_use]
            pub fn none(self) -> Option<&'static str> {
                match self {
                    $(Operation::$operation => None$(.or(Some($none)))?,)+
                }
            }

            /// What it needs.
            #[must_use]
            pub fn need(self) -> Need {
                match self {
                    $(Operation::$operation => Need {
                        by: By::$by,
                        part: Part::$part,
                        always: matches!(Calls::$when, Calls::Always),
                        why: $why,
                    },)+
                }
            }
        }
    };
}

/// How often an operation is called by a run that reads its part. Of the two ways to the assignments a run goes the
/// shorter one; it asks for users and groups one by one only where something names one that AWS did not list, and about
/// applications only where there are any.
enum Calls {
    /// In every run.
    Always,
    /// Where what the run finds makes it necessary.
    Sometimes,
}

operations! {
    GetCallerIdentity "sts" "sts" "get-caller-identity"
        All ["Account", "Arn"]
        for Everybody Caller Always "identity of the credentials";
    AssumeRole "sts" "sts" "assume-role"
        All ["AssumedRoleUser"]
        for Rollcall MemberRole Always "access to each account";
    ListAccounts "organizations" "organizations" "list-accounts"
        All ["Accounts"]
        for Rollcall Organization Always "accounts of the organization";
    DescribeOrganizationalUnit "organizations" "organizations" "describe-organizational-unit"
        All ["OrganizationalUnit"]
        for Rollcall Organization Sometimes "names of organizational units, if a list uses them";
    ListInstances "sso" "sso-admin" "list-instances"
        All ["Instances"]
        for Rollcall PermissionSets Always "the instance of Identity Center";
    ListUsers "identitystore" "identitystore" "list-users"
        All ["Users"]
        for Rollcall Directory Always "users";
    ListGroups "identitystore" "identitystore" "list-groups"
        All ["Groups"]
        for Rollcall Directory Always "groups";
    ListGroupMemberships "identitystore" "identitystore" "list-group-memberships"
        All ["GroupMemberships"]
        for Rollcall Directory Always "members of groups";
    ListGroupMembershipsForMember "identitystore" "identitystore" "list-group-memberships-for-member"
        All ["GroupMemberships"]
        for Rollcall Directory Sometimes "the same by user: if there are fewer users than groups, and to cross-check";
    DescribeUser "identitystore" "identitystore" "describe-user"
        All ["UserId"] else "ResourceNotFoundException"
        for Rollcall Directory Sometimes "users that AWS did not list, one by one";
    DescribeGroup "identitystore" "identitystore" "describe-group"
        All ["GroupId"] else "ResourceNotFoundException"
        for Rollcall Directory Sometimes "groups that AWS did not list, one by one";
    GetUserId "identitystore" "identitystore" "get-user-id"
        All ["UserId"] else "ResourceNotFoundException"
        for Rollcall Directory Sometimes "expected users, if AWS does not list them";
    GetGroupId "identitystore" "identitystore" "get-group-id"
        All ["GroupId"] else "ResourceNotFoundException"
        for Rollcall Directory Sometimes "expected groups, if AWS does not list them";
    ListPermissionSets "sso" "sso-admin" "list-permission-sets"
        All ["PermissionSets"]
        for Rollcall PermissionSets Always "permission sets";
    DescribePermissionSet "sso" "sso-admin" "describe-permission-set"
        All ["PermissionSet"]
        for Rollcall PermissionSets Always "their names and session lengths";
    ListManagedPoliciesInPermissionSet "sso" "sso-admin" "list-managed-policies-in-permission-set"
        All ["AttachedManagedPolicies"]
        for Rollcall PermissionSets Always "attached AWS managed policies";
    ListCustomerManagedPolicyReferencesInPermissionSet
        "sso" "sso-admin" "list-customer-managed-policy-references-in-permission-set"
        All ["CustomerManagedPolicyReferences"]
        for Rollcall PermissionSets Always "attached customer managed policies";
    GetInlinePolicyForPermissionSet "sso" "sso-admin" "get-inline-policy-for-permission-set"
        Any ["InlinePolicy"]
        for Rollcall PermissionSets Always "inline policies";
    GetPermissionsBoundaryForPermissionSet "sso" "sso-admin" "get-permissions-boundary-for-permission-set"
        All ["PermissionsBoundary"] else "ResourceNotFoundException"
        for Rollcall PermissionSets Always "permissions boundaries";
    ListAccountsForProvisionedPermissionSet "sso" "sso-admin" "list-accounts-for-provisioned-permission-set"
        All ["AccountIds"]
        for Rollcall Assignments Sometimes "accounts of a permission set";
    ListPermissionSetsProvisionedToAccount "sso" "sso-admin" "list-permission-sets-provisioned-to-account"
        Any ["PermissionSets"]
        for Rollcall Assignments Sometimes "permission sets of an account";
    ListAccountAssignments "sso" "sso-admin" "list-account-assignments"
        All ["AccountAssignments"]
        for Rollcall Assignments Always "assignments";
    ListAccountAssignmentsForPrincipal "sso" "sso-admin" "list-account-assignments-for-principal"
        All ["AccountAssignments"]
        for Rollcall CrossCheck Always "the same by principal, to cross-check";
    ListApplications "sso" "sso-admin" "list-applications"
        All ["Applications"]
        for Rollcall Applications Always "applications of Identity Center";
    ListApplicationAssignments "sso" "sso-admin" "list-application-assignments"
        All ["ApplicationAssignments"]
        for Rollcall Applications Sometimes "who may use them";
    GetApplicationAssignmentConfiguration "sso" "sso-admin" "get-application-assignment-configuration"
        All ["AssignmentRequired"]
        for Rollcall Applications Sometimes "whether one is open to everyone";
    ListAccountAccessApplications as "ListApplications" "account-access" "account-access" "list-applications"
        All ["applications"]
        for Rollcall AccountAccess Always "whether account access manager is in use";
    ListEntitlements "account-access" "account-access" "list-entitlements"
        All ["entitlements"]
        for Rollcall AccountAccess Sometimes "who may assume which IAM role through it";
    GetAccountAuthorizationDetails "iam" "iam" "get-account-authorization-details"
        All ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"]
        for Reader Iam Always "IAM users, groups, roles, policies and trusts";
    GenerateCredentialReport "iam" "iam" "generate-credential-report"
        Any ["State", "Description"]
        for Reader Iam Always "generates the credential report";
    GetCredentialReport "iam" "iam" "get-credential-report"
        All ["Content"]
        for Reader Iam Always "passwords, access keys and MFA";
    GetAccountSummary "iam" "iam" "get-account-summary"
        All ["SummaryMap"]
        for Reader Iam Always "number of users, and the root user";
    ListVirtualMFADevices "iam" "iam" "list-virtual-mfa-devices"
        All ["VirtualMFADevices"]
        for Reader Iam Always "MFA devices that are newer than the credential report";
    ListServiceSpecificCredentials "iam" "iam" "list-service-specific-credentials"
        All ["ServiceSpecificCredentials"]
        for Reader Iam Always "service-specific credentials";
}

impl Operation {
    /// Looks whether the answers of a service, by its prefix in a policy (`identitystore`), are there as a whole.
    #[must_use]
    pub fn whole(prefix: &'static str) -> Whole {
        let named = move |name: &str| format!("{prefix}:{name}").parse::<Operation>().ok();
        Whole::of(move |name| named(name).map(Operation::fields))
    }

    /// The operation behind an AWS CLI command: `identitystore list-users`.
    ///
    /// # Errors
    /// Where Rollcall does not read it.
    pub fn of_command(command: &str) -> Result<Self, UnknownOperation> {
        let mut words = command.split_whitespace();
        let words = (words.next().unwrap_or_default(), words.next().unwrap_or_default(), words.next());
        let found = Operation::ALL.iter().find(|operation| (operation.cli().0, operation.cli().1, None) == words);
        found.copied().ok_or_else(|| UnknownOperation(command.to_owned()))
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.api())
    }
}

impl FromStr for Operation {
    type Err = UnknownOperation;

    fn from_str(text: &str) -> Result<Self, UnknownOperation> {
        let found = Operation::ALL.iter().find(|operation| operation.api() == text);
        found.copied().ok_or_else(|| UnknownOperation(text.to_owned()))
    }
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.api())
    }
}

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

//! The operations that Rollcall reads: the one table of their names, and of what their answers have.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::aws::complete_body::{Fields, Whole};

/// A text that names no operation that Rollcall knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no operation that Rollcall reads")]
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
        $fields:ident [$($field:literal),+];
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
        }
    };
}

operations! {
    GetCallerIdentity "sts" "sts" "get-caller-identity" All ["Account", "Arn"];
    AssumeRole "sts" "sts" "assume-role" All ["AssumedRoleUser"];
    ListAccounts "organizations" "organizations" "list-accounts" All ["Accounts"];
    DescribeOrganizationalUnit "organizations" "organizations" "describe-organizational-unit"
        All ["OrganizationalUnit"];
    ListInstances "sso" "sso-admin" "list-instances" All ["Instances"];
    ListUsers "identitystore" "identitystore" "list-users" All ["Users"];
    ListGroups "identitystore" "identitystore" "list-groups" All ["Groups"];
    ListGroupMemberships "identitystore" "identitystore" "list-group-memberships" All ["GroupMemberships"];
    ListGroupMembershipsForMember "identitystore" "identitystore" "list-group-memberships-for-member"
        All ["GroupMemberships"];
    DescribeUser "identitystore" "identitystore" "describe-user" All ["UserId"];
    DescribeGroup "identitystore" "identitystore" "describe-group" All ["GroupId"];
    GetUserId "identitystore" "identitystore" "get-user-id" All ["UserId"];
    GetGroupId "identitystore" "identitystore" "get-group-id" All ["GroupId"];
    ListPermissionSets "sso" "sso-admin" "list-permission-sets" All ["PermissionSets"];
    DescribePermissionSet "sso" "sso-admin" "describe-permission-set" All ["PermissionSet"];
    ListManagedPoliciesInPermissionSet "sso" "sso-admin" "list-managed-policies-in-permission-set"
        All ["AttachedManagedPolicies"];
    ListCustomerManagedPolicyReferencesInPermissionSet
        "sso" "sso-admin" "list-customer-managed-policy-references-in-permission-set"
        All ["CustomerManagedPolicyReferences"];
    GetInlinePolicyForPermissionSet "sso" "sso-admin" "get-inline-policy-for-permission-set" Any ["InlinePolicy"];
    GetPermissionsBoundaryForPermissionSet "sso" "sso-admin" "get-permissions-boundary-for-permission-set"
        All ["PermissionsBoundary"];
    ListAccountsForProvisionedPermissionSet "sso" "sso-admin" "list-accounts-for-provisioned-permission-set"
        All ["AccountIds"];
    ListPermissionSetsProvisionedToAccount "sso" "sso-admin" "list-permission-sets-provisioned-to-account"
        Any ["PermissionSets"];
    ListAccountAssignments "sso" "sso-admin" "list-account-assignments" All ["AccountAssignments"];
    ListAccountAssignmentsForPrincipal "sso" "sso-admin" "list-account-assignments-for-principal"
        All ["AccountAssignments"];
    ListApplications "sso" "sso-admin" "list-applications" All ["Applications"];
    ListApplicationAssignments "sso" "sso-admin" "list-application-assignments" All ["ApplicationAssignments"];
    GetApplicationAssignmentConfiguration "sso" "sso-admin" "get-application-assignment-configuration"
        All ["AssignmentRequired"];
    ListAccountAccessApplications as "ListApplications" "account-access" "account-access" "list-applications"
        All ["applications"];
    ListEntitlements "account-access" "account-access" "list-entitlements" All ["entitlements"];
    GetAccountAuthorizationDetails "iam" "iam" "get-account-authorization-details"
        All ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"];
    GenerateCredentialReport "iam" "iam" "generate-credential-report" Any ["State", "Description"];
    GetCredentialReport "iam" "iam" "get-credential-report" All ["Content"];
    GetAccountSummary "iam" "iam" "get-account-summary" All ["SummaryMap"];
    ListVirtualMFADevices "iam" "iam" "list-virtual-mfa-devices" All ["VirtualMFADevices"];
    ListServiceSpecificCredentials "iam" "iam" "list-service-specific-credentials" All ["ServiceSpecificCredentials"];
}

/// Operations that answer with an error where there is nothing of the kind.
const NONE: [(Operation, &str); 5] = [
    (Operation::DescribeUser, "ResourceNotFoundException"),
    (Operation::DescribeGroup, "ResourceNotFoundException"),
    (Operation::GetUserId, "ResourceNotFoundException"),
    (Operation::GetGroupId, "ResourceNotFoundException"),
    (Operation::GetPermissionsBoundaryForPermissionSet, "ResourceNotFoundException"),
];

impl Operation {
    /// The code of the error by which AWS says that there is nothing of the kind: an answer, and no failure.
    #[must_use]
    pub fn none(self) -> Option<&'static str> {
        NONE.iter().find(|(operation, _)| *operation == self).map(|(_, code)| *code)
    }

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

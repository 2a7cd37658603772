//! `aws sso-admin`: permission sets and who has them where.

use serde::{Deserialize, Serialize};

use super::same_question::{another, names};
use super::{Answer, Timestamp, identifier, said};
use crate::collect::journal::page::{Call, Operation};

/// `aws sso-admin list-instances`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListInstances {
    pub instances: Vec<Instance>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListInstances {
    const OPERATION: Operation = Operation::ListInstances;

    fn items(&self) -> usize {
        self.instances.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }
}

/// An instance of IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct Instance {
    #[serde(deserialize_with = "identifier")]
    pub instance_arn: String,
    #[serde(deserialize_with = "identifier")]
    pub identity_store_id: String,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub owner_account_id: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// `aws sso-admin list-permission-sets`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListPermissionSets {
    pub permission_sets: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListPermissionSets {
    const OPERATION: Operation = Operation::ListPermissionSets;

    fn items(&self) -> usize {
        self.permission_sets.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }
}

/// `aws sso-admin describe-permission-set`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct DescribePermissionSet {
    pub permission_set: PermissionSet,
}

impl Answer for DescribePermissionSet {
    const OPERATION: Operation = Operation::DescribePermissionSet;

    fn items(&self) -> usize {
        1
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        names(Some(&self.permission_set.permission_set_arn), asked, "PermissionSetArn")
    }
}

/// A permission set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct PermissionSet {
    #[serde(deserialize_with = "identifier")]
    pub permission_set_arn: String,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date: Option<Timestamp>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub session_duration: Option<String>,
}

/// `aws sso-admin list-managed-policies-in-permission-set`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListManagedPoliciesInPermissionSet {
    pub attached_managed_policies: Vec<ManagedPolicyOfSet>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListManagedPoliciesInPermissionSet {
    const OPERATION: Operation = Operation::ListManagedPoliciesInPermissionSet;

    fn items(&self) -> usize {
        self.attached_managed_policies.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }
}

/// A policy of AWS's own in a permission set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ManagedPolicyOfSet {
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(deserialize_with = "identifier")]
    pub arn: String,
}

/// `aws sso-admin list-customer-managed-policy-references-in-permission-set`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListCustomerManagedPolicyReferencesInPermissionSet {
    pub customer_managed_policy_references: Vec<CustomerManagedPolicyReference>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListCustomerManagedPolicyReferencesInPermissionSet {
    const OPERATION: Operation = Operation::ListCustomerManagedPolicyReferencesInPermissionSet;

    fn items(&self) -> usize {
        self.customer_managed_policy_references.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }
}

/// A policy that each account keeps under this name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct CustomerManagedPolicyReference {
    #[serde(deserialize_with = "identifier")]
    pub name: String,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// `aws sso-admin get-inline-policy-for-permission-set`; no policy is "".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetInlinePolicyForPermissionSet {
    /// AWS gives an empty text where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inline_policy: Option<String>,
}

impl Answer for GetInlinePolicyForPermissionSet {
    const OPERATION: Operation = Operation::GetInlinePolicyForPermissionSet;

    fn items(&self) -> usize {
        usize::from(self.inline_policy.as_ref().is_some_and(|policy| !policy.is_empty()))
    }
}

/// `aws sso-admin get-permissions-boundary-for-permission-set`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct GetPermissionsBoundaryForPermissionSet {
    pub permissions_boundary: BoundaryOfSet,
}

impl Answer for GetPermissionsBoundaryForPermissionSet {
    const OPERATION: Operation = Operation::GetPermissionsBoundaryForPermissionSet;

    fn items(&self) -> usize {
        1
    }
}

/// The policy that limits a permission set: AWS's own, or one that each account keeps under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct BoundaryOfSet {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_managed_policy_reference: Option<CustomerManagedPolicyReference>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub managed_policy_arn: Option<String>,
}

/// `aws sso-admin list-accounts-for-provisioned-permission-set`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListAccountsForProvisionedPermissionSet {
    pub account_ids: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListAccountsForProvisionedPermissionSet {
    const OPERATION: Operation = Operation::ListAccountsForProvisionedPermissionSet;

    fn items(&self) -> usize {
        self.account_ids.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }
}

/// `aws sso-admin list-permission-sets-provisioned-to-account`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListPermissionSetsProvisionedToAccount {
    /// Of an account without any, AWS leaves the list out.
    #[serde(default)]
    pub permission_sets: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListPermissionSetsProvisionedToAccount {
    const OPERATION: Operation = Operation::ListPermissionSetsProvisionedToAccount;

    fn items(&self) -> usize {
        self.permission_sets.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }
}

/// `aws sso-admin list-account-assignments`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListAccountAssignments {
    pub account_assignments: Vec<AccountAssignment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListAccountAssignments {
    const OPERATION: Operation = Operation::ListAccountAssignments;

    fn items(&self) -> usize {
        self.account_assignments.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        self.account_assignments.iter().try_for_each(|assignment| {
            names(assignment.account_id.as_deref(), asked, "AccountId")?;
            names(assignment.permission_set_arn.as_deref(), asked, "PermissionSetArn")
        })
    }
}

/// That a principal has the permission set in the account that were asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct AccountAssignment {
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub permission_set_arn: Option<String>,
    #[serde(deserialize_with = "identifier")]
    pub principal_type: String,
    #[serde(deserialize_with = "identifier")]
    pub principal_id: String,
}

/// `aws sso-admin list-account-assignments-for-principal`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListAccountAssignmentsForPrincipal {
    pub account_assignments: Vec<AssignmentOfPrincipal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListAccountAssignmentsForPrincipal {
    const OPERATION: Operation = Operation::ListAccountAssignmentsForPrincipal;

    fn items(&self) -> usize {
        self.account_assignments.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        let (kind, id) = (asked.parameters.get("PrincipalType"), asked.parameters.get("PrincipalId"));
        self.account_assignments.iter().try_for_each(|assignment| {
            match (assignment.principal_type.as_deref(), assignment.principal_id.as_deref(), kind, id) {
                // What a user has by a group may be the group's.
                (Some("GROUP"), _, Some("USER"), _) => Ok(()),
                (Some(named), _, Some(kind), _) if named != kind => Err(another(named, kind)),
                (_, Some(named), _, Some(id)) if named != id => Err(another(named, id)),
                _ => Ok(()),
            }
        })
    }
}

/// That a principal has a permission set in an account: the one that was asked about, or a group that it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct AssignmentOfPrincipal {
    #[serde(deserialize_with = "identifier")]
    pub account_id: String,
    #[serde(deserialize_with = "identifier")]
    pub permission_set_arn: String,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub principal_type: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub principal_id: Option<String>,
}

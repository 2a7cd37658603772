//! What the answers of AWS hold, as far as Rollcall reads them, in the shape that the AWS CLI prints.
//!
//! Live answers are written in this shape and saved ones are read in it, so both are understood by the same code. A
//! field that is not named here is ignored. What it all means together is known in [`fold`](crate::collect::build).

mod account_access;
mod applications;
mod caller;
mod credentials;
mod document;
mod iam;
mod identity_store;
mod kept_fields;
mod organizations;
mod same_question;
mod sso_admin;
mod timestamp;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use crate::collect::journal::page::{Call, Operation};

pub use account_access::{
    AccountAccessApplication, EntitledPrincipal, Entitlement, EntitlementsListMember, IdentityCenterPrincipal,
    ListAccountAccessApplications, ListEntitlements, PrincipalRoleSummary,
};
pub use applications::{
    Application, ApplicationAssignment, GetApplicationAssignmentConfiguration, ListApplicationAssignments,
    ListApplications,
};
pub use caller::{AssumeRole, AssumedRoleUser, GetCallerIdentity};
pub use credentials::{
    GenerateCredentialReport, GetAccountSummary, GetCredentialReport, ListServiceSpecificCredentials,
    ListVirtualMFADevices, MfaUser, ServiceSpecificCredential, VirtualMfaDevice,
};
pub use document::Document;
pub use iam::{
    AttachedPolicy, Boundary, GetAccountAuthorizationDetails, GroupDetail, InlinePolicy, ManagedPolicy, PolicyVersion,
    RoleDetail, RoleLastUsed, Tag, UserDetail,
};
pub use identity_store::{
    DescribeGroup, DescribeUser, Email, ExternalId, GetGroupId, GetUserId, Group, GroupMembership,
    ListGroupMemberships, ListGroupMembershipsForMember, ListGroups, ListUsers, MemberId, MembershipOfMember, User,
};
pub use kept_fields::{kept, page_as_read};
pub use organizations::{Account, DescribeOrganizationalUnit, ListAccounts, OrganizationalUnit};
pub use sso_admin::{
    AccountAssignment, AssignmentOfPrincipal, BoundaryOfSet, CustomerManagedPolicyReference, DescribePermissionSet,
    GetInlinePolicyForPermissionSet, GetPermissionsBoundaryForPermissionSet, Instance, ListAccountAssignments,
    ListAccountAssignmentsForPrincipal, ListAccountsForProvisionedPermissionSet,
    ListCustomerManagedPolicyReferencesInPermissionSet, ListInstances, ListManagedPoliciesInPermissionSet,
    ListPermissionSets, ListPermissionSetsProvisionedToAccount, ManagedPolicyOfSet, PermissionSet,
};
pub use timestamp::Timestamp;

/// The answer of one operation, one page of it.
pub trait Answer: Serialize + DeserializeOwned {
    /// The operation that answers so.
    const OPERATION: Operation;

    /// How many things the page lists, for the ledger of calls.
    fn items(&self) -> usize;

    /// The token of the next page, where this one announces another. An announcement without a token is `""`: who gives
    /// an empty one does not say that this was the last page.
    fn next(&self) -> Option<&str> {
        None
    }

    /// Compares what the answer names with what was asked about, and takes out what the question says as well.
    ///
    /// # Errors
    /// In words, where it answers another question.
    fn answers(&mut self, _asked: &Call) -> Result<(), String> {
        Ok(())
    }
}

/// Reads an identifier that the entry is worthless without. The SDK fills a required text that the service left out
/// with "", and that is no identifier.
fn identifier<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() { Err(serde::de::Error::custom("an identifier is empty")) } else { Ok(text) }
}

/// Reads a text that may be absent; "" is what the SDK and some services make of absent.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

/// The token of the next page of IAM: `IsTruncated` and `Marker` are IAM's, `NextToken` is what the AWS CLI writes when
/// it was told to stop.
fn next_page<'p>(is_truncated: bool, marker: Option<&'p str>, next_token: Option<&'p str>) -> Option<&'p str> {
    let token = marker.or(next_token);
    if is_truncated { Some(token.unwrap_or_default()) } else { token }
}

//! What is kept of an answer that was saved elsewhere: the fields that are read, as of one that came live.
//!
//! Whoever saves answers saves all that AWS said: phone numbers and addresses of people, credentials of assumed roles.
//! Nothing of it that is not read may reach a package.

use super::Answer;
use crate::collect::journal::page::{Operation, Outcome, Page};
use crate::model::parser_words;

/// Each operation's answer has the operation's name.
macro_rules! answer_of {
    ($operation:expr, $text:expr, $($name:ident)+) => {
        match $operation {
            $(Operation::$name => of::<super::$name>($text),)+
        }
    };
}

/// The answer to this operation without the fields that are not read.
///
/// # Errors
/// Where the text is not what this operation answers with. Then nothing of it is kept.
pub fn kept(operation: Operation, text: &str) -> Result<Outcome, serde_json::Error> {
    answer_of!(
        operation, text,
        GetCallerIdentity AssumeRole
        ListAccounts DescribeOrganizationalUnit
        ListInstances
        ListUsers ListGroups ListGroupMemberships ListGroupMembershipsForMember DescribeUser DescribeGroup GetUserId
        GetGroupId
        ListPermissionSets DescribePermissionSet ListManagedPoliciesInPermissionSet
        ListCustomerManagedPolicyReferencesInPermissionSet GetInlinePolicyForPermissionSet
        GetPermissionsBoundaryForPermissionSet ListAccountsForProvisionedPermissionSet
        ListPermissionSetsProvisionedToAccount ListAccountAssignments ListAccountAssignmentsForPrincipal
        ListApplications ListApplicationAssignments GetApplicationAssignmentConfiguration
        ListAccountAccessApplications ListEntitlements
        GetAccountAuthorizationDetails GenerateCredentialReport GetCredentialReport GetAccountSummary
        ListVirtualMFADevices ListServiceSpecificCredentials
    )
}

fn of<A: Answer>(text: &str) -> Result<Outcome, serde_json::Error> {
    serde_json::from_str::<A>(text).map(|answer| Outcome::of_answer(&answer))
}

/// A page of a journal that may have been made elsewhere, without the fields of its answer that are not read.
#[must_use]
pub fn page_as_read(page: Page) -> Page {
    let Outcome::Answer(answer) = &page.outcome else { return page };
    let read = answer.json().map_err(|error| parser_words(&error)).and_then(|json| {
        kept(page.call.operation, json.get()).map_err(|error| format!("page {}: {}", page.page, parser_words(&error)))
    });
    Page { outcome: read.unwrap_or_else(Outcome::Unreadable), ..page }
}

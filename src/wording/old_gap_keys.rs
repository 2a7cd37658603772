//! The keys that gaps had in packages of format version 1, which were sentences. Whoever was alerted of a gap by an earlier
//! version of Rollcall is not alerted of it again after an upgrade. These words never change.

use crate::model::{Gap, What};

use super::unseen::filled;

/// The key that format version 1 gave a gap.
#[must_use]
pub fn old_gap_key(gap: &Gap) -> String {
    let account = gap.account.map(|account| format!(" in {account}")).unwrap_or_default();
    let unseen = filled(template(gap.unseen.what), &gap.unseen);
    format!("{}{account}: {unseen} ({})", gap.source, gap.why.word())
}

/// The words of format version 1. What is not in it came later.
fn template(what: What) -> &'static str {
    match what {
        What::Caller => "the caller's account",
        What::Accounts => "accounts of the organization",
        What::UnitName => "name of the unit {object}",
        What::Instance => "the Identity Center instance, and with it users, groups and assignments",
        What::ScopedInstance => "instance",
        What::OtherInstance => {
            "users, groups and assignments of another Identity Center instance, {object} (`aws.instance_arn` chooses one)"
        }
        What::Users => "users",
        What::UserOfId => "the user with the id {object}",
        What::UserNamed => "whether there is a user {object}",
        What::UsersByIds => "users by their ids: {object}{more}",
        What::UsersUnlisted => "users that hold something and are not listed: {object}{more}",
        What::UsersWithoutNames => "each user that holds nothing: no name was given to ask for",
        What::UsersNotNamed => "each user that holds nothing and was not asked for by name",
        What::UsersExpected => "each user that a list expects, that holds nothing and was not asked for by name",
        What::Groups => "groups",
        What::GroupOfId => "the group with the id {object}",
        What::GroupNamed => "whether there is a group {object}",
        What::GroupsByIds => "groups by their ids: {object}{more}",
        What::GroupsUnlisted => "groups that hold something and are not listed: {object}{more}",
        What::GroupsWithoutNames => "each group that holds nothing: no name was given to ask for",
        What::GroupsNotNamed => "each group that holds nothing and was not asked for by name",
        What::GroupsExpected => "each group that a list expects, that holds nothing and was not asked for by name",
        What::Members => "members of {object}",
        What::GroupsOfUser => "groups of {object}",
        What::MembershipsOfUsersAgain => "memberships by a second way, for {number} of {out of} users",
        What::MembershipsOfGroupsAgain => "memberships by a second way, for {number} of {out of} groups",
        What::PermissionSets => "permission sets and their assignments",
        What::PermissionSetName => "name of {object}",
        What::AwsManagedPolicies => "AWS-managed policies of {object}",
        What::CustomerManagedPolicies => "customer-managed policies of {object}",
        What::InlinePolicy => "inline policy of {object}",
        What::Boundary => "boundary of {object}",
        What::AccountsOfSet => "accounts and assignments of {object}",
        What::AccountsOutdated => "accounts in which an older version of {object} is in force",
        What::SetsOfAccount => "permission sets and assignments in {account}",
        What::SetsOutdated => "permission sets of which an older version is in force in {account}",
        What::AssignmentsOfSet => "assignments of {object} in {account}",
        What::AssignmentOf => "an assignment of {object}",
        What::AssignmentsOf => "assignments of {object}",
        What::AssignmentsAgain => "assignments by a second way, for {number} of {out of} users and groups",
        What::Applications => "applications and who is assigned to them",
        What::AssignmentsOfApplication => "assignments of application {object}",
        What::ApplicationOpen => "whether application {object} is open to everyone",
        What::Entitlements => "entitlements to IAM roles by account access manager",
        What::EntitlementsIn => "entitlements to IAM roles in {account}",
        What::IamDetails => "IAM users and roles of {account}",
        What::SomeIamUsers => "some IAM users of {account}",
        What::SomeIamUsersOrGroups => "some IAM users or groups of {account}",
        What::SomeIamRoles => "some IAM roles of {account}",
        What::SomeIamPolicies => "some IAM policies of {account}",
        What::IamRoles => "IAM roles of {account}, and whom they trust",
        What::IamGroupPolicies => "policies of the IAM group {object} in {account}",
        What::RoleTrust => "whom the role {object} of {account} trusts",
        What::IamCounts => "how many IAM users and groups there are in {account}, and the state of the root user",
        What::RootKey => "whether the root user of {account} has an access key",
        What::RootCertificate => "whether the root user of {account} has a signing certificate",
        What::RootPassword => "whether the root user of {account} can sign in with a password alone",
        What::Credentials => "passwords, keys and second factors of IAM users of {account}",
        What::CredentialsOf => "passwords, keys and second factors of {object}{more} in {account}",
        What::CredentialsOfNewUsers => "credentials of users who are younger than the report",
        What::NewCredentialReport => "a credential report of {account} that is made for this run",
        What::NewMfaDevices => "second factors in {account} that are younger than the credential report",
        What::ServiceCredentials => "passwords and API keys of IAM users of {account} for single services",
        What::IamUsersOutOfScope => "IAM users of an account outside the scope of this run",
        What::UnlistedAccount => "IAM of an account that the organization does not list",
        What::AllowedByRole => "what the role {object} allows",
        What::AllowedByIamUser => "what the IAM user {object} allows",
        What::AllowedByPermissionSet => "what the permission set {object} allows",
        What::RoleAdministrative => "whether the role {object} is administrative",
        What::IamUserAdministrative => "whether the IAM user {object} is administrative",
        What::PermissionSetAdministrative => "whether the permission set {object} is administrative",
        What::ChangesMeanwhile => "what AWS changed between the first of its answers and the last",
        What::SinceEarlierRun => {
            "what became administrative, and which lists are gone, since the earlier run of the job"
        }
        What::NestedMemberships => "memberships that depend on whether nested groups count",
        What::StrangeUsers => "who the users of Identity Center are that match nobody",
        What::WhoUserIs => "who the user {object} is",
        What::WhichGroup => "which group {object} is",
        What::LeaversAccounts => "which accounts the leavers of the list have",
        What::PeopleOfList => "which users of Identity Center the people of the list are",
        What::LeaverAccount => "which account the leaver {object} has",
        What::AfterExport => "what the directory did after the export",
        What::RowPrincipal => "whom a row means by {object}",
        What::RowApplication => "which application a row means by {object}",
        What::RowAccounts => "which accounts a row means",
        What::RefusedRow => "what a refused row expects",
        What::People => "people",
        What::AllUsers => "all users",
        What::AllGroups => "all groups",
        What::NestedGroups => "groups that are in other groups",
        What::ExpectedAssignments => "expected assignments",
        What::ExpectedApplications => "expected application assignments",
        What::ExpectedEntitlements => "expected entitlements",
        What::ExpectedPermissionSets => "expected permission sets",
        What::ExpectedIamUsers => "expected IAM users",
        What::ExpectedTrusts => "expected trusts",
        What::StillThere => "whether people are still there",
        What::HaveLeft => "whether {number} people have left ({object})",
        What::GroupsInColumn => "groups in {object}",
        What::GroupsInCell => "groups in {object} of line {number}",
        What::GroupInColumn => "a group in {object}",
        What::GroupsOfLine => "groups of the account in line {number}",
        What::GroupsOfEachUser => "the groups of each user ({object})",
        What::MembersOfEachGroup => "the members of each group ({object})",
        What::GroupsOfEntry => "the groups of {object}",
        What::AsWritten => "{object}",
    }
}

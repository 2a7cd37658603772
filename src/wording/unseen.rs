//! What was not seen, in words.

use crate::model::{Unseen, What, quoted};

use super::phrase;

/// What was not seen, as a noun phrase: `` members of `AWS-Admins` ``.
#[must_use]
pub fn unseen(unseen: &Unseen) -> String {
    phrase(&unseen_in_file(unseen)).into_owned()
}

/// The same for a file whose format escapes what a name may hold.
#[must_use]
pub fn unseen_in_file(unseen: &Unseen) -> String {
    filled(template(unseen.what), unseen)
}

/// The same of several objects, or in several accounts, where these are given.
pub(super) fn unseen_of(unseen: &Unseen, objects: Option<String>, accounts: Option<&str>) -> String {
    let object = objects.unwrap_or_else(|| phrase(&object(unseen)).into_owned());
    with(template(unseen.what), unseen, &object, accounts.unwrap_or(&account(unseen)))
}

/// A template with what is not seen in its slots.
pub(super) fn filled(template: &str, unseen: &Unseen) -> String {
    with(template, unseen, &object(unseen), &account(unseen))
}

fn object(unseen: &Unseen) -> String {
    match (unseen.what, &unseen.object) {
        (What::AsWritten, Some(words)) => words.clone(),
        (_, Some(object)) => quoted(object),
        (_, None) => "`?`".to_owned(),
    }
}

fn account(unseen: &Unseen) -> String {
    unseen.account.map_or_else(|| "?".to_owned(), |account| account.to_string())
}

/// A template with these words for its object and its account.
fn with(template: &str, unseen: &Unseen, object: &str, account: &str) -> String {
    let mut parts = template.split('{');
    let mut words = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (slot, rest) = part.split_once('}').expect("a slot of a template is closed");
        match slot {
            "object" => words += object,
            "account" => words += account,
            "number" => words += &unseen.number.to_string(),
            "out of" => words += &unseen.out_of.to_string(),
            "more" if unseen.number > 0 => words += &format!(" and {} more", unseen.number),
            "more" => {}
            _ => unreachable!("no template has a slot `{slot}`"),
        }
        words += rest;
    }
    words
}

/// The words for each sort of thing, with slots: `{object}` in backticks, `{account}`, `{number}`, `{out of}`,
/// `{more}` (` and 3 more`).
pub(super) fn template(what: What) -> &'static str {
    match what {
        What::Caller => "the caller's account",
        What::Accounts => "accounts of the organization",
        What::UnitName => "name of organizational unit {object}",
        What::Instance => "the Identity Center instance with its users, groups and assignments",
        What::ScopedInstance => "the Identity Center instance",
        What::OtherInstance => {
            "users, groups and assignments of another Identity Center instance, {object} (select one with `aws.instance_arn`)"
        }
        What::Users => "users",
        What::UserOfId => "the user with ID {object}",
        What::UserNamed => "whether user {object} exists",
        What::UsersByIds => "users by ID: {object}{more}",
        What::UsersUnlisted => "users that hold access but are not listed: {object}{more}",
        What::UsersWithoutNames => "users without access: no names were given to look up",
        What::UsersNotNamed => "users without access whose names were not looked up",
        What::UsersExpected => "expected users without access whose names were not looked up",
        What::Groups => "groups",
        What::GroupOfId => "the group with ID {object}",
        What::GroupNamed => "whether group {object} exists",
        What::GroupsByIds => "groups by ID: {object}{more}",
        What::GroupsUnlisted => "groups that hold access but are not listed: {object}{more}",
        What::GroupsWithoutNames => "groups without access: no names were given to look up",
        What::GroupsNotNamed => "groups without access whose names were not looked up",
        What::GroupsExpected => "expected groups without access whose names were not looked up",
        What::Members => "members of {object}",
        What::GroupsOfUser => "groups of {object}",
        What::MembershipsOfUsersAgain => "cross-check of memberships, for {number} of {out of} users",
        What::MembershipsOfGroupsAgain => "cross-check of memberships, for {number} of {out of} groups",
        What::PermissionSets => "permission sets and their assignments",
        What::PermissionSetName => "name of {object}",
        What::AwsManagedPolicies => "AWS managed policies of {object}",
        What::CustomerManagedPolicies => "customer managed policies of {object}",
        What::InlinePolicy => "inline policy of {object}",
        What::Boundary => "permissions boundary of {object}",
        What::AccountsOfSet => "accounts and assignments of {object}",
        What::AccountsOutdated => "accounts with an outdated version of {object}",
        What::SetsOfAccount => "permission sets and assignments in {account}",
        What::SetsOutdated => "permission sets with an outdated version in {account}",
        What::AssignmentsOfSet => "assignments of {object} in {account}",
        What::AssignmentOf => "an assignment of {object}",
        What::AssignmentsOf => "assignments of {object}",
        What::AssignmentsAgain => "cross-check of assignments, for {number} of {out of} users and groups",
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
        What::IamRoles => "IAM roles of {account} and their trust policies",
        What::IamGroupPolicies => "policies of IAM group {object} in {account}",
        What::RoleTrust => "trust policy of role {object} in {account}",
        What::IamCounts => "the number of IAM users and groups in {account}, and the state of the root user",
        What::RootKey => "whether the root user of {account} has an access key",
        What::RootCertificate => "whether the root user of {account} has a signing certificate",
        What::RootPassword => "whether the root user of {account} can sign in with a password alone",
        What::Credentials => "passwords, access keys and MFA of IAM users in {account}",
        What::CredentialsOf => "passwords, access keys and MFA of {object}{more} in {account}",
        What::CredentialsOfNewUsers => "credentials of users created after the credential report",
        What::NewCredentialReport => "a new credential report of {account} for this run",
        What::NewMfaDevices => "MFA devices in {account} that are newer than the credential report",
        What::ServiceCredentials => "service-specific credentials of IAM users in {account}",
        What::IamUsersOutOfScope => "IAM users of an account outside the scope of this run",
        What::UnlistedAccount => "IAM of an account that the organization does not list",
        What::AllowedByRole => "permissions of role {object}",
        What::AllowedByIamUser => "permissions of IAM user {object}",
        What::AllowedByPermissionSet => "permissions of permission set {object}",
        What::RoleAdministrative => "whether role {object} is administrative",
        What::IamUserAdministrative => "whether IAM user {object} is administrative",
        What::PermissionSetAdministrative => "whether permission set {object} is administrative",
        What::ChangesMeanwhile => "changes in AWS between its first and its last answer",
        What::SinceEarlierRun => {
            "what became administrative, and which lists disappeared, since the earlier run of the job"
        }
        What::NestedMemberships => "memberships through nested groups",
        What::StrangeUsers => "the identity of Identity Center users who match no person",
        What::WhoUserIs => "the identity of user {object}",
        What::WhichGroup => "the identity of group {object}",
        What::LeaversAccounts => "the accounts of former employees in the list",
        What::PeopleOfList => "the Identity Center users of the people in the list",
        What::LeaverAccount => "the account of former employee {object}",
        What::AfterExport => "directory changes after the export",
        What::RowPrincipal => "the principal that a row calls {object}",
        What::RowApplication => "the application that a row calls {object}",
        What::RowAccounts => "the accounts that a row means",
        What::RefusedRow => "what a refused row expects",
        What::People => "people",
        What::AllUsers => "all users",
        What::AllGroups => "all groups",
        What::NestedGroups => "groups in other groups",
        What::ExpectedAssignments => "expected assignments",
        What::ExpectedApplications => "expected application assignments",
        What::ExpectedEntitlements => "expected entitlements",
        What::ExpectedPermissionSets => "expected permission sets",
        What::ExpectedIamUsers => "expected IAM users",
        What::ExpectedTrusts => "expected trusts",
        What::StillThere => "employment status of people",
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

//! What was not seen, as a typed value. `wording` has the words for it; what is kept and compared are the machine
//! words here.

use serde::{Deserialize, Serialize};

use super::AccountId;

/// What was not seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Unseen {
    /// What sort of thing.
    pub what: What,
    /// What it is of, as AWS or a list calls it: a group, a permission set, a column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// The account that it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// How many, or which line; how many objects besides `object`. Zero where there is nothing to count.
    #[serde(skip_serializing_if = "is_zero")]
    pub number: usize,
    /// Of how many `number` is a part, where that is known.
    #[serde(skip_serializing_if = "is_zero")]
    pub out_of: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a field by reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// How it is written: packages of records of version 1 have a phrase of English, which stays as it is.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Phrase(String),
    Typed(Typed),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    what: What,
    object: Option<String>,
    account: Option<AccountId>,
    #[serde(default)]
    number: usize,
    #[serde(default)]
    out_of: usize,
}

impl From<Written> for Unseen {
    fn from(written: Written) -> Self {
        match written {
            Written::Phrase(phrase) => What::AsWritten.of(phrase),
            Written::Typed(Typed { what, object, account, number, out_of }) => {
                Unseen { what, object, account, number, out_of }
            }
        }
    }
}

impl From<What> for Unseen {
    fn from(what: What) -> Self {
        Unseen { what, object: None, account: None, number: 0, out_of: 0 }
    }
}

impl Unseen {
    /// The same in an account.
    #[must_use]
    pub fn in_account(self, account: AccountId) -> Self {
        Unseen { account: Some(account), ..self }
    }

    /// The same of so many, or in this line.
    #[must_use]
    pub fn number(self, number: usize) -> Self {
        Unseen { number, ..self }
    }

    /// The same as a part of so many.
    #[must_use]
    pub fn out_of(self, out_of: usize) -> Self {
        Unseen { out_of, ..self }
    }
}

impl What {
    /// This of an object.
    #[must_use]
    pub fn of(self, object: impl Into<String>) -> Unseen {
        Unseen { object: Some(object.into()), ..Unseen::from(self) }
    }

    /// This in an account.
    #[must_use]
    pub fn in_account(self, account: AccountId) -> Unseen {
        Unseen::from(self).in_account(account)
    }
}

/// One row a variant: its word in files for machines, which never changes, and what it is.
macro_rules! what {
    ($($variant:ident: $word:literal, $is:literal;)*) => {
        /// What sort of thing was not seen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum What {
            $(#[doc = $is] #[serde(rename = $word)] $variant,)*
        }

        impl What {
            /// Every one.
            pub const ALL: &[What] = &[$(What::$variant,)*];

            /// The word for it, in files for machines.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(What::$variant => $word,)*
                }
            }
        }
    };
}

what! {
    Caller: "caller", "The account whose credentials were used.";
    Accounts: "accounts", "The accounts of the organization.";
    UnitName: "unit-name", "The name of an organizational unit.";
    Instance: "instance", "The instance of Identity Center, and all that is in it.";
    ScopedInstance: "scoped-instance", "The instance of Identity Center, which the settings leave out.";
    OtherInstance: "other-instance", "What another instance of Identity Center has.";
    Users: "users", "The users of Identity Center.";
    UserOfId: "user-of-id", "A user, by its id.";
    UserNamed: "user-named", "Whether Identity Center has a user of this name.";
    UsersByIds: "users-by-ids", "Users who hold something and were not asked for by their ids.";
    UsersUnlisted: "users-unlisted", "Users who hold something, and whom the listing lacks.";
    UsersWithoutNames: "users-without-names", "Users who hold nothing, where no name was known to ask for.";
    UsersNotNamed: "users-not-named", "Users who hold nothing and were not asked for.";
    UsersExpected: "users-expected", "Expected users who hold nothing and were not asked for.";
    Groups: "groups", "The groups of Identity Center, or of the lists.";
    GroupOfId: "group-of-id", "A group, by its id.";
    GroupNamed: "group-named", "Whether Identity Center has a group of this name.";
    GroupsByIds: "groups-by-ids", "Groups that hold something and were not asked for by their ids.";
    GroupsUnlisted: "groups-unlisted", "Groups that hold something, and which the listing lacks.";
    GroupsWithoutNames: "groups-without-names", "Groups that hold nothing, where no name was known to ask for.";
    GroupsNotNamed: "groups-not-named", "Groups that hold nothing and were not asked for.";
    GroupsExpected: "groups-expected", "Expected groups that hold nothing and were not asked for.";
    Members: "members", "The members of a group.";
    GroupsOfUser: "groups-of-user", "The groups of a user.";
    MembershipsOfUsersAgain: "memberships-of-users-again", "The memberships of so many users, by a second way.";
    MembershipsOfGroupsAgain: "memberships-of-groups-again", "The memberships of so many groups, by a second way.";
    PermissionSets: "permission-sets", "The permission sets, and all their assignments.";
    PermissionSetName: "permission-set-name", "The name of a permission set.";
    AwsManagedPolicies: "aws-managed-policies", "The policies of AWS in a permission set.";
    CustomerManagedPolicies: "customer-managed-policies", "The policies of the accounts in a permission set.";
    InlinePolicy: "inline-policy", "The inline policy of a permission set.";
    Boundary: "boundary", "The permissions boundary of a permission set.";
    AccountsOfSet: "accounts-of-set", "Where a permission set is provisioned.";
    AccountsOutdated: "accounts-outdated", "Where an older version of a permission set is in force.";
    SetsOfAccount: "sets-of-account", "Which permission sets an account has.";
    SetsOutdated: "sets-outdated", "Of which permission sets an account has an older version.";
    AssignmentsOfSet: "assignments-of-set", "Who has a permission set in an account.";
    AssignmentOf: "assignment-of", "One assignment of a principal.";
    AssignmentsOf: "assignments-of", "The assignments of a principal.";
    AssignmentsAgain: "assignments-again", "The assignments of so many principals, by a second way.";
    Applications: "applications", "The applications, and who may use them.";
    AssignmentsOfApplication: "assignments-of-application", "Who is assigned to an application.";
    ApplicationOpen: "application-open", "Whether an application asks for no assignment.";
    Entitlements: "entitlements", "What account access manager gives.";
    EntitlementsIn: "entitlements-in", "What account access manager gives in an account.";
    IamDetails: "iam-details", "The IAM users and roles of an account.";
    SomeIamUsers: "some-iam-users", "IAM users that the listing lacks.";
    SomeIamUsersOrGroups: "some-iam-users-or-groups", "IAM users or groups that the listing lacks.";
    SomeIamRoles: "some-iam-roles", "IAM roles that the listing lacks.";
    SomeIamPolicies: "some-iam-policies", "IAM policies that the listing lacks.";
    IamRoles: "iam-roles", "The IAM roles of an account, and whom they trust.";
    IamGroupPolicies: "iam-group-policies", "The policies of an IAM group.";
    RoleTrust: "role-trust", "Whom a role trusts.";
    IamCounts: "iam-counts", "What the summary of an account says.";
    RootKey: "root-key", "Whether a root user has an access key.";
    RootCertificate: "root-certificate", "Whether a root user has a signing certificate.";
    RootPassword: "root-password", "Whether a root user has a password.";
    Credentials: "credentials", "The credentials of IAM users.";
    CredentialsOf: "credentials-of", "The credentials of some IAM users.";
    CredentialsOfNewUsers: "credentials-of-new-users", "The credentials of IAM users that were made after the credential report.";
    NewCredentialReport: "new-credential-report", "A credential report that is not older than the run.";
    NewMfaDevices: "new-second-factors", "MFA devices that are younger than the credential report.";
    ServiceCredentials: "service-credentials", "Credentials of IAM users for single services.";
    IamUsersOutOfScope: "iam-users-out-of-scope", "The IAM users of an account that the settings leave out.";
    UnlistedAccount: "unlisted-account", "IAM of an account that the organization does not list.";
    AllowedByRole: "allowed-by-role", "What a role allows.";
    AllowedByIamUser: "allowed-by-iam-user", "What the policies of an IAM user allow.";
    AllowedByPermissionSet: "allowed-by-permission-set", "What a permission set allows.";
    RoleAdministrative: "role-administrative", "Whether a role makes an administrator.";
    IamUserAdministrative: "iam-user-administrative", "Whether an IAM user is an administrator.";
    PermissionSetAdministrative: "permission-set-administrative", "Whether a permission set makes administrators.";
    ChangesMeanwhile: "changes-meanwhile", "What changed while AWS was asked.";
    SinceEarlierRun: "since-earlier-run", "What a comparison with the earlier run would have shown.";
    NestedMemberships: "nested-memberships", "Memberships by nested groups.";
    StrangeUsers: "strange-users", "Who the users are that no list knows.";
    WhoUserIs: "who-user-is", "Which person of the lists a user is.";
    WhichGroup: "which-group", "Which group of the lists a group is.";
    LeaversAccounts: "leavers-accounts", "Which accounts the leavers of a list have.";
    PeopleOfList: "people-of-list", "Which users of Identity Center the people of a list are.";
    LeaverAccount: "leaver-account", "Which account a leaver has.";
    AfterExport: "after-export", "What the directory did after an export.";
    RowPrincipal: "row-principal", "Whom a row means by a name.";
    RowApplication: "row-application", "Which application a row means by a name.";
    RowAccounts: "row-accounts", "Which accounts a row means.";
    RefusedRow: "refused-row", "What a row expects that was refused.";
    People: "people", "The people of the lists.";
    AllUsers: "all-users", "All users, where the lists name some.";
    AllGroups: "all-groups", "All groups, where the lists name some.";
    NestedGroups: "nested-groups", "Which groups are in others.";
    ExpectedAssignments: "expected-assignments", "The expected assignments.";
    ExpectedApplications: "expected-applications", "The expected assignments of applications.";
    ExpectedEntitlements: "expected-entitlements", "The expected entitlements.";
    ExpectedPermissionSets: "expected-permission-sets", "The expected permission sets.";
    ExpectedIamUsers: "expected-iam-users", "The expected IAM users.";
    ExpectedTrusts: "expected-trusts", "The expected trusts.";
    StillThere: "still-there", "Whether people are still employed.";
    HaveLeft: "have-left", "Whether so many people have left, by a column.";
    GroupsInColumn: "groups-in-column", "Groups in a column.";
    GroupsInCell: "groups-in-cell", "Groups in a column of one line.";
    GroupInColumn: "group-in-column", "One group in a column.";
    GroupsOfLine: "groups-of-line", "The groups of the account in one line.";
    GroupsOfEachUser: "groups-of-each-user", "The groups of each user, by a column.";
    MembersOfEachGroup: "members-of-each-group", "The members of each group, by a column.";
    GroupsOfEntry: "groups-of-entry", "The groups of an entry of a directory.";
    AsWritten: "as-written", "What a package of an earlier version of Rollcall says by a phrase, in `object`.";
}

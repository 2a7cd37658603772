//! Who must be allowed which operation, when, and what for: the one table that the printed policies are made from.
//!
//! The match over [`Operation`] is total on purpose. An operation that is added to those that are read, and not said
//! here to whom it belongs, does not compile; so what is called and what is allowed cannot part. It is not known here
//! how a policy is written.

use super::Options;
use super::journal::page::Operation;
use crate::model::IamScope;

/// What one operation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Who calls it.
    pub by: By,
    /// What it is part of, and so what the settings must ask for.
    pub part: Part,
    /// What it is called for, as a noun phrase.
    pub why: &'static str,
    /// Whether every run calls it that reads this part; otherwise what the run finds makes it necessary, or not.
    pub always: bool,
}

/// Who calls an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// AWS lets everybody; no policy has to.
    Everybody,
    /// The principal that Rollcall runs as, in the management account or a delegated administrator's.
    Rollcall,
    /// Whoever reads IAM of an account: the member role, and in its own account the principal that Rollcall runs as.
    Reader,
}

/// A part of what is collected; its operations are allowed together or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Who asks.
    Caller,
    /// The accounts of the organization.
    Organization,
    /// Users, groups and memberships of Identity Center.
    Directory,
    /// Permission sets and what they allow.
    PermissionSets,
    /// Who has which permission set where.
    Assignments,
    /// The same by principal, to check it.
    CrossCheck,
    /// Who may use which application of Identity Center.
    Applications,
    /// Who may be which IAM role by account access manager.
    AccountAccess,
    /// The role in the accounts.
    MemberRole,
    /// IAM of an account.
    Iam,
}

impl Part {
    /// Whether these settings ask for it; the walk asks by the same conditions.
    fn wanted(self, options: &Options) -> bool {
        let scope = options.scope();
        match self {
            Part::Caller => true,
            Part::Organization => scope.identity_center || options.member_role.is_some(),
            Part::Directory | Part::PermissionSets | Part::Assignments | Part::Applications | Part::AccountAccess => {
                scope.identity_center
            }
            Part::CrossCheck => !scope.cross_check.is_none(),
            Part::MemberRole => scope.iam == IamScope::Organization,
            Part::Iam => scope.iam != IamScope::Nowhere,
        }
    }

    /// The name of its statement in a policy.
    #[must_use]
    pub fn sid(self) -> &'static str {
        match self {
            Part::Caller => "Caller",
            Part::Organization => "Organization",
            Part::Directory => "Directory",
            Part::PermissionSets => "PermissionSets",
            Part::Assignments => "Assignments",
            Part::CrossCheck => "CrossCheck",
            Part::Applications => "Applications",
            Part::AccountAccess => "AccountAccess",
            Part::MemberRole => "MemberRole",
            Part::Iam => "Iam",
        }
    }
}

/// What an operation needs.
#[must_use]
pub fn need(operation: Operation) -> Need {
    let (by, part, why) = match operation {
        Operation::GetCallerIdentity => (By::Everybody, Part::Caller, "whom the credentials belong to"),
        Operation::AssumeRole => (By::Rollcall, Part::MemberRole, "the way into each account"),
        Operation::ListAccounts => (By::Rollcall, Part::Organization, "which accounts there are"),
        Operation::DescribeOrganizationalUnit => {
            (By::Rollcall, Part::Organization, "names of units, where a list uses them")
        }
        Operation::ListUsers => (By::Rollcall, Part::Directory, "users"),
        Operation::ListGroups => (By::Rollcall, Part::Directory, "groups"),
        Operation::ListGroupMemberships => (By::Rollcall, Part::Directory, "who is in which group"),
        Operation::ListGroupMembershipsForMember => (
            By::Rollcall,
            Part::Directory,
            "the same by user: where there are fewer users than groups, and to check it",
        ),
        Operation::DescribeUser => (By::Rollcall, Part::Directory, "users that AWS did not list, one by one"),
        Operation::DescribeGroup => (By::Rollcall, Part::Directory, "groups that AWS did not list, one by one"),
        Operation::GetUserId => (By::Rollcall, Part::Directory, "expected users, where AWS does not list them"),
        Operation::GetGroupId => (By::Rollcall, Part::Directory, "expected groups, where AWS does not list them"),
        Operation::ListInstances => (By::Rollcall, Part::PermissionSets, "the instance of Identity Center"),
        Operation::ListPermissionSets => (By::Rollcall, Part::PermissionSets, "permission sets"),
        Operation::DescribePermissionSet => (By::Rollcall, Part::PermissionSets, "their names and session lengths"),
        Operation::ListManagedPoliciesInPermissionSet => {
            (By::Rollcall, Part::PermissionSets, "policies of AWS that they attach")
        }
        Operation::ListCustomerManagedPolicyReferencesInPermissionSet => {
            (By::Rollcall, Part::PermissionSets, "policies of the accounts that they attach")
        }
        Operation::GetInlinePolicyForPermissionSet => {
            (By::Rollcall, Part::PermissionSets, "policies that are written into them")
        }
        Operation::GetPermissionsBoundaryForPermissionSet => (By::Rollcall, Part::PermissionSets, "what limits them"),
        Operation::ListPermissionSetsProvisionedToAccount => {
            (By::Rollcall, Part::Assignments, "which permission sets an account has")
        }
        Operation::ListAccountsForProvisionedPermissionSet => {
            (By::Rollcall, Part::Assignments, "in which accounts a permission set is")
        }
        Operation::ListAccountAssignments => (By::Rollcall, Part::Assignments, "who has it there"),
        Operation::ListAccountAssignmentsForPrincipal => {
            (By::Rollcall, Part::CrossCheck, "the same by principal, to check it")
        }
        Operation::ListApplications => (By::Rollcall, Part::Applications, "applications of Identity Center"),
        Operation::ListApplicationAssignments => (By::Rollcall, Part::Applications, "who may use them"),
        Operation::GetApplicationAssignmentConfiguration => {
            (By::Rollcall, Part::Applications, "whether one is open to everyone")
        }
        Operation::ListAccountAccessApplications => {
            (By::Rollcall, Part::AccountAccess, "whether account access manager is in use")
        }
        Operation::ListEntitlements => (By::Rollcall, Part::AccountAccess, "who may be which IAM role by it"),
        Operation::GetAccountAuthorizationDetails => {
            (By::Reader, Part::Iam, "IAM users, groups, roles, policies and trusts")
        }
        Operation::GenerateCredentialReport => (By::Reader, Part::Iam, "makes AWS write the report of the next line"),
        Operation::GetCredentialReport => (By::Reader, Part::Iam, "passwords, access keys and second factors"),
        Operation::GetAccountSummary => (By::Reader, Part::Iam, "how many users there are, and the root user"),
        Operation::ListVirtualMFADevices => (By::Reader, Part::Iam, "second factors that are younger than the report"),
        Operation::ListServiceSpecificCredentials => {
            (By::Reader, Part::Iam, "passwords and API keys for single services")
        }
    };
    Need { by, part, why, always: is_always_called(operation) }
}

/// Whether every run calls it that reads its part, unless there are fewer users than groups. Of the two ways to the
/// assignments a run goes the shorter one; it asks for users and groups one by one only where something names one that AWS did
/// not list, and about applications only where there are any.
fn is_always_called(operation: Operation) -> bool {
    !matches!(
        operation,
        Operation::ListAccountsForProvisionedPermissionSet
            | Operation::ListPermissionSetsProvisionedToAccount
            | Operation::DescribeOrganizationalUnit
            | Operation::ListGroupMembershipsForMember
            | Operation::DescribeUser
            | Operation::DescribeGroup
            | Operation::GetUserId
            | Operation::GetGroupId
            | Operation::ListApplicationAssignments
            | Operation::GetApplicationAssignmentConfiguration
            | Operation::ListEntitlements
    )
}

/// The operations that a walk with these settings calls, each with what it needs.
pub fn needed(options: &Options) -> impl Iterator<Item = (Operation, Need)> {
    let all = Operation::ALL.iter().map(|&operation| (operation, need(operation)));
    all.filter(|(_, need)| need.part.wanted(options))
}

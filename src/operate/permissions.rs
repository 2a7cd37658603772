//! What whoever changes access must be allowed: the one table that the operator's policies are made from, and which
//! operations each kind of change takes.
//!
//! The match over [`Operation`] is total on purpose, as in [`collect::permissions`](crate::collect): what is called and
//! what is allowed cannot part. How a policy is written is not known here.

use std::collections::BTreeSet;

use super::Operation;
use crate::change::ChangeKind;

/// What one operation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Actions that AWS asks for, on these resources.
    pub actions: &'static [&'static str],
    /// On what.
    pub on: On,
    /// What it is called for, as a noun phrase.
    pub why: &'static str,
    /// Further actions that AWS's reference lists for the operation. Whether AWS asks for them is not proven; they take
    /// no resource.
    pub not_proven: &'static [&'static str],
}

/// What the actions of an operation are allowed on: the types of resources that AWS's Service Authorization Reference
/// names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum On {
    /// IAM users.
    IamUsers,
    /// IAM groups.
    IamGroups,
    /// Virtual MFA devices.
    MfaDevices,
    /// The identity store, and users.
    Users,
    /// The identity store, and groups.
    Groups,
    /// The identity store, groups, users and memberships.
    Memberships,
    /// The instance, permission sets and accounts.
    Assignments,
    /// The instance.
    Instance,
    /// Applications.
    Applications,
}

impl On {
    /// Whether it is IAM of an account, where a role of the account is assumed for it.
    #[must_use]
    pub fn is_iam(self) -> bool {
        match self {
            On::IamUsers | On::IamGroups | On::MfaDevices => true,
            On::Users | On::Groups | On::Memberships | On::Assignments | On::Instance | On::Applications => false,
        }
    }

    /// The resources, from behind the partition of their ARNs on.
    #[must_use]
    pub fn resources(self) -> &'static [&'static str] {
        match self {
            On::IamUsers => &["iam::*:user/*"],
            On::IamGroups => &["iam::*:group/*"],
            On::MfaDevices => &["iam::*:mfa/*"],
            On::Users => &["identitystore::*:identitystore/*", "identitystore:::user/*"],
            On::Groups => &["identitystore::*:identitystore/*", "identitystore:::group/*"],
            On::Memberships => &[
                "identitystore::*:identitystore/*",
                "identitystore:::group/*",
                "identitystore:::membership/*",
                "identitystore:::user/*",
            ],
            On::Assignments => &["sso:::instance/*", "sso:::permissionSet/*/*", "sso:::account/*"],
            On::Instance => &["sso:::instance/*"],
            On::Applications => &["sso::*:application/*/*"],
        }
    }
}

/// What AWS's reference lists for making an assignment beside the action of its name.
const ASSIGNING: &[&str] = &[
    "sso:AssociateProfile",
    "sso:CreateApplicationInstance",
    "sso:CreateProfile",
    "sso:CreateTrust",
    "sso:GetApplicationInstance",
    "sso:GetProfile",
    "sso:GetTrust",
    "sso:UpdateProfile",
    "sso:UpdateTrust",
];

/// What an operation needs.
#[must_use]
pub fn need(operation: Operation) -> Need {
    use Operation as O;
    let (actions, on, why, not_proven): (_, _, _, &[&str]) = match operation {
        O::CreateIamUser => (
            &["iam:CreateUser", "iam:TagUser"][..],
            On::IamUsers,
            "creates IAM users, each with a tag that names the change",
            &[],
        ),
        O::AttachUserPolicy => (&["iam:AttachUserPolicy"][..], On::IamUsers, "attaches managed policies", &[]),
        O::DetachUserPolicy => (&["iam:DetachUserPolicy"][..], On::IamUsers, "detaches managed policies", &[]),
        O::DeleteUserPolicy => {
            (&["iam:DeleteUserPolicy"][..], On::IamUsers, "deletes the inline policies of a user that is deleted", &[])
        }
        O::AddUserToGroup => (&["iam:AddUserToGroup"][..], On::IamGroups, "adds IAM users to groups", &[]),
        O::RemoveUserFromGroup => {
            (&["iam:RemoveUserFromGroup"][..], On::IamGroups, "removes IAM users from groups", &[])
        }
        O::CreateLoginProfile => (&["iam:CreateLoginProfile"][..], On::IamUsers, "gives a console password", &[]),
        O::DeleteLoginProfile => (&["iam:DeleteLoginProfile"][..], On::IamUsers, "deletes the console password", &[]),
        O::UpdateAccessKey => {
            (&["iam:UpdateAccessKey"][..], On::IamUsers, "deactivates and activates access keys", &[])
        }
        O::DeleteAccessKey => (&["iam:DeleteAccessKey"][..], On::IamUsers, "deletes access keys", &[]),
        O::DeactivateMfaDevice => (&["iam:DeactivateMFADevice"][..], On::IamUsers, "deactivates MFA devices", &[]),
        O::DeleteVirtualMfaDevice => {
            (&["iam:DeleteVirtualMFADevice"][..], On::MfaDevices, "deletes virtual MFA devices", &[])
        }
        O::UpdateSshPublicKey => (&["iam:UpdateSSHPublicKey"][..], On::IamUsers, "deactivates SSH keys", &[]),
        O::DeleteSshPublicKey => (&["iam:DeleteSSHPublicKey"][..], On::IamUsers, "deletes SSH keys", &[]),
        O::UpdateSigningCertificate => {
            (&["iam:UpdateSigningCertificate"][..], On::IamUsers, "deactivates signing certificates", &[])
        }
        O::DeleteSigningCertificate => {
            (&["iam:DeleteSigningCertificate"][..], On::IamUsers, "deletes signing certificates", &[])
        }
        O::UpdateServiceSpecificCredential => (
            &["iam:UpdateServiceSpecificCredential"][..],
            On::IamUsers,
            "deactivates passwords and API keys for single services",
            &[],
        ),
        O::DeleteServiceSpecificCredential => (
            &["iam:DeleteServiceSpecificCredential"][..],
            On::IamUsers,
            "deletes passwords and API keys for single services",
            &[],
        ),
        O::DeleteIamUser => (&["iam:DeleteUser"][..], On::IamUsers, "deletes IAM users", &[]),
        O::CreateUser => {
            (&["identitystore:CreateUser"][..], On::Users, "creates users", &["sso-directory:CreateUser"][..])
        }
        O::DeleteUser => {
            (&["identitystore:DeleteUser"][..], On::Users, "deletes users", &["sso-directory:DeleteUser"][..])
        }
        O::CreateGroup => {
            (&["identitystore:CreateGroup"][..], On::Groups, "creates groups", &["sso-directory:CreateGroup"][..])
        }
        O::DeleteGroup => {
            (&["identitystore:DeleteGroup"][..], On::Groups, "deletes groups", &["sso-directory:DeleteGroup"][..])
        }
        O::CreateGroupMembership => (
            &["identitystore:CreateGroupMembership"][..],
            On::Memberships,
            "adds users to groups",
            &["sso-directory:AddMemberToGroup"][..],
        ),
        O::DeleteGroupMembership => (
            &["identitystore:DeleteGroupMembership"][..],
            On::Memberships,
            "removes users from groups",
            &["sso-directory:RemoveMemberFromGroup"][..],
        ),
        O::CreateAccountAssignment => {
            (&["sso:CreateAccountAssignment"][..], On::Assignments, "assigns permission sets", ASSIGNING)
        }
        O::DeleteAccountAssignment => {
            (&["sso:DeleteAccountAssignment"][..], On::Assignments, "deletes assignments", &["sso:DeleteProfile"][..])
        }
        O::DeleteApplicationAssignment => (
            &["sso:DeleteApplicationAssignment"][..],
            On::Applications,
            "removes the application assignments of a deleted user or group",
            &[],
        ),
        O::DescribeAccountAssignmentCreationStatus => (
            &["sso:DescribeAccountAssignmentCreationStatus"][..],
            On::Instance,
            "whether an assignment was created",
            &[],
        ),
        O::DescribeAccountAssignmentDeletionStatus => (
            &["sso:DescribeAccountAssignmentDeletionStatus"][..],
            On::Instance,
            "whether an assignment was deleted",
            &[],
        ),
        O::ListAccountAssignmentCreationStatus => (
            &["sso:ListAccountAssignmentCreationStatus"][..],
            On::Instance,
            "the same, if the answer to the request was lost",
            &[],
        ),
        O::ListAccountAssignmentDeletionStatus => (
            &["sso:ListAccountAssignmentDeletionStatus"][..],
            On::Instance,
            "the same, if the answer to the request was lost",
            &[],
        ),
    };
    Need { actions, on, why, not_proven }
}

/// The operations that a kind of change may take.
#[must_use]
pub fn operations_of(kind: ChangeKind) -> &'static [Operation] {
    use ChangeKind as K;
    use Operation as O;
    match kind {
        K::CreateIamUser => &[O::CreateIamUser, O::AttachUserPolicy, O::AddUserToGroup, O::CreateLoginProfile],
        K::DisableIamUser => &[
            O::UpdateAccessKey,
            O::UpdateServiceSpecificCredential,
            O::UpdateSshPublicKey,
            O::UpdateSigningCertificate,
            O::DeleteLoginProfile,
        ],
        K::EnableIamUser | K::DeactivateIamKey | K::ActivateIamKey => &[O::UpdateAccessKey],
        K::DeleteIamUser => &[
            O::DeleteLoginProfile,
            O::DeleteAccessKey,
            O::DeactivateMfaDevice,
            O::DeleteVirtualMfaDevice,
            O::DeleteSshPublicKey,
            O::DeleteSigningCertificate,
            O::DeleteServiceSpecificCredential,
            O::DeleteUserPolicy,
            O::DetachUserPolicy,
            O::RemoveUserFromGroup,
            O::DeleteIamUser,
        ],
        K::AttachIamPolicy => &[O::AttachUserPolicy],
        K::DetachIamPolicy => &[O::DetachUserPolicy],
        K::AddIamGroupMember => &[O::AddUserToGroup],
        K::RemoveIamGroupMember => &[O::RemoveUserFromGroup],
        K::CreateUser => &[O::CreateUser],
        K::DeleteUser => &[O::DeleteApplicationAssignment, O::DeleteUser],
        K::CreateGroup => &[O::CreateGroup],
        K::DeleteGroup => &[O::DeleteApplicationAssignment, O::DeleteGroup],
        K::AddMember => &[O::CreateGroupMembership],
        K::RemoveMember => &[O::DeleteGroupMembership],
        K::AddAssignment => &[
            O::CreateAccountAssignment,
            O::DescribeAccountAssignmentCreationStatus,
            O::ListAccountAssignmentCreationStatus,
        ],
        K::RemoveAssignment => &[
            O::DeleteAccountAssignment,
            O::DescribeAccountAssignmentDeletionStatus,
            O::ListAccountAssignmentDeletionStatus,
        ],
    }
}

/// Whether a kind of change may have to attach AWS's policy that denies everything, and nothing else.
#[must_use]
pub fn attaches_deny_all(kind: ChangeKind) -> bool {
    kind == ChangeKind::DeleteIamUser
}

/// The operations that these kinds of changes may take, each once.
pub fn operations(kinds: &[ChangeKind]) -> BTreeSet<Operation> {
    kinds.iter().flat_map(|kind| operations_of(*kind)).copied().collect()
}

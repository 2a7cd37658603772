//! The operations of AWS by which Rollcall changes access, and those that tell how a change goes on: one row each.
//!
//! Who must be allowed what for them is in [`permissions`](super::permissions).

use std::fmt;

use serde::{Deserialize, Serialize};

/// A service of AWS that changes are made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// IAM of an account.
    Iam,
    /// The users and groups of Identity Center.
    IdentityStore,
    /// The assignments of Identity Center (`sso-admin`).
    SsoAdmin,
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// It writes, and a second call can do no more than the first: it names by ids, sets what is to be, or creates what has
    /// a unique name.
    WritesAtMostOnce,
    /// It writes, and a second call could make a second thing, or hit another one that has the name by then.
    Writes,
    /// It tells how an asynchronous write goes on.
    Tells,
}

/// An operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is documented by AWS under its name")]
pub enum Operation {
    CreateIamUser,
    AttachUserPolicy,
    DetachUserPolicy,
    DeleteUserPolicy,
    AddUserToGroup,
    RemoveUserFromGroup,
    CreateLoginProfile,
    DeleteLoginProfile,
    UpdateAccessKey,
    DeleteAccessKey,
    DeactivateMfaDevice,
    DeleteVirtualMfaDevice,
    UpdateSshPublicKey,
    DeleteSshPublicKey,
    UpdateSigningCertificate,
    DeleteSigningCertificate,
    UpdateServiceSpecificCredential,
    DeleteServiceSpecificCredential,
    DeleteIamUser,
    CreateUser,
    DeleteUser,
    CreateGroup,
    DeleteGroup,
    CreateGroupMembership,
    DeleteGroupMembership,
    CreateAccountAssignment,
    DeleteAccountAssignment,
    DeleteApplicationAssignment,
    DescribeAccountAssignmentCreationStatus,
    DescribeAccountAssignmentDeletionStatus,
    ListAccountAssignmentCreationStatus,
    ListAccountAssignmentDeletionStatus,
}

type Row = (Operation, Service, &'static str, Effect);

impl Operation {
    /// Every operation, in the order of the enumeration, which a test holds.
    const TABLE: [Row; 32] = {
        use Effect::{Tells, Writes, WritesAtMostOnce};
        use Operation as O;
        use Service::{Iam, IdentityStore, SsoAdmin};
        [
            // Its name is unique in the account: a second call is refused.
            (O::CreateIamUser, Iam, "iam:CreateUser", WritesAtMostOnce),
            (O::AttachUserPolicy, Iam, "iam:AttachUserPolicy", WritesAtMostOnce),
            (O::DetachUserPolicy, Iam, "iam:DetachUserPolicy", WritesAtMostOnce),
            // By name: somebody may have written another policy of this name in the meantime.
            (O::DeleteUserPolicy, Iam, "iam:DeleteUserPolicy", Writes),
            (O::AddUserToGroup, Iam, "iam:AddUserToGroup", WritesAtMostOnce),
            (O::RemoveUserFromGroup, Iam, "iam:RemoveUserFromGroup", WritesAtMostOnce),
            (O::CreateLoginProfile, Iam, "iam:CreateLoginProfile", Writes),
            // By name: somebody may have given another password in the meantime.
            (O::DeleteLoginProfile, Iam, "iam:DeleteLoginProfile", Writes),
            (O::UpdateAccessKey, Iam, "iam:UpdateAccessKey", WritesAtMostOnce),
            (O::DeleteAccessKey, Iam, "iam:DeleteAccessKey", WritesAtMostOnce),
            // By the serial number, which of a virtual device is a name.
            (O::DeactivateMfaDevice, Iam, "iam:DeactivateMFADevice", Writes),
            (O::DeleteVirtualMfaDevice, Iam, "iam:DeleteVirtualMFADevice", Writes),
            (O::UpdateSshPublicKey, Iam, "iam:UpdateSSHPublicKey", WritesAtMostOnce),
            (O::DeleteSshPublicKey, Iam, "iam:DeleteSSHPublicKey", WritesAtMostOnce),
            (O::UpdateSigningCertificate, Iam, "iam:UpdateSigningCertificate", WritesAtMostOnce),
            (O::DeleteSigningCertificate, Iam, "iam:DeleteSigningCertificate", WritesAtMostOnce),
            (O::UpdateServiceSpecificCredential, Iam, "iam:UpdateServiceSpecificCredential", WritesAtMostOnce),
            (O::DeleteServiceSpecificCredential, Iam, "iam:DeleteServiceSpecificCredential", WritesAtMostOnce),
            // By name: another user may have it in the meantime.
            (O::DeleteIamUser, Iam, "iam:DeleteUser", Writes),
            // Names are unique in the identity store as well.
            (O::CreateUser, IdentityStore, "identitystore:CreateUser", WritesAtMostOnce),
            (O::DeleteUser, IdentityStore, "identitystore:DeleteUser", WritesAtMostOnce),
            (O::CreateGroup, IdentityStore, "identitystore:CreateGroup", WritesAtMostOnce),
            (O::DeleteGroup, IdentityStore, "identitystore:DeleteGroup", WritesAtMostOnce),
            (O::CreateGroupMembership, IdentityStore, "identitystore:CreateGroupMembership", WritesAtMostOnce),
            (O::DeleteGroupMembership, IdentityStore, "identitystore:DeleteGroupMembership", WritesAtMostOnce),
            (O::CreateAccountAssignment, SsoAdmin, "sso:CreateAccountAssignment", WritesAtMostOnce),
            (O::DeleteAccountAssignment, SsoAdmin, "sso:DeleteAccountAssignment", WritesAtMostOnce),
            (O::DeleteApplicationAssignment, SsoAdmin, "sso:DeleteApplicationAssignment", WritesAtMostOnce),
            (
                O::DescribeAccountAssignmentCreationStatus,
                SsoAdmin,
                "sso:DescribeAccountAssignmentCreationStatus",
                Tells,
            ),
            (
                O::DescribeAccountAssignmentDeletionStatus,
                SsoAdmin,
                "sso:DescribeAccountAssignmentDeletionStatus",
                Tells,
            ),
            (O::ListAccountAssignmentCreationStatus, SsoAdmin, "sso:ListAccountAssignmentCreationStatus", Tells),
            (O::ListAccountAssignmentDeletionStatus, SsoAdmin, "sso:ListAccountAssignmentDeletionStatus", Tells),
        ]
    };

    /// Every operation.
    pub fn all() -> impl Iterator<Item = Operation> {
        Operation::TABLE.iter().map(|row| row.0)
    }

    fn row(self) -> &'static Row {
        &Operation::TABLE[self as usize]
    }

    /// The service that it is called of.
    #[must_use]
    pub fn service(self) -> Service {
        self.row().1
    }

    /// Its name, as a policy names the action: `iam:DeleteUser`.
    #[must_use]
    pub fn api(self) -> &'static str {
        self.row().2
    }

    /// Whether it changes something. The others tell how an assignment that was asked for goes on.
    #[must_use]
    pub fn is_write(self) -> bool {
        self.row().3 != Effect::Tells
    }

    /// Whether it may be sent twice without harm where an answer was lost and the change does not show: not where it
    /// makes something, and not where it names by a name that something else may have by then.
    #[must_use]
    pub fn may_be_sent_twice(self) -> bool {
        self.row().3 != Effect::Writes
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.api())
    }
}

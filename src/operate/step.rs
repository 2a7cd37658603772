//! One step of a change: one write to AWS, with everything that it takes but secrets. It can be kept in a journal.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Operation;
use crate::change::{ChangeId, Digest};
use crate::model::{AccountId, GroupId, PermissionSetArn, UserId};

/// The tag by which an IAM user says which change made it.
pub const TAG: &str = "rollcall:change";

/// The change that a step belongs to, as an IAM user's tag has it: `9c1f0a2b3c4d/c1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark(String);

impl Mark {
    /// The mark of a change of a plan.
    #[must_use]
    pub fn of(plan: &Digest, change: &ChangeId) -> Self {
        Mark(format!("{}/{change}", plan.short()))
    }

    /// The tag's value.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether these are tags of something that this change made.
    #[must_use]
    pub fn is_in(&self, tags: &BTreeMap<String, String>) -> bool {
        tags.get(TAG) == Some(&self.0)
    }
}

/// One write to AWS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "service", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    /// To IAM of an account.
    Iam {
        /// The account.
        account: AccountId,
        /// The IAM user's name.
        user: String,
        /// What is done to it.
        write: IamWrite,
    },
    /// To users and groups of Identity Center.
    IdentityStore {
        /// The identity store.
        store: String,
        /// What is done.
        write: IdentityStoreWrite,
    },
    /// To assignments of Identity Center.
    SsoAdmin {
        /// The instance.
        instance: String,
        /// What is done.
        write: SsoAdminWrite,
    },
}

/// What is done to an IAM user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "does", rename_all = "kebab-case", deny_unknown_fields)]
pub enum IamWrite {
    /// It is made, with everything that AWS can set at once.
    CreateUser {
        /// Its path.
        path: String,
        /// Its tags, the one that names the change among them.
        tags: BTreeMap<String, String>,
        /// The ARN of its permissions boundary.
        boundary: Option<String>,
    },
    /// A managed policy is attached.
    AttachPolicy {
        /// Its ARN.
        policy: String,
    },
    /// A managed policy is detached.
    DetachPolicy {
        /// Its ARN.
        policy: String,
    },
    /// An inline policy is deleted.
    DeletePolicy {
        /// Its name.
        policy: String,
    },
    /// It is put into a group.
    AddToGroup {
        /// The group's name.
        group: String,
    },
    /// It is taken out of a group.
    RemoveFromGroup {
        /// The group's name.
        group: String,
    },
    /// It gets a console password, which has to be changed at the first sign-in. The password is not part of the step.
    CreateLoginProfile,
    /// Its console password is taken away.
    DeleteLoginProfile,
    /// A credential is switched on or off.
    Switch {
        /// The credential.
        credential: Credential,
        /// To what.
        to: Switch,
    },
    /// A credential is deleted.
    DeleteCredential {
        /// The credential.
        credential: Credential,
    },
    /// An MFA device is taken off it.
    DeactivateMfaDevice {
        /// The device's serial number.
        serial: String,
    },
    /// A virtual MFA device is deleted.
    DeleteMfaDevice {
        /// The device's serial number, an ARN.
        serial: String,
    },
    /// It is deleted.
    DeleteUser,
}

/// A credential of an IAM user, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "id", rename_all = "kebab-case")]
pub enum Credential {
    /// An access key.
    AccessKey(String),
    /// An SSH key.
    SshKey(String),
    /// A signing certificate.
    Certificate(String),
    /// A password or an API key for one service.
    ServiceCredential(String),
}

/// Whether a credential works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Switch {
    /// It does.
    Active,
    /// It does not.
    Inactive,
}

/// What is done in the identity store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "does", rename_all = "kebab-case", deny_unknown_fields)]
pub enum IdentityStoreWrite {
    /// A user is made.
    CreateUser {
        /// The name that it signs in with.
        name: String,
        /// The given name.
        given_name: String,
        /// The family name.
        family_name: String,
        /// The name that people see.
        display_name: String,
        /// The mail address, and what sort of address it is.
        email: Option<Email>,
    },
    /// A user is deleted.
    DeleteUser {
        /// Its id.
        user: UserId,
        /// The revision that was seen.
        revision: Option<String>,
    },
    /// A group is made.
    CreateGroup {
        /// Its display name.
        name: String,
        /// What it is for.
        description: Option<String>,
    },
    /// A group is deleted.
    DeleteGroup {
        /// Its id.
        group: GroupId,
        /// The revision that was seen.
        revision: Option<String>,
    },
    /// A user is put into a group.
    AddMember {
        /// The group.
        group: GroupId,
        /// The user.
        user: UserId,
    },
    /// A membership is deleted.
    RemoveMember {
        /// Its `MembershipId`.
        membership: String,
    },
}

/// The primary mail address of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Email {
    /// The address.
    pub address: String,
    /// What sort of address it is: `work`.
    pub sort: Option<String>,
}

/// What is done to assignments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "does", rename_all = "kebab-case", deny_unknown_fields)]
pub enum SsoAdminWrite {
    /// An assignment is asked for.
    AddAssignment(Assignment),
    /// The end of an assignment is asked for.
    RemoveAssignment(Assignment),
    /// An application is taken away.
    RemoveFromApplication {
        /// Its ARN.
        application: String,
        /// From whom.
        principal: PrincipalId,
    },
}

/// A permission set of a principal in an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The account.
    pub account: AccountId,
    /// The permission set.
    pub permission_set: PermissionSetArn,
    /// Who has it.
    pub principal: PrincipalId,
}

/// A principal of Identity Center, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "id", rename_all = "kebab-case")]
pub enum PrincipalId {
    /// A user.
    User(UserId),
    /// A group.
    Group(GroupId),
}

impl PrincipalId {
    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            PrincipalId::User(user) => user.as_str(),
            PrincipalId::Group(group) => group.as_str(),
        }
    }
}

impl Step {
    /// The operation that it calls, once.
    #[must_use]
    pub fn operation(&self) -> Operation {
        match self {
            Step::Iam { write, .. } => write.operation(),
            Step::IdentityStore { write, .. } => match write {
                IdentityStoreWrite::CreateUser { .. } => Operation::CreateUser,
                IdentityStoreWrite::DeleteUser { .. } => Operation::DeleteUser,
                IdentityStoreWrite::CreateGroup { .. } => Operation::CreateGroup,
                IdentityStoreWrite::DeleteGroup { .. } => Operation::DeleteGroup,
                IdentityStoreWrite::AddMember { .. } => Operation::CreateGroupMembership,
                IdentityStoreWrite::RemoveMember { .. } => Operation::DeleteGroupMembership,
            },
            Step::SsoAdmin { write, .. } => match write {
                SsoAdminWrite::AddAssignment(_) => Operation::CreateAccountAssignment,
                SsoAdminWrite::RemoveAssignment(_) => Operation::DeleteAccountAssignment,
                SsoAdminWrite::RemoveFromApplication { .. } => Operation::DeleteApplicationAssignment,
            },
        }
    }

    /// Whether it creates a user or a group.
    #[must_use]
    pub fn creates(&self) -> bool {
        matches!(self.operation(), Operation::CreateIamUser | Operation::CreateUser | Operation::CreateGroup)
    }

    /// Whether it takes away something that it names: where that is gone already, the step is done. The end of an
    /// assignment is not among these, because AWS says only what else is not there: the instance, the permission set, the
    /// account.
    #[must_use]
    pub fn takes_away(&self) -> bool {
        match self {
            Step::Iam { write, .. } => match write {
                IamWrite::DetachPolicy { .. }
                | IamWrite::DeletePolicy { .. }
                | IamWrite::RemoveFromGroup { .. }
                | IamWrite::DeleteLoginProfile
                | IamWrite::Switch { to: Switch::Inactive, .. }
                | IamWrite::DeleteCredential { .. }
                | IamWrite::DeactivateMfaDevice { .. }
                | IamWrite::DeleteMfaDevice { .. }
                | IamWrite::DeleteUser => true,
                IamWrite::CreateUser { .. }
                | IamWrite::AttachPolicy { .. }
                | IamWrite::AddToGroup { .. }
                | IamWrite::CreateLoginProfile
                | IamWrite::Switch { to: Switch::Active, .. } => false,
            },
            Step::IdentityStore { write, .. } => match write {
                IdentityStoreWrite::DeleteUser { .. }
                | IdentityStoreWrite::DeleteGroup { .. }
                | IdentityStoreWrite::RemoveMember { .. } => true,
                IdentityStoreWrite::CreateUser { .. }
                | IdentityStoreWrite::CreateGroup { .. }
                | IdentityStoreWrite::AddMember { .. } => false,
            },
            Step::SsoAdmin { write, .. } => match write {
                SsoAdminWrite::RemoveFromApplication { .. } => true,
                SsoAdminWrite::AddAssignment(_) | SsoAdminWrite::RemoveAssignment(_) => false,
            },
        }
    }
}

impl IamWrite {
    fn operation(&self) -> Operation {
        match self {
            IamWrite::CreateUser { .. } => Operation::CreateIamUser,
            IamWrite::AttachPolicy { .. } => Operation::AttachUserPolicy,
            IamWrite::DetachPolicy { .. } => Operation::DetachUserPolicy,
            IamWrite::DeletePolicy { .. } => Operation::DeleteUserPolicy,
            IamWrite::AddToGroup { .. } => Operation::AddUserToGroup,
            IamWrite::RemoveFromGroup { .. } => Operation::RemoveUserFromGroup,
            IamWrite::CreateLoginProfile => Operation::CreateLoginProfile,
            IamWrite::DeleteLoginProfile => Operation::DeleteLoginProfile,
            IamWrite::Switch { credential, .. } => match credential {
                Credential::AccessKey(_) => Operation::UpdateAccessKey,
                Credential::SshKey(_) => Operation::UpdateSshPublicKey,
                Credential::Certificate(_) => Operation::UpdateSigningCertificate,
                Credential::ServiceCredential(_) => Operation::UpdateServiceSpecificCredential,
            },
            IamWrite::DeleteCredential { credential } => match credential {
                Credential::AccessKey(_) => Operation::DeleteAccessKey,
                Credential::SshKey(_) => Operation::DeleteSshPublicKey,
                Credential::Certificate(_) => Operation::DeleteSigningCertificate,
                Credential::ServiceCredential(_) => Operation::DeleteServiceSpecificCredential,
            },
            IamWrite::DeactivateMfaDevice { .. } => Operation::DeactivateMfaDevice,
            IamWrite::DeleteMfaDevice { .. } => Operation::DeleteVirtualMfaDevice,
            IamWrite::DeleteUser => Operation::DeleteIamUser,
        }
    }
}

//! Operations by name, and what kind of change each is. The name decides words alone: where to look is said by what the
//! call named, so that an operation of tomorrow is looked at all the same.

/// What was done, as far as the name of the operation says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// Something was made.
    Created,
    /// Something was deleted.
    Deleted,
    /// Something was changed.
    Changed,
    /// An operation that this version does not know.
    Unknown,
}

/// Operations that make the very thing that they name.
const CREATE: [&str; 6] =
    ["CreateUser", "CreateGroup", "CreateRole", "CreatePolicy", "CreatePermissionSet", "CreateServiceLinkedRole"];
/// Operations that delete the very thing that they name.
const DELETE: [&str; 6] =
    ["DeleteUser", "DeleteGroup", "DeleteRole", "DeletePolicy", "DeletePermissionSet", "DeleteServiceLinkedRole"];
/// Operations that change it, or what belongs to it: credentials, policies, members, assignments, trusts.
const CHANGE: [&str; 76] = [
    "AddClientIDToOpenIDConnectProvider",
    "AddMemberToGroup",
    "AddRoleToInstanceProfile",
    "AddUserToGroup",
    "AttachCustomerManagedPolicyReferenceToPermissionSet",
    "AttachGroupPolicy",
    "AttachManagedPolicyToPermissionSet",
    "AttachRolePolicy",
    "AttachUserPolicy",
    "ChangePassword",
    "CreateAccessKey",
    "CreateAccountAssignment",
    "CreateGroupMembership",
    "CreateLoginProfile",
    "CreatePolicyVersion",
    "CreateServiceSpecificCredential",
    "CreateVirtualMFADevice",
    "DeactivateMFADevice",
    "DeleteAccessKey",
    "DeleteAccountAssignment",
    "DeleteGroupMembership",
    "DeleteGroupPolicy",
    "DeleteInlinePolicyFromPermissionSet",
    "DeleteLoginProfile",
    "DeletePermissionsBoundaryFromPermissionSet",
    "DeletePolicyVersion",
    "DeleteRolePermissionsBoundary",
    "DeleteRolePolicy",
    "DeleteSSHPublicKey",
    "DeleteServiceSpecificCredential",
    "DeleteSigningCertificate",
    "DeleteUserPermissionsBoundary",
    "DeleteUserPolicy",
    "DeleteVirtualMFADevice",
    "DetachCustomerManagedPolicyReferenceFromPermissionSet",
    "DetachGroupPolicy",
    "DetachManagedPolicyFromPermissionSet",
    "DetachRolePolicy",
    "DetachUserPolicy",
    "DisableUser",
    "EnableMFADevice",
    "EnableUser",
    "PatchGroup",
    "PatchUser",
    "ProvisionPermissionSet",
    "PutGroupPolicy",
    "PutInlinePolicyToPermissionSet",
    "PutPermissionsBoundaryToPermissionSet",
    "PutRolePermissionsBoundary",
    "PutRolePolicy",
    "PutUser",
    "PutUserPermissionsBoundary",
    "PutUserPolicy",
    "RemoveMemberFromGroup",
    "RemoveUserFromGroup",
    "ResetServiceSpecificCredential",
    "ResyncMFADevice",
    "SetDefaultPolicyVersion",
    "TagPolicy",
    "TagRole",
    "TagUser",
    "UntagPolicy",
    "UntagRole",
    "UntagUser",
    "UpdateAccessKey",
    "UpdateAssumeRolePolicy",
    "UpdateGroup",
    "UpdateLoginProfile",
    "UpdatePermissionSet",
    "UpdateRole",
    "UpdateRoleDescription",
    "UpdateSSHPublicKey",
    "UpdateServiceSpecificCredential",
    "UpdateSigningCertificate",
    "UpdateUser",
    "UploadSSHPublicKey",
];

/// What an operation of this name does.
pub(super) fn did(name: &str) -> Did {
    if CREATE.contains(&name) {
        Did::Created
    } else if DELETE.contains(&name) {
        Did::Deleted
    } else if CHANGE.contains(&name) {
        Did::Changed
    } else {
        Did::Unknown
    }
}

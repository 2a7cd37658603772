//! The changes that there are, each with what it is about. What it does in AWS, step by step, is not known here.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{GroupRef, IamUserRef, PermissionSetRef, PrincipalRef, UserRef};
use crate::model::AccountId;

/// One change: the action and its object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Change {
    /// Create an IAM user with the given path, tags, boundary, policies and groups.
    CreateIamUser {
        /// The account.
        #[schemars(with = "String")]
        account: AccountId,
        /// Its name, unique in the account without regard to case.
        name: String,
        /// Its path: `/`, `/services/`.
        path: String,
        /// Its tags.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        tags: BTreeMap<String, String>,
        /// The ARN of its permissions boundary.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        boundary: Option<String>,
        /// ARNs of managed policies to attach.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        policies: Vec<String>,
        /// IAM groups of the account to add it to.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        groups: Vec<String>,
        /// Whether it gets a console password, which must be changed at the first sign-in. A plan never contains the
        /// password.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        console: bool,
    },
    /// Deactivate all credentials of an IAM user, and delete its console password. Policies and groups stay.
    DisableIamUser {
        /// The user.
        user: IamUserRef,
    },
    /// Activate access keys of a disabled IAM user again. A console password does not come back.
    EnableIamUser {
        /// The user.
        user: IamUserRef,
        /// Ids of the access keys (`AKIA…`).
        keys: Vec<String>,
    },
    /// Delete an IAM user with its credentials, policies and group memberships.
    DeleteIamUser {
        /// The user.
        user: IamUserRef,
        /// Whether to delete it without disabling it first.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        at_once: bool,
    },
    /// Deactivate an access key of an IAM user.
    DeactivateIamKey {
        /// The user.
        user: IamUserRef,
        /// The key's id (`AKIA…`); left out for every active access key of the user.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
    },
    /// Activate an access key of an IAM user.
    ActivateIamKey {
        /// The user.
        user: IamUserRef,
        /// The key's id (`AKIA…`).
        key: String,
    },
    /// Attach a managed policy to an IAM user.
    AttachIamPolicy {
        /// The user.
        user: IamUserRef,
        /// The policy's ARN.
        policy: String,
    },
    /// Detach a managed policy from an IAM user.
    DetachIamPolicy {
        /// The user.
        user: IamUserRef,
        /// The policy's ARN.
        policy: String,
    },
    /// Add an IAM user to an IAM group of its account.
    AddIamGroupMember {
        /// The user.
        user: IamUserRef,
        /// The group's name.
        group: String,
    },
    /// Remove an IAM user from an IAM group of its account.
    RemoveIamGroupMember {
        /// The user.
        user: IamUserRef,
        /// The group's name.
        group: String,
    },
    /// Create a user in Identity Center. AWS gives it no password.
    CreateUser {
        /// The name that it signs in with.
        name: String,
        /// The given name.
        given_name: String,
        /// The family name.
        family_name: String,
        /// The display name.
        display_name: String,
        /// The primary email address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        email: Option<String>,
        /// What sort of address that is: `work`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        email_type: Option<String>,
    },
    /// Delete a user of Identity Center. This is final: a new user with the same name gets another id. Separate changes
    /// remove its assignments and memberships first; application assignments are removed with it.
    DeleteUser {
        /// The user.
        user: UserRef,
    },
    /// Create a group in Identity Center.
    CreateGroup {
        /// Its display name.
        name: String,
        /// What it is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
    /// Delete a group of Identity Center. This is final. Separate changes remove its assignments and memberships first;
    /// application assignments are removed with it.
    DeleteGroup {
        /// The group.
        group: GroupRef,
    },
    /// Add a user to a group of Identity Center.
    AddMember {
        /// The group.
        group: GroupRef,
        /// The user.
        user: UserRef,
    },
    /// Remove a user from a group of Identity Center.
    RemoveMember {
        /// The group.
        group: GroupRef,
        /// The user.
        user: UserRef,
    },
    /// Assign a permission set in an account to a principal.
    AddAssignment {
        /// Whom.
        principal: PrincipalRef,
        /// What.
        permission_set: PermissionSetRef,
        /// Where.
        #[schemars(with = "String")]
        account: AccountId,
    },
    /// Remove a permission set in an account from a principal. Existing sessions continue until they expire.
    RemoveAssignment {
        /// From whom.
        principal: PrincipalRef,
        /// What.
        permission_set: PermissionSetRef,
        /// Where.
        #[schemars(with = "String")]
        account: AccountId,
    },
}

//! The changes that there are, each with what it is about. What it does in AWS, step by step, is not known here.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{GroupRef, IamUserRef, PermissionSetRef, PrincipalRef, UserRef};
use crate::model::AccountId;

/// One change: what is to be done, and to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Change {
    /// Make an IAM user, with all that it is to have.
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
        /// IAM groups of the account to put it into.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        groups: Vec<String>,
        /// Whether it gets a console password, which has to be changed at the first sign-in. The password itself is in
        /// no plan.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        console: bool,
    },
    /// Deactivate all credentials of an IAM user, and take away its console password. Policies and groups stay.
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
    /// Delete an IAM user with all that hangs on it.
    DeleteIamUser {
        /// The user.
        user: IamUserRef,
        /// Whether it goes without having been disabled for the time of quarantine.
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
    /// Put an IAM user into an IAM group of its account.
    AddIamGroupMember {
        /// The user.
        user: IamUserRef,
        /// The group's name.
        group: String,
    },
    /// Take an IAM user out of an IAM group of its account.
    RemoveIamGroupMember {
        /// The user.
        user: IamUserRef,
        /// The group's name.
        group: String,
    },
    /// Make a user of Identity Center. AWS gives it no password.
    CreateUser {
        /// The name that it signs in with.
        name: String,
        /// The given name.
        given_name: String,
        /// The family name.
        family_name: String,
        /// The name that people see.
        display_name: String,
        /// The primary mail address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        email: Option<String>,
        /// What sort of address that is: `work`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        email_type: Option<String>,
    },
    /// Delete a user of Identity Center, which is final: another user of the name gets another id. Assignments and
    /// memberships are taken away by changes of their own before; applications go with it.
    DeleteUser {
        /// The user.
        user: UserRef,
    },
    /// Make a group of Identity Center.
    CreateGroup {
        /// Its display name.
        name: String,
        /// What it is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
    /// Delete a group of Identity Center, which is final. Assignments and memberships are taken away by changes of their
    /// own before; applications go with it.
    DeleteGroup {
        /// The group.
        group: GroupRef,
    },
    /// Put a user into a group of Identity Center.
    AddMember {
        /// The group.
        group: GroupRef,
        /// The user.
        user: UserRef,
    },
    /// Take a user out of a group of Identity Center.
    RemoveMember {
        /// The group.
        group: GroupRef,
        /// The user.
        user: UserRef,
    },
    /// Give a principal a permission set in an account.
    AddAssignment {
        /// Whom.
        principal: PrincipalRef,
        /// What.
        permission_set: PermissionSetRef,
        /// Where.
        #[schemars(with = "String")]
        account: AccountId,
    },
    /// Take a permission set in an account away from a principal. Sessions that were given last on.
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

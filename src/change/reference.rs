//! How a plan names what it changes: by a name for readers, and by an id that AWS gives to nothing else later.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{AccountId, GroupId, PermissionSetArn, UserId};

/// The id of a change within its plan: `c1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ChangeId(pub String);

impl ChangeId {
    /// The id of the change at this place, counted from one.
    #[must_use]
    pub fn numbered(place: usize) -> Self {
        ChangeId(format!("c{place}"))
    }

    /// Whether it is written as ids of changes are: letters, digits and `-`, at most 32 of them. It becomes a part of
    /// names in the store.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let valid = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=32).contains(&self.0.len()) && self.0.bytes().all(valid)
    }
}

impl fmt::Display for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A user of Identity Center: one that is there, or one that the plan makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserRef {
    /// The name that it signs in with.
    pub name: String,
    /// Its `UserId`; left out where the plan makes the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub id: Option<UserId>,
    /// The change of this plan that makes the user, in place of an id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<ChangeId>,
}

/// A group of Identity Center: one that is there, or one that the plan makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupRef {
    /// Its display name.
    pub name: String,
    /// Its `GroupId`; left out where the plan makes the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub id: Option<GroupId>,
    /// The change of this plan that makes the group, in place of an id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<ChangeId>,
}

/// Who an assignment is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum PrincipalRef {
    /// A group.
    Group(GroupRef),
    /// A user.
    User(UserRef),
}

impl PrincipalRef {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            PrincipalRef::Group(group) => &group.name,
            PrincipalRef::User(user) => &user.name,
        }
    }

    /// The change that makes it, where the plan does.
    #[must_use]
    pub fn made_by(&self) -> Option<&ChangeId> {
        match self {
            PrincipalRef::Group(group) => group.made_by.as_ref(),
            PrincipalRef::User(user) => user.made_by.as_ref(),
        }
    }
}

/// A permission set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PermissionSetRef {
    /// Its name.
    pub name: String,
    /// Its ARN.
    #[schemars(with = "String")]
    pub arn: PermissionSetArn,
}

/// An IAM user that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IamUserRef {
    /// Its account.
    #[schemars(with = "String")]
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Its unique id (`AIDA…`), which another user of the same name does not have.
    pub id: String,
}

//! `aws identitystore`: the users and groups of IAM Identity Center.

use serde::{Deserialize, Serialize};

use super::same_question::{names, same};
use super::{Answer, Timestamp, identifier, said};
use crate::collect::journal::page::{Call, Operation};

/// `aws identitystore list-users`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListUsers {
    pub users: Vec<User>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListUsers {
    const OPERATION: Operation = Operation::ListUsers;

    fn items(&self) -> usize {
        self.users.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        self.users.iter_mut().try_for_each(|user| same(&mut user.identity_store_id, asked, "IdentityStoreId"))
    }
}

/// A user of the identity store. Phone numbers, addresses, titles and the parts of a name are not read, so they are kept
/// nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct User {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_store_id: Option<String>,
    #[serde(deserialize_with = "identifier")]
    pub user_id: String,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Email>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external_ids: Vec<ExternalId>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub user_status: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
}

/// One of a user's addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct Email {
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    #[serde(default)]
    pub primary: bool,
}

/// The identifier that another directory has for a user or a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ExternalId {
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// `aws identitystore list-groups`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListGroups {
    pub groups: Vec<Group>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListGroups {
    const OPERATION: Operation = Operation::ListGroups;

    fn items(&self) -> usize {
        self.groups.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        self.groups.iter_mut().try_for_each(|group| same(&mut group.identity_store_id, asked, "IdentityStoreId"))
    }
}

/// A group of the identity store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct Group {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_store_id: Option<String>,
    #[serde(deserialize_with = "identifier")]
    pub group_id: String,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external_ids: Vec<ExternalId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
}

/// `aws identitystore list-group-memberships`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListGroupMemberships {
    pub group_memberships: Vec<GroupMembership>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListGroupMemberships {
    const OPERATION: Operation = Operation::ListGroupMemberships;

    fn items(&self) -> usize {
        self.group_memberships.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        self.group_memberships.iter_mut().try_for_each(|membership| {
            same(&mut membership.group_id, asked, "GroupId")?;
            same(&mut membership.identity_store_id, asked, "IdentityStoreId")
        })
    }
}

/// That a user is a member of the group that was asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct GroupMembership {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_store_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub membership_id: Option<String>,
    pub member_id: MemberId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
}

/// `aws identitystore list-group-memberships-for-member`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListGroupMembershipsForMember {
    pub group_memberships: Vec<MembershipOfMember>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListGroupMembershipsForMember {
    const OPERATION: Operation = Operation::ListGroupMembershipsForMember;

    fn items(&self) -> usize {
        self.group_memberships.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        self.group_memberships.iter_mut().try_for_each(|membership| {
            same(&mut membership.member_id.take().map(|member| member.user_id), asked, "UserId")?;
            same(&mut membership.identity_store_id, asked, "IdentityStoreId")
        })
    }
}

/// That the user who was asked about is a member of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct MembershipOfMember {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_id: Option<MemberId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_store_id: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub membership_id: Option<String>,
    #[serde(deserialize_with = "identifier")]
    pub group_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
}

/// Who the member is: so far always a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct MemberId {
    #[serde(deserialize_with = "identifier")]
    pub user_id: String,
}

/// `aws identitystore describe-user`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DescribeUser(pub User);

impl Answer for DescribeUser {
    const OPERATION: Operation = Operation::DescribeUser;

    fn items(&self) -> usize {
        1
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        names(Some(&self.0.user_id), asked, "UserId")?;
        same(&mut self.0.identity_store_id, asked, "IdentityStoreId")
    }
}

/// `aws identitystore describe-group`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DescribeGroup(pub Group);

impl Answer for DescribeGroup {
    const OPERATION: Operation = Operation::DescribeGroup;

    fn items(&self) -> usize {
        1
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        names(Some(&self.0.group_id), asked, "GroupId")?;
        same(&mut self.0.identity_store_id, asked, "IdentityStoreId")
    }
}

/// `aws identitystore get-user-id`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct GetUserId {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_store_id: Option<String>,
    #[serde(deserialize_with = "identifier")]
    pub user_id: String,
}

impl Answer for GetUserId {
    const OPERATION: Operation = Operation::GetUserId;

    fn items(&self) -> usize {
        1
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        same(&mut self.identity_store_id, asked, "IdentityStoreId")
    }
}

/// `aws identitystore get-group-id`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct GetGroupId {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_store_id: Option<String>,
    #[serde(deserialize_with = "identifier")]
    pub group_id: String,
}

impl Answer for GetGroupId {
    const OPERATION: Operation = Operation::GetGroupId;

    fn items(&self) -> usize {
        1
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        same(&mut self.identity_store_id, asked, "IdentityStoreId")
    }
}

//! `aws iam`: what one account says of its users, groups, roles and policies.

use serde::{Deserialize, Serialize};

use super::same_question::of_account;
use super::{Answer, Document, Timestamp, identifier, next_page, said};
use crate::collect::journal::page::{Call, Operation};

/// `aws iam get-account-authorization-details`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct GetAccountAuthorizationDetails {
    pub user_detail_list: Vec<UserDetail>,
    pub group_detail_list: Vec<GroupDetail>,
    /// Absent in journals of runs that did not ask for roles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_detail_list: Option<Vec<RoleDetail>>,
    pub policies: Vec<ManagedPolicy>,
    #[serde(default)]
    pub is_truncated: bool,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for GetAccountAuthorizationDetails {
    const OPERATION: Operation = Operation::GetAccountAuthorizationDetails;

    fn items(&self) -> usize {
        let roles = self.role_detail_list.as_ref().map_or(0, Vec::len);
        self.user_detail_list.len() + self.group_detail_list.len() + roles + self.policies.len()
    }

    fn next(&self) -> Option<&str> {
        next_page(self.is_truncated, self.marker.as_deref(), self.next_token.as_deref())
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        let users = self.user_detail_list.iter().map(|user| user.arn.as_deref());
        let groups = self.group_detail_list.iter().map(|group| group.arn.as_deref());
        let roles = self.role_detail_list.iter().flatten().map(|role| role.arn.as_deref());
        let policies = self.policies.iter().map(|policy| Some(policy.arn.as_str()));
        users.chain(groups).chain(roles).chain(policies).try_for_each(|arn| of_account(arn, asked))
    }
}

/// An IAM user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct UserDetail {
    #[serde(deserialize_with = "identifier")]
    pub user_name: String,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub user_policy_list: Vec<InlinePolicy>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_list: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attached_managed_policies: Vec<AttachedPolicy>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<Boundary>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
}

/// An IAM group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct GroupDetail {
    #[serde(deserialize_with = "identifier")]
    pub group_name: String,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub group_id: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_policy_list: Vec<InlinePolicy>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attached_managed_policies: Vec<AttachedPolicy>,
}

/// An IAM role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct RoleDetail {
    #[serde(deserialize_with = "identifier")]
    pub role_name: String,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub role_id: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assume_role_policy_document: Option<Document>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub role_policy_list: Vec<InlinePolicy>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attached_managed_policies: Vec<AttachedPolicy>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<Boundary>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_last_used: Option<RoleLastUsed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
}

/// When a role was last used, within the last 400 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct RoleLastUsed {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_date: Option<Timestamp>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// A policy that exists only in its user, group or role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct InlinePolicy {
    #[serde(deserialize_with = "identifier")]
    pub policy_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_document: Option<Document>,
}

/// A managed policy by name and ARN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct AttachedPolicy {
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    #[serde(deserialize_with = "identifier")]
    pub policy_arn: String,
}

/// The most that a user or a role may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct Boundary {
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub permissions_boundary_arn: Option<String>,
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct Tag {
    pub key: String,
    pub value: String,
}

/// A managed policy and its versions: the account's own, and AWS's where something has it attached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ManagedPolicy {
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
    #[serde(deserialize_with = "identifier")]
    pub arn: String,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub default_version_id: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policy_version_list: Vec<PolicyVersion>,
}

/// One version of a managed policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct PolicyVersion {
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    #[serde(default)]
    pub is_default_version: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

//! `aws account-access`: entitlements of users and groups of Identity Center to IAM roles.

use serde::{Deserialize, Serialize};

use super::same_question::names;
use super::{Answer, identifier, said};
use crate::collect::journal::page::{Call, Operation};

/// `aws account-access list-applications`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListAccountAccessApplications {
    pub applications: Vec<AccountAccessApplication>,
    #[serde(default, alias = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListAccountAccessApplications {
    const OPERATION: Operation = Operation::ListAccountAccessApplications;

    fn items(&self) -> usize {
        self.applications.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }
}

/// An application of account access manager: what holds entitlements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct AccountAccessApplication {
    #[serde(deserialize_with = "identifier")]
    pub application_arn: String,
}

/// `aws account-access list-entitlements`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListEntitlements {
    pub entitlements: Vec<EntitlementsListMember>,
    #[serde(default, alias = "NextToken", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListEntitlements {
    const OPERATION: Operation = Operation::ListEntitlements;

    fn items(&self) -> usize {
        self.entitlements.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        let entitlements = self.entitlements.iter().filter_map(|member| member.entitlement.as_ref());
        let mut roles = entitlements.filter_map(|entitlement| entitlement.principal_role.as_ref());
        roles.try_for_each(|role| names(Some(&role.account), asked, "account"))
    }
}

/// An entitlement. One of a kind that this version does not know has nothing in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct EntitlementsListMember {
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub entitlement_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entitlement: Option<Entitlement>,
}

/// What an entitlement is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct Entitlement {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_role: Option<PrincipalRoleSummary>,
}

/// That a principal may be a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct PrincipalRoleSummary {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<EntitledPrincipal>,
    #[serde(deserialize_with = "identifier")]
    pub role_arn: String,
    #[serde(deserialize_with = "identifier")]
    pub account: String,
}

/// Where a principal is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct EntitledPrincipal {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_center: Option<IdentityCenterPrincipal>,
}

/// A user or a group of Identity Center.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct IdentityCenterPrincipal {
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub group_id: Option<String>,
}

//! What was read from lists that are kept by hand: one record for each row, with its file and line.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::directory_records::At;
use crate::expect::hand_kept::account_pattern::AccountPattern;
use crate::model::{AccountId, Kind, Presence, Severity, TrustConditions};

/// A row of `assignments.csv`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The row.
    pub at: At,
    /// Whether the principal is a user or a group.
    pub principal_type: PrincipalType,
    /// Its name.
    pub principal: String,
    /// The accounts.
    pub account: AccountPattern,
    /// The permission set's name.
    pub permission_set: String,
    /// Whether it must be there.
    #[serde(default, skip_serializing_if = "is_required")]
    pub presence: Presence,
    /// The last day on which it is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<NaiveDate>,
}

fn is_required(presence: &Presence) -> bool {
    *presence == Presence::Required
}

/// A row of `applications.csv`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationRecord {
    /// The row.
    pub at: At,
    /// The application's name or ARN.
    pub application: String,
    /// What the principal is.
    pub principal_type: Holder,
    /// Its name; `*` for everyone.
    pub principal: String,
    /// Whether it must be there.
    #[serde(default, skip_serializing_if = "is_required")]
    pub presence: Presence,
    /// The last day on which it is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<NaiveDate>,
}

/// Who may use an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holder {
    /// A user.
    User,
    /// A group.
    Group,
    /// Every user of Identity Center: the application asks for no assignment.
    Everyone,
}

impl Holder {
    /// What sort of principal it is, where it is one.
    #[must_use]
    pub fn principal_type(self) -> Option<PrincipalType> {
        match self {
            Holder::User => Some(PrincipalType::User),
            Holder::Group => Some(PrincipalType::Group),
            Holder::Everyone => None,
        }
    }
}

/// A row of `entitlements.csv`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntitlementRecord {
    /// The row.
    pub at: At,
    /// Whether the principal is a user or a group.
    pub principal_type: PrincipalType,
    /// Its name.
    pub principal: String,
    /// The accounts.
    pub account: AccountPattern,
    /// The role's name.
    pub role: String,
    /// Whether it must be there.
    #[serde(default, skip_serializing_if = "is_required")]
    pub presence: Presence,
    /// The last day on which it is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<NaiveDate>,
    /// Whether the role may make its holder an administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub administrative: Option<bool>,
    /// The digest of the role's policies as they were approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// A row of `permission-sets.csv`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermissionSetRecord {
    /// The row.
    pub at: At,
    /// The permission set's name.
    pub name: String,
    /// Whether it may make its holders administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub administrative: Option<bool>,
    /// The digest of its policies as they were approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// Whether a principal of `assignments.csv` is a user or a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrincipalType {
    /// A user.
    User,
    /// A group.
    Group,
}

/// A row of `iam-users.csv`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IamUserRecord {
    /// The row.
    pub at: At,
    /// The account.
    pub account: AccountId,
    /// The user's name.
    pub user: String,
    /// Names of policies; `None` where the list has no such column.
    pub policies: Option<Vec<String>>,
    /// Whether it may be an administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub administrative: Option<bool>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The digest of its policies as they were approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Whether it is a draft that waits for a reviewer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unreviewed: bool,
}

/// A row of `trusts.csv`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustRecord {
    /// The row.
    pub at: At,
    /// The role's account.
    pub account: AccountId,
    /// The role's name.
    pub role: String,
    /// Whom it is expected to trust.
    pub trusted: String,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Under which conditions.
    #[serde(default, skip_serializing_if = "TrustConditions::is_unsaid")]
    pub conditions: TrustConditions,
    /// Whether it may make whoever assumes it an administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub administrative: Option<bool>,
    /// The digest of the role's policies as they were approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// A table of `waivers.toml`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaiverRecord {
    /// Its first line.
    pub at: At,
    /// The rule.
    pub rule: String,
    /// The principal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// The account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// Why.
    pub reason: String,
    /// Who accepted it.
    pub approved_by: String,
    /// The last day on which it holds.
    pub expires: NaiveDate,
    /// What was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<AcceptedRecord>,
}

/// What a waiver accepted, as it was on that day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptedRecord {
    /// The day.
    pub on: NaiveDate,
    /// How severe it was.
    pub severity: Severity,
    /// AWS's id of the principal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_id: Option<String>,
    /// The digest of what it allowed and held.
    pub digest: String,
}

/// A row of a hand-kept list that could not be used, and what of it could be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// The row.
    pub at: At,
    /// Why.
    pub reason: String,
    /// The kind of grant that it may have spoken about.
    pub kind: Kind,
    /// The principal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// The account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// What it may have granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
}

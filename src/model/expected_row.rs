//! Rows of hand-kept lists: what each expects.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{AccountId, RowRef, TrustConditions};

/// A row of `assignments.csv`, for one account: this principal is expected to have this permission set there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentRow {
    /// Whom.
    pub principal: PrincipalName,
    /// The name of the permission set.
    pub permission_set: String,
    /// Where.
    pub account: AccountId,
    /// Whether it must be there.
    pub presence: Presence,
    /// The last day on which it is expected (UTC); `None` for no end.
    pub expires: Option<NaiveDate>,
    /// The row.
    pub row: RowRef,
}

/// Whether what a row expects must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// It must.
    #[default]
    Required,
    /// It may come and go: just-in-time and break-glass access.
    Allowed,
}

/// A row of `applications.csv`: this principal is expected to be assigned to this application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationRow {
    /// The application's name or its ARN.
    pub application: String,
    /// Whom; every user of Identity Center where it is `None`.
    pub principal: Option<PrincipalName>,
    /// Whether it must be there.
    pub presence: Presence,
    /// The last day on which it is expected (UTC); `None` for no end.
    pub expires: Option<NaiveDate>,
    /// Whether that day is past.
    pub lapsed: bool,
    /// The row.
    pub row: RowRef,
}

/// A row of `entitlements.csv`, for one account: this principal is expected to be entitled to this role there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntitlementRow {
    /// Whom.
    pub principal: PrincipalName,
    /// Where.
    pub account: AccountId,
    /// The role's name, without its path.
    pub role: String,
    /// Whether it must be there.
    pub presence: Presence,
    /// The last day on which it is expected (UTC); `None` for no end.
    pub expires: Option<NaiveDate>,
    /// Whether that day is past.
    pub lapsed: bool,
    /// Whether the role may make its holder an administrator, where the row says so.
    pub administrative: Option<bool>,
    /// The digest of the role's policies as they were approved, in hexadecimal, where the row has one.
    pub digest: Option<String>,
    /// The row.
    pub row: RowRef,
}

/// A row of `permission-sets.csv`: this permission set is expected, and this is what it should allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionSetRow {
    /// Its name.
    pub name: String,
    /// Whether it may make its holders administrators, where the row says so.
    pub administrative: Option<bool>,
    /// The digest of its policies as they were approved, in hexadecimal, where the row has one.
    pub digest: Option<String>,
    /// The row.
    pub row: RowRef,
}

/// A row that was understood and means nothing that exists: policy that does nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdleRow {
    /// What does not exist, as a sentence.
    pub what: String,
    /// The row.
    pub row: RowRef,
}

/// A principal as an expected list names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrincipalName {
    /// A group.
    Group(String),
    /// A user.
    User(String),
}

/// A row of `iam-users.csv`: this IAM user is expected in this account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IamUserRow {
    /// Where.
    pub account: AccountId,
    /// The user's name.
    pub name: String,
    /// The policies it is expected to have, by whatever way, as [`PolicyCell`](super::PolicyCell) reads each; `None`
    /// where the list has no such column.
    pub policies: Option<Vec<String>>,
    /// Whether it may be an administrator, where the row says so.
    pub administrative: Option<bool>,
    /// The person who answers for it: a user name or a mail address of the directory.
    pub owner: Option<String>,
    /// The digest of its policies as they were approved, in hexadecimal, where the row has one.
    pub digest: Option<String>,
    /// Whether it is a draft that waits for a reviewer: then it says nothing yet of who answers for the user.
    pub unreviewed: bool,
    /// The row.
    pub row: RowRef,
}

/// A row of `trusts.csv`: this role is expected to trust this outsider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustRow {
    /// The role's account.
    pub account: AccountId,
    /// The role's name.
    pub role: String,
    /// Whom, as [`Trusted::name`](super::Trusted::name) has it.
    pub trusted: String,
    /// The person who answers for it.
    pub owner: Option<String>,
    /// Under which conditions.
    pub conditions: TrustConditions,
    /// Whether the role may make whoever assumes it an administrator, where the row says so.
    pub administrative: Option<bool>,
    /// The digest of the role's policies as they were approved, in hexadecimal, where the row has one.
    pub digest: Option<String>,
    /// The row.
    pub row: RowRef,
}

//! The format itself. Fields are only added; what a field means does not change within a version.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::model::Severity;

/// All access of one person, or of one thing that gives access, and why it is expected or not.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "Rollcall explanation")]
pub enum Explanation {
    /// Of a person.
    Person(PersonExplanation),
    /// Of a group, an IAM user, a permission set or an account.
    Thing(ThingExplanation),
}

/// A group, an IAM user, a permission set or an account: what it holds, who holds it, and why that is expected or not.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ThingExplanation {
    /// The version of this format.
    pub(super) version: u32,
    /// The point in time that it assesses.
    pub(super) as_of: DateTime<Utc>,
    /// The earlier run whose report is taken into account, as an audit does; `null` where none was found.
    pub(super) earlier_run: Option<EarlierRun>,
    /// `group`, `iam-user`, `permission-set` or `account`.
    pub(super) kind: &'static str,
    /// Its name.
    pub(super) name: String,
    /// What tells it from others of the same name: an id, or the ARN of an IAM user or a permission set.
    pub(super) id: String,
    /// The account that an IAM user is in.
    pub(super) account_id: Option<String>,
    /// That account's name.
    pub(super) account_name: Option<String>,
    /// Who answers for an IAM user, by its row or its tag.
    pub(super) owner: Option<String>,
    /// Whether an IAM user or a permission set is administrative: `yes`, `no` or `unknown`; `null` for others.
    pub(super) administrative: Option<&'static str>,
    /// By which policy, or why that is unknown.
    pub(super) administrative_by: Option<String>,
    /// The standing of the thing itself; `null` for an account.
    pub(super) itself: Option<Grant>,
    /// What belongs to it, by what it is.
    pub(super) sections: Vec<Section>,
    /// The findings that any of this is part of.
    pub(super) findings: Vec<JsonFinding>,
    /// Gaps that may hide more.
    pub(super) gaps: Vec<String>,
}

/// Access of one sort.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(super) struct Section {
    /// `members`, `grants`, `assignments`, `entitlements`, `iam-users`, `policies`, `trusts`, `root`, or `missing` for what
    /// is expected and not there.
    pub(super) name: &'static str,
    /// What there is.
    pub(super) grants: Vec<Grant>,
}

/// All access of one person, its paths, and why it is expected or not.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PersonExplanation {
    /// The version of this format.
    pub(super) version: u32,
    /// The point in time that it assesses.
    pub(super) as_of: DateTime<Utc>,
    /// The earlier run whose report is taken into account, as an audit does; `null` where none was found.
    pub(super) earlier_run: Option<EarlierRun>,
    /// The name to show.
    pub(super) name: String,
    /// The user of Identity Center; `null` where none was matched with the person.
    pub(super) identity_center: Option<InIdentityCenter>,
    /// What the lists say of the person; `null` where no list names one that was matched with the user.
    pub(super) directory: Option<InDirectory>,
    /// The groups of Identity Center that the user is in, with what each gives.
    pub(super) groups: Vec<ByGroup>,
    /// What is granted to the user directly, and to everyone.
    pub(super) direct: Vec<Grant>,
    /// Access that is expected for the person, but missing or unknown.
    pub(super) missing: Vec<Grant>,
    /// IAM users that the person owns, according to a list or a tag.
    pub(super) iam_users: Vec<IamUser>,
    /// The findings that any of this is part of.
    pub(super) findings: Vec<JsonFinding>,
    /// Gaps that may hide more access of this person.
    pub(super) gaps: Vec<String>,
}

/// An earlier run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(super) struct EarlierRun {
    pub(super) run_id: String,
    /// The point in time that it assessed.
    pub(super) as_of: DateTime<Utc>,
}

/// A user of Identity Center.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(super) struct InIdentityCenter {
    pub(super) user_name: String,
    pub(super) user_id: String,
    pub(super) mails: Vec<String>,
    /// `enabled`, `disabled` or `unknown`.
    pub(super) status: &'static str,
    /// The standing of the user itself.
    pub(super) user: Grant,
}

/// A person of the lists.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(super) struct InDirectory {
    pub(super) name: String,
    pub(super) user_principal_name: Option<String>,
    pub(super) sam_account_name: Option<String>,
    pub(super) mails: Vec<String>,
    /// The row that decides what the lists say, as file and line.
    pub(super) row: String,
    /// What the lists say of the person: `is current`, `has left`. If one of them says that the person has left, they
    /// have left.
    pub(super) employment: &'static str,
    /// What each row says of it, by file and line.
    pub(super) statements: Vec<Statement>,
    /// The key by which person and user were matched.
    pub(super) matched_by: Option<&'static str>,
}

/// What one row says about whether a person is still employed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(super) struct Statement {
    /// Where, as file and line.
    pub(super) row: String,
    /// What it says: `is current`, `has left`.
    pub(super) employment: &'static str,
}

/// What a group of Identity Center gives.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(super) struct ByGroup {
    pub(super) group: String,
    /// The groups of the directory between the person and the group, the innermost first; empty for a direct member.
    pub(super) by_directory_groups: Vec<String>,
    /// The standing of the membership.
    pub(super) membership: Grant,
    /// What is granted to the group.
    pub(super) grants: Vec<Grant>,
}

/// Something that exists or is expected, and its standing.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(super) struct Grant {
    /// What it is.
    pub(super) what: String,
    /// `expected`, `unintended`, `missing`, `unknown` (a gap forbids a conclusion), `unlisted` (no list speaks of this
    /// kind) or `not-judged`.
    pub(super) standing: &'static str,
    /// The row, the source or the gap that decides it.
    pub(super) why: Option<String>,
    /// Fingerprints of the findings that it is part of.
    pub(super) findings: Vec<String>,
}

/// An IAM user that the person owns.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(super) struct IamUser {
    pub(super) user: Grant,
    pub(super) policies: Vec<Grant>,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub(super) struct JsonFinding {
    pub(super) fingerprint: String,
    pub(super) rule: &'static str,
    pub(super) severity: Severity,
    /// `open` or `waived`.
    pub(super) state: &'static str,
    pub(super) title: String,
}

//! The format itself. Fields are only added; what a field means does not change within a version.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::model::Severity;

/// All that one person has, by which paths, and why it is or is not expected.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "Rollcall explanation")]
pub struct Explanation {
    /// The version of this format.
    pub(super) version: u32,
    /// The instant that it speaks about.
    pub(super) as_of: DateTime<Utc>,
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
    /// What is expected of the person and not there, or not known to be there.
    pub(super) missing: Vec<Grant>,
    /// IAM users that a list or a tag says the person answers for.
    pub(super) iam_users: Vec<IamUser>,
    /// The findings that any of this is part of.
    pub(super) findings: Vec<JsonFinding>,
    /// What could not be seen anywhere, and so could hide more of this person's access.
    pub(super) gaps: Vec<String>,
}

/// A user of Identity Center.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(super) struct InIdentityCenter {
    pub(super) user_name: String,
    pub(super) user_id: String,
    pub(super) mails: Vec<String>,
    /// `enabled`, `disabled` or `unknown`.
    pub(super) status: &'static str,
    /// How the user itself stands.
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
    /// What the lists say of the person: `is current`, `has left`. Whoever has left by one of them has left.
    pub(super) employment: &'static str,
    /// What each row says of it, by file and line.
    pub(super) statements: Vec<Statement>,
    /// The key by which person and user were matched.
    pub(super) matched_by: Option<&'static str>,
}

/// What one row says of whether a person is still there.
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
    /// How the membership stands.
    pub(super) membership: Grant,
    /// What is granted to the group.
    pub(super) grants: Vec<Grant>,
}

/// Something that is there or due, and how it stands.
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

/// An IAM user that the person answers for.
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

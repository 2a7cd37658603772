//! The plan file, format 1. Fields are only added; what a field means does not change within a version.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Change, ChangeId, ChangeKind, Digest, ForeseenFinding, Guard, SeenGroup, SeenIamUser, SeenUser, Thing};

/// How long after it was made a plan can be applied.
pub const SHELF_LIFE: TimeDelta = TimeDelta::hours(24);

/// A plan: changes that people review before they are made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Rollcall plan")]
pub struct Plan {
    /// The version of this format.
    pub version: u32,
    /// When, by whom and by which version of Rollcall it was made.
    pub made: Made,
    /// When it expires.
    pub expires: DateTime<Utc>,
    /// The only environment that it may be applied to.
    #[serde(rename = "where")]
    pub place: Place,
    /// What it was made of.
    pub basis: Basis,
    /// The predicted result of an audit after it.
    pub foreseen: Foreseen,
    /// The guards that blocked it when it was made. `rollcall apply` checks again.
    pub held: Vec<Guard>,
    /// What was requested but is not in it, with reasons.
    pub left_out: Vec<LeftOut>,
    /// The changes. The order of execution is derived from them.
    pub changes: Vec<Planned>,
}

/// When, by whom and by which version of Rollcall a plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// When.
    pub at: DateTime<Utc>,
    /// The ARN of whoever asked AWS; `null` where the answers do not say.
    pub by: Option<String>,
    /// The version of Rollcall.
    pub rollcall: String,
}

/// An environment: organization, instance, region or endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The part of AWS: `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: Option<String>,
    /// The organization's id.
    pub organization: Option<String>,
    /// The ARN of the instance of Identity Center.
    pub instance: Option<String>,
    /// The identity store.
    pub identity_store: Option<String>,
    /// The region of Identity Center.
    pub region: Option<String>,
    /// The endpoint that answered instead of AWS. A plan that was made with it can be applied only with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
}

/// What a plan was made from. If one of these changes, make a new plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The point in time that it assesses.
    pub as_of: DateTime<Utc>,
    /// The answers of AWS, in the canonical form of a journal.
    pub snapshot: Digest,
    /// The expected lists, by name.
    pub lists: BTreeMap<String, Digest>,
    /// The settings file.
    pub settings: Digest,
}

/// The predicted result of an audit with the same lists after all changes. The prediction ignores `expect.sync_grace`:
/// pending differences count as findings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Foreseen {
    /// Fingerprints of open findings that the plan resolves.
    pub resolves: Vec<String>,
    /// New findings that the plan causes. A finding that replaces one about the same subject, and is no worse, does not
    /// count.
    pub makes: Vec<ForeseenFinding>,
    /// How many open findings there will be.
    pub leaves: usize,
    /// How many objects of each kind the plan removes.
    pub removes: BTreeMap<Thing, Removals>,
    /// Changes that give or may give administrative access.
    pub grants_administration: Vec<ChangeId>,
}

impl Foreseen {
    /// How many changes take something away.
    #[must_use]
    pub fn removals(&self) -> usize {
        self.removes.values().map(|removals| removals.removed).sum()
    }
}

/// How many of a kind are taken away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Removals {
    /// How many.
    pub removed: usize,
    /// Of how many that were seen.
    pub of: usize,
}

/// Something that was asked for and is not planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// What: a finding's sentence, a line of a file, a change.
    pub what: String,
    /// The finding's fingerprint, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// Why not, and what to do instead.
    pub because: String,
}

/// One change of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// Its id within the plan.
    pub id: ChangeId,
    /// What is done.
    pub change: Change,
    /// Why, for a reader.
    pub why: String,
    /// Fingerprints of the findings that it resolves; empty if it was requested by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<String>,
    /// The state of its object when the plan was made. It is applied only if this state is unchanged.
    #[serde(default, skip_serializing_if = "Seen::is_empty")]
    pub seen: Seen,
    /// The kind of change that undoes it; `null` where it is final.
    pub undo: Option<ChangeKind>,
    /// Changes of this plan that must be done before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<ChangeId>,
}

/// The state of a change's object when the plan was made. Effects of earlier changes of the same plan do not count as
/// differences.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Of the user of Identity Center.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<SeenUser>,
    /// Of the group of Identity Center.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<SeenGroup>,
    /// Of the IAM user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iam_user: Option<SeenIamUser>,
    /// The `MembershipId` of a membership that is removed, where the answers name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub membership: Option<String>,
    /// ARNs of the applications whose assignments are removed with a deleted user or group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applications: Vec<String>,
}

impl Seen {
    /// Whether nothing was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Seen::default()
    }
}

//! What was seen of the objects of a plan's changes when it was made.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What manages a user or a group of Identity Center.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Identity Center itself.
    IdentityCenter,
    /// A directory or a SCIM client, which gave it an external id and will overwrite what is changed here.
    External,
    /// It is unknown what fills the identity store.
    Unclear,
}

/// What was seen of a user of Identity Center.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenUser {
    /// What keeps it.
    pub source: Source,
    /// Whether the list of users has it; otherwise it is gone, and only an assignment names it.
    pub listed: bool,
}

/// What was seen of a group of Identity Center.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenGroup {
    /// What keeps it.
    pub source: Source,
    /// Whether the list of groups has it; otherwise it is gone, and only an assignment names it.
    pub listed: bool,
    /// How many members it has.
    pub members: usize,
}

/// The state of an IAM user when the plan was made. Any change is a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenIamUser {
    /// Whether it has a console password; `null` where that was not read.
    pub password: Option<bool>,
    /// How many active access keys it has; `null` where that was not read.
    pub active_keys: Option<u8>,
    /// How many active signing certificates it has; `null` where that was not read.
    pub active_certificates: Option<u8>,
    /// How many active service-specific credentials it has; `null` if that was not read.
    pub service_credentials: Option<u16>,
    /// ARNs of the managed policies that are attached to it.
    pub attached: Vec<String>,
    /// Names of its inline policies.
    pub inline: Vec<String>,
    /// IAM groups that it is in.
    pub groups: Vec<String>,
    /// The ARN of its permissions boundary.
    pub boundary: Option<String>,
}

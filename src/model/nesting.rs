//! Whether members of nested groups count, and what the groups of Identity Center look like.

use serde::{Deserialize, Serialize};

/// Whether members of a nested group count as members of the outer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum Nesting {
    /// They do: Identity Center's own synchronization from Active Directory adds them to the outer group.
    #[default]
    Flatten,
    /// They do not: SCIM from Entra ID sends direct members only.
    Direct,
}

/// How groups look that have members by nested groups alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Looks {
    /// The setting that most of them look like.
    pub like: Nesting,
    /// How many do.
    pub groups: usize,
    /// How many look like the setting by which they are compared.
    pub like_set: usize,
    /// How many memberships depend on the setting.
    pub memberships: usize,
}

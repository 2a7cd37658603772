//! What was read of the target of a change, as a journal keeps it: what is there, by ids and names. No secret is among it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What was read of the target of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Sight {
    /// A membership.
    Membership {
        /// Its `MembershipId`; `None` where the user is not in the group.
        id: Option<String>,
    },
    /// An assignment.
    Assignment {
        /// Whether it is there.
        assigned: bool,
    },
    /// The user or group of Identity Center that has a name; `None` where there is none.
    Named {
        /// Its id.
        id: Option<String>,
    },
    /// A user of Identity Center; `None` where it is not there.
    User {
        /// What was read of it.
        user: Option<SightOfPrincipal>,
    },
    /// A group of Identity Center; `None` where it is not there.
    Group {
        /// What was read of it.
        group: Option<SightOfPrincipal>,
    },
    /// An IAM user; `None` where it is not there.
    IamUser {
        /// What was read of it.
        user: Option<SightOfIamUser>,
    },
}

/// A user or a group of Identity Center.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SightOfPrincipal {
    /// Its id.
    pub id: String,
    /// How many memberships it has.
    pub memberships: usize,
    /// How many account assignments it has.
    pub assignments: usize,
    /// How many applications it is assigned to.
    pub applications: usize,
}

/// An IAM user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SightOfIamUser {
    /// Its unique id (`AIDA…`).
    pub id: String,
    /// Whether it has a console password.
    pub password: bool,
    /// Its keys, certificates and service credentials by id, and whether each is active.
    pub credentials: BTreeMap<String, bool>,
    /// How many MFA devices it has.
    pub mfa_devices: usize,
    /// Its policies: ARNs of attached ones, names of inline ones.
    pub policies: Vec<String>,
    /// The names of its groups.
    pub groups: Vec<String>,
}

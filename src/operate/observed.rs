//! What was seen of the target of a change right before it is made. Plain data: whoever observes fills it, and the steps
//! are derived from it alone.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::step::PrincipalId;
use crate::model::{Effect, GroupId, PolicyDocument, UserId};

/// The target of a change, as it is now. `None` where it is not there, which takes a proof: what could not be read is no
/// `Observed` at all.
#[derive(Debug, Clone, PartialEq)]
pub enum Observed {
    /// An IAM user.
    IamUser(Option<ObservedIamUser>),
    /// The user or group of Identity Center that has the name of the one that a change creates.
    Named(Option<ObservedNamed>),
    /// A user of Identity Center, of a change that deletes it.
    User(Option<ObservedUser>),
    /// A group of Identity Center, of a change that deletes it.
    Group(Option<ObservedGroup>),
    /// A user and a group of Identity Center, of a change of the membership.
    Membership {
        /// The user; also one that an earlier change of the plan made.
        user: Option<UserId>,
        /// The group; also one that an earlier change of the plan made.
        group: Option<GroupId>,
        /// The `MembershipId`, where the user is in the group.
        membership: Option<String>,
    },
    /// An assignment.
    Assignment {
        /// The principal; also one that an earlier change of the plan made. One that is gone can still be assigned.
        principal: PrincipalId,
        /// Whether it has the permission set in the account.
        assigned: bool,
    },
}

/// An IAM user with all that hangs on it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ObservedIamUser {
    /// Its unique id (`AIDA…`).
    pub id: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// Whether it has a console password.
    pub password: bool,
    /// Its access keys.
    pub access_keys: Vec<ObservedCredential>,
    /// Its SSH keys.
    pub ssh_keys: Vec<ObservedCredential>,
    /// Its signing certificates.
    pub certificates: Vec<ObservedCredential>,
    /// Its passwords and API keys for single services.
    pub service_credentials: Vec<ObservedCredential>,
    /// The serial numbers of its MFA devices; that of a virtual one is an ARN.
    pub mfa_devices: Vec<String>,
    /// Virtual MFA devices of the account that no user has, by serial number: also those that were taken off this user.
    pub unassigned_devices: Vec<String>,
    /// Policies that are written into it, by name.
    pub inline: Vec<ObservedPolicies>,
    /// Managed policies that are attached to it, by ARN.
    pub attached: Vec<ObservedPolicies>,
    /// Groups that it is in, by name, with all policies that they give.
    pub groups: Vec<ObservedPolicies>,
}

/// A credential that can be switched off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedCredential {
    /// Its id: `AKIA…`, `APKA…`, `ACCA…`.
    pub id: String,
    /// Whether it is active.
    pub active: bool,
}

/// One way by which a user has policies.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedPolicies {
    /// The inline policy's name, the managed policy's ARN, or the group's name.
    pub name: String,
    /// The documents: of a policy one, of a group those of all its policies. `None` for one that could not be read.
    pub documents: Vec<Option<PolicyDocument>>,
}

impl ObservedPolicies {
    /// Whether any document has a statement of this effect; one that could not be read may have it.
    #[must_use]
    pub fn has(&self, effect: Effect) -> bool {
        self.documents.iter().any(|document| {
            document.as_ref().is_none_or(|read| read.statements.iter().any(|statement| statement.effect == effect))
        })
    }
}

/// A user of Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedUser {
    /// Its id.
    pub id: UserId,
    /// What hangs on it.
    pub holds: ObservedPrincipal,
}

/// A group of Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedGroup {
    /// Its id.
    pub id: GroupId,
    /// What hangs on it.
    pub holds: ObservedPrincipal,
}

/// What a user and a group of Identity Center have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObservedPrincipal {
    /// Its `Revision`, by which AWS refuses a deletion where something was changed in between; AWS does not always say it.
    pub revision: Option<String>,
    /// How many memberships there are: of the user, or in the group.
    pub memberships: usize,
    /// How many account assignments it has.
    pub assignments: usize,
    /// ARNs of the applications that it is assigned to.
    pub applications: Vec<String>,
}

/// A user or a group of Identity Center, found by its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObservedNamed {
    /// Its id.
    pub id: String,
    /// The ARN of whoever created it, where AWS says so.
    pub created_by: Option<String>,
    /// When it was created (UTC), where AWS says so.
    pub created: Option<DateTime<Utc>>,
}

impl ObservedNamed {
    /// Whether this operator created it at this instant or later: what exists already is then the change itself, whose
    /// answer was lost.
    #[must_use]
    pub fn was_made_by(&self, operator: &str, since: DateTime<Utc>) -> bool {
        self.created_by.as_deref() == Some(operator) && self.created.is_some_and(|created| created >= since)
    }
}

//! Kinds of access and of what gives it: what an expected list can speak for.

use serde::{Deserialize, Serialize};

/// A kind of thing that an expected list can speak for, in report order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Users of Identity Center.
    User,
    /// Groups of Identity Center.
    Group,
    /// Who is in which group.
    Membership,
    /// Who has which permission set in which account.
    Assignment,
    /// Who may use which application of Identity Center.
    Application,
    /// Who may be which IAM role by account access manager.
    Entitlement,
    /// What each permission set allows.
    PermissionSet,
    /// Users of IAM.
    IamUser,
    /// Policies of IAM users.
    Policy,
    /// Whom roles trust that is not of the organization.
    Trust,
}

impl Kind {
    /// Every kind, in report order.
    pub const ALL: [Kind; 10] = [
        Kind::User,
        Kind::Group,
        Kind::Membership,
        Kind::Assignment,
        Kind::Application,
        Kind::Entitlement,
        Kind::PermissionSet,
        Kind::IamUser,
        Kind::Policy,
        Kind::Trust,
    ];

    /// The kind in files for machines.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::User => "user",
            Kind::Group => "group",
            Kind::Membership => "membership",
            Kind::Assignment => "assignment",
            Kind::Application => "application",
            Kind::Entitlement => "entitlement",
            Kind::PermissionSet => "permission-set",
            Kind::IamUser => "iam-user",
            Kind::Policy => "policy",
            Kind::Trust => "trust",
        }
    }
}

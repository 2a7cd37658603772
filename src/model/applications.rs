//! What Identity Center gives besides permission sets: applications, and entitlements to IAM roles by account access
//! manager.

use super::{Account, Ix, Listing, Principal};

/// An application of Identity Center, and who may use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its ARN.
    pub arn: String,
    /// Its name; the ARN again where AWS gave none. Several applications may have one name.
    pub name: String,
    /// Who is assigned to it.
    pub principals: Listing<Principal>,
    /// Whether it asks for no assignment, so that every user of Identity Center may use it: then this has its one
    /// entry, whoever is assigned besides.
    pub everyone: Listing<Everyone>,
}

/// Every user of Identity Center.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Everyone;

/// One account, and who may be which of its IAM roles by account access manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitled {
    /// The account.
    pub account: Ix<Account>,
    /// Who may be which of its roles.
    pub entitlements: Listing<Entitlement>,
}

/// That a user or a group of Identity Center may be an IAM role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entitlement {
    /// The role's name, without its path.
    pub role: String,
    /// Its ARN.
    pub role_arn: String,
    /// Who.
    pub principal: Principal,
}

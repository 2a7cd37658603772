//! Lists that people maintain, one file each.

pub(crate) mod account_pattern;
pub(crate) mod append;
pub(crate) mod applications;
pub(crate) mod assignments;
pub(crate) mod entitlements;
pub(crate) mod iam_users;
pub(crate) mod list;
pub(crate) mod people;
pub(crate) mod permission_sets;
pub(crate) mod reviewer;
pub(crate) mod table;
pub(crate) mod trusts;
pub(crate) mod waivers;

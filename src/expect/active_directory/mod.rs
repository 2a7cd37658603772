//! What attributes of Active Directory mean, in whatever format they arrive.

pub(crate) mod account;
pub(crate) mod account_state;
pub(crate) mod columns;
pub(crate) mod distinguished_name;
pub(crate) mod expiry;
pub(crate) mod global_catalog;
pub(crate) mod member_of;
pub(crate) mod names_ending_in_dollar;
pub(crate) mod object_class;
pub(crate) mod ranged_columns;
pub(crate) mod value_range;

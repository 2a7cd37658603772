//! LDIF (RFC 2849), as directory tools write it.

pub(crate) mod entries;
pub(crate) mod lines;
pub(crate) mod names;
pub(crate) mod notes;
pub(crate) mod object_kind;
pub(crate) mod parse;
pub(crate) mod ranges;
pub(crate) mod search;

//! Objects of the lists by number.

/// What is looked up a million times and never listed.
#[expect(clippy::disallowed_types, reason = "only looked up: its order shows nowhere")]
pub(crate) type Index<K, V> = std::collections::HashMap<K, V>;

/// The position of an object.
pub(crate) type Node = usize;

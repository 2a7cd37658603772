//! Memberships as LDIF writes them, by distinguished names, and as they are kept: nearly all of a million names are
//! those of other entries of the same file, so they need not be copied.

use std::borrow::Cow;
use std::sync::Arc;

use super::parse::{Attribute, Value};
use crate::expect::active_directory::distinguished_name;
use crate::expect::build::nodes::Index;
use crate::expect::records::directory_records::{At, Entry, Membership, Reference};

/// Memberships of a file that is being read.
#[derive(Default)]
pub(crate) struct Names<'a> {
    all: Vec<Named<'a>>,
}

/// Who is in a group, or a group that somebody is in.
struct Named<'a> {
    at: At,
    /// The entry that says so.
    row: u32,
    says: Says,
    name: Cow<'a, str>,
}

/// Of what the entry is an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    /// Of the group.
    Member,
    /// Of somebody in the group.
    MemberOf,
}

impl<'a> Names<'a> {
    /// Takes one value of the entry on this row; `false` where it is no text.
    pub(crate) fn take(&mut self, at: At, row: u32, says: Says, attribute: Attribute<'a>) -> bool {
        let name = match attribute.value {
            Value::Text(Cow::Borrowed(name)) => Cow::Borrowed(distinguished_name::without_ids(name)),
            Value::Text(Cow::Owned(name)) => Cow::Owned(distinguished_name::without_ids(&name).to_owned()),
            Value::Bytes(bytes) => match String::from_utf8(bytes) {
                Ok(name) => Cow::Owned(distinguished_name::without_ids(&name).to_owned()),
                Err(_) => return false,
            },
            Value::Elsewhere => return false,
        };
        self.all.push(Named { at, row, says, name });
        true
    }

    /// The memberships of a file with these entries.
    pub(crate) fn memberships(self, entries: &[Entry]) -> Vec<Membership> {
        let mut rows: Index<&str, u32> = Index::new();
        for entry in entries {
            if let Some(name) = &entry.dn {
                rows.entry(name).or_insert(entry.at.line);
            }
        }
        let mut elsewhere: Index<Arc<str>, ()> = Index::new();
        let mut named = |name: Cow<'_, str>| match (rows.get(&*name), elsewhere.get_key_value(&*name)) {
            (Some(row), _) => Reference::Named(*row),
            (None, Some((name, ()))) => Reference::Dn(Arc::clone(name)),
            (None, None) => {
                let name: Arc<str> = name.into();
                elsewhere.insert(Arc::clone(&name), ());
                Reference::Dn(name)
            }
        };
        let membership = |Named { at, row, says, name }: Named<'_>| match says {
            Says::Member => Membership { at, group: Reference::Row(row), member: named(name) },
            Says::MemberOf => Membership { at, group: named(name), member: Reference::Row(row) },
        };
        self.all.into_iter().map(membership).collect()
    }
}

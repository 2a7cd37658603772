//! What AWS has, by the names that rows of expected lists may use for it.

use std::collections::BTreeMap;

use super::{Account, Extent, Snapshot};

/// The accounts and permission sets of an organization, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estate {
    /// Every account that was seen, listed by the organization or not.
    pub accounts: Vec<Account>,
    /// Whether the organization's list of accounts was read to its end.
    pub whole: bool,
    /// Names of the organization's units, by id, as far as they were asked for.
    pub units: BTreeMap<String, String>,
    /// Names of permission sets.
    pub permission_sets: Vec<String>,
}

impl Estate {
    /// What a snapshot has seen.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let named = snapshot.permission_sets.seen().filter(|set| set.unnamed.is_none());
        Estate {
            accounts: snapshot.accounts.seen().cloned().collect(),
            whole: matches!(snapshot.accounts.extent(), Extent::Whole(_)),
            units: snapshot.units.clone(),
            permission_sets: named.map(|set| set.name.clone()).collect(),
        }
    }
}

//! Entries as they were read: a listing before it is one.

use std::sync::Arc;

use crate::model::{Extent, Gap, Hides, Listing, Side, What, Why};

/// Entries as they were read, before they can point at each other, and how far they were read.
#[derive(Debug)]
pub(super) struct Read<T> {
    /// The entries.
    pub(super) seen: Vec<T>,
    /// How far they were read.
    pub(super) extent: Extent,
}

impl<T> Read<T> {
    pub(super) fn unseen(gap: &Arc<Gap>) -> Self {
        Read { seen: Vec::new(), extent: Extent::Part(Arc::clone(gap)) }
    }
}

/// The extent of what the run was not told to look at: it proves nothing, and it is no gap of the run.
pub(super) fn out_of_scope(unseen: What) -> Arc<Gap> {
    Arc::new(Gap {
        side: Side::Aws,
        source: "scope".to_owned(),
        account: None,
        unseen: unseen.into(),
        why: Why::OutOfScope,
        hides: Hides::Nothing,
    })
}

/// A listing of entries that have a unique key.
pub(super) fn listing<T, K: Ord>(seen: Vec<T>, extent: Extent, key: impl Fn(&T) -> K) -> Listing<T> {
    Listing::by_key(seen, extent, key)
}

//! The order in which changes are made: access is closed first, then what is needed is made, then access is given, and
//! what is deleted goes last. Only what a change needs comes before that.

use std::collections::BTreeSet;

use super::{ChangeId, Does, Planned};

/// The changes in the order in which they are made. Where that leaves a choice, the order of the file decides. None is
/// left out: what a change needs and is not among them does not hold it back, and changes that need each other in a
/// circle ([`read`](super::read) refuses them) come last.
#[must_use]
pub fn order(changes: &[Planned]) -> Vec<&Planned> {
    let known: BTreeSet<&ChangeId> = changes.iter().map(|planned| &planned.id).collect();
    let mut open: Vec<&Planned> = changes.iter().collect();
    // Stable: within a rank the order stays.
    open.sort_by_key(|planned| rank(planned));
    let mut done: BTreeSet<&ChangeId> = BTreeSet::new();
    let mut ordered = Vec::with_capacity(changes.len());
    let is_ready = |planned: &Planned, done: &BTreeSet<&ChangeId>| {
        planned.needs().all(|id| done.contains(id) || !known.contains(id))
    };
    while let Some(next) = open.iter().position(|planned| is_ready(planned, &done)) {
        let planned = open.remove(next);
        done.insert(&planned.id);
        ordered.push(planned);
    }
    ordered.extend(open);
    ordered
}

fn rank(planned: &Planned) -> usize {
    match planned.change.kind().does() {
        Does::Removes => 0,
        Does::Creates => 1,
        Does::Grants => 2,
        Does::Deletes => 3,
    }
}

impl Planned {
    /// The changes that must be done before: those that it is said to come after, and those that make what it is about.
    pub fn needs(&self) -> impl Iterator<Item = &ChangeId> {
        self.after.iter().chain(self.change.makers())
    }
}

//! What changes do to a snapshot: the snapshot that AWS would give when they are made.
//!
//! It has no dates for what is made, because nobody knows when a plan is applied; so nothing that is made counts as
//! younger than the grace of the synchronization.

mod clash;
mod draft;
mod iam;
mod identity_center;
mod place;
mod so;

use super::{Planned, order};
use crate::model::Snapshot;

pub use clash::{Clash, Clashes};
pub(super) use identity_center::is_seen_whole;
pub use place::{account, group, iam_user, made_id, permission_set, user};
pub use so::is_so;

use draft::{Draft, People};

/// The snapshot that there would be after all changes.
///
/// # Errors
/// [`Clash`] for the first change, in the order in which they are made, that cannot be made.
pub fn lay_over(snapshot: &Snapshot, changes: &[Planned]) -> Result<Snapshot, Clash> {
    let (after, clashes) = lay_over_possible(snapshot, changes);
    clashes.into_iter().next().map_or(Ok(after), Err)
}

/// The snapshot that there would be after all changes that can be made, and why the others cannot.
#[must_use]
pub fn lay_over_possible(snapshot: &Snapshot, changes: &[Planned]) -> (Snapshot, Vec<Clash>) {
    let mut draft = Draft { snapshot: snapshot.clone(), gone: People::default() };
    let ordered = order(changes);
    let mut clashes = draft.make_people(&ordered);
    for planned in &ordered {
        if let Err(why) = draft.make(planned) {
            clashes.push(Clash { change: planned.id.clone(), why });
        }
    }
    draft.remove_people();
    (draft.snapshot, clashes)
}

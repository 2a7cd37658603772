//! What became of the waivers of a run, for the rules about waivers.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Ix, Waiver, WaiverFault, World};

/// What became of the waivers.
pub(in crate::compare) struct WaiverOutcome {
    /// By waiver: whether it names something that was found.
    pub(in crate::compare) used: Vec<bool>,
    /// Why waivers are not valid.
    pub(in crate::compare) faults: BTreeMap<Ix<Waiver>, BTreeSet<WaiverFault>>,
}

/// Whether the waiver still holds: through its last day, in UTC.
pub(in crate::compare) fn holds(waiver: &Waiver, world: &World) -> bool {
    world.stamp.as_of.date_naive() <= waiver.expires
}

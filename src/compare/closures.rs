//! Which changes of applied plans account for findings that are gone, and which findings are back.
//!
//! A closure is of a finding as it was open when the change was done: one that came later is another occasion.

use std::collections::BTreeMap;

use crate::model::{Changes, Closure, Earlier, Finding, Fingerprint, World};

/// Fills in what is known of changes of applied plans.
pub(super) fn account_for(world: &World, earlier: &Earlier, findings: &[Finding], changes: &mut Changes) {
    let is_resolved_by = |fingerprint: &&Fingerprint| {
        let open_since = earlier.open.get(fingerprint).map(|finding| finding.first_seen);
        let closed = earlier.closed.get(fingerprint).map(|closure| closure.at);
        closed.zip(open_since).is_some_and(|(closed, open)| closed > open)
    };
    changes.by_change = changes.resolved.iter().filter(is_resolved_by).cloned().collect();
    // What was read before a change was done says nothing about it.
    let read_from = world.snapshot.window.map_or(world.stamp.as_of, |window| window.from);
    let open = findings.iter().filter(|finding| finding.waiver.is_none()).map(|finding| &finding.fingerprint);
    let is_back =
        |fingerprint: &&Fingerprint| earlier.closed.get(fingerprint).is_some_and(|closure| closure.at < read_from);
    changes.back = open.filter(is_back).cloned().collect();
    changes.back.sort();
}

/// What the next run of the job has to know. A finding that is back and was never seen gone is told once: what ends it later
/// is no matter of that change.
pub(super) fn remembered(world: &World, changes: &Changes) -> BTreeMap<Fingerprint, Closure> {
    let Some(earlier) = &world.earlier else { return BTreeMap::new() };
    let was_never_gone = |fingerprint: &Fingerprint, closure: &Closure| {
        let open = earlier.open.get(fingerprint);
        changes.back.contains(fingerprint) && open.is_some_and(|finding| finding.first_seen < closure.at)
    };
    let closed = earlier.closed.iter().filter(|(fingerprint, closure)| !was_never_gone(fingerprint, closure));
    closed.map(|(fingerprint, closure)| (fingerprint.clone(), closure.clone())).collect()
}

//! Which findings the changes of a plan put in order, as it was judged when it was applied.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;

use super::{Record, Recorded};
use crate::model::{Closure, Fingerprint};

/// The findings that an audit is to say are gone. A finding is only among them where the plan was judged to resolve it right
/// before it was applied (what its file says is for readers), every change that it needs is done, and not all of it was gone
/// already.
///
/// A finding needs the changes that were planned for it; one that no change names, as of a plan by hand, needs all.
pub(super) fn of(record: &Record) -> BTreeMap<Fingerprint, Closure> {
    // What is no fingerprint is not passed on.
    let is_fingerprint = |id: &&String| id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let resolves: BTreeSet<&String> = record.rounds.iter().flat_map(|round| &round.resolves).collect();
    let resolves = resolves.into_iter().filter(is_fingerprint);
    let closed = resolves.filter_map(|id| {
        let named: Vec<&Recorded> =
            record.changes.iter().filter(|change| change.planned.findings.contains(id)).collect();
        let needed = if named.is_empty() { record.changes.iter().collect() } else { named };
        let fingerprint = Fingerprint::deserialize(id.as_str().into_deserializer()).map_err(|_: Error| ());
        Some((fingerprint.ok()?, closure(record, &needed)?))
    });
    closed.collect()
}

fn closure(record: &Record, needed: &[&Recorded]) -> Option<Closure> {
    let is_closed = needed.iter().all(|change| change.is_done()) && needed.iter().any(|change| change.is_ours());
    let last = needed.iter().filter(|change| change.is_ours()).max_by_key(|change| change.at)?;
    let at = last.at.filter(|_| is_closed)?;
    let changes = needed.iter().map(|change| change.planned.id.to_string()).collect();
    Some(Closure { plan: record.digest.short(), changes, at, by: last.by.clone() })
}

//! What is not as a plan saw it. A plan file may have been edited, so its names are compared as well: people review names,
//! and changes are made by ids.

use std::collections::BTreeMap;

use serde_json::Value;

use super::effect::{self, Clash, Clashes};
use super::{Change, ChangeId, Planned, Seen, order};
use crate::model::Snapshot;

/// Something that is not as a plan saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The change that it is about.
    pub change: ChangeId,
    /// What is different.
    pub what: Differs,
}

/// What is different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Differs {
    /// The change cannot be made as things are.
    Clash(Clashes),
    /// What has the id is called otherwise.
    Name {
        /// As the plan calls it.
        planned: String,
        /// As it is called.
        is: String,
    },
    /// Something was seen otherwise.
    Seen {
        /// Where it is in `seen` of the plan: `iam_user.active_keys`.
        what: String,
        /// As the plan has it; `None` where it has nothing.
        planned: Option<Value>,
        /// As it is; `None` where nothing is there.
        is: Option<Value>,
    },
}

/// All differences between what a plan saw and what there is, in the order in which its changes are made. `now` has the
/// same changes with what is seen of them now, in the same order as `planned`.
#[must_use]
pub fn of(snapshot: &Snapshot, planned: &[Planned], now: &[Planned], clashes: &[Clash]) -> Vec<Difference> {
    let seen_now: BTreeMap<&ChangeId, &Seen> = now.iter().map(|planned| (&planned.id, &planned.seen)).collect();
    let mut differences = Vec::new();
    for planned in order(planned) {
        let clash = clashes.iter().find(|clash| clash.change == planned.id).map(|clash| clash.why.clone());
        let is_gone = matches!(clash, Some(Clashes::NotThere(_)));
        let mut differs: Vec<Differs> = clash.into_iter().map(Differs::Clash).collect();
        if !is_gone {
            differs.extend(names(snapshot, &planned.change));
            differs.extend(seen_now.get(&planned.id).into_iter().flat_map(|now| seen(&planned.seen, now)));
        }
        differences.extend(differs.into_iter().map(|what| Difference { change: planned.id.clone(), what }));
    }
    differences
}

/// What a plan names by an id, and calls otherwise than it is called.
fn names(snapshot: &Snapshot, change: &Change) -> Vec<Differs> {
    let user = change.user().filter(|user| user.id.is_some()).and_then(|named| {
        let place = effect::user(snapshot, named)?;
        Some((&named.name, &snapshot.users[place].user_name))
    });
    let group = change.group().filter(|group| group.id.is_some()).and_then(|named| {
        let place = effect::group(snapshot, named)?;
        Some((&named.name, &snapshot.groups[place].name))
    });
    let set = change.permission_set().and_then(|named| {
        let place = effect::permission_set(snapshot, named)?;
        Some((&named.name, &snapshot.permission_sets[place].name))
    });
    let called = [user, group, set].into_iter().flatten().filter(|(planned, is)| planned != is);
    called.map(|(planned, is)| Differs::Name { planned: planned.clone(), is: is.clone() }).collect()
}

/// What was seen otherwise. Every field of [`Seen`] counts, also one that is added later.
fn seen(planned: &Seen, now: &Seen) -> Vec<Differs> {
    let (planned, now) = (leaves(planned), leaves(now));
    let mut all: Vec<&String> = planned.keys().chain(now.keys()).collect();
    all.sort();
    all.dedup();
    let differing = all.into_iter().filter(|what| planned.get(*what) != now.get(*what));
    let differs = |what: &String| Differs::Seen {
        what: what.clone(),
        planned: planned.get(what).cloned(),
        is: now.get(what).cloned(),
    };
    differing.map(differs).collect()
}

/// What was seen, each by its place in the file: `iam_user.groups`.
fn leaves(seen: &Seen) -> BTreeMap<String, Value> {
    fn below(at: &str, value: Value, leaves: &mut BTreeMap<String, Value>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let at = if at.is_empty() { name } else { format!("{at}.{name}") };
                    below(&at, value, leaves);
                }
            }
            Value::Array(mut values) => {
                // No order of AWS's answers means anything.
                values.sort_by_cached_key(Value::to_string);
                leaves.insert(at.to_owned(), Value::Array(values));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                leaves.insert(at.to_owned(), value);
            }
        }
    }

    let mut leaves = BTreeMap::new();
    below("", serde_json::to_value(seen).unwrap_or_default(), &mut leaves);
    leaves
}

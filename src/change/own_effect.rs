//! What a plan's own changes did to what it saw: no difference, as far as they explain it. What someone else did besides
//! them still is one.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Change, Difference, Differs, Planned};

/// Whether changes of the same plan that are done explain a difference.
#[must_use]
pub fn explained(difference: &Difference, planned: &[Planned], done: &[Planned]) -> bool {
    let Differs::Seen { what, planned: before, is } = &difference.what else { return false };
    let Some(of) = planned.iter().find(|planned| planned.id == difference.change) else { return false };
    let done: Vec<&Change> = done.iter().map(|done| &done.change).collect();
    match what.as_str() {
        "group.members" => {
            let of_group = |kind: fn(&Change) -> bool| {
                let same = done.iter().filter(|done| kind(done) && done.group() == of.change.group());
                same.count() as u64
            };
            let added = of_group(|done| matches!(done, Change::AddMember { .. }));
            let removed = of_group(|done| matches!(done, Change::RemoveMember { .. }));
            let numbers = before.as_ref().and_then(Value::as_u64).zip(is.as_ref().and_then(Value::as_u64));
            numbers.is_some_and(|(before, is)| is == (before + added).saturating_sub(removed))
        }
        "iam_user.attached" | "iam_user.groups" => {
            let mut expected = names(before.as_ref());
            for done in done.iter().filter(|done| done.iam_user() == of.change.iam_user()) {
                match (what.as_str(), gives(done)) {
                    ("iam_user.attached", Some((Way::Policy, name, true)))
                    | ("iam_user.groups", Some((Way::Group, name, true))) => _ = expected.insert(name.to_owned()),
                    ("iam_user.attached", Some((Way::Policy, name, false)))
                    | ("iam_user.groups", Some((Way::Group, name, false))) => _ = expected.remove(name),
                    (_, Some(_) | None) => {}
                }
            }
            expected == names(is.as_ref())
        }
        _ => false,
    }
}

/// A way by which an IAM user has policies.
enum Way {
    Policy,
    Group,
}

/// Which way a change gives to an IAM user, or takes away.
fn gives(change: &Change) -> Option<(Way, &str, bool)> {
    if let Change::AttachIamPolicy { policy, .. } = change {
        Some((Way::Policy, policy, true))
    } else if let Change::DetachIamPolicy { policy, .. } = change {
        Some((Way::Policy, policy, false))
    } else if let Change::AddIamGroupMember { group, .. } = change {
        Some((Way::Group, group, true))
    } else if let Change::RemoveIamGroupMember { group, .. } = change {
        Some((Way::Group, group, false))
    } else {
        None
    }
}

fn names(list: Option<&Value>) -> BTreeSet<String> {
    let names = list.and_then(Value::as_array).into_iter().flatten();
    names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

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
        "iam_user.password"
        | "iam_user.active_keys"
        | "iam_user.active_certificates"
        | "iam_user.service_credentials" => {
            let of_user = || done.iter().filter(|done| done.iam_user() == of.change.iam_user());
            let closes = of_user().any(|done| closes(done, what));
            let opens = of_user().any(|done| opens(done, what));
            let (before, is) = (number(before.as_ref()), number(is.as_ref()));
            before.zip(is).is_some_and(|(before, is)| (closes && is < before) || (opens && is > before))
        }
        _ => false,
    }
}

/// Whether a change closes credentials of this kind.
fn closes(change: &Change, what: &str) -> bool {
    let is_keys = what == "iam_user.active_keys";
    matches!(change, Change::DisableIamUser { .. }) || (is_keys && matches!(change, Change::DeactivateIamKey { .. }))
}

/// Whether a change opens credentials of this kind.
fn opens(change: &Change, what: &str) -> bool {
    let opens_keys = matches!(change, Change::ActivateIamKey { .. } | Change::EnableIamUser { .. });
    what == "iam_user.active_keys" && opens_keys
}

/// How many, or whether any.
fn number(value: Option<&Value>) -> Option<u64> {
    let value = value?;
    value.as_u64().or_else(|| value.as_bool().map(u64::from))
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

//! The instance of Identity Center: which one, whose, and what that means for what was read.

use crate::model::{Extent, Instance, InstanceKind, Known, Report, Why};

use super::visible;

/// Which instance it is, and whose.
pub(super) fn instance_line(instance: &Instance) -> String {
    let owner = instance.owner.map(|owner| format!(", owned by {owner}")).unwrap_or_default();
    let (arn, store) = (visible(&instance.arn), visible(&instance.identity_store));
    format!("{arn} ({store}), {}{owner}", instance_kind(instance.kind))
}

/// Whose access an instance manages.
#[must_use]
pub fn instance_kind(kind: Option<InstanceKind>) -> &'static str {
    match kind {
        Some(InstanceKind::Organization) => "organization instance",
        Some(InstanceKind::Account) => "account instance",
        None => "of unknown kind",
    }
}

/// What a reader has to know of an instance that is not an organization's, or not active.
#[must_use]
pub fn instance_notices(report: &Report<'_>) -> Vec<String> {
    let snapshot = &report.world.snapshot;
    let Known::Is(instance) = &snapshot.instance else { return Vec::new() };
    let mut notices = Vec::new();
    let sets = !matches!(snapshot.permission_sets.extent(), Extent::Part(gap) if gap.why == Why::Unsupported);
    let grants = "grants access to applications only; account access from another instance was not read";
    notices.extend(match (instance.kind, sets) {
        (Some(InstanceKind::Organization), true) => None,
        (Some(InstanceKind::Account), true) => {
            Some("The instance of Identity Center is an account instance, not the organization's".to_owned())
        }
        (None, true) => Some("It is unknown whether the instance of Identity Center is the organization's".to_owned()),
        (Some(InstanceKind::Account), false) => {
            Some(format!("An account instance of Identity Center: it has no permission sets, and {grants}"))
        }
        (Some(InstanceKind::Organization) | None, false) => {
            Some(format!("The instance of Identity Center has no permission sets: it {grants}"))
        }
    });
    if let Some(status) = instance.status.as_deref().filter(|status| *status != "ACTIVE") {
        notices.push(format!(
            "AWS reports the instance of Identity Center as `{}`, not active: its grants may be about to change",
            visible(status)
        ));
    }
    notices
}

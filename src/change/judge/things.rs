//! What a change must not be about: a kind that is not allowed, what is protected, one's own access, what a directory
//! keeps, the management account from outside of it.

use super::Case;
use crate::change::{Change, Guard, Source, effect, protect, source};
use crate::model::Caller;

pub(super) fn not_allowed(case: &Case<'_>) -> Vec<Guard> {
    let kinds = case.of_kind().into_iter().filter(|(kind, _)| !case.options.allow.contains(kind));
    let held = kinds.map(|(kind, changes)| Guard::KindNotAllowed {
        kind,
        changes: changes.into_iter().map(|planned| planned.id.clone()).collect(),
    });
    held.collect()
}

pub(super) fn protected(case: &Case<'_>) -> Vec<Guard> {
    case.each(|planned, change| {
        let (pattern, name) = protect::protects(&case.options.protect, change)?;
        let pattern = pattern.map(ToString::to_string);
        Some(Guard::Protected { change: planned.id.clone(), pattern, name })
    })
}

/// That it is not known who asked AWS: then neither one's own access nor the management account is guarded.
pub(super) fn caller_unknown(case: &Case<'_>) -> Option<Guard> {
    let is_unknown = case.before.world.snapshot.caller.is_none() || case.own.is_unclear();
    (is_unknown && !case.changes.is_empty()).then_some(Guard::CallerUnknown)
}

pub(super) fn own_access(case: &Case<'_>) -> Vec<Guard> {
    case.each(|planned, change| {
        let whose = case.own.concerned(change, &case.before.world.snapshot)?.to_owned();
        Some(Guard::OwnAccess { change: planned.id.clone(), whose })
    })
}

/// Users, groups and memberships that a directory or a SCIM client keeps, or may keep: it would overwrite the change, or
/// never see it. Assignments are AWS's own.
pub(super) fn owned_elsewhere(case: &Case<'_>) -> Vec<Guard> {
    let snapshot = &case.before.world.snapshot;
    let of_user = |change: &Change| {
        let user = effect::user(snapshot, change.user()?)?;
        Some((snapshot.users[user].user_name.clone(), source::of_user(case.before, user)))
    };
    let of_group = |change: &Change| {
        let group = effect::group(snapshot, change.group()?)?;
        Some((snapshot.groups[group].name.clone(), source::of_group(case.before, group)))
    };
    case.each(|planned, change| {
        let sources = match change {
            Change::CreateUser { name, .. } | Change::CreateGroup { name, .. } => {
                vec![(name.clone(), source::of_store(case.before))]
            }
            Change::DeleteUser { .. } => of_user(change).into_iter().collect(),
            Change::DeleteGroup { .. } => of_group(change).into_iter().collect(),
            // A group that is made here is nobody else's, and takes any user.
            Change::AddMember { .. } | Change::RemoveMember { .. } => of_group(change).into_iter().collect(),
            Change::CreateIamUser { .. }
            | Change::DisableIamUser { .. }
            | Change::EnableIamUser { .. }
            | Change::DeleteIamUser { .. }
            | Change::DeactivateIamKey { .. }
            | Change::ActivateIamKey { .. }
            | Change::AttachIamPolicy { .. }
            | Change::DetachIamPolicy { .. }
            | Change::AddIamGroupMember { .. }
            | Change::RemoveIamGroupMember { .. }
            | Change::AddAssignment { .. }
            | Change::RemoveAssignment { .. } => Vec::new(),
        };
        let (name, source) = sources.into_iter().find(|(_, source)| *source != Source::IdentityCenter)?;
        Some(Guard::OwnedElsewhere { change: planned.id.clone(), name, source })
    })
}

/// Assignments in the management account, asked for with credentials of a delegated administrator: AWS refuses them.
pub(super) fn management_account(case: &Case<'_>) -> Vec<Guard> {
    let snapshot = &case.before.world.snapshot;
    let management = snapshot.organization.as_ref().map(|organization| organization.management);
    let asking = snapshot.caller.as_ref().map(|caller: &Caller| caller.account);
    let Some(caller) = case.own.changes_in().or(asking) else { return Vec::new() };
    case.each(|planned, change| {
        let is_assignment = matches!(change, Change::AddAssignment { .. } | Change::RemoveAssignment { .. });
        let refused = is_assignment && change.account() == management && Some(caller) != management;
        refused.then(|| Guard::ManagementAccount { change: planned.id.clone(), caller })
    })
}

//! What gives administrative access, or takes away what denies.

use super::Case;
use crate::change::effect::{self, is_seen_whole};
use crate::change::{Change, ChangeId, Guard};
use crate::compare::administrative::{self, Place};
use crate::model::{Administrative, Effect, IamPolicy, IamUser, PolicyDocument, PolicyWay, Principal, Snapshot};

/// Changes whose target is an administrator by what they give, or may be one: what cannot be ruled out counts.
pub(super) fn administration(case: &Case<'_>) -> Vec<Guard> {
    case.each(|planned, change| {
        let how = match given(&case.after.world.snapshot, &planned.id, change) {
            Administrative::No => return None,
            Administrative::Yes(how) => how,
            Administrative::Unknown(why) => format!("it cannot be ruled out: {why}"),
        };
        Some(Guard::GrantsAdministration { change: planned.id.clone(), how })
    })
}

/// The change that a guard of [`administration`] is about.
pub(super) fn change(guard: &Guard) -> Option<ChangeId> {
    if let Guard::GrantsAdministration { change, .. } = guard { Some(change.clone()) } else { None }
}

fn given(after: &Snapshot, id: &ChangeId, change: &Change) -> Administrative {
    match change {
        Change::AddAssignment { permission_set, .. } => match effect::permission_set(after, permission_set) {
            Some(set) => administrative::permission_set(&after.permission_sets[set], after),
            None => Administrative::No,
        },
        Change::AddMember { group, .. } => match effect::group(after, group) {
            Some(group) => held_by(after, Principal::Group(group)),
            None => Administrative::No,
        },
        Change::CreateIamUser { .. } => {
            let made = effect::made_id(id);
            iam_user(after, |user| user.id.as_ref() == Some(&made))
        }
        Change::EnableIamUser { user, .. }
        | Change::ActivateIamKey { user, .. }
        | Change::AttachIamPolicy { user, .. }
        | Change::AddIamGroupMember { user, .. } => iam_user(after, |own| own.id.as_ref() == Some(&user.id)),
        Change::DisableIamUser { .. }
        | Change::DeleteIamUser { .. }
        | Change::DeactivateIamKey { .. }
        | Change::DetachIamPolicy { .. }
        | Change::RemoveIamGroupMember { .. }
        | Change::CreateUser { .. }
        | Change::DeleteUser { .. }
        | Change::CreateGroup { .. }
        | Change::DeleteGroup { .. }
        | Change::RemoveMember { .. }
        | Change::RemoveAssignment { .. } => Administrative::No,
    }
}

/// What a principal has by assignments and entitlements together.
fn held_by(snapshot: &Snapshot, principal: Principal) -> Administrative {
    let assigned = snapshot.permission_sets.seen().filter(|set| {
        set.placements.seen().any(|placement| placement.principals.seen().any(|held| *held == principal))
    });
    let by_sets = assigned.map(|set| administrative::permission_set(set, snapshot));
    let entitled = snapshot.entitled.seen().flat_map(|entitled| {
        let held = entitled.entitlements.seen().filter(move |held| held.principal == principal);
        held.map(|held| administrative::entitlement(snapshot, entitled.account, held))
    });
    let held = by_sets.chain(entitled).fold(Administrative::No, Administrative::or);
    if is_seen_whole(snapshot, principal) {
        return held;
    }
    held.or(Administrative::Unknown("some access of the group could not be read".to_owned()))
}

fn iam_user(snapshot: &Snapshot, is: impl Fn(&IamUser) -> bool) -> Administrative {
    let found = snapshot.iam.iter().find_map(|iam| iam.users.seen().find(|user| is(user)).map(|user| (iam, user)));
    match found {
        Some((iam, user)) => administrative::user(user, Place::of(snapshot, iam.account)),
        None => Administrative::No,
    }
}

/// Changes that take away a policy that denies something. What was not read may deny.
pub(super) fn removed_denials(case: &Case<'_>) -> Vec<Guard> {
    let snapshot = &case.before.world.snapshot;
    case.each(|planned, change| {
        let (account, user) = effect::iam_user(snapshot, change.iam_user()?)?;
        let is_taken = |policy: &&IamPolicy| match change {
            Change::DetachIamPolicy { policy: arn, .. } => {
                policy.way == PolicyWay::Attached && policy.arn.as_ref() == Some(arn)
            }
            Change::RemoveIamGroupMember { group, .. } => policy.way == PolicyWay::Group(group.clone()),
            Change::CreateIamUser { .. }
            | Change::DisableIamUser { .. }
            | Change::EnableIamUser { .. }
            | Change::DeleteIamUser { .. }
            | Change::DeactivateIamKey { .. }
            | Change::ActivateIamKey { .. }
            | Change::AttachIamPolicy { .. }
            | Change::AddIamGroupMember { .. }
            | Change::CreateUser { .. }
            | Change::DeleteUser { .. }
            | Change::CreateGroup { .. }
            | Change::DeleteGroup { .. }
            | Change::AddMember { .. }
            | Change::RemoveMember { .. }
            | Change::AddAssignment { .. }
            | Change::RemoveAssignment { .. } => false,
        };
        let policies = &snapshot.iam[account.number()].users[user].policies;
        let taken = policies.iter().filter(is_taken);
        let may_deny = taken.filter_map(|policy| denies(policy).map(|denies| (denies, &policy.name)));
        let (denies, policy) = may_deny.max()?;
        Some(Guard::RemovesDeny { change: planned.id.clone(), policy: policy.clone(), denies })
    })
}

/// Whether a policy is seen to deny something; `None` where it is seen not to.
fn denies(policy: &IamPolicy) -> Option<bool> {
    match policy.document.as_deref().and_then(|text| PolicyDocument::parse(text).ok()) {
        Some(document) => document.statements.iter().any(|one| one.effect == Effect::Deny).then_some(true),
        None => Some(false),
    }
}

//! The present state of what a change is about, read by the observer.

use crate::aws::failure::{Failure, Kind};
use crate::change::{Change, ChangeKind, GroupRef, Place, PrincipalRef, UserRef};
use crate::collect::focus::{Focus, IamUserNow};
use crate::model::{Caller, GroupId, UserId};
use crate::operate::{Observed, ObservedCredential, ObservedIamUser, ObservedPolicies, PrincipalId};

/// The kinds of changes that can be made so far.
pub const OFFERED: [ChangeKind; 14] = [
    ChangeKind::AddMember,
    ChangeKind::RemoveMember,
    ChangeKind::AddAssignment,
    ChangeKind::RemoveAssignment,
    ChangeKind::AttachIamPolicy,
    ChangeKind::DetachIamPolicy,
    ChangeKind::AddIamGroupMember,
    ChangeKind::RemoveIamGroupMember,
    ChangeKind::ActivateIamKey,
    ChangeKind::DeactivateIamKey,
    ChangeKind::EnableIamUser,
    ChangeKind::DisableIamUser,
    ChangeKind::DeleteIamUser,
    ChangeKind::CreateIamUser,
];

/// The sign-in that looks, and where.
#[derive(Clone, Copy)]
pub(super) struct Observer<'a> {
    pub(super) focus: &'a Focus,
    /// Who it is.
    pub(super) caller: &'a Caller,
    pub(super) place: &'a Place,
}

/// Looks at what a change is about.
///
/// # Errors
/// Where that could not be read, or the plan does not name it by an id.
pub(super) async fn observe(by: &Observer<'_>, change: &Change) -> Result<Observed, Failure> {
    let Observer { focus, caller, place } = *by;
    if let Change::AddMember { group, user } | Change::RemoveMember { group, user } = change {
        let (group, user) = (group_id(group)?, user_id(user)?);
        let store = place.identity_store.as_deref().ok_or_else(|| unclear("the identity store"))?;
        let membership = focus.membership(store, group, user).await?;
        Ok(Observed::Membership { user: Some(user.clone()), group: Some(group.clone()), membership })
    } else if let Change::AddAssignment { principal, permission_set, account }
    | Change::RemoveAssignment { principal, permission_set, account } = change
    {
        let principal = match principal {
            PrincipalRef::User(user) => PrincipalId::User(user_id(user)?.clone()),
            PrincipalRef::Group(group) => PrincipalId::Group(group_id(group)?.clone()),
        };
        let instance = place.instance.as_deref().ok_or_else(|| unclear("the instance of Identity Center"))?;
        let assigned = focus.is_assigned(instance, &permission_set.arn, *account, principal.as_str()).await?;
        Ok(Observed::Assignment { principal, assigned })
    } else if let Some(user) = change.iam_user() {
        let found = Box::pin(focus.iam_user(caller, user.account, &user.name)).await?;
        Ok(Observed::IamUser(found.map(iam_user)))
    } else if let Change::CreateIamUser { account, name, .. } = change {
        let found = Box::pin(focus.iam_user(caller, *account, name)).await?;
        Ok(Observed::IamUser(found.map(iam_user)))
    } else {
        Err(unclear("a change of this kind"))
    }
}

/// An IAM user as its steps are derived from it. No document is read: each policy then counts as one that may deny, so that
/// deleting a user with several takes everything away from it first.
fn iam_user(now: IamUserNow) -> ObservedIamUser {
    let credentials = |held: Vec<(String, bool)>| {
        held.into_iter().map(|(id, active)| ObservedCredential { id, active }).collect::<Vec<_>>()
    };
    let ways = |names: Vec<String>| {
        names.into_iter().map(|name| ObservedPolicies { name, documents: vec![None] }).collect::<Vec<_>>()
    };
    ObservedIamUser {
        id: now.id,
        tags: now.tags,
        password: now.password,
        access_keys: credentials(now.access_keys),
        ssh_keys: credentials(now.ssh_keys),
        certificates: credentials(now.certificates),
        service_credentials: credentials(now.service_credentials),
        mfa_devices: now.mfa_devices,
        unassigned_devices: now.unassigned_devices,
        inline: ways(now.inline),
        attached: ways(now.attached),
        groups: ways(now.groups),
    }
}

fn user_id(user: &UserRef) -> Result<&UserId, Failure> {
    user.id.as_ref().ok_or_else(|| unclear("a user that the plan makes"))
}

fn group_id(group: &GroupRef) -> Result<&GroupId, Failure> {
    group.id.as_ref().ok_or_else(|| unclear("a group that the plan makes"))
}

fn unclear(what: &str) -> Failure {
    Failure::new(Kind::Failed, "NotOffered", format!("{what} cannot be looked at one by one"))
}

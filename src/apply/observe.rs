//! The present state of what a change is about, read by the observer.

use crate::aws::failure::{Failure, Kind};
use crate::change::{Change, GroupRef, Place, PrincipalRef, UserRef};
use crate::collect::focus::{DescribedNow, Focus, IamUserNow, PrincipalNow, Whom};
use crate::model::{Caller, GroupId, UserId};
use crate::operate::{
    Observed, ObservedCredential, ObservedGroup, ObservedIamUser, ObservedNamed, ObservedPolicies, ObservedPrincipal,
    ObservedUser, PrincipalId,
};

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
    let Observer { focus, caller, .. } = *by;
    match change {
        Change::AddMember { group, user } | Change::RemoveMember { group, user } => {
            let (group, user) = (group_id(group)?, user_id(user)?);
            let membership = focus.membership(by.store()?, group, user).await?;
            Ok(Observed::Membership { user: Some(user.clone()), group: Some(group.clone()), membership })
        }
        Change::AddAssignment { principal, permission_set, account }
        | Change::RemoveAssignment { principal, permission_set, account } => {
            let principal = match principal {
                PrincipalRef::User(user) => PrincipalId::User(user_id(user)?.clone()),
                PrincipalRef::Group(group) => PrincipalId::Group(group_id(group)?.clone()),
            };
            let (instance, set) = (by.instance()?, &permission_set.arn);
            let assigned = focus.is_assigned(instance, set, *account, principal.as_str()).await?;
            Ok(Observed::Assignment { principal, assigned })
        }
        Change::CreateUser { name, .. } => {
            let found = focus.named(by.store()?, Whom::User, name).await?;
            Ok(Observed::Named(found.map(named)))
        }
        Change::CreateGroup { name, .. } => {
            let found = focus.named(by.store()?, Whom::Group, name).await?;
            Ok(Observed::Named(found.map(named)))
        }
        Change::DeleteUser { user } => {
            let id = user_id(user)?;
            let found = focus.principal(by.instance()?, by.store()?, Whom::User, id.as_str()).await?;
            let user = |found| ObservedUser { id: id.clone(), holds: principal(found) };
            Ok(Observed::User(found.map(user)))
        }
        Change::DeleteGroup { group } => {
            let id = group_id(group)?;
            let found = focus.principal(by.instance()?, by.store()?, Whom::Group, id.as_str()).await?;
            let group = |found| ObservedGroup { id: id.clone(), holds: principal(found) };
            Ok(Observed::Group(found.map(group)))
        }
        Change::CreateIamUser { account, name, .. } => {
            let found = Box::pin(focus.iam_user(caller, *account, name)).await?;
            Ok(Observed::IamUser(found.map(iam_user)))
        }
        Change::DisableIamUser { user }
        | Change::EnableIamUser { user, .. }
        | Change::DeleteIamUser { user, .. }
        | Change::DeactivateIamKey { user, .. }
        | Change::ActivateIamKey { user, .. }
        | Change::AttachIamPolicy { user, .. }
        | Change::DetachIamPolicy { user, .. }
        | Change::AddIamGroupMember { user, .. }
        | Change::RemoveIamGroupMember { user, .. } => {
            let found = Box::pin(focus.iam_user(caller, user.account, &user.name)).await?;
            Ok(Observed::IamUser(found.map(iam_user)))
        }
    }
}

impl Observer<'_> {
    fn store(&self) -> Result<&str, Failure> {
        self.place.identity_store.as_deref().ok_or_else(|| unclear("the plan does not name the identity store"))
    }

    fn instance(&self) -> Result<&str, Failure> {
        let instance = self.place.instance.as_deref();
        instance.ok_or_else(|| unclear("the plan does not name the instance of Identity Center"))
    }
}

fn named(now: DescribedNow) -> ObservedNamed {
    ObservedNamed { id: now.id, created_by: now.created_by, created: now.created }
}

fn principal(now: PrincipalNow) -> ObservedPrincipal {
    ObservedPrincipal {
        revision: now.described.revision,
        memberships: now.memberships,
        assignments: now.assignments,
        applications: now.applications,
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
    user.id.as_ref().ok_or_else(|| unclear("the id of a user that the plan creates is not known"))
}

fn group_id(group: &GroupRef) -> Result<&GroupId, Failure> {
    group.id.as_ref().ok_or_else(|| unclear("the id of a group that the plan creates is not known"))
}

fn unclear(why: &str) -> Failure {
    Failure::new(Kind::Failed, "NoId", why)
}

//! The present state of what a change is about, read by the observer.

use crate::aws::failure::{Failure, Kind};
use crate::change::{Change, ChangeKind, GroupRef, Place, PrincipalRef, UserRef};
use crate::collect::focus::Focus;
use crate::model::{GroupId, UserId};
use crate::operate::{Observed, PrincipalId};

/// The kinds of changes that can be made so far.
pub const OFFERED: [ChangeKind; 4] =
    [ChangeKind::AddMember, ChangeKind::RemoveMember, ChangeKind::AddAssignment, ChangeKind::RemoveAssignment];

/// Looks at what a change is about.
///
/// # Errors
/// Where that could not be read, or the plan does not name it by an id.
pub(super) async fn observe(focus: &Focus, place: &Place, change: &Change) -> Result<Observed, Failure> {
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
    } else {
        Err(unclear("a change of this kind"))
    }
}

/// Whether this is the state that a change is to bring about.
pub(super) fn is_wanted(change: &Change, observed: &Observed) -> bool {
    let is_there = match observed {
        Observed::Membership { membership, .. } => membership.is_some(),
        Observed::Assignment { assigned, .. } => *assigned,
        Observed::IamUser(user) => user.is_some(),
        Observed::User(user) => user.is_some(),
        Observed::Group(group) => group.is_some(),
    };
    is_there != change.kind().is_removal()
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

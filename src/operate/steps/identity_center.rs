//! The steps of changes of Identity Center: users, groups, memberships and assignments.

use super::{NoSteps, same};
use crate::change::{Change, GroupRef, PermissionSetRef, Place, PrincipalRef, UserRef};
use crate::model::{AccountId, GroupId, UserId};
use crate::operate::observed::{Observed, ObservedGroup, ObservedPrincipal, ObservedUser};
use crate::operate::step::{Assignment, Email, IdentityStoreWrite, PrincipalId, SsoAdminWrite, Step};

pub(super) fn steps(change: &Change, place: &Place, observed: &Observed) -> Result<Vec<Step>, NoSteps> {
    match (change, observed) {
        (
            Change::CreateUser { name, given_name, family_name, display_name, email, email_type },
            Observed::Named(seen),
        ) => {
            if seen.is_some() {
                return Err(NoSteps::Exists(format!("user `{name}`")));
            }
            let email = email.clone().map(|address| Email { address, sort: email_type.clone() });
            let write = IdentityStoreWrite::CreateUser {
                name: name.clone(),
                given_name: given_name.clone(),
                family_name: family_name.clone(),
                display_name: display_name.clone(),
                email,
            };
            Ok(vec![in_store(place, write)?])
        }
        (Change::CreateGroup { name, description }, Observed::Named(seen)) => {
            if seen.is_some() {
                return Err(NoSteps::Exists(format!("group `{name}`")));
            }
            let write = IdentityStoreWrite::CreateGroup { name: name.clone(), description: description.clone() };
            Ok(vec![in_store(place, write)?])
        }
        (Change::DeleteUser { user }, Observed::User(seen)) => delete_user(user, place, seen.as_ref()),
        (Change::DeleteGroup { group }, Observed::Group(seen)) => delete_group(group, place, seen.as_ref()),
        (Change::AddMember { group, user }, Observed::Membership { user: who, group: into, membership }) => {
            let (who, into) = both(user, who.as_ref(), group, into.as_ref())?;
            let add = || IdentityStoreWrite::AddMember { group: into.clone(), user: who.clone() };
            membership.is_none().then(|| in_store(place, add())).into_iter().collect()
        }
        (Change::RemoveMember { group, user }, Observed::Membership { user: who, group: from, membership }) => {
            // A membership of what is gone is none.
            let Some(membership) = membership else { return Ok(Vec::new()) };
            both(user, who.as_ref(), group, from.as_ref())?;
            let write = IdentityStoreWrite::RemoveMember { membership: membership.clone() };
            Ok(vec![in_store(place, write)?])
        }
        (
            Change::AddAssignment { principal, permission_set, account },
            Observed::Assignment { principal: who, assigned },
        ) => {
            let assignment = assignment(principal, who, permission_set, *account)?;
            let add = || at_instance(place, SsoAdminWrite::AddAssignment(assignment));
            (!assigned).then(add).into_iter().collect()
        }
        (
            Change::RemoveAssignment { principal, permission_set, account },
            Observed::Assignment { principal: who, assigned },
        ) => {
            let assignment = assignment(principal, who, permission_set, *account)?;
            let remove = || at_instance(place, SsoAdminWrite::RemoveAssignment(assignment));
            assigned.then(remove).into_iter().collect()
        }
        _ => Err(NoSteps::NotObserved),
    }
}

fn in_store(place: &Place, write: IdentityStoreWrite) -> Result<Step, NoSteps> {
    let store = place.identity_store.clone().ok_or(NoSteps::NoPlace("identity store"))?;
    Ok(Step::IdentityStore { store, write })
}

fn at_instance(place: &Place, write: SsoAdminWrite) -> Result<Step, NoSteps> {
    let instance = place.instance.clone().ok_or(NoSteps::NoPlace("instance of Identity Center"))?;
    Ok(Step::SsoAdmin { instance, write })
}

fn delete_user(user: &UserRef, place: &Place, seen: Option<&ObservedUser>) -> Result<Vec<Step>, NoSteps> {
    let Some(seen) = seen else { return Ok(Vec::new()) };
    let name = format!("user `{}`", user.name);
    same(&name, user.id.as_ref().map(UserId::as_str), seen.id.as_str())?;
    let mut steps = applications(name, place, &PrincipalId::User(seen.id.clone()), &seen.holds)?;
    let revision = seen.holds.revision.clone();
    steps.push(in_store(place, IdentityStoreWrite::DeleteUser { user: seen.id.clone(), revision })?);
    Ok(steps)
}

fn delete_group(group: &GroupRef, place: &Place, seen: Option<&ObservedGroup>) -> Result<Vec<Step>, NoSteps> {
    let Some(seen) = seen else { return Ok(Vec::new()) };
    let name = format!("group `{}`", group.name);
    same(&name, group.id.as_ref().map(GroupId::as_str), seen.id.as_str())?;
    let mut steps = applications(name, place, &PrincipalId::Group(seen.id.clone()), &seen.holds)?;
    let revision = seen.holds.revision.clone();
    steps.push(in_store(place, IdentityStoreWrite::DeleteGroup { group: seen.id.clone(), revision })?);
    Ok(steps)
}

/// Takes the applications away from a principal that is deleted. Assignments that are left could not be taken away
/// afterwards: AWS no longer finds their principal.
fn applications(
    name: String,
    place: &Place,
    principal: &PrincipalId,
    holds: &ObservedPrincipal,
) -> Result<Vec<Step>, NoSteps> {
    let (memberships, assignments) = (holds.memberships, holds.assignments);
    if memberships + assignments > 0 {
        return Err(NoSteps::StillHas { name, memberships, assignments });
    }
    let remove = |application: &String| SsoAdminWrite::RemoveFromApplication {
        application: application.clone(),
        principal: principal.clone(),
    };
    holds.applications.iter().map(|application| at_instance(place, remove(application))).collect()
}

fn both<'o>(
    user: &UserRef,
    who: Option<&'o UserId>,
    group: &GroupRef,
    into: Option<&'o GroupId>,
) -> Result<(&'o UserId, &'o GroupId), NoSteps> {
    let (user_name, group_name) = (format!("user `{}`", user.name), format!("group `{}`", group.name));
    let Some(who) = who else { return Err(NoSteps::Gone(user_name)) };
    let Some(into) = into else { return Err(NoSteps::Gone(group_name)) };
    same(&user_name, user.id.as_ref().map(UserId::as_str), who.as_str())?;
    same(&group_name, group.id.as_ref().map(GroupId::as_str), into.as_str())?;
    Ok((who, into))
}

fn assignment(
    planned: &PrincipalRef,
    who: &PrincipalId,
    permission_set: &PermissionSetRef,
    account: AccountId,
) -> Result<Assignment, NoSteps> {
    let (name, id) = match (planned, who) {
        (PrincipalRef::User(user), PrincipalId::User(_)) => {
            (format!("user `{}`", user.name), user.id.as_ref().map(UserId::as_str))
        }
        (PrincipalRef::Group(group), PrincipalId::Group(_)) => {
            (format!("group `{}`", group.name), group.id.as_ref().map(GroupId::as_str))
        }
        (PrincipalRef::User(_), PrincipalId::Group(_)) | (PrincipalRef::Group(_), PrincipalId::User(_)) => {
            return Err(NoSteps::NotObserved);
        }
    };
    same(&name, id, who.as_str())?;
    Ok(Assignment { account, permission_set: permission_set.arn.clone(), principal: who.clone() })
}

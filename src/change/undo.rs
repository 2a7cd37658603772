//! The changes that take back what a plan did: only of what is as the plan wanted it, and only where that can be taken
//! back.

use super::effect::{self, is_so};
use super::{Change, ChangeId, GroupRef, Plan, Planned, PrincipalRef, Step, UserRef, names, request};
use crate::model::{Group, Ix, NameKey, Snapshot, User};

/// Why a change is not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotUndone {
    /// What it deleted does not come back.
    Final,
    /// It was not made, or was taken back already.
    NotDone,
    /// It cannot be seen whether it was made.
    Unseen,
    /// Which credentials were active before is not in the plan.
    CredentialsUnknown,
    /// Something of the name is there, and it was there before the plan, or AWS does not say since when it is.
    NotOurs,
}

/// What takes a plan back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// For each change that can be taken back, the last one first: its id, and what takes it back.
    pub steps: Vec<(ChangeId, Vec<Step>)>,
    /// The others.
    pub left: Vec<(ChangeId, NotUndone)>,
}

/// What takes a plan back, by what there is now.
#[must_use]
pub fn of(snapshot: &Snapshot, plan: &Plan) -> Undo {
    let mut undo = Undo { steps: Vec::new(), left: Vec::new() };
    let look = Look { snapshot, plan };
    for planned in super::order(&plan.changes).into_iter().rev() {
        match look.inverse(planned) {
            Ok(steps) => undo.steps.push((planned.id.clone(), steps)),
            Err(why) => undo.left.push((planned.id.clone(), why)),
        }
    }
    undo
}

struct Look<'a> {
    snapshot: &'a Snapshot,
    plan: &'a Plan,
}

impl Look<'_> {
    fn inverse(&self, planned: &Planned) -> Result<Vec<Step>, NotUndone> {
        let Some(change) = self.found(&planned.change) else { return Err(NotUndone::NotDone) };
        if planned.change.kind().undone_by().is_none() {
            return Err(NotUndone::Final);
        }
        match is_so(self.snapshot, &change) {
            Some(true) => {}
            Some(false) => return Err(NotUndone::NotDone),
            None => return Err(NotUndone::Unseen),
        }
        // Whoever was deleted since gets nothing back.
        let is_gone = |change: &Change| {
            change.user().is_some_and(|user| effect::user(self.snapshot, user).is_none())
                || change.group().is_some_and(|group| effect::group(self.snapshot, group).is_none())
        };
        if is_gone(&change) {
            return Err(NotUndone::Final);
        }
        let inverse = match change {
            Change::AddMember { group, user } => Change::RemoveMember { group, user },
            Change::RemoveMember { group, user } => Change::AddMember { group, user },
            Change::AddAssignment { principal, permission_set, account } => {
                Change::RemoveAssignment { principal, permission_set, account }
            }
            Change::RemoveAssignment { principal, permission_set, account } => {
                Change::AddAssignment { principal, permission_set, account }
            }
            Change::AttachIamPolicy { user, policy } => Change::DetachIamPolicy { user, policy },
            Change::DetachIamPolicy { user, policy } => Change::AttachIamPolicy { user, policy },
            Change::AddIamGroupMember { user, group } => Change::RemoveIamGroupMember { user, group },
            Change::RemoveIamGroupMember { user, group } => Change::AddIamGroupMember { user, group },
            Change::DeactivateIamKey { user, key: Some(key) } => Change::ActivateIamKey { user, key },
            Change::ActivateIamKey { user, key } => Change::DeactivateIamKey { user, key: Some(key) },
            Change::EnableIamUser { user, .. } => Change::DisableIamUser { user },
            Change::CreateUser { name, .. } => {
                let user = self.made_user(&name).ok_or(NotUndone::NotOurs)?;
                // Its memberships and assignments are taken back, where the plan made them, by their own changes too.
                return Ok(request::delete_user(self.snapshot, user));
            }
            Change::CreateGroup { name, .. } => {
                let group = self.made_group(&name).ok_or(NotUndone::NotOurs)?;
                return Ok(request::delete_group(self.snapshot, group));
            }
            Change::CreateIamUser { account, name, .. } => {
                let of = effect::account(self.snapshot, account).ok_or(NotUndone::NotDone)?;
                let of = names::iam_account(self.snapshot, of).map_err(|_| NotUndone::Unseen)?;
                let users = &self.snapshot.iam[of.number()].users;
                let made = users.seen().find(|user| user.name == name).filter(|user| self.is_since(user.created));
                let user = made.ok_or(NotUndone::NotOurs)?;
                let user = names::iam_user_ref(self.snapshot, of, user).map_err(|_| NotUndone::NotOurs)?;
                Change::DeleteIamUser { user, at_once: true }
            }
            Change::DisableIamUser { .. } | Change::DeactivateIamKey { key: None, .. } => {
                return Err(NotUndone::CredentialsUnknown);
            }
            Change::DeleteIamUser { .. } | Change::DeleteUser { .. } | Change::DeleteGroup { .. } => {
                return Err(NotUndone::Final);
            }
        };
        Ok(vec![inverse.into()])
    }

    /// The change, where whom the plan made is named by the id that AWS gave.
    fn found(&self, change: &Change) -> Option<Change> {
        let user = |named: &UserRef| match &named.made_by {
            Some(_) => self.made_user(&named.name).map(|user| names::user_ref(self.snapshot, user)),
            None => Some(named.clone()),
        };
        let group = |named: &GroupRef| match &named.made_by {
            Some(_) => self.made_group(&named.name).map(|group| names::group_ref(self.snapshot, group)),
            None => Some(named.clone()),
        };
        let mut change = change.clone();
        if let Change::AddMember { group: g, user: u } | Change::RemoveMember { group: g, user: u } = &mut change {
            (*g, *u) = (group(g)?, user(u)?);
        } else if let Change::AddAssignment { principal, .. } | Change::RemoveAssignment { principal, .. } = &mut change
        {
            *principal = match &*principal {
                PrincipalRef::Group(named) => PrincipalRef::Group(group(named)?),
                PrincipalRef::User(named) => PrincipalRef::User(user(named)?),
            };
        }
        Some(change)
    }

    fn made_user(&self, name: &str) -> Option<Ix<User>> {
        let key = NameKey::of(name);
        let found = self.snapshot.users.positions().find(|(_, user)| NameKey::of(&user.user_name) == key);
        found.filter(|(_, user)| self.is_since(user.created)).map(|(place, _)| place)
    }

    fn made_group(&self, name: &str) -> Option<Ix<Group>> {
        let key = NameKey::of(name);
        let found = self.snapshot.groups.positions().find(|(_, group)| NameKey::of(&group.name) == key);
        found.filter(|(_, group)| self.is_since(group.created)).map(|(place, _)| place)
    }

    /// Whether something was made since the plan was.
    fn is_since(&self, created: Option<chrono::DateTime<chrono::Utc>>) -> bool {
        created.is_some_and(|created| created >= self.plan.made.at)
    }
}

//! One change, made in a snapshot: memberships, assignments, and the end of users and groups. Those of IAM are in `iam`.

use super::place::{self, positions};
use super::{Clashes, Draft};
use crate::change::{Change, GroupRef, PermissionSetRef, Planned, PrincipalRef, UserRef};
use crate::model::{AccountId, Group, Ix, Listing, Placement, Principal, User, quoted};

impl Draft {
    /// Makes one change.
    pub(super) fn make(&mut self, planned: &Planned) -> Result<(), Clashes> {
        match &planned.change {
            Change::AddMember { group, user } => self.member(group, user, Wanted::There),
            Change::RemoveMember { group, user } => self.member(group, user, Wanted::Gone),
            Change::AddAssignment { principal, permission_set, account } => {
                self.assignment(principal, permission_set, *account, Wanted::There)
            }
            Change::RemoveAssignment { principal, permission_set, account } => {
                self.assignment(principal, permission_set, *account, Wanted::Gone)
            }
            Change::DeleteUser { user } => {
                let place = self.user(user)?;
                self.nothing_left(Principal::User(place), &user.name)?;
                self.gone.users.insert(place);
                Ok(())
            }
            Change::DeleteGroup { group } => {
                let place = self.group(group)?;
                self.nothing_left(Principal::Group(place), &group.name)?;
                self.gone.groups.insert(place);
                Ok(())
            }
            Change::CreateIamUser { .. } => self.create_iam_user(planned),
            // Made before all else.
            Change::CreateUser { .. } | Change::CreateGroup { .. } => Ok(()),
            Change::DisableIamUser { .. }
            | Change::EnableIamUser { .. }
            | Change::DeleteIamUser { .. }
            | Change::DeactivateIamKey { .. }
            | Change::ActivateIamKey { .. }
            | Change::AttachIamPolicy { .. }
            | Change::DetachIamPolicy { .. }
            | Change::AddIamGroupMember { .. }
            | Change::RemoveIamGroupMember { .. } => self.change_iam_user(planned),
        }
    }

    fn user(&self, named: &UserRef) -> Result<Ix<User>, Clashes> {
        let found = place::user(&self.snapshot, named).filter(|place| !self.gone.users.contains(place));
        found.ok_or_else(|| Clashes::NotThere(format!("the user {}", quoted(&named.name))))
    }

    fn group(&self, named: &GroupRef) -> Result<Ix<Group>, Clashes> {
        let found = place::group(&self.snapshot, named).filter(|place| !self.gone.groups.contains(place));
        found.ok_or_else(|| Clashes::NotThere(format!("the group {}", quoted(&named.name))))
    }

    fn member(&mut self, group: &GroupRef, user: &UserRef, wanted: Wanted) -> Result<(), Clashes> {
        let (place, member) = (self.group(group)?, self.user(user)?);
        let entry = &mut self.snapshot.groups[place];
        entry.members = with(&entry.members, member, wanted)?;
        entry.made.retain(|(user, _)| *user != member);
        Ok(())
    }

    fn assignment(
        &mut self,
        principal: &PrincipalRef,
        set: &PermissionSetRef,
        account: AccountId,
        wanted: Wanted,
    ) -> Result<(), Clashes> {
        let principal = match principal {
            PrincipalRef::Group(group) => Principal::Group(self.group(group)?),
            PrincipalRef::User(user) => Principal::User(self.user(user)?),
        };
        let place = place::permission_set(&self.snapshot, set)
            .ok_or_else(|| Clashes::NotThere(format!("the permission set {}", quoted(&set.name))))?;
        let account = place::account(&self.snapshot, account)
            .ok_or_else(|| Clashes::NotThere(format!("the account {account}")))?;
        let set = &mut self.snapshot.permission_sets[place];
        let there = set.placements.positions().find(|(_, one)| one.account == account).map(|(place, _)| place);
        match (there, wanted) {
            (Some(there), _) => {
                let placement = &mut set.placements[there];
                placement.principals = with(&placement.principals, principal, wanted)?;
                // AWS takes a permission set out of an account in which nobody has it any more.
                if placement.principals.seen().next().is_none() {
                    let kept = set.placements.positions().filter(|(place, _)| *place != there);
                    let kept = kept.map(|(_, placement)| placement.clone()).collect();
                    set.placements =
                        Listing::by_key(kept, set.placements.extent().clone(), |placement| placement.account);
                }
            }
            (None, Wanted::There) => {
                let extent = set.placements.extent().clone();
                let mut placements: Vec<Placement> = set.placements.seen().cloned().collect();
                placements.push(Placement { account, principals: Listing::new(vec![principal], extent.clone()) });
                set.placements = Listing::by_key(placements, extent, |placement| placement.account);
            }
            (None, Wanted::Gone) => return Err(Clashes::Already),
        }
        Ok(())
    }

    /// Checks that nothing is left of whom a change deletes but applications, which go with it.
    fn nothing_left(&mut self, principal: Principal, name: &str) -> Result<(), Clashes> {
        let snapshot = &self.snapshot;
        let left = |what: String| Err(Clashes::StillHas(format!("{} {what}", quoted(name))));
        for set in snapshot.permission_sets.seen() {
            let held = |placement: &&Placement| placement.principals.seen().any(|held| *held == principal);
            if let Some(placement) = set.placements.seen().find(held) {
                let account = snapshot.accounts[placement.account].id;
                return left(format!("has the permission set {} in {account}", quoted(&set.name)));
            }
        }
        for entitled in snapshot.entitled.seen() {
            if let Some(held) = entitled.entitlements.seen().find(|held| held.principal == principal) {
                return left(format!("is entitled to the role {}", quoted(&held.role)));
            }
        }
        match principal {
            Principal::User(user) => {
                let of = snapshot.groups.seen().find(|group| group.members.seen().any(|member| *member == user));
                if let Some(group) = of {
                    return left(format!("is a member of {}", quoted(&group.name)));
                }
            }
            Principal::Group(group) => {
                if let Some(member) = snapshot.groups[group].members.seen().next() {
                    return left(format!("has the member {}", quoted(&snapshot.users[*member].user_name)));
                }
            }
        }
        for place in positions(&self.snapshot.applications) {
            let application = &mut self.snapshot.applications[place];
            let kept = application.principals.seen().copied().filter(|held| *held != principal).collect();
            application.principals = Listing::new(kept, application.principals.extent().clone());
        }
        Ok(())
    }
}

/// What there is to be of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    There,
    Gone,
}

/// A listing with an entry or without it.
fn with<T: Ord + Copy>(listing: &Listing<T>, entry: T, wanted: Wanted) -> Result<Listing<T>, Clashes> {
    let is_there = listing.seen().any(|one| *one == entry);
    if is_there == (wanted == Wanted::There) {
        return Err(Clashes::Already);
    }
    let others = listing.seen().copied().filter(|one| *one != entry);
    let added = (wanted == Wanted::There).then_some(entry);
    Ok(Listing::new(others.chain(added).collect(), listing.extent().clone()))
}

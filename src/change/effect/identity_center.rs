//! One change, made in a snapshot: memberships, assignments, and the end of users and groups. Those of IAM are in `iam`.

use super::clash::Clashes;
use super::draft::Draft;
use super::place::{self, positions};
use crate::change::{Change, GroupRef, PermissionSetRef, Planned, PrincipalRef, UserRef};
use crate::model::{AccountId, Extent, Group, Hides, Ix, Listing, Placement, Principal, Sight, Snapshot, User, quoted};

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
        found.ok_or_else(|| absent(&self.snapshot.users, format!("the user {}", quoted(&named.name))))
    }

    fn group(&self, named: &GroupRef) -> Result<Ix<Group>, Clashes> {
        let found = place::group(&self.snapshot, named).filter(|place| !self.gone.groups.contains(place));
        found.ok_or_else(|| absent(&self.snapshot.groups, format!("the group {}", quoted(&named.name))))
    }

    fn member(&mut self, group: &GroupRef, user: &UserRef, wanted: Wanted) -> Result<(), Clashes> {
        let (place, member) = (self.group(group)?, self.user(user)?);
        let entry = &mut self.snapshot.groups[place];
        let what = || format!("whether {} is a member of {}", quoted(&user.name), quoted(&group.name));
        entry.members = with(&entry.members, member, wanted, what)?;
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
        let what = || format!("whether {} has {} in {account}", quoted(principal.name()), quoted(&set.name));
        let holder = match principal {
            PrincipalRef::Group(group) => Principal::Group(self.group(group)?),
            PrincipalRef::User(user) => Principal::User(self.user(user)?),
        };
        let snapshot = &self.snapshot;
        let no_set = || absent(&snapshot.permission_sets, format!("the permission set {}", quoted(&set.name)));
        let place = place::permission_set(snapshot, set).ok_or_else(no_set)?;
        let no_account = || absent(&snapshot.accounts, format!("the account {account}"));
        let at = place::account(snapshot, account).ok_or_else(no_account)?;
        let set = &mut self.snapshot.permission_sets[place];
        let there = set.placements.positions().find(|(_, one)| one.account == at).map(|(place, _)| place);
        match (there, wanted) {
            (Some(there), _) => {
                let placement = &mut set.placements[there];
                placement.principals = with(&placement.principals, holder, wanted, what)?;
                // AWS takes a permission set out of an account in which nobody has it any more.
                let is_empty = placement.principals.seen().next().is_none();
                if is_empty && is_whole(&placement.principals) {
                    let kept = set.placements.positions().filter(|(place, _)| *place != there);
                    let kept = kept.map(|(_, placement)| placement.clone()).collect();
                    set.placements =
                        Listing::by_key(kept, set.placements.extent().clone(), |placement| placement.account);
                }
            }
            (None, Wanted::There) => {
                let extent = set.placements.extent().clone();
                let mut placements: Vec<Placement> = set.placements.seen().cloned().collect();
                placements.push(Placement { account: at, principals: Listing::new(vec![holder], extent.clone()) });
                set.placements = Listing::by_key(placements, extent, |placement| placement.account);
            }
            (None, Wanted::Gone) if is_whole(&set.placements) => return Err(Clashes::Already),
            (None, Wanted::Gone) => return Err(Clashes::NotRead(what())),
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
        if !is_seen_whole(snapshot, principal) {
            return Err(Clashes::NotRead(format!("all that {} holds", quoted(name))));
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

/// A listing with an entry or without it. What was not seen is not known to be gone.
fn with<T: Ord + Copy>(
    listing: &Listing<T>,
    entry: T,
    wanted: Wanted,
    what: impl Fn() -> String,
) -> Result<Listing<T>, Clashes> {
    match (listing.look_up(&entry, |one| *one), wanted) {
        (Sight::Seen(_), Wanted::There) | (Sight::Absent(_), Wanted::Gone) => return Err(Clashes::Already),
        (Sight::Unseen(_), Wanted::Gone) => return Err(Clashes::NotRead(what())),
        (Sight::Seen(_), Wanted::Gone) | (Sight::Absent(_) | Sight::Unseen(_), Wanted::There) => {}
    }
    let others = listing.seen().copied().filter(|one| *one != entry);
    let added = (wanted == Wanted::There).then_some(entry);
    Ok(Listing::new(others.chain(added).collect(), listing.extent().clone()))
}

/// Why something that a listing does not show cannot be changed: only a whole listing proves that it is not there.
fn absent<T>(listing: &Listing<T>, what: String) -> Clashes {
    if is_whole(listing) { Clashes::NotThere(what) } else { Clashes::NotRead(what) }
}

fn is_whole<T>(listing: &Listing<T>) -> bool {
    matches!(listing.extent(), Extent::Whole(_))
}

/// Whether every listing was read that could show what a principal holds, or who is in a group. A gap that hides no
/// access leaves nothing open.
pub(in crate::change) fn is_seen_whole(snapshot: &Snapshot, principal: Principal) -> bool {
    let sets = &snapshot.permission_sets;
    let placements = || sets.seen().map(|set| &set.placements);
    let assigned = hides_no_access(sets)
        && placements().all(hides_no_access)
        && placements().flat_map(Listing::seen).all(|placement| hides_no_access(&placement.principals));
    let entitled = &snapshot.entitled;
    let entitlements =
        hides_no_access(entitled) && entitled.seen().all(|entitled| hides_no_access(&entitled.entitlements));
    let groups = &snapshot.groups;
    let memberships = match principal {
        Principal::User(_) => hides_no_access(groups) && groups.seen().all(|group| hides_no_access(&group.members)),
        Principal::Group(group) => hides_no_access(&groups[group].members),
    };
    assigned && entitlements && memberships
}

fn hides_no_access<T>(listing: &Listing<T>) -> bool {
    match listing.extent() {
        Extent::Whole(_) => true,
        Extent::Part(gap) => gap.hides != Hides::Grants,
    }
}

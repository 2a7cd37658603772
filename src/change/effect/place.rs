//! Where in a snapshot that is what a plan names; and users and groups of Identity Center that come or go, which moves all
//! others.

use super::clash::{Clash, Clashes};
use super::draft::{Draft, People};
use crate::change::{Change, ChangeId, GroupRef, IamUserRef, PermissionSetRef, Planned, UserRef};
use crate::model::{
    Account, AccountId, Asking, Contradiction, Group, GroupId, IamAccount, IamUser, Ix, Listing, NameKey,
    PermissionSet, Principal, Snapshot, Subject, User, UserId,
};

/// The id of something that a change makes, as long as AWS has given it none.
#[must_use]
pub fn made_id(change: &ChangeId) -> String {
    format!("made-by-{change}")
}

/// The user that a plan names; in a snapshot with its effect, one that it makes as well.
#[must_use]
pub fn user(snapshot: &Snapshot, named: &UserRef) -> Option<Ix<User>> {
    let id = named.id.clone().or_else(|| named.made_by.as_ref().map(|by| UserId::new(made_id(by))))?;
    snapshot.users.positions().find(|(_, user)| user.id == id).map(|(place, _)| place)
}

/// The same for a group.
#[must_use]
pub fn group(snapshot: &Snapshot, named: &GroupRef) -> Option<Ix<Group>> {
    let id = named.id.clone().or_else(|| named.made_by.as_ref().map(|by| GroupId::new(made_id(by))))?;
    snapshot.groups.positions().find(|(_, group)| group.id == id).map(|(place, _)| place)
}

/// An account by its id.
#[must_use]
pub fn account(snapshot: &Snapshot, id: AccountId) -> Option<Ix<Account>> {
    snapshot.accounts.positions().find(|(_, account)| account.id == id).map(|(place, _)| place)
}

/// A permission set by its ARN.
#[must_use]
pub fn permission_set(snapshot: &Snapshot, named: &PermissionSetRef) -> Option<Ix<PermissionSet>> {
    snapshot.permission_sets.positions().find(|(_, set)| set.arn == named.arn).map(|(place, _)| place)
}

/// An IAM user by its account and its unique id.
#[must_use]
pub fn iam_user(snapshot: &Snapshot, named: &IamUserRef) -> Option<(Ix<IamAccount>, Ix<IamUser>)> {
    let of = account(snapshot, named.account)?;
    let number = snapshot.iam.iter().position(|iam| iam.account == of)?;
    let users = &snapshot.iam[number].users;
    let found = users.positions().find(|(_, user)| user.id.as_ref() == Some(&named.id) && user.name == named.name);
    found.map(|(place, _)| (Ix::new(number), place))
}

/// Where each entry of a listing went; nowhere where it is gone.
struct Moved<T>(Vec<Option<Ix<T>>>);

impl<T> Moved<T> {
    fn to(&self, from: Ix<T>) -> Option<Ix<T>> {
        self.0[from.number()]
    }
}

/// A listing without some entries and with some more, in its order, and where the old ones went.
fn moved<T, K: Ord>(
    listing: Listing<T>,
    keeps: impl Fn(Ix<T>, &T) -> bool,
    more: Vec<T>,
    key: impl Fn(&T) -> K,
) -> (Listing<T>, Moved<T>) {
    let extent = listing.extent().clone();
    let mut entries: Vec<(Option<usize>, T)> = Vec::new();
    let mut to = Vec::new();
    for (number, entry) in listing.into_seen().into_iter().enumerate() {
        to.push(None);
        if keeps(Ix::new(number), &entry) {
            entries.push((Some(number), entry));
        }
    }
    entries.extend(more.into_iter().map(|entry| (None, entry)));
    entries.sort_by_cached_key(|(_, entry)| key(entry));
    for (place, (from, _)) in entries.iter().enumerate() {
        if let Some(from) = from {
            to[*from] = Some(Ix::new(place));
        }
    }
    let seen = entries.into_iter().map(|(_, entry)| entry).collect();
    (Listing::by_key(seen, extent, key), Moved(to))
}

fn user_key(user: &User) -> (NameKey, UserId) {
    (NameKey::of(&user.user_name), user.id.clone())
}

fn group_key(group: &Group) -> (NameKey, GroupId) {
    (NameKey::of(&group.name), group.id.clone())
}

impl Draft {
    /// Makes all users and groups that are to be made, without any access, and says which cannot be made.
    pub(super) fn make_people(&mut self, changes: &[&Planned]) -> Vec<Clash> {
        let (mut users, mut groups, mut clashes) = (Vec::new(), Vec::new(), Vec::new());
        for planned in changes {
            let id = made_id(&planned.id);
            let taken = |name: &str| Clash { change: planned.id.clone(), why: Clashes::Taken(name.to_owned()) };
            if let Change::CreateUser { name, display_name, email, .. } = &planned.change {
                let same = |user: &User| NameKey::of(&user.user_name) == NameKey::of(name);
                if self.snapshot.users.seen().chain(&users).any(same) {
                    clashes.push(taken(name));
                    continue;
                }
                users.push(new_user(id, name, display_name, email.as_ref()));
            } else if let Change::CreateGroup { name, .. } = &planned.change {
                let same = |group: &Group| NameKey::of(&group.name) == NameKey::of(name);
                if self.snapshot.groups.seen().chain(&groups).any(same) {
                    clashes.push(taken(name));
                    continue;
                }
                groups.push(self.new_group(id, name));
            }
        }
        if !users.is_empty() || !groups.is_empty() {
            self.replace(users, groups, |_, _| true, |_, _| true);
        }
        clashes
    }

    /// Takes out who is deleted, and whom only an assignment named that is gone.
    pub(super) fn remove_people(&mut self) {
        let gone = std::mem::take(&mut self.gone);
        let named = self.named();
        let is_named_user = |place| named.users.contains(&place);
        let is_named_group = |place| named.groups.contains(&place);
        self.replace(
            Vec::new(),
            Vec::new(),
            |place, user| !gone.users.contains(&place) && (user.listed || is_named_user(place)),
            |place, group| !gone.groups.contains(&place) && (group.listed || is_named_group(place)),
        );
    }

    /// Who is named by an assignment, an application, an entitlement or a membership.
    fn named(&self) -> People {
        let snapshot = &self.snapshot;
        let mut named = People::default();
        let placements = snapshot.permission_sets.seen().flat_map(|set| set.placements.seen());
        let assigned = placements.flat_map(|placement| placement.principals.seen().copied());
        let applications = snapshot.applications.seen().flat_map(|one| one.principals.seen().copied());
        let entitled = snapshot.entitled.seen().flat_map(|one| one.entitlements.seen().map(|held| held.principal));
        for principal in assigned.chain(applications).chain(entitled) {
            match principal {
                Principal::Group(group) => _ = named.groups.insert(group),
                Principal::User(user) => _ = named.users.insert(user),
            }
        }
        named.users.extend(snapshot.groups.seen().flat_map(|group| group.members.seen().copied()));
        named
    }

    fn replace(
        &mut self,
        new_users: Vec<User>,
        new_groups: Vec<Group>,
        keeps_user: impl Fn(Ix<User>, &User) -> bool,
        keeps_group: impl Fn(Ix<Group>, &Group) -> bool,
    ) {
        let snapshot = &mut self.snapshot;
        let (users, to_user) = moved(snapshot.users.clone(), keeps_user, new_users, user_key);
        let (groups, to_group) = moved(snapshot.groups.clone(), keeps_group, new_groups, group_key);
        snapshot.users = users;
        snapshot.groups = groups;
        let principal = |principal: Principal| match principal {
            Principal::Group(group) => to_group.to(group).map(Principal::Group),
            Principal::User(user) => to_user.to(user).map(Principal::User),
        };
        for place in positions(&snapshot.groups) {
            let group = &mut snapshot.groups[place];
            // What was just made has no member, and all others name places as they were.
            group.members = each(&group.members, |user| to_user.to(*user));
            group.made = group.made.iter().filter_map(|(user, made)| Some((to_user.to(*user)?, *made))).collect();
            group.made.sort_unstable();
        }
        for place in positions(&snapshot.permission_sets) {
            let set = &mut snapshot.permission_sets[place];
            for placement in positions(&set.placements) {
                let placement = &mut set.placements[placement];
                placement.principals = each(&placement.principals, |held| principal(*held));
            }
        }
        for place in positions(&snapshot.applications) {
            let application = &mut snapshot.applications[place];
            application.principals = each(&application.principals, |held| principal(*held));
        }
        for place in positions(&snapshot.entitled) {
            let entitled = &mut snapshot.entitled[place];
            entitled.entitlements = each(&entitled.entitlements, |held| {
                Some(crate::model::Entitlement { principal: principal(held.principal)?, ..held.clone() })
            });
        }
        let subject = |subject| moved_subject(subject, &to_user, &to_group);
        for checked in &mut snapshot.cross_checked {
            let asked = |asking: &Asking| Some(Asking { about: subject(asking.about)?, ..*asking });
            let kept = checked.contradictions.iter().filter_map(|one| {
                let (shown, lacking) = (asked(&one.shown)?, asked(&one.lacking)?);
                Some(Contradiction { grant: subject(one.grant)?, shown, lacking })
            });
            checked.contradictions = kept.collect();
        }
    }

    fn new_group(&self, id: String, name: &str) -> Group {
        Group {
            id: GroupId::new(id),
            name: name.to_owned(),
            external_ids: Vec::new(),
            created: None,
            created_by: None,
            members: Listing::new(Vec::new(), self.snapshot.groups.extent().clone()),
            made: Vec::new(),
            listed: true,
        }
    }
}

fn new_user(id: String, name: &str, display_name: &str, email: Option<&String>) -> User {
    User {
        id: UserId::new(id),
        user_name: name.to_owned(),
        display_name: Some(display_name.to_owned()),
        mails: email.into_iter().cloned().collect(),
        has_primary_mail: email.is_some(),
        external_ids: Vec::new(),
        status: Some(crate::model::UserStatus::Enabled),
        created: None,
        created_by: None,
        listed: true,
    }
}

/// All places of a listing.
pub(super) fn positions<T>(listing: &Listing<T>) -> Vec<Ix<T>> {
    listing.positions().map(|(place, _)| place).collect()
}

/// A listing of what becomes of each entry.
fn each<T: Ord>(listing: &Listing<T>, other: impl FnMut(&T) -> Option<T>) -> Listing<T> {
    Listing::new(listing.seen().filter_map(other).collect(), listing.extent().clone())
}

/// What a cross-check is about, where its users and groups went.
fn moved_subject(subject: Subject, to_user: &Moved<User>, to_group: &Moved<Group>) -> Option<Subject> {
    let principal = |principal: Principal| match principal {
        Principal::Group(group) => to_group.to(group).map(Principal::Group),
        Principal::User(user) => to_user.to(user).map(Principal::User),
    };
    Some(match subject {
        Subject::User(user) => Subject::User(to_user.to(user)?),
        Subject::Group(group) => Subject::Group(to_group.to(group)?),
        Subject::Membership(group, user) => Subject::Membership(to_group.to(group)?, to_user.to(user)?),
        Subject::Assignment(account, set, held) => Subject::Assignment(account, set, principal(held)?),
        Subject::PermissionSetOf(set, held) => Subject::PermissionSetOf(set, principal(held)?),
        Subject::Application(application, held) => {
            Subject::Application(application, held.map_or(Some(None), |held| principal(held).map(Some))?)
        }
        other @ (Subject::DueUser(_)
        | Subject::DueGroup(_)
        | Subject::DueMembership(..)
        | Subject::DueAssignment(_)
        | Subject::DueApplication(_)
        | Subject::Entitlement(..)
        | Subject::DueEntitlement(_)
        | Subject::PermissionSet(_)
        | Subject::DuePermissionSet(_)
        | Subject::IamUser(..)
        | Subject::DueIamUser(_)
        | Subject::Policy(..)
        | Subject::DuePolicy(..)
        | Subject::Trust(..)
        | Subject::DueTrust(_)
        | Subject::Root(_)
        | Subject::Directory
        | Subject::GoneList(_)
        | Subject::List(_)
        | Subject::Waiver(_)
        | Subject::IdleRow(_)) => other,
    })
}

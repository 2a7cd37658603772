//! Everything at its place in its listing, so that one thing can point at another.
//!
//! What is pointed at and in no listing gets an entry of its own, marked as not listed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::iam::IamRead;
use super::identity_store::{GroupRead, People};
use super::permission_sets::{PrincipalRead, SetRead, Sets};
use super::{Read, listing};
use crate::model::{
    Account, AccountId, Caller, Extent, Group, GroupId, IamAccount, Interner, Ix, Listing, Made, NameKey,
    PermissionSet, Placement, Principal, User, UserId,
};

/// The listings of a snapshot.
pub(super) struct Placed {
    pub(super) accounts: Listing<Account>,
    pub(super) users: Listing<User>,
    pub(super) groups: Listing<Group>,
    pub(super) makers: Vec<String>,
    pub(super) permission_sets: Listing<PermissionSet>,
    pub(super) iam: Vec<IamAccount>,
}

pub(super) fn place(
    accounts: Read<Account>,
    people: People,
    sets: Sets,
    iam: Vec<IamRead>,
    caller: Option<&Caller>,
) -> Placed {
    let People { users, groups, mut ids, makers, .. } = people;
    let accounts = place_accounts(accounts, &sets.sets, &iam, caller);
    let users = place_users(users, &sets, &mut ids);
    let account_places: BTreeMap<AccountId, Ix<Account>> =
        accounts.positions().map(|(place, account)| (account.id, place)).collect();
    // By the number of the id.
    let mut user_places = vec![Ix::new(0); ids.count()];
    for (place, user) in users.positions() {
        user_places[number(&ids, &user.id)] = place;
    }
    let groups = place_groups(groups, &sets, &user_places);
    let group_places: BTreeMap<GroupId, Ix<Group>> =
        groups.positions().map(|(place, group)| (group.id.clone(), place)).collect();
    let sets = sets.sets;
    let permission_sets = sets.seen.into_iter().map(|set| {
        let principal = |principal| match principal {
            PrincipalRead::Group(id) => Principal::Group(group_places[&id]),
            PrincipalRead::User(id) => Principal::User(user_places[number(&ids, &id)]),
        };
        place_set(set, &account_places, principal)
    });
    let permission_sets =
        listing(permission_sets.collect(), sets.extent, |set| (NameKey::of(&set.name), set.arn.clone()));
    let iam = iam.into_iter().map(|read| IamAccount {
        account: account_places[&read.account],
        users: listing(read.users.seen, read.users.extent, |user| NameKey::of(&user.name)),
        roles: listing(read.roles.seen, read.roles.extent, |role| NameKey::of(&role.name)),
        policies: listing(read.policies.seen, read.policies.extent, |policy| NameKey::of(&policy.name)),
        root: read.root,
        credentials_as_of: read.credentials_as_of,
    });
    let makers = makers.texts().map(str::to_owned).collect();
    Placed { iam: iam.collect(), accounts, users, groups, makers, permission_sets }
}

fn place_accounts(
    mut read: Read<Account>,
    sets: &Read<SetRead>,
    iam: &[IamRead],
    caller: Option<&Caller>,
) -> Listing<Account> {
    let listed: BTreeSet<AccountId> = read.seen.iter().map(|account| account.id).collect();
    let placed = sets.seen.iter().flat_map(|set| &set.placements.seen).map(|placement| placement.account);
    let outdated = sets.seen.iter().flat_map(|set| &set.outdated.seen).copied();
    let named =
        placed.chain(outdated).chain(iam.iter().map(|iam| iam.account)).chain(caller.map(|caller| caller.account));
    let unlisted: BTreeSet<AccountId> = named.filter(|id| !listed.contains(id)).collect();
    read.seen.extend(unlisted.into_iter().map(|id| Account {
        id,
        name: None,
        state: None,
        paths: Vec::new(),
        listed: false,
    }));
    listing(read.seen, read.extent, |account| account.id)
}

fn place_users(mut read: Read<User>, sets: &Sets, ids: &mut Interner) -> Listing<User> {
    for id in sets.principals().filter_map(PrincipalRead::user) {
        ids.intern(id.as_str());
    }
    let listed = read.seen.len();
    read.seen.extend(ids.texts().skip(listed).map(UserId::new).map(unlisted_user));
    listing(read.seen, read.extent, |user| (NameKey::of(&user.user_name), user.id.clone()))
}

/// The number of a user's id.
fn number(ids: &Interner, id: &UserId) -> usize {
    ids.find(id.as_str()).expect("every user that anything names has a number").number()
}

fn place_groups(read: Read<GroupRead>, sets: &Sets, user_places: &[Ix<User>]) -> Listing<Group> {
    let listed: BTreeSet<GroupId> = read.seen.iter().map(|group| group.id.clone()).collect();
    let assigned = sets.principals().filter_map(PrincipalRead::group);
    let unlisted: BTreeSet<GroupId> = assigned.filter(|id| !listed.contains(id)).cloned().collect();
    let mut groups: Vec<Group> = Vec::with_capacity(read.seen.len() + unlisted.len());
    for group in read.seen {
        let members = group.members.seen.iter().map(|id| user_places[id.number()]).collect();
        let mut made: Vec<(Ix<User>, Made)> =
            group.made.into_iter().map(|(id, made)| (user_places[id.number()], made)).collect();
        made.sort_unstable();
        made.dedup_by_key(|(user, _)| *user);
        made.shrink_to_fit();
        groups.push(Group {
            id: group.id,
            name: group.name,
            external_ids: group.external_ids,
            created: group.created,
            created_by: group.created_by,
            made,
            members: Listing::new(members, group.members.extent),
            listed: true,
        });
    }
    groups.extend(unlisted.into_iter().map(|id| unlisted_group(id, &read.extent)));
    listing(groups, read.extent, |group| (NameKey::of(&group.name), group.id.clone()))
}

fn place_set(
    set: SetRead,
    accounts: &BTreeMap<AccountId, Ix<Account>>,
    principal: impl Fn(PrincipalRead) -> Principal,
) -> PermissionSet {
    let placements = set.placements.seen.into_iter().map(|placement| Placement {
        account: accounts[&placement.account],
        principals: Listing::new(
            placement.principals.seen.into_iter().map(&principal).collect(),
            placement.principals.extent,
        ),
    });
    let outdated = set.outdated.seen.iter().map(|account| accounts[account]);
    PermissionSet {
        outdated: Listing::new(outdated.collect(), set.outdated.extent),
        placements: listing(placements.collect(), set.placements.extent, |placement| placement.account),
        arn: set.arn,
        name: set.name,
        unnamed: set.unnamed,
        policies: set.policies,
        session_duration: set.session_duration,
    }
}

fn unlisted_user(id: UserId) -> User {
    User {
        user_name: id.as_str().to_owned(),
        id,
        display_name: None,
        mails: Vec::new(),
        external_ids: Vec::new(),
        status: None,
        created: None,
        created_by: None,
        listed: false,
    }
}

/// A group that only an assignment names. Where the list of groups is whole, the group is gone and nobody is in it;
/// where it is not, nobody knows who is.
fn unlisted_group(id: GroupId, list_of_groups: &Extent) -> Group {
    let extent = match list_of_groups {
        Extent::Whole(source) => Extent::Whole(Arc::clone(source)),
        Extent::Part(gap) => Extent::Part(Arc::clone(gap)),
    };
    Group {
        name: id.as_str().to_owned(),
        id,
        external_ids: Vec::new(),
        created: None,
        created_by: None,
        made: Vec::new(),
        members: Listing::new(Vec::new(), extent),
        listed: false,
    }
}

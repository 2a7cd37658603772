//! Everything at its place in its listing, so that one thing can point at another.
//!
//! What is pointed at and in no listing gets an entry of its own, marked as not listed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::applications::ApplicationRead;
use super::cross_check::{AboutRead, AskingRead, CheckedRead, GrantRead};
use super::entitlements::EntitledRead;
use super::entries::{Read, listing};
use super::group_read::GroupRead;
use super::iam::IamRead;
use super::identity_store::People;
use super::page_reader::Reader;
use super::permission_sets::{PrincipalRead, SetRead, Sets};
use super::{applications, cross_check, entitlements, identity_store, permission_sets};
use crate::model::{
    Account, AccountId, Application, Asking, Caller, Contradiction, CrossChecked, Entitled, Entitlement, Extent, Gap,
    Group, GroupId, IamAccount, Instance, Interner, Ix, Listing, Made, NameKey, PermissionSet, PermissionSetArn,
    Placement, Principal, Scope, Subject, User, UserId,
};

/// The listings of a snapshot.
pub(super) struct Placed {
    pub(super) accounts: Listing<Account>,
    pub(super) users: Listing<User>,
    pub(super) groups: Listing<Group>,
    pub(super) makers: Vec<String>,
    pub(super) permission_sets: Listing<PermissionSet>,
    pub(super) applications: Listing<Application>,
    pub(super) entitled: Listing<Entitled>,
    pub(super) cross_checked: Vec<CrossChecked>,
    pub(super) iam: Vec<IamAccount>,
}

/// People and groups, and what is granted to them.
pub(super) struct Granted {
    pub(super) people: People,
    pub(super) sets: Sets,
    pub(super) applications: Read<ApplicationRead>,
    pub(super) entitled: Read<EntitledRead>,
    /// What a second way said of assignments.
    pub(super) checked: Option<CheckedRead>,
}

impl Granted {
    /// All that is granted, and then everyone it is granted to.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        scope: &Scope,
        instance: &Instance,
        accounts: &Read<Account>,
        iam: &[IamRead],
    ) -> Self {
        let mut sets = permission_sets::read(reader, instance, accounts);
        let applications = applications::read(reader, instance);
        let entitled = entitlements::read(reader, accounts, iam);
        let people = identity_store::read(reader, scope, instance, &named(&sets, &applications, &entitled));
        let checked = cross_check::assignments(reader, scope, instance, &mut sets, &people);
        Granted { people, sets, applications, entitled, checked }
    }

    pub(super) fn unseen(gap: &Arc<Gap>) -> Self {
        Granted {
            people: People::unseen(gap),
            sets: Sets::unseen(gap),
            applications: Read::unseen(gap),
            entitled: Read::unseen(gap),
            checked: None,
        }
    }
}

pub(super) fn place(accounts: Read<Account>, granted: Granted, iam: Vec<IamRead>, caller: Option<&Caller>) -> Placed {
    let named = named(&granted.sets, &granted.applications, &granted.entitled);
    let Granted { people, sets: Sets { sets }, applications, entitled, checked: of_assignments } = granted;
    let People { users, groups, mut ids, makers, checked: of_memberships, .. } = people;
    let accounts = place_accounts(accounts, &sets, &entitled, &iam, caller);
    let users = place_users(users, &named, &mut ids);
    let account_places: BTreeMap<AccountId, Ix<Account>> =
        accounts.positions().map(|(place, account)| (account.id, place)).collect();
    // By the number of the id.
    let mut user_places = vec![Ix::new(0); ids.count()];
    for (place, user) in users.positions() {
        user_places[number(&ids, &user.id)] = place;
    }
    let groups = place_groups(groups, &named, &user_places);
    let group_places: BTreeMap<GroupId, Ix<Group>> =
        groups.positions().map(|(place, group)| (group.id.clone(), place)).collect();
    let principal = |principal| match principal {
        PrincipalRead::Group(id) => Principal::Group(group_places[&id]),
        PrincipalRead::User(id) => Principal::User(user_places[number(&ids, &id)]),
    };
    let permission_sets = sets.seen.into_iter().map(|set| place_set(set, &account_places, principal));
    let permission_sets =
        listing(permission_sets.collect(), sets.extent, |set| (NameKey::of(&set.name), set.arn.clone()));
    let set_places: BTreeMap<PermissionSetArn, Ix<PermissionSet>> =
        permission_sets.positions().map(|(place, set)| (set.arn.clone(), place)).collect();
    let grant = |grant| match grant {
        GrantRead::Membership(group, user) => {
            Subject::Membership(group_places[&group], user_places[number(&ids, &user)])
        }
        GrantRead::Assignment(account, set, holder) => {
            Subject::Assignment(account_places[&account], set_places[&set], principal(holder))
        }
    };
    let about = |about| match about {
        AboutRead::Principal(PrincipalRead::Group(group)) => Subject::Group(group_places[&group]),
        AboutRead::Principal(PrincipalRead::User(user)) => Subject::User(user_places[number(&ids, &user)]),
        AboutRead::PermissionSet(set) => Subject::PermissionSet(set_places[&set]),
    };
    let cross_checked = of_memberships.into_iter().chain(of_assignments).map(|read| place_checked(read, grant, about));
    let cross_checked = cross_checked.collect();
    let applications = place_applications(applications, principal);
    let entitled = place_entitled(entitled, &account_places, principal);
    let iam = iam.into_iter().map(|read| IamAccount {
        account: account_places[&read.account],
        users: listing(read.users.seen, read.users.extent, |user| NameKey::of(&user.name)),
        groups: listing(read.groups.seen, read.groups.extent, |group| NameKey::of(&group.name)),
        roles: listing(read.roles.seen, read.roles.extent, |role| NameKey::of(&role.name)),
        policies: listing(read.policies.seen, read.policies.extent, |policy| NameKey::of(&policy.name)),
        root: read.root,
        credentials_as_of: read.credentials_as_of,
    });
    let makers = makers.texts().map(str::to_owned).collect();
    let iam = iam.collect();
    Placed { iam, accounts, users, groups, makers, permission_sets, applications, entitled, cross_checked }
}

fn place_accounts(
    mut read: Read<Account>,
    sets: &Read<SetRead>,
    entitled: &Read<EntitledRead>,
    iam: &[IamRead],
    caller: Option<&Caller>,
) -> Listing<Account> {
    let listed: BTreeSet<AccountId> = read.seen.iter().map(|account| account.id).collect();
    let placed = sets.seen.iter().flat_map(|set| &set.placements.seen).map(|placement| placement.account);
    let outdated = sets.seen.iter().flat_map(|set| &set.outdated.seen).copied();
    let entitled = entitled.seen.iter().map(|entitled| entitled.account);
    let others = iam.iter().map(|iam| iam.account).chain(caller.map(|caller| caller.account));
    let named = placed.chain(outdated).chain(entitled).chain(others);
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

fn place_users(mut read: Read<User>, named: &BTreeSet<PrincipalRead>, ids: &mut Interner) -> Listing<User> {
    for id in named.iter().filter_map(PrincipalRead::user) {
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

fn place_groups(read: Read<GroupRead>, named: &BTreeSet<PrincipalRead>, user_places: &[Ix<User>]) -> Listing<Group> {
    let known: BTreeSet<GroupId> = read.seen.iter().map(|group| group.id.clone()).collect();
    let assigned = named.iter().filter_map(PrincipalRead::group);
    let unlisted: BTreeSet<GroupId> = assigned.filter(|id| !known.contains(id)).cloned().collect();
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
            listed: group.listed,
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

fn place_checked(
    read: CheckedRead,
    grant: impl Fn(GrantRead) -> Subject,
    about: impl Fn(AboutRead) -> Subject,
) -> CrossChecked {
    let asked =
        |read: AskingRead| Asking { operation: read.operation.api(), about: about(read.about), window: read.window };
    let contradictions = read.contradictions.into_iter().map(|read| Contradiction {
        grant: grant(read.grant),
        shown: asked(read.shown),
        lacking: asked(read.lacking),
    });
    CrossChecked {
        kind: read.kind,
        first: read.first.api(),
        second: read.second.api(),
        about: read.about,
        there_are: read.there_are,
        answered: read.answered,
        differing: read.differing,
        contradictions: contradictions.collect(),
    }
}

fn place_applications(
    read: Read<ApplicationRead>,
    principal: impl Fn(PrincipalRead) -> Principal,
) -> Listing<Application> {
    let applications = read.seen.into_iter().map(|read| Application {
        arn: read.arn,
        name: read.name,
        principals: Listing::new(read.principals.seen.into_iter().map(&principal).collect(), read.principals.extent),
        everyone: read.everyone,
    });
    listing(applications.collect(), read.extent, |application| {
        (NameKey::of(&application.name), application.arn.clone())
    })
}

fn place_entitled(
    read: Read<EntitledRead>,
    accounts: &BTreeMap<AccountId, Ix<Account>>,
    principal: impl Fn(PrincipalRead) -> Principal,
) -> Listing<Entitled> {
    let entitled = read.seen.into_iter().map(|EntitledRead { account, entitlements }| {
        let seen = entitlements.seen.into_iter().map(|read| Entitlement {
            role: read.role,
            role_arn: read.role_arn,
            principal: principal(read.principal),
        });
        Entitled { account: accounts[&account], entitlements: Listing::new(seen.collect(), entitlements.extent) }
    });
    listing(entitled.collect(), read.extent, |entitled| entitled.account)
}

/// Everybody to whom something is granted.
fn named(sets: &Sets, applications: &Read<ApplicationRead>, entitled: &Read<EntitledRead>) -> BTreeSet<PrincipalRead> {
    let of_applications = applications.seen.iter().flat_map(|application| &application.principals.seen);
    let entitlements = entitled.seen.iter().flat_map(|entitled| &entitled.entitlements.seen);
    let entitled = entitlements.map(|entitlement| &entitlement.principal);
    sets.principals().chain(of_applications).chain(entitled).cloned().collect()
}

fn unlisted_user(id: UserId) -> User {
    User {
        user_name: id.as_str().to_owned(),
        id,
        display_name: None,
        mails: Vec::new(),
        has_primary_mail: false,
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

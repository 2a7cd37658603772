//! Users, groups and memberships of the identity store.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cross_check::CheckedRead;
use super::entries::Read;
use super::group_read::{GroupRead, unlisted};
use super::lookups::{self, Known};
use super::memberships::Named;
use super::page_reader::{Reader, Wanted};
use super::permission_sets::PrincipalRead;
use super::unlisted_principals::{self, Listed};
use super::{cross_check, memberships};
use crate::collect::api::responses::{
    self, DescribeGroup, DescribeUser, ListGroupMemberships, ListGroupMembershipsForMember, ListGroups, ListUsers,
};
use crate::collect::journal::page::{Operation, Parameters};
use crate::collect::membership_strategy::Way;
use crate::model::{
    Extent, ExternalId, Gap, GroupId, Hides, Instance, Interner, LookedUp, Scope, User, UserId, UserStatus, What,
};

/// Users and groups, each group with the ids of its members.
pub(super) struct People {
    pub(super) users: Read<User>,
    pub(super) looked_up_users: Option<LookedUp>,
    pub(super) looked_up_groups: Option<LookedUp>,
    pub(super) groups: Read<GroupRead>,
    /// The ids of users: first those of `users`, in that order, then those that only a membership names.
    pub(super) ids: Interner,
    /// Who made memberships.
    pub(super) makers: Interner,
    /// What a second way said of memberships.
    pub(super) checked: Option<CheckedRead>,
}

impl People {
    pub(super) fn unseen(gap: &Arc<Gap>) -> Self {
        let (users, groups) = (Read::unseen(gap), Read::unseen(gap));
        let (ids, makers) = (Interner::default(), Interner::default());
        People { users, groups, ids, makers, looked_up_users: None, looked_up_groups: None, checked: None }
    }
}

pub(super) fn read(
    reader: &mut Reader<'_>,
    scope: &Scope,
    instance: &Instance,
    named: &BTreeSet<PrincipalRead>,
) -> People {
    let store = instance.identity_store.as_str();
    let (mut ids, mut makers) = (Interner::default(), Interner::default());
    let (entries, extent, looked_up_users) = user_entries(reader, store);
    let mut users = Vec::new();
    let mut extent = extent;
    for entry in entries.into_iter().map(user) {
        // Of two entries with the same id the first one counts; where they differ, nobody can say which one is true.
        match users.get(ids.intern(entry.id.as_str()).number()) {
            None => users.push(entry),
            Some(first) if *first == entry => {}
            Some(_) => extent = reader.twice::<ListUsers>(extent, None, &all(What::Users), entry.id.as_str()),
        }
    }
    let users = Read { seen: users, extent };
    let (mut groups, looked_up_groups) = groups(reader, store, named);
    let mut of_members = Named { ids: &mut ids, makers: &mut makers };
    // Users who are not listed cannot have been asked all.
    let way = match looked_up_users {
        Some(_) => Way::ByGroup,
        None => memberships::way(reader, store, &users.seen, &groups.seen),
    };
    match way {
        Way::ByMember => memberships::by_member(reader, store, &users, &mut groups, &mut of_members),
        Way::ByGroup => memberships::by_group(reader, store, &mut groups, &mut of_members),
    }
    let checked = cross_check::memberships(reader, scope, store, way, &users, &mut groups, &mut of_members);
    let Read { seen: users, mut extent } = users;
    if looked_up_users.is_some() {
        let held = named.iter().filter_map(PrincipalRead::user).map(UserId::as_str);
        let held = held.chain(ids.texts().skip(users.len()));
        extent = lookups::everyone_asked::<DescribeUser>(reader, store, extent, held);
    } else {
        extent = memberships::joined_since(reader, store, extent, users.len(), &groups.seen, &ids);
    }
    People { users: Read { seen: users, extent }, groups, ids, makers, looked_up_users, looked_up_groups, checked }
}

fn user_entries(reader: &mut Reader<'_>, store: &str) -> (Vec<responses::User>, Extent, Option<LookedUp>) {
    let asked = Parameters::of([("IdentityStoreId", store)]);
    if let Some(why) = reader.cannot_list::<ListUsers>(&asked) {
        let Known { entries, extent, looked_up } = lookups::users(reader, store, why);
        return (entries, extent, Some(looked_up));
    }
    let read = reader.read::<ListUsers>(None, asked, &all(What::Users));
    let entries = read.seen.into_iter().flat_map(|page| page.users).collect();
    let mut listed = Listed { entries, extent: read.extent };
    let created = |user: &responses::User| user.created_at.map(responses::Timestamp::instant);
    unlisted_principals::added::<ListUsers, _, _>(
        reader,
        store,
        &mut listed,
        |described: DescribeUser| described.0,
        |user| &user.user_id,
        created,
    );
    let ids: BTreeSet<&str> = listed.entries.iter().map(|user| user.user_id.as_str()).collect();
    let since = reader.window(Operation::ListUsers, None, Parameters::of([("IdentityStoreId", store)]));
    let shows = reader.unlisted::<ListGroupMembershipsForMember>("UserId", since, &ids);
    let by = Operation::ListGroupMembershipsForMember;
    let extent = reader.unless_disproved::<ListUsers>(listed.extent, None, &all(What::Users), by, shows);
    (listed.entries, extent, None)
}

/// All of a kind, as an answer is asked for it.
fn all(kind: What) -> Wanted {
    Wanted::new(kind, Hides::Grants)
}

fn user(entry: responses::User) -> User {
    let mut emails: Vec<responses::Email> = entry.emails.into_iter().filter(|email| email.value.is_some()).collect();
    emails.sort_by_key(|email| !email.primary);
    User {
        user_name: entry.user_name.unwrap_or_else(|| entry.user_id.clone()),
        id: UserId::new(entry.user_id),
        display_name: entry.display_name,
        has_primary_mail: emails.first().is_some_and(|email| email.primary),
        mails: emails.into_iter().filter_map(|email| email.value).collect(),
        external_ids: external_ids(entry.external_ids),
        status: match entry.user_status.as_deref() {
            Some("ENABLED") => Some(UserStatus::Enabled),
            Some("DISABLED") => Some(UserStatus::Disabled),
            // A status that this version does not know is a status that it cannot vouch for.
            Some(_) | None => None,
        },
        created: entry.created_at.map(responses::Timestamp::instant),
        created_by: entry.created_by,
        listed: true,
    }
}

fn groups(
    reader: &mut Reader<'_>,
    store: &str,
    named: &BTreeSet<PrincipalRead>,
) -> (Read<GroupRead>, Option<LookedUp>) {
    let asked = Parameters::of([("IdentityStoreId", store)]);
    let (entries, extent, looked_up, there_were) = if let Some(why) = reader.cannot_list::<ListGroups>(&asked) {
        let Known { entries, extent, looked_up } = lookups::groups(reader, store, why);
        let held = named.iter().filter_map(PrincipalRead::group).map(GroupId::as_str);
        let extent = lookups::everyone_asked::<DescribeGroup>(reader, store, extent, held);
        let there_were = entries.len();
        (entries, extent, Some(looked_up), there_were)
    } else {
        let read = reader.read::<ListGroups>(None, asked, &all(What::Groups));
        let entries: Vec<responses::Group> = read.seen.into_iter().flat_map(|page| page.groups).collect();
        let mut listed = Listed { entries, extent: read.extent };
        let there_were = unlisted_principals::added::<ListGroups, _, _>(
            reader,
            store,
            &mut listed,
            |described: DescribeGroup| described.0,
            |group| &group.group_id,
            |group| group.created_at.map(responses::Timestamp::instant),
        );
        let ids: BTreeSet<&str> = listed.entries.iter().map(|group| group.group_id.as_str()).collect();
        let since = reader.window(Operation::ListGroups, None, Parameters::of([("IdentityStoreId", store)]));
        let shows = reader.unlisted::<ListGroupMemberships>("GroupId", since, &ids);
        let by = Operation::ListGroupMemberships;
        let extent = reader.unless_disproved::<ListGroups>(listed.extent, None, &all(What::Groups), by, shows);
        (listed.entries, extent, None, there_were)
    };
    let (mut groups, mut extent) = (BTreeMap::new(), extent);
    for (place, entry) in entries.into_iter().enumerate() {
        match groups.entry(entry.group_id.clone()) {
            Entry::Vacant(new) => _ = new.insert((entry, place >= there_were)),
            Entry::Occupied(first) if first.get().0 == entry => {}
            Entry::Occupied(_) => {
                extent = reader.twice::<ListGroups>(extent, None, &all(What::Groups), &entry.group_id);
            }
        }
    }
    let seen = groups.into_values();
    let seen = seen.map(|(entry, late)| GroupRead { late, ..group(entry, &extent) }).collect();
    (Read { seen, extent }, looked_up)
}

/// A group whose members are read next.
fn group(entry: responses::Group, extent: &Extent) -> GroupRead {
    let unlisted = unlisted(entry.group_id, extent);
    GroupRead {
        name: entry.display_name.unwrap_or(unlisted.name),
        external_ids: external_ids(entry.external_ids),
        created: entry.created_at.map(responses::Timestamp::instant),
        created_by: entry.created_by,
        listed: true,
        ..unlisted
    }
}

fn external_ids(entries: Vec<responses::ExternalId>) -> Vec<ExternalId> {
    let known = entries
        .into_iter()
        .filter_map(|entry| Some(ExternalId { issuer: entry.issuer.unwrap_or_default(), id: entry.id? }));
    known.collect()
}

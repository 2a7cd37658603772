//! Users, groups and memberships of the identity store.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Read;
use super::reader::{Reader, Wanted};
use crate::collect::answer::{self, ListGroupMemberships, ListGroups, ListUsers};
use crate::collect::page::Parameters;
use crate::model::{ExternalId, Gap, GroupId, Hides, Instance, Interner, Made, TextId, User, UserId, UserStatus};

/// Users and groups, each group with the ids of its members.
pub(super) struct People {
    pub(super) users: Read<User>,
    pub(super) groups: Read<GroupRead>,
    /// The ids of users: first those of `users`, in that order, then those that only a membership names.
    pub(super) ids: Interner,
    /// Who made memberships.
    pub(super) makers: Interner,
}

/// A group whose members are not found yet.
pub(super) struct GroupRead {
    pub(super) id: GroupId,
    pub(super) name: String,
    pub(super) external_ids: Vec<ExternalId>,
    pub(super) created: Option<DateTime<Utc>>,
    pub(super) created_by: Option<String>,
    pub(super) members: Read<TextId>,
    /// By member, in the order of answers, where AWS said so.
    pub(super) made: Vec<(TextId, Made)>,
}

impl People {
    pub(super) fn unseen(gap: &Arc<Gap>) -> Self {
        People {
            users: Read::unseen(gap),
            groups: Read::unseen(gap),
            ids: Interner::default(),
            makers: Interner::default(),
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>, instance: &Instance) -> People {
    let (mut ids, mut makers) = (Interner::default(), Interner::default());
    let users = users(reader, &instance.identity_store, &mut ids);
    let groups = groups(reader, &instance.identity_store, &mut ids, &mut makers);
    People { users, groups, ids, makers }
}

fn users(reader: &mut Reader<'_>, store: &str, ids: &mut Interner) -> Read<User> {
    let asked = Parameters::of([("IdentityStoreId", store)]);
    let read = reader.read::<ListUsers>(None, asked, &Wanted::new("users", Hides::Grants));
    let mut users = Vec::new();
    for entry in read.seen.into_iter().flat_map(|page| page.users) {
        // Of two entries with the same id the first one counts.
        if ids.intern(&entry.user_id).number() == users.len() {
            users.push(user(entry));
        }
    }
    Read { seen: users, extent: read.extent }
}

fn user(entry: answer::User) -> User {
    let mut emails = entry.emails;
    emails.sort_by_key(|email| !email.primary);
    User {
        user_name: entry.user_name.unwrap_or_else(|| entry.user_id.clone()),
        id: UserId::new(entry.user_id),
        display_name: entry.display_name,
        mails: emails.into_iter().filter_map(|email| email.value).collect(),
        external_ids: external_ids(entry.external_ids),
        status: match entry.user_status.as_deref() {
            Some("ENABLED") => Some(UserStatus::Enabled),
            Some("DISABLED") => Some(UserStatus::Disabled),
            // A status that this version does not know is a status that it cannot vouch for.
            Some(_) | None => None,
        },
        created: entry.created_at.map(answer::Timestamp::instant),
        created_by: entry.created_by,
        listed: true,
    }
}

fn groups(reader: &mut Reader<'_>, store: &str, ids: &mut Interner, makers: &mut Interner) -> Read<GroupRead> {
    let asked = Parameters::of([("IdentityStoreId", store)]);
    let read = reader.read::<ListGroups>(None, asked, &Wanted::new("groups", Hides::Grants));
    let mut groups = BTreeMap::new();
    for entry in read.seen.into_iter().flat_map(|page| page.groups) {
        groups.entry(entry.group_id.clone()).or_insert(entry);
    }
    let groups = groups.into_values().map(|entry| group(reader, store, entry, ids, makers)).collect();
    Read { seen: groups, extent: read.extent }
}

fn group(
    reader: &mut Reader<'_>,
    store: &str,
    entry: answer::Group,
    ids: &mut Interner,
    makers: &mut Interner,
) -> GroupRead {
    let name = entry.display_name.unwrap_or_else(|| entry.group_id.clone());
    let asked = Parameters::of([("IdentityStoreId", store), ("GroupId", &entry.group_id)]);
    let wanted = Wanted::of(format!("members of `{name}`"), format!("`{name}`"), Hides::Grants);
    let read = reader.read::<ListGroupMemberships>(None, asked, &wanted);
    let memberships = read.seen.into_iter().flat_map(|page| page.group_memberships);
    let (members, made): (Vec<String>, Vec<Option<Made>>) = memberships
        .map(|entry| {
            let by = entry.created_by.as_deref().map(|by| makers.intern(by));
            (entry.member_id.user_id, Made::of(entry.created_at.map(answer::Timestamp::instant), by))
        })
        .unzip();
    let members = ids.intern_all(&members);
    GroupRead {
        id: GroupId::new(entry.group_id),
        name,
        external_ids: external_ids(entry.external_ids),
        created: entry.created_at.map(answer::Timestamp::instant),
        created_by: entry.created_by,
        made: members.iter().zip(made).filter_map(|(&member, made)| Some((member, made?))).collect(),
        members: Read { seen: members, extent: read.extent },
    }
}

fn external_ids(entries: Vec<answer::ExternalId>) -> Vec<ExternalId> {
    let known = entries
        .into_iter()
        .filter_map(|entry| Some(ExternalId { issuer: entry.issuer.unwrap_or_default(), id: entry.id? }));
    known.collect()
}

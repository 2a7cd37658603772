//! Who is in which group: as each group says it, or as each user says it. Both say the same.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::cross_check::is_younger;
use super::entries::Read;
use super::group_read::{GroupRead, unlisted};
use super::page_reader::{Reader, Wanted};
use super::unlisted_principals;
use crate::collect::api::responses::{self, DescribeUser, ListGroupMemberships, ListGroupMembershipsForMember};
use crate::collect::journal::page::{Operation, Parameters};
use crate::collect::membership_strategy::Way;
use crate::model::{Extent, Hides, Interner, Made, TextId, User, What, Why, quoted};

/// The ids that memberships name.
pub(super) struct Named<'i> {
    /// Users: first those that are listed, in their order.
    pub(super) ids: &'i mut Interner,
    /// Who made memberships.
    pub(super) makers: &'i mut Interner,
}

/// The way that was gone to the end, or further; where both were, the cheaper one, which is gone first.
pub(super) fn way(reader: &Reader<'_>, store: &str, users: &[User], groups: &[GroupRead]) -> Way {
    if asked(reader, Operation::ListGroupMembershipsForMember, "UserId", store).is_empty() {
        return Way::ByGroup;
    }
    let open_groups = groups.iter().filter(|group| {
        let question = of_group(store, group.id.as_str());
        !reader.is_answered::<ListGroupMemberships>(&question)
    });
    let open_users = users.iter().filter(|user| {
        let question = of_member(store, user.id.as_str());
        !reader.is_answered::<ListGroupMembershipsForMember>(&question)
    });
    match open_users.count().cmp(&open_groups.count()) {
        Ordering::Less => Way::ByMember,
        Ordering::Equal => Way::cheaper(users.len(), groups.len()),
        Ordering::Greater => Way::ByGroup,
    }
}

/// Whom an operation was asked about in this store.
pub(super) fn asked<'a>(
    reader: &Reader<'a>,
    operation: Operation,
    parameter: &'a str,
    store: &str,
) -> BTreeSet<&'a str> {
    let asked = reader.asked(operation).filter(|call| call.parameters.get("IdentityStoreId") == Some(store));
    asked.filter_map(|call| call.parameters.get(parameter)).collect()
}

/// Each group's members, as it says itself.
pub(super) fn by_group(reader: &mut Reader<'_>, store: &str, groups: &mut Read<GroupRead>, named: &mut Named<'_>) {
    for group in &mut groups.seen {
        let (name, asked) = (&group.name, of_group(store, group.id.as_str()));
        let wanted = Wanted::of(What::Members.of(name), quoted(name), Hides::Grants);
        let read = reader.read::<ListGroupMemberships>(None, asked, &wanted);
        let (members, made) = named.members(read.seen);
        group.made = members.iter().zip(made).filter_map(|(&member, made)| Some((member, made?))).collect();
        group.members = Read { seen: members, extent: read.extent };
    }
}

/// Each group's members, as its users say: all of them where every user was listed and said it to the end.
pub(super) fn by_member(
    reader: &mut Reader<'_>,
    store: &str,
    users: &Read<User>,
    groups: &mut Read<GroupRead>,
    named: &mut Named<'_>,
) {
    let mut extent = users.extent.clone();
    let mut members: BTreeMap<String, Vec<(TextId, Option<Made>)>> = BTreeMap::new();
    for user in &users.seen {
        let (name, asked) = (&user.user_name, of_member(store, user.id.as_str()));
        let wanted = Wanted::of(What::GroupsOfUser.of(name), quoted(name), Hides::Grants);
        let read = reader.read::<ListGroupMembershipsForMember>(None, asked, &wanted);
        extent = extent.and(&read.extent);
        let user = named.ids.intern(user.id.as_str());
        for (group, made) in named.groups(read.seen) {
            members.entry(group).or_default().push((user, made));
        }
    }
    if let Extent::Whole(_) = extent {
        let of = Some("every user".to_owned());
        extent = Extent::Whole(reader.vouched(Operation::ListGroupMembershipsForMember, of, "the last page of each"));
    }
    for group in &mut groups.seen {
        let members = members.remove(group.id.as_str()).unwrap_or_default();
        group.made = members.iter().filter_map(|(user, made)| Some((*user, (*made)?))).collect();
        group.members = Read { seen: members.into_iter().map(|(user, _)| user).collect(), extent: extent.clone() };
    }
    // Of a group that joined since, the members were asked for, too.
    for group in groups.seen.iter_mut().filter(|group| group.late) {
        let (name, asked) = (&group.name, of_group(store, group.id.as_str()));
        let wanted = Wanted::of(What::Members.of(name), quoted(name), Hides::Grants);
        let read = reader.read::<ListGroupMemberships>(None, asked, &wanted);
        let (members, made) = named.members(read.seen);
        group.made.extend(members.iter().zip(made).filter_map(|(&member, made)| Some((member, made?))));
        let extent = group.members.extent.and(&read.extent);
        let known: BTreeSet<TextId> = group.members.seen.iter().copied().chain(members).collect();
        group.members = Read { seen: known.into_iter().collect(), extent };
    }
    // Groups that were made, or deleted, while the users were asked.
    groups.seen.extend(members.into_iter().map(|(id, members)| GroupRead {
        made: members.iter().filter_map(|(user, made)| Some((*user, (*made)?))).collect(),
        members: Read { seen: members.into_iter().map(|(user, _)| user).collect(), extent: extent.clone() },
        ..unlisted(id, &extent)
    }));
}

/// The extent of the users, unless somebody is a member since, is not listed, and was not asked for by id: that one may
/// have joined since, too.
pub(super) fn joined_since(
    reader: &mut Reader<'_>,
    store: &str,
    extent: Extent,
    listed: usize,
    groups: &[GroupRead],
    ids: &Interner,
) -> Extent {
    let listing = reader.window(Operation::ListUsers, None, Parameters::of([("IdentityStoreId", store)]));
    let (Extent::Whole(_), Some(listing)) = (&extent, listing) else { return extent };
    let asked = asked(reader, Operation::DescribeUser, "UserId", store);
    let unlisted = groups.iter().flat_map(|group| &group.made).filter(|(user, _)| user.number() >= listed);
    let young = unlisted.filter(|(_, made)| is_younger(made.at(), listing)).map(|(user, _)| ids.text(*user));
    let young: BTreeSet<&str> = young.filter(|user| !asked.contains(user)).collect();
    match young.first() {
        Some(first) => {
            Extent::Part(unlisted_principals::exists::<DescribeUser>(reader, first, young.len(), Why::NotAsked))
        }
        None => extent,
    }
}

impl Named<'_> {
    /// The members that a group names, and in the same order when and by whom each was put into it.
    pub(super) fn members(&mut self, pages: Vec<ListGroupMemberships>) -> (Vec<TextId>, Vec<Option<Made>>) {
        let memberships = pages.into_iter().flat_map(|page| page.group_memberships);
        let (members, made): (Vec<String>, Vec<Option<Made>>) = memberships
            .map(|entry| (entry.member_id.user_id, made(entry.created_at, entry.created_by.as_deref(), self.makers)))
            .unzip();
        (self.ids.intern_all(&members), made)
    }

    /// The groups that a user names, each with when and by whom the user was put into it.
    pub(super) fn groups(&mut self, pages: Vec<ListGroupMembershipsForMember>) -> Vec<(String, Option<Made>)> {
        let memberships = pages.into_iter().flat_map(|page| page.group_memberships);
        let named =
            memberships.map(|entry| (entry.group_id, made(entry.created_at, entry.created_by.as_deref(), self.makers)));
        named.collect()
    }
}

fn made(at: Option<responses::Timestamp>, by: Option<&str>, makers: &mut Interner) -> Option<Made> {
    Made::of(at.map(responses::Timestamp::instant), by.map(|by| makers.intern(by)))
}

/// The question who is in a group.
pub(super) fn of_group(store: &str, group: &str) -> Parameters {
    Parameters::of([("IdentityStoreId", store), ("GroupId", group)])
}

/// The question which groups a user is in.
pub(super) fn of_member(store: &str, user: &str) -> Parameters {
    Parameters::of([("IdentityStoreId", store), ("UserId", user)])
}

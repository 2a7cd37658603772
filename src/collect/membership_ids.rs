//! The ids of memberships, which a snapshot does not keep: there are millions of them, and a plan names a few.

use std::collections::{BTreeMap, BTreeSet};

use super::Collected;
use super::api::responses::{ListGroupMemberships, ListGroupMembershipsForMember};
use super::journal::page::{Operation, Outcome, Page};
use crate::model::{GroupId, UserId};

/// A user in a group.
type Membership = (GroupId, UserId);

impl Collected {
    /// The `MembershipId` of each of these memberships, as far as the answers name it. Answers that cannot be read again
    /// name none.
    #[must_use]
    pub fn membership_ids(&self, wanted: &BTreeSet<Membership>) -> BTreeMap<Membership, String> {
        let groups: BTreeSet<&str> = wanted.iter().map(|(group, _)| group.as_str()).collect();
        let users: BTreeSet<&str> = wanted.iter().map(|(_, user)| user.as_str()).collect();
        let pages = self.pages.iter().flat_map(|page| named(page, &groups, &users));
        pages.filter(|(membership, _)| wanted.contains(membership)).collect()
    }
}

/// The memberships on a page, where it is about one of these groups or users.
fn named(page: &Page, groups: &BTreeSet<&str>, users: &BTreeSet<&str>) -> Vec<(Membership, String)> {
    let Outcome::Answer(answer) = &page.outcome else { return Vec::new() };
    let asked = |operation, name: &str, of: &BTreeSet<&str>| {
        let id = page.call.parameters.get(name).filter(|id| page.call.operation == operation && of.contains(id));
        id.map(str::to_owned)
    };
    if let Some(group) = asked(Operation::ListGroupMemberships, "GroupId", groups) {
        let entries = answer.parse::<ListGroupMemberships>().map(|page| page.group_memberships).unwrap_or_default();
        let named = entries.into_iter().filter_map(|entry| {
            Some(((GroupId::new(&*group), UserId::new(entry.member_id.user_id)), entry.membership_id?))
        });
        named.collect()
    } else if let Some(user) = asked(Operation::ListGroupMembershipsForMember, "UserId", users) {
        let entries = answer.parse::<ListGroupMembershipsForMember>().map(|page| page.group_memberships);
        let named = entries
            .unwrap_or_default()
            .into_iter()
            .filter_map(|entry| Some(((GroupId::new(entry.group_id), UserId::new(&*user)), entry.membership_id?)));
        named.collect()
    } else {
        Vec::new()
    }
}

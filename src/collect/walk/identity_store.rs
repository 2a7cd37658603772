//! The identity store: users, groups, and memberships by the cheaper of the two ways.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_sdk_identitystore::operation::list_group_memberships::ListGroupMembershipsOutput;
use aws_sdk_identitystore::operation::list_group_memberships_for_member::ListGroupMembershipsForMemberOutput;
use aws_sdk_identitystore::operation::list_groups::ListGroupsOutput;
use aws_sdk_identitystore::operation::list_users::ListUsersOutput;
use aws_sdk_identitystore::{Client, types};
use aws_smithy_types::DateTime;

use super::named_ids::NamedIds;
use crate::collect::api::responses;
use crate::collect::journal::page::{Operation, Parameters};
use crate::collect::membership_strategy::Way;
use crate::collect::request::client::{AT_ONCE, Asker, Question, Service, Turn, at_once};

/// The largest page that the service gives.
const PAGE: i32 = 100;

pub(in crate::collect) struct IdentityStore {
    pub(super) client: Client,
    pub(super) service: Service,
    pub(super) named: NamedIds,
}

impl IdentityStore {
    pub(in crate::collect) fn new(config: &SdkConfig, requests_per_second: f64) -> Self {
        let service = Service::new(requests_per_second);
        let config = aws_sdk_identitystore::config::Builder::from(config).interceptor(service.witness.clone());
        let config = config.interceptor(Operation::whole("identitystore")).build();
        IdentityStore { client: Client::from_conf(config), service, named: NamedIds::default() }
    }

    fn question(&self, parameters: Parameters) -> Question<'_> {
        Question { service: &self.service, account: None, parameters }
    }
}

/// Reads users, groups and memberships; tells by which way the latter.
pub(super) async fn walk(asker: &Arc<Asker>, store: &Arc<IdentityStore>, id: &str) -> Way {
    let question = store.question(Parameters::of([("IdentityStoreId", id)]));
    let users = |token| store.client.list_users().identity_store_id(id).max_results(PAGE).set_next_token(token).send();
    let groups =
        |token| store.client.list_groups().identity_store_id(id).max_results(PAGE).set_next_token(token).send();
    let ((users, all_users), (groups, all_groups)) =
        tokio::join!(asker.all(&question, users, users_page), asker.all(&question, groups, groups_page));
    let users: Vec<String> = users.into_iter().flat_map(|page| page.users).map(|user| user.user_id).collect();
    let groups: Vec<String> = groups.into_iter().flat_map(|page| page.groups).map(|group| group.group_id).collect();
    if all_users {
        store.named.listed_users(users.iter().cloned());
    }
    if all_groups {
        store.named.listed_groups(groups.iter().cloned());
    }
    if all_users && all_groups && Way::cheaper(users.len(), groups.len()) == Way::ByMember {
        asker.ahead(&[Operation::ListGroupMembershipsForMember], users.len());
        if all_of_members(asker, store, id, users).await {
            return Way::ByMember;
        }
    }
    asker.ahead(&[Operation::ListGroupMemberships], groups.len());
    all_memberships(asker, store, id, groups).await;
    Way::ByGroup
}

/// Reads the members of these groups.
pub(super) async fn all_memberships(
    asker: &Arc<Asker>,
    store: &Arc<IdentityStore>,
    id: &str,
    groups: impl IntoIterator<Item = String>,
) {
    at_once(AT_ONCE, groups, |group| {
        let (asker, store, id) = (Arc::clone(asker), Arc::clone(store), id.to_owned());
        async move { _ = memberships(&asker, Turn::First, &store, &id, &group).await }
    })
    .await;
}

/// Reads the groups of these users. Whoever is refused about the first is refused about all: then no more are asked,
/// and `false` says so.
pub(super) async fn all_of_members(
    asker: &Arc<Asker>,
    store: &Arc<IdentityStore>,
    id: &str,
    users: impl IntoIterator<Item = String>,
) -> bool {
    let mut users = users.into_iter();
    if let Some(first) = users.next()
        && !of_member(asker, Turn::First, store, id, &first).await
        && !asker.samples()
    {
        return false;
    }
    at_once(AT_ONCE, users, |user| {
        let (asker, store, id) = (Arc::clone(asker), Arc::clone(store), id.to_owned());
        async move { _ = of_member(&asker, Turn::First, &store, &id, &user).await }
    })
    .await;
    true
}

/// Reads the members of a group, and tells whether to the end.
pub(in crate::collect) async fn memberships(
    asker: &Asker,
    turn: Turn,
    store: &IdentityStore,
    id: &str,
    group: &str,
) -> bool {
    let question = store.question(Parameters::of([("IdentityStoreId", id), ("GroupId", group)]));
    let send = |token| {
        let list = store.client.list_group_memberships().identity_store_id(id).group_id(group);
        list.max_results(PAGE).set_next_token(token).send()
    };
    let (pages, whole) = asker.listed(turn, &question, send, memberships_page).await;
    let memberships = pages.into_iter().flat_map(|page| page.group_memberships);
    store.named.users(memberships.map(|membership| membership.member_id.user_id));
    whole
}

/// Reads the groups of a user, and tells whether to the end.
pub(in crate::collect) async fn of_member(
    asker: &Asker,
    turn: Turn,
    store: &IdentityStore,
    id: &str,
    user: &str,
) -> bool {
    let question = store.question(Parameters::of([("IdentityStoreId", id), ("UserId", user)]));
    let send = |token| {
        let member = types::MemberId::UserId(user.to_owned());
        let list = store.client.list_group_memberships_for_member().identity_store_id(id).member_id(member);
        list.max_results(PAGE).set_next_token(token).send()
    };
    let (pages, whole) = asker.listed(turn, &question, send, groups_of_member).await;
    let memberships = pages.into_iter().flat_map(|page| page.group_memberships);
    store.named.groups(memberships.map(|membership| membership.group_id));
    whole
}

fn users_page(output: ListUsersOutput) -> responses::ListUsers {
    responses::ListUsers { users: output.users.into_iter().map(user).collect(), next_token: output.next_token }
}

fn user(user: types::User) -> responses::User {
    responses::User {
        identity_store_id: Some(user.identity_store_id),
        user_id: user.user_id,
        user_name: user.user_name,
        display_name: user.display_name,
        emails: user.emails.unwrap_or_default().into_iter().map(email).collect(),
        external_ids: user.external_ids.unwrap_or_default().into_iter().map(external_id).collect(),
        user_status: user.user_status.map(|status| status.as_str().to_owned()),
        created_at: user.created_at.and_then(timestamp),
        created_by: user.created_by,
        updated_at: user.updated_at.and_then(timestamp),
        updated_by: user.updated_by,
    }
}

pub(super) fn email(email: types::Email) -> responses::Email {
    responses::Email { value: email.value, primary: email.primary }
}

pub(super) fn external_id(id: types::ExternalId) -> responses::ExternalId {
    responses::ExternalId { issuer: Some(id.issuer), id: Some(id.id) }
}

fn groups_page(output: ListGroupsOutput) -> responses::ListGroups {
    responses::ListGroups { groups: output.groups.into_iter().map(group).collect(), next_token: output.next_token }
}

fn group(group: types::Group) -> responses::Group {
    responses::Group {
        identity_store_id: Some(group.identity_store_id),
        group_id: group.group_id,
        display_name: group.display_name,
        external_ids: group.external_ids.unwrap_or_default().into_iter().map(external_id).collect(),
        created_at: group.created_at.and_then(timestamp),
        created_by: group.created_by,
        updated_at: group.updated_at.and_then(timestamp),
        updated_by: group.updated_by,
    }
}

fn memberships_page(output: ListGroupMembershipsOutput) -> responses::ListGroupMemberships {
    responses::ListGroupMemberships {
        group_memberships: output.group_memberships.into_iter().map(membership).collect(),
        next_token: output.next_token,
    }
}

fn membership(membership: types::GroupMembership) -> responses::GroupMembership {
    // A member of a kind that this version does not know has no id here, and so makes the page unreadable.
    let user_id = membership.member_id.and_then(|member| member.as_user_id().ok().cloned()).unwrap_or_default();
    responses::GroupMembership {
        identity_store_id: Some(membership.identity_store_id),
        group_id: membership.group_id,
        membership_id: Some(membership.membership_id),
        member_id: member(user_id),
        created_at: membership.created_at.and_then(timestamp),
        created_by: membership.created_by,
        updated_at: membership.updated_at.and_then(timestamp),
        updated_by: membership.updated_by,
    }
}

fn member(user_id: String) -> responses::MemberId {
    responses::MemberId { user_id }
}

fn groups_of_member(output: ListGroupMembershipsForMemberOutput) -> responses::ListGroupMembershipsForMember {
    let membership = |membership: types::GroupMembership| responses::MembershipOfMember {
        identity_store_id: Some(membership.identity_store_id),
        member_id: membership.member_id.and_then(|member| member.as_user_id().ok().cloned()).map(member),
        membership_id: Some(membership.membership_id),
        // Without a group the page is unreadable.
        group_id: membership.group_id.unwrap_or_default(),
        created_at: membership.created_at.and_then(timestamp),
        created_by: membership.created_by,
        updated_at: membership.updated_at.and_then(timestamp),
        updated_by: membership.updated_by,
    };
    responses::ListGroupMembershipsForMember {
        group_memberships: output.group_memberships.into_iter().map(membership).collect(),
        next_token: output.next_token,
    }
}

pub(super) fn timestamp(instant: DateTime) -> Option<responses::Timestamp> {
    instant.to_millis().ok().and_then(responses::Timestamp::from_millis)
}

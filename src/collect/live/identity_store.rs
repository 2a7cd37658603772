//! The identity store: users, groups, and each group's memberships.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_sdk_identitystore::operation::list_group_memberships::ListGroupMembershipsOutput;
use aws_sdk_identitystore::operation::list_groups::ListGroupsOutput;
use aws_sdk_identitystore::operation::list_users::ListUsersOutput;
use aws_sdk_identitystore::{Client, types};
use aws_smithy_types::DateTime;

use super::AT_ONCE;
use super::asker::{Asker, Question, Service, at_once};
use crate::collect::answer;
use crate::collect::page::{Operation, Parameters};

/// The largest page that the service gives.
const PAGE: i32 = 100;

pub(super) struct IdentityStore {
    client: Client,
    service: Service,
}

impl IdentityStore {
    pub(super) fn new(config: &SdkConfig, requests_per_second: f64) -> Self {
        let service = Service::new(requests_per_second);
        let config = aws_sdk_identitystore::config::Builder::from(config).interceptor(service.witness.clone()).build();
        IdentityStore { client: Client::from_conf(config), service }
    }
}

pub(super) async fn walk(asker: &Arc<Asker>, store: Arc<IdentityStore>, id: &str) {
    let question =
        Question { service: &store.service, account: None, parameters: Parameters::of([("IdentityStoreId", id)]) };
    let users = |token| store.client.list_users().identity_store_id(id).max_results(PAGE).set_next_token(token).send();
    let groups =
        |token| store.client.list_groups().identity_store_id(id).max_results(PAGE).set_next_token(token).send();
    let (_, (groups, _)) =
        tokio::join!(asker.all(&question, users, users_page), asker.all(&question, groups, groups_page));
    let groups: Vec<String> = groups.into_iter().flat_map(|page| page.groups).map(|group| group.group_id).collect();
    asker.ahead(&[Operation::ListGroupMemberships], groups.len());
    at_once(AT_ONCE, groups, |group| {
        let (asker, store, id) = (Arc::clone(asker), Arc::clone(&store), id.to_owned());
        async move { memberships(&asker, &store, &id, &group).await }
    })
    .await;
}

async fn memberships(asker: &Asker, store: &IdentityStore, id: &str, group: &str) {
    let question = Question {
        service: &store.service,
        account: None,
        parameters: Parameters::of([("IdentityStoreId", id), ("GroupId", group)]),
    };
    let send = |token| {
        let list = store.client.list_group_memberships().identity_store_id(id).group_id(group);
        list.max_results(PAGE).set_next_token(token).send()
    };
    asker.all(&question, send, memberships_page).await;
}

fn users_page(output: ListUsersOutput) -> answer::ListUsers {
    answer::ListUsers { users: output.users.into_iter().map(user).collect(), next_token: output.next_token }
}

fn user(user: types::User) -> answer::User {
    answer::User {
        user_id: user.user_id,
        user_name: user.user_name,
        display_name: user.display_name,
        name: user.name.map(|name| answer::Name {
            formatted: name.formatted,
            given_name: name.given_name,
            family_name: name.family_name,
        }),
        emails: user.emails.unwrap_or_default().into_iter().map(email).collect(),
        external_ids: user.external_ids.unwrap_or_default().into_iter().map(external_id).collect(),
        user_type: user.user_type,
        title: user.title,
        user_status: user.user_status.map(|status| status.as_str().to_owned()),
        created_at: user.created_at.and_then(timestamp),
        created_by: user.created_by,
        updated_at: user.updated_at.and_then(timestamp),
        updated_by: user.updated_by,
    }
}

fn email(email: types::Email) -> answer::Email {
    answer::Email { value: email.value, primary: email.primary }
}

fn external_id(id: types::ExternalId) -> answer::ExternalId {
    answer::ExternalId { issuer: Some(id.issuer), id: Some(id.id) }
}

fn groups_page(output: ListGroupsOutput) -> answer::ListGroups {
    answer::ListGroups { groups: output.groups.into_iter().map(group).collect(), next_token: output.next_token }
}

fn group(group: types::Group) -> answer::Group {
    answer::Group {
        group_id: group.group_id,
        display_name: group.display_name,
        description: group.description,
        external_ids: group.external_ids.unwrap_or_default().into_iter().map(external_id).collect(),
        created_at: group.created_at.and_then(timestamp),
        created_by: group.created_by,
        updated_at: group.updated_at.and_then(timestamp),
        updated_by: group.updated_by,
    }
}

fn memberships_page(output: ListGroupMembershipsOutput) -> answer::ListGroupMemberships {
    answer::ListGroupMemberships {
        group_memberships: output.group_memberships.into_iter().map(membership).collect(),
        next_token: output.next_token,
    }
}

fn membership(membership: types::GroupMembership) -> answer::GroupMembership {
    // A member of a kind that this version does not know has no id here, and so makes the page unreadable.
    let user_id = membership.member_id.and_then(|member| member.as_user_id().ok().cloned()).unwrap_or_default();
    answer::GroupMembership {
        membership_id: Some(membership.membership_id),
        member_id: answer::MemberId { user_id },
        created_at: membership.created_at.and_then(timestamp),
        created_by: membership.created_by,
        updated_at: membership.updated_at.and_then(timestamp),
        updated_by: membership.updated_by,
    }
}

pub(super) fn timestamp(instant: DateTime) -> Option<answer::Timestamp> {
    instant.to_millis().ok().and_then(answer::Timestamp::from_millis)
}

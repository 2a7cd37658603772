//! Where the identity store lists nobody, because its users come from Active Directory: everyone whom an assignment or
//! a membership names, by their ids, and everyone whom the run was given a name of.
//!
//! Who holds nothing and was not named is not found so. It takes a call for each of them, so it is no way to list a
//! store that can be listed.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_sdk_identitystore::operation::describe_group::DescribeGroupOutput;
use aws_sdk_identitystore::operation::describe_user::DescribeUserOutput;
use aws_sdk_identitystore::operation::get_group_id::GetGroupIdOutput;
use aws_sdk_identitystore::operation::get_user_id::GetUserIdOutput;
use aws_sdk_identitystore::types::{AlternateIdentifier, UniqueAttribute};
use aws_smithy_types::Document;
use aws_smithy_types::error::operation::BuildError;

use super::identity_store::{IdentityStore, all_memberships, email, external_id, timestamp};
use crate::collect::Names;
use crate::collect::api::responses::{
    self, ListAccountAssignments, ListApplicationAssignments, ListEntitlements, ListGroupMemberships,
};
use crate::collect::journal::page::{Operation, Parameters};
use crate::collect::request::client::{AT_ONCE, Asker, Question, at_once};

/// What is asked about: a user or a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    User,
    Group,
}

/// Asks for everyone by id and by name, where they cannot be listed. Assignments and memberships have been read.
pub(super) async fn walk(asker: &Arc<Asker>, store: &Arc<IdentityStore>, id: &str, names: &Names) {
    if asker.cannot_list(Operation::ListGroups) {
        look_up(asker, store, id, Whom::Group, names.groups.clone()).await;
        let named = asker.answered::<responses::GetGroupId>().into_iter().map(|found| found.group_id);
        let groups: BTreeSet<String> = assigned(asker, "GROUP").into_iter().chain(named).collect();
        describe(asker, store, id, Whom::Group, groups.clone()).await;
        all_memberships(asker, store, id, groups).await;
    }
    if asker.cannot_list(Operation::ListUsers) {
        let members = asker.answered::<ListGroupMemberships>().into_iter().flat_map(|page| page.group_memberships);
        let mut held = assigned(asker, "USER");
        held.extend(members.map(|one| one.member_id.user_id));
        describe(asker, store, id, Whom::User, held.clone()).await;
        let met = asker.answered::<responses::DescribeUser>().into_iter().filter_map(|user| user.0.user_name);
        let met: BTreeSet<String> = met.map(|name| name.to_lowercase()).collect();
        let others = names.users.iter().filter(|name| !met.contains(&name.to_lowercase()));
        look_up(asker, store, id, Whom::User, others.cloned().collect()).await;
        let named = asker.answered::<responses::GetUserId>().into_iter().map(|found| found.user_id);
        describe(asker, store, id, Whom::User, named.filter(|user| !held.contains(user)).collect()).await;
    }
}

/// The ids of all principals of a kind to whom something is granted.
pub(super) fn assigned(asker: &Asker, kind: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    asker.each_answer(|page: ListAccountAssignments| {
        let of_kind = page.account_assignments.into_iter().filter(|assignment| assignment.principal_type == kind);
        ids.extend(of_kind.map(|assignment| assignment.principal_id));
    });
    asker.each_answer(|page: ListApplicationAssignments| {
        let of_kind = page.application_assignments.into_iter().filter(|assignment| assignment.principal_type == kind);
        ids.extend(of_kind.map(|assignment| assignment.principal_id));
    });
    asker.each_answer(|page: ListEntitlements| {
        let roles = page.entitlements.into_iter().filter_map(|member| member.entitlement?.principal_role);
        let principals = roles.filter_map(|role| role.principal?.identity_center);
        ids.extend(principals.filter_map(|one| if kind == "GROUP" { one.group_id } else { one.user_id }));
    });
    ids
}

/// Asks for each of them by id.
pub(super) async fn describe(
    asker: &Arc<Asker>,
    store: &Arc<IdentityStore>,
    id: &str,
    whom: Whom,
    ids: BTreeSet<String>,
) {
    at_once(AT_ONCE, ids, |of| {
        let (asker, store, id) = (Arc::clone(asker), Arc::clone(store), id.to_owned());
        async move {
            let asked = |parameter| Question {
                service: &store.service,
                account: None,
                parameters: Parameters::of([("IdentityStoreId", &*id), (parameter, &*of)]),
            };
            match whom {
                Whom::User => {
                    let send = || store.client.describe_user().identity_store_id(&id).user_id(&of).send();
                    asker.one(&asked("UserId"), send, user).await;
                }
                Whom::Group => {
                    let send = || store.client.describe_group().identity_store_id(&id).group_id(&of).send();
                    asker.one(&asked("GroupId"), send, group).await;
                }
            }
        }
    })
    .await;
}

async fn look_up(asker: &Arc<Asker>, store: &Arc<IdentityStore>, id: &str, whom: Whom, names: BTreeSet<String>) {
    at_once(AT_ONCE, names, |named| {
        let (asker, store, id) = (Arc::clone(asker), Arc::clone(store), id.to_owned());
        async move {
            let path = match whom {
                Whom::User => "userName",
                Whom::Group => "displayName",
            };
            let asked = [("IdentityStoreId", &*id), ("AttributePath", path), ("AttributeValue", &*named)];
            let question = Question { service: &store.service, account: None, parameters: Parameters::of(asked) };
            let by = unique(path, &named).expect("a path and a value are all that an attribute needs");
            match whom {
                Whom::User => {
                    let get = || store.client.get_user_id().identity_store_id(&id);
                    asker.one(&question, || get().alternate_identifier(by.clone()).send(), user_id).await;
                }
                Whom::Group => {
                    let get = || store.client.get_group_id().identity_store_id(&id);
                    asker.one(&question, || get().alternate_identifier(by.clone()).send(), group_id).await;
                }
            }
        }
    })
    .await;
}

fn unique(path: &str, value: &str) -> Result<AlternateIdentifier, BuildError> {
    let attribute = UniqueAttribute::builder().attribute_path(path).attribute_value(Document::from(value)).build()?;
    Ok(AlternateIdentifier::UniqueAttribute(attribute))
}

fn user(output: DescribeUserOutput) -> responses::DescribeUser {
    responses::DescribeUser(responses::User {
        identity_store_id: Some(output.identity_store_id),
        user_id: output.user_id,
        user_name: output.user_name,
        display_name: output.display_name,
        emails: output.emails.unwrap_or_default().into_iter().map(email).collect(),
        external_ids: output.external_ids.unwrap_or_default().into_iter().map(external_id).collect(),
        user_status: output.user_status.map(|status| status.as_str().to_owned()),
        created_at: output.created_at.and_then(timestamp),
        created_by: output.created_by,
        updated_at: output.updated_at.and_then(timestamp),
        updated_by: output.updated_by,
    })
}

fn group(output: DescribeGroupOutput) -> responses::DescribeGroup {
    responses::DescribeGroup(responses::Group {
        identity_store_id: Some(output.identity_store_id),
        group_id: output.group_id,
        display_name: output.display_name,
        external_ids: output.external_ids.unwrap_or_default().into_iter().map(external_id).collect(),
        created_at: output.created_at.and_then(timestamp),
        created_by: output.created_by,
        updated_at: output.updated_at.and_then(timestamp),
        updated_by: output.updated_by,
    })
}

fn user_id(output: GetUserIdOutput) -> responses::GetUserId {
    responses::GetUserId { identity_store_id: Some(output.identity_store_id), user_id: output.user_id }
}

fn group_id(output: GetGroupIdOutput) -> responses::GetGroupId {
    responses::GetGroupId { identity_store_id: Some(output.identity_store_id), group_id: output.group_id }
}

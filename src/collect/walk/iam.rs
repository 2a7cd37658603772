//! IAM in each account: users, groups, roles and policies in one listing. How users sign in is asked beside it.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_config::SdkConfig;
use aws_sdk_iam::config::{Builder, Config};
use aws_sdk_iam::operation::get_account_authorization_details::GetAccountAuthorizationDetailsOutput;
use aws_sdk_iam::types::{self, EntityType};

use super::ACCOUNTS_AT_ONCE;
use super::caller::{MemberRole, Sts};
use super::credentials;
use super::iam_account::{Asked, PAGE};
use super::identity_store::timestamp;
use crate::aws::endpoint::Witness;
use crate::aws::failure::Failure;
use crate::collect::api::convert::needed;
use crate::collect::api::responses::{self, Document};
use crate::collect::build::{Counted, Listed, Summary};
use crate::collect::journal::page::{Operation, Parameters};
use crate::collect::request::client::{Asker, Question, Service, Turn, at_once};
use crate::model::AccountId;

/// What the listing is asked for, as the AWS CLI takes it. AWS's own policies are among them where something has them
/// attached, each with its document.
const DETAILS: &str = "User Role Group LocalManagedPolicy AWSManagedPolicy";
/// What every account is asked.
const EACH: [Operation; 6] = [
    Operation::GetAccountAuthorizationDetails,
    Operation::GenerateCredentialReport,
    Operation::GetCredentialReport,
    Operation::GetAccountSummary,
    Operation::ListVirtualMFADevices,
    Operation::ListServiceSpecificCredentials,
];
/// No rate is documented, and the limits are each account's own.
const PER_SECOND: f64 = 20.0;
/// Asks the accounts. The caller's own credentials are used in its own account, the member role's in all others.
pub(super) async fn walk(
    asker: &Arc<Asker>,
    config: &SdkConfig,
    sts: Sts,
    role: Option<MemberRole>,
    caller: Option<AccountId>,
    accounts: BTreeSet<AccountId>,
) {
    let everywhere = Arc::new(Everywhere::of(config, sts, role, caller));
    let accounts: Vec<AccountId> = accounts.into_iter().filter(|account| !is_taken(asker, *account)).collect();
    asker.ahead(&EACH, accounts.len());
    asker.ahead(&[Operation::AssumeRole], accounts.iter().filter(|account| Some(**account) != caller).count());
    at_once(ACCOUNTS_AT_ONCE, accounts, |account| {
        let (asker, everywhere) = (Arc::clone(asker), Arc::clone(&everywhere));
        async move { walk_account(&asker, &everywhere, account).await }
    })
    .await;
}

/// What all accounts share: one client with one pool of connections; only the credentials differ.
struct Everywhere {
    client: aws_sdk_iam::Client,
    witness: Witness,
    sts: Sts,
    role: Option<MemberRole>,
    caller: Option<AccountId>,
}

impl Everywhere {
    fn of(config: &SdkConfig, sts: Sts, role: Option<MemberRole>, caller: Option<AccountId>) -> Self {
        let witness = Witness::default();
        let config = Builder::from(config).interceptor(witness.clone()).interceptor(Operation::whole("iam")).build();
        Everywhere { client: aws_sdk_iam::Client::from_conf(config), witness, sts, role, caller }
    }

    /// How an account is asked, and with which credentials where not by the caller's own; `None` where there are none.
    async fn way_into(&self, asker: &Asker, account: AccountId) -> Option<(Service, Builder)> {
        let mut service = Service::new(PER_SECOND);
        service.witness = self.witness.clone();
        service.by_ourselves = self.caller == Some(account);
        let mut credentials = Config::builder();
        if !service.by_ourselves {
            // Without a role, only the caller's own account is in scope.
            let assumed = self.sts.assume(asker, self.role.as_ref()?, account).await?;
            credentials = credentials.credentials_provider(assumed);
        }
        Some((service, credentials))
    }
}

/// Asks one account for users, groups, roles and policies alone.
pub(super) async fn details_alone(
    asker: &Asker,
    config: &SdkConfig,
    sts: Sts,
    role: Option<MemberRole>,
    caller: Option<AccountId>,
    account: AccountId,
) {
    let everywhere = Everywhere::of(config, sts, role, caller);
    let Some((service, credentials)) = everywhere.way_into(asker, account).await else { return };
    let asked = Asked { client: &everywhere.client, service: &service, account, credentials };
    details(asker, Turn::First, &asked).await;
}

async fn walk_account(asker: &Asker, everywhere: &Everywhere, account: AccountId) {
    let Some((service, credentials)) = everywhere.way_into(asker, account).await else { return };
    let asked = Asked { client: &everywhere.client, service: &service, account, credentials };
    let (listed, summary) = tokio::join!(details(asker, Turn::First, &asked), credentials::walk(asker, &asked));
    // Something may have been made, or taken away, between the two; then they agree when both are asked again.
    if !asker.samples() && summary.is_some_and(|summary| lacks(&listed, &summary)) {
        details(asker, Turn::Again, &asked).await;
        credentials::summary(asker, Turn::Again, &asked).await;
    }
}

/// Whether the account counts more than was listed to its end.
fn lacks((listed, whole): &(Listed, bool), summary: &Summary) -> bool {
    *whole && Counted::ALL.iter().any(|kind| summary.lacking(*kind, listed).is_some())
}

/// Whether an earlier run has read the account, so that not even its role is needed.
fn is_taken(asker: &Asker, account: AccountId) -> bool {
    let service = Service::new(PER_SECOND);
    let details = Question { service: &service, account: Some(account), parameters: of_details() };
    asker.is_taken::<responses::GetAccountAuthorizationDetails>(&details)
        && credentials::is_taken(asker, &service, account)
}

fn of_details() -> Parameters {
    Parameters::of([("Filter", DETAILS)])
}

/// Lists it all, and says what was listed, and whether to the end.
async fn details(asker: &Asker, turn: Turn, asked: &Asked<'_>) -> (Listed, bool) {
    let filter = DETAILS.split(' ').map(EntityType::from).collect::<Vec<_>>();
    let question = asked.question(of_details());
    let send = |marker| {
        let get = asked.client.get_account_authorization_details().set_filter(Some(filter.clone()));
        get.max_items(PAGE).set_marker(marker).customize().config_override(asked.credentials.clone()).send()
    };
    let (pages, whole) = asker.listed(turn, &question, send, details_page).await;
    (Listed::of(&pages), whole)
}

fn details_page(
    output: GetAccountAuthorizationDetailsOutput,
) -> Result<responses::GetAccountAuthorizationDetails, Failure> {
    Ok(responses::GetAccountAuthorizationDetails {
        user_detail_list: needed(output.user_detail_list, "UserDetailList")?.into_iter().map(user).collect(),
        group_detail_list: needed(output.group_detail_list, "GroupDetailList")?.into_iter().map(group).collect(),
        role_detail_list: Some(needed(output.role_detail_list, "RoleDetailList")?.into_iter().map(role).collect()),
        policies: needed(output.policies, "Policies")?.into_iter().map(managed_policy).collect(),
        is_truncated: output.is_truncated,
        marker: output.marker,
        next_token: None,
    })
}

fn user(user: types::UserDetail) -> responses::UserDetail {
    responses::UserDetail {
        user_name: user.user_name.unwrap_or_default(),
        user_id: user.user_id,
        path: user.path,
        arn: user.arn,
        create_date: user.create_date.and_then(timestamp),
        user_policy_list: user.user_policy_list.unwrap_or_default().into_iter().map(inline_policy).collect(),
        group_list: user.group_list.unwrap_or_default(),
        attached_managed_policies: attached(user.attached_managed_policies),
        permissions_boundary: user.permissions_boundary.map(boundary),
        tags: user.tags.unwrap_or_default().into_iter().map(tag).collect(),
    }
}

fn group(group: types::GroupDetail) -> responses::GroupDetail {
    responses::GroupDetail {
        group_name: group.group_name.unwrap_or_default(),
        group_id: group.group_id,
        path: group.path,
        arn: group.arn,
        create_date: group.create_date.and_then(timestamp),
        group_policy_list: group.group_policy_list.unwrap_or_default().into_iter().map(inline_policy).collect(),
        attached_managed_policies: attached(group.attached_managed_policies),
    }
}

fn role(role: types::RoleDetail) -> responses::RoleDetail {
    responses::RoleDetail {
        role_name: role.role_name.unwrap_or_default(),
        role_id: role.role_id,
        path: role.path,
        arn: role.arn,
        create_date: role.create_date.and_then(timestamp),
        assume_role_policy_document: role.assume_role_policy_document.as_deref().map(Document::from_text),
        role_policy_list: role.role_policy_list.unwrap_or_default().into_iter().map(inline_policy).collect(),
        attached_managed_policies: attached(role.attached_managed_policies),
        permissions_boundary: role.permissions_boundary.map(boundary),
        role_last_used: role.role_last_used.map(|used| responses::RoleLastUsed {
            last_used_date: used.last_used_date.and_then(timestamp),
            region: used.region,
        }),
        tags: role.tags.unwrap_or_default().into_iter().map(tag).collect(),
    }
}

fn boundary(boundary: types::AttachedPermissionsBoundary) -> responses::Boundary {
    responses::Boundary { permissions_boundary_arn: boundary.permissions_boundary_arn }
}

fn inline_policy(policy: types::PolicyDetail) -> responses::InlinePolicy {
    responses::InlinePolicy {
        policy_name: policy.policy_name.unwrap_or_default(),
        policy_document: policy.policy_document.as_deref().map(Document::from_text),
    }
}

fn attached(policies: Option<Vec<types::AttachedPolicy>>) -> Vec<responses::AttachedPolicy> {
    let policy = |policy: types::AttachedPolicy| responses::AttachedPolicy {
        policy_name: policy.policy_name,
        policy_arn: policy.policy_arn.unwrap_or_default(),
    };
    policies.unwrap_or_default().into_iter().map(policy).collect()
}

fn tag(tag: types::Tag) -> responses::Tag {
    responses::Tag { key: tag.key, value: tag.value }
}

fn managed_policy(policy: types::ManagedPolicyDetail) -> responses::ManagedPolicy {
    let version = |version: types::PolicyVersion| responses::PolicyVersion {
        version_id: version.version_id,
        is_default_version: version.is_default_version,
        document: version.document.as_deref().map(Document::from_text),
    };
    responses::ManagedPolicy {
        policy_name: policy.policy_name,
        arn: policy.arn.unwrap_or_default(),
        default_version_id: policy.default_version_id,
        policy_version_list: policy.policy_version_list.unwrap_or_default().into_iter().map(version).collect(),
    }
}

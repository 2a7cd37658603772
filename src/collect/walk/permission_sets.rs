//! Permission sets with their policies, and who has them where, which [`assignments`](super::assignments) asks.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;

use aws_sdk_ssoadmin::operation::describe_permission_set::DescribePermissionSetOutput;
use aws_sdk_ssoadmin::operation::get_inline_policy_for_permission_set::GetInlinePolicyForPermissionSetOutput;
use aws_sdk_ssoadmin::operation::get_permissions_boundary_for_permission_set::GetPermissionsBoundaryForPermissionSetOutput;
use aws_sdk_ssoadmin::operation::list_customer_managed_policy_references_in_permission_set::ListCustomerManagedPolicyReferencesInPermissionSetOutput;
use aws_sdk_ssoadmin::operation::list_managed_policies_in_permission_set::ListManagedPoliciesInPermissionSetOutput;
use aws_sdk_ssoadmin::operation::list_permission_sets::ListPermissionSetsOutput;

use super::assignments;
use super::identity_store::timestamp;
use super::organizations::Accounts;
use super::sso_admin::{PAGE, SsoAdmin};
use crate::aws::failure::Failure;
use crate::collect::api::convert::needed;
use crate::collect::api::responses;
use crate::collect::journal::page::{Operation, Parameters};
use crate::collect::request::client::{AT_ONCE, Asker, at_once};

/// What is asked about every permission set.
const EACH: [Operation; 5] = [
    Operation::DescribePermissionSet,
    Operation::ListManagedPoliciesInPermissionSet,
    Operation::ListCustomerManagedPolicyReferencesInPermissionSet,
    Operation::GetInlinePolicyForPermissionSet,
    Operation::GetPermissionsBoundaryForPermissionSet,
];

/// Reads every permission set, and who has it where. The organization's accounts are needed for the latter alone.
pub(super) async fn walk(
    asker: &Arc<Asker>,
    sso_admin: &Arc<SsoAdmin>,
    instance: &str,
    organization: impl Future<Output = &Accounts>,
) {
    let question = sso_admin.question(Parameters::of([("InstanceArn", instance)]));
    let send = |token| {
        sso_admin.client.list_permission_sets().instance_arn(instance).max_results(PAGE).set_next_token(token).send()
    };
    let (pages, whole) = asker.all(&question, send, permission_sets).await;
    let sets: BTreeSet<String> = pages.into_iter().flat_map(|page| page.permission_sets).collect();
    asker.ahead(&EACH, sets.len());
    let assigned = async {
        let organization = organization.await;
        assignments::walk(asker, sso_admin, instance, assignments::Listed { sets: &sets, whole }, organization).await
    };
    let ((), met) = tokio::join!(describe_all(asker, sso_admin, instance, sets.clone()), assigned);
    // Sets that were made while this run went on.
    describe_all(asker, sso_admin, instance, met.difference(&sets).cloned().collect()).await;
}

async fn describe_all(asker: &Arc<Asker>, sso_admin: &Arc<SsoAdmin>, instance: &str, sets: BTreeSet<String>) {
    at_once(AT_ONCE, sets, |set| {
        let (asker, sso_admin, instance) = (Arc::clone(asker), Arc::clone(sso_admin), instance.to_owned());
        async move { one(&asker, &sso_admin, &instance, &set).await }
    })
    .await;
}

/// Reads one permission set, and what it allows.
pub(super) async fn one(asker: &Asker, sso_admin: &SsoAdmin, instance: &str, set: &str) {
    describe(asker, sso_admin, instance, set).await;
    policies(asker, sso_admin, instance, set).await;
}

async fn describe(asker: &Asker, sso_admin: &SsoAdmin, instance: &str, set: &str) {
    let question = sso_admin.question(Parameters::of([("InstanceArn", instance), ("PermissionSetArn", set)]));
    let send = || sso_admin.client.describe_permission_set().instance_arn(instance).permission_set_arn(set).send();
    asker.one(&question, send, described).await;
}

async fn policies(asker: &Asker, sso_admin: &SsoAdmin, instance: &str, set: &str) {
    let question = sso_admin.question(Parameters::of([("InstanceArn", instance), ("PermissionSetArn", set)]));
    let managed = |token| {
        let list = sso_admin.client.list_managed_policies_in_permission_set();
        list.instance_arn(instance).permission_set_arn(set).max_results(PAGE).set_next_token(token).send()
    };
    asker.all(&question, managed, managed_policies).await;
    let references = |token| {
        let list = sso_admin.client.list_customer_managed_policy_references_in_permission_set();
        list.instance_arn(instance).permission_set_arn(set).max_results(PAGE).set_next_token(token).send()
    };
    asker.all(&question, references, customer_managed_policies).await;
    let inline = || {
        let get = sso_admin.client.get_inline_policy_for_permission_set();
        get.instance_arn(instance).permission_set_arn(set).send()
    };
    asker.one(&question, inline, inline_policy).await;
    let limit = || {
        let get = sso_admin.client.get_permissions_boundary_for_permission_set();
        get.instance_arn(instance).permission_set_arn(set).send()
    };
    asker.one(&question, limit, boundary).await;
}

fn permission_sets(output: ListPermissionSetsOutput) -> Result<responses::ListPermissionSets, Failure> {
    let permission_sets = needed(output.permission_sets, "PermissionSets")?;
    Ok(responses::ListPermissionSets { permission_sets, next_token: output.next_token })
}

fn described(output: DescribePermissionSetOutput) -> responses::DescribePermissionSet {
    let set = output.permission_set;
    let set = set.map(|set| responses::PermissionSet {
        permission_set_arn: set.permission_set_arn.unwrap_or_default(),
        name: set.name,
        description: set.description,
        created_date: set.created_date.and_then(timestamp),
        session_duration: set.session_duration,
    });
    // Without a set there is no ARN either, and so the page is unreadable.
    let nothing = responses::PermissionSet {
        permission_set_arn: String::new(),
        name: None,
        description: None,
        created_date: None,
        session_duration: None,
    };
    responses::DescribePermissionSet { permission_set: set.unwrap_or(nothing) }
}

fn managed_policies(
    output: ListManagedPoliciesInPermissionSetOutput,
) -> Result<responses::ListManagedPoliciesInPermissionSet, Failure> {
    let policies = needed(output.attached_managed_policies, "AttachedManagedPolicies")?.into_iter();
    let policies =
        policies.map(|policy| responses::ManagedPolicyOfSet { name: policy.name, arn: policy.arn.unwrap_or_default() });
    Ok(responses::ListManagedPoliciesInPermissionSet {
        attached_managed_policies: policies.collect(),
        next_token: output.next_token,
    })
}

fn customer_managed_policies(
    output: ListCustomerManagedPolicyReferencesInPermissionSetOutput,
) -> Result<responses::ListCustomerManagedPolicyReferencesInPermissionSet, Failure> {
    let references = output.customer_managed_policy_references;
    let references = needed(references, "CustomerManagedPolicyReferences")?.into_iter();
    let references =
        references.map(|policy| responses::CustomerManagedPolicyReference { name: policy.name, path: policy.path });
    Ok(responses::ListCustomerManagedPolicyReferencesInPermissionSet {
        customer_managed_policy_references: references.collect(),
        next_token: output.next_token,
    })
}

fn inline_policy(output: GetInlinePolicyForPermissionSetOutput) -> responses::GetInlinePolicyForPermissionSet {
    responses::GetInlinePolicyForPermissionSet { inline_policy: output.inline_policy }
}

fn boundary(output: GetPermissionsBoundaryForPermissionSetOutput) -> responses::GetPermissionsBoundaryForPermissionSet {
    let boundary = output.permissions_boundary;
    // Without either the page is unreadable: a limit of which nobody knows what it is.
    let nothing = responses::BoundaryOfSet { customer_managed_policy_reference: None, managed_policy_arn: None };
    let boundary = boundary.map(|boundary| responses::BoundaryOfSet {
        customer_managed_policy_reference: boundary
            .customer_managed_policy_reference
            .map(|policy| responses::CustomerManagedPolicyReference { name: policy.name, path: policy.path }),
        managed_policy_arn: boundary.managed_policy_arn,
    });
    responses::GetPermissionsBoundaryForPermissionSet { permissions_boundary: boundary.unwrap_or(nothing) }
}

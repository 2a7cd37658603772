//! Identity Center: permission sets, the accounts that each is provisioned to, and the assignments of each pair.
//!
//! The walk goes by the accounts that a set is provisioned to, because asking every set about every account takes a
//! hundred times the calls in a large organization.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_sdk_ssoadmin::operation::describe_permission_set::DescribePermissionSetOutput;
use aws_sdk_ssoadmin::operation::get_inline_policy_for_permission_set::GetInlinePolicyForPermissionSetOutput;
use aws_sdk_ssoadmin::operation::list_account_assignments::ListAccountAssignmentsOutput;
use aws_sdk_ssoadmin::operation::list_accounts_for_provisioned_permission_set::ListAccountsForProvisionedPermissionSetOutput;
use aws_sdk_ssoadmin::operation::list_customer_managed_policy_references_in_permission_set::ListCustomerManagedPolicyReferencesInPermissionSetOutput;
use aws_sdk_ssoadmin::operation::list_instances::ListInstancesOutput;
use aws_sdk_ssoadmin::operation::list_managed_policies_in_permission_set::ListManagedPoliciesInPermissionSetOutput;
use aws_sdk_ssoadmin::operation::list_permission_sets::ListPermissionSetsOutput;
use aws_sdk_ssoadmin::{Client, types};

use super::AT_ONCE;
use super::asker::{Asker, Question, Service, at_once};
use super::identity_store::timestamp;
use crate::collect::answer;
use crate::collect::page::Parameters;

/// The largest page that the service gives.
const PAGE: i32 = 100;

pub(super) struct SsoAdmin {
    pub(super) client: Client,
    service: Service,
}

impl SsoAdmin {
    pub(super) fn new(config: &SdkConfig, requests_per_second: f64) -> Self {
        let service = Service::new(requests_per_second);
        let config = aws_sdk_ssoadmin::config::Builder::from(config).interceptor(service.witness.clone()).build();
        SsoAdmin { client: Client::from_conf(config), service }
    }

    pub(super) async fn instances(&self, asker: &Asker) -> Vec<answer::Instance> {
        let question = self.question(Parameters::default());
        let send = |token| self.client.list_instances().max_results(PAGE).set_next_token(token).send();
        let (pages, _) = asker.all(&question, send, instances).await;
        pages.into_iter().flat_map(|page| page.instances).collect()
    }

    pub(super) fn question(&self, parameters: Parameters) -> Question<'_> {
        Question { service: &self.service, account: None, parameters }
    }
}

pub(super) async fn walk(asker: &Arc<Asker>, sso_admin: &Arc<SsoAdmin>, instance: &str) {
    let question = sso_admin.question(Parameters::of([("InstanceArn", instance)]));
    let send = |token| {
        sso_admin.client.list_permission_sets().instance_arn(instance).max_results(PAGE).set_next_token(token).send()
    };
    let (pages, _) = asker.all(&question, send, permission_sets).await;
    let sets = pages.into_iter().flat_map(|page| page.permission_sets);
    at_once(AT_ONCE, sets, |set| {
        let (asker, sso_admin, instance) = (Arc::clone(asker), Arc::clone(sso_admin), instance.to_owned());
        async move {
            describe(&asker, &sso_admin, &instance, &set).await;
            policies(&asker, &sso_admin, &instance, &set).await;
            placements(&asker, &sso_admin, &instance, &set).await;
        }
    })
    .await;
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
}

async fn placements(asker: &Asker, sso_admin: &SsoAdmin, instance: &str, set: &str) {
    let question = sso_admin.question(Parameters::of([("InstanceArn", instance), ("PermissionSetArn", set)]));
    let send = |token| {
        let list = sso_admin.client.list_accounts_for_provisioned_permission_set();
        list.instance_arn(instance).permission_set_arn(set).max_results(PAGE).set_next_token(token).send()
    };
    let (pages, _) = asker.all(&question, send, provisioned).await;
    for account in pages.into_iter().flat_map(|page| page.account_ids) {
        let of_account = [("InstanceArn", instance), ("PermissionSetArn", set), ("AccountId", &account)];
        let question = sso_admin.question(Parameters::of(of_account));
        let send = |token| {
            let list = sso_admin.client.list_account_assignments().instance_arn(instance).permission_set_arn(set);
            list.account_id(&account).max_results(PAGE).set_next_token(token).send()
        };
        asker.all(&question, send, assignments).await;
    }
}

fn instances(output: ListInstancesOutput) -> answer::ListInstances {
    let instance = |instance: types::InstanceMetadata| answer::Instance {
        instance_arn: instance.instance_arn.unwrap_or_default(),
        identity_store_id: instance.identity_store_id.unwrap_or_default(),
        owner_account_id: instance.owner_account_id,
        name: instance.name,
        status: instance.status.map(|status| status.as_str().to_owned()),
    };
    let instances = output.instances.unwrap_or_default().into_iter().map(instance);
    answer::ListInstances { instances: instances.collect(), next_token: output.next_token }
}

fn permission_sets(output: ListPermissionSetsOutput) -> answer::ListPermissionSets {
    let permission_sets = output.permission_sets.unwrap_or_default();
    answer::ListPermissionSets { permission_sets, next_token: output.next_token }
}

fn described(output: DescribePermissionSetOutput) -> answer::DescribePermissionSet {
    let set = output.permission_set;
    let set = set.map(|set| answer::PermissionSet {
        permission_set_arn: set.permission_set_arn.unwrap_or_default(),
        name: set.name,
        description: set.description,
        created_date: set.created_date.and_then(timestamp),
        session_duration: set.session_duration,
    });
    // Without a set there is no ARN either, and so the page is unreadable.
    let nothing = answer::PermissionSet {
        permission_set_arn: String::new(),
        name: None,
        description: None,
        created_date: None,
        session_duration: None,
    };
    answer::DescribePermissionSet { permission_set: set.unwrap_or(nothing) }
}

fn managed_policies(output: ListManagedPoliciesInPermissionSetOutput) -> answer::ListManagedPoliciesInPermissionSet {
    let policies = output.attached_managed_policies.unwrap_or_default().into_iter();
    let policies =
        policies.map(|policy| answer::ManagedPolicyOfSet { name: policy.name, arn: policy.arn.unwrap_or_default() });
    answer::ListManagedPoliciesInPermissionSet {
        attached_managed_policies: policies.collect(),
        next_token: output.next_token,
    }
}

fn customer_managed_policies(
    output: ListCustomerManagedPolicyReferencesInPermissionSetOutput,
) -> answer::ListCustomerManagedPolicyReferencesInPermissionSet {
    let references = output.customer_managed_policy_references.unwrap_or_default().into_iter();
    let references =
        references.map(|policy| answer::CustomerManagedPolicyReference { name: policy.name, path: policy.path });
    answer::ListCustomerManagedPolicyReferencesInPermissionSet {
        customer_managed_policy_references: references.collect(),
        next_token: output.next_token,
    }
}

fn inline_policy(output: GetInlinePolicyForPermissionSetOutput) -> answer::GetInlinePolicyForPermissionSet {
    answer::GetInlinePolicyForPermissionSet { inline_policy: output.inline_policy }
}

fn provisioned(
    output: ListAccountsForProvisionedPermissionSetOutput,
) -> answer::ListAccountsForProvisionedPermissionSet {
    let account_ids = output.account_ids.unwrap_or_default();
    answer::ListAccountsForProvisionedPermissionSet { account_ids, next_token: output.next_token }
}

fn assignments(output: ListAccountAssignmentsOutput) -> answer::ListAccountAssignments {
    let assignment = |assignment: types::AccountAssignment| answer::AccountAssignment {
        account_id: assignment.account_id,
        permission_set_arn: assignment.permission_set_arn,
        principal_type: assignment.principal_type.map_or_else(String::new, |kind| kind.as_str().to_owned()),
        principal_id: assignment.principal_id.unwrap_or_default(),
    };
    let account_assignments = output.account_assignments.unwrap_or_default().into_iter().map(assignment);
    answer::ListAccountAssignments { account_assignments: account_assignments.collect(), next_token: output.next_token }
}

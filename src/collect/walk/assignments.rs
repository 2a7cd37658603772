//! The guided walk: the pairs of a permission set and an account that exist, and the assignments of each pair.
//!
//! Asking every set about every account takes a hundred times the calls in a large organization. The pairs are listed
//! by set or by account, whichever are fewer: a list names far fewer than a page holds, so a list is a call. Each list
//! is followed by a second one, of what is provisioned there in an older version; that is the only way in which AWS
//! tells it, and costs as many calls as there are lists.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_ssoadmin::operation::list_account_assignments::ListAccountAssignmentsOutput;
use aws_sdk_ssoadmin::operation::list_account_assignments_for_principal::ListAccountAssignmentsForPrincipalOutput;
use aws_sdk_ssoadmin::operation::list_accounts_for_provisioned_permission_set::ListAccountsForProvisionedPermissionSetOutput;
use aws_sdk_ssoadmin::operation::list_permission_sets_provisioned_to_account::ListPermissionSetsProvisionedToAccountOutput;
use aws_sdk_ssoadmin::types::{self, ProvisioningStatus};

use super::organizations::Accounts;
use super::sso_admin::{PAGE, SsoAdmin};
use crate::aws::failure::Failure;
use crate::collect::api::convert::needed;
use crate::collect::api::responses;
use crate::collect::journal::page::{Operation, Parameters};
use crate::collect::request::client::{AT_ONCE, Asker, Turn, at_once};

/// The permission sets that the instance lists, and whether that is all of them.
pub(super) struct Listed<'a> {
    pub(super) sets: &'a BTreeSet<String>,
    pub(super) whole: bool,
}

/// A permission set and an account that it is provisioned to.
type Pair = (String, String);

/// Reads who has which permission set where, and gives back the sets that were met on the way.
pub(super) async fn walk(
    asker: &Arc<Asker>,
    sso_admin: &Arc<SsoAdmin>,
    instance: &str,
    listed: Listed<'_>,
    organization: &Accounts,
) -> BTreeSet<String> {
    let pairs: Arc<Mutex<BTreeSet<Pair>>> = Arc::default();
    let by_account = listed.whole && organization.whole && organization.listed.len() < listed.sets.len();
    let lists: Vec<List> = if by_account {
        organization.listed.iter().map(|(account, _)| List::OfAccount(account.to_string())).collect()
    } else {
        listed.sets.iter().cloned().map(List::OfSet).collect()
    };
    let listing = if by_account {
        Operation::ListPermissionSetsProvisionedToAccount
    } else {
        Operation::ListAccountsForProvisionedPermissionSet
    };
    asker.ahead(&[listing, listing], lists.len());
    at_once(AT_ONCE, lists, |list| {
        let (asker, sso_admin, instance) = (Arc::clone(asker), Arc::clone(sso_admin), instance.to_owned());
        let pairs = Arc::clone(&pairs);
        async move {
            let found = list.read(&asker, &sso_admin, &instance).await;
            pairs.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
        }
    })
    .await;
    let pairs = std::mem::take(&mut *pairs.lock().unwrap_or_else(PoisonError::into_inner));
    let met = pairs.iter().map(|(set, _)| set.clone()).collect();
    asker.ahead(&[Operation::ListAccountAssignments], pairs.len());
    at_once(AT_ONCE, pairs, |(set, account)| {
        let (asker, sso_admin, instance) = (Arc::clone(asker), Arc::clone(sso_admin), instance.to_owned());
        async move { _ = assigned(&asker, Turn::First, &sso_admin, &instance, (&set, &account)).await }
    })
    .await;
    met
}

/// A list of pairs that have one side in common.
enum List {
    OfSet(String),
    OfAccount(String),
}

impl List {
    /// The pairs of the list; then those of them that are out of date, where there are any pairs at all.
    async fn read(&self, asker: &Asker, sso_admin: &SsoAdmin, instance: &str) -> Vec<Pair> {
        let (pairs, whole) = self.page_through(asker, Turn::First, sso_admin, instance, None).await;
        if whole && !pairs.is_empty() {
            let outdated = ProvisioningStatus::LatestPermissionSetNotProvisioned;
            self.page_through(asker, Turn::First, sso_admin, instance, Some(outdated)).await;
        }
        pairs
    }

    async fn page_through(
        &self,
        asker: &Asker,
        turn: Turn,
        sso_admin: &SsoAdmin,
        instance: &str,
        status: Option<ProvisioningStatus>,
    ) -> (Vec<Pair>, bool) {
        let mut parameters = Parameters::of([("InstanceArn", instance)]);
        if let Some(status) = &status {
            parameters = parameters.with("ProvisioningStatus", status.as_str());
        }
        match self {
            List::OfSet(set) => {
                let question = sso_admin.question(parameters.with("PermissionSetArn", set));
                let send = |token| {
                    let list = sso_admin.client.list_accounts_for_provisioned_permission_set().instance_arn(instance);
                    let list = list.permission_set_arn(set).set_provisioning_status(status.clone());
                    list.max_results(PAGE).set_next_token(token).send()
                };
                let (pages, whole) = asker.listed(turn, &question, send, accounts).await;
                let accounts = pages.into_iter().flat_map(|page| page.account_ids);
                (accounts.map(|account| (set.clone(), account)).collect(), whole)
            }
            List::OfAccount(account) => {
                let question = sso_admin.question(parameters.with("AccountId", account));
                let send = |token| {
                    let list = sso_admin.client.list_permission_sets_provisioned_to_account().instance_arn(instance);
                    let list = list.account_id(account).set_provisioning_status(status.clone());
                    list.max_results(PAGE).set_next_token(token).send()
                };
                let (pages, whole) = asker.listed(turn, &question, send, permission_sets).await;
                let sets = pages.into_iter().flat_map(|page| page.permission_sets);
                (sets.map(|set| (set, account.clone())).collect(), whole)
            }
        }
    }
}

/// Asks once more for the assignments of a pair; where nobody listed the pair before, whether it is there now.
pub(super) async fn again(asker: &Asker, sso_admin: &SsoAdmin, instance: &str, (set, account): (&str, &str)) {
    let asked_by_account = asker.look(|pages| {
        pages.iter().any(|page| page.call.operation == Operation::ListPermissionSetsProvisionedToAccount)
    });
    let list = match asked_by_account {
        true => List::OfAccount(account.to_owned()),
        false => List::OfSet(set.to_owned()),
    };
    let (pairs, _) = list.page_through(asker, Turn::Again, sso_admin, instance, None).await;
    if pairs.iter().any(|pair| (&*pair.0, &*pair.1) == (set, account)) {
        _ = assigned(asker, Turn::Again, sso_admin, instance, (set, account)).await;
    }
}

/// Reads the assignments of a pair, and tells whether to the end.
pub(in crate::collect) async fn assigned(
    asker: &Asker,
    turn: Turn,
    sso_admin: &SsoAdmin,
    instance: &str,
    (set, account): (&str, &str),
) -> bool {
    let of_pair = [("InstanceArn", instance), ("PermissionSetArn", set), ("AccountId", account)];
    let question = sso_admin.question(Parameters::of(of_pair));
    let send = |token| {
        let list = sso_admin.client.list_account_assignments().instance_arn(instance).permission_set_arn(set);
        list.account_id(account).max_results(PAGE).set_next_token(token).send()
    };
    asker.listed(turn, &question, send, assignments).await.1
}

/// Asks which assignments a principal has, and tells whether that was read to the end.
pub(in crate::collect) async fn of_principal(
    asker: &Asker,
    turn: Turn,
    sso_admin: &SsoAdmin,
    instance: &str,
    (kind, id): (&str, &str),
) -> bool {
    let of_principal = [("InstanceArn", instance), ("PrincipalType", kind), ("PrincipalId", id)];
    let question = sso_admin.question(Parameters::of(of_principal));
    let send = |token| {
        let list = sso_admin.client.list_account_assignments_for_principal().instance_arn(instance);
        let list = list.principal_type(types::PrincipalType::from(kind)).principal_id(id);
        list.max_results(PAGE).set_next_token(token).send()
    };
    asker.listed(turn, &question, send, assignments_of_principal).await.1
}

fn accounts(
    output: ListAccountsForProvisionedPermissionSetOutput,
) -> Result<responses::ListAccountsForProvisionedPermissionSet, Failure> {
    let account_ids = needed(output.account_ids, "AccountIds")?;
    Ok(responses::ListAccountsForProvisionedPermissionSet { account_ids, next_token: output.next_token })
}

fn permission_sets(
    output: ListPermissionSetsProvisionedToAccountOutput,
) -> responses::ListPermissionSetsProvisionedToAccount {
    // Of an account without any, AWS leaves the list out.
    let permission_sets = output.permission_sets.unwrap_or_default();
    responses::ListPermissionSetsProvisionedToAccount { permission_sets, next_token: output.next_token }
}

fn assignments(output: ListAccountAssignmentsOutput) -> Result<responses::ListAccountAssignments, Failure> {
    let assignment = |assignment: types::AccountAssignment| responses::AccountAssignment {
        account_id: assignment.account_id,
        permission_set_arn: assignment.permission_set_arn,
        principal_type: assignment.principal_type.map_or_else(String::new, |kind| kind.as_str().to_owned()),
        principal_id: assignment.principal_id.unwrap_or_default(),
    };
    let assignments = needed(output.account_assignments, "AccountAssignments")?.into_iter().map(assignment);
    Ok(responses::ListAccountAssignments { account_assignments: assignments.collect(), next_token: output.next_token })
}

fn assignments_of_principal(
    output: ListAccountAssignmentsForPrincipalOutput,
) -> Result<responses::ListAccountAssignmentsForPrincipal, Failure> {
    let assignment = |assignment: types::AccountAssignmentForPrincipal| responses::AssignmentOfPrincipal {
        account_id: assignment.account_id.unwrap_or_default(),
        permission_set_arn: assignment.permission_set_arn.unwrap_or_default(),
        principal_type: assignment.principal_type.map(|kind| kind.as_str().to_owned()),
        principal_id: assignment.principal_id,
    };
    let assignments = needed(output.account_assignments, "AccountAssignments")?.into_iter().map(assignment);
    Ok(responses::ListAccountAssignmentsForPrincipal {
        account_assignments: assignments.collect(),
        next_token: output.next_token,
    })
}

//! Account access manager: which users and groups of Identity Center may be which IAM roles, account by account.
//!
//! Its listing must be narrowed by a principal, a role or an account (`filter` of `ListEntitlements`), and accounts are
//! the fewest. Whoever never made an application of it, which is nearly everybody, pays one call.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_config::SdkConfig;
use aws_sdk_accountaccess::operation::list_applications::ListApplicationsOutput;
use aws_sdk_accountaccess::operation::list_entitlements::ListEntitlementsOutput;
use aws_sdk_accountaccess::{Client, types};

use crate::collect::api::responses;
use crate::collect::journal::page::{Operation, Parameters};
use crate::collect::request::client::{AT_ONCE, Asker, Question, Service, at_once};
use crate::model::AccountId;

/// The largest page that the service gives.
const PAGE: i32 = 100;

/// The client, and the service's own limit: 20 requests a second for all callers.
struct AccountAccess {
    client: Client,
    service: Service,
}

/// Asks for the entitlements of each application in each of these accounts.
pub(super) async fn walk(
    asker: &Arc<Asker>,
    config: &SdkConfig,
    requests_per_second: f64,
    accounts: &BTreeSet<AccountId>,
) {
    let service = Service::new(requests_per_second);
    let config = aws_sdk_accountaccess::config::Builder::from(config).interceptor(service.witness.clone());
    let config = config.interceptor(Operation::whole("account-access")).build();
    let account_access = Arc::new(AccountAccess { client: Client::from_conf(config), service });
    let question = account_access.question(Parameters::default());
    let send = |token| account_access.client.list_applications().max_results(PAGE).set_next_token(token).send();
    let (pages, _) = asker.all(&question, send, applications).await;
    for application in pages.into_iter().flat_map(|page| page.applications) {
        let application = application.application_arn;
        let mut accounts = accounts.iter().copied();
        // Whoever is refused here is refused everywhere: one call tells it.
        let first = accounts.next();
        if let Some(first) = first
            && !entitlements(asker, &account_access, &application, first).await
        {
            continue;
        }
        at_once(AT_ONCE, accounts, |account| {
            let (asker, account_access) = (Arc::clone(asker), Arc::clone(&account_access));
            let application = application.clone();
            async move { _ = entitlements(&asker, &account_access, &application, account).await }
        })
        .await;
    }
}

impl AccountAccess {
    fn question(&self, parameters: Parameters) -> Question<'_> {
        Question { service: &self.service, account: None, parameters }
    }
}

/// Asks for the entitlements in one account; tells whether they were read to their end.
async fn entitlements(asker: &Asker, account_access: &AccountAccess, application: &str, account: AccountId) -> bool {
    let account = account.to_string();
    let question = account_access.question(Parameters::of([("applicationArn", application), ("account", &account)]));
    let filter = types::PrincipalRoleEntitlementFilter::builder().account(&account).build();
    let filter = types::EntitlementFilter::builder().principal_role(filter).build();
    let send = |token| {
        let list = account_access.client.list_entitlements().application_arn(application).filter(filter.clone());
        list.max_results(PAGE).set_next_token(token).send()
    };
    asker.all(&question, send, entitled).await.1
}

fn applications(output: ListApplicationsOutput) -> responses::ListAccountAccessApplications {
    let application = |application: types::ApplicationSummary| responses::AccountAccessApplication {
        application_arn: application.application_arn,
    };
    let applications = output.applications.into_iter().map(application);
    responses::ListAccountAccessApplications { applications: applications.collect(), next_token: output.next_token }
}

fn entitled(output: ListEntitlementsOutput) -> responses::ListEntitlements {
    let entitlement = |member: types::EntitlementsListMember| responses::EntitlementsListMember {
        entitlement_id: Some(member.entitlement_id),
        // What this version does not know has nothing in it here, and so makes the listing unreadable.
        entitlement: member.entitlement.and_then(|entitlement| entitlement.as_principal_role().ok().cloned()).map(
            |entitlement| responses::Entitlement {
                principal_role: Some(responses::PrincipalRoleSummary {
                    principal: entitlement.principal.as_ref().map(principal),
                    role_arn: entitlement.role_arn,
                    account: entitlement.account,
                }),
            },
        ),
    };
    let entitlements = output.entitlements.into_iter().map(entitlement);
    responses::ListEntitlements { entitlements: entitlements.collect(), next_token: output.next_token }
}

fn principal(principal: &types::Principal) -> responses::EntitledPrincipal {
    let known = principal.as_identity_center().ok();
    responses::EntitledPrincipal {
        identity_center: known.map(|principal| responses::IdentityCenterPrincipal {
            user_id: principal.as_user_id().ok().cloned(),
            group_id: principal.as_group_id().ok().cloned(),
        }),
    }
}

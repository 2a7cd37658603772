//! The walk through AWS: each answer says what to ask next.
//!
//! Identity Center's two services have a limit each and are asked at the same time; so are the accounts' IAM. A
//! question that fails is a page like any other, and costs what depends on it, never the rest. What the answers mean
//! together is not known here.

mod account_access;
mod applications;
mod assignments;
mod caller;
mod credentials;
mod cross_check;
mod iam;
mod iam_account;
mod identity_store;
mod lookups;
mod named_ids;
mod one_principal;
mod organizations;
mod permission_sets;
mod sso_admin;
mod unlisted_principals;

pub(super) use assignments::{assigned, of_principal};
pub(super) use caller::{MemberRole, Sts};
pub(super) use identity_store::{IdentityStore, memberships, of_member};
pub(super) use one_principal::{About, about};
pub(super) use sso_admin::SsoAdmin;

use std::sync::Arc;

use aws_config::SdkConfig;

use super::build::iam_accounts;
use super::journal::page::Page;
use super::membership_strategy::Way;
use super::{Names, Options};
use crate::aws::session::Session;
use crate::model::{AccountId, Scope};

use super::request::client::Asker;
use super::request::error::WalkError;
use super::request::resume_check::Before;
use super::request::run::{Depth, Run};
use organizations::UnitNames;

/// Accounts whose IAM is read at once. Each has limits of its own.
const ACCOUNTS_AT_ONCE: usize = 8;

/// The role that is assumed in each account, where the settings name one.
fn member_role(options: &Options, partition: Option<&str>, session_name: String) -> Option<MemberRole> {
    options.member_role.as_deref().map(|name| MemberRole {
        partition: partition.unwrap_or("aws").to_owned(),
        name: name.to_owned(),
        external_id: options.external_id.clone(),
        session_name,
    })
}

/// The accounts of the organization, where anything in scope needs them.
async fn organization(
    asker: &Arc<Asker>,
    config: &SdkConfig,
    options: &Options,
    names: &Names,
) -> organizations::Accounts {
    if !options.scope().identity_center && options.member_role.is_none() {
        return organizations::Accounts::default();
    }
    let unit_names = if names.units { UnitNames::Wanted } else { UnitNames::NotWanted };
    organizations::accounts(asker, config, unit_names).await
}

/// Asks AWS for everything in scope. `names` are looked up where users and groups are not listed.
pub(super) async fn walk(
    session: &Session,
    options: &Options,
    names: &Names,
    run: Run,
    depth: Depth,
) -> Result<Vec<Page>, WalkError> {
    let scope = options.scope();
    let session_name = caller::session_name(&run.id);
    let went_before = Before::of(&run.earlier).map_err(WalkError::Journal)?;
    let asker = Arc::new(Asker::new(session, run, depth));
    let config = session.one_attempt();
    let sts = caller::Sts::new(&config);
    let caller = sts.caller(&asker).await;
    went_before.by_the_same(caller.as_ref().map(|caller| caller.account))?;
    // Which instance it is comes first: without it nothing is worth asking, and the settings have to be mended.
    let instance = if scope.identity_center {
        let sso_admin = Arc::new(SsoAdmin::new(&config, options.requests_per_second));
        let chosen = chosen(options.instance_arn.as_deref(), sso_admin.instances(&asker).await)?;
        went_before.about_the_same(chosen.as_ref())?;
        chosen.map(|instance| (sso_admin, instance))
    } else {
        None
    };
    // Which accounts there are decides where IAM is read, and the cheaper way to the assignments: asked once, for both.
    let asked = tokio::sync::OnceCell::new();
    let organization = async || asked.get_or_init(|| organization(&asker, &config, options, names)).await;
    let store = Arc::new(identity_store::IdentityStore::new(&config, options.requests_per_second));
    let identity_center = async {
        let Some((sso_admin, instance)) = &instance else { return Way::ByGroup };
        let (way, (), ()) = tokio::join!(
            identity_store::walk(&asker, &store, &instance.identity_store_id),
            permission_sets::walk(&asker, sso_admin, &instance.instance_arn, organization()),
            applications::walk(&asker, sso_admin, &instance.instance_arn),
        );
        way
    };
    let accounts = async {
        let organization = organization().await;
        let caller_account = caller.as_ref().map(|caller| caller.account);
        let wanted = wanted(&scope, organization, caller_account);
        let partition = caller.as_ref().map(|caller| caller.partition.as_str());
        let role = member_role(options, partition, session_name);
        let entitlements = async {
            if instance.is_some() {
                let accounts = organization.listed.iter().map(|(account, _)| *account).chain(caller_account).collect();
                account_access::walk(&asker, &config, options.requests_per_second, &accounts).await;
            }
        };
        tokio::join!(iam::walk(&asker, &config, sts, role, caller_account, wanted), entitlements);
    };
    let (way, ()) = tokio::join!(identity_center, accounts);
    if let Some((sso_admin, instance)) = &instance {
        lookups::walk(&asker, &store, &instance.identity_store_id, names).await;
        unlisted_principals::walk(&asker, &store, &instance.identity_store_id, way).await;
        cross_check::walk(&asker, &store, sso_admin, instance, way, &scope).await;
    }
    asker.finish().map_err(WalkError::Journal)
}

fn wanted(
    scope: &Scope,
    organization: &organizations::Accounts,
    caller: Option<AccountId>,
) -> std::collections::BTreeSet<AccountId> {
    let listed: Vec<_> = organization.listed.iter().map(|(account, state)| (*account, state.as_deref())).collect();
    iam_accounts(scope, &listed, organization.whole, caller)
}

/// The instance to read; none where AWS listed none (or did not say), which the fold makes a gap.
fn chosen(
    wanted: Option<&str>,
    found: Vec<super::api::responses::Instance>,
) -> Result<Option<super::api::responses::Instance>, WalkError> {
    let names: Vec<String> = found.iter().map(|instance| instance.instance_arn.clone()).collect();
    let Some(wanted) = wanted else {
        return if names.len() > 1 {
            Err(WalkError::SeveralInstances { found: names })
        } else {
            Ok(found.into_iter().next())
        };
    };
    let instance = found.into_iter().find(|instance| instance.instance_arn == wanted);
    if instance.is_none() && !names.is_empty() {
        return Err(WalkError::NoSuchInstance { wanted: wanted.to_owned(), found: names });
    }
    Ok(instance)
}

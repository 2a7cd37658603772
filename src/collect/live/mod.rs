//! The walk through AWS: each answer says what to ask next.
//!
//! Identity Center's two services have a limit each and are asked at the same time; so are the accounts' IAM. A
//! question that fails is a page like any other, and costs what depends on it, never the rest. What the answers mean
//! together is not known here.

mod account_access;
mod applications;
mod asker;
mod caller;
mod iam;
mod identity_store;
mod organizations;
mod sso_admin;

use std::sync::Arc;

use super::Options;
use super::fold::iam_accounts;
use super::page::Page;
use crate::aws::session::Session;
use crate::model::{AccountId, Scope};

pub use asker::{Clock, OnPage};

use asker::Asker;

/// Questions in flight at once for one limit: enough that the pace, not the way to AWS and back, is what limits.
const AT_ONCE: usize = 10;
/// Accounts whose IAM is read at once. Each has limits of its own.
const ACCOUNTS_AT_ONCE: usize = 8;

/// Why the walk ended before it began.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// More than one instance of Identity Center, and no word on which.
    #[error("there are several instances of IAM Identity Center, and the settings name none: `{}`", .found.join("`, `"))]
    SeveralInstances {
        /// Their ARNs.
        found: Vec<String>,
    },
    /// The settings name an instance that the region does not show.
    #[error("there is no instance `{wanted}` of IAM Identity Center; the region shows {}", listed(.found))]
    NoSuchInstance {
        /// The ARN in the settings.
        wanted: String,
        /// The ARNs that AWS listed.
        found: Vec<String>,
    },
    /// The journal took no more.
    #[error("cannot write the journal of this run")]
    Journal(#[source] std::io::Error),
}

impl WalkError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            WalkError::SeveralInstances { .. } => "set `aws.instance_arn` to the one to audit",
            WalkError::NoSuchInstance { .. } => {
                "correct `aws.instance_arn`, or `aws.region` if it is in another region"
            }
            WalkError::Journal(_) => "make room on the disk, or name another folder",
        }
    }
}

fn listed(found: &[String]) -> String {
    if found.is_empty() { "none".to_owned() } else { format!("`{}`", found.join("`, `")) }
}

/// Asks AWS for everything in scope. `run` is told to every account whose role is assumed.
pub(super) async fn walk(
    session: &Session,
    options: &Options,
    run: &str,
    clock: Clock,
    on_page: OnPage,
) -> Result<Vec<Page>, WalkError> {
    let scope = options.scope();
    let asker = Arc::new(Asker::new(clock, on_page));
    let config = session.one_attempt();
    let sts = caller::Sts::new(&config);
    let caller = sts.caller(&asker).await;
    // Which instance it is comes first: without it nothing is worth asking, and the settings have to be mended.
    let instance = if scope.identity_center {
        let sso_admin = Arc::new(sso_admin::SsoAdmin::new(&config, options.requests_per_second));
        let found = sso_admin.instances(&asker).await;
        chosen(options.instance_arn.as_deref(), found)?.map(|instance| (sso_admin, instance))
    } else {
        None
    };
    let identity_center = async {
        if let Some((sso_admin, instance)) = &instance {
            let store = identity_store::IdentityStore::new(&config, options.requests_per_second);
            tokio::join!(
                identity_store::walk(&asker, Arc::new(store), &instance.identity_store_id),
                sso_admin::walk(&asker, sso_admin, &instance.instance_arn),
                applications::walk(&asker, sso_admin, &instance.instance_arn),
            );
        }
    };
    let accounts = async {
        let organization = if scope.identity_center || options.member_role.is_some() {
            organizations::accounts(&asker, &config).await
        } else {
            organizations::Accounts::default()
        };
        let caller_account = caller.as_ref().map(|caller| caller.account);
        let wanted = wanted(&scope, &organization, caller_account);
        let role = options.member_role.as_deref().map(|name| caller::MemberRole {
            partition: caller.as_ref().map_or_else(|| "aws".to_owned(), |caller| caller.partition.clone()),
            name: name.to_owned(),
            external_id: options.external_id.clone(),
            session_name: caller::session_name(run),
        });
        let entitlements = async {
            if instance.is_some() {
                let accounts = organization.listed.iter().map(|(account, _)| *account).chain(caller_account).collect();
                account_access::walk(&asker, &config, options.requests_per_second, &accounts).await;
            }
        };
        tokio::join!(iam::walk(&asker, &config, sts, role, caller_account, wanted), entitlements);
    };
    tokio::join!(identity_center, accounts);
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
    found: Vec<super::answer::Instance>,
) -> Result<Option<super::answer::Instance>, WalkError> {
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

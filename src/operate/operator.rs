//! Who changes access: a sign-in of its own, by a role of its own, which nothing that reads can get at.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use super::assumed_role::AssumedRole;
use super::requests::UnderWay;
use crate::aws::complete_body::{Fields, Whole};
use crate::aws::endpoint::Witness;
use crate::aws::failure::{self, Failure, Kind};
use crate::aws::session;
use crate::model::AccountId;

/// Who is to change access.
#[derive(Debug, Clone, Default)]
pub struct SignIn {
    /// The ARN of the role that changes access; without it, the credentials of the standard chain themselves.
    pub role: Option<String>,
    /// The name of the role in each other account, with its path, which is assumed by the operator.
    pub member_role: Option<String>,
    /// The external id that these roles ask for.
    pub external_id: Option<String>,
    /// The name of the sessions, by which AWS's own log tells them: `rollcall-9c1f0a2b3c4d`.
    pub session_name: String,
}

/// Who calls, as AWS says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The ARN: `arn:aws:sts::111122223333:assumed-role/RollcallOperator/rollcall-9c1f0a2b3c4d`.
    pub arn: String,
    /// The account.
    pub account: AccountId,
}

/// A sign-in by which access is changed.
///
/// It is no [`Session`](session::Session): those read, send again by themselves, and have no operation that writes. Here
/// each call is sent once, and nothing is asked but how a request goes on.
#[derive(Debug)]
pub struct Operator {
    pub(super) identity_store: aws_sdk_identitystore::Client,
    pub(super) sso_admin: aws_sdk_ssoadmin::Client,
    pub(super) under_way: Mutex<UnderWay>,
    iam: Mutex<BTreeMap<AccountId, aws_sdk_iam::Client>>,
    config: SdkConfig,
    sign_in: SignIn,
    caller: Caller,
    witness: Witness,
}

impl Operator {
    /// Signs in by the standard chain, and assumes the operator's role.
    ///
    /// # Errors
    /// Where there is no region or no credentials, or where the role cannot be assumed.
    pub async fn sign_in(options: &session::Options, sign_in: SignIn) -> Result<Self, Failure> {
        let config = Box::pin(session::standard_chain(options)).await?;
        Self::by(&config, sign_in).await
    }

    /// The same from a configuration of the SDK.
    ///
    /// # Errors
    /// As [`Operator::sign_in`].
    pub async fn by(config: &SdkConfig, sign_in: SignIn) -> Result<Self, Failure> {
        if config.region().is_none() {
            return Err(Failure::new(
                Kind::NoRegion,
                "NoRegion",
                "neither the settings nor the environment name a Region",
            ));
        }
        let witness = Witness::default();
        let config = one_attempt(config);
        let config = match &sign_in.role {
            Some(role) => {
                let (external_id, name) = (sign_in.external_id.clone(), sign_in.session_name.clone());
                let role = AssumedRole::new(&config, &witness, role.clone(), external_id, name);
                Box::pin(role.config(&config)).await?
            }
            None => config,
        };
        let caller = Box::pin(caller(&config, &witness)).await?;
        let identity_store = aws_sdk_identitystore::config::Builder::from(&config).interceptor(witness.clone());
        let sso_admin = aws_sdk_ssoadmin::config::Builder::from(&config).interceptor(witness.clone());
        Ok(Operator {
            identity_store: aws_sdk_identitystore::Client::from_conf(identity_store.interceptor(whole()).build()),
            sso_admin: aws_sdk_ssoadmin::Client::from_conf(sso_admin.interceptor(whole()).build()),
            under_way: Mutex::default(),
            iam: Mutex::default(),
            config,
            sign_in,
            caller,
            witness,
        })
    }

    /// Who changes: what the evidence names.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The endpoint that the latest call went to, where it is none of AWS's own.
    #[must_use]
    pub fn redirected_to(&self) -> Option<String> {
        self.witness.redirected_to()
    }

    /// The client of an account's IAM: by the operator itself in its own account, by the member role elsewhere.
    pub(super) async fn iam(&self, account: AccountId) -> Result<aws_sdk_iam::Client, Failure> {
        let known = self.clients().get(&account).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let config = match self.member_role(account)? {
            Some(role) => Box::pin(role.config(&self.config)).await?,
            None => self.config.clone(),
        };
        let config = aws_sdk_iam::config::Builder::from(&config).interceptor(self.witness.clone());
        let client = aws_sdk_iam::Client::from_conf(config.interceptor(whole()).build());
        self.clients().insert(account, client.clone());
        Ok(client)
    }

    fn member_role(&self, account: AccountId) -> Result<Option<AssumedRole>, Failure> {
        if account == self.caller.account {
            return Ok(None);
        }
        let Some(name) = &self.sign_in.member_role else {
            let said = format!("the settings name no role that changes IAM in account {account}");
            return Err(Failure::new(Kind::NoCredentials, failure::NO_CREDENTIALS, said));
        };
        let partition = self.caller.arn.split(':').nth(1).unwrap_or("aws");
        let arn = format!("arn:{partition}:iam::{account}:role/{name}");
        let (external_id, session_name) = (self.sign_in.external_id.clone(), self.sign_in.session_name.clone());
        Ok(Some(AssumedRole::new(&self.config, &self.witness, arn, external_id, session_name)))
    }

    fn clients(&self) -> MutexGuard<'_, BTreeMap<AccountId, aws_sdk_iam::Client>> {
        self.iam.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn under_way(&self) -> MutexGuard<'_, UnderWay> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer that is cut tells nothing, also where the SDK could read it.
fn whole() -> Whole {
    Whole::of(|_| Some(Fields::Some))
}

/// The configuration of clients that send each call once.
fn one_attempt(config: &SdkConfig) -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5))
        .operation_timeout(Duration::from_secs(60))
        .build();
    config.to_builder().retry_config(RetryConfig::disabled()).timeout_config(timeouts).build()
}

async fn caller(config: &SdkConfig, witness: &Witness) -> Result<Caller, Failure> {
    let sts = aws_sdk_sts::config::Builder::from(config).interceptor(witness.clone()).build();
    let answer = aws_sdk_sts::Client::from_conf(sts).get_caller_identity().send().await;
    let answer = answer.map_err(|error| failure::of(&error))?;
    let unreadable = || Failure::new(Kind::Unreadable, "Unreadable", "AWS's answer does not name the caller");
    let account = answer.account().and_then(|account| account.parse().ok()).ok_or_else(unreadable)?;
    let arn = answer.arn().ok_or_else(unreadable)?.to_owned();
    Ok(Caller { arn, account })
}

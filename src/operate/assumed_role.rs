//! A role that is assumed to change something, and assumed again before its credentials run out.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_config::SdkConfig;
use aws_config::identity::IdentityCache;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};

use crate::aws::endpoint::Witness;
use crate::aws::failure::{self, Failure, Kind};
use crate::aws::session::credentials_of;

/// A role, and by whose credentials it is assumed.
#[derive(Clone)]
pub(super) struct AssumedRole {
    sts: aws_sdk_sts::Client,
    arn: String,
    external_id: Option<String>,
    session_name: String,
    /// What the first call brought, to be used first: asking again would assume the role once more.
    first: Arc<Mutex<Option<Credentials>>>,
}

impl AssumedRole {
    pub(super) fn new(
        config: &SdkConfig,
        witness: &Witness,
        arn: String,
        external_id: Option<String>,
        session_name: String,
    ) -> Self {
        let sts = aws_sdk_sts::config::Builder::from(config).interceptor(witness.clone()).build();
        AssumedRole { sts: aws_sdk_sts::Client::from_conf(sts), arn, external_id, session_name, first: Arc::default() }
    }

    /// The configuration by which this role calls, once it was assumed.
    ///
    /// # Errors
    /// Where it cannot be assumed.
    pub(super) async fn config(self, config: &SdkConfig) -> Result<SdkConfig, Failure> {
        let first = self.assume().await?;
        *self.first.lock().unwrap_or_else(PoisonError::into_inner) = Some(first);
        let builder = config.to_builder().identity_cache(IdentityCache::lazy().build());
        Ok(builder.credentials_provider(SharedCredentialsProvider::new(self)).build())
    }

    async fn assume(&self) -> Result<Credentials, Failure> {
        let assume = self.sts.assume_role().role_arn(&self.arn).role_session_name(&self.session_name);
        let answer = assume.set_external_id(self.external_id.clone()).send().await;
        let answer = answer.map_err(|error| failure::of(&error))?;
        let credentials = answer.credentials().map(credentials_of);
        credentials.ok_or_else(|| Failure::new(Kind::Unreadable, "Unreadable", "the answer has no credentials"))
    }

    async fn provide(self) -> Result<Credentials, CredentialsError> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        match first {
            Some(first) => Ok(first),
            None => self.assume().await.map_err(CredentialsError::provider_error),
        }
    }
}

impl fmt::Debug for AssumedRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AssumedRole({})", self.arn)
    }
}

impl ProvideCredentials for AssumedRole {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.clone().provide())
    }
}

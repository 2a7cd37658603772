//! Signing in: region, credentials and endpoint by the standard AWS chain, and a role in each member account.
//!
//! It does not know what is asked with them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use super::failure::{self, Failure, Kind};

/// Where to sign in.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The region of IAM Identity Center; otherwise the standard chain's.
    pub region: Option<String>,
    /// The profile of the shared configuration files; otherwise the standard chain's.
    pub profile: Option<String>,
}

/// A way to AWS: region, credentials, timeouts.
#[derive(Debug, Clone)]
pub struct Session {
    config: SdkConfig,
    region: String,
}

/// Reads the settings of the standard chain (environment, shared files, container, instance) and checks that there
/// is a region and that credentials can be had. The SDK's behaviour is pinned, so that an update of it is a decision.
///
/// # Errors
/// [`Kind::NoRegion`], [`Kind::NoCredentials`] or [`Kind::Expired`]; [`Failure::help`] says what to do.
pub async fn connect(options: &Options) -> Result<Session, Failure> {
    let timeouts =
        TimeoutConfig::builder().connect_timeout(Duration::from_secs(5)).read_timeout(Duration::from_secs(60)).build();
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12()).timeout_config(timeouts);
    if let Some(region) = &options.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(profile) = &options.profile {
        loader = loader.profile_name(profile);
    }
    let config = loader.load().await;
    let Some(region) = config.region().map(ToString::to_string) else {
        return Err(Failure::new(Kind::NoRegion, "NoRegion", "neither the settings nor the environment name a region"));
    };
    let Some(credentials) = config.credentials_provider() else {
        return Err(Failure::new(Kind::NoCredentials, "NoCredentials", "no credentials are configured"));
    };
    credentials.provide_credentials().await.map_err(|error| failure::of_credentials(&error))?;
    Ok(Session { config, region })
}

impl Session {
    /// The configuration for clients that are sent through the SDK's own retries.
    #[must_use]
    pub fn sdk_config(&self) -> &SdkConfig {
        &self.config
    }

    /// The configuration for clients that are called through [`call`](super::call): no retries of the SDK's own, and
    /// an end to every attempt.
    #[must_use]
    pub fn one_attempt(&self) -> SdkConfig {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(5))
            .operation_timeout(Duration::from_secs(60))
            .build();
        self.config.to_builder().retry_config(RetryConfig::disabled()).timeout_config(timeouts).build()
    }

    /// The region that is asked.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }
}

/// The credentials that `sts:AssumeRole` answered with.
#[must_use]
pub fn credentials_of(answer: &aws_sdk_sts::types::Credentials) -> Credentials {
    Credentials::new(
        answer.access_key_id(),
        answer.secret_access_key(),
        Some(answer.session_token().to_owned()),
        (*answer.expiration()).try_into().ok(),
        "sts:AssumeRole",
    )
}

/// Takes note of the endpoint that a client's requests are sent to: give it to the client as an interceptor, and keep
/// a clone.
///
/// An environment variable or a profile can lead an auditor to a server that is not AWS, so a report says so.
#[derive(Debug, Clone, Default)]
pub struct Witness {
    endpoint: Arc<Mutex<Option<String>>>,
}

impl Witness {
    /// The endpoint of the latest request, as `https://host`, where it is none of AWS's own.
    #[must_use]
    pub fn redirected_to(&self) -> Option<String> {
        let endpoint = self.endpoint.lock().unwrap_or_else(PoisonError::into_inner);
        endpoint.as_ref().filter(|endpoint| !is_of_aws(endpoint)).cloned()
    }
}

impl Intercept for Witness {
    fn name(&self) -> &'static str {
        "Witness"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let endpoint = origin(context.request().uri()).map(str::to_owned);
        *self.endpoint.lock().unwrap_or_else(PoisonError::into_inner) = endpoint;
        Ok(())
    }
}

/// Whether an endpoint is one of AWS's public ones (`amazonaws.com` in all partitions, `api.aws` with IPv6).
fn is_of_aws(endpoint: &str) -> bool {
    let Some(host) = endpoint.strip_prefix("https://") else {
        return false;
    };
    [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws"].iter().any(|domain| host.ends_with(domain))
}

/// The scheme and the host of an URI, without path and query.
fn origin(uri: &str) -> Option<&str> {
    let host = uri.find("://")? + "://".len();
    let end = uri[host..].find(['/', '?']).map_or(uri.len(), |path| host + path);
    Some(&uri[..end])
}

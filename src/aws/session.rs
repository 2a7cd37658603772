//! Signing in: region, credentials and endpoint by the standard AWS chain, and a role in each member account.
//!
//! It does not know what is asked with them.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_runtime_api::client::identity::{
    IdentityFuture, ResolveCachedIdentity, SharedIdentityCache, SharedIdentityResolver,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::os_shim_internal::{Env, Fs};

use super::ca_certificates;
use super::failure::{self, Failure, Kind};

/// Where to sign in.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The region of IAM Identity Center; otherwise the standard chain's.
    pub region: Option<String>,
    /// The profile of the shared configuration files, which goes before credentials in the environment; otherwise the
    /// standard chain's.
    pub profile: Option<String>,
}

impl Options {
    /// The same, in this region where none is named.
    #[must_use]
    pub fn in_region(self, region: Option<&str>) -> Self {
        Options { region: self.region.or_else(|| region.map(str::to_owned)), ..self }
    }
}

/// Credentials that were there and are not used, because others go before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PassedOver {
    /// Those of the environment: the settings name a profile.
    Environment {
        /// The profile that is used.
        profile: String,
    },
    /// Those of the profile that AWS_PROFILE names: the environment has credentials itself.
    Profile {
        /// The profile that is not used.
        profile: String,
    },
}

impl fmt::Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PassedOver::Environment { profile } => write!(
                f,
                "credentials of the profile `{profile}` (`aws.profile`); those in the environment \
                 (AWS_ACCESS_KEY_ID) are not used"
            ),
            PassedOver::Profile { profile } => write!(
                f,
                "credentials from the environment (AWS_ACCESS_KEY_ID); the profile `{profile}` (AWS_PROFILE) is not \
                 used"
            ),
        }
    }
}

/// A way to AWS: region, credentials, timeouts.
#[derive(Debug, Clone)]
pub struct Session {
    config: SdkConfig,
    region: String,
    options: Options,
    signed_in: SignedIn,
}

/// Reads the settings of the standard chain (environment, shared files, container, instance) and checks that there
/// is a region and that credentials can be had. The SDK's behaviour is pinned, so that an update of it is a decision.
///
/// # Errors
/// [`Kind::NoRegion`], [`Kind::NoCredentials`] or [`Kind::Expired`]; [`Kind::Unreachable`] where the certificates that
/// are to be trusted cannot be used. [`Failure::help`] says what to do.
pub async fn connect(options: &Options) -> Result<Session, Failure> {
    // On the heap: the SDK's futures are deep, and lie within those of every command.
    let config = Box::pin(standard_chain(options)).await?;
    let Some(region) = config.region().map(ToString::to_string) else {
        let said = with_profiles("no region is set in the settings or the environment", options).await;
        return Err(Failure::new(Kind::NoRegion, "NoRegion", said));
    };
    let provided = match provided(&config).await {
        Ok(provided) => provided,
        Err(failure) if failure.kind == Kind::NoCredentials => {
            let message = with_profiles(&failure.message, options).await;
            return Err(Failure { message, ..failure });
        }
        Err(failure) => return Err(failure),
    };
    let signed_in = SignedIn::by(provided);
    let builder = config.to_builder().identity_cache(signed_in.clone());
    let config = builder.credentials_provider(SharedCredentialsProvider::new(signed_in.clone())).build();
    Ok(Session { config, region, options: options.clone(), signed_in })
}

/// The configuration of the standard chain, as it is: whoever is to sign in by it goes on from here.
///
/// # Errors
/// [`Kind::Unreachable`] where the certificates that are to be trusted cannot be used.
pub async fn standard_chain(options: &Options) -> Result<SdkConfig, Failure> {
    let timeouts =
        TimeoutConfig::builder().connect_timeout(Duration::from_secs(5)).read_timeout(Duration::from_secs(60)).build();
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12()).timeout_config(timeouts);
    if let Some(region) = &options.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(profile) = &options.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(client) = ca_certificates::client(&Fs::real(), &Env::real(), options.profile.clone()).await? {
        loader = loader.http_client(client);
    }
    let config = Box::pin(loader.load()).await;
    let Some(profile) = &options.profile else { return Ok(config) };
    // The SDK would take credentials from the environment first, even where a profile is asked for by name. The AWS CLI
    // does not (`--profile`), and whoever names a profile in the settings means it.
    let mut resolving = ProviderConfig::without_region().with_region(config.region().cloned());
    if let Some(client) = config.http_client() {
        resolving = resolving.with_http_client(client);
    }
    let of_profile = ProfileFileCredentialsProvider::builder().configure(&resolving).profile_name(profile).build();
    Ok(config.to_builder().credentials_provider(SharedCredentialsProvider::new(of_profile)).build())
}

/// Which credentials are there besides those that are used.
fn passed_over(options: &Options) -> Option<PassedOver> {
    let set = |name: &str| Env::real().get(name).ok().filter(|value| !value.is_empty());
    set("AWS_ACCESS_KEY_ID").and(set("AWS_SECRET_ACCESS_KEY"))?;
    match &options.profile {
        Some(profile) => Some(PassedOver::Environment { profile: profile.clone() }),
        None => set("AWS_PROFILE").map(|profile| PassedOver::Profile { profile }),
    }
}

/// The chain's provider, and the first credentials that it provided.
async fn provided(config: &SdkConfig) -> Result<Provided, Failure> {
    let Some(provider) = config.credentials_provider() else {
        return Err(Failure::new(Kind::NoCredentials, failure::NO_CREDENTIALS, "no credentials are configured"));
    };
    let first = provider.provide_credentials().await.map_err(|error| failure::of_credentials(&error))?;
    Ok(Provided { provider, first: Arc::new(Mutex::new(Some(first))) })
}

/// What went wrong, and the profiles that there are, where the one that is used is probably not the one that is meant.
async fn with_profiles(said: &str, options: &Options) -> String {
    let (fs, env) = (Fs::real(), Env::real());
    let name = options.profile.clone().map(Into::into);
    match aws_config::profile::load(&fs, &env, &Default::default(), name).await {
        Ok(profiles) => of_profiles(said, &profiles),
        Err(_) => said.to_owned(),
    }
}

fn of_profiles(said: &str, profiles: &ProfileSet) -> String {
    let selected = profiles.selected_profile();
    let mut names: Vec<&str> = profiles.profiles().collect();
    names.sort_unstable();
    if names.is_empty() || names.contains(&selected) {
        return said.to_owned();
    }
    let names = names.join("`, `");
    format!("{said}; the shared AWS configuration files have no profile `{selected}`; they have `{names}`")
}

impl Session {
    /// The configuration for clients that are sent through the SDK's own retries.
    #[must_use]
    pub fn sdk_config(&self) -> &SdkConfig {
        &self.config
    }

    /// The configuration for clients that are called through [`call`](super::retry): no retries of the SDK's own, and
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

    /// Which credentials are there besides those that are used: an operator may have meant them.
    #[must_use]
    pub fn passed_over(&self) -> Option<PassedOver> {
        passed_over(&self.options)
    }

    /// How often the sign-in was renewed so far.
    #[must_use]
    pub fn renewals(&self) -> u64 {
        self.signed_in.current().renewals
    }

    /// Asks the standard chain for credentials again, from its beginning: files are read anew, so that signing in
    /// elsewhere is noticed. Of several calls that found the same credentials lapsed, one renews them.
    ///
    /// # Errors
    /// As [`connect`].
    pub async fn renew(&self, lapsed: u64) -> Result<(), Failure> {
        let _one_at_a_time = self.signed_in.renewing.lock().await;
        if self.renewals() != lapsed {
            return Ok(());
        }
        let provided = provided(&Box::pin(standard_chain(&self.options)).await?).await?;
        self.signed_in.replace(provided);
        Ok(())
    }
}

/// The credentials that a session uses, and the SDK's cache of them; both are replaced together.
#[derive(Debug, Clone)]
struct SignedIn {
    current: Arc<RwLock<Current>>,
    renewing: Arc<tokio::sync::Mutex<()>>,
}

/// A provider that was tried. What it provided then is used first: asking a second time would run a program or assume
/// a role once more.
#[derive(Debug, Clone)]
struct Provided {
    provider: SharedCredentialsProvider,
    first: Arc<Mutex<Option<Credentials>>>,
}

impl Provided {
    async fn provide(self) -> provider::Result {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        match first {
            Some(first) => Ok(first),
            None => self.provider.provide_credentials().await,
        }
    }
}

#[derive(Debug, Clone)]
struct Current {
    provided: Provided,
    cache: SharedIdentityCache,
    renewals: u64,
}

impl SignedIn {
    fn by(provided: Provided) -> Self {
        let current = Current { provided, cache: IdentityCache::lazy().build(), renewals: 0 };
        SignedIn { current: Arc::new(RwLock::new(current)), renewing: Arc::default() }
    }

    fn current(&self) -> Current {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, provided: Provided) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let renewals = current.renewals + 1;
        *current = Current { provided, cache: IdentityCache::lazy().build(), renewals };
    }
}

impl ProvideCredentials for SignedIn {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.current().provided.provide())
    }
}

impl ResolveCachedIdentity for SignedIn {
    fn resolve_cached_identity<'a>(
        &'a self,
        resolver: SharedIdentityResolver,
        components: &'a RuntimeComponents,
        config: &'a ConfigBag,
    ) -> IdentityFuture<'a> {
        let cache = self.current().cache;
        IdentityFuture::new(async move { cache.resolve_cached_identity(resolver, components, config).await })
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

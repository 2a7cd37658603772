//! Where requests really went: an environment variable or a profile can lead an auditor to a server that is not AWS.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Takes note of the endpoint that a client's requests are sent to: give it to the client as an interceptor, and keep
/// a clone.
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

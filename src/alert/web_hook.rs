//! Web hooks: one POST a message, signed where there is a key.
//!
//! The address of a hook may be a secret: no error has it.

use std::time::Duration;

use aws_smithy_http_client::ConnectorBuilder;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::http::Request;
use aws_smithy_types::body::SdkBody;
use hmac::{Hmac, KeyInit, Mac};
use http::Uri;
use sha2::Sha256;

use super::attempts::persistently;
use super::channel::is_own_host;
use super::{Message, Sent};

/// How long one attempt may take.
const LONGEST: Duration = Duration::from_secs(30);

/// A message that a web hook did not take.
#[derive(Debug, thiserror::Error)]
pub enum NotPosted {
    /// The address is none, or would send the message unencrypted.
    #[error("its address is not an `https://` address")]
    Address,
    /// No answer came.
    #[error("no answer ({0})")]
    NoAnswer(&'static str),
    /// It refused.
    #[error("it answered with HTTP status {0}")]
    Refused(u16),
}

impl NotPosted {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            NotPosted::Address => "put the whole address into the variable or file that `url` names",
            NotPosted::NoAnswer(_) => {
                "check the address, the network and the proxy; the next run sends what was not sent"
            }
            NotPosted::Refused(_) => {
                "check that the hook still exists and takes this kind of message; the next run sends what was not sent"
            }
        }
    }

    fn may_pass(&self) -> bool {
        match self {
            NotPosted::Address => false,
            NotPosted::NoAnswer(_) => true,
            NotPosted::Refused(status) => *status == 429 || *status >= 500,
        }
    }
}

/// Sends a message as JSON, signed with a key where there is one.
///
/// # Errors
/// Where the hook does not take it, after three attempts.
pub async fn post(url: &str, key: Option<&[u8]>, message: &Message) -> Result<Sent, NotPosted> {
    post_body(url, key, &message.json).await?;
    Ok(Sent { channel: "webhook", ..Sent::default() })
}

/// Posts a body.
pub(super) async fn post_body(url: &str, key: Option<&[u8]>, body: &str) -> Result<(), NotPosted> {
    if !is_private(url) {
        return Err(NotPosted::Address);
    }
    persistently(|| attempt(url, key, body), NotPosted::may_pass).await
}

/// Whether nobody on the way can read what is sent there.
fn is_private(url: &str) -> bool {
    match url.parse::<Uri>().ok().as_ref().map(|uri| (uri.scheme_str(), uri.authority())) {
        Some((Some("https"), Some(_))) => true,
        Some((Some("http"), Some(authority))) => is_own_host(authority.host()),
        Some(_) | None => false,
    }
}

async fn attempt(url: &str, key: Option<&[u8]>, body: &str) -> Result<(), NotPosted> {
    let mut request = Request::new(SdkBody::from(body));
    request.set_method("POST").expect("POST is a method");
    request.set_uri(url).map_err(|_| NotPosted::Address)?;
    let headers = request.headers_mut();
    headers.insert("content-type", "application/json");
    headers.insert("content-length", body.len().to_string());
    headers.insert("user-agent", concat!("rollcall/", env!("CARGO_PKG_VERSION")));
    if let Some(key) = key {
        headers.insert("x-rollcall-signature", signature(key, body));
    }
    let connector = ConnectorBuilder::default()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .proxy_config(ProxyConfig::from_env())
        .build();
    let answered = tokio::time::timeout(LONGEST, connector.call(request)).await;
    let answer = answered.map_err(|_| NotPosted::NoAnswer("timeout"))?;
    let answer =
        answer.map_err(|error| NotPosted::NoAnswer(if error.is_timeout() { "timeout" } else { "no connection" }))?;
    match answer.status() {
        status if status.is_success() => Ok(()),
        status => Err(NotPosted::Refused(status.as_u16())),
    }
}

/// `sha256=` and the HMAC-SHA256 of the body (RFC 2104), in hexadecimal.
fn signature(key: &[u8], body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    mac.update(body.as_bytes());
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

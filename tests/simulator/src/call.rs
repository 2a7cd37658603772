//! Which operation a request calls, by whose credentials, with what.

use serde_json::{Map, Value};

use crate::http::Request;
use crate::world::MANAGEMENT;

/// How a service is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// JSON with the operation in a header.
    Json,
    /// A form, answered in XML.
    Query,
    /// JSON with the operation in the path.
    Rest,
}

/// A call.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) protocol: Protocol,
    /// The service as IAM policies have it: `sso`.
    pub(crate) service: String,
    /// The operation within the service: `ListInstances`.
    pub(crate) name: String,
    /// The account whose credentials signed it.
    pub(crate) account: String,
    /// The id of the key that signed it.
    pub(crate) key: String,
    /// What it was asked with.
    pub(crate) parameters: Value,
}

impl Call {
    /// The call that a request makes; nothing where it is none.
    pub(crate) fn of(request: &Request) -> Option<Self> {
        let scope = request.header("authorization")?.split_once("Credential=")?.1;
        let mut scope = scope.split(',').next()?.split('/');
        let (key, service) = (scope.next()?.to_owned(), scope.nth(2)?.to_owned());
        let account = account_of(&key).unwrap_or_else(|| MANAGEMENT.to_owned());
        let (protocol, name, parameters) = if let Some(target) = request.header("x-amz-target") {
            let parameters = serde_json::from_slice(&request.body).ok()?;
            (Protocol::Json, target.split_once('.')?.1.to_owned(), parameters)
        } else if service == "account-access" {
            rest(request)?
        } else {
            let form = form(std::str::from_utf8(&request.body).ok()?);
            (Protocol::Query, form.get("Action")?.as_str()?.to_owned(), Value::Object(form))
        };
        Some(Call { protocol, service, name, account, key, parameters })
    }

    /// The operation as IAM policies have it: `sso:ListInstances`.
    pub(crate) fn operation(&self) -> String {
        format!("{}:{}", self.service, self.name)
    }

    /// A parameter that is text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.parameters.get(name)?.as_str()
    }

    /// Whether a parameter has this value.
    pub(crate) fn mentions(&self, value: &str) -> bool {
        let is = |known: &Value| known.as_str() == Some(value);
        // A member stands in an object of its own.
        let has = |known: &Value| is(known) || known.as_object().is_some_and(|inner| inner.values().any(is));
        self.parameters.as_object().is_some_and(|all| all.values().any(has))
    }

    /// The names of page token and page size.
    pub(crate) fn paging(&self) -> (&'static str, &'static str) {
        match self.protocol {
            Protocol::Json => ("NextToken", "MaxResults"),
            Protocol::Query => ("Marker", "MaxItems"),
            Protocol::Rest => ("nextToken", "maxResults"),
        }
    }

    /// The token of the page that is asked for.
    pub(crate) fn token(&self) -> Option<&str> {
        self.text(self.paging().0)
    }
}

/// The account of a member role's key. All other keys are the management account's.
fn account_of(key: &str) -> Option<String> {
    let account = key.strip_prefix("ASIA")?.get(..12)?;
    account.bytes().all(|byte| byte.is_ascii_digit()).then(|| account.to_owned())
}

fn rest(request: &Request) -> Option<(Protocol, String, Value)> {
    let path = request.target.split('?').next()?;
    let body = || serde_json::from_slice(&request.body).unwrap_or_else(|_| Value::Object(Map::new()));
    let named = |name: &str, value: &str| Value::Object(Map::from_iter([(name.to_owned(), value.to_owned().into())]));
    let (name, parameters) = if path == "/applications-list" {
        ("ListApplications", body())
    } else if path == "/entitlements-list" {
        ("ListEntitlements", body())
    } else if let Some(arn) = path.strip_prefix("/applications/") {
        ("GetApplication", named("applicationArn", &decoded(arn)))
    } else if let Some(id) = path.strip_prefix("/entitlements/") {
        ("GetEntitlement", named("entitlementId", &decoded(id)))
    } else {
        return None;
    };
    Some((Protocol::Rest, name.to_owned(), parameters))
}

fn form(text: &str) -> Map<String, Value> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (decoded(name), Value::String(decoded(value)))).collect()
}

/// Text without its percent signs and pluses.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = (first == b'%').then(|| after.get(..2)).flatten();
        let escaped = escaped.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        let (byte, length) = match escaped {
            Some(byte) => (byte, 3),
            None => (if first == b'+' { b' ' } else { first }, 1),
        };
        bytes.push(byte);
        rest = &rest[length..];
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

//! The services: from a call and the world to an answer. They do not know about faults, pages on the wire or protocols.

mod account_access;
pub(crate) mod changed;
mod iam;
mod identity_store;
mod organizations;
mod report;
mod sso_admin;
mod sts;

use serde_json::{Map, Value};

use crate::answer::Refusal;
use crate::call::{Call, Protocol};

pub(crate) use account_access::answer as account_access;
pub(crate) use iam::answer as iam;
pub(crate) use identity_store::answer as identity_store;
pub(crate) use organizations::answer as organizations;
pub(crate) use sso_admin::answer as sso_admin;
pub(crate) use sts::{Sessions, answer as sts};

/// An operation that is not simulated.
pub(crate) fn unknown(call: &Call) -> Refusal {
    let code = if call.protocol == Protocol::Query { "InvalidAction" } else { "UnknownOperationException" };
    Refusal::new(400, code, format!("The simulator does not have {}.", call.operation()))
}

/// The caller may not do this.
pub(crate) fn denied(call: &Call) -> Refusal {
    let operation = call.operation();
    let message = format!("User: arn:aws:iam::{}:user/auditor is not authorized to perform: {operation}", call.account);
    match call.protocol {
        Protocol::Query => Refusal::new(403, "AccessDenied", message),
        Protocol::Rest => Refusal::new(403, "AccessDeniedException", message),
        Protocol::Json => Refusal::new(400, "AccessDeniedException", message),
    }
}

/// The credentials expired.
pub(crate) fn expired(call: &Call) -> Refusal {
    let message = "The security token included in the request is expired";
    match call.protocol {
        Protocol::Query => Refusal::new(403, "ExpiredToken", message),
        Protocol::Rest => Refusal::new(403, "ExpiredTokenException", message),
        Protocol::Json => Refusal::new(400, "ExpiredTokenException", message),
    }
}

/// A parameter that the call must have.
fn needed<'c>(call: &'c Call, name: &str) -> Result<&'c str, Refusal> {
    call.text(name).ok_or_else(|| {
        let message = format!(
            "1 validation error detected: Value at '{name}' failed to satisfy constraint: Member must not be null"
        );
        Refusal::invalid(message)
    })
}

/// Adds a text, where there is one.
fn put(object: &mut Map<String, Value>, name: &str, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        object.insert(name.to_owned(), text.into());
    }
}

/// An object.
fn object<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

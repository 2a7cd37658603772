//! An event, from its bytes.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::actor::{self, Actor};
use super::event_source::EventSource;
use super::operations::{self, Did};
use super::parameters;
use crate::model::{AccountId, AlsoNamed, Watched, parser_words};

/// An event that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// CloudTrail's own id of it: the same event may be delivered twice.
    pub id: String,
    /// When the call was made, in UTC.
    pub at: DateTime<Utc>,
    /// The service that was called.
    pub source: EventSource,
    /// The operation, as CloudTrail writes it.
    pub operation: String,
    /// What it does, as far as its name says it.
    pub did: Did,
    /// Who called.
    pub actor: Actor,
    /// The address, or the service, that they called from.
    pub from: Option<String>,
    /// The account that CloudTrail recorded it in.
    pub account: Option<AccountId>,
    /// All texts that the call named, whatever they are.
    pub named: BTreeSet<String>,
    /// The identity store that the call named, where it named one.
    pub identity_store: Option<String>,
    /// What follows from it.
    pub meaning: Meaning,
}

/// What follows from an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// Look at these; each with what else the event named.
    Look(Vec<(Watched, Option<AlsoNamed>)>),
    /// AWS refused the call, by this code: nothing was changed.
    Refused(String),
    /// The call reads.
    Reads,
    /// Identity Center itself keeps a role of this permission set in this account: it follows from an assignment, or from a
    /// change of the set, which has an event of its own.
    OfIdentityCenter {
        /// The account of the role.
        account: AccountId,
        /// The name of the permission set.
        permission_set: String,
    },
    /// The call names nothing that can be looked at one by one.
    NotUnderstood,
}

/// Bytes that are no event of these services.
#[derive(Debug, thiserror::Error)]
pub enum NotAnEvent {
    /// No JSON, or cut.
    #[error("it is not JSON: {0}")]
    NotJson(String),
    /// A part that every event has is missing.
    #[error("it has no `{0}`, which every event of CloudTrail has")]
    Lacks(&'static str),
    /// Another service's.
    #[error("its `eventSource` is none of those that are watched")]
    OtherSource,
}

/// Reads an event as EventBridge hands it over.
///
/// # Errors
/// Where the bytes are no event of a service that is watched.
pub fn read(bytes: &[u8]) -> Result<Event, NotAnEvent> {
    let envelope: Value = serde_json::from_slice(bytes).map_err(|error| NotAnEvent::NotJson(parser_words(&error)))?;
    let detail = envelope.get("detail").filter(|detail| detail.is_object()).ok_or(NotAnEvent::Lacks("detail"))?;
    let text = |name: &'static str| detail.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let needed = |name: &'static str| text(name).ok_or(NotAnEvent::Lacks(name));
    let source = needed("eventSource")?;
    let source = EventSource::ALL.into_iter().find(|known| known.word() == source).ok_or(NotAnEvent::OtherSource)?;
    let operation = needed("eventName")?;
    let at = DateTime::parse_from_rfc3339(needed("eventTime")?).map_err(|_| NotAnEvent::Lacks("eventTime"))?;
    let of_envelope = || envelope.get("account").and_then(Value::as_str);
    let account = text("recipientAccountId").or_else(of_envelope).and_then(|account| account.parse().ok());
    let actor = Actor::of(detail.get("userIdentity").unwrap_or(&Value::Null));
    let store = detail.pointer("/requestParameters/identityStoreId").and_then(Value::as_str);
    Ok(Event {
        id: needed("eventID")?.to_owned(),
        at: at.to_utc(),
        meaning: meaning(detail, source, account, operation, &actor),
        source,
        operation: operation.to_owned(),
        did: operations::did(operation),
        actor,
        from: text("sourceIPAddress").map(str::to_owned),
        account,
        named: detail.get("requestParameters").map(parameters::texts).unwrap_or_default(),
        identity_store: store.map(str::to_owned),
    })
}

/// Identity Center itself, as the service that calls.
const IDENTITY_CENTER: &str = "sso.amazonaws.com";

fn meaning(detail: &Value, source: EventSource, account: Option<AccountId>, operation: &str, actor: &Actor) -> Meaning {
    if let Some(code) = detail.get("errorCode").and_then(Value::as_str) {
        return Meaning::Refused(code.to_owned());
    }
    if detail.get("readOnly").and_then(Value::as_bool) == Some(true) {
        return Meaning::Reads;
    }
    let places = parameters::places(source, account, operation, detail);
    if actor.service.as_deref() == Some(IDENTITY_CENTER)
        && let [(Watched::IamRole(account, role), None)] = &places[..]
        && let Some(permission_set) = actor::permission_set_of(role)
    {
        return Meaning::OfIdentityCenter { account: *account, permission_set: permission_set.to_owned() };
    }
    if places.is_empty() { Meaning::NotUnderstood } else { Meaning::Look(places) }
}

//! Which plan an event belongs to: the role that applies plans made the call, and the journal of a plan has the intent of
//! just this call, kept at that time.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::events::{Event, PlannedBy};
use crate::store::{Shelf, StoreError, change_log};

use super::conclude::Planned;

/// How long a call may take, and how far the clock of whoever applied a plan may be from that of AWS.
const APART: TimeDelta = TimeDelta::minutes(5);

/// Calls that plans intended.
#[derive(Debug, Default)]
pub(super) struct Intents(Vec<Intent>);

#[derive(Debug)]
struct Intent {
    plan: String,
    change: String,
    at: DateTime<Utc>,
    /// The operation, as CloudTrail writes it.
    operation: &'static str,
    /// The account, for what IAM of an account does.
    account: Option<String>,
    /// What the call names.
    names: BTreeSet<String>,
}

impl Intents {
    /// Reads the intents that lie around these events.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(super) async fn around(shelf: &Shelf, events: &[Event]) -> Result<Self, StoreError> {
        let Some(first) = events.iter().map(|event| event.at).min() else { return Ok(Intents::default()) };
        let mut intents = Vec::new();
        for digest in change_log::plans(shelf).await? {
            let plan: String = digest.chars().take(12).collect();
            for entry in change_log::since(shelf, &digest, |entry| is_since(entry, first - APART)).await? {
                intents.extend(intent(&plan, &entry));
            }
        }
        Ok(Intents(intents))
    }

    /// The change that all of these events belong to, the last one where they are several. `role` is the ARN of the role
    /// that applies plans.
    pub(super) fn planned(&self, events: &[Event], role: Option<&str>) -> Planned {
        let is_operator = |event: &Event| role.is_some_and(|role| event.actor.came_by(role));
        let mut last = None;
        for event in events.iter().filter(|event| is_operator(event)) {
            match self.0.iter().find(|intent| intent.is_of(event)) {
                Some(intent) => last = Some(intent),
                None => return Planned::WithoutPlan,
            }
        }
        // What others did beside it is no part of the plan, and is judged as it is.
        let planned = last.filter(|_| events.iter().all(is_operator));
        planned.map_or(Planned::ByOthers, |intent| {
            Planned::By(PlannedBy { plan: intent.plan.clone(), change: intent.change.clone() })
        })
    }
}

impl Intent {
    fn is_of(&self, event: &Event) -> bool {
        let is_then = (self.at - event.at).abs() <= APART;
        let is_there =
            self.account.as_ref().is_none_or(|account| event.account.is_some_and(|of| of.to_string() == *account));
        is_then && is_there && self.operation == event.operation && self.names.is_subset(&event.named)
    }
}

/// Of an entry, when it was kept.
#[derive(Deserialize)]
struct Dated {
    at: DateTime<Utc>,
}

/// Whether an entry was kept since then. One that cannot be read may have been.
fn is_since(entry: &[u8], since: DateTime<Utc>) -> bool {
    serde_json::from_slice::<Dated>(entry).map_or(true, |entry| entry.at >= since)
}

/// The intent that an entry is, where it is one.
fn intent(plan: &str, entry: &[u8]) -> Option<Intent> {
    let entry: Value = serde_json::from_slice(entry).ok()?;
    let text = |pointer: &str| entry.pointer(pointer).and_then(Value::as_str);
    if text("/entry/entry") != Some("intent") {
        return None;
    }
    let kind = text("/entry/step/write/credential/type").unwrap_or_default();
    let operation = operation(text("/entry/step/service")?, text("/entry/step/write/does")?, kind)?;
    let mut names = BTreeSet::new();
    gather(entry.pointer("/entry/step")?, &mut names);
    Some(Intent {
        plan: plan.to_owned(),
        change: text("/entry/change")?.to_owned(),
        at: text("/at")?.parse().ok()?,
        operation,
        account: text("/entry/step/account").map(str::to_owned),
        names,
    })
}

/// The ids and names in a step by which CloudTrail names what a call is about too.
fn gather(step: &Value, names: &mut BTreeSet<String>) {
    const KEYS: [&str; 9] =
        ["user", "group", "policy", "membership", "permission_set", "application", "serial", "id", "account"];
    let Some(step) = step.as_object() else { return };
    let is_iam = step.get("service").and_then(Value::as_str) == Some("iam");
    for (key, value) in step {
        match value.as_str() {
            // Of IAM, it is the account that the event is of, and the call does not name it.
            Some(_) if is_iam && key == "account" => {}
            Some(text) if KEYS.contains(&key.as_str()) => _ = names.insert(text.to_owned()),
            Some(_) => {}
            None => gather(value, names),
        }
    }
}

/// The operation that does what a step of a journal does, as CloudTrail writes it.
fn operation(service: &str, does: &str, credential: &str) -> Option<&'static str> {
    Some(match (service, does, credential) {
        ("iam", "create-user", _) | ("identity-store", "create-user", _) => "CreateUser",
        ("iam", "delete-user", _) | ("identity-store", "delete-user", _) => "DeleteUser",
        ("iam", "attach-policy", _) => "AttachUserPolicy",
        ("iam", "detach-policy", _) => "DetachUserPolicy",
        ("iam", "delete-policy", _) => "DeleteUserPolicy",
        ("iam", "add-to-group", _) => "AddUserToGroup",
        ("iam", "remove-from-group", _) => "RemoveUserFromGroup",
        ("iam", "create-login-profile", _) => "CreateLoginProfile",
        ("iam", "delete-login-profile", _) => "DeleteLoginProfile",
        ("iam", "switch", "access-key") => "UpdateAccessKey",
        ("iam", "switch", "ssh-key") => "UpdateSSHPublicKey",
        ("iam", "switch", "certificate") => "UpdateSigningCertificate",
        ("iam", "switch", "service-credential") => "UpdateServiceSpecificCredential",
        ("iam", "delete-credential", "access-key") => "DeleteAccessKey",
        ("iam", "delete-credential", "ssh-key") => "DeleteSSHPublicKey",
        ("iam", "delete-credential", "certificate") => "DeleteSigningCertificate",
        ("iam", "delete-credential", "service-credential") => "DeleteServiceSpecificCredential",
        ("iam", "deactivate-mfa-device", _) => "DeactivateMFADevice",
        ("iam", "delete-mfa-device", _) => "DeleteVirtualMFADevice",
        ("identity-store", "create-group", _) => "CreateGroup",
        ("identity-store", "delete-group", _) => "DeleteGroup",
        ("identity-store", "add-member", _) => "CreateGroupMembership",
        ("identity-store", "remove-member", _) => "DeleteGroupMembership",
        ("sso-admin", "add-assignment", _) => "CreateAccountAssignment",
        ("sso-admin", "remove-assignment", _) => "DeleteAccountAssignment",
        ("sso-admin", "remove-from-application", _) => "DeleteApplicationAssignment",
        _ => return None,
    })
}

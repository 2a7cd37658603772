//! STS: who asks, and a role's session in another account.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::{denied, expired, needed, unknown};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::world::World;

/// The states in which nobody gets into an account.
const OUT_OF_USE: [&str; 4] = ["PENDING_ACTIVATION", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"];

/// The sessions in which roles were assumed, by the id of their key.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_key: BTreeMap<String, Session>,
}

#[derive(Debug)]
struct Session {
    account: String,
    arn: String,
    name: String,
    until: SystemTime,
}

impl Sessions {
    /// Refuses a call that is signed with a session which is over.
    pub(crate) fn check(&self, call: &Call) -> Result<(), Refusal> {
        let over = self.by_key.get(&call.key).is_some_and(|session| session.until <= now());
        if over { Err(expired(call)) } else { Ok(()) }
    }

    /// The account and the name of each session.
    pub(crate) fn names(&self) -> Vec<(String, String)> {
        self.by_key.values().map(|session| (session.account.clone(), session.name.clone())).collect()
    }
}

pub(crate) fn answer(
    world: &World,
    call: &Call,
    sessions: &mut Sessions,
    lasting: u64,
) -> Result<Answer<'static>, Refusal> {
    match call.name.as_str() {
        "GetCallerIdentity" => Ok(Answer::One(identity(call, sessions))),
        "AssumeRole" => assume(world, call, sessions, lasting),
        _ => Err(unknown(call)),
    }
}

fn identity(call: &Call, sessions: &Sessions) -> serde_json::Value {
    let account = &call.account;
    let arn = sessions
        .by_key
        .get(&call.key)
        .map_or_else(|| format!("arn:aws:iam::{account}:user/auditor"), |session| session.arn.clone());
    json!({"Account": account, "Arn": arn, "UserId": format!("AIDA{account}USER")})
}

fn assume(world: &World, call: &Call, sessions: &mut Sessions, lasting: u64) -> Result<Answer<'static>, Refusal> {
    let (role_arn, name) = (needed(call, "RoleArn")?, needed(call, "RoleSessionName")?);
    if !(2..=64).contains(&name.len()) {
        return Err(Refusal::new(400, "ValidationError", "RoleSessionName has 2 to 64 characters"));
    }
    let (account, role) = parts(role_arn).ok_or_else(|| Refusal::new(400, "ValidationError", "RoleArn is no ARN"))?;
    let found = world.account(account).filter(|known| !OUT_OF_USE.contains(&known.state.as_str()));
    let external_id = found.and_then(|account| account.roles.get(role)).ok_or_else(|| denied(call))?;
    if external_id.as_deref().is_some_and(|wanted| call.text("ExternalId") != Some(wanted)) {
        return Err(denied(call));
    }
    // A key that names its account: whoever signs with it asks there.
    let key = format!("ASIA{account}{:04X}", sessions.by_key.len() & 0xffff);
    let arn = format!("arn:aws:sts::{account}:assumed-role/{}/{name}", role.rsplit('/').next().unwrap_or(role));
    let until = now() + Duration::from_secs(lasting);
    let expiration = instant(until);
    let answer = json!({
        "Credentials": {
            "AccessKeyId": key,
            "SecretAccessKey": "simulated",
            "SessionToken": "simulated",
            "Expiration": expiration,
        },
        "AssumedRoleUser": {"AssumedRoleId": format!("AROA{account}ROLE:{name}"), "Arn": arn},
    });
    let session = Session { account: account.to_owned(), arn, name: name.to_owned(), until };
    sessions.by_key.insert(key, session);
    Ok(Answer::One(answer))
}

/// Account and role (with its path) of `arn:aws:iam::123456789012:role/path/name`.
fn parts(arn: &str) -> Option<(&str, &str)> {
    let mut parts = arn.splitn(6, ':');
    let account = parts.nth(4)?;
    Some((account, parts.next()?.strip_prefix("role/")?))
}

#[expect(clippy::disallowed_methods, reason = "a session is over by the same clock that its client looks at")]
fn now() -> SystemTime {
    SystemTime::now()
}

fn instant(at: SystemTime) -> String {
    let seconds = at.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    super::iam::instant(i64::try_from(seconds).unwrap_or(i64::MAX))
}

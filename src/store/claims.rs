//! Claims: of several processes that see the same job due, one runs it.
//!
//! A claim is a row of objects, `claims/<job>/<due>/0001.json` and on. The one with the highest number holds. Renewing,
//! taking over and ending a claim all mean creating the next number, so of any two that try, exactly one wins.
//!
//! When a claim expires is judged by the store's clock alone: an object is as old as the time between its being stored
//! and the refusal that met it, both of which the store dates. So a claim says how long it holds and not until when;
//! the clocks of two machines are never compared.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::run::instant;
use super::{BadKey, Body, Created, Key, Object, Shelf, StoreError, document};

const VERSION: u32 = 1;

/// Who claims, and for how long at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimant {
    /// What tells this attempt to claim from every other; a fresh one for each.
    pub nonce: String,
    /// How long a claim holds without being renewed; whole seconds. A run renews at a third of it or so.
    pub lease: Duration,
}

/// What a job that is due is called on the shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Task {
    job: Key,
    due: DateTime<Utc>,
}

/// A claim that this process holds, until it is lost, finished or released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    task: Task,
    claimant: Claimant,
    number: u32,
}

/// What became of an attempt to claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// It is ours.
    Held(Claim),
    /// Another process holds it, for so long unless it renews or ends it before.
    Busy(Duration),
    /// The job has been done for this instant.
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    Held,
    Committing,
    Done,
    Released,
}

/// Format 1 of a claim.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    owner: String,
    state: State,
    lease_seconds: u64,
}

/// Claims a job for the instant at which it is due.
///
/// # Errors
/// Where the job's name cannot be a part of a key, a claim cannot be understood, or the shelf fails.
pub async fn claim(shelf: &Shelf, job: &str, due: DateTime<Utc>, claimant: Claimant) -> Result<Claimed, StoreError> {
    let task = Task::new(job, due)?;
    let mut number = 1;
    // From the first number on, not from the last: only an attempt to create tells the store's time, and a number
    // that is taken is passed only if its claim is over.
    loop {
        match shelf.create(&task.key(number), &claimant.body(State::Held)).await? {
            Created::Ours | Created::Same => return Ok(Claimed::Held(Claim { task, claimant, number })),
            Created::Taken { object, now } => match standing(&task.key(number), &object, now)? {
                Standing::Over => number += 1,
                Standing::Done => return Ok(Claimed::Done),
                Standing::Holds(left) if shelf.read(&task.key(number + 1)).await?.is_none() => {
                    return Ok(Claimed::Busy(left));
                }
                Standing::Holds(_) => number += 1,
            },
        }
    }
}

impl Claim {
    /// Holds the claim for another lease.
    ///
    /// # Errors
    /// [`StoreError::ClaimLost`] where another process has taken it over: then the run must stop. Also where the shelf
    /// fails; the claim may still hold then, and renewing can be tried again.
    pub async fn renew(&mut self, shelf: &Shelf) -> Result<(), StoreError> {
        self.advance(shelf, State::Held).await
    }

    /// Says that the package is being published now, for another lease. Nothing may be published before this.
    ///
    /// # Errors
    /// As for [`Claim::renew`].
    pub async fn commit(&mut self, shelf: &Shelf) -> Result<(), StoreError> {
        self.advance(shelf, State::Committing).await
    }

    /// Says that the job is done for this instant; nobody will run it again.
    ///
    /// # Errors
    /// As for [`Claim::renew`].
    pub async fn finish(mut self, shelf: &Shelf) -> Result<(), StoreError> {
        self.advance(shelf, State::Done).await
    }

    /// Gives the claim up undone; another process may take it at once.
    ///
    /// # Errors
    /// As for [`Claim::renew`].
    pub async fn release(mut self, shelf: &Shelf) -> Result<(), StoreError> {
        self.advance(shelf, State::Released).await
    }

    async fn advance(&mut self, shelf: &Shelf, state: State) -> Result<(), StoreError> {
        let key = self.task.key(self.number + 1);
        match shelf.create(&key, &self.claimant.body(state)).await? {
            Created::Ours | Created::Same => {
                self.number += 1;
                Ok(())
            }
            Created::Taken { .. } => {
                Err(StoreError::ClaimLost { job: self.task.job.to_string(), due: instant(self.task.due) })
            }
        }
    }
}

impl Claimant {
    fn body(&self, state: State) -> Body {
        let lease_seconds = self.lease.as_secs();
        Body::json(document::encode(&Document { version: VERSION, owner: self.nonce.clone(), state, lease_seconds }))
    }
}

impl Task {
    fn new(job: &str, due: DateTime<Utc>) -> Result<Self, BadKey> {
        Ok(Task { job: Key::short(job)?, due })
    }

    fn key(&self, number: u32) -> Key {
        Key::known(format!("claims/{}/{}/{number:04}.json", self.job, instant(self.due)))
    }
}

/// What a claim that was met means to others.
enum Standing {
    /// For so long.
    Holds(Duration),
    Done,
    Over,
}

fn standing(key: &Key, object: &Object, now: DateTime<Utc>) -> Result<Standing, StoreError> {
    let claim: Document = document::decode(key.as_str(), &object.bytes, VERSION)?;
    let age = now - object.stored;
    let lease = i64::try_from(claim.lease_seconds).ok().and_then(TimeDelta::try_seconds).unwrap_or(TimeDelta::MAX);
    Ok(match claim.state {
        State::Done => Standing::Done,
        State::Released => Standing::Over,
        State::Held | State::Committing if age >= lease => Standing::Over,
        State::Held | State::Committing => Standing::Holds((lease - age).to_std().unwrap_or_default()),
    })
}

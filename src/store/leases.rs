//! Claims: of several processes that see the same job due, one runs it.
//!
//! A claim is a row of objects, `claims/<job>/<due>/0001.json` and on. The one with the highest number holds. Renewing,
//! taking over and ending a claim all mean creating the next number, so of any two that try, exactly one wins.
//!
//! When a claim expires is judged by the store's clock alone: an object is as old as the time between its being stored
//! and the refusal that met it, both of which the store dates. So a claim says how long it holds and not until when;
//! the clocks of two machines are never compared.
//!
//! Claims are advice for running once, and never a reason to stay silent: whoever may write to the store may write one.
//! So none holds for longer than [`LONGEST_LEASE`], one that cannot be understood or comes from the future does not
//! hold, one that was put ahead of the others is passed over, and `done` counts only with a link of the chain for the
//! very same instant.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::chain::Link;
use super::run::instant;
use super::{BadKey, Body, Created, Digest, Key, Object, Shelf, StoreError, document};

const VERSION: u32 = 1;

/// For how long a claim holds at most, whatever it says. Rollcall's own hold for a few minutes and are renewed.
pub const LONGEST_LEASE: Duration = Duration::from_secs(3600);

/// For how long one holds that cannot be understood: another version of Rollcall may have written it.
const DOUBTFUL_LEASE: Duration = Duration::from_secs(180);

/// How far in the future a claim may have been stored by a clock that was corrected since.
const CORRECTED: TimeDelta = TimeDelta::minutes(5);

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

/// Format 1 of a claim. Fields of later versions are no reason not to understand it.
#[derive(Serialize, Deserialize)]
struct Document {
    version: u32,
    owner: String,
    state: State,
    lease_seconds: u64,
    /// The link of the package, where the job is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<u32>,
    /// That link's digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<Digest>,
}

/// Claims a job for the instant at which it is due.
///
/// # Errors
/// Where the job's name cannot be a part of a key, or the shelf fails.
pub async fn claim(shelf: &Shelf, job: &str, due: DateTime<Utc>, claimant: Claimant) -> Result<Claimed, StoreError> {
    let task = Task::new(job, due)?;
    // Only an attempt to create tells the store's time, so the highest number is tried and not only read. A number that
    // is taken is passed only if its claim is over.
    let mut number = task.highest(shelf).await?.max(1);
    loop {
        match shelf.create(&task.key(number), &claimant.body(State::Held, None)).await? {
            Created::Ours | Created::Same => return Ok(Claimed::Held(Claim { task, claimant, number })),
            Created::Taken { object, now } => match task.standing(shelf, number, &object, now).await? {
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
        self.advance(shelf, State::Held, None).await
    }

    /// Says that the package is being published now, for another lease. Nothing may be published before this.
    ///
    /// # Errors
    /// As for [`Claim::renew`].
    pub async fn commit(&mut self, shelf: &Shelf) -> Result<(), StoreError> {
        self.advance(shelf, State::Committing, None).await
    }

    /// Says that the job is done for this instant, by the package of this link; no other process will run it again.
    ///
    /// # Errors
    /// As for [`Claim::renew`].
    pub async fn finish(mut self, shelf: &Shelf, link: &Link) -> Result<(), StoreError> {
        self.advance(shelf, State::Done, Some(link)).await
    }

    /// Gives the claim up undone; another process may take it at once.
    ///
    /// # Errors
    /// As for [`Claim::renew`].
    pub async fn release(mut self, shelf: &Shelf) -> Result<(), StoreError> {
        self.advance(shelf, State::Released, None).await
    }

    async fn advance(&mut self, shelf: &Shelf, state: State, link: Option<&Link>) -> Result<(), StoreError> {
        let mut number = self.number + 1;
        loop {
            let key = self.task.key(number);
            match shelf.create(&key, &self.claimant.body(state, link)).await? {
                Created::Ours | Created::Same => {
                    self.number = number;
                    return Ok(());
                }
                Created::Taken { object, .. } if self.may_have_succeeded(shelf, &object).await? => {
                    return Err(StoreError::ClaimLost { job: self.task.job.to_string(), due: instant(self.task.due) });
                }
                Created::Taken { .. } => {
                    tracing::warn!(claim = %key, "ignoring a lease that was written before it could be valid");
                    number += 1;
                }
            }
        }
    }

    /// Whether this object can be the claim of a process that took over: that waits until our last one is over.
    async fn may_have_succeeded(&self, shelf: &Shelf, object: &Object) -> Result<bool, StoreError> {
        // A bucket dates by whole seconds.
        let lease = self.claimant.lease.saturating_sub(Duration::from_secs(2));
        let Some(ours) = shelf.read(&self.task.key(self.number)).await? else { return Ok(true) };
        Ok((object.stored - ours.stored).to_std().is_ok_and(|later| later >= lease))
    }
}

impl Claimant {
    fn body(&self, state: State, link: Option<&Link>) -> Body {
        Body::json(document::encode(&Document {
            version: VERSION,
            owner: self.nonce.clone(),
            state,
            lease_seconds: self.lease.as_secs(),
            link: link.map(|link| link.number),
            sha256: link.map(|link| link.digest),
        }))
    }
}

impl Task {
    fn new(job: &str, due: DateTime<Utc>) -> Result<Self, BadKey> {
        Ok(Task { job: Key::short(job)?, due })
    }

    fn folder(&self) -> Key {
        Key::known(format!("claims/{}/{}", self.job, instant(self.due)))
    }

    fn key(&self, number: u32) -> Key {
        Key::known(format!("{}/{number:04}.json", self.folder()))
    }

    /// The highest number up to which none is missing. What lies behind a gap was not put there by this protocol.
    async fn highest(&self, shelf: &Shelf) -> Result<u32, StoreError> {
        let there: BTreeSet<Key> = shelf.list(&self.folder(), None).await?.into_iter().collect();
        Ok((1..).take_while(|number| there.contains(&self.key(*number))).last().unwrap_or(0))
    }

    /// What a claim that was met means to others.
    async fn standing(
        &self,
        shelf: &Shelf,
        number: u32,
        object: &Object,
        now: DateTime<Utc>,
    ) -> Result<Standing, StoreError> {
        let claim = self.key(number);
        if object.stored - now > CORRECTED {
            tracing::warn!(%claim, stored = %object.stored, "ignoring a lease from the future");
            return Ok(Standing::Over);
        }
        let age = (now - object.stored).to_std().unwrap_or_default();
        let Ok(document) = serde_json::from_slice::<Document>(&object.bytes) else {
            tracing::warn!(%claim, "this lease cannot be understood; it holds only briefly");
            return Ok(holds(DOUBTFUL_LEASE, age));
        };
        let lease = Duration::from_secs(document.lease_seconds);
        match document.state {
            State::Done if self.is_done(shelf, &document).await? => return Ok(Standing::Done),
            State::Done => {
                tracing::warn!(%claim, "ignoring a lease that says that the job is done: no link of the chain shows \
                                        it");
                return Ok(Standing::Over);
            }
            State::Released => return Ok(Standing::Over),
            State::Held | State::Committing => {}
        }
        if lease > LONGEST_LEASE {
            tracing::warn!(%claim, seconds = document.lease_seconds, "this lease asks for more than one hour; it \
                                                                      holds for one hour");
        }
        Ok(holds(lease.min(LONGEST_LEASE), age))
    }

    /// Whether the chain has the link that a claim names, and that is for this job and this instant.
    async fn is_done(&self, shelf: &Shelf, claim: &Document) -> Result<bool, StoreError> {
        let (Some(number), Some(digest)) = (claim.link, claim.sha256) else { return Ok(false) };
        match Link::read(shelf, number).await {
            Ok(link) => Ok(link.digest == digest && link.is_of(self.job.as_str(), Some(self.due))),
            Err(error @ (StoreError::Bucket { .. } | StoreError::File { .. } | StoreError::Answer { .. })) => {
                Err(error)
            }
            Err(_) => Ok(false),
        }
    }
}

/// What a claim that was met means to others.
enum Standing {
    /// For so long.
    Holds(Duration),
    Done,
    Over,
}

fn holds(lease: Duration, age: Duration) -> Standing {
    match lease.saturating_sub(age) {
        Duration::ZERO => Standing::Over,
        left => Standing::Holds(left),
    }
}

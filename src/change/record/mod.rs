//! What applying a plan did, as its journal says: the reading side of the journal's format, and what follows of each change.
//!
//! Whoever applies a plan writes the journal; here it is read as evidence, so that what an auditor sees follows from two
//! files alone: the plan that was reviewed, and the journal.

mod closes;
mod journal;
mod progress;
mod sight;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{ChangeId, Digest, Plan, PlanError, Planned, read as read_plan};
use crate::model::{Closure, Fingerprint};

pub use journal::{How, Order};
pub use sight::{Sight, SightOfIamUser, SightOfPrincipal};

/// What applying a plan did.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The plan that was reviewed.
    pub plan: Plan,
    /// The digest of its file.
    pub digest: Digest,
    /// Every time that a process began to make changes of it, or continued.
    pub rounds: Vec<Round>,
    /// Its changes, in the order of the plan.
    pub changes: Vec<Recorded>,
    /// How many entries the journal has.
    pub entries: usize,
    /// When the last one was kept (UTC).
    pub until: DateTime<Utc>,
    /// Where the last process stopped, and why; `None` where it did not, or was killed.
    pub stopped: Option<(ChangeId, String)>,
}

/// One time that a process made changes of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// When it began (UTC).
    pub at: DateTime<Utc>,
    /// The ARN of the session that read.
    pub observer: String,
    /// The ARN of the session that changed.
    pub operator: String,
    /// What the command allowed, and left out.
    pub order: Order,
    /// Fingerprints of the open findings that the plan resolves, as it was judged right before.
    pub resolves: Vec<String>,
}

/// What became of one change.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The change.
    pub planned: Planned,
    /// How far it is.
    pub state: State,
    /// When its state was known (UTC); `None` where it was not begun.
    pub at: Option<DateTime<Utc>>,
    /// The ARN of the session that sent it, or that found that there was nothing to send.
    pub by: Option<String>,
    /// What was sent to AWS, in order.
    pub sent: Vec<Sent>,
    /// What was read of its target before the first step.
    pub before: Option<Sight>,
    /// What was read of its target when it was done.
    pub after: Option<Sight>,
}

/// How far a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is done, and this is how that is known.
    Done(How),
    /// A step was sent, or may have been, and it is not known that the change is done.
    Open,
    /// It was tried, and AWS did not do it.
    Refused,
    /// It was not begun: the last command left it out.
    LeftOut,
    /// It was not begun.
    NotBegun,
}

/// One step that was sent to AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// When it was about to be sent (UTC).
    pub at: DateTime<Utc>,
    /// The service and what it does, in the journal's words: `identity-store remove-member`.
    pub does: String,
    /// What became of it, in the journal's words and AWS's: `done`, `stopped: AccessDenied: …`.
    pub outcome: String,
    /// AWS's id of the call (`requestID` of CloudTrail), where AWS answered.
    pub request_id: Option<String>,
    /// The ids of the requests for assignments that it made.
    pub requests: Vec<String>,
}

/// Why a plan and a journal are no record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The plan cannot be read.
    #[error("the plan cannot be read")]
    Plan(#[from] PlanError),
    /// An entry of the journal cannot be read.
    #[error("entry {number} of the journal cannot be read")]
    Entry {
        /// Its number, counted from one.
        number: usize,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// An entry of the journal has another format.
    #[error(
        "entry {number} of the journal has version {version}, and this Rollcall reads version {}",
        journal::VERSION
    )]
    Version {
        /// Its number, counted from one.
        number: usize,
        /// Its version.
        version: u32,
    },
    /// The journal is of another plan.
    #[error("entry {number} of the journal names change `{change}`, which is not in the plan")]
    OtherPlan {
        /// Its number, counted from one.
        number: usize,
        /// The change.
        change: ChangeId,
    },
    /// The journal is empty: nothing was applied.
    #[error("the journal has no entry")]
    Empty,
}

impl Record {
    /// What follows from a plan and its journal, one entry a line.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn read(plan: &[u8], journal: &[u8]) -> Result<Self, RecordError> {
        let digest = Digest::of(plan);
        let plan = read_plan(plan)?;
        let kept = journal::read(journal)?;
        let Some(last) = kept.last() else { return Err(RecordError::Empty) };
        let rounds = progress::rounds(&kept);
        let changes = plan.changes.iter().map(|planned| progress::of(planned, &kept, &rounds)).collect();
        let known = |change: &ChangeId| plan.changes.iter().any(|planned| planned.id == *change);
        for (number, line) in kept.iter().enumerate() {
            if let Some(change) = line.entry.change().filter(|change| !known(change)) {
                return Err(RecordError::OtherPlan { number: number + 1, change: change.clone() });
            }
        }
        let (entries, until, stopped) = (kept.len(), last.at, progress::stopped(last));
        Ok(Record { plan, digest, rounds, changes, entries, until, stopped })
    }

    /// The findings that are put in order, as the plan foresaw, and by which changes.
    #[must_use]
    pub fn closes(&self) -> BTreeMap<Fingerprint, Closure> {
        closes::of(self)
    }

    /// How many changes are done.
    #[must_use]
    pub fn done(&self) -> usize {
        self.changes.iter().filter(|change| change.is_done()).count()
    }
}

impl Recorded {
    /// Whether it is done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self.state, State::Done(_))
    }

    /// Whether it is done, and not because what was to be removed was gone already.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        matches!(self.state, State::Done(How::Seen | How::AnswerLost | How::NotRead))
    }
}

//! The journal of a plan that is applied, format 1: what an entry says. None has a secret; names, mail addresses and ids are
//! in it as they are in the plan.
//!
//! An entry is one object of the store, `changes/<digest of the plan>/<number>.json`, numbered from one without a gap. What an
//! entry means never changes within a version; a version may gain kinds of entries and optional fields.
//!
//! Of one change, the entries come in this order, others between them:
//!
//! ```text
//! intent ─► answered ─► (found) ─► (settled) ─► next intent … ─► done
//! ```
//!
//! An intent without `answered` may have been sent or not. A change without an intent that is `done` needed nothing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::aws::failure::Failure;
use crate::change::ChangeId;
use crate::change::record::Sight;
use crate::operate::{Outcome, Request, Settled, Step};

/// The version of the format.
pub const VERSION: u32 = 1;

/// An entry as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The version of the format.
    pub version: u32,
    /// When it was kept (UTC), by the clock of the machine that kept it.
    pub at: DateTime<Utc>,
    /// The process that kept it: a random text, one for each run of the command.
    pub run: String,
    /// What it says.
    pub entry: Entry,
    /// What was read last of the target of the change: with an intent before the step, with `done` after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saw: Option<Sight>,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Entry {
    /// A process began to apply the plan, or continued it. The plan was judged right before.
    Began {
        /// The ARN of the session that observes.
        observer: String,
        /// The ARN of the session that changes.
        operator: String,
        /// What the command allowed, and left out.
        order: Order,
        /// Fingerprints of the open findings that the plan resolves, as it was judged right before.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        resolves: Vec<String>,
    },
    /// A step is about to be sent.
    Intent {
        /// The change that it belongs to.
        change: ChangeId,
        /// The step.
        step: Step,
    },
    /// What AWS answered to the step of the latest intent, or that it did not.
    Answered {
        /// The change that it belongs to.
        change: ChangeId,
        /// What became of the step.
        outcome: Outcome,
        /// AWS's id of the call, where AWS answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
    },
    /// The answer that named a request for an assignment was lost, and the request was found.
    Found {
        /// The change that it belongs to.
        change: ChangeId,
        /// The request.
        request: Request,
    },
    /// A request for an assignment ended, or was not waited for any longer.
    Settled {
        /// The change that it belongs to.
        change: ChangeId,
        /// How it ended.
        settled: Ended,
    },
    /// A change is done.
    Done {
        /// The change.
        change: ChangeId,
        /// How that is known.
        how: How,
        /// The id of the user or group of Identity Center that it created.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        made: Option<String>,
    },
    /// The process stopped before all changes were done.
    Stopped {
        /// The change at which it stopped.
        change: ChangeId,
        /// Why, for a reader.
        why: String,
    },
}

impl Entry {
    /// The change that it is about; `None` where a process began.
    #[must_use]
    pub fn change(&self) -> Option<&ChangeId> {
        match self {
            Entry::Began { .. } => None,
            Entry::Intent { change, .. }
            | Entry::Answered { change, .. }
            | Entry::Found { change, .. }
            | Entry::Settled { change, .. }
            | Entry::Done { change, .. }
            | Entry::Stopped { change, .. } => Some(change),
        }
    }
}

/// How a request for an assignment ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ended", rename_all = "kebab-case")]
pub enum Ended {
    /// It is done.
    Succeeded,
    /// It was not done.
    Failed {
        /// AWS's reason, word for word.
        reason: String,
    },
    /// It was not waited for any longer, or its status could not be read.
    Unknown {
        /// Why.
        failure: Failure,
    },
}

impl From<&Settled> for Ended {
    fn from(settled: &Settled) -> Self {
        match settled {
            Settled::Succeeded => Ended::Succeeded,
            Settled::Failed { reason } => Ended::Failed { reason: reason.clone() },
            Settled::Unknown { failure } => Ended::Unknown { failure: failure.clone() },
        }
    }
}

/// What the command said besides the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// `--allow-removals`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_removals: Option<usize>,
    /// `--allow-administrative`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_administrative: bool,
    /// `--allow-new-findings`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow_new_findings: Vec<String>,
    /// `--except`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<ChangeId>,
    /// `--reference`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// How it is known that a change is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// What was to be removed was gone already.
    WasGone,
    /// It was sent, AWS said that it is done, and it was seen afterwards.
    Seen,
    /// It was sent or may have been, the answer was lost, and it was seen afterwards.
    AnswerLost,
    /// It was sent, AWS said that it is done, and it could not be read afterwards.
    NotRead,
}

impl How {
    /// How it is known of two steps that both are done: as of the one that is known less well.
    pub(super) fn and(self, other: How) -> How {
        self.max(other)
    }
}

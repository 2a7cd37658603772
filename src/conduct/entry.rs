//! The entries of the journal of a plan that is applied. None of them has a secret.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::aws::failure::Failure;
use crate::change::ChangeId;
use crate::operate::{Outcome, Request, Settled, Step};

/// The version of the format.
pub(super) const VERSION: u32 = 1;

/// An entry with its version and its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    /// The version of the format.
    pub(super) version: u32,
    /// When it was kept.
    pub(super) at: DateTime<Utc>,
    /// The entry.
    pub(super) entry: Entry,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Entry {
    /// A process began to apply the plan, or went on with it.
    Began {
        /// The ARN of whoever observes.
        observer: Option<String>,
        /// The ARN of whoever changes.
        operator: String,
        /// What the command let pass, and left out.
        order: Order,
    },
    /// A step is about to be sent.
    Intent {
        /// The change that it belongs to.
        change: ChangeId,
        /// The step.
        step: Step,
    },
    /// AWS answered a step, or did not.
    Answered {
        /// The change that it belongs to.
        change: ChangeId,
        /// What became of it.
        outcome: Outcome,
    },
    /// A request for an assignment whose answer was lost was found.
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
        /// How.
        settled: Ended,
    },
    /// A change is done.
    Done {
        /// The change.
        change: ChangeId,
        /// How it came to be so.
        how: How,
    },
    /// The apply stopped before its end.
    Stopped {
        /// The change at which it stopped.
        change: ChangeId,
        /// Why, for a reader.
        why: String,
    },
}

/// How a request for an assignment ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ended", rename_all = "kebab-case")]
pub(super) enum Ended {
    /// It is done.
    Succeeded,
    /// It was not done.
    Failed {
        /// AWS's reason, word for word.
        reason: String,
    },
    /// It was not waited for any longer.
    Unknown {
        /// What kept it.
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

/// What was asked for on the command line, beside the plan.
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

/// How a change came to be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It was sent, and is seen.
    Seen,
    /// It was sent and answered, and whether it is so could not be read afterwards.
    NotRead,
    /// It was sent, the answer was lost, and it is seen.
    AnswerLost,
    /// What was to be taken away was gone already.
    WasGone,
}

//! The journal of a plan that was applied, format 1, read back: of each entry what evidence is made of.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{RecordError, Sight};
use crate::change::ChangeId;

/// The version of the format that is read.
pub(super) const VERSION: u32 = 1;

/// An entry as it was kept.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    pub(super) at: DateTime<Utc>,
    pub(super) entry: Entry,
    /// What was read last of the target of the change.
    #[serde(default)]
    pub(super) saw: Option<Sight>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case")]
pub(super) enum Entry {
    Began {
        observer: String,
        operator: String,
        order: Order,
        #[serde(default)]
        resolves: Vec<String>,
    },
    Intent {
        change: ChangeId,
        step: Step,
    },
    Answered {
        change: ChangeId,
        outcome: Outcome,
        #[serde(default)]
        request_id: Option<String>,
    },
    Found {
        change: ChangeId,
        request: Request,
    },
    Settled {
        change: ChangeId,
        settled: Ended,
    },
    Done {
        change: ChangeId,
        how: How,
    },
    Stopped {
        change: ChangeId,
        why: String,
    },
}

/// What the command said besides the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Order {
    /// `--allow-removals`.
    pub allow_removals: Option<usize>,
    /// `--allow-administrative`.
    pub allow_administrative: bool,
    /// `--allow-new-findings`.
    pub allow_new_findings: Vec<String>,
    /// `--except`.
    pub except: Vec<ChangeId>,
    /// `--reference`: a ticket, a pull request.
    pub reference: Option<String>,
}

/// How it is known that a change is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It was sent, AWS said that it is done, and it was seen afterwards.
    Seen,
    /// It was sent, AWS said that it is done, and it could not be read afterwards.
    NotRead,
    /// It was sent or may have been, the answer was lost, and it was seen afterwards.
    AnswerLost,
    /// What was to be removed was gone already.
    WasGone,
}

/// The service that a step calls, and what it does there.
#[derive(Debug)]
pub(super) struct Step(pub(super) String);

#[derive(Debug, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub(super) enum Outcome {
    Done { made: Option<String> },
    Asked { request: Request },
    WasGone,
    NotDone { failure: Failure },
    Stopped { failure: Failure },
    Unknown { failure: Failure },
}

#[derive(Debug, Deserialize)]
#[serde(tag = "ended", rename_all = "kebab-case")]
pub(super) enum Ended {
    Succeeded,
    Failed { reason: String },
    Unknown { failure: Failure },
}

#[derive(Debug, Deserialize)]
pub(super) struct Request {
    pub(super) id: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Failure {
    code: String,
    message: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let step = Value::deserialize(deserializer)?;
        let word = |value: &Value| value.as_str().map(str::to_owned);
        match (word(&step["service"]), word(&step["write"]["does"])) {
            (Some(service), Some(does)) => Ok(Step(format!("{service} {does}"))),
            (None, _) | (_, None) => Err(serde::de::Error::custom("a step without `service` and `write.does`")),
        }
    }
}

impl Entry {
    /// The change that it is about; `None` where a process began.
    pub(super) fn change(&self) -> Option<&ChangeId> {
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

/// Reads a journal, one entry a line.
pub(super) fn read(journal: &[u8]) -> Result<Vec<Line>, RecordError> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }

    let mut lines = Vec::new();
    for (bytes, number) in journal.split_inclusive(|byte| *byte == b'\n').zip(1..) {
        let unreadable = |source| RecordError::Entry { number, source };
        let Versioned { version } = serde_json::from_slice(bytes).map_err(unreadable)?;
        if version != VERSION {
            return Err(RecordError::Version { number, version });
        }
        lines.push(serde_json::from_slice(bytes).map_err(unreadable)?);
    }
    Ok(lines)
}

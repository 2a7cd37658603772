//! What became of a step.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::requests::Request;
use crate::aws::failure::Failure;

/// What became of a step that was sent once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// AWS says that it is done.
    Done {
        /// The id of what was made: `AIDA…`, a `UserId`, a `GroupId`, a `MembershipId`.
        made: Option<String>,
    },
    /// AWS will do it, and tells by this request how that goes on.
    Asked {
        /// The request.
        request: Request,
    },
    /// What was to be taken away was gone already.
    WasGone,
    /// It was not done. It can be sent again after a wait.
    NotDone {
        /// Why.
        why: Busy,
        /// What AWS said.
        failure: Failure,
    },
    /// It was not done, and sending again does not help.
    Stopped {
        /// Why.
        why: Stop,
        /// What was said.
        failure: Failure,
    },
    /// It may have been done or not: only looking tells.
    Unknown {
        /// What happened.
        failure: Failure,
    },
}

/// What became of a step that was sent once, and AWS's id of the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// What became of the step.
    pub outcome: Outcome,
    /// The id by which AWS's own log has the call (`requestID` of CloudTrail); `None` where AWS did not answer.
    pub request_id: Option<String>,
}

impl From<Outcome> for Answered {
    /// What was never sent.
    fn from(outcome: Outcome) -> Self {
        Answered { outcome, request_id: None }
    }
}

/// Why a step was not done, and can be sent again after a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Busy {
    /// AWS asks for patience.
    Throttled,
    /// An earlier write to assignments of the account is under way.
    EarlierWrite,
    /// Ten requests of ours, or one to the same account, are under way. Nothing was sent.
    UnderWay,
    /// Something else is being changed about the same.
    ConcurrentModification,
    /// What was just changed cannot be changed again yet.
    TemporarilyUnmodifiable,
    /// What was just made does not show everywhere yet.
    NotVisibleYet,
    /// The clock of this machine is wrong; the next call is signed with AWS's time.
    WrongClock,
}

/// Why a step was not done, where sending again does not help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stop", rename_all = "kebab-case")]
pub enum Stop {
    /// It is not allowed.
    Denied {
        /// The missing action, as a policy names it.
        action: String,
    },
    /// The credentials do not work.
    Credentials,
    /// It was never sent, for another reason.
    NotSent,
    /// What it would make is there.
    Exists,
    /// Somebody else changed the same in the meantime: the revision that was seen is not the present one.
    ChangedByOthers,
    /// What it is about, or what it names, is not there.
    NotThere,
    /// Something hangs on what it would delete.
    InUse,
    /// A quota is used up.
    Limit,
    /// AWS refuses it as it is.
    Refused,
}

/// The first wait before a step is sent again, and the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(20);

impl Busy {
    /// How long to wait before the step is sent again, after it was sent so many times: twice as long each time.
    #[must_use]
    pub fn wait(self, sent: u32) -> Duration {
        (FIRST_WAIT * 2_u32.pow(sent.saturating_sub(1).min(10))).min(LONGEST_WAIT)
    }
}

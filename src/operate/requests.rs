//! Requests for assignments that AWS carries out later: which are under way, and whether another one may be sent.

use serde::{Deserialize, Serialize};

use super::step::Assignment;

/// How many requests may be under way at once. AWS takes 15 of all callers together.
pub const MOST_UNDER_WAY: usize = 10;

/// A request that AWS took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// AWS's id of it.
    pub id: String,
    /// What it asks for.
    pub wants: Wants,
    /// The assignment that it is about.
    pub assignment: Assignment,
    /// The instance that it was sent to.
    pub instance: String,
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wants {
    /// An assignment.
    Assignment,
    /// The end of one.
    Removal,
}

/// How a request goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Status {
    /// AWS is at it.
    UnderWay,
    /// It is done.
    Succeeded,
    /// It was not done.
    Failed {
        /// AWS's reason, word for word.
        reason: String,
    },
}

/// The requests that are under way. Two are never about one account: AWS would refuse the second one, or not tell whose
/// end the first one was.
#[derive(Debug, Default)]
pub struct UnderWay {
    requests: Vec<Request>,
}

impl UnderWay {
    /// Whether a request for this assignment may be sent now.
    #[must_use]
    pub fn has_room_for(&self, assignment: &Assignment) -> bool {
        self.requests.len() < MOST_UNDER_WAY
            && !self.requests.iter().any(|request| request.assignment.account == assignment.account)
    }

    /// Takes note of a request that AWS took.
    pub fn begin(&mut self, request: Request) {
        if !self.requests.iter().any(|known| known.id == request.id) {
            self.requests.push(request);
        }
    }

    /// Takes note that a request has ended.
    pub fn end(&mut self, id: &str) {
        self.requests.retain(|request| request.id != id);
    }

    /// The requests, in the order in which they began.
    #[must_use]
    pub fn requests(&self) -> &[Request] {
        &self.requests
    }
}

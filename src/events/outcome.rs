//! What came of looking where events said: plain data, for those who write sentences of it.

use chrono::{DateTime, Utc};

use super::event::Event;
use crate::model::{AccountId, Fingerprint, RuleId, Severity, Watched};

/// What came of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What was looked at, or would have been; `None` where the events named nothing.
    pub watched: Option<Seen>,
    /// The events, the first first.
    pub events: Vec<Event>,
    /// When it was looked at (UTC); `None` where nothing was.
    pub looked_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub ending: Ending,
    /// The change of a plan that the events belong to, where they do.
    pub planned: Option<PlannedBy>,
    /// Whether the role that changes access was used without a plan.
    pub operator_without_plan: bool,
    /// What else could not be read, each as the action and the code: findings may be missing.
    pub unread: Vec<(String, String)>,
}

/// What was looked at, by the names that people know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// As the event names it.
    pub watched: Watched,
    /// Its name, where the look found one.
    pub name: Option<String>,
    /// The name of its account, where that is known.
    pub account_name: Option<String>,
    /// What it has.
    pub has: Vec<Has>,
}

/// What somebody has, as far as a message says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Has {
    /// These policies, by name.
    Policies(Vec<String>),
    /// A console password, and whether with MFA.
    Password {
        /// Whether MFA is set up.
        mfa: bool,
    },
    /// So many active access keys.
    AccessKeys(u8),
    /// These permission sets, each with its account.
    PermissionSets(Vec<(String, AccountId)>),
    /// These groups.
    Groups(Vec<String>),
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// There are open findings about it.
    NotExpected(Vec<Found>),
    /// Lists expect all of it: the rows.
    Expected(Vec<String>),
    /// Waivers accept what there is to find.
    Accepted(Vec<Found>),
    /// It differs from the lists, and so recently that the synchronization may not have run yet.
    Pending,
    /// No list speaks for it.
    NotAssessed,
    /// It was there, and cannot be decided: why.
    Undecided(Vec<String>),
    /// It was not there when it was looked at.
    Gone,
    /// AWS does not allow to look: the action and the code.
    NotAllowed(String, String),
    /// It could not be read: the action and the code.
    Unread(String, String),
    /// The settings leave it out.
    OutOfScope,
    /// A plan has it, and there is nothing to look at.
    Planned,
    /// An assignment was asked for, and is not there yet, or not gone yet.
    InProgress,
    /// It is there, and AWS does not yet list what it holds.
    NotListedYet,
    /// The call names nothing that can be looked at.
    NotUnderstood,
    /// Identity Center itself keeps a role of this permission set in this account.
    OfIdentityCenter(AccountId, String),
    /// AWS refused the call, by this code.
    Refused(String),
    /// The call reads.
    Reads,
}

/// A finding about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The rule.
    pub rule: RuleId,
    /// How much it matters.
    pub severity: Severity,
    /// Who, what and where: a sentence that is safe to show.
    pub title: String,
    /// Tells it from others, in every run.
    pub fingerprint: Fingerprint,
}

/// The change of a plan that events belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedBy {
    /// The first twelve digits of the plan's digest.
    pub plan: String,
    /// The change.
    pub change: String,
}

impl Outcome {
    /// The worst of its findings; an operator without a plan is as bad as it gets.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        let found = if let Ending::NotExpected(found) = &self.ending { found.as_slice() } else { &[] };
        let worst = found.iter().map(|found| found.severity).max();
        if self.operator_without_plan { Some(Severity::Critical) } else { worst }
    }

    /// Whether there is a verdict.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        let decided = match self.ending {
            Ending::NotExpected(_)
            | Ending::Expected(_)
            | Ending::Accepted(_)
            | Ending::Gone
            | Ending::Planned
            | Ending::OfIdentityCenter(..)
            | Ending::Refused(_)
            | Ending::Reads => true,
            Ending::Pending
            | Ending::NotAssessed
            | Ending::Undecided(_)
            | Ending::NotAllowed(..)
            | Ending::Unread(..)
            | Ending::OutOfScope
            | Ending::InProgress
            | Ending::NotListedYet
            | Ending::NotUnderstood => false,
        };
        decided && self.unread.is_empty()
    }
}

impl Ending {
    /// The word for it, for machines.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Ending::NotExpected(_) => "not-expected",
            Ending::Expected(_) => "expected",
            Ending::Accepted(_) => "accepted",
            Ending::Pending => "pending",
            Ending::NotAssessed => "not-assessed",
            Ending::Undecided(_) => "undecided",
            Ending::Gone => "gone",
            Ending::NotAllowed(..) => "not-allowed",
            Ending::Unread(..) => "unread",
            Ending::OutOfScope => "out-of-scope",
            Ending::Planned => "planned",
            Ending::InProgress => "in-progress",
            Ending::NotListedYet => "not-listed-yet",
            Ending::NotUnderstood => "not-understood",
            Ending::OfIdentityCenter(..) => "of-identity-center",
            Ending::Refused(_) => "refused",
            Ending::Reads => "reads",
        }
    }
}

//! What applying a plan changed, as a message, and what recipients know of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::mail_page::{MailPage, Tone};
use super::{Kind, Message};
use crate::wording;

/// The job under which these messages are sent.
const JOB: &str = "changes";
/// How many changes a text lists; the JSON lists ten times as many.
const LISTED: usize = 20;

/// What became of one change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeMade {
    /// Its id in the plan.
    pub change: String,
    /// Its kind: `create-iam-user`.
    pub kind: &'static str,
    /// How far it is, in words.
    pub state: &'static str,
    /// What became of it, as a sentence.
    pub text: String,
    /// When that was known (UTC).
    pub at: Option<DateTime<Utc>>,
    /// The ARN of the session that made it.
    pub by: Option<String>,
}

/// What applying a plan changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangesMade<'a> {
    /// What the organization is called.
    pub organization: Option<&'a str>,
    /// The first digits of the plan's digest.
    pub plan: &'a str,
    /// How far the plan is applied, as a phrase.
    pub headline: &'a str,
    /// Why it stopped, where it did.
    pub stopped: Option<&'a str>,
    /// The changes that the recipients do not know of.
    pub changes: &'a [ChangeMade],
    /// Whether all of them were read afterwards.
    pub all_seen: bool,
    /// Where the package is.
    pub package: &'a str,
}

/// Format 1 of the message for machines.
#[derive(Serialize)]
struct Machine<'a> {
    version: u32,
    kind: Kind,
    organization: Option<&'a str>,
    job: &'a str,
    plan: &'a str,
    changes: &'a [ChangeMade],
    more_changes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped: Option<&'a str>,
    package: &'a str,
}

/// The message.
///
/// # Panics
/// Never: the JSON has only texts and instants.
#[must_use]
pub fn changes_made(made: &ChangesMade<'_>) -> Message {
    let listed = &made.changes[..made.changes.len().min(LISTED)];
    let more = made.changes.len() - listed.len();
    let mut text = format!("Plan {} was applied: {}.\n\n", made.plan, made.headline);
    for change in listed {
        text += &format!("{}\n\n", change.text);
    }
    if more > 0 {
        text += &format!("And {}; the package lists them.\n\n", wording::count(more, "further change"));
    }
    if let Some(stopped) = made.stopped {
        text += &format!("It {stopped}.\n\n");
    }
    text += &format!("Package  {}\n", made.package);
    let for_machines = &made.changes[..made.changes.len().min(10 * LISTED)];
    let machine = Machine {
        version: 1,
        kind: Kind::ChangesMade,
        organization: made.organization,
        job: JOB,
        plan: made.plan,
        changes: for_machines,
        more_changes: made.changes.len() - for_machines.len(),
        stopped: made.stopped,
        package: made.package,
    };
    let tone = if made.all_seen && made.stopped.is_none() { Tone::Good } else { Tone::Warn };
    let count = wording::count(made.changes.len(), "change");
    Message {
        kind: Kind::ChangesMade,
        job: Some(JOB.to_owned()),
        subject: Message::subject_of(&format!("{count} of AWS access, plan {}", made.plan), made.organization),
        page: MailPage { tone, ..MailPage::of_text("Changes of AWS access", &text) },
        text,
        json: serde_json::to_string(&machine).expect("a message is JSON"),
        severity: "change".to_owned(),
        completeness: if made.all_seen { "complete" } else { "incomplete" }.to_owned(),
    }
}

/// What recipients know of a plan, format 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownChanges {
    version: u32,
    plan: String,
    until: DateTime<Utc>,
}

impl KnownChanges {
    /// That they know what became of a plan until this instant.
    #[must_use]
    pub fn of(plan: &str, until: DateTime<Utc>) -> Self {
        KnownChanges { version: 1, plan: plan.to_owned(), until }
    }

    /// Reads a record: until when they know what became of a plan. `None` where it is of another plan, or cannot be
    /// understood: then they are told once more.
    #[must_use]
    pub fn until(record: &[u8], plan: &str) -> Option<DateTime<Utc>> {
        let known: KnownChanges = serde_json::from_slice(record).ok()?;
        (known.version == 1 && known.plan == plan).then_some(known.until)
    }

    /// The record.
    ///
    /// # Panics
    /// Never: texts and instants are JSON.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("a record is JSON")
    }
}

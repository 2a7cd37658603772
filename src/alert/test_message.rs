//! A message that only tests whether it arrives.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::mail_page::{MailPage, Tone};
use super::{Kind, Message};
use crate::wording;

/// Format 1 of the message for machines.
#[derive(Serialize)]
struct Machine<'a> {
    version: u32,
    kind: Kind,
    organization: Option<&'a str>,
    job: &'a str,
    at: DateTime<Utc>,
}

/// The message by which the recipients of a job's alerts see that they would get them.
///
/// # Panics
/// Never: the JSON has only texts and an instant.
#[must_use]
pub fn test_message(organization: Option<&str>, job: &str, now: DateTime<Utc>) -> Message {
    let of = organization.map(|name| format!(" of {}", wording::visible(name))).unwrap_or_default();
    let machine = Machine { version: 1, kind: Kind::Test, organization, job, at: now };
    let text = format!(
        "This is a test. Nothing was audited, and there is nothing to do.\n\nYou get the alerts of job `{job}`{of}. Sent \
         {}.\n",
        wording::instant(now)
    );
    Message {
        kind: Kind::Test,
        job: Some(job.to_owned()),
        subject: Message::subject_of(&format!("test message for job {job}"), organization),
        page: MailPage { tone: Tone::Good, ..MailPage::of_text("Test message", &text) },
        text,
        json: serde_json::to_string(&machine).expect("a message is JSON"),
        severity: Kind::Test.word().to_owned(),
        completeness: "complete".to_owned(),
    }
}

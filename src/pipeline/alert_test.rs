//! Sending a test message to those who get a job's alerts.

use chrono::{DateTime, Utc};

use super::send::{AlertError, Outgoing, send};
use crate::alert::test_message;
use crate::settings::{Job, Recipients, Settings};

/// What became of a test message.
#[derive(Debug)]
pub struct Tested {
    /// The channel; `None` for the topic.
    pub channel: Option<String>,
    /// Whether it was taken.
    pub sent: Result<(), AlertError>,
}

/// Sends a test message to the recipients of a job's alerts, or to those of one channel alone. Nothing is recorded.
pub async fn test_alerts(
    settings: &Settings,
    job: &Job,
    only: Option<&str>,
    (run_id, now): (&str, DateTime<Utc>),
) -> Vec<Tested> {
    let message = test_message(settings.organization.as_deref(), &job.name, now);
    let mut tested = Vec::new();
    for Recipients { channel, target, .. } in settings.recipients(&job.name) {
        let is_wanted = only.is_none_or(|only| channel.as_deref() == Some(only));
        let Some(target) = target.filter(|_| is_wanted) else { continue };
        let outgoing = Outgoing { message: &message, run_id, now, findings: None };
        let sent = Box::pin(send(&target, outgoing, settings)).await.map(drop);
        tested.push(Tested { channel, sent });
    }
    tested
}

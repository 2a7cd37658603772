//! Sending samples of messages to those who get a job's alerts.

use chrono::{DateTime, Utc};

use super::send::{AlertError, Outgoing, send};
use crate::alert::samples;
use crate::settings::{Job, Recipients, Settings};

/// What became of the samples.
#[derive(Debug)]
pub struct Tested {
    /// The channel; `None` for the topic.
    pub channel: Option<String>,
    /// How many were taken.
    pub sent: Result<usize, AlertError>,
}

/// Sends a sample of each kind of message, marked as a test, to the recipients of a job's alerts, or to those of one channel alone. Nothing is recorded.
pub async fn test_alerts(
    settings: &Settings,
    job: &Job,
    only: Option<&str>,
    (run_id, now): (&str, DateTime<Utc>),
) -> Vec<Tested> {
    let messages = samples(settings.organization.as_deref(), &job.name, now);
    let mut tested = Vec::new();
    for Recipients { channel, target, .. } in settings.recipients(&job.name) {
        let is_wanted = only.is_none_or(|only| channel.as_deref() == Some(only));
        let Some(target) = target.filter(|_| is_wanted) else { continue };
        let mut sent = Ok(0);
        for (number, message) in messages.iter().enumerate() {
            // The samples are of one run, and each is a message of its own.
            let run_id = format!("{run_id}-{number}");
            let outgoing = Outgoing { message, run_id: &run_id, now, findings: None };
            match Box::pin(send(&target, outgoing, settings)).await {
                Ok(_) => sent = Ok(number + 1),
                Err(error) => {
                    sent = Err(error);
                    break;
                }
            }
        }
        tested.push(Tested { channel, sent });
    }
    tested
}

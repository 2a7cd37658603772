//! `[watch]`: the queues whose events are assessed at once, and what is told of them.

use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Job, Settings};

/// The queues whose events are assessed at once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// The addresses of the SQS queues that EventBridge puts events of CloudTrail into.
    pub queues: Vec<String>,
    /// The job whose store has the records and whose recipients get the messages. Default: the first job.
    #[serde(default)]
    pub job: Option<String>,
    /// What is told: `findings`, which includes changes without a verdict, or `all`.
    #[serde(default)]
    pub tell: Tell,
    /// How many seconds after its last change a principal is read: several changes then get one verdict.
    #[serde(default = "settle")]
    #[schemars(range(max = 600))]
    pub settle_seconds: u16,
    /// How many principals are read at most at a time. If more changed, there is one message, and an audit is due.
    #[serde(default = "most")]
    #[schemars(range(min = 1))]
    pub most_at_once: u16,
}

/// What is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tell {
    /// New findings, and changes without a verdict.
    #[default]
    Findings,
    /// Every change that was assessed.
    All,
}

fn settle() -> u16 {
    30
}

fn most() -> u16 {
    50
}

impl Watch {
    /// How long after its last change a principal is read.
    #[must_use]
    pub fn settle(&self) -> TimeDelta {
        TimeDelta::seconds(self.settle_seconds.into())
    }

    /// What cannot be: key, value, and what to write.
    pub(super) fn wrong(&self, jobs: &[Job]) -> Option<(&'static str, String, &'static str)> {
        let queue = self.queues.iter().find(|url| !is_queue(url));
        let job = self.job.as_ref().filter(|name| jobs.iter().all(|job| job.name != **name));
        if let Some(queue) = queue {
            let help = "write the address of the queue: `https://sqs.us-east-1.amazonaws.com/111122223333/rollcall`";
            return Some(("watch.queues", queue.clone(), help));
        }
        if self.queues.is_empty() {
            return Some(("watch.queues", "[]".to_owned(), "name at least one queue, or remove `[watch]`"));
        }
        if let Some(job) = job {
            return Some(("watch.job", job.clone(), "write the name of a job that the settings have"));
        }
        match self.most_at_once {
            0 => Some(("watch.most_at_once", "0".to_owned(), "write at least 1")),
            _ => None,
        }
    }
}

impl Settings {
    /// The job whose store and recipients the watcher uses; `None` where there is no job.
    #[must_use]
    pub fn watch_job(&self) -> Option<&Job> {
        let named = self.watch.as_ref().and_then(|watch| watch.job.as_deref());
        self.jobs.iter().find(|job| named.is_none_or(|name| job.name == name))
    }
}

/// Whether a text is the address of a queue.
fn is_queue(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let parts: Vec<&str> = rest.split('/').collect();
    let [host, account, name] = parts[..] else { return false };
    let is_account = account.len() == 12 && account.bytes().all(|digit| digit.is_ascii_digit());
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    ["https", "http"].contains(&scheme)
        && !host.is_empty()
        && is_account
        && !name.is_empty()
        && name.bytes().all(is_name)
}

//! What is news, and telling it: one message a run, and none when nothing is new and no summary is due.
//!
//! What was told before arrives as data ([`Told`]) and what was told now goes back as data; where that is kept is not
//! known here.

mod alert_state;
mod attempts;
mod basis;
mod changes_made;
pub mod channel;
mod chat;
pub mod failure;
mod failure_text;
mod kind;
mod lines;
mod machine;
pub mod mail_page;
pub mod mailbox;
mod message;
pub mod mime;
mod news;
mod news_page;
mod owed;
mod report_place;
mod sample;
pub mod secret;
pub mod slack;
pub mod smtp;
pub mod sns;
mod summary;
mod text;
pub mod topic;
mod watch_memory;
mod watch_message;
pub mod web_hook;
mod when;

use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{Age, Severity};

pub use alert_state::{BadTold, KnownFinding, Sent, Told};
pub use changes_made::{ChangeMade, ChangesMade, KnownChanges, changes_made};
pub use channel::Channel;
pub use kind::Kind;
pub use message::Message;
pub use news::{New, News, Reminder, news};
pub use report_place::ReportPlace;
pub use sample::samples;
pub use summary::{OfSeverity, Summary};
pub use watch_memory::{ByAudits, WatchMemory};
pub use watch_message::{WatchOccasion, storm_message, watch_message};
pub use when::{Wanted, When};

/// `[alert]`: where alerts go.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The ARN of the SNS topic for messages. Without it, no alerts are sent.
    pub sns_topic_arn: Option<String>,
    /// The lowest severity of new findings that are alerted. Lower ones are in the report only.
    pub min_severity: Severity,
    /// After which runs a message is sent. `changes`: if something is new, and once a week; `findings`: also if findings of
    /// `min_severity` or gaps are open; `always`: after every run.
    pub when: When,
    /// How long after its scheduled time a job without a package is overdue: `6h`, `2d`.
    pub overdue_after: Age,
    /// Web hooks, mail servers and further topics that messages are sent to, besides the topic or instead of it.
    #[serde(rename = "channel")]
    pub channels: Vec<Channel>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            sns_topic_arn: None,
            min_severity: Severity::Low,
            when: When::default(),
            overdue_after: Age(TimeDelta::hours(6)),
            channels: Vec::new(),
        }
    }
}

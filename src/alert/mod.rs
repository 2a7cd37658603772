//! What is news, and telling it: one message a run, and none when nothing is new.
//!
//! What was told before arrives as data ([`Told`]) and what was told now goes back as data; where that is kept is not
//! known here.

mod alert_state;
pub mod failure;
mod message;
mod news;
pub mod sns;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::Severity;

pub use alert_state::{BadTold, Sent, Told};
pub use message::Message;
pub use news::{New, News, news};

/// `[alert]`: who is told.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The ARN of the SNS topic that messages go to. Without one nobody is told.
    pub sns_topic_arn: Option<String>,
    /// The mildest severity of which a new finding is told. Milder ones stand in the report.
    pub min_severity: Severity,
}

impl Default for Options {
    fn default() -> Self {
        Options { sns_topic_arn: None, min_severity: Severity::Low }
    }
}

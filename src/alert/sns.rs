//! The channel SNS: one `Publish` a message, text for people and JSON for machines.

use aws_config::SdkConfig;
use aws_sdk_sns::Client;
use aws_sdk_sns::config::Region;
use aws_sdk_sns::config::retry::RetryConfig;
use aws_sdk_sns::types::MessageAttributeValue;
use sha2::{Digest, Sha256};

use super::topic::is_fifo;
use super::{Message, Sent, chat};
use crate::aws::failure::{self, Failure};

/// A message that SNS did not take.
#[derive(Debug, thiserror::Error)]
#[error("cannot send the alert to `{topic}`")]
pub struct NotSent {
    topic: String,
    #[source]
    source: Failure,
}

impl NotSent {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        "the role needs `sns:Publish` on the topic (plus `kms:GenerateDataKey*` and `kms:Decrypt` if it is \
         encrypted); the next run sends what was not sent"
            .to_owned()
    }
}

/// What a topic's subscribers read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// People read text, machines JSON.
    ByProtocol,
    /// Amazon Q Developer reads a custom notification.
    AmazonQ,
}

impl Form {
    fn word(self) -> &'static str {
        match self {
            Form::ByProtocol => "sns",
            Form::AmazonQ => "amazon-q",
        }
    }
}

/// Publishes a message of this run. A FIFO topic keeps the order of each job's messages, and takes one only once.
///
/// # Errors
/// Where SNS does not take it, after the attempts that the SDK makes.
pub async fn publish(
    config: &SdkConfig,
    topic: &str,
    message: &Message,
    (form, run_id): (Form, &str),
) -> Result<Sent, NotSent> {
    // A message is sent once a run, so the SDK's own retries do, which collecting does without.
    let mut config = aws_sdk_sns::config::Builder::from(config).retry_config(RetryConfig::standard());
    // arn:partition:sns:region:account:name; the topic need not be where Identity Center is.
    if let Some(region) = topic.split(':').nth(3).filter(|region| !region.is_empty()) {
        config = config.region(Region::new(region.to_owned()));
    }
    let attribute = |value: &str| {
        let text = MessageAttributeValue::builder().data_type("String").string_value(value);
        text.build().expect("the one required field is set")
    };
    let job = message.job.as_deref().filter(|job| !job.is_empty());
    let id = format!("{run_id}-{}-{}", message.kind.word(), job.unwrap_or("none"));
    let mut request = Client::from_conf(config.build())
        .publish()
        .topic_arn(topic)
        .subject(&message.subject)
        .message_attributes("kind", attribute(message.kind.word()))
        .message_attributes("job", attribute(job.unwrap_or("none")))
        .message_attributes("severity", attribute(&message.severity))
        .message_attributes("completeness", attribute(&message.completeness));
    request = match form {
        Form::ByProtocol => request.message(message.by_protocol()).message_structure("json"),
        Form::AmazonQ => request.message(chat::notification(message, &id)),
    };
    if is_fifo(topic) {
        // At most 128 characters (`Publish`, `MessageDeduplicationId`).
        let digest = hex::encode(Sha256::digest(id.as_bytes()));
        request = request.message_group_id(job.unwrap_or("none")).message_deduplication_id(digest);
    }
    match request.send().await {
        Ok(published) => Ok(Sent { channel: form.word(), message_id: published.message_id, refused: Vec::new() }),
        Err(error) => Err(NotSent { topic: topic.to_owned(), source: failure::of(&error) }),
    }
}

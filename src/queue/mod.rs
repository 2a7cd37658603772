//! An SQS queue: messages come from it, stay hidden while they are worked on, and go once they are done. What a message says
//! is not known here.
//!
//! A message that is not deleted comes back; one that came back too often goes to the dead-letter queue, by the settings of
//! the queue itself.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::Region;
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry, MessageSystemAttributeName,
};

use crate::aws::failure::{self, Failure, Kind};
use crate::model::is_region;

/// What is called, as a policy names it, and what each is for.
pub const ACTIONS: [(&str, &str); 3] = [
    ("sqs:ReceiveMessage", "the events of a queue"),
    ("sqs:ChangeMessageVisibility", "events that wait, or are being assessed, are not received a second time"),
    ("sqs:DeleteMessage", "events that were assessed and reported leave the queue"),
];

/// Messages of one call: AWS takes ten at most.
const BATCH: usize = 10;

/// A queue.
#[derive(Debug, Clone)]
pub struct Queue {
    client: Client,
    url: String,
}

/// A message that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What it is deleted by, this time.
    pub receipt: String,
    /// What it says.
    pub body: String,
    /// How often it was received, this time included.
    pub received: u32,
}

/// A queue that does not do what it should.
#[derive(Debug, thiserror::Error)]
#[error("cannot {doing} of the queue `{url}`")]
pub struct QueueError {
    doing: &'static str,
    url: String,
    #[source]
    source: Failure,
}

impl QueueError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        let of_failure = self.source.help().map(str::to_owned);
        of_failure
            .unwrap_or_else(|| "check `watch.queues`, and allow what `rollcall policy --for watcher` prints".to_owned())
    }
}

impl Queue {
    /// The queue at this address, with the credentials of this configuration. The address names its region.
    #[must_use]
    pub fn of(config: &SdkConfig, url: &str) -> Self {
        let mut config = aws_sdk_sqs::config::Builder::from(config).retry_config(RetryConfig::standard());
        if let Some(region) = region(url) {
            config = config.region(Region::new(region.to_owned()));
        }
        Queue { client: Client::from_conf(config.build()), url: url.to_owned() }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Some messages, waiting for the first one at most so long. They stay hidden for others for `hidden`.
    ///
    /// # Errors
    /// Where SQS does not answer, or does not allow it.
    pub async fn receive(&self, wait: Duration, hidden: Duration) -> Result<Vec<Delivery>, QueueError> {
        let receive = self.client.receive_message().queue_url(&self.url).max_number_of_messages(10);
        let receive = receive.wait_time_seconds(seconds(wait).min(20)).visibility_timeout(seconds(hidden));
        let received = MessageSystemAttributeName::ApproximateReceiveCount;
        let answer = receive.message_system_attribute_names(received.clone()).send().await;
        let answer = answer.map_err(|error| self.failed("receive messages", failure::of(&error)))?;
        let messages = answer.messages.unwrap_or_default().into_iter().map(|message| {
            let count = message.attributes.as_ref().and_then(|all| all.get(&received)?.parse().ok());
            let receipt = message.receipt_handle.unwrap_or_default();
            Delivery { receipt, body: message.body.unwrap_or_default(), received: count.unwrap_or(1) }
        });
        Ok(messages.collect())
    }

    /// Keeps these messages hidden from now on for so long; `Duration::ZERO` gives them back.
    ///
    /// # Errors
    /// For the first that SQS does not keep; each of the others was tried.
    pub async fn hide(&self, receipts: &[String], hidden: Duration) -> Result<(), QueueError> {
        let mut failed = None;
        for batch in receipts.chunks(BATCH) {
            let entries = batch.iter().enumerate().map(|(number, receipt)| {
                let entry = ChangeMessageVisibilityBatchRequestEntry::builder().id(number.to_string());
                let entry = entry.receipt_handle(receipt).visibility_timeout(seconds(hidden)).build();
                entry.expect("both required fields are set")
            });
            let hide = self.client.change_message_visibility_batch().queue_url(&self.url);
            match hide.set_entries(Some(entries.collect())).send().await {
                Ok(answer) => failed = failed.or(answer.failed.into_iter().next()),
                Err(error) => return Err(self.failed("hide messages", failure::of(&error))),
            }
        }
        self.unless_failed("hide messages", failed.map(|entry| (entry.code, entry.message)))
    }

    /// Deletes these messages.
    ///
    /// # Errors
    /// For the first that SQS does not delete; each of the others was tried.
    pub async fn delete(&self, receipts: &[String]) -> Result<(), QueueError> {
        let mut failed = None;
        for batch in receipts.chunks(BATCH) {
            let entries = batch.iter().enumerate().map(|(number, receipt)| {
                let entry = DeleteMessageBatchRequestEntry::builder().id(number.to_string()).receipt_handle(receipt);
                entry.build().expect("both required fields are set")
            });
            let delete = self.client.delete_message_batch().queue_url(&self.url);
            match delete.set_entries(Some(entries.collect())).send().await {
                Ok(answer) => failed = failed.or(answer.failed.into_iter().next()),
                Err(error) => return Err(self.failed("delete messages", failure::of(&error))),
            }
        }
        self.unless_failed("delete messages", failed.map(|entry| (entry.code, entry.message)))
    }

    fn unless_failed(&self, doing: &'static str, failed: Option<(String, Option<String>)>) -> Result<(), QueueError> {
        match failed {
            None => Ok(()),
            Some((code, message)) => {
                Err(self.failed(doing, Failure::new(Kind::Failed, code, message.unwrap_or_default())))
            }
        }
    }

    fn failed(&self, doing: &'static str, source: Failure) -> QueueError {
        QueueError { doing, url: self.url.clone(), source }
    }
}

fn seconds(time: Duration) -> i32 {
    i32::try_from(time.as_secs()).unwrap_or(i32::MAX)
}

/// The region of a queue by its address: `https://sqs.eu-central-1.amazonaws.com/111122223333/rollcall-events`.
fn region(url: &str) -> Option<&str> {
    let host = url.split_once("://")?.1.split(['/', ':']).next()?;
    let mut labels = host.split('.');
    let named = labels.find(|label| *label == "sqs").and(labels.next());
    named.filter(|region| is_region(region))
}

/// The ARN of a queue by its address, from behind its partition on.
#[must_use]
pub fn arn_behind_partition(url: &str) -> String {
    let mut parts = url.rsplit('/');
    let (name, account) = (parts.next().unwrap_or("*"), parts.next().unwrap_or("*"));
    format!("sqs:{}:{account}:{name}", region(url).unwrap_or("*"))
}

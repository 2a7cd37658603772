//! The ARN of an SNS topic (<https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html>).

use crate::model::{AccountId, is_region, partition_of};

/// How the name of a FIFO topic ends.
const FIFO: &str = ".fifo";

/// Whether a text is the ARN of a topic, standard or FIFO.
#[must_use]
pub fn is_topic(text: &str) -> bool {
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    let [arn, partition, service, region, account, name] = text.splitn(6, ':').collect::<Vec<_>>()[..] else {
        return false;
    };
    let stem = name.strip_suffix(FIFO).unwrap_or(name);
    let is_name = name.len() <= 256 && !stem.is_empty() && stem.bytes().all(valid);
    (arn, service) == ("arn", "sns")
        && is_region(region)
        && partition == partition_of(region)
        && account.parse::<AccountId>().is_ok()
        && is_name
}

/// Whether a topic is a FIFO topic, which wants a group and an id for each message.
#[must_use]
pub fn is_fifo(topic: &str) -> bool {
    topic.ends_with(FIFO)
}

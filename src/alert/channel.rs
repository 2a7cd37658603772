//! Where messages go besides the topic: `[[alert.channel]]` of the settings.

use std::path::PathBuf;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::model::Severity;

/// A web hook that messages are sent to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Its name, for the log and for the record of what was sent: lowercase letters, digits and `-`. A new name is a new
    /// channel, which gets everything that is open.
    #[schemars(regex(pattern = r"^[a-z0-9-]{1,50}$"))]
    pub name: String,
    /// What it takes.
    #[serde(rename = "type")]
    pub takes: Takes,
    /// Where its address is: `env:NAME` or `file:PATH`. The address of a Slack webhook is a secret.
    #[schemars(with = "String", regex(pattern = "^(env|file):.+$"))]
    pub url: Secret,
    /// Where the key is that messages are signed with, for `webhook` only: `env:NAME` or `file:PATH`. The header
    /// `X-Rollcall-Signature` then is `sha256=` and the HMAC-SHA256 of the body in hexadecimal.
    #[schemars(with = "Option<String>", regex(pattern = "^(env|file):.+$"))]
    #[serde(default)]
    pub key: Option<Secret>,
    /// The lowest severity of new findings that are sent, instead of `alert.min_severity`.
    #[serde(default)]
    pub min_severity: Option<Severity>,
    /// The jobs whose messages it gets. Default: all jobs.
    #[serde(default)]
    pub jobs: Option<Vec<String>>,
}

/// What a web hook takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Takes {
    /// An incoming webhook of Slack: the text for people.
    Slack,
    /// Any other: the JSON for machines.
    Webhook,
}

/// Where a secret is. It is never in the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    /// In this variable of the environment.
    Env(String),
    /// In this file, without the end of the line.
    File(PathBuf),
}

impl FromStr for Secret {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // What stands there otherwise may be the secret itself, and is not repeated.
        let refused = || "a secret is not written into the settings: write `env:NAME` or `file:PATH`".to_owned();
        match text.split_once(':') {
            Some((_, "")) | None => Err(refused()),
            Some(("env", name)) => Ok(Secret::Env(name.to_owned())),
            Some(("file", path)) => Ok(Secret::File(PathBuf::from(path))),
            Some(_) => Err(refused()),
        }
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Channel {
    /// Whether it gets the messages of this job.
    #[must_use]
    pub fn is_of(&self, job: &str) -> bool {
        self.jobs.as_ref().is_none_or(|jobs| jobs.iter().any(|name| name == job))
    }

    /// Whether its name can be one.
    #[must_use]
    pub fn is_named_well(&self) -> bool {
        let valid = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=50).contains(&self.name.len()) && self.name.bytes().all(valid)
    }
}

impl Takes {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Takes::Slack => "slack",
            Takes::Webhook => "webhook",
        }
    }
}

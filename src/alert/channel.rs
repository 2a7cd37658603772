//! Where messages go besides the topic: `[[alert.channel]]` of the settings.

use std::borrow::Cow;
use std::path::PathBuf;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

use super::mailbox::Mailbox;
use super::secret::Secret;
use super::topic::{is_fifo, is_topic};
use super::when::When;
use crate::model::Severity;

/// A way that messages are sent besides the topic.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Channel {
    /// Its name, for the log and for the record of what was sent.
    pub name: String,
    /// How they are sent.
    pub way: Way,
    /// The lowest severity of new findings that are sent, instead of that of the job.
    pub min_severity: Option<Severity>,
    /// After which runs it gets a message, instead of what the job says.
    pub when: Option<When>,
    /// The jobs whose messages it gets; `None` for all.
    pub jobs: Option<Vec<String>>,
}

/// How messages are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// To an incoming webhook of Slack: the text for people.
    Slack {
        /// Where the address is.
        url: Secret,
    },
    /// To any other web hook: the JSON for machines.
    WebHook {
        /// Where the address is.
        url: Secret,
        /// Where the key is that messages are signed with.
        key: Option<Secret>,
    },
    /// To a further topic of SNS, as to the one of `alert.sns_topic_arn`.
    Topic {
        /// Its ARN.
        arn: String,
    },
    /// To a topic that Amazon Q Developer shows in a chat.
    AmazonQ {
        /// Its ARN.
        arn: String,
    },
    /// By e-mail.
    Mail(Mail),
}

/// E-mail by SMTP: which server takes it, and who gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The server.
    pub host: String,
    /// Its port; `None` for the usual one.
    pub port: Option<u16>,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// A file of certificates in PEM that are trusted instead of the system's.
    pub ca: Option<PathBuf>,
    /// Where user name and password are, if the server wants any.
    pub login: Option<(Secret, Secret)>,
    /// The sender.
    pub from: Mailbox,
    /// The recipients.
    pub to: Vec<Mailbox>,
    /// Whether `findings.csv` is attached.
    pub attach: bool,
}

/// How the connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// By STARTTLS (RFC 3207), as on port 587. A server that does not offer it gets nothing.
    Starttls,
    /// From the first byte (RFC 8314), as on port 465.
    Tls,
    /// Not at all: for a server on this machine only.
    None,
}

/// The type of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Type {
    /// An incoming webhook of Slack: it gets the text for people.
    Slack,
    /// Any other web hook: it gets the JSON for machines.
    Webhook,
    /// A mail server: it gets text and HTML in one message.
    Smtp,
    /// A further topic of SNS: it gets what the topic of `alert.sns_topic_arn` gets.
    Sns,
    /// A topic of SNS that Amazon Q Developer shows in Slack or Microsoft Teams: it gets a custom notification.
    AmazonQ,
}

/// A channel that messages are sent to, besides the topic or instead of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Its name, for the log and for the record of what was sent: lowercase letters, digits and `-`. A new name is a new
    /// channel, which gets everything that is open.
    #[schemars(regex(pattern = r"^[a-z0-9-]{1,50}$"))]
    name: String,
    /// What it is.
    r#type: Type,
    /// Of a web hook: where its address is, `env:NAME` or `file:PATH`. The address of a Slack webhook is a secret.
    #[schemars(with = "Option<String>", regex(pattern = "^(env|file):.+$"))]
    url: Option<Secret>,
    /// Where the key is that messages are signed with, for `webhook` only: `env:NAME` or `file:PATH`. The header
    /// `X-Rollcall-Signature` then is `sha256=` and the HMAC-SHA256 of the body in hexadecimal.
    #[schemars(with = "Option<String>", regex(pattern = "^(env|file):.+$"))]
    key: Option<Secret>,
    /// Of `sns` and `amazon-q`: the ARN of the topic.
    topic: Option<String>,
    /// Of a mail server: its name or address.
    host: Option<String>,
    /// Of a mail server: its port. Default: 587 with `starttls`, 465 with `tls`, 25 with `none`.
    port: Option<u16>,
    /// Of a mail server: how the connection is encrypted. Default: `starttls`. `none` is for a server on this machine.
    tls: Option<Tls>,
    /// Of a mail server: a file of certificates in PEM that are trusted instead of the system's.
    ca: Option<PathBuf>,
    /// Of a mail server: where the user name is, `env:NAME` or `file:PATH`.
    #[schemars(with = "Option<String>", regex(pattern = "^(env|file):.+$"))]
    user: Option<Secret>,
    /// Of a mail server: where the password is, `env:NAME` or `file:PATH`.
    #[schemars(with = "Option<String>", regex(pattern = "^(env|file):.+$"))]
    password: Option<Secret>,
    /// The sender of e-mail: `Rollcall <rollcall@example.com>`.
    #[schemars(with = "Option<String>")]
    from: Option<Mailbox>,
    /// The recipients of e-mail, at most 50. Each message is sent once, to all of them.
    #[schemars(with = "Option<Vec<String>>")]
    to: Option<Vec<Mailbox>>,
    /// Whether e-mail about a run has `findings.csv` attached. Default: no.
    attach: Option<bool>,
    /// The lowest severity of new findings that are sent, instead of that of the job.
    min_severity: Option<Severity>,
    /// After which runs it gets a message, instead of what the job says: `changes`, `findings`, `always`.
    when: Option<When>,
    /// The jobs whose messages it gets. Default: all jobs.
    jobs: Option<Vec<String>>,
}

/// Recipients of one message: SES takes so many, and every other server (RFC 5321, section 4.5.3.1.8) more.
const MOST_RECIPIENTS: usize = 50;

impl Written {
    /// The keys that not every type has, and whether they are set.
    fn keys(&self) -> [(&'static str, bool); 12] {
        [
            ("url", self.url.is_some()),
            ("key", self.key.is_some()),
            ("topic", self.topic.is_some()),
            ("host", self.host.is_some()),
            ("port", self.port.is_some()),
            ("tls", self.tls.is_some()),
            ("ca", self.ca.is_some()),
            ("user", self.user.is_some()),
            ("password", self.password.is_some()),
            ("from", self.from.is_some()),
            ("to", self.to.is_some()),
            ("attach", self.attach.is_some()),
        ]
    }

    /// That it has the keys of its type, and no others.
    fn check_keys(&self) -> Result<(), String> {
        let (word, takes): (_, &[&str]) = match self.r#type {
            Type::Slack => ("slack", &["url"]),
            Type::Webhook => ("webhook", &["url", "key"]),
            Type::Sns => ("sns", &["topic"]),
            Type::AmazonQ => ("amazon-q", &["topic"]),
            Type::Smtp => ("smtp", &["host", "port", "tls", "ca", "user", "password", "from", "to", "attach"]),
        };
        match self.keys().into_iter().find(|(key, is_set)| *is_set && !takes.contains(key)) {
            Some((key, _)) => Err(format!(
                "channel `{}`: a channel of type `{word}` has no `{key}`; it takes {}",
                self.name.escape_debug(),
                takes.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
            )),
            None => Ok(()),
        }
    }
}

impl TryFrom<Written> for Channel {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        written.check_keys()?;
        let name = written.name;
        let lacks = |key: &str| format!("channel `{}`: `{key}` is missing", name.escape_debug());
        let way = match written.r#type {
            Type::Slack => Way::Slack { url: written.url.ok_or_else(|| lacks("url"))? },
            Type::Webhook => Way::WebHook { url: written.url.ok_or_else(|| lacks("url"))?, key: written.key },
            Type::Sns => Way::Topic { arn: written.topic.ok_or_else(|| lacks("topic"))? },
            Type::AmazonQ => Way::AmazonQ { arn: written.topic.ok_or_else(|| lacks("topic"))? },
            Type::Smtp => Way::Mail(Mail {
                host: written.host.ok_or_else(|| lacks("host"))?,
                port: written.port,
                tls: written.tls.unwrap_or(Tls::Starttls),
                ca: written.ca,
                login: match (written.user, written.password) {
                    (Some(user), Some(password)) => Some((user, password)),
                    (None, None) => None,
                    (Some(_), None) => return Err(lacks("password")),
                    (None, Some(_)) => return Err(lacks("user")),
                },
                from: written.from.ok_or_else(|| lacks("from"))?,
                to: written.to.ok_or_else(|| lacks("to"))?,
                attach: written.attach.unwrap_or(false),
            }),
        };
        way.check().map_err(|wrong| format!("channel `{}`: {wrong}", name.escape_debug()))?;
        Ok(Channel { name, way, min_severity: written.min_severity, when: written.when, jobs: written.jobs })
    }
}

impl Way {
    fn check(&self) -> Result<(), String> {
        match self {
            Way::Slack { .. } | Way::WebHook { .. } => Ok(()),
            Way::Mail(mail) => mail.check(),
            Way::Topic { arn } | Way::AmazonQ { arn } if !is_topic(arn) => Err(format!(
                "`{}` is not the ARN of a topic: `arn:aws:sns:eu-central-1:111122223333:rollcall`",
                arn.escape_debug()
            )),
            Way::AmazonQ { arn } if is_fifo(arn) => Err("Amazon Q reads standard topics only".to_owned()),
            Way::Topic { .. } | Way::AmazonQ { .. } => Ok(()),
        }
    }

    /// Where it leads, without secrets.
    #[must_use]
    pub fn address(&self) -> String {
        match self {
            Way::Slack { .. } => "a webhook of Slack".to_owned(),
            Way::WebHook { .. } => "a web hook".to_owned(),
            Way::Topic { arn } => arn.clone(),
            Way::AmazonQ { arn } => format!("{arn}, for Amazon Q"),
            Way::Mail(mail) => {
                let to: Vec<String> = mail.to.iter().map(|mailbox| mailbox.0.to_string()).collect();
                format!("e-mail to {}", to.join(", "))
            }
        }
    }

    /// The topic that it publishes to, if it is one.
    #[must_use]
    pub fn topic(&self) -> Option<&str> {
        match self {
            Way::Topic { arn } | Way::AmazonQ { arn } => Some(arn),
            Way::Slack { .. } | Way::WebHook { .. } | Way::Mail(_) => None,
        }
    }
}

impl Mail {
    fn check(&self) -> Result<(), String> {
        if !(1..=MOST_RECIPIENTS).contains(&self.to.len()) {
            return Err(format!("`to` needs 1 to {MOST_RECIPIENTS} addresses"));
        }
        match self.tls {
            Tls::None if !is_own_host(&self.host) => {
                Err("`tls = \"none\"` is for a server on this machine (`localhost`)".to_owned())
            }
            Tls::Starttls | Tls::Tls | Tls::None => Ok(()),
        }
    }
}

/// Whether a host is this machine, so that nobody on the way can read what is sent to it.
pub(super) fn is_own_host(host: &str) -> bool {
    ["127.0.0.1", "::1", "[::1]", "localhost"].contains(&host)
}

/// As it is written.
impl JsonSchema for Channel {
    fn schema_name() -> Cow<'static, str> {
        "Channel".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Written::json_schema(generator)
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

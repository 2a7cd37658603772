//! Sending one message one way. Secrets are read here, when they are needed, and go nowhere else.

use std::fs;
use std::io;

use chrono::{DateTime, Utc};

use crate::alert::channel::{Channel, Mail, Way};
use crate::alert::mime::{Attachment, Envelope};
use crate::alert::secret::Secret;
use crate::alert::smtp::{self, NotMailed, Secrets};
use crate::alert::sns::{self, Form, NotSent};
use crate::alert::web_hook::{self, NotPosted};
use crate::alert::{Message, Sent, slack};
use crate::aws::failure::Failure;
use crate::settings::{Settings, Target};
use crate::store::StoreError;
use crate::wording;

/// Why an alert was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum AlertError {
    /// Signing in to AWS failed.
    #[error("the alert could not be sent: cannot sign in to AWS")]
    SignIn(#[source] Failure),
    /// SNS did not take the message.
    #[error("the alert could not be sent")]
    NotSent(#[source] NotSent),
    /// A web hook did not take it.
    #[error("the alert could not be sent to channel `{channel}`")]
    NotPosted {
        /// The channel.
        channel: String,
        /// Why.
        #[source]
        source: NotPosted,
    },
    /// A mail server did not take it.
    #[error("the alert could not be sent to channel `{channel}`")]
    NotMailed {
        /// The channel.
        channel: String,
        /// Why.
        #[source]
        source: NotMailed,
    },
    /// A mail server took it for some recipients only.
    #[error(
        "the alert was sent to channel `{channel}`, but the mail server refused recipient {} of `to`",
        ordinals(refused)
    )]
    Refused {
        /// The channel.
        channel: String,
        /// Which, by their place in the settings from zero.
        refused: Vec<usize>,
    },
    /// A secret of a channel, or another file that it names, could not be read.
    #[error("the alert could not be sent to channel `{channel}`: cannot read its {what} from {place}")]
    NoSecret {
        /// The channel.
        channel: String,
        /// What.
        what: &'static str,
        /// Where it was to be.
        place: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It was sent, and that could not be written down; the next run sends it again.
    #[error("the alert was sent but could not be recorded; the next run will send it again")]
    NotRecorded(#[source] StoreError),
    /// What went away could not be written down; if it comes back, the recipients may not be told.
    #[error("cannot record what the recipients of alerts know")]
    NotNoted(#[source] StoreError),
    /// Nobody is told of a package that is not there.
    #[error("no alert was sent, because the package could not be published")]
    NoPackage,
}

impl AlertError {
    /// What to do about it, where there is something to do.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            AlertError::SignIn(source) => source.help().map(str::to_owned),
            AlertError::NotSent(source) => Some(source.help()),
            AlertError::NotPosted { source, .. } => Some(source.help().to_owned()),
            AlertError::NotMailed { source, .. } => Some(source.help().to_owned()),
            AlertError::Refused { .. } => Some("check the address: the server refuses it for good".to_owned()),
            AlertError::NoSecret { .. } => Some(
                "set it, readable by the user that Rollcall runs as; the next run sends what was not sent".to_owned(),
            ),
            AlertError::NotRecorded(source) | AlertError::NotNoted(source) => source.help(),
            AlertError::NoPackage => None,
        }
    }
}

/// The places as people count them: `2 and 3`.
fn ordinals(places: &[usize]) -> String {
    wording::list(&places.iter().map(|place| (place + 1).to_string()).collect::<Vec<_>>())
}

/// What is sent, and by which run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outgoing<'a> {
    pub(super) message: &'a Message,
    pub(super) run_id: &'a str,
    pub(super) now: DateTime<Utc>,
    /// The package's findings, for channels that attach them.
    pub(super) findings: Option<&'a Attachment>,
}

pub(super) async fn send(target: &Target, outgoing: Outgoing<'_>, settings: &Settings) -> Result<Sent, AlertError> {
    match target {
        Target::Topic(topic) => publish(topic, Form::ByProtocol, outgoing, settings).await,
        Target::Channel(channel) => Box::pin(send_by(channel, outgoing, settings)).await,
    }
}

async fn publish(topic: &str, form: Form, outgoing: Outgoing<'_>, settings: &Settings) -> Result<Sent, AlertError> {
    let session = crate::aws::session::connect(&settings.aws.sign_in()).await.map_err(AlertError::SignIn)?;
    let published = sns::publish(session.sdk_config(), topic, outgoing.message, (form, outgoing.run_id)).await;
    published.map_err(AlertError::NotSent)
}

async fn send_by(channel: &Channel, outgoing: Outgoing<'_>, settings: &Settings) -> Result<Sent, AlertError> {
    let read = |secret: &Secret| {
        let (place, read) = secret_of(secret, settings);
        read.map_err(|source| AlertError::NoSecret { channel: channel.name.clone(), what: "secret", place, source })
    };
    let not_posted = |source| AlertError::NotPosted { channel: channel.name.clone(), source };
    match &channel.way {
        Way::Slack { url } => slack::post(&read(url)?, outgoing.message).await.map_err(not_posted),
        Way::WebHook { url, key } => {
            let (url, key) = (read(url)?, key.as_ref().map(read).transpose()?);
            web_hook::post(&url, key.as_deref().map(str::as_bytes), outgoing.message).await.map_err(not_posted)
        }
        Way::Topic { arn } => publish(arn, Form::ByProtocol, outgoing, settings).await,
        Way::AmazonQ { arn } => publish(arn, Form::AmazonQ, outgoing, settings).await,
        Way::Mail(mail) => {
            let login = match &mail.login {
                Some((user, password)) => Some((read(user)?, read(password)?)),
                None => None,
            };
            let secrets = Secrets { login, ca: certificates(channel, mail, settings)? };
            let Outgoing { message, run_id, now, findings } = outgoing;
            let attachments = findings.filter(|_| mail.attach).map(std::slice::from_ref).unwrap_or_default();
            let envelope = Envelope { channel: &channel.name, run_id, now, attachments };
            let mailed = smtp::deliver(mail, &secrets, message, &envelope).await;
            mailed.map_err(|source| AlertError::NotMailed { channel: channel.name.clone(), source })
        }
    }
}

/// The certificates that a channel trusts instead of the system's.
fn certificates(channel: &Channel, mail: &Mail, settings: &Settings) -> Result<Option<Vec<u8>>, AlertError> {
    let Some(path) = &mail.ca else { return Ok(None) };
    fs::read(settings.path(path)).map(Some).map_err(|source| AlertError::NoSecret {
        channel: channel.name.clone(),
        what: "certificates",
        place: format!("`{}`", path.display()),
        source,
    })
}

/// Where a secret is to be, and what it is.
#[expect(clippy::disallowed_methods, reason = "secrets enter here, and go to the channel alone")]
fn secret_of(secret: &Secret, settings: &Settings) -> (String, io::Result<String>) {
    let empty = || io::Error::new(io::ErrorKind::NotFound, "it is not set, or empty");
    match secret {
        Secret::Env(name) => {
            let value = std::env::var(name).ok().filter(|value| !value.is_empty());
            (format!("the environment (`{name}`)"), value.ok_or_else(empty))
        }
        Secret::File(path) => {
            let read = fs::read_to_string(settings.path(path)).map(|text| text.trim_end().to_owned());
            let read = read.and_then(|text| if text.is_empty() { Err(empty()) } else { Ok(text) });
            (format!("`{}`", path.display()), read)
        }
    }
}

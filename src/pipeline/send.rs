//! Sending one message one way. Secrets are read here, when they are needed, and go nowhere else.

use std::fs;
use std::io;

use crate::alert::channel::Secret;
use crate::alert::sns::{self, NotSent};
use crate::alert::web_hook::{self, NotPosted};
use crate::alert::{Channel, Message, Sent};
use crate::aws::failure::Failure;
use crate::settings::{Settings, Target};
use crate::store::StoreError;

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
    /// A secret of a channel could not be read.
    #[error("the alert could not be sent to channel `{channel}`: cannot read its secret from {place}")]
    NoSecret {
        /// The channel.
        channel: String,
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
            AlertError::NoSecret { .. } => Some(
                "set it, readable by the user that Rollcall runs as; the next run sends what was not sent".to_owned(),
            ),
            AlertError::NotRecorded(source) | AlertError::NotNoted(source) => source.help(),
            AlertError::NoPackage => None,
        }
    }
}

pub(super) async fn send(target: &Target, message: &Message, settings: &Settings) -> Result<Sent, AlertError> {
    match target {
        Target::Topic(topic) => {
            let session = crate::aws::session::connect(&settings.aws.sign_in()).await.map_err(AlertError::SignIn)?;
            sns::publish(session.sdk_config(), topic, message).await.map_err(AlertError::NotSent)
        }
        Target::Hook(channel) => Box::pin(post(channel, message, settings)).await,
    }
}

async fn post(channel: &Channel, message: &Message, settings: &Settings) -> Result<Sent, AlertError> {
    let read = |secret: &Secret| {
        let (place, read) = secret_of(secret, settings);
        read.map_err(|source| AlertError::NoSecret { channel: channel.name.clone(), place, source })
    };
    let url = read(&channel.url)?;
    let key = channel.key.as_ref().map(read).transpose()?;
    let posted = web_hook::post(channel.takes, &url, key.as_deref().map(str::as_bytes), message).await;
    posted.map_err(|source| AlertError::NotPosted { channel: channel.name.clone(), source })
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

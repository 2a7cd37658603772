//! Delivering what was judged: the package first, then the alert, then the record of what the recipients know.

use std::fs;
use std::path::{Path, PathBuf};

use crate::alert::sns::{self, NotSent};
use crate::alert::{Message, Sent, Told};
use crate::aws::failure::Failure;
use crate::collect;
use crate::store::chain::Link;
use crate::store::draft::SealedDraft;
use crate::store::manifest::Manifest;
use crate::store::{Location, Shelf, StoreError, acknowledgements, alert_log, package};

use super::draft_folder::DraftFolder;

/// What became of a package and of its alert.
#[derive(Debug)]
pub struct Delivery {
    /// The package's link and its address, or the folder that its draft was left in.
    pub package: Result<Published, NotPublished>,
    /// What became of the alert.
    pub alert: Alert,
}

/// A package that lies where it should.
#[derive(Debug)]
pub struct Published {
    /// Its link in the chain.
    pub link: Link,
    /// Where its files are: a folder, or an address in S3.
    pub at: String,
}

/// A package that could not be published.
#[derive(Debug, thiserror::Error)]
#[error("audited, but the package could not be published{}", left_in(draft.as_deref()))]
pub struct NotPublished {
    /// The folder that it was left in, whole; none of a job, which is tried again.
    pub draft: Option<PathBuf>,
    /// Why.
    #[source]
    pub source: StoreError,
}

fn left_in(draft: Option<&Path>) -> String {
    draft.map_or_else(String::new, |draft| format!("; it was left in `{}`", draft.display()))
}

impl NotPublished {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        let then = match &self.draft {
            Some(_) => "fix the cause and run again; then delete that folder: it names people and their access",
            None => "the job is retried and resumes with the answers that it has",
        };
        self.source.help().map_or_else(|| then.to_owned(), |help| format!("{help}; {then}"))
    }

    /// Takes the draft away: one for each attempt would fill the disk.
    pub(super) fn discard(&mut self) {
        if let Some(Err(error)) = self.draft.take().map(fs::remove_dir_all) {
            tracing::warn!(%error, "cannot remove the draft of the package");
        }
    }
}

/// What became of an alert.
#[derive(Debug)]
pub enum Alert {
    /// The run belongs to no job, or was told to send none.
    NotAsked,
    /// The run should alert, and no channel is set.
    NoChannel,
    /// Nothing is new.
    NothingNew,
    /// It was sent.
    Sent,
    /// It could not be sent. The next run sends what this one could not.
    Failed(AlertError),
}

/// Why an alert was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum AlertError {
    /// Signing in to AWS failed.
    #[error("the alert could not be sent: cannot sign in to AWS")]
    SignIn(#[source] Failure),
    /// SNS did not take the message.
    #[error("the alert could not be sent")]
    NotSent(#[source] NotSent),
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
            AlertError::NotRecorded(source) | AlertError::NotNoted(source) => source.help(),
            AlertError::NoPackage => None,
        }
    }
}

impl Alert {
    /// What became of it, for the log.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self {
            Alert::NotAsked => "off",
            Alert::NoChannel => "not delivered: no channel",
            Alert::NothingNew => "nothing new",
            Alert::Sent => "delivered",
            Alert::Failed(_) => "not delivered",
        }
    }
}

impl Delivery {
    /// Whether everything arrived that was to be delivered.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.package.is_ok() && !matches!(self.alert, Alert::Failed(_))
    }
}

/// What is to be delivered.
#[derive(Debug)]
pub(super) struct Deliverable {
    /// The package.
    pub(super) draft: SealedDraft,
    /// The folder that it lies in, which goes away once it is published.
    pub(super) folder: DraftFolder,
    /// What is new, for those who are to be told, and what they know then.
    pub(super) news: Option<(Message, Told)>,
    /// What they know if they are told nothing, where that is not what they knew.
    pub(super) otherwise: Option<Told>,
}

/// Publishes the package, then tells whoever is to be told, and keeps what they know then. What went away is kept too
/// where they are told nothing: if it comes back, it is news.
pub(super) async fn deliver(
    shelf: &Shelf,
    to: &Location,
    judged: Deliverable,
    topic: Option<&str>,
    aws: &collect::Options,
) -> Delivery {
    let link = match package::publish(shelf, &judged.draft).await {
        Ok(link) => link,
        // Another process has published for the same instant: the draft is of no use.
        Err(source @ StoreError::DoneBefore { .. }) => {
            let run = &judged.draft.manifest().run;
            let folder = Manifest::folder(run);
            let written = acknowledgements::acknowledge(shelf, folder.as_str(), &source.to_string(), run.as_of()).await;
            if let Err(error) = written {
                tracing::warn!(%folder, %error, "this folder is not a package, and this could not be recorded");
            }
            return Delivery { package: Err(NotPublished { draft: None, source }), alert: Alert::NotAsked };
        }
        Err(source) => {
            let draft = Some(judged.folder.keep());
            let alert = if topic.is_some() { Alert::Failed(AlertError::NoPackage) } else { Alert::NotAsked };
            return Delivery { package: Err(NotPublished { draft, source }), alert };
        }
    };
    let (alert, record) = tell(topic, &judged, &link, aws).await;
    let recorded = match record {
        Some(record) => alert_log::record(shelf, &link, record).await,
        None => Ok(()),
    };
    let alert = match (alert, recorded) {
        (alert, Ok(())) | (alert @ Alert::Failed(_), Err(_)) => alert,
        (Alert::Sent, Err(error)) => Alert::Failed(AlertError::NotRecorded(error)),
        (Alert::NotAsked | Alert::NoChannel | Alert::NothingNew, Err(error)) => {
            Alert::Failed(AlertError::NotNoted(error))
        }
    };
    let at = to.address_of(&judged.draft.manifest().run);
    Delivery { package: Ok(Published { link, at }), alert }
}

/// Tells whoever is to be told what is new, and returns the record of what they know then, where there is a new one.
async fn tell(
    topic: Option<&str>,
    judged: &Deliverable,
    link: &Link,
    aws: &collect::Options,
) -> (Alert, Option<Vec<u8>>) {
    let untold = || judged.otherwise.as_ref().map(|known| known.encode(None));
    let (sent, told) = match (topic, &judged.news) {
        (None, _) => return (Alert::NotAsked, untold()),
        (Some(_), None) => return (Alert::NothingNew, untold()),
        (Some(topic), Some((message, told))) => {
            let message = message.clone().with_link(link.number, &link.digest.to_string());
            (send(topic, &message, aws).await, told)
        }
    };
    match sent {
        Ok(sent) => (Alert::Sent, Some(told.encode(Some(&sent)))),
        Err(error) => (Alert::Failed(error), untold()),
    }
}

pub(super) async fn send(topic: &str, message: &Message, aws: &collect::Options) -> Result<Sent, AlertError> {
    let session = crate::aws::session::connect(&aws.sign_in()).await.map_err(AlertError::SignIn)?;
    sns::publish(session.sdk_config(), topic, message).await.map_err(AlertError::NotSent)
}

//! Delivering what was judged: the package first, then the alert, then the record of what the recipients know.

use std::fs;
use std::path::{Path, PathBuf};

use crate::alert::channel::Way;
use crate::alert::mime::Attachment;
use crate::alert::{Message, Told};
use crate::collect::Clock;
use crate::settings::{Recipients, Target};
use crate::store::chain::Link;
use crate::store::draft::SealedDraft;
use crate::store::manifest::Manifest;
use crate::store::{Shelf, StoreError, acknowledgements, alert_log, package};

use super::draft_folder::DraftFolder;
use super::order::Order;
use super::send::{AlertError, Outgoing, send};

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
    /// It could not be sent, at least by some channels. The next run sends what this one could not.
    Failed(Vec<AlertError>),
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
    /// What those who may be told are told.
    pub(super) news: Vec<NewsFor>,
}

/// What some recipients are told.
#[derive(Debug)]
pub(super) struct NewsFor {
    /// Who.
    pub(super) recipients: Recipients,
    /// What is new for them, and what they know then.
    pub(super) news: Option<(Message, Told)>,
    /// What they know if they are told nothing, where that is not what they knew.
    pub(super) otherwise: Option<Told>,
}

impl NewsFor {
    /// Whether their message has the findings attached.
    fn attaches(&self) -> bool {
        let channel = match &self.recipients.target {
            Some(Target::Channel(channel)) => channel,
            Some(Target::Topic(_)) | None => return false,
        };
        self.news.is_some() && matches!(&channel.way, Way::Mail(mail) if mail.attach)
    }
}

/// Bytes of an attachment: servers take 10 MB and more, and base64 adds a third.
const LARGEST_ATTACHMENT: u64 = 5_000_000;

/// The findings of a package, where they are not too large for an e-mail; the report has them in any case.
fn attachment(draft: &SealedDraft) -> Option<Attachment> {
    let path = draft.folder().join("findings.csv");
    let read = fs::metadata(&path).and_then(|file| match file.len() {
        0..=LARGEST_ATTACHMENT => fs::read(&path).map(Some),
        _ => Ok(None),
    });
    let bytes = read.unwrap_or_else(|error| {
        tracing::warn!(%error, "cannot attach the findings");
        None
    });
    bytes.map(|bytes| Attachment { name: "findings.csv", media_type: "text/csv; charset=utf-8", bytes })
}

/// Publishes the package, then tells whoever is to be told, and keeps what they know then. What went away is kept too
/// where they are told nothing: if it comes back, it is news.
///
/// Each channel has its own record; one that fails delays no other.
pub(super) async fn deliver(order: &Order, shelf: &Shelf, judged: Deliverable, clock: &Clock) -> Delivery {
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
            let has_target = judged.news.iter().any(|news| news.recipients.target.is_some());
            let alert = match (order.alert, has_target) {
                (false, _) => Alert::NotAsked,
                (true, false) => Alert::NoChannel,
                (true, true) => Alert::Failed(vec![AlertError::NoPackage]),
            };
            return Delivery { package: Err(NotPublished { draft, source }), alert };
        }
    };
    let told = Box::pin(tell_all(order, shelf, &judged, &link, clock)).await;
    let at = order.to.address_of(&judged.draft.manifest().run);
    Delivery { package: Ok(Published { link, at }), alert: taken_together(order, told) }
}

/// What became of each message.
async fn tell_all(order: &Order, shelf: &Shelf, judged: &Deliverable, link: &Link, clock: &Clock) -> Vec<Alert> {
    let mut told = Vec::new();
    let findings = judged.news.iter().any(NewsFor::attaches).then(|| attachment(&judged.draft)).flatten();
    for news in &judged.news {
        // On the heap: the futures of the SDK are deep.
        let (alert, record) = Box::pin(tell(order, news, link, (findings.as_ref(), clock))).await;
        let recorded = match record {
            Some(record) => alert_log::record(shelf, link, news.recipients.channel.as_deref(), record).await,
            None => Ok(()),
        };
        told.push(match (alert, recorded) {
            (alert, Ok(())) | (alert @ Alert::Failed(_), Err(_)) => alert,
            (Alert::Sent, Err(error)) => Alert::Failed(vec![AlertError::NotRecorded(error)]),
            (Alert::NotAsked | Alert::NoChannel | Alert::NothingNew, Err(error)) => {
                Alert::Failed(vec![AlertError::NotNoted(error)])
            }
        });
    }
    told
}

/// What became of all messages: what failed, else whether one was sent.
fn taken_together(order: &Order, told: Vec<Alert>) -> Alert {
    let has = |wanted: fn(&Alert) -> bool| told.iter().any(wanted);
    let (sent, silent) = (has(|alert| matches!(alert, Alert::Sent)), has(|alert| matches!(alert, Alert::NothingNew)));
    let failed = |alert| if let Alert::Failed(errors) = alert { errors } else { Vec::new() };
    let failed: Vec<AlertError> = told.into_iter().flat_map(failed).collect();
    match (failed.is_empty(), sent, silent) {
        (false, _, _) => Alert::Failed(failed),
        (true, true, _) => Alert::Sent,
        (true, false, true) => Alert::NothingNew,
        (true, false, false) if order.alert => Alert::NoChannel,
        (true, false, false) => Alert::NotAsked,
    }
}

/// Tells recipients what is new, and returns the record of what they know then, where there is a new one.
async fn tell(
    order: &Order,
    of: &NewsFor,
    link: &Link,
    (findings, clock): (Option<&Attachment>, &Clock),
) -> (Alert, Option<Vec<u8>>) {
    let untold = || of.otherwise.as_ref().map(|known| known.encode(None));
    let (sent, told) = match (of.recipients.target.as_ref().filter(|_| order.alert), &of.news) {
        (None, _) => return (Alert::NotAsked, untold()),
        (Some(_), None) => return (Alert::NothingNew, untold()),
        (Some(target), Some((message, told))) => {
            let message = message.clone().with_link(link.number, &link.digest.to_string());
            let outgoing = Outgoing { message: &message, run_id: &order.run_id, now: clock(), findings };
            (send(target, outgoing, &order.settings).await, told)
        }
    };
    match sent {
        Ok(sent) => {
            let record = told.encode(Some(&sent));
            match (&of.recipients.channel, sent.refused) {
                (Some(channel), refused) if !refused.is_empty() => {
                    let channel = channel.clone();
                    (Alert::Failed(vec![AlertError::Refused { channel, refused }]), Some(record))
                }
                (Some(_) | None, _) => (Alert::Sent, Some(record)),
            }
        }
        Err(error) => (Alert::Failed(vec![error]), untold()),
    }
}

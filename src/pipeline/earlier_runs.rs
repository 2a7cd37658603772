//! What runs of the job left on the shelf: the earlier package, and what the recipients of its messages know.
//!
//! What was damaged there since, or does not belong there, ends no run: the run goes on with what is older, or without,
//! and its report says so.

use std::collections::BTreeMap;

use crate::alert::{KnownFinding, Told, WatchMemory};
use crate::model::{Earlier, Fingerprint, StoreNote, Unusable};
use crate::render::{self, NotAReport, Took};
use crate::settings::{Recipients, Settings};
use crate::store::package::{self, Package};
use crate::store::{Key, Location, Shelf, StoreError, alert_log, chain, foreign_objects, watch_log};

use super::{PipelineError, closures, open_store};

/// How many records of what was told are tried, if one after the other cannot be understood.
const RECORDS_TRIED: usize = 5;

/// What the job left before.
#[derive(Debug, Clone, Default)]
pub(super) struct Before {
    pub(super) earlier: Option<Earlier>,
    /// What recipients know, by the name of their channel; the topic has none.
    pub(super) told: BTreeMap<Option<String>, Told>,
    /// What asking AWS took then.
    pub(super) took: Option<Took>,
    /// What was met in the store.
    pub(super) notes: Vec<StoreNote>,
}

/// What the last run of this job left on the shelf, and what these recipients know.
pub(super) async fn before(shelf: &Shelf, job: &str, recipients: &[Recipients]) -> Result<Before, PipelineError> {
    chain::is_kept(shelf).await?;
    let strays = foreign_objects::of_job(shelf, job).await?;
    let notes = strays.into_iter().map(|object| StoreNote::Stray { object }).collect();
    let mut before = Before { notes, ..Before::default() };
    for recipients in recipients {
        take_told(shelf, job, &recipients.channel, &mut before).await?;
    }
    let last = take_earlier(shelf, job, &mut before).await?;
    if let Some(package) = package::newest_unlinked(shelf, job, last.as_ref()).await? {
        tracing::warn!(%package, "this package has no link in the chain: its run was killed, or the link was removed");
    }
    for note in &before.notes {
        let (object, why) = note.object();
        tracing::warn!(object, why = why.map(Unusable::word), "the store has a {} object", note.word());
    }
    Ok(before)
}

/// What the newest run left of all that these stores have, each with the name of a job.
pub(super) async fn newest(settings: &Settings, audits: &[(Location, String)]) -> Result<Before, PipelineError> {
    let mut newest = Before::default();
    for (store, job) in audits {
        let left = before(&open_store::open(settings, store).await?, job, &[]).await?;
        let as_of = |before: &Before| before.earlier.as_ref().map(|earlier| earlier.as_of);
        if as_of(&left) >= as_of(&newest) {
            newest = left;
        }
    }
    Ok(newest)
}

/// The last record of what was told that can be understood.
async fn take_told(shelf: &Shelf, job: &str, channel: &Option<String>, before: &mut Before) -> Result<(), StoreError> {
    let length = chain::contents(shelf).await?.length;
    for record in alert_log::records(shelf, job, channel.as_deref(), length).await?.iter().take(RECORDS_TRIED) {
        let why = match shelf.read(record).await {
            Ok(None) => Unusable::Missing,
            Ok(Some(object)) => match Told::decode(&object.bytes) {
                Ok(told) => {
                    let (_, watched) = watch_log::latest(shelf, job, channel.as_deref()).await?;
                    let by_watcher = watched.as_deref().and_then(WatchMemory::decode).unwrap_or_default().findings();
                    before.told.insert(channel.clone(), Told { by_watcher, ..told });
                    return Ok(());
                }
                Err(_) => Unusable::Malformed,
            },
            Err(error) if error.is_damage() => unusable(&error),
            Err(error) => return Err(error),
        };
        before.notes.push(StoreNote::ToldUnknown { object: record.to_string(), why });
    }
    Ok(())
}

/// The findings that these recipients were told of by audits, as far as a record of that can be understood.
pub(super) async fn told(
    shelf: &Shelf,
    job: &str,
    channel: &Option<String>,
) -> Result<BTreeMap<Fingerprint, KnownFinding>, StoreError> {
    let mut before = Before::default();
    take_told(shelf, job, channel, &mut before).await?;
    Ok(before.told.remove(channel).unwrap_or_default().findings)
}

/// The last package whose report can be relied on. Gives back the last one that the chain names, for what lies behind it.
async fn take_earlier(shelf: &Shelf, job: &str, before: &mut Before) -> Result<Option<Package>, StoreError> {
    let (mut below, mut last) = (None, None);
    loop {
        let found = package::earlier(shelf, job, below).await?;
        let passed_over = found.passed_over.iter();
        before.notes.extend(passed_over.map(|(object, error)| passed(object.to_string(), unusable(error))));
        let Some(package) = found.package else { return Ok(last) };
        below = Some(package.link.number);
        match read_report(shelf, &package).await? {
            Ok((mut earlier, took)) => {
                before.notes.extend(closures::add(shelf, job, &package, &mut earlier, unusable).await?);
                (before.earlier, before.took) = (Some(earlier), took);
            }
            Err(note) => before.notes.push(note),
        }
        last.get_or_insert(package);
        if before.earlier.is_some() {
            return Ok(last);
        }
    }
}

/// What a later run needs of a package's report; the inner result says what is wrong with the package.
async fn read_report(
    shelf: &Shelf,
    package: &Package,
) -> Result<Result<(Earlier, Option<Took>), StoreNote>, StoreError> {
    let name: Key = "report.json".parse().expect("the name of a report is a key");
    let folder = package.link.manifest.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
    let note = |why| Ok(Err(passed(format!("{folder}/{name}"), why)));
    let report = match package.read(shelf, &name).await {
        Ok(Some(report)) => report,
        Ok(None) => return note(Unusable::Missing),
        Err(error) if error.is_damage() => return note(unusable(&error)),
        Err(error) => return Err(error),
    };
    match render::earlier(&report, &package.link.sha256.to_string()) {
        Ok(earlier) => Ok(Ok((earlier, render::took(&report)))),
        Err(NotAReport::Unreadable(_)) => note(Unusable::Malformed),
        Err(NotAReport::Version(_)) => note(Unusable::OtherFormat),
    }
}

fn passed(object: String, why: Unusable) -> StoreNote {
    StoreNote::PassedOver { object, why }
}

fn unusable(error: &StoreError) -> Unusable {
    match error {
        StoreError::Missing { .. } => Unusable::Missing,
        StoreError::Changed { .. } | StoreError::BrokenChain { .. } | StoreError::Unlisted { .. } => Unusable::Changed,
        StoreError::Document { .. } | StoreError::Key(_) => Unusable::Malformed,
        StoreError::Format { .. } => Unusable::OtherFormat,
        StoreError::File { .. }
        | StoreError::Bucket { .. }
        | StoreError::Contested { .. }
        | StoreError::Answer { .. }
        | StoreError::Occupied { .. }
        | StoreError::Replaces { .. }
        | StoreError::DoneBefore { .. }
        | StoreError::ClaimLost { .. } => Unusable::Unreadable,
    }
}

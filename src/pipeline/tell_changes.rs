//! Telling the configured channels what applying a plan changed, once a change and channel.

use chrono::{DateTime, Utc};

use super::change_package;
use super::deliver::Published;
use super::open_store::open;
use super::send::{AlertError, Outgoing, send};
use crate::alert::{ChangeMade, ChangesMade, KnownChanges, changes_made};
use crate::change::record::{How, Record, State};
use crate::settings::{Recipients, Settings};
use crate::store::{self, Location, Shelf, StoreError, alert_log};
use crate::wording;

/// How many earlier records are looked through for one of the same plan.
const LOOKED_THROUGH: usize = 50;

/// Tells what the package says and recipients do not know yet. `plan` is the file that was applied. A channel that fails
/// delays no other; the same command again tells those that were not told.
pub async fn tell_changes(
    settings: &Settings,
    to: &Location,
    plan: &[u8],
    published: &Published,
    (run_id, now): (&str, DateTime<Utc>),
) -> Vec<AlertError> {
    let read = async {
        let shelf = open(settings, to).await?;
        let record = change_package::so_far(&shelf, plan).await?;
        Ok::<_, super::PipelineError>((shelf, record))
    };
    let (shelf, record) = match read.await {
        Ok((shelf, Some(record))) => (shelf, record),
        Ok((_, None)) => return Vec::new(),
        Err(super::PipelineError::Store(error)) => return vec![AlertError::NotNoted(error)],
        Err(_) => return vec![AlertError::NoPackage],
    };
    let mut failed = Vec::new();
    for recipients in settings.recipients(store::CHANGES) {
        let of = Package { shelf: &shelf, record: &record, published };
        failed.extend(Box::pin(tell(settings, &of, &recipients, (run_id, now))).await.err());
    }
    failed
}

/// A package that recipients are told of.
struct Package<'a> {
    shelf: &'a Shelf,
    record: &'a Record,
    published: &'a Published,
}

async fn tell(
    settings: &Settings,
    of: &Package<'_>,
    recipients: &Recipients,
    (run_id, now): (&str, DateTime<Utc>),
) -> Result<(), AlertError> {
    let Package { shelf, record, published } = *of;
    let Some(target) = &recipients.target else { return Ok(()) };
    let channel = recipients.channel.as_deref();
    let known = known(shelf, channel, record).await.map_err(AlertError::NotNoted)?;
    let changes = news(record, known);
    if changes.is_empty() {
        return Ok(());
    }
    let (plan, headline) = (record.digest.short(), wording::record_headline(record));
    let stopped = wording::record_stopped(record);
    let is_seen = |change: &ChangeMade| change.state != wording::recorded_state(State::Done(How::NotRead));
    let message = changes_made(&ChangesMade {
        organization: settings.organization.as_deref(),
        plan: &plan,
        headline: &headline,
        stopped: stopped.as_deref(),
        all_seen: changes.iter().all(is_seen),
        changes: &changes,
        package: &published.at,
    });
    let outgoing = Outgoing { message: &message, run_id, now, findings: None };
    send(target, outgoing, settings).await?;
    let known = KnownChanges::of(&plan, record.until).encode();
    alert_log::record(shelf, &published.link, channel, known).await.map_err(AlertError::NotRecorded)
}

/// What became of changes after this instant.
fn news(record: &Record, known: Option<DateTime<Utc>>) -> Vec<ChangeMade> {
    let plan = record.digest.short();
    let is_news = |at: Option<DateTime<Utc>>| known.is_none_or(|known| at.is_some_and(|at| at > known));
    let changes = record.changes.iter().filter(|change| is_news(change.at)).filter_map(|change| {
        Some(ChangeMade {
            change: change.planned.id.to_string(),
            kind: change.planned.change.kind().word(),
            state: wording::recorded_state(change.state),
            text: wording::recorded_change(change, &plan)?,
            at: change.at,
            by: change.by.clone(),
        })
    });
    changes.collect()
}

/// Until when recipients know what became of a plan; `None` where they were told nothing of it.
async fn known(shelf: &Shelf, channel: Option<&str>, record: &Record) -> Result<Option<DateTime<Utc>>, StoreError> {
    let plan = record.digest.short();
    let records = alert_log::records(shelf, store::CHANGES, channel, u32::MAX).await?;
    for key in records.iter().take(LOOKED_THROUGH) {
        let object = shelf.read(key).await?;
        if let Some(until) = object.and_then(|object| KnownChanges::until(&object.bytes, &plan)) {
            return Ok(Some(until));
        }
    }
    Ok(None)
}

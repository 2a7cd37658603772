//! Telling the recipients of a job's messages what came of events, and recording that they know. Each channel has its own
//! memory; one that fails delays no other.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::alert::{ByAudits, Message, WatchMemory, WatchOccasion, storm_message, watch_message};
use crate::events::Outcome;
use crate::settings::{Recipients, Target, Tell};
use crate::store::{self, Shelf, StoreError, chain, watch_log};

use super::super::earlier_runs;
use super::super::open_store::open;
use super::super::order::Order;
use super::super::send::{AlertError, Outgoing, send};
use super::super::{PipelineError, for_log};

/// How often a record is tried behind that of another process.
const ATTEMPTS: usize = 5;

/// What became of telling.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The outcomes that were news to somebody, by their places.
    pub(super) news: BTreeSet<usize>,
    /// The events that somebody is still to be told of.
    pub(super) open: BTreeSet<String>,
    /// What was not delivered.
    pub(super) undelivered: Vec<AlertError>,
    /// Whether there is nobody to tell.
    pub(super) has_no_channel: bool,
}

/// A channel, and what those who get its messages know.
struct Channel<'a> {
    order: &'a Order,
    shelf: &'a Shelf,
    job: &'a str,
    name: Option<&'a str>,
    target: &'a Target,
}

/// Tells of outcomes.
pub(super) async fn outcomes(
    order: &Order,
    outcomes: &[Outcome],
    tell: Tell,
    now: DateTime<Utc>,
) -> Result<Told, PipelineError> {
    let (job, shelf) = place(order).await?;
    let as_of = chain::last_run(&shelf, job).await?.map(|link| link.run.as_of());
    let mut told = Told { has_no_channel: true, ..Told::default() };
    for Recipients { channel, target, wanted } in order.settings.recipients(job) {
        let Some(target) = target.filter(|_| order.alert) else { continue };
        told.has_no_channel = false;
        let by = Channel { order, shelf: &shelf, job, name: channel.as_deref(), target: &target };
        let audits = ByAudits { findings: earlier_runs::told(&shelf, job, &channel).await?, as_of };
        let (_, memory) = by.memory().await?;
        let is_news =
            |outcome: &&Outcome| memory.is_news(outcome, &audits, wanted.min_severity, matches!(tell, Tell::All));
        let news: Vec<&Outcome> = outcomes.iter().filter(is_news).collect();
        told.news.extend((0..outcomes.len()).filter(|place| is_news(&&outcomes[*place])));
        let occasion = WatchOccasion { organization: order.settings.organization.as_deref(), job, now };
        let sent = if news.is_empty() { Ok(()) } else { by.send(&watch_message(&news, &occasion), now).await };
        let recorded = match sent {
            Ok(()) => by.record(|memory| memory.after(outcomes, &news, &audits, now)).await,
            Err(error) => Err(error),
        };
        if let Err(error) = recorded {
            told.open.extend(news.iter().flat_map(|outcome| &outcome.events).map(|event| event.id.clone()));
            told.undelivered.push(error);
        }
    }
    if told.has_no_channel {
        told.news = (0..outcomes.len()).collect();
    }
    Ok(told)
}

/// Tells that too many principals changed to look at each.
pub(super) async fn storm(order: &Order, principals: usize, now: DateTime<Utc>) -> Result<Told, PipelineError> {
    let (job, shelf) = place(order).await?;
    let mut told = Told { has_no_channel: true, ..Told::default() };
    for Recipients { channel, target, .. } in order.settings.recipients(job) {
        let Some(target) = target.filter(|_| order.alert) else { continue };
        told.has_no_channel = false;
        let by = Channel { order, shelf: &shelf, job, name: channel.as_deref(), target: &target };
        let (_, memory) = by.memory().await?;
        if !memory.is_storm_news(now) {
            continue;
        }
        let occasion = WatchOccasion { organization: order.settings.organization.as_deref(), job, now };
        let sent = by.send(&storm_message(principals, &occasion), now).await;
        let recorded = match sent {
            Ok(()) => by.record(|memory| memory.after_storm(now)).await,
            Err(error) => Err(error),
        };
        told.undelivered.extend(recorded.err());
    }
    Ok(told)
}

async fn place(order: &Order) -> Result<(&str, Shelf), PipelineError> {
    let job = order.job.as_deref().unwrap_or(store::MANUAL);
    Ok((job, open(&order.settings, &order.to).await?))
}

impl Channel<'_> {
    async fn memory(&self) -> Result<(u32, WatchMemory), StoreError> {
        let (last, record) = watch_log::latest(self.shelf, self.job, self.name).await?;
        let memory = record.as_deref().map(WatchMemory::decode);
        if matches!(memory, Some(None)) {
            tracing::warn!(job = self.job, "the record of the watcher cannot be understood; a message may be repeated");
        }
        Ok((last, memory.flatten().unwrap_or_default()))
    }

    async fn send(&self, message: &Message, now: DateTime<Utc>) -> Result<(), AlertError> {
        let outgoing = Outgoing { message, run_id: &self.order.run_id, now, findings: None };
        // On the heap: the futures of the SDK are deep.
        let sent = Box::pin(send(self.target, outgoing, &self.order.settings)).await?;
        tracing::info!(job = self.job, channel = self.name, "sent an alert about changes of access");
        match (self.name, sent.refused) {
            (Some(channel), refused) if !refused.is_empty() => {
                let channel = channel.to_owned();
                tracing::warn!(
                    error = for_log(&AlertError::Refused { channel, refused }),
                    "the alert reached some only"
                );
                Ok(())
            }
            (Some(_) | None, _) => Ok(()),
        }
    }

    /// Keeps what they know now. Another process may have kept something in the meantime, which then counts too.
    async fn record(&self, after: impl Fn(&WatchMemory) -> WatchMemory) -> Result<(), AlertError> {
        for _ in 0..ATTEMPTS {
            let (last, memory) = self.memory().await.map_err(AlertError::NotRecorded)?;
            let now = after(&memory);
            if now == memory {
                return Ok(());
            }
            let kept = watch_log::record(self.shelf, self.job, self.name, last, now.encode()).await;
            if kept.map_err(AlertError::NotRecorded)? {
                return Ok(());
            }
        }
        tracing::warn!(job = self.job, "other processes keep records of the watcher at the same time");
        Ok(())
    }
}

//! How a job is doing: when it was audited last, whether it is overdue, and whether its recipients know that it fails.

use chrono::{DateTime, Utc};

use super::PipelineError;
use super::open_store::open;
use super::order::{Order, Source};
use crate::alert::failure::Known;
use crate::schedule::{self, Timetable};
use crate::settings::{Job, Settings};
use crate::store::chain::{self, Link};
use crate::store::{Location, Shelf, failure_log};

/// How a job is doing.
#[derive(Debug, Clone)]
pub struct JobStatus {
    /// The link of its last package.
    pub last: Option<Link>,
    /// When it is due next.
    pub next: Option<DateTime<Utc>>,
    /// Since when it is overdue.
    pub overdue: Option<DateTime<Utc>>,
    /// Since when it fails, and the cause that its recipients were told last.
    pub failing: Option<(DateTime<Utc>, String)>,
    /// Whether a record of what recipients were told cannot be understood: then it may fail all the same.
    pub failing_unread: bool,
}

/// How a job is doing, as its store says.
///
/// # Errors
/// Where the store cannot be read.
pub async fn status(
    settings: &Settings,
    to: &Location,
    job: &Job,
    now: DateTime<Utc>,
) -> Result<JobStatus, PipelineError> {
    let shelf = open(settings, to).await?;
    let last = chain::last_run(&shelf, &job.name).await?;
    let (mut known, mut failing_unread): (Option<Known>, bool) = (None, false);
    for recipients in settings.recipients(&job.name) {
        let (_, record) = failure_log::latest(&shelf, &job.name, recipients.channel.as_deref()).await?;
        let decoded = record.map(|record| Known::decode(&record).filter(|known| known.may_be_of_a_run(now)));
        failing_unread |= decoded.as_ref().is_some_and(Option::is_none);
        let of_channel = decoded.flatten();
        known = [known, of_channel].into_iter().flatten().max_by_key(|known| known.told);
    }
    let timetable = job.timetable().ok();
    let next = timetable.as_ref().and_then(|timetable| timetable.next(now));
    let source = settings.collect.from.clone().map_or(Source::Live, Source::Saved);
    let overdue = timetable.and_then(|timetable| of_link(settings, &source, &timetable, last.as_ref()?, now));
    let failing = known.and_then(|known| Some((known.since, known.cause?)));
    Ok(JobStatus { last, next, overdue, failing, failing_unread })
}

/// Since when a job is overdue by its store; `None` where it is not, where it never ran, and where it has no timetable.
pub(super) async fn overdue(
    order: &Order,
    shelf: &Shelf,
    job: &str,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, PipelineError> {
    let Some(timetable) = timetable(&order.settings, job) else { return Ok(None) };
    let last = chain::last_run(shelf, job).await?;
    Ok(last.and_then(|last| of_link(&order.settings, &order.source, &timetable, &last, now)))
}

fn of_link(
    settings: &Settings,
    source: &Source,
    timetable: &Timetable,
    last: &Link,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    schedule::overdue(timetable, handled(source, last)?, now, settings.alert.overdue_after.0)
}

/// The scheduled runs that a job missed before the run of this link: when the first was due, and how many.
pub(super) async fn missed(
    order: &Order,
    shelf: &Shelf,
    link: &Link,
    now: DateTime<Utc>,
) -> Option<(DateTime<Utc>, usize)> {
    let job = link.run.job();
    let timetable = timetable(&order.settings, job)?;
    let before = match chain::find(shelf, Some(link.number), |earlier| earlier.is_whole_run_of(job)).await {
        Ok(found) => found.link?,
        Err(error) => {
            tracing::warn!(job, %error, "cannot read whether scheduled runs were missed before this one");
            return None;
        }
    };
    let last = handled(&order.source, &before)?;
    let first = schedule::overdue(&timetable, last, now, order.settings.alert.overdue_after.0)?;
    let until = link.run.due().or_else(|| schedule::due(&timetable, last, now))?;
    let missed = schedule::between(&timetable, last, until);
    (missed > 0).then_some((first, missed))
}

/// The instant for which a run was done. Runs on saved answers that nothing scheduled speak of when these were saved.
fn handled(source: &Source, link: &Link) -> Option<DateTime<Utc>> {
    let as_of = match source {
        Source::Live => Some(link.run.as_of()),
        Source::Saved(_) => None,
    };
    link.run.due().or(as_of)
}

fn timetable(settings: &Settings, job: &str) -> Option<Timetable> {
    settings.job(job).ok()?.timetable().ok()
}

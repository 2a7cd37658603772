//! `rollcall serve`: the jobs of the settings, when they are due.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Args;
use tokio_util::sync::CancellationToken;

use super::audit::undelivered;
use super::failure::NO_CHANNEL;
use super::options::{Config, no_audit, source, store_of};
use super::{Exit, Failure, clock, job_order, now};
use crate::pipeline::{self, Failures};
use crate::serve::{self, Due, Ended, Last};
use crate::settings::{Alerts, Settings};
use crate::store::Location;

/// Arguments of `rollcall serve`.
#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    config: Config,
}

pub(super) async fn run(arguments: &Serve) -> Result<Exit, Failure> {
    let settings = job_order::settings(&arguments.config, |_| true).await?;
    if let Err(error) = pipeline::check_instant(None, &settings, &source(&settings), &clock()) {
        for job in &settings.jobs {
            pipeline::tell_failed(&job_order::order(&settings, job, None, Arc::default()), &error, &clock()).await;
        }
        return Err(no_audit(error));
    }
    let mut jobs = Vec::new();
    for job in &settings.jobs {
        let timetable = job.timetable().expect("settings that could be read have jobs that can be timed");
        let last = match last_run(&settings, &job.name).await {
            Ok(Some(at)) => Last::At(at),
            Ok(None) => Last::Never,
            Err(NotDone(why)) => {
                tracing::warn!(
                    job = job.name,
                    why,
                    "cannot read when this job last ran; its next run will check \
                                                     again"
                );
                Last::Unknown
            }
        };
        if settings.alerts(job) == Alerts::Nowhere {
            tracing::warn!(job = job.name, "{NO_CHANNEL}");
        }
        jobs.push(serve::Job { name: job.name.clone(), timetable, last });
    }
    let failures: Arc<Failures> = Arc::default();
    let overdue = tokio::spawn(watch_for_overdue(Arc::clone(&settings), Arc::clone(&failures)));
    let watching = settings.watch.is_some().then(|| tokio::spawn(watch_queues(&settings, &failures)));
    let run = |due: Due| run_job(Arc::clone(&settings), Arc::clone(&failures), due);
    let ended = serve::serve(jobs, run, now).await;
    overdue.abort();
    // What it had received comes back.
    watching.inspect(tokio::task::JoinHandle::abort);
    let ended = ended.map_err(|error| {
        let help = error.help();
        Failure::new(Exit::Usage, error, help)
    })?;
    Ok(match ended {
        Ended::InOrder => Exit::InOrder,
        Ended::AtOnce => Exit::NotDelivered,
    })
}

/// Watches the queues of the settings. Where too much changed at once to look at each, an audit is due.
fn watch_queues(settings: &Arc<Settings>, failures: &Arc<Failures>) -> impl Future<Output = ()> + Send + use<> {
    let (settings, failures) = (Arc::clone(settings), Arc::clone(failures));
    let storm = {
        let settings = Arc::clone(&settings);
        move || {
            let (settings, failures) = (Arc::clone(&settings), Arc::clone(&failures));
            async move {
                let Some(job) = settings.watch_job().map(|job| job.name.clone()) else { return };
                let due = Due { job, at: now(), unless_handled: false, stop: CancellationToken::new() };
                if let Err(error) = run_job(settings, failures, due).await {
                    tracing::warn!(%error, "the audit that was due after many changes failed");
                }
            }
        }
    };
    super::watch::watch_queues(settings, storm)
}

/// How often jobs are looked at that may be overdue.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(15 * 60);

/// Tells the recipients of each job that is overdue: a run of this process that does not end, or another process that
/// holds the run and does not finish it. What was missed while nothing served is made up for first.
async fn watch_for_overdue(settings: Arc<Settings>, failures: Arc<Failures>) {
    let mut ticks = tokio::time::interval(LOOKED_AT_EVERY);
    ticks.tick().await;
    loop {
        ticks.tick().await;
        for job in &settings.jobs {
            let order = job_order::order(&settings, job, None, Arc::clone(&failures));
            pipeline::tell_overdue(&order, &clock()).await;
        }
    }
}

/// Why a run of a job came to nothing, or did not arrive. It is for the log, which has no names of people: those are in
/// the lists and in the package.
struct NotDone(String);

impl fmt::Display for NotDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

async fn run_job(settings: Arc<Settings>, failures: Arc<Failures>, due: Due) -> Result<(), NotDone> {
    let job = settings.job(&due.job).expect("only jobs of the settings are served");
    let order = job_order::order(&settings, job, Some(due.at), failures);
    if due.unless_handled {
        match pipeline::last_run(&settings, &order.to, &due.job).await {
            Ok(Some(last)) if last < due.at => {}
            Ok(Some(_) | None) => return Ok(()),
            Err(error) => {
                pipeline::tell_failed(&order, &error, &clock()).await;
                return Err(NotDone(pipeline::for_log(&error)));
            }
        }
    }
    let claimed = pipeline::run_due(&order, due.at, &due.stop, &clock())
        .await
        .map_err(|error| NotDone(pipeline::for_log(&error)))?;
    let Some(audited) = claimed else {
        tracing::info!(job = due.job, "another process has this run");
        return Ok(());
    };
    undelivered(&audited.delivery);
    tracing::info!(
        job = due.job,
        verdict = audited.headline,
        open = audited.verdict.open(),
        complete = audited.verdict.complete(),
        package = if audited.delivery.package.is_ok() { "delivered" } else { "not delivered" },
        alert = audited.delivery.alert.words(),
        link = audited.delivery.package.as_ref().ok().map(|published| published.link.digest.to_string()),
        "audited"
    );
    // An alert that did not arrive is sent by the next run, and makes this one no failure: its package is there.
    audited.delivery.package.map(drop).map_err(|error| NotDone(pipeline::for_log(&error)))
}

/// The instant for which a job ran last.
async fn last_run(settings: &Settings, job: &str) -> Result<Option<DateTime<Utc>>, NotDone> {
    let at = destination(settings, job);
    pipeline::last_run(settings, &at, job).await.map_err(|error| NotDone(pipeline::for_log(&error)))
}

fn destination(settings: &Settings, job: &str) -> Location {
    store_of(settings, Some(settings.job(job).expect("only jobs of the settings are served")), None)
}

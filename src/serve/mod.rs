//! The long-running loop: it wakes, asks the timetables what is due, and starts the runs.
//!
//! What a run does is not known here: it is a function from a job that is due to a future, handed in by the door that
//! opens this one. Nor is anything kept: what was handled before comes with the jobs.

mod job_loop;
mod signals;
mod ticker;

pub use job_loop::{Due, Ended, Event, Job, Last, watch};

use std::fmt;
use std::io;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;
use tokio_cron_scheduler::JobSchedulerError;

/// Why the loop could not begin.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Nothing to do, for ever.
    #[error("no job to serve")]
    NoJob,
    /// The scheduler that ticks could not be started.
    #[error("cannot start the scheduler")]
    Scheduler(#[from] JobSchedulerError),
    /// Signals cannot be listened to, so nobody could end the loop in good order.
    #[error("cannot listen for signals")]
    Signals(#[source] io::Error),
}

impl ServeError {
    /// What to do about it, where something can be done.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            ServeError::NoJob => Some("add a `[[job]]` with `name`, `cron` and `zone` to the settings".to_owned()),
            ServeError::Scheduler(_) | ServeError::Signals(_) => None,
        }
    }
}

/// Runs jobs when they are due, until a signal (SIGTERM or SIGINT) ends it. Then nothing new is started, the runs that
/// are under way are told to stop and awaited to their end; a second signal makes this return at once.
///
/// # Errors
/// Where there is no job, or the loop cannot begin.
pub async fn serve<R, F, E>(jobs: Vec<Job>, run: R, clock: impl Fn() -> DateTime<Utc>) -> Result<Ended, ServeError>
where
    R: Fn(Due) -> F,
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: fmt::Display + Send + 'static,
{
    if jobs.is_empty() {
        return Err(ServeError::NoJob);
    }
    let (events, received) = mpsc::channel(1);
    signals::listen(events.clone()).map_err(ServeError::Signals)?;
    let heartbeat = ticker::start(events).await?;
    let ended = watch(jobs, run, clock, received).await;
    heartbeat.stop().await;
    Ok(ended)
}

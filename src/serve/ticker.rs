//! What wakes the loop: a scheduler by the wall clock, and a timer by the monotonic one.
//!
//! The scheduler falls silent after the wall clock was set back, and repeats itself after it was set forward; a timer
//! may be late after the machine slept. So neither is trusted with more than a tick, and both may tick: a tick too
//! many costs nothing.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use super::Event;

/// How late a run may begin. Audits are due at a minute, not at a second.
const PERIOD: Duration = Duration::from_secs(15);
/// The same for the scheduler.
const PATTERN: &str = "*/15 * * * * *";

/// Ticks until it is stopped.
pub(super) struct Heartbeat {
    scheduler: JobScheduler,
    timer: JoinHandle<()>,
}

/// Starts ticking. A tick that nobody has taken yet is enough; further ones are let go.
pub(super) async fn start(events: mpsc::Sender<Event>) -> Result<Heartbeat, JobSchedulerError> {
    let scheduler = JobScheduler::new().await?;
    let wall = events.clone();
    scheduler.add(Job::new(PATTERN, move |_, _| tick(&wall))?).await?;
    scheduler.start().await?;
    let timer = tokio::spawn(async move {
        let mut interval = tokio::time::interval(PERIOD);
        interval.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            interval.tick().await;
            tick(&events);
        }
    });
    Ok(Heartbeat { scheduler, timer })
}

fn tick(events: &mpsc::Sender<Event>) {
    // Full means that a tick is waiting already, and closed that the loop has ended.
    let _ = events.try_send(Event::Tick);
}

impl Heartbeat {
    /// Ticks no more.
    pub(super) async fn stop(mut self) {
        self.timer.abort();
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::warn!(%error, "the scheduler did not stop");
        }
    }
}

//! A run of a job, as the settings order it; and settings that were refused, of which the job's recipients are told.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::options::{Config, location, source, store_of, wrong_settings};
use super::{Failure, clock, new_run_id};
use crate::pipeline::{self, Failures, Order};
use crate::settings::{Job, Settings};

/// A run of this job, because it is due then or by hand.
pub(super) fn order(settings: &Settings, job: &Job, due: Option<DateTime<Utc>>, failures: Arc<Failures>) -> Order {
    Order {
        source: source(settings),
        expected: location(settings, &settings.expect.path),
        to: store_of(settings, Some(job), None),
        job: Some(job.name.clone()),
        due,
        alert: job.alert,
        as_of: None,
        run_id: new_run_id(),
        columns: None,
        failures,
        settings: Arc::new(settings.of_run(Some(job), None)),
    }
}

/// The settings, for a command that runs these jobs. Where they are refused, the recipients of the jobs' messages are
/// told, as far as the file still says who they are.
pub(super) async fn settings(config: &Config, runs: impl Fn(&Job) -> bool) -> Result<Arc<Settings>, Failure> {
    let error = match config.try_read() {
        Ok(settings) => return Ok(Arc::new(settings)),
        Err(error) => error,
    };
    let left = config.read_what_is_left();
    for job in left.jobs.iter().filter(|job| runs(job)) {
        pipeline::tell_refused(&order(&left, job, None, Arc::default()), &error, &clock()).await;
    }
    Err(wrong_settings(error))
}

//! What recipients were told of failed runs, as this process knows it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::alert::failure::Known;

/// What this process knows of what recipients were told, by job. The store knows it too, where it can be reached.
#[derive(Debug, Default)]
pub struct Failures(Mutex<BTreeMap<String, OfJob>>);

/// What this process knows of one job.
#[derive(Debug, Clone, Default)]
struct OfJob {
    /// By channel; the topic has no name.
    known: BTreeMap<Option<String>, Known>,
    audited: Option<DateTime<Utc>>,
}

impl Failures {
    pub(super) fn known(&self, job: &str, channel: Option<&str>) -> Option<Known> {
        self.of(job).known.remove(&channel.map(str::to_owned))
    }

    pub(super) fn remember(&self, job: &str, channel: Option<&str>, known: Known) {
        self.change(job, |of_job| _ = of_job.known.insert(channel.map(str::to_owned), known));
    }

    /// The instant that the last package is about that this process has seen.
    pub(super) fn last_audit(&self, job: &str) -> Option<DateTime<Utc>> {
        self.of(job).audited
    }

    pub(super) fn audited(&self, job: &str, at: DateTime<Utc>) {
        self.change(job, |of_job| of_job.audited = Some(at));
    }

    fn of(&self, job: &str) -> OfJob {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(job).cloned().unwrap_or_default()
    }

    fn change(&self, job: &str, change: impl FnOnce(&mut OfJob)) {
        change(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(job.to_owned()).or_default());
    }
}

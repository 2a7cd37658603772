//! What recipients were told of failed runs, as this process knows it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::alert::failure::Known;

/// What this process knows of what recipients were told, by job. The store knows it too, where it can be reached.
#[derive(Debug, Default)]
pub struct Failures(Mutex<BTreeMap<String, Known>>);

impl Failures {
    pub(super) fn known(&self, job: &str) -> Option<Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(job).cloned()
    }

    pub(super) fn remember(&self, job: &str, known: Known) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(job.to_owned(), known);
    }
}

//! What one run is asked to do.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::known_failures::Failures;
use crate::settings::Settings;
use crate::store::Location;

/// What one run is asked to do.
#[derive(Debug, Clone)]
pub struct Order {
    /// The settings.
    pub settings: Arc<Settings>,
    /// Where AWS's side comes from.
    pub source: Source,
    /// Where the expected lists are.
    pub expected: Location,
    /// Where the package goes.
    pub to: Location,
    /// The job that the run belongs to; `None` for a run by hand.
    pub job: Option<String>,
    /// The instant at which the job is due, where that is why it runs.
    pub due: Option<DateTime<Utc>>,
    /// Whether somebody is told of what is new.
    pub alert: bool,
    /// The instant that the run speaks about; `None` for the end of collecting.
    pub as_of: Option<DateTime<Utc>>,
    /// The run's own id.
    pub run_id: String,
    /// Columns of the terminal that shows what is told; `None` where there is none.
    pub columns: Option<usize>,
    /// What this process has told of runs that failed.
    pub failures: Arc<Failures>,
}

/// Where AWS's side comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// AWS itself.
    Live,
    /// A folder of saved AWS CLI output, or a journal.
    Saved(PathBuf),
}

//! What is looked at before something is adopted or accepted.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::pipeline::list_files::Read;
use crate::pipeline::order::Source;
use crate::pipeline::{PipelineError, lists};
use crate::settings::Settings;
use crate::store::Location;

/// What is looked at.
#[derive(Debug, Clone)]
pub struct Look {
    /// The settings.
    pub settings: Arc<Settings>,
    /// Where AWS's side comes from.
    pub source: Source,
    /// The folder of the expected lists.
    pub expected: PathBuf,
    /// The instant that it speaks about; `None` for the end of collecting.
    pub as_of: Option<DateTime<Utc>>,
    /// The run's own id.
    pub run_id: String,
    /// The run that it is compared with, where a finding needs it.
    pub earlier: EarlierRun,
}

/// Where an earlier run is.
#[derive(Debug, Clone)]
pub struct EarlierRun {
    /// The store.
    pub store: Location,
    /// The job that it is of; `None` for runs of no job.
    pub job: Option<String>,
}

impl Look {
    pub(super) fn place(&self) -> Location {
        Location::Folder(self.expected.clone())
    }

    pub(super) async fn files(&self) -> Result<Vec<Read>, PipelineError> {
        lists::files(&self.place(), &self.settings).await
    }
}

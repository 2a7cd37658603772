//! Whom the credentials belong to, before anything is asked of them.

use std::sync::Arc;

use crate::collect::{self, Run};
use crate::model::{Caller, Gap};
use crate::settings::Settings;

use super::{Clock, PipelineError};

/// Whom the credentials belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The user, or the session of an assumed role, and its account.
    pub caller: Option<Caller>,
    /// Why AWS did not say, where it did not.
    pub gaps: Vec<Arc<Gap>>,
    /// The endpoint that answered, where it is none of AWS's own.
    pub redirected_to: Option<String>,
}

/// Asks AWS whom the credentials belong to.
///
/// # Errors
/// Where there are none, or AWS does not take them.
pub async fn check(settings: &Settings, run_id: &str, clock: &Clock) -> Result<Access, PipelineError> {
    let run = Run {
        id: run_id.to_owned(),
        clock: Arc::clone(clock),
        earlier: Vec::new(),
        on_page: Box::new(|_| Ok(())),
        on_progress: super::unwatched(),
    };
    let snapshot = collect::caller(&settings.aws, run).await?.snapshot;
    Ok(Access { caller: snapshot.caller, gaps: snapshot.gaps, redirected_to: snapshot.redirected_to })
}

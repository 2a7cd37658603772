//! Whom the credentials belong to, and what they may do, before anything is asked of them.

use std::sync::Arc;

use crate::collect::trial::{Trial, Tried};
use crate::collect::{self, Run};
use crate::model::{Caller, Gap, Snapshot};
use crate::settings::Settings;
use crate::store::{Key, Location, StoreError};

use super::{Clock, PipelineError, policy};

/// Whom the credentials belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The user, or the session of an assumed role, and its account.
    pub caller: Option<Caller>,
    /// Why AWS did not say, where it did not.
    pub gaps: Vec<Arc<Gap>>,
    /// The endpoint that answered, where it is none of AWS's own.
    pub redirected_to: Option<String>,
    /// What AWS allows of all that the settings need, where it was tried.
    pub trials: Option<Vec<Trial>>,
}

/// Asks AWS whom the credentials belong to.
///
/// # Errors
/// Where there are none, or AWS does not take them.
pub async fn check(settings: &Settings, run_id: &str, clock: &Clock) -> Result<Access, PipelineError> {
    let snapshot = collect::caller(&settings.aws, run(run_id, clock)).await?.snapshot;
    let gaps = snapshot.gaps.clone();
    Ok(Access { gaps, ..of(snapshot) })
}

/// The same, and tries each action that a run with these settings needs. Nothing is written.
///
/// # Errors
/// Where there are no credentials, or the settings do not say which instance to read.
pub async fn try_out(settings: &Settings, run_id: &str, clock: &Clock) -> Result<Access, PipelineError> {
    let (mut trials, collected) = collect::try_out(&settings.widest(), run(run_id, clock)).await?;
    for statement in policy::delivering(settings) {
        for action in statement.actions {
            let tried = match action.name.as_str() {
                // The lists were read from there before anything else.
                _ if statement.sid == "Lists" || statement.sid == "ListLists" => Tried::Granted,
                "s3:ListBucket" => list(settings).await,
                "s3:PutObject" | "sns:Publish" => Tried::NotTried { because: "it would write" },
                _ => Tried::NotTried { because: "it takes an object that was written" },
            };
            trials.push(Trial { action: format!("{} ({})", action.name, statement.sid), account: None, tried });
        }
    }
    let mut gaps = collected.snapshot.gaps.clone();
    // Of a sample all else is a gap too.
    gaps.retain(|gap| gap.source == "sts:GetCallerIdentity");
    Ok(Access { gaps, trials: Some(trials), ..of(collected.snapshot) })
}

fn of(snapshot: Snapshot) -> Access {
    Access { caller: snapshot.caller, gaps: Vec::new(), redirected_to: snapshot.redirected_to, trials: None }
}

fn run(run_id: &str, clock: &Clock) -> Run {
    Run {
        id: run_id.to_owned(),
        clock: Arc::clone(clock),
        earlier: Vec::new(),
        on_page: Box::new(Ok),
        on_progress: super::unwatched(),
    }
}

/// Lists the links of the chain in every bucket that packages go to.
async fn list(settings: &Settings) -> Tried {
    let places = settings.jobs.iter().filter_map(|job| job.to.as_ref());
    let places = std::iter::once(&settings.report.to).chain(places);
    let chain: Key = "chain".parse().expect("a word is a key");
    for place in places.filter(|place| matches!(place, Location::Bucket { .. })) {
        let listed = match super::open(settings, place).await {
            Ok(shelf) => shelf.list(&chain, None).await,
            Err(error) => return Tried::Failed { code: "SignIn".to_owned(), message: error.to_string() },
        };
        match listed {
            Ok(_) => {}
            Err(StoreError::Bucket { code, message, .. }) if code.starts_with("AccessDenied") => {
                return Tried::Denied { code, message };
            }
            Err(error) => return Tried::Failed { code: "Store".to_owned(), message: error.to_string() },
        }
    }
    Tried::Granted
}

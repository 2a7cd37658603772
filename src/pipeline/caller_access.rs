//! Whom the credentials belong to, and what they may do, before anything is asked of them.

use std::sync::Arc;

use crate::collect::permission_check::{Trial, Tried};
use crate::collect::{self, Run};
use crate::model::{Caller, Gap, Snapshot, Why};
use crate::settings::Settings;
use crate::store::{Key, Location, StoreError};

use super::collect_live::unwatched;
use super::open_store::open;
use super::{Clock, PipelineError};
use crate::iam_policy;

pub use crate::aws::session::PassedOver;

/// Whom the credentials belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The user, or the session of an assumed role, and its account.
    pub caller: Option<Caller>,
    /// Why AWS did not say, where it did not.
    pub gaps: Vec<Arc<Gap>>,
    /// Which credentials are there besides those that are used.
    pub passed_over: Option<PassedOver>,
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
    let session = collect::connect(&settings.aws).await?;
    let snapshot = collect::caller(&session, &settings.aws, run(run_id, clock)).await?.snapshot;
    let gaps = snapshot.gaps.clone();
    Ok(Access { gaps, passed_over: session.passed_over(), ..of(snapshot) })
}

/// The same, and tries each action that a run with these settings needs. Nothing is written.
///
/// # Errors
/// Where there are no credentials, or the settings do not say which instance to read.
pub async fn try_out(settings: &Settings, run_id: &str, clock: &Clock) -> Result<Access, PipelineError> {
    let session = collect::connect(&settings.aws).await?;
    let (mut trials, collected) = collect::try_out(&session, &settings.widest(), run(run_id, clock)).await?;
    let caller = collected.snapshot.caller.as_ref();
    for statement in iam_policy::delivering(settings) {
        for action in statement.actions {
            let tried = match action.name.as_str() {
                // The lists were read from there before anything else.
                _ if statement.sid == "Lists" || statement.sid == "ListLists" => Tried::Granted,
                "s3:ListBucket" => list(settings).await,
                "sns:Publish" if let Some(elsewhere) = topic_elsewhere(settings, caller) => elsewhere,
                "s3:PutObject" | "sns:Publish" => Tried::NotTried { because: "it would write" },
                _ => Tried::NotTried { because: "it needs an object that was written" },
            };
            trials.push(Trial { action: format!("{} ({})", action.name, statement.sid), account: None, tried });
        }
    }
    let mut gaps = collected.snapshot.gaps.clone();
    // Of a sample all else is a gap too. That there is no instance is true of a whole run as well.
    gaps.retain(|gap| gap.source == "sts:GetCallerIdentity" || is_no_instance(gap));
    Ok(Access { gaps, passed_over: session.passed_over(), trials: Some(trials), ..of(collected.snapshot) })
}

/// Whether the region has no instance of Identity Center, which the settings ask for.
fn is_no_instance(gap: &Gap) -> bool {
    matches!(&gap.why, Why::Failed { code, .. } if code == collect::NO_INSTANCE)
}

/// Why a topic cannot be published to, where one is in another partition than the credentials.
fn topic_elsewhere(settings: &Settings, caller: Option<&Caller>) -> Option<Tried> {
    let of_arn = |arn: &str| arn.split(':').nth(1).map(str::to_owned);
    let own = of_arn(&caller?.arn)?;
    let topic = settings.topics().into_iter().filter_map(of_arn).find(|topic| *topic != own)?;
    Some(Tried::Failed {
        code: "OtherPartition".to_owned(),
        message: format!("the topic is in the partition {topic}, the credentials are in {own}"),
    })
}

fn of(snapshot: Snapshot) -> Access {
    let Snapshot { caller, redirected_to, .. } = snapshot;
    Access { caller, gaps: Vec::new(), passed_over: None, redirected_to, trials: None }
}

fn run(run_id: &str, clock: &Clock) -> Run {
    Run {
        id: run_id.to_owned(),
        clock: Arc::clone(clock),
        earlier: Vec::new(),
        on_page: Box::new(Ok),
        on_progress: unwatched(),
    }
}

/// Lists the links of the chain in every bucket that packages go to.
async fn list(settings: &Settings) -> Tried {
    let places = settings.jobs.iter().filter_map(|job| job.to.as_ref());
    let places = std::iter::once(&settings.report.to).chain(places);
    let chain: Key = "chain".parse().expect("a word is a key");
    for place in places.filter(|place| matches!(place, Location::Bucket { .. })) {
        let listed = match open(settings, place).await {
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

//! The order of the stages, and nothing else: read the lists, collect, compare, render, publish, alert.
//!
//! Here the world comes in: files, the network, the clock that collecting is given. What is decided in between is
//! decided by the stages.

mod adopt;
mod as_of;
mod caller_access;
mod collect_live;
mod deliver;
mod draft_folder;
mod earlier_runs;
mod error;
mod evaluate;
mod explain;
mod job;
mod lists;
mod lists_on_disk;
mod package_inputs;
mod panics;
mod replay;
mod report_failure;
mod saved;
mod store_check;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::collect::{self, Collected, OnProgress};
use crate::expect::Records;
use crate::model::{Rule, Stamp, Verdict};
use crate::render;
use crate::settings::Settings;
use crate::store::{self, Digest, Location, Run, Shelf, StoreError, chain};

use crate::collect::journal::run_journal::Journal;
use collect_live::{At, or_interrupted, settle};
use evaluate::Judgement;

pub use crate::adopt::{Draft, LeftOut, Outcome, Reason};
pub use crate::collect::journal::run_journal::NotResumed;
pub use crate::collect::permission_check::{Trial, Tried};
pub use crate::collect::{Clock, Progress};
pub use crate::expect::export_commands;
pub use adopt::{Added, Addition, Adopted, Drafted, Look, NotAdded, accept as adopt_finding, adopt, propose, waive};
pub use caller_access::{Access, PassedOver, check as check_access, try_out as try_access};
pub use collect_live::{GoesOn, Journaling, Watch, collect_into};
pub use deliver::{Alert, AlertError, Delivery, NotPublished, Published};
pub use error::{PipelineError, for_log};
pub use explain::{ExplainAs, Explained, explain, schema as explain_schema};
pub use job::run as run_due;
pub use lists::{CheckedList, CheckedLists, Completeness, RefusedList, check as check_lists};
pub use replay::{Replayed, Unlinked, Verified};
pub use report_failure::{Failures, tell_failed};
pub use store_check::{CheckedStore, StoreCheck, check as check_stores};

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

/// What one run came to.
#[derive(Debug)]
pub struct Audited {
    /// The verdict.
    pub verdict: Verdict,
    /// The verdict in one line, which names no person.
    pub headline: String,
    /// The report as text, with the colours of a terminal.
    pub text: Vec<u8>,
    /// Where the package is, and what became of the alert.
    pub delivery: Delivery,
    /// How to find out more, where AWS could not answer everything just then.
    pub goes_on: Option<GoesOn>,
}

/// Runs one audit from end to end.
///
/// Nothing is published before everything has been judged and written down; a package that cannot be delivered stays
/// in its draft folder, whole.
///
/// # Errors
/// Where no audit could be done, or it was interrupted. An audit that was done and not delivered is no error: see
/// [`Audited::delivery`].
///
/// Where it is a job's, its recipients are told that it failed, or that it works again.
pub async fn audit(order: &Order, clock: &Clock, watch: Watch) -> Result<Audited, PipelineError> {
    let ended = panics::caught(Box::pin(run(order, clock, watch))).await;
    Box::pin(report_failure::tell_end(order, ended.as_ref().map(Some), clock)).await;
    ended
}

async fn run(order: &Order, clock: &Clock, watch: Watch) -> Result<Audited, PipelineError> {
    let at = At::of(&order.settings, watch.journaling, &order.run_id)?;
    let shelf = open(&order.settings, &order.to).await?;
    let prepared = or_interrupted(prepare(order, &shelf, &at, clock, watch.on_progress), watch.interrupted).await;
    let prepared = prepared.map_err(|error| at.left(error))?;
    // What is being published is not interrupted.
    Ok(deliver(order, &shelf, prepared).await)
}

/// A run that was judged, and the journal that AWS's side lies in besides.
struct Prepared {
    judgement: Judgement,
    journal: Option<Journal>,
    unanswered: usize,
}

/// Everything up to the sealed draft. What is dropped in here leaves nothing behind but a journal.
async fn prepare(
    order: &Order,
    shelf: &Shelf,
    at: &At,
    clock: &Clock,
    on_progress: OnProgress,
) -> Result<Prepared, PipelineError> {
    let settings = &order.settings;
    as_of::check(order.as_of, settings, &order.source, clock)?;
    // AWS is not asked before the lists are known to be good; what was saved is read beside them.
    let saved = match &order.source {
        Source::Saved(path) => {
            let (path, settings) = (path.clone(), Arc::clone(settings));
            Some(tokio::task::spawn_blocking(move || saved::read(&path, &settings.aws)))
        }
        Source::Live => None,
    };
    let records = lists::read(&order.expected, settings, clock).await?;
    let job = order.job.as_deref().unwrap_or(store::MANUAL);
    let before = earlier_runs::before(shelf, job).await?;
    lists::refuse_vanished(&order.expected, &records, before.earlier.as_ref())?;
    let (collected, journal) = match saved {
        Some(collected) => (collected.await.unwrap_or(Err(PipelineError::Bug))?, None),
        None => {
            collect_live::predict(settings, before.took);
            collect_live::ask(settings, &lists::names(&records, clock()), at, &order.run_id, clock, on_progress).await?
        }
    };
    let unanswered = collected.unanswered();
    let as_of = as_of::of(order.as_of, settings, &order.source, collected.snapshot.window, clock)?;
    let stamp = Stamp {
        run_id: order.run_id.clone(),
        as_of,
        origin: Some(as_of::origin(&order.source)),
        job: order.job.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        organization: settings.organization.clone(),
    };
    let run = Run::new(job, as_of, &order.run_id, false).map_err(StoreError::from)?.because_due(order.due);
    let package = order.to.address_of(&run);
    let given = evaluate::Given { package, records, collected, policy: settings.policy(), stamp, before, run };
    let min_severity = settings.alert.min_severity;
    // Comparing and rendering a large organization takes seconds of pure computation.
    let columns = order.columns;
    let judgement = panics::compute(move || evaluate::judge(given, min_severity, columns)).await?;
    Ok(Prepared { judgement, journal, unanswered })
}

/// Everything after the sealed draft. It must be awaited to its end.
async fn deliver(order: &Order, shelf: &Shelf, prepared: Prepared) -> Audited {
    let Prepared { judgement: Judgement { verdict, headline, text, deliverable }, journal, unanswered } = prepared;
    let topic = order.settings.alert.sns_topic_arn.as_deref().filter(|_| order.alert);
    let mut delivery = deliver::deliver(shelf, &order.to, deliverable, topic, &order.settings.aws).await;
    if order.alert && matches!(delivery.alert, Alert::NotAsked) {
        delivery.alert = Alert::NoChannel;
    }
    // From here on the draft or the package has what the journal has.
    let goes_on = settle(journal, unanswered);
    Audited { verdict, headline, text, delivery, goes_on }
}

/// AWS's side for what leaves no package, and so no journal either.
async fn collect(
    settings: &Settings,
    source: &Source,
    records: &Records,
    run_id: &str,
    clock: &Clock,
) -> Result<Collected, PipelineError> {
    match source {
        Source::Live => {
            Ok(collect_live::ask(settings, &lists::names(records, clock()), &At::Nowhere, run_id, clock, unwatched())
                .await?
                .0)
        }
        Source::Saved(path) => saved::read(path, &settings.aws),
    }
}

/// Refuses an instant in the past for what asks AWS now.
///
/// # Errors
/// Where the settings or `asked` name one, and the source is AWS itself.
pub fn check_instant(
    asked: Option<DateTime<Utc>>,
    settings: &Settings,
    source: &Source,
    clock: &Clock,
) -> Result<(), PipelineError> {
    as_of::check(asked, settings, source, clock)
}

/// Nobody is told how far a run has come.
fn unwatched() -> OnProgress {
    Box::new(|_| ())
}

/// The script of AWS CLI commands that collects what the settings ask for.
#[must_use]
pub fn collect_commands(settings: &Settings) -> String {
    collect::offline::print_commands::script(&settings.aws)
}

/// Checks a store: its chain, its digests, and that every report follows from its inputs. `noted` is the digest of a
/// link that was the last one once.
///
/// # Errors
/// Where there is no chain, and for the first thing that is missing or was changed.
pub async fn verify(settings: &Settings, store: &Location, noted: Option<Digest>) -> Result<Verified, PipelineError> {
    replay::replay(&open(settings, store).await?, store, noted).await
}

/// Acknowledges what lies among the links and packages of a store and is neither, so that it does not put the store in
/// doubt any more. Gives back what cannot be acknowledged.
///
/// # Errors
/// Where the store cannot be read or written to.
pub async fn acknowledge(
    settings: &Settings,
    store: &Location,
    names: &[String],
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Vec<String>, PipelineError> {
    Ok(replay::acknowledge(&open(settings, store).await?, names, reason, now).await?)
}

/// The instant for which a job ran last, where it did.
///
/// # Errors
/// Where the store cannot be read.
pub async fn last_run(settings: &Settings, to: &Location, job: &str) -> Result<Option<DateTime<Utc>>, PipelineError> {
    let link = chain::last_run(&open(settings, to).await?, job).await?;
    Ok(link.map(|link| link.run.due().unwrap_or_else(|| link.run.as_of())))
}

async fn open(settings: &Settings, to: &Location) -> Result<Shelf, PipelineError> {
    let sign_in = settings.aws.sign_in().in_region(settings.report.bucket.region.as_deref());
    let session = async || crate::aws::session::connect(&sign_in).await;
    let open = store::open(to, &settings.report.bucket, async || Ok(session().await?.sdk_config().clone())).await;
    open.map_err(PipelineError::SignIn)
}

/// Every rule, as it is documented.
#[must_use]
pub fn rules() -> &'static [&'static Rule] {
    crate::compare::rules::RULES
}

/// The JSON Schema of `report.json`.
#[must_use]
pub fn report_schema() -> String {
    render::schema()
}

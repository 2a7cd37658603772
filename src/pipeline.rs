//! The order of the stages, and nothing else: read the lists, collect, compare, render, publish, alert.
//!
//! Here the world comes in: files, the network, the clock that collecting is given. What is decided in between is
//! decided by the stages.

mod access;
mod adopt;
mod deliver;
mod due;
mod error;
mod explain;
mod inputs;
mod judge;
mod lists;
mod replay;
mod saved;

pub mod policy;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::collect::page::Page;
use crate::collect::{self, Collected};
use crate::model::{Rule, Stamp, Verdict};
use crate::render;
use crate::settings::Settings;
use crate::store::{self, Location, Run, Shelf, StoreError, package};

use judge::Judgement;

pub use crate::adopt::{Draft, LeftOut, Outcome, Reason};
pub use crate::collect::Clock;
pub use crate::expect::export_commands;
pub use access::{Access, check as check_access};
pub use adopt::{Added, Addition, Adopted, Drafted, Look, NotAdded, accept as adopt_finding, adopt, propose, waive};
pub use deliver::{Alert, AlertError, Delivery, NotPublished, Published};
pub use due::run as run_due;
pub use error::PipelineError;
pub use explain::{ExplainAs, Explained, explain, schema as explain_schema};
pub use lists::{CheckedList, CheckedLists, Completeness, RefusedList, check as check_lists};
pub use replay::Replayed;

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
    /// Whether somebody is told of what is new.
    pub alert: bool,
    /// The instant that the run speaks about; `None` for the end of collecting.
    pub as_of: Option<DateTime<Utc>>,
    /// The run's own id.
    pub run_id: String,
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
    /// The report as text, with the colours of a terminal.
    pub text: Vec<u8>,
    /// Where the package is, and what became of the alert.
    pub delivery: Delivery,
}

/// Runs one audit from end to end.
///
/// Nothing is published before everything has been judged and written down; a package that cannot be delivered stays
/// in its draft folder, whole.
///
/// # Errors
/// Where no audit could be done. An audit that was done and not delivered is no error: see [`Audited::delivery`].
pub async fn audit(order: &Order, clock: &Clock) -> Result<Audited, PipelineError> {
    let shelf = open(&order.settings, &order.to).await?;
    let judgement = prepare(order, &shelf, clock).await?;
    Ok(deliver(order, &shelf, judgement).await)
}

/// Everything up to the sealed draft. What is dropped in here leaves nothing behind.
async fn prepare(order: &Order, shelf: &Shelf, clock: &Clock) -> Result<Judgement, PipelineError> {
    let settings = &order.settings;
    // AWS is not asked before the lists are known to be good; what was saved is read beside them.
    let saved = match &order.source {
        Source::Saved(path) => {
            let path = path.clone();
            Some(tokio::task::spawn_blocking(move || saved::read(&path)))
        }
        Source::Live => None,
    };
    let records = lists::read(&order.expected, settings).await?;
    let job = order.job.as_deref().unwrap_or(store::MANUAL);
    let before = deliver::before(shelf, job).await?;
    let collected = match saved {
        Some(collected) => collected.await.expect("reading what was saved does not panic")?,
        None => collect(settings, &order.source, &order.run_id, clock).await?,
    };
    let as_of = order.as_of.or(settings.as_of).unwrap_or_else(|| instant_of(&order.source, &collected, clock));
    let stamp = Stamp {
        run_id: order.run_id.clone(),
        as_of,
        job: order.job.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        organization: settings.organization.clone(),
    };
    let run = Run::new(job, as_of, &order.run_id, false).map_err(StoreError::from)?;
    let package = order.to.address_of(&run);
    let given = judge::Given { package, records, collected, policy: settings.policy(), stamp, before, run };
    let min_severity = settings.alert.min_severity;
    // Comparing and rendering a large organization takes seconds of pure computation.
    let judged = tokio::task::spawn_blocking(move || judge::judge(given, min_severity));
    judged.await.expect("comparing and rendering do not panic")
}

/// Everything after the sealed draft. It must be awaited to its end.
async fn deliver(order: &Order, shelf: &Shelf, judgement: Judgement) -> Audited {
    let Judgement { verdict, text, deliverable } = judgement;
    let topic = order.settings.alert.sns_topic_arn.as_deref().filter(|_| order.alert);
    let delivery = deliver::deliver(shelf, &order.to, deliverable, topic, &order.settings.aws).await;
    Audited { verdict, text, delivery }
}

/// Collects AWS's side into a journal, page by page as it comes, and judges nothing.
///
/// # Errors
/// Where nothing could be collected, or the journal cannot be written.
pub async fn collect_journal(
    settings: &Settings,
    to: &Path,
    run_id: &str,
    clock: &Clock,
) -> Result<Collected, PipelineError> {
    let journal = saved::Journal::begin(to, &settings.aws.scope())?;
    let collected = collect::live(&settings.aws, run_id, Arc::clone(clock), journal.on_page()).await?;
    journal.finish(&collected)?;
    Ok(collected)
}

async fn collect(
    settings: &Settings,
    source: &Source,
    run_id: &str,
    clock: &Clock,
) -> Result<Collected, PipelineError> {
    match source {
        Source::Live => {
            let nothing = Box::new(|_: &Page| Ok(()));
            Ok(collect::live(&settings.aws, run_id, Arc::clone(clock), nothing).await?)
        }
        Source::Saved(path) => saved::read(path),
    }
}

/// The script of AWS CLI commands that collects what the settings ask for.
#[must_use]
pub fn collect_commands(settings: &Settings) -> String {
    collect::commands::script(&settings.aws)
}

/// Checks a store: its chain, its digests, and that every report follows from its inputs.
///
/// # Errors
/// For the first thing that is missing or was changed.
pub async fn verify(settings: &Settings, store: &Location) -> Result<Vec<Replayed>, PipelineError> {
    replay::replay(&open(settings, store).await?).await
}

/// The instant of the last run of a job, where there is one.
///
/// # Errors
/// Where the store cannot be read.
pub async fn last_run(settings: &Settings, to: &Location, job: &str) -> Result<Option<DateTime<Utc>>, PipelineError> {
    let package = package::earlier(&open(settings, to).await?, job).await?;
    Ok(package.map(|package| package.manifest.run.as_of()))
}

/// What was saved speaks about the time at which it was saved; what is collected now, about now.
fn instant_of(source: &Source, collected: &Collected, clock: &Clock) -> DateTime<Utc> {
    let saved = collected.snapshot.window.filter(|_| *source != Source::Live);
    saved.map_or_else(|| clock(), |window| window.to)
}

async fn open(settings: &Settings, to: &Location) -> Result<Shelf, PipelineError> {
    let session = async || crate::aws::session::connect(&settings.aws.sign_in()).await;
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

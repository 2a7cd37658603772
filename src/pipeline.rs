//! The order of the stages, and nothing else: read the lists, collect, compare, render, publish, alert ([`audit()`]).
//!
//! Here the world comes in: files, the network, the clock that collecting is given. What is decided in between is
//! decided by the stages.

mod adopt;
mod alert_dry_run;
mod alert_test;
mod as_of;
mod audit;
mod audited;
mod caller_access;
mod change_package;
mod closures;
mod collect_live;
mod collected;
mod deliver;
mod draft_folder;
mod due_run;
mod earlier_runs;
mod error;
mod evaluate;
mod explain;
mod job_status;
mod known_failures;
mod list_files;
mod lists;
mod lists_on_disk;
mod open_store;
mod order;
mod output_folders;
mod package_file;
mod package_inputs;
mod package_world;
mod panics;
pub mod plan;
pub(crate) mod regular_file;
mod report_failure;
mod report_link;
mod saved_answers;
mod send;
mod store_check;
mod tell_changes;
mod verify;
pub mod watch;

use chrono::{DateTime, Utc};

use crate::collect;
use crate::model::Rule;
use crate::render;
use crate::settings::Settings;
use crate::store::{Digest, Location, chain};

use open_store::open;

pub use crate::adopt::{Draft, LeftOut, Outcome, Reason};
pub use crate::collect::journal::not_resumed::NotResumed;
pub use crate::collect::permission_check::{Trial, Tried};
pub use crate::collect::{Clock, Progress};
pub use crate::expect::export_commands;
pub use crate::render::{ThingKind, Wanted};
pub use adopt::{
    Added, Addition, Adopted, Drafted, EarlierRun, Look, NotAdded, accept as adopt_finding, adopt, propose, waive,
};
pub use alert_dry_run::{DryRun, Planned, alert_dry_run};
pub use alert_test::{Tested, test_alerts};
pub use audit::audit;
pub use audited::Audited;
pub use caller_access::{Access, PassedOver, check as check_access, try_out as try_access};
pub use change_package::keep_record;
pub use collect_live::{GoesOn, Journaling, Watch, collect_into};
pub use deliver::{Alert, Delivery, NotPublished, Published};
pub use due_run::run as run_due;
pub use error::{PipelineError, for_log};
pub use explain::{ExplainAs, Explained, explain, schema as explain_schema};
pub use job_status::{JobStatus, status};
pub use known_failures::Failures;
pub use lists::{CheckedList, CheckedLists, Completeness, RefusedList, check as check_lists};
pub use order::{Order, Source};
pub use package_file::Replayed;
pub use report_failure::{tell_failed, tell_overdue, tell_refused};
pub use send::AlertError;
pub use store_check::{CheckedStore, StoreCheck, check as check_stores};
pub use tell_changes::tell_changes;
pub use verify::{Unlinked, Verified};

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
    verify::verify(&open(settings, store).await?, store, noted).await
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
    Ok(verify::acknowledge(&open(settings, store).await?, names, reason, now).await?)
}

/// The instant for which a job ran last, where it did.
///
/// # Errors
/// Where the store cannot be read.
pub async fn last_run(settings: &Settings, to: &Location, job: &str) -> Result<Option<DateTime<Utc>>, PipelineError> {
    let link = chain::last_run(&open(settings, to).await?, job).await?;
    Ok(link.map(|link| link.run.due().unwrap_or_else(|| link.run.as_of())))
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

//! Asking AWS, with a journal that an interrupted run can be gone on from.

use std::future::Future;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::collect::{self, Clock, CollectError, Collected, Names, OnProgress, Run, WalkError};
use crate::model::Scope;
use crate::render::Took;
use crate::settings::Settings;
use crate::store::Location;
use crate::wording;

use super::PipelineError;
use super::lists;
use super::order::Order;
use super::regular_file;
use crate::collect::journal::location;
use crate::collect::journal::not_resumed::NotResumed;
use crate::collect::journal::page::Page;
use crate::collect::journal::run_journal::{self, Journal};

/// Who looks on while a run asks AWS, and may end it.
pub struct Watch {
    /// What becomes of the answers.
    pub journaling: Journaling,
    /// Is told how far the run has come.
    pub on_progress: OnProgress,
    /// Ends the run, as long as it has published nothing.
    pub interrupted: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// What becomes of the answers while AWS is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Journaling {
    /// They are written down.
    New,
    /// The run goes on from the journal that is found where it would write its own.
    ResumeNewest,
    /// The run goes on from this journal.
    Resume(PathBuf),
}

/// A run that was done, and that could find out more if it went on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoesOn {
    /// The journal to go on from.
    pub journal: PathBuf,
    /// How many questions found nobody who could answer.
    pub unanswered: usize,
}

/// Where the answers lie while AWS is asked.
pub(super) enum At {
    /// In a file without a name: a run that is cut short is lost.
    Nowhere,
    /// In a journal that does not exist yet.
    New(PathBuf),
    /// In one that an earlier run left.
    Left(PathBuf),
    /// In a copy of one that was named and that no run left here: it stays as it is.
    Copy {
        /// What was named.
        from: PathBuf,
        /// The copy.
        to: PathBuf,
    },
    /// In that of a job's run, which goes on with what a process left that died or was stopped.
    OfJob(PathBuf),
}

impl At {
    pub(super) fn of(settings: &Settings, journaling: Journaling, run_id: &str) -> Result<Self, PipelineError> {
        let folder = folder(settings);
        let new = location::of_run(&folder, run_id);
        Ok(match journaling {
            Journaling::New => At::New(new),
            Journaling::ResumeNewest => At::Left(location::newest(&folder)?),
            Journaling::Resume(path) if location::is_of_a_run(&folder, &path) => At::Left(path),
            Journaling::Resume(from) => At::Copy { from, to: new },
        })
    }

    /// Where those of a job lie for the instant at which it is due. What it left at other times goes.
    pub(super) fn of_job(order: &Order, due: DateTime<Utc>) -> Self {
        let (folder, job) = (folder(&order.settings), order.job.as_deref().unwrap_or_default());
        let path = location::of_job(&folder, &order.to.to_string(), job, due);
        if let Err(error) = location::remove_others_of_job(&folder, &path) {
            tracing::warn!(%error, "cannot remove the journals of earlier runs of this job");
        }
        At::OfJob(path)
    }

    /// An error of a run whose answers lie here, with the journal to go on from if there is one.
    pub(super) fn left(&self, error: PipelineError) -> PipelineError {
        let path = match self {
            At::New(path) | At::Left(path) | At::Copy { to: path, .. } if path.exists() => path.clone(),
            At::Nowhere | At::New(_) | At::Left(_) | At::Copy { .. } | At::OfJob(_) => return error,
        };
        // Going on from it is just what cannot be done.
        if let PipelineError::Resume(_) | PipelineError::Collect(CollectError::Walk(WalkError::Another { .. })) = error
        {
            return error;
        }
        PipelineError::Unfinished { journal: path, source: Box::new(error) }
    }
}

/// Where journals lie.
fn folder(settings: &Settings) -> PathBuf {
    settings.collect.journals.as_ref().map_or_else(std::env::temp_dir, |path| settings.path(path))
}

/// Says what is ahead before AWS is asked: what the last run took, or else what has to be asked to know.
pub(super) fn predict(settings: &Settings, last: Option<Took>) {
    match last {
        Some(Took { calls, seconds }) => {
            let calls = wording::count(usize::try_from(calls).unwrap_or(usize::MAX), "call");
            tracing::info!("querying AWS: the last run took {calls} and {}", wording::seconds(seconds));
        }
        None if settings.aws.identity_center => tracing::info!(
            "querying AWS: first users, groups, accounts and permission sets, to learn how many calls are needed"
        ),
        None => {}
    }
}

/// Collects AWS's side into a file, and judges nothing: of the expected lists only the names are taken, to ask for
/// where users or groups are not listed. While the file grows, it lies beside its place, and so it does where going on
/// could find out more.
///
/// # Errors
/// Where nothing could be collected, or the file cannot be written.
pub async fn collect_into(
    settings: &Settings,
    expected: &Location,
    to: &Path,
    run_id: &str,
    clock: &Clock,
    watch: Watch,
) -> Result<(Collected, Option<GoesOn>), PipelineError> {
    let failed = |source| PipelineError::Write { path: to.to_owned(), source };
    let is_there = || failed(io::ErrorKind::AlreadyExists.into());
    let growing = to.with_extension("part.jsonl");
    for place in [to, &growing] {
        let failed = |source| PipelineError::Write { path: place.to_owned(), source };
        regular_file::or_nothing(place).map_err(failed)?;
    }
    let at = match watch.journaling {
        Journaling::Resume(path) if is_same(&path, to) => return Err(NotResumed::OntoItself { path }.into()),
        Journaling::Resume(path) if is_same(&path, &growing) => At::Left(growing),
        Journaling::ResumeNewest => At::Left(growing),
        Journaling::New | Journaling::Resume(_) if to.exists() => return Err(is_there()),
        Journaling::New | Journaling::Resume(_) if growing.exists() => {
            return Err(PipelineError::LeftBefore { path: growing });
        }
        Journaling::New => At::New(growing),
        Journaling::Resume(from) => At::Copy { from, to: growing },
    };
    // Only what the run left there that is gone on from is replaced.
    let replaces = match &at {
        At::Left(journal) if to.exists() && journal.exists() => {
            if !location::has_all_of(journal, to).map_err(failed)? {
                return Err(is_there());
            }
            true
        }
        At::Nowhere | At::New(_) | At::Left(_) | At::Copy { .. } | At::OfJob(_) => false,
    };
    predict(settings, None);
    let names = lists::names_at_hand(expected, settings, clock).await;
    let asked = or_interrupted(ask(settings, &names, &at, run_id, clock, watch.on_progress), watch.interrupted).await;
    let (collected, journal) = asked.map_err(|error| at.left(error))?;
    write(&collected, to, replaces).map_err(failed)?;
    let goes_on = settle(journal, collected.unanswered());
    Ok((collected, goes_on))
}

/// Whether two paths lead to one file.
fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// The file appears whole or not at all; only a run that goes on replaces what it left there.
fn write(collected: &Collected, to: &Path, replace: bool) -> io::Result<()> {
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    let mut out = BufWriter::new(&mut file);
    collected.write(&mut out)?;
    out.flush()?;
    drop(out);
    file.as_file().sync_all()?;
    regular_file::or_nothing(to)?;
    let put = if replace { file.persist(to) } else { file.persist_noclobber(to) };
    put.map(drop).map_err(|error| error.error)
}

/// The work's end, unless it is interrupted before.
pub(super) async fn or_interrupted<T>(
    work: impl Future<Output = Result<T, PipelineError>>,
    interrupted: impl Future<Output = ()>,
) -> Result<T, PipelineError> {
    tokio::select! {
        ended = work => ended,
        () = interrupted => Err(PipelineError::Interrupted),
    }
}

/// Takes the journal away, unless going on from it could find out more.
pub(super) fn settle(journal: Option<Journal>, unanswered: usize) -> Option<GoesOn> {
    let journal = journal?;
    if unanswered > 0 {
        return Some(GoesOn { journal: journal.path().to_owned(), unanswered });
    }
    if let Err(error) = journal.remove() {
        tracing::warn!(%error, "cannot remove the journal of this run");
    }
    None
}

/// The journal that a run writes to, and the pages that it goes on from: those of an interrupted run, where `at` says so
/// and they are not older than `within`.
fn open_journal(
    at: &At,
    scope: &Scope,
    run_id: &str,
    clock: &Clock,
    within: TimeDelta,
) -> Result<(Option<Journal>, Vec<Page>), PipelineError> {
    Ok(match at {
        At::Nowhere => (None, Vec::new()),
        At::New(path) => {
            let failed = |source| PipelineError::Write { path: path.clone(), source };
            (Some(Journal::begin(path, scope).map_err(failed)?), Vec::new())
        }
        At::Left(path) => {
            let (journal, earlier) = Journal::resume(path, scope, clock(), within)?;
            tracing::info!(pages = earlier.len(), "resuming from the journal of an interrupted run");
            (Some(journal), earlier)
        }
        At::Copy { from, to } => {
            let (journal, earlier) = Journal::resume_copy(from, to, scope, clock(), within)?;
            tracing::info!(pages = earlier.len(), "resuming from a copy of the journal");
            (Some(journal), earlier)
        }
        At::OfJob(path) => {
            let failed = |source| PipelineError::Write { path: path.clone(), source };
            let instead = path.with_extension(format!("{run_id}.jsonl"));
            let (journal, earlier) = Journal::go_on(path, &instead, scope, clock(), within).map_err(failed)?;
            (Some(journal), earlier)
        }
    })
}

/// Asks AWS for everything in scope, or for what an earlier run has not asked yet. `names` are looked up where users
/// and groups are not listed.
pub(super) async fn ask(
    settings: &Settings,
    names: &Names,
    at: &At,
    run_id: &str,
    clock: &Clock,
    on_progress: OnProgress,
) -> Result<(Collected, Option<Journal>), PipelineError> {
    let session = collect::connect(&settings.aws).await?;
    if let Some(passed_over) = session.passed_over() {
        tracing::warn!("querying AWS with {passed_over}");
    }
    let scope = collect::scope(&session, &settings.aws);
    let (journal, earlier) = open_journal(at, &scope, run_id, clock, settings.aws.resume_within.0)?;
    let on_page = journal.as_ref().map_or_else(run_journal::unnamed, |journal| Ok(journal.on_page()));
    let on_page = on_page.map_err(|error| CollectError::Walk(WalkError::Journal(error)))?;
    let run = Run { id: run_id.to_owned(), clock: Arc::clone(clock), earlier, on_page, on_progress };
    match collect::live(&session, &settings.aws, names, run).await {
        Ok(collected) => Ok((collected, journal)),
        // It is known only now that somebody else asked, or about something else: then this run begins anew.
        Err(CollectError::Walk(error @ WalkError::Another { .. })) if matches!(at, At::OfJob(_)) => {
            tracing::warn!(%error, "cannot resume from the journal that the job left");
            if let Some(left) = journal {
                let path = left.path().to_owned();
                left.remove().map_err(|source| PipelineError::Write { path, source })?;
            }
            Box::pin(ask(settings, names, at, run_id, clock, unwatched())).await
        }
        Err(error) => {
            // Settings that have to be mended first leave nothing that is worth going on from.
            if matches!(at, At::New(_) | At::Copy { .. } | At::OfJob(_))
                && !matches!(error, CollectError::Walk(WalkError::Journal(_)))
            {
                drop(journal.map(Journal::remove));
            }
            Err(error.into())
        }
    }
}

/// Takes no notice of progress.
pub(super) fn unwatched() -> OnProgress {
    Box::new(|_| ())
}

//! Journals that grow while AWS is asked: begun, gone on from, and taken away when what they hold lies elsewhere.

pub(crate) use super::owned_file::owned_folders;

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead, BufReader, Seek};
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

use super::lines;
use super::page::Page;
use super::payload::Lines;
use crate::collect::OnPage;
use crate::model::Scope;
use crate::store::Digest;

/// What an audit's journal is called, before the id of its run.
const NAMED: &str = "rollcall-journal-";
/// What that of a job's run is called, before what tells the job and the instant at which it is due.
const NAMED_OF_JOB: &str = "rollcall-job-";

/// Why an earlier run cannot be gone on from.
#[derive(Debug, thiserror::Error)]
pub enum NotResumed {
    /// There is no journal.
    #[error("there is no journal of an interrupted run in `{}`", folder.display())]
    NoJournal {
        /// Where one would be.
        folder: PathBuf,
    },
    /// It cannot be opened.
    #[error("cannot open the journal `{}`", path.display())]
    NotOpened {
        /// The journal.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Somebody else may have written what it says.
    #[error("the journal `{}` {why}, so what it says may be another user's", path.display())]
    NotOurs {
        /// The journal.
        path: PathBuf,
        /// What shows it.
        why: &'static str,
    },
    /// It lies elsewhere than where this run may write, and cannot be copied.
    #[error("cannot copy the journal `{}`", path.display())]
    NotCopied {
        /// The journal.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It cannot be understood.
    #[error("cannot read the journal `{}`", path.display())]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// Why.
        #[source]
        source: lines::JournalError,
    },
    /// The result is to take its place.
    #[error("the journal `{}` is also the file that the result is to go to", path.display())]
    OntoItself {
        /// The journal.
        path: PathBuf,
    },
    /// Somebody writes to it.
    #[error("another process writes to the journal `{}`", path.display())]
    Busy {
        /// The journal.
        path: PathBuf,
    },
    /// Its answers are too old to stand beside new ones.
    #[error("the journal `{}` begins {} before now, and `aws.resume_within` is {}", path.display(), told(*age), told(*within))]
    TooOld {
        /// The journal.
        path: PathBuf,
        /// How long ago its first answer came.
        age: TimeDelta,
        /// How long ago it may be.
        within: TimeDelta,
    },
    /// It was told to look at something else.
    #[error("the journal `{}` is of another scope: its {what} {before}, and this run's {now}", path.display())]
    OtherScope {
        /// The journal.
        path: PathBuf,
        /// The part of the scope.
        what: &'static str,
        /// What the journal says.
        before: String,
        /// What the settings say.
        now: String,
    },
}

impl NotResumed {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            NotResumed::NoJournal { .. } => "name the journal after `--resume`, or begin a new run without it",
            NotResumed::NotOpened { .. } | NotResumed::Damaged { .. } | NotResumed::TooOld { .. } => {
                "begin a new run without `--resume`"
            }
            NotResumed::NotOurs { .. } => {
                "begin a new run without `--resume`; or if you know that it is whole, make a copy that only you can write \
                 to, and name that"
            }
            NotResumed::NotCopied { .. } => "make room where journals lie (`collect.journals`), and run again",
            NotResumed::OntoItself { .. } => "name another file after `--to`",
            NotResumed::Busy { .. } => "wait until that run has ended",
            NotResumed::OtherScope { .. } => "use the same settings, or begin a new run without `--resume`",
        }
    }
}

/// In whole hours, below two of them in minutes, and below two of those in seconds.
fn told(age: TimeDelta) -> String {
    let (number, one) = match age.num_minutes() {
        ..2 => (age.num_seconds(), "second"),
        minutes @ ..120 => (minutes, "minute"),
        _ => (age.num_hours(), "hour"),
    };
    crate::wording::count(usize::try_from(number).unwrap_or(0), one)
}

/// A journal that grows with every page: what a run that is cut short has collected is not lost, and nobody takes it
/// for the whole.
pub(crate) struct Journal {
    path: PathBuf,
    lines: Lines,
}

impl Journal {
    /// Begins a journal, which must not exist yet.
    pub(crate) fn begin(path: &Path, scope: &Scope) -> io::Result<Self> {
        let lines = Lines::of(crate::collect::journal::owned_file::new(path)?);
        lines.put(|out| lines::begin(out, scope))?;
        Ok(Journal { path: path.to_owned(), lines })
    }

    /// Goes on with a journal, after its last whole line.
    pub(crate) fn resume(
        path: &Path,
        scope: &Scope,
        now: DateTime<Utc>,
        within: TimeDelta,
    ) -> Result<(Self, Vec<Page>), NotResumed> {
        let file = crate::collect::journal::owned_file::open(path, File::options().read(true).write(true))?;
        is_free(path, file.try_lock())?;
        Journal::of_left(path, file, path, scope, now, within)
    }

    /// Goes on with a copy of a journal, which itself stays as it is.
    pub(crate) fn resume_copy(
        from: &Path,
        path: &Path,
        scope: &Scope,
        now: DateTime<Utc>,
        within: TimeDelta,
    ) -> Result<(Self, Vec<Page>), NotResumed> {
        let mut left = crate::collect::journal::owned_file::open(from, File::options().read(true))?;
        is_free(from, left.try_lock_shared())?;
        let mut copied = || {
            let mut copy = crate::collect::journal::owned_file::new(path)?;
            io::copy(&mut left, &mut copy)?;
            copy.rewind()?;
            Ok(copy)
        };
        let copy = copied().map_err(|source| NotResumed::NotCopied { path: from.to_owned(), source })?;
        let resumed = Journal::of_left(path, copy, from, scope, now, within);
        if resumed.is_err() {
            drop(fs::remove_file(path));
        }
        resumed
    }

    /// Goes on with what a file holds; `named` is what an error calls it.
    fn of_left(
        path: &Path,
        file: File,
        named: &Path,
        scope: &Scope,
        now: DateTime<Utc>,
        within: TimeDelta,
    ) -> Result<(Self, Vec<Page>), NotResumed> {
        let not_opened = |source| NotResumed::NotOpened { path: named.to_owned(), source };
        let from_start = BufReader::new(file.try_clone().map_err(not_opened)?);
        let lines = Lines::of(file);
        let left = lines::read_left(from_start, &lines);
        let left = left.map_err(|source| NotResumed::Damaged { path: named.to_owned(), source })?;
        is_young(named, &left.pages, now, within)?;
        same_scope(named, &left.scope, scope)?;
        if left.torn {
            tracing::warn!("the last line of the journal was cut off; what it held is asked again");
        }
        lines.cut(left.whole).map_err(not_opened)?;
        Ok((Journal { path: path.to_owned(), lines }, left.pages))
    }

    /// Goes on with what a process left that died or was stopped, where that can be done; else begins anew in its
    /// place, or at `instead` where another user keeps that place taken.
    pub(crate) fn go_on(
        path: &Path,
        instead: &Path,
        scope: &Scope,
        now: DateTime<Utc>,
        within: TimeDelta,
    ) -> io::Result<(Self, Vec<Page>)> {
        match Journal::resume(path, scope, now, within) {
            Ok((journal, earlier)) => {
                tracing::info!(pages = earlier.len(), "going on with what the job left");
                return Ok((journal, earlier));
            }
            Err(NotResumed::NotOpened { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(
                    error = crate::pipeline::for_log(&error),
                    "the journal that the job left is not gone on from"
                );
                if fs::remove_file(path).is_err() {
                    return Ok((Journal::begin(instead, scope)?, Vec::new()));
                }
            }
        }
        Ok((Journal::begin(path, scope)?, Vec::new()))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes each page as it comes.
    pub(crate) fn on_page(&self) -> OnPage {
        to_end_of(self.lines.clone())
    }

    /// Takes it away.
    pub(crate) fn remove(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}

/// Takes each page as it comes, and leaves nothing behind: the system takes the file away.
pub(crate) fn unnamed() -> io::Result<OnPage> {
    tempfile::tempfile().map(|file| to_end_of(Lines::of(file)))
}

fn to_end_of(lines: Lines) -> OnPage {
    Box::new(move |page| lines::put(&lines, page))
}

fn is_free(path: &Path, locked: Result<(), TryLockError>) -> Result<(), NotResumed> {
    locked.map_err(|error| match error {
        TryLockError::WouldBlock => NotResumed::Busy { path: path.to_owned() },
        TryLockError::Error(source) => NotResumed::NotOpened { path: path.to_owned(), source },
    })
}

/// Whether a file is what the run of this journal left when AWS could not answer everything: a journal all of whose
/// pages it has.
pub(crate) fn has_all_of(journal: &Path, file: &Path) -> io::Result<bool> {
    let digests = |path: &Path| {
        let lines = BufReader::new(File::open(path)?).split(b'\n');
        lines.map(|line| line.map(|line| Digest::of(&line))).skip(1).collect::<io::Result<BTreeSet<Digest>>>()
    };
    let mut first = String::new();
    // What is no text is no journal.
    let is_journal = BufReader::new(File::open(file)?).read_line(&mut first).is_ok() && lines::begins(&first);
    Ok(is_journal && digests(file)?.is_subset(&digests(journal)?))
}

fn is_young(path: &Path, pages: &[Page], now: DateTime<Utc>, within: TimeDelta) -> Result<(), NotResumed> {
    let age = pages.iter().map(|page| now - page.started).max().unwrap_or_default();
    if age <= within {
        return Ok(());
    }
    Err(NotResumed::TooOld { path: path.to_owned(), age, within })
}

fn same_scope(path: &Path, before: &Scope, now: &Scope) -> Result<(), NotResumed> {
    let differs = |what, before: String, now: String| {
        if before == now {
            return Ok(());
        }
        Err(NotResumed::OtherScope { path: path.to_owned(), what, before, now })
    };
    let region = |scope: &Scope| scope.region.as_ref().map_or("is not said".to_owned(), |name| format!("is `{name}`"));
    let identity_center = |scope: &Scope| if scope.identity_center { "is read" } else { "is left out" }.to_owned();
    let iam = |scope: &Scope| {
        let word = match scope.iam {
            crate::model::IamScope::Nowhere => "is left out",
            crate::model::IamScope::CallerAccount => "is read in the caller's account",
            crate::model::IamScope::Organization => "is read in every active account",
        };
        word.to_owned()
    };
    let excluded = |scope: &Scope| {
        let accounts: Vec<String> = scope.excluded.iter().map(|(account, why)| format!("{account} ({why})")).collect();
        format!("are {}", if accounts.is_empty() { "none".to_owned() } else { accounts.join(", ") })
    };
    differs("region", region(before), region(now))?;
    differs("Identity Center", identity_center(before), identity_center(now))?;
    differs("IAM", iam(before), iam(now))?;
    differs("excluded accounts", excluded(before), excluded(now))
}

/// Where the journal of a run lies.
pub(crate) fn of_run(folder: &Path, run_id: &str) -> PathBuf {
    folder.join(format!("{NAMED}{run_id}.jsonl"))
}

/// Where the journal of a job's run lies: the same path after a restart, and another one for another instant, another
/// job, and a job of that name that leaves its packages elsewhere.
pub(crate) fn of_job(folder: &Path, store: &str, job: &str, due: DateTime<Utc>) -> PathBuf {
    let whose = Digest::of(format!("{store}\n{job}").as_bytes()).to_string();
    folder.join(format!("{NAMED_OF_JOB}{}-{}.jsonl", &whose[..16], due.format("%Y%m%dT%H%M%SZ")))
}

/// Whether a path is one of those above: what lies elsewhere, or is called otherwise, was not left by a run.
pub(crate) fn is_of_a_run(folder: &Path, path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_named = [NAMED, NAMED_OF_JOB].iter().any(|named| name.starts_with(named)) && name.ends_with(".jsonl");
    let at = path.parent().map(|parent| if parent.as_os_str().is_empty() { Path::new(".") } else { parent });
    let (at, folder) = (at.and_then(|at| at.canonicalize().ok()), folder.canonicalize().ok());
    is_named && at.is_some() && at == folder
}

/// Takes away what a job left at other times than that of this path, but not what some process still writes.
pub(crate) fn remove_others_of_job(folder: &Path, path: &Path) -> io::Result<()> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let of_job = name.rsplit_once('-').map_or(name, |(job, _)| job);
    for (_, other) in
        crate::collect::journal::owned_file::named(folder, of_job)?.into_iter().filter(|(_, other)| other != path)
    {
        if File::open(&other)?.try_lock().is_ok() {
            fs::remove_file(other)?;
        }
    }
    Ok(())
}

/// The journal in a folder that was last written to, of those that this user wrote: the folder may be everybody's.
pub(crate) fn newest(folder: &Path) -> Result<PathBuf, NotResumed> {
    let found = crate::collect::journal::owned_file::named(folder, NAMED)
        .map_err(|source| NotResumed::NotOpened { path: folder.to_owned(), source })?;
    let newest = found.into_iter().max();
    newest.map(|(_, path)| path).ok_or_else(|| NotResumed::NoJournal { folder: folder.to_owned() })
}

//! Journals that grow while AWS is asked: begun, gone on from, and taken away when what they hold lies elsewhere.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufReader, Seek};
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

use super::lines;
use super::not_resumed::NotResumed;
use super::owned_file;
use super::page::Page;
use super::payload::Lines;
use crate::collect::OnPage;
use crate::model::Scope;

/// A journal that grows with every page: what a run that is cut short has collected is not lost, and nobody takes it
/// for the whole.
pub(crate) struct Journal {
    path: PathBuf,
    lines: Lines,
}

impl Journal {
    /// Begins a journal, which must not exist yet.
    pub(crate) fn begin(path: &Path, scope: &Scope) -> io::Result<Self> {
        let lines = Lines::of(owned_file::new(path)?);
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
        let file = owned_file::open(path, File::options().read(true).write(true))?;
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
        let mut left = owned_file::open(from, File::options().read(true))?;
        is_free(from, left.try_lock_shared())?;
        let mut copied = || {
            let mut copy = owned_file::new(path)?;
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
            tracing::warn!("the last line of the journal is truncated; its query is repeated");
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
                tracing::info!(pages = earlier.len(), "resuming from what the job left");
                return Ok((journal, earlier));
            }
            Err(NotResumed::NotOpened { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(%error, "cannot resume from the journal that the job left"
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
    let region = |scope: &Scope| scope.region.as_ref().map_or("is not set".to_owned(), |name| format!("is `{name}`"));
    let identity_center = |scope: &Scope| if scope.identity_center { "is read" } else { "is not read" }.to_owned();
    let iam = |scope: &Scope| {
        let word = match scope.iam {
            crate::model::IamScope::Nowhere => "is not read",
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

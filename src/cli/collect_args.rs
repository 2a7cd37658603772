//! What the commands that ask AWS share: going on from an interrupted run, being interrupted, and showing progress.

use std::path::PathBuf;

use clap::Args;

use super::failure::{Level, tell};
use super::options::path;
use super::progress;
use crate::model::CrossCheck;
use crate::pipeline::{GoesOn, Journaling, Watch};

/// How AWS is asked.
#[derive(Debug, Args)]
pub(super) struct Live {
    /// Resume an interrupted run: from this journal, or from the one that it left in the default place of this command.
    #[arg(long, value_name = "JOURNAL", num_args = 0..=1, require_equals = false, value_parser = path)]
    resume: Option<Option<PathBuf>>,
    /// Cross-check memberships and assignments with a second query: `sample` (if no value is given), `all` or `none`.
    #[arg(
        long,
        value_name = "sample|all|none",
        env = "ROLLCALL_CROSS_CHECK",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "sample"
    )]
    cross_check: Option<CrossCheck>,
}

impl Live {
    /// How far AWS is to be asked by a second way, where it was said.
    pub(super) fn cross_check(&self) -> Option<CrossCheck> {
        self.cross_check
    }

    /// Whether an interrupted run is to be gone on from.
    pub(super) fn resumes(&self) -> bool {
        self.resume.is_some()
    }

    /// What a run is given to be watched by.
    pub(super) fn watch(&self) -> Watch {
        let journaling = match &self.resume {
            None => Journaling::New,
            Some(None) => Journaling::ResumeNewest,
            Some(Some(path)) => Journaling::Resume(path.clone()),
        };
        Watch { journaling, on_progress: progress::shown(), interrupted: Box::pin(interrupted()) }
    }
}

/// Waits for the interrupt key, or for SIGTERM as service managers and containers send it.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};

        let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
    #[cfg(not(unix))]
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

/// What AWS could not answer just then, and how to ask again.
#[derive(Debug, thiserror::Error)]
#[error("{} got no answer this time", crate::wording::count(.0.unanswered, "question"))]
struct Unanswered<'a>(&'a GoesOn);

/// Tells how to find out more.
pub(super) fn unanswered(goes_on: &GoesOn) {
    let help = format!(
        "fix the cause (an expired sign-in, the network), then run the same command with `--resume {}`: it asks only \
         these again",
        goes_on.journal.display()
    );
    tell(Level::Warning, &Unanswered(goes_on), Some(&help));
}

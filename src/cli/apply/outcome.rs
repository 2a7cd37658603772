//! How an apply ended, for the person who ran it.

use std::collections::BTreeSet;
use std::io::{self, Write};

use crate::apply::{How, Progress, Stopped, Surprise};
use crate::cli::failure::{Level, tell};
use crate::cli::options::shown;
use crate::cli::{Exit, Failure, print};
use crate::pipeline::plan::{PlanChangeId, PlanFile};
use crate::pipeline::{AlertError, PipelineError, Published};
use crate::wording;

/// How an apply ended.
pub(super) enum Ended {
    /// All changes are done.
    Done,
    /// A guard or a difference holds what is left.
    Held(Exit),
    /// What is left could not be judged, or may not be applied any more.
    Failed(Failure),
    /// It stopped at a change.
    Stopped(Box<Stopped>),
}

/// An apply that stopped.
#[derive(Debug, thiserror::Error)]
#[error("stopped at {at}: {what}")]
struct StoppedAt {
    at: PlanChangeId,
    what: String,
    #[source]
    why: Surprise,
}

/// A plan of which a part is applied, and the rest is held.
#[derive(Debug, thiserror::Error)]
#[error("the plan is applied in part; what is left is held")]
struct HeldInPart;

/// A plan of which a part is applied, and the rest cannot be.
#[derive(Debug, thiserror::Error)]
#[error("the plan is applied in part; what is left was not sent")]
struct FailedInPart;

/// What was done has no package.
#[derive(Debug, thiserror::Error)]
#[error("the package of these changes could not be written")]
struct NotKept(#[source] PipelineError);

/// Says where the package is, and what the command ends with.
pub(super) fn deliver_record(kept: Result<Option<Published>, PipelineError>, exit: Exit) -> Exit {
    let printed = match kept {
        Ok(None) => return exit,
        Ok(Some(Published { link, at })) => print(|out| {
            writeln!(out, "\nLink     {} {}", link.number, link.digest)?;
            writeln!(out, "Package  {}", shown(at.as_ref()))
        }),
        Err(error) => {
            let help =
                error.help().map(|help| format!("{help}; then run the same command again: it writes the package"));
            Err(Failure::new(Exit::NotDelivered, NotKept(error), help))
        }
    };
    match (printed, exit) {
        (Ok(_), exit) => exit,
        (Err(failure), exit) => {
            failure.tell();
            if exit == Exit::InOrder { Exit::NotDelivered } else { exit }
        }
    }
}

/// Says which channels were not told, and what the command ends with.
pub(super) fn deliver_messages(untold: Vec<AlertError>, exit: Exit) -> Exit {
    let is_told = untold.is_empty();
    for error in untold {
        let help = error.help().unwrap_or_else(|| "check the channel".to_owned());
        let help = format!("{help}; then run the same command again: it tells those that were not told");
        Failure::new(Exit::NotDelivered, error, Some(help)).tell();
    }
    if exit == Exit::InOrder && !is_told { Exit::NotDelivered } else { exit }
}

/// Prints what is done, and why it ended.
pub(super) fn deliver(
    plan: &PlanFile,
    except: &BTreeSet<PlanChangeId>,
    progress: &Progress,
    ended: Ended,
) -> Result<Exit, Failure> {
    if progress.has_changed() || matches!(ended, Ended::Done | Ended::Stopped(_)) {
        print(|out| list(plan, except, progress, out))?;
    }
    match ended {
        Ended::Done => Ok(done(progress)),
        Ended::Held(_) if progress.has_changed() => {
            let help = "see above what holds it; make a new plan for what is left, or lift what holds it and run the same \
                        command again";
            tell(Level::Error, &HeldInPart, Some(help));
            Ok(Exit::Stopped)
        }
        Ended::Held(exit) => Ok(exit),
        Ended::Failed(failure) if progress.has_changed() => {
            failure.tell();
            let help = "run the same command again where that can succeed; otherwise make a new plan for what is left";
            tell(Level::Error, &FailedInPart, Some(help));
            Ok(Exit::Stopped)
        }
        Ended::Failed(failure) => Err(failure),
        Ended::Stopped(stopped) => Ok(stopped_at(*stopped, progress)),
    }
}

fn done(progress: &Progress) -> Exit {
    let all_read = progress.open.is_empty() && progress.done.values().all(|how| *how != How::NotRead);
    if all_read { Exit::InOrder } else { Exit::Incomplete }
}

fn stopped_at(stopped: Stopped, progress: &Progress) -> Exit {
    let is_held = matches!(stopped.why, Surprise::Different(_) | Surprise::NoSteps(_) | Surprise::NotDisabled);
    let exit = match (progress.has_changed(), is_held) {
        (true, _) => Exit::Stopped,
        (false, true) => Exit::Findings,
        (false, false) => Exit::NoAudit,
    };
    let what = wording::change(&stopped.at.change);
    let help = "check in AWS what became of it, then run the same command again, which continues from here; or leave the \
                change out with `--except`";
    tell(Level::Error, &StoppedAt { at: stopped.at.id, what, why: stopped.why }, Some(help));
    exit
}

/// Every change with what is known of it; one that is left out only where it was begun.
fn list(plan: &PlanFile, except: &BTreeSet<PlanChangeId>, progress: &Progress, out: &mut dyn Write) -> io::Result<()> {
    match &progress.operator {
        Some(operator) => writeln!(out, "\nApplied by {}", wording::visible(operator))?,
        None => writeln!(out)?,
    }
    for planned in &plan.changes {
        let state = match progress.done.get(&planned.id) {
            Some(How::Seen) => "done, and seen",
            Some(How::AnswerLost) => "done, and seen; AWS's answer was lost",
            Some(How::WasGone) => "was gone already",
            Some(How::NotRead) => "done as AWS says; could not be read afterwards",
            None if progress.open.contains(&planned.id) => "begun, and not known to be done",
            None if except.contains(&planned.id) => continue,
            None => "not done",
        };
        writeln!(out, "  {}  {state}: {}", planned.id, wording::change(&planned.change))?;
        if let Some(file) = progress.passwords.get(&planned.id) {
            let file = file.display().to_string();
            writeln!(out, "      the console password is in {}", wording::visible(&file))?;
        }
    }
    Ok(())
}

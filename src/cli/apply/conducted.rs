//! What became of a plan that was applied, for whoever applied it.

use std::collections::BTreeSet;

use crate::cli::failure::{Level, tell};
use crate::cli::{Exit, Failure, print};
use crate::conduct::{Conducted, How, Stopped, Surprise};
use crate::pipeline::plan::{PlanChangeId, PlanFile};
use crate::wording;

/// An apply that stopped before its end.
#[derive(Debug, thiserror::Error)]
#[error("stopped at {at}: {what}")]
struct StoppedAt {
    at: PlanChangeId,
    what: String,
    #[source]
    why: Surprise,
}

/// Prints what was done, and says where it stopped.
pub(super) fn deliver(plan: &PlanFile, except: &BTreeSet<PlanChangeId>, conducted: Conducted) -> Result<Exit, Failure> {
    print(|out| {
        writeln!(out, "\nApplied by {}", wording::visible(&conducted.operator))?;
        for planned in plan.changes.iter().filter(|planned| !except.contains(&planned.id)) {
            let how = match conducted.done.get(&planned.id) {
                Some(How::Seen) => "done, and seen",
                Some(How::AnswerLost) => "done, and seen; AWS's answer was lost",
                Some(How::WasGone) => "was gone already",
                Some(How::NotRead) => "done, and could not be read afterwards",
                None => "not done",
            };
            writeln!(out, "  {}  {how}: {}", planned.id, wording::change(&planned.change))?;
        }
        Ok(())
    })?;
    let all_read = conducted.done.values().all(|how| *how != How::NotRead);
    let exit = match &conducted.stopped {
        Some(_) if conducted.changed => Exit::Stopped,
        // Nothing was changed: a difference held it, or it could not be done at all.
        Some(Stopped { why: Surprise::Different(_) | Surprise::NoSteps(_), .. }) => Exit::Findings,
        Some(_) => Exit::NoAudit,
        None if all_read => Exit::InOrder,
        None => Exit::Incomplete,
    };
    if let Some(stopped) = conducted.stopped {
        let what = wording::change(&stopped.at.change);
        let help = "look at what it is about, then run the same command again, which goes on from here; or leave the change \
                    out with `--except`";
        tell(Level::Error, &StoppedAt { at: stopped.at.id, what, why: stopped.why }, Some(help));
    }
    Ok(exit)
}

//! What applying a plan would come to, for a terminal.

use std::io;

use super::headline;
use super::text::{facts, held};
use crate::change::{Difference, Digest, Guard, Plan, order};
use crate::render::text::{BAD, FAINT, GOOD, PLAIN, Page, STRONG, WARN};
use crate::wording::{self, count};

/// A plan that was judged again.
#[derive(Debug, Clone, Copy)]
pub struct Again<'a> {
    /// The plan with what is seen, foreseen and held now.
    pub now: &'a Plan,
    /// The digest of its file.
    pub digest: &'a Digest,
    /// What is not as the plan saw it.
    pub differences: &'a [Difference],
    /// The guards that the command lets pass.
    pub passed: &'a [Guard],
    /// What to do next, where nothing follows.
    pub closing: Option<&'a str>,
}

/// Writes what applying a plan would come to, for a terminal of so many columns, with ANSI colours.
///
/// # Errors
/// Where `out` does.
pub fn dry_run(again: Again<'_>, columns: Option<usize>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page::of(columns, out);
    let Again { now: plan, digest, differences, passed, closing } = again;
    let (tone, verdict) = verdict(again);
    page.lines(tone, "", "", &format!("{verdict} ({})", headline(plan)))?;
    facts(plan, digest, &mut page)?;
    changes(plan, &mut page)?;
    if !differences.is_empty() {
        page.title(&format!("Changed since the plan was made: {}", count(differences.len(), "difference")))?;
    }
    for difference in differences {
        page.lines(WARN, "  - ", "    ", &wording::difference(difference))?;
    }
    // What was taken away by an earlier apply of the plan counts as well.
    let removals = plan.foreseen.removals();
    held(plan, removals, &mut page)?;
    if !passed.is_empty() {
        page.title(&format!("Overridden by this command: {}", count(passed.len(), "guard")))?;
    }
    for guard in passed {
        page.lines(PLAIN, "  - ", "    ", &wording::guard(guard))?;
        page.lines(FAINT, "    ", "    ", &format!("by {}", wording::way_through(guard, removals)))?;
    }
    let Some(closing) = closing else { return Ok(()) };
    page.title("Nothing was changed: this is a dry run")?;
    if differences.is_empty() && !plan.changes.is_empty() {
        page.lines(PLAIN, "  ", "  ", closing)?;
    }
    Ok(())
}

fn verdict(again: Again<'_>) -> (anstyle::Style, &'static str) {
    match (again.now.changes.is_empty(), again.differences.is_empty(), again.now.held.is_empty()) {
        (true, true, true) => (PLAIN, "There is nothing to apply"),
        (_, false, _) => (BAD, "This plan cannot be applied: AWS has changed since it was made"),
        (_, true, false) => (WARN, "This plan is blocked"),
        (false, true, true) => (GOOD, "This plan could be applied"),
    }
}

fn changes(plan: &Plan, page: &mut Page<'_>) -> io::Result<()> {
    if plan.changes.is_empty() {
        return Ok(());
    }
    page.title("Changes, in order of execution")?;
    let wide = plan.changes.iter().map(|planned| planned.id.0.len()).max().unwrap_or_default();
    let below = " ".repeat(wide + 4);
    for planned in order(&plan.changes) {
        let style = if planned.change.kind().is_removal() { BAD } else { STRONG };
        page.lines(style, &format!("  {:<wide$}  ", planned.id.0), &below, &wording::change(&planned.change))?;
        for (number, call) in wording::calls(planned).iter().enumerate() {
            let first = format!("{below}{}. ", number + 1);
            page.lines(FAINT, &first, &" ".repeat(first.len()), call)?;
        }
    }
    Ok(())
}

//! A plan for a terminal.

use std::io;

use super::{foreseen, headline, removals};
use crate::change::{Digest, Plan, order};
use crate::render::text::{BAD, FAINT, GOOD, PLAIN, Page, STRONG, WARN};
use crate::wording::{self, count, instant, phrase, visible};

/// Writes a plan for a terminal of so many columns, with ANSI colours. The digest is that of its file.
///
/// # Errors
/// Where `out` does.
pub fn text(plan: &Plan, digest: &Digest, columns: Option<usize>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page::of(columns, out);
    let tone = match (plan.changes.is_empty(), plan.held.is_empty()) {
        (_, false) => WARN,
        (true, true) => PLAIN,
        (false, true) => GOOD,
    };
    page.lines(tone, "", "", &headline(plan))?;
    facts(plan, digest, &mut page)?;
    changes(plan, &mut page)?;
    held(plan, removals(plan), &mut page)?;
    left_out(plan, &mut page)
}

pub(super) fn facts(plan: &Plan, digest: &Digest, page: &mut Page<'_>) -> io::Result<()> {
    let mut fact = |label: &str, value: &str| page.lines(PLAIN, &format!("  {label:<10}"), &" ".repeat(12), value);
    fact("Digest", &digest.short())?;
    let by = plan.made.by.as_deref().map_or_else(|| "an unknown caller".to_owned(), |by| format!("`{}`", visible(by)));
    fact("Made", &format!("{}, by {by}", instant(plan.made.at)))?;
    fact("Expires", &instant(plan.expires))?;
    let place = &plan.place;
    let parts = [("organization", &place.organization), ("identity store", &place.identity_store)];
    let parts = parts.into_iter().filter_map(|(what, id)| id.as_ref().map(|id| format!("{what} `{}`", visible(id))));
    let endpoint = place
        .endpoint
        .as_ref()
        .map(|endpoint| format!("only at the endpoint `{}`, which is not AWS", visible(endpoint)));
    let parts: Vec<String> = parts.chain(endpoint).collect();
    if !parts.is_empty() {
        fact("For", &parts.join(", "))?;
    }
    fact("AWS data", &instant(plan.basis.as_of))?;
    if !plan.changes.is_empty() {
        fact("Predicted", &foreseen(plan))?;
    }
    Ok(())
}

fn changes(plan: &Plan, page: &mut Page<'_>) -> io::Result<()> {
    if plan.changes.is_empty() {
        return Ok(());
    }
    page.title("Changes, in order of execution")?;
    let wide = plan.changes.iter().map(|planned| planned.id.0.len()).max().unwrap_or_default();
    let below = " ".repeat(wide + 4);
    for planned in order(&plan.changes) {
        let kind = planned.change.kind();
        let style = if kind.is_removal() { BAD } else { STRONG };
        let first = format!("  {:<wide$}  ", planned.id.0);
        page.lines(style, &first, &below, &wording::change(&planned.change))?;
        page.lines(PLAIN, &below, &below, &phrase(&planned.why))?;
        let mut notes = vec![format!("undo: {}", wording::undo(kind))];
        if !planned.findings.is_empty() {
            let findings: Vec<String> = planned.findings.iter().map(|id| visible(id).into_owned()).collect();
            notes.push(format!("finding {}", findings.join(", ")));
        }
        if !planned.after.is_empty() {
            let after: Vec<String> = planned.after.iter().map(ToString::to_string).collect();
            notes.push(format!("after {}", after.join(", ")));
        }
        page.lines(FAINT, &below, &below, &notes.join(" · "))?;
    }
    Ok(())
}

/// What holds a plan that takes so much away.
pub(super) fn held(plan: &Plan, removals: usize, page: &mut Page<'_>) -> io::Result<()> {
    if plan.held.is_empty() {
        return Ok(());
    }
    page.title(&format!("Blocked by {}", count(plan.held.len(), "guard")))?;
    for guard in &plan.held {
        page.lines(WARN, "  - ", "    ", &wording::guard(guard))?;
        page.lines(FAINT, "    ", "    ", &format!("override: {}", wording::way_through(guard, removals)))?;
    }
    Ok(())
}

fn left_out(plan: &Plan, page: &mut Page<'_>) -> io::Result<()> {
    if plan.left_out.is_empty() {
        return Ok(());
    }
    page.title(&format!("Not in the plan: {}", plan.left_out.len()))?;
    for left in &plan.left_out {
        let id = left.finding.as_ref().map(|id| format!(" ({})", visible(id))).unwrap_or_default();
        page.lines(PLAIN, "  - ", "    ", &format!("{}{id}", phrase(&left.what)))?;
        page.lines(FAINT, "    ", "    ", &phrase(&left.because))?;
    }
    Ok(())
}

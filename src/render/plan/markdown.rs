//! A plan for a pull request, in GitHub's Markdown. Whatever a plan holds may have been written by anybody: outside of
//! code nothing of it is markup, a mention or a link.

use std::io;

use super::{foreseen, headline, removals};
use crate::change::{Digest, Plan, order};
use crate::wording::{self, count, instant, phrase, visible};

/// Writes a plan in Markdown. The digest is that of its file.
///
/// # Errors
/// Where `out` does.
pub fn markdown(plan: &Plan, digest: &Digest, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "## Rollcall plan: {}\n", plain(&headline(plan)))?;
    writeln!(out, "- Digest: `{}`", digest.short())?;
    let by = plan.made.by.as_deref().map_or_else(|| "an unknown caller".to_owned(), |by| format!("`{}`", visible(by)));
    writeln!(out, "- Made: {}, by {}", instant(plan.made.at), plain(&by))?;
    writeln!(out, "- Expires: {}", instant(plan.expires))?;
    if let Some(endpoint) = &plan.place.endpoint {
        writeln!(out, "- For the endpoint {} only, which is not AWS", plain(&format!("`{}`", visible(endpoint))))?;
    }
    if !plan.changes.is_empty() {
        writeln!(out, "- Predicted: {}", plain(&foreseen(plan)))?;
        writeln!(out, "\n### Changes, in order of execution\n")?;
    }
    for planned in order(&plan.changes) {
        let kind = planned.change.kind();
        let mark = if kind.is_removal() { "➖" } else { "➕" };
        writeln!(out, "- {mark} **{}** {}", planned.id, plain(&wording::change(&planned.change)))?;
        writeln!(out, "  - {}", plain(&phrase(&planned.why)))?;
        let mut notes = vec![format!("undo: {}", wording::undo(kind))];
        notes.extend(planned.findings.iter().map(|id| format!("finding `{}`", visible(id))));
        notes.extend(planned.after.iter().map(|id| format!("after {id}")));
        writeln!(out, "  - {}", plain(&notes.join(", ")))?;
    }
    if !plan.held.is_empty() {
        writeln!(out, "\n### Blocked by {}\n", count(plan.held.len(), "guard"))?;
    }
    for guard in &plan.held {
        writeln!(out, "- {}", plain(&wording::guard(guard)))?;
        writeln!(out, "  - Override: {}", plain(&wording::way_through(guard, removals(plan))))?;
    }
    if !plan.left_out.is_empty() {
        writeln!(out, "\n### Not in the plan: {}\n", plan.left_out.len())?;
    }
    for left in &plan.left_out {
        writeln!(out, "- {}", plain(&phrase(&left.what)))?;
        writeln!(out, "  - {}", plain(&phrase(&left.because)))?;
    }
    Ok(())
}

/// A sentence in which only what stands in backticks is markup.
fn plain(sentence: &str) -> String {
    let mut text = String::with_capacity(sentence.len() + 16);
    let mut rest = sentence;
    while let Some((before, code, after)) = next_code(rest) {
        escape(before, &mut text);
        text.push('`');
        text.push_str(code);
        text.push('`');
        rest = after;
    }
    escape(rest, &mut text);
    text
}

/// What stands before the first pair of backticks, in it, and behind it.
fn next_code(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (code, after) = rest.split_once('`')?;
    (!code.is_empty()).then_some((before, code, after))
}

/// Text that is neither markup nor, by GitHub's own rules, a mention, a reference or a link: those break at a comment.
fn escape(text: &str, to: &mut String) {
    const BREAK: &str = "<!-- -->";
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '|' | '~' | '!' | '&' => {
                to.push('\\');
                to.push(character);
            }
            '@' | '#' => {
                to.push_str(BREAK);
                to.push(character);
                to.push_str(BREAK);
            }
            ':' | '.' => {
                to.push(character);
                let joins =
                    to.ends_with("www.") || to.ends_with("http:") || to.ends_with("https:") || to.ends_with("ftp:");
                if joins {
                    to.push_str(BREAK);
                }
            }
            _ => to.push(character),
        }
    }
}

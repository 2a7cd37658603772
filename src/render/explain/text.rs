//! An explanation for a terminal.

use std::io;

use anstyle::Style;

use super::Explanation;
use super::schema::{ByGroup, Grant};
use crate::render::text::{BAD, FAINT, PLAIN, Page, STRONG, WARN};
use crate::wording::{count, instant, visible};

/// Gaps that are listed before the rest is only counted.
const LISTED: usize = 20;

/// Writes an explanation for a terminal of so many columns, with ANSI colours.
///
/// # Errors
/// Where `out` does.
pub fn explain_text(explanation: &Explanation, columns: Option<usize>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page::of(columns, out);
    who(explanation, &mut page)?;
    has(explanation, &mut page)?;
    list("Expected but missing", &explanation.missing, &mut page)?;
    if !explanation.iam_users.is_empty() {
        page.title("Owned IAM users")?;
    }
    for owned in &explanation.iam_users {
        grant("  ", &owned.user, &mut page)?;
        owned.policies.iter().try_for_each(|policy| grant("    ", policy, &mut page))?;
    }
    findings(explanation, &mut page)?;
    gaps(explanation, &mut page)
}

fn who(explanation: &Explanation, page: &mut Page<'_>) -> io::Result<()> {
    page.lines(STRONG, "", "", &visible(&explanation.name))?;
    let mut fact = |label: &str, value: &str| page.lines(PLAIN, &format!("  {label:<17}"), &" ".repeat(19), value);
    match &explanation.identity_center {
        Some(found) => {
            fact("Identity Center", &format!("`{}`, {}", visible(&found.user_name), found.status))?;
            let why = found.user.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            fact("", &format!("{}{why}", found.user.standing))?;
        }
        None => fact("Identity Center", "no user matches this person")?,
    }
    match &explanation.directory {
        Some(found) => {
            let by = found.matched_by.map(|by| format!(", matched by {by}")).unwrap_or_default();
            fact("Lists", &format!("`{}` says that the person {}{by}", found.row, found.employment))?;
            let others = found.statements.iter().filter(|said| said.row != found.row);
            others
                .into_iter()
                .try_for_each(|said| fact("", &format!("`{}` says that the person {}", said.row, said.employment)))?;
        }
        None => fact("Lists", "no person matches this user")?,
    }
    match &explanation.earlier_run {
        Some(earlier) => fact("Earlier run", &format!("{} (`{}`)", instant(earlier.as_of), visible(&earlier.run_id))),
        None => fact("Earlier run", "none was found, so what only an earlier run knew is not taken into account"),
    }
}

fn has(explanation: &Explanation, page: &mut Page<'_>) -> io::Result<()> {
    let by_groups: usize = explanation.groups.iter().map(|by| by.grants.len()).sum();
    let grants = count(by_groups + explanation.direct.len(), "grant");
    page.title(&format!("Access: {}, in {}", grants, count(explanation.groups.len(), "group")))?;
    for ByGroup { by_directory_groups, membership, grants, .. } in &explanation.groups {
        grant("  ", membership, page)?;
        if !by_directory_groups.is_empty() {
            let path: Vec<String> = by_directory_groups.iter().map(|group| format!("`{}`", visible(group))).collect();
            page.lines(FAINT, "    ", "    ", &format!("through directory group {}", path.join(", in ")))?;
        }
        grants.iter().try_for_each(|given| grant("    ", given, page))?;
    }
    explanation.direct.iter().try_for_each(|given| grant("  ", given, page))
}

fn list(title: &str, grants: &[Grant], page: &mut Page<'_>) -> io::Result<()> {
    if grants.is_empty() {
        return Ok(());
    }
    page.title(title)?;
    grants.iter().try_for_each(|due| grant("  ", due, page))
}

fn grant(indent: &str, grant: &Grant, page: &mut Page<'_>) -> io::Result<()> {
    let style: Style = match grant.standing {
        "unintended" | "missing" => BAD,
        "unknown" => WARN,
        _ => PLAIN,
    };
    page.lines(style, &format!("{indent}- "), &format!("{indent}  "), &grant.what)?;
    let why = grant.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    let findings = grant.findings.iter().map(|id| format!(" · finding {id}")).collect::<String>();
    let below = format!("{indent}  ");
    page.lines(FAINT, &below, &below, &format!("{}{why}{findings}", grant.standing))
}

fn findings(explanation: &Explanation, page: &mut Page<'_>) -> io::Result<()> {
    if explanation.findings.is_empty() {
        return Ok(());
    }
    page.title(&format!("Part of {}", count(explanation.findings.len(), "finding")))?;
    for found in &explanation.findings {
        page.lines(PLAIN, "  - ", "    ", &found.title)?;
        let state = if found.state == "waived" { ", waived" } else { "" };
        page.lines(
            FAINT,
            "    ",
            "    ",
            &format!("{} {} ({}{state})", found.rule, found.fingerprint, found.severity),
        )?;
    }
    Ok(())
}

fn gaps(explanation: &Explanation, page: &mut Page<'_>) -> io::Result<()> {
    if explanation.gaps.is_empty() {
        return Ok(());
    }
    page.title(&format!("Could not be read, so there may be more: {}", count(explanation.gaps.len(), "gap")))?;
    explanation.gaps.iter().take(LISTED).try_for_each(|gap| page.lines(PLAIN, "  - ", "    ", gap))?;
    match explanation.gaps.len().saturating_sub(LISTED) {
        0 => Ok(()),
        more => page.lines(STRONG, "  ", "  ", &format!("{} more", count(more, "gap"))),
    }
}

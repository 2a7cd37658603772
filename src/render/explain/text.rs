//! An explanation for a terminal.

use std::io;

use anstyle::Style;

use super::Explanation;
use super::schema::{ByGroup, EarlierRun, Grant, JsonFinding, PersonExplanation, Section, ThingExplanation};
use crate::render::text::{BAD, FAINT, PLAIN, Page, STRONG, WARN};
use crate::wording::{count, instant, phrase, thousands, visible};

/// Gaps that are listed before the rest is only counted.
const LISTED: usize = 20;

/// Members, grants and so on of a thing that are listed before the rest is only counted.
const HELD: usize = 500;

/// Writes an explanation for a terminal of so many columns, with ANSI colours.
///
/// # Errors
/// Where `out` does.
pub fn explain_text(explanation: &Explanation, columns: Option<usize>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page::of(columns, out);
    match explanation {
        Explanation::Person(person) => of_person(person, &mut page),
        Explanation::Thing(thing) => of_thing(thing, &mut page),
    }
}

fn of_thing(thing: &ThingExplanation, page: &mut Page<'_>) -> io::Result<()> {
    page.lines(STRONG, "", "", &visible(&thing.name))?;
    let mut fact = |label: &str, value: &str| page.lines(PLAIN, &format!("  {label:<17}"), &" ".repeat(19), value);
    fact(kind(thing.kind), &format!("`{}`", visible(&thing.id)))?;
    if let Some(id) = &thing.account_id {
        let name = thing.account_name.as_ref().map(|name| format!("`{}` ({id})", visible(name)));
        fact("Account", &name.unwrap_or_else(|| id.clone()))?;
    }
    if let Some(owner) = &thing.owner {
        fact("Owner", &format!("`{}`", visible(owner)))?;
    }
    if let Some(word) = thing.administrative {
        let by = thing.administrative_by.as_ref().map(|by| format!(": {}", phrase(by))).unwrap_or_default();
        fact("Administrative", &format!("{word}{by}"))?;
    }
    if let Some(itself) = &thing.itself {
        let why = itself.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        fact("Standing", &format!("{}{why}", itself.standing))?;
    }
    earlier(thing.earlier_run.as_ref(), &mut fact)?;
    for Section { name, grants } in &thing.sections {
        page.title(&format!("{}: {}", section(name), grants.len()))?;
        grants.iter().take(HELD).try_for_each(|held| grant("  ", held, page))?;
        if let Some(more @ 1..) = grants.len().checked_sub(HELD) {
            page.lines(STRONG, "  ", "  ", &format!("{} more (`--format json` has all)", thousands(more as u64)))?;
        }
    }
    if thing.sections.is_empty() {
        page.title("Nothing belongs to it")?;
    }
    findings(&thing.findings, page)?;
    gaps(&thing.gaps, page)
}

fn kind(word: &str) -> &'static str {
    match word {
        "group" => "Group",
        "iam-user" => "IAM user",
        "permission-set" => "Permission set",
        _ => "Account",
    }
}

fn section(name: &str) -> &'static str {
    match name {
        "members" => "Members",
        "grants" => "Access of the members",
        "assignments" => "Assignments",
        "entitlements" => "Entitlements to IAM roles",
        "iam-users" => "IAM users and their policies",
        "policies" => "Policies",
        "trusts" => "External trusts",
        "root" => "Root user",
        _ => "Expected but missing",
    }
}

fn of_person(explanation: &PersonExplanation, page: &mut Page<'_>) -> io::Result<()> {
    who(explanation, page)?;
    has(explanation, page)?;
    list("Expected but missing", &explanation.missing, page)?;
    if !explanation.iam_users.is_empty() {
        page.title("Owned IAM users")?;
    }
    for owned in &explanation.iam_users {
        grant("  ", &owned.user, page)?;
        owned.policies.iter().try_for_each(|policy| grant("    ", policy, page))?;
    }
    findings(&explanation.findings, page)?;
    gaps(&explanation.gaps, page)
}

fn who(explanation: &PersonExplanation, page: &mut Page<'_>) -> io::Result<()> {
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
    earlier(explanation.earlier_run.as_ref(), &mut fact)
}

fn earlier(earlier: Option<&EarlierRun>, fact: &mut impl FnMut(&str, &str) -> io::Result<()>) -> io::Result<()> {
    match earlier {
        Some(earlier) => fact("Earlier run", &format!("{} (`{}`)", instant(earlier.as_of), visible(&earlier.run_id))),
        None => fact("Earlier run", "none was found, so what only an earlier run knew is not taken into account"),
    }
}

fn has(explanation: &PersonExplanation, page: &mut Page<'_>) -> io::Result<()> {
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

fn findings(findings: &[JsonFinding], page: &mut Page<'_>) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    page.title(&format!("Part of {}", count(findings.len(), "finding")))?;
    for found in findings {
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

fn gaps(gaps: &[String], page: &mut Page<'_>) -> io::Result<()> {
    if gaps.is_empty() {
        return Ok(());
    }
    page.title(&format!("Could not be read, so there may be more: {}", count(gaps.len(), "gap")))?;
    gaps.iter().take(LISTED).try_for_each(|gap| page.lines(PLAIN, "  - ", "    ", gap))?;
    match gaps.len().saturating_sub(LISTED) {
        0 => Ok(()),
        more => page.lines(STRONG, "  ", "  ", &format!("{} more", count(more, "gap"))),
    }
}

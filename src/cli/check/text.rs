//! What was checked, for a person. Files that cannot be relied on are told as errors, apart from it.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::Checked;
use crate::cli::failure::NO_CHANNEL;
use crate::model::{Expectation, ExpectedFile, Extent, Refusal, Why};
use crate::pipeline::{Access, CheckedList, CheckedStore, Completeness};
use crate::settings::Alerts;
use crate::wording::{self, phrase, visible};

pub(super) fn write(checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
    if checked.lists.lists.is_empty() && checked.lists.refused.is_empty() {
        writeln!(out, "no expected list in {}", visible(&checked.at.to_string()))?;
        writeln!(out, "  an audit will be an inventory and assess nothing; `rollcall adopt` drafts the lists")?;
    }
    checked.lists.lists.iter().try_for_each(|list| tell_list(out, list))?;
    tell_skipped(out, &checked.lists.skipped)?;
    tell_gaps(out, &checked.lists.expectation)?;
    tell_jobs(out, checked)?;
    checked.access.iter().try_for_each(|access| tell_access(out, access))?;
    checked.stores.iter().try_for_each(|store| tell_store(out, store))
}

/// A place about which there is something to say. One that cannot be used is told as an error, apart from this.
fn tell_store(out: &mut dyn Write, store: &CheckedStore) -> io::Result<()> {
    let strays = store.strays.among.iter().map(|name| ("neither link nor package", name));
    let strays: Vec<_> = strays.chain(store.strays.replaced.iter().map(|name| ("no folder", name))).collect();
    if strays.is_empty() && store.tried.is_none() && store.error.is_none() {
        return Ok(());
    }
    writeln!(out, "store `{}`", visible(&store.at.to_string()))?;
    if let Some(object) = &store.tried {
        writeln!(out, "  writes and lists objects, and does not overwrite them; the test object `{object}` stays")?;
    }
    if store.error.is_some() {
        writeln!(out, "  cannot be used")?;
    }
    strays.iter().take(TOLD).try_for_each(|(what, name)| writeln!(out, "  {what}: `{}`", visible(name)))?;
    match strays.len().saturating_sub(TOLD) {
        0 => Ok(()),
        more => writeln!(out, "  and {} more, in `--format json`", wording::thousands(more as u64)),
    }
}

fn tell_list(out: &mut dyn Write, list: &CheckedList) -> io::Result<()> {
    let CheckedList { file, completeness, refused } = list;
    writeln!(out, "{}", visible(&file.name))?;
    writeln!(out, "  {}, {}", wording::list_format(file.format), file.encoding)?;
    writeln!(out, "  {}", rows(file))?;
    if let Some(exported) = file.exported.filter(|_| file.ages) {
        writeln!(out, "  exported {} ({})", wording::instant(exported.at), wording::clock_words(exported.known_by))?;
    }
    if let Completeness::Partial { because } = completeness {
        because.iter().try_for_each(|reason| writeln!(out, "  incomplete: {}", phrase(reason)))?;
    }
    file.notes.iter().try_for_each(|note| writeln!(out, "  note: {}", phrase(note)))?;
    refused
        .iter()
        .try_for_each(|Refusal { row, reason, .. }| writeln!(out, "  line {}: refused: {}", row.line, phrase(reason)))
}

/// What was not looked at.
fn tell_skipped(out: &mut dyn Write, skipped: &[String]) -> io::Result<()> {
    if skipped.is_empty() {
        return Ok(());
    }
    let first: Vec<String> = skipped.iter().take(TOLD).map(|name| format!("`{}`", visible(name))).collect();
    let more = skipped.len() - first.len();
    let rest = if more > 0 { format!(" and {} more", wording::thousands(more as u64)) } else { String::new() };
    writeln!(out, "not read, because hidden or documentation (`*.md`)\n  {}{rest}", first.join(", "))
}

fn rows(file: &ExpectedFile) -> String {
    let number = |number: u32| wording::thousands(u64::from(number));
    let other = file.rows_read - file.rows_used - file.rows_refused;
    let mut text = format!("{}, {} used", wording::count(file.rows_read as usize, "row"), number(file.rows_used));
    if other > 0 {
        text += &format!(", {} of other kinds", number(other));
    }
    if file.rows_refused > 0 {
        text += &format!(", {} refused", number(file.rows_refused));
    }
    text
}

/// Gaps that are told before the rest is only counted.
const TOLD: usize = 5;

/// What lists were to say and do not, that of groups too. Refused rows are told with their list.
fn tell_gaps(out: &mut dyn Write, expectation: &Expectation) -> io::Result<()> {
    let groups = expectation.groups.seen().flat_map(|group| [group.members.extent(), group.groups.extent()]);
    let of_groups = groups.filter_map(|extent| match extent {
        Extent::Part(gap) => Some(gap),
        Extent::Whole(_) => None,
    });
    let gaps = expectation.gaps.iter().chain(of_groups).filter(|gap| !matches!(gap.why, Why::Refused { .. }));
    let lines: BTreeSet<String> = gaps.map(|gap| wording::gap_line(gap)).collect();
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "gaps in these lists")?;
    lines.iter().take(TOLD).try_for_each(|line| writeln!(out, "  {line}"))?;
    match lines.len().saturating_sub(TOLD) {
        0 => Ok(()),
        more => writeln!(out, "  and {} more, in `--format json`", wording::thousands(more as u64)),
    }
}

fn tell_jobs(out: &mut dyn Write, checked: &Checked) -> io::Result<()> {
    checked.jobs().try_for_each(|(job, next)| {
        let next = next.map_or_else(|| "never".to_owned(), wording::instant);
        writeln!(out, "job `{}`\n  {} in {}, next {next}", job.name, job.cron, job.zone)?;
        match checked.settings.alerts(job) {
            Alerts::Nowhere => writeln!(out, "  warning: {NO_CHANNEL}"),
            Alerts::Off | Alerts::Topic | Alerts::Channels => Ok(()),
        }
    })
}

fn tell_access(out: &mut dyn Write, access: &Access) -> io::Result<()> {
    writeln!(out, "AWS")?;
    if let Some(caller) = &access.caller {
        writeln!(out, "  signed in as {} in account {}", visible(&caller.arn), caller.account)?;
    }
    if let Some(passed_over) = &access.passed_over {
        writeln!(out, "  note: {}", phrase(&passed_over.to_string()))?;
    }
    super::permissions::write(access, out)?;
    access.gaps.iter().try_for_each(|gap| writeln!(out, "  {}", wording::gap_line(gap)))?;
    if let Some(endpoint) = &access.redirected_to {
        writeln!(out, "  redirected to {}, which is not AWS", visible(endpoint))?;
    }
    Ok(())
}

//! What was checked, for a person. Files that cannot be relied on are told as errors, apart from it.

use std::io::{self, Write};

use super::Checked;
use crate::model::{ExpectedFile, Refusal};
use crate::pipeline::{Access, CheckedList, Completeness};
use crate::wording::{self, visible};

pub(super) fn write(checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
    checked.lists.lists.iter().try_for_each(|list| tell_list(out, list))?;
    tell_jobs(out, checked)?;
    checked.access.iter().try_for_each(|access| tell_access(out, access))
}

fn tell_list(out: &mut dyn Write, list: &CheckedList) -> io::Result<()> {
    let CheckedList { file, completeness, refused } = list;
    writeln!(out, "{}", visible(&file.name))?;
    writeln!(out, "  {}, {}", file.format, file.encoding)?;
    writeln!(out, "  {}", rows(file))?;
    if let Some(exported) = file.exported.filter(|_| file.ages) {
        writeln!(out, "  exported {} ({})", wording::instant(exported.at), wording::clock_words(exported.known_by))?;
    }
    if let Completeness::Partial { because } = completeness {
        because.iter().try_for_each(|reason| writeln!(out, "  incomplete: {}", visible(reason)))?;
    }
    file.notes.iter().try_for_each(|note| writeln!(out, "  note: {}", visible(note)))?;
    refused
        .iter()
        .try_for_each(|Refusal { row, reason, .. }| writeln!(out, "  line {}: refused: {}", row.line, visible(reason)))
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

fn tell_jobs(out: &mut dyn Write, checked: &Checked) -> io::Result<()> {
    checked.jobs().try_for_each(|(job, next)| {
        let next = next.map_or_else(|| "never".to_owned(), wording::instant);
        writeln!(out, "job `{}`\n  {} in {}, next {next}", job.name, job.cron, job.zone)
    })
}

fn tell_access(out: &mut dyn Write, access: &Access) -> io::Result<()> {
    writeln!(out, "AWS")?;
    if let Some(caller) = &access.caller {
        writeln!(out, "  signed in as {} in account {}", visible(&caller.arn), caller.account)?;
    }
    super::trials::write(access, out)?;
    access.gaps.iter().try_for_each(|gap| writeln!(out, "  {}", wording::gap_line(gap)))?;
    if let Some(endpoint) = &access.redirected_to {
        writeln!(out, "  redirected to {}: this is not AWS", visible(endpoint))?;
    }
    Ok(())
}

//! `rollcall check`: whether settings and lists can be used, and what each list was understood as.

use std::io::{self, Write};

use clap::Args;

use super::options::{Config, What, no_audit};
use super::{Exit, Failure, clock, new_run_id, now, print};
use crate::model::{ExpectedFile, Refusal};
use crate::pipeline::{self, Access, CheckedList, Source};
use crate::settings::Settings;
use crate::wording::{self, visible};

/// Arguments of `rollcall check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    config: Config,
    #[command(flatten)]
    what: What,
    /// Do not ask AWS who the credentials belong to.
    #[arg(long)]
    offline: bool,
}

pub(super) async fn run(arguments: &Check) -> Result<Exit, Failure> {
    let settings = arguments.config.read()?;
    let as_of = arguments.what.as_of.or(settings.as_of).unwrap_or_else(now);
    let expected = arguments.what.expected(&settings);
    let (lists, _) = pipeline::check_lists(&expected, &settings.reading(), as_of).map_err(no_audit)?;
    let source = arguments.what.source(&settings);
    let access = match source {
        Source::Live if !arguments.offline => {
            Some(pipeline::check_access(&settings, &new_run_id(), &clock()).await.map_err(no_audit)?)
        }
        Source::Live | Source::Saved(_) => None,
    };
    let refused = lists.iter().any(|list| !list.refused.is_empty());
    let denied = access.as_ref().is_some_and(|access| access.caller.is_none());
    print(|out| {
        lists.iter().try_for_each(|list| tell_list(out, list))?;
        tell_jobs(out, &settings)?;
        access.iter().try_for_each(|access| tell_access(out, access))
    })?;
    Ok(if denied {
        Exit::NoAudit
    } else if refused {
        Exit::Incomplete
    } else {
        Exit::InOrder
    })
}

fn tell_list(out: &mut dyn Write, list: &CheckedList) -> io::Result<()> {
    let CheckedList { file, refused } = list;
    writeln!(out, "{}", visible(&file.name))?;
    writeln!(out, "  {}, {}", file.format, file.encoding)?;
    writeln!(out, "  {}", rows(file))?;
    if let Some(exported) = file.exported.filter(|_| file.ages) {
        writeln!(out, "  exported {} ({})", wording::instant(exported.at), wording::clock_words(exported.known_by))?;
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

fn tell_jobs(out: &mut dyn Write, settings: &Settings) -> io::Result<()> {
    let now = now();
    for job in &settings.jobs {
        let timetable = job.timetable().expect("settings that could be read have jobs that can be timed");
        let next = timetable.next(now).map_or_else(|| "never".to_owned(), wording::instant);
        writeln!(out, "job `{}`\n  {} in {}, next {next}", job.name, job.cron, job.zone)?;
    }
    Ok(())
}

fn tell_access(out: &mut dyn Write, access: &Access) -> io::Result<()> {
    writeln!(out, "AWS")?;
    if let Some(caller) = &access.caller {
        writeln!(out, "  signed in as {} in account {}", visible(&caller.arn), caller.account)?;
    }
    access.gaps.iter().try_for_each(|gap| writeln!(out, "  {}", wording::gap_line(gap)))?;
    if let Some(endpoint) = &access.redirected_to {
        writeln!(out, "  redirected to {}: this is not AWS", visible(endpoint))?;
    }
    Ok(())
}

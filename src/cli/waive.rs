//! `rollcall waive`: accepts one finding until a day, with who accepted it and why.

use std::str::FromStr;

use chrono::NaiveDate;
use clap::Args;

use super::options::{Config, Earlier, What, exit_of, shown};
use super::{Exit, Failure, clock, now, print};
use crate::model::is_placeholder;
use crate::pipeline::{self, Added, Addition, NotAdded};
use crate::wording::phrase;

/// Arguments of `rollcall waive`.
#[derive(Debug, Args)]
pub(super) struct Waive {
    #[command(flatten)]
    config: Config,
    #[command(flatten)]
    what: What,
    #[command(flatten)]
    earlier: Earlier,
    /// The finding's id, or its first digits.
    #[arg(long, value_name = "ID")]
    finding: FindingId,
    /// Why it is accepted.
    #[arg(long, value_name = "TEXT", value_parser = said)]
    reason: String,
    /// Who accepted it.
    #[arg(long, value_name = "NAME", value_parser = approver)]
    approved_by: String,
    /// The last day on which it is accepted (UTC): 2027-03-31.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    until: NaiveDate,
    /// Print the waiver, and write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// The id of a finding, or at least how it begins.
#[derive(Debug, Clone)]
pub(super) struct FindingId(String);

/// Fewer digits would soon fit another finding as well.
const SHORTEST: usize = 6;

impl FindingId {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FindingId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // `findings.csv` has one in front of an id that a spreadsheet would take for a number.
        let text = text.trim_start_matches('\'');
        if text.len() < SHORTEST || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(format!("give at least {SHORTEST} hexadecimal digits of the id"));
        }
        Ok(FindingId(text.to_owned()))
    }
}

/// A text that says something.
fn said(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("it must not be empty".to_owned()),
        said => Ok(said.to_owned()),
    }
}

/// A name of an approver.
fn approver(text: &str) -> Result<String, String> {
    let approver = said(text)?;
    if is_placeholder(&approver) {
        return Err(
            "it names no approver; give the name or the mail address of the person who accepts the finding".to_owned()
        );
    }
    Ok(approver)
}

fn day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| "it is not a date; write it as `2027-03-31`".to_owned())
}

/// A waiver that would accept nothing.
#[derive(Debug, thiserror::Error)]
enum Useless {
    #[error("`--until {until}` is in the past")]
    Passed { until: NaiveDate },
    #[error("`--until {until}` exceeds the {days} days that a waiver may run (`rules.waiver_max`)")]
    TooLong { until: NaiveDate, days: i64 },
}

pub(super) async fn run(arguments: &Waive) -> Result<Exit, Failure> {
    let settings = arguments.config.read()?;
    let look = arguments.what.look(&settings, &arguments.earlier)?;
    let today = look.as_of.or(settings.as_of).unwrap_or_else(now).date_naive();
    if arguments.until < today {
        let help = format!("use {today} or later");
        return Err(Failure::new(Exit::Usage, Useless::Passed { until: arguments.until }, Some(help)));
    }
    let longest = settings.policy().max_waiver;
    if arguments.until > today + longest {
        let error = Useless::TooLong { until: arguments.until, days: longest.num_days() };
        return Err(Failure::new(Exit::Usage, error, Some(format!("use {} at the latest", today + longest))));
    }
    let waiver =
        Addition::Waiver { reason: &arguments.reason, approved_by: &arguments.approved_by, expires: arguments.until };
    let added = pipeline::waive(&look, arguments.finding.as_str(), waiver, !arguments.dry_run, &clock()).await;
    show(&added.map_err(not_added)?, arguments.dry_run)
}

/// Prints what a list has more.
pub(super) fn show(added: &Added, dry_run: bool) -> Result<Exit, Failure> {
    let Added { path, text, title } = added;
    let word = if dry_run { "would add to" } else { "added to" };
    print(|out| {
        writeln!(out, "{word} {}:\n", shown(path))?;
        text.lines().try_for_each(|line| writeln!(out, "  {}", phrase(line)))?;
        writeln!(out, "\nIt accepts: {title}")
    })
}

/// A failure to add something.
pub(super) fn not_added(error: NotAdded) -> Failure {
    let help = error.help();
    let exit = match &error {
        NotAdded::NotOne { .. } => Exit::Usage,
        NotAdded::Pipeline(error) => exit_of(error),
        NotAdded::Waived { .. }
        | NotAdded::ByHand { .. }
        | NotAdded::Useless { .. }
        | NotAdded::NoColumn { .. }
        | NotAdded::Encoding { .. }
        | NotAdded::WaiverValue { .. }
        | NotAdded::Several { .. } => Exit::NoAudit,
    };
    Failure::new(exit, error, help)
}

//! `rollcall collect`: AWS's side in a file, to be audited later or somewhere else.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::collect_args::{self, Live};
use super::options::{self, Config, location, no_audit, shown};
use super::{Exit, Failure, clock, new_run_id, print};
use crate::model::{Origin, Snapshot};
use crate::pipeline;
use crate::wording;

/// Arguments of `rollcall collect`.
#[derive(Debug, Args)]
pub(super) struct Collect {
    #[command(flatten)]
    config: Config,
    /// The journal to write; it must not exist yet.
    #[arg(
        long,
        value_name = "FILE",
        default_value = "aws.jsonl",
        conflicts_with = "print_commands",
        value_parser = options::path
    )]
    to: PathBuf,
    /// Print a script of AWS CLI commands that collects the same data, and do not query AWS.
    #[arg(long, conflicts_with = "resume")]
    print_commands: bool,
    #[command(flatten)]
    live: Live,
}

pub(super) async fn run(arguments: &Collect) -> Result<Exit, Failure> {
    let settings = arguments.config.read()?.of_run(None, arguments.live.cross_check());
    if arguments.print_commands {
        return print(|out| out.write_all(pipeline::collect_commands(&settings).as_bytes()));
    }
    let watch = arguments.live.watch();
    let expected = location(&settings, &settings.expect.path);
    let collected = pipeline::collect_into(&settings, &expected, &arguments.to, &new_run_id(), &clock(), watch).await;
    let (collected, goes_on) = collected.map_err(no_audit)?;
    let gaps = &collected.snapshot.gaps;
    print(|out| {
        writeln!(out, "{} in {}", wording::count(collected.pages.len(), "page"), shown(&arguments.to))?;
        provenance(&collected.snapshot, out)?;
        wording::gap_groups(gaps, &collected.snapshot)
            .iter()
            .try_for_each(|gap| writeln!(out, "gap: {}", gap.line(None)))
    })?;
    if let Some(goes_on) = &goes_on {
        collect_args::unanswered(goes_on);
    }
    let hidden = gaps.iter().any(|gap| gap.hides == crate::model::Hides::Grants);
    Ok(if hidden { Exit::Incomplete } else { Exit::InOrder })
}

/// Who asked whom and when, and how often.
fn provenance(snapshot: &Snapshot, out: &mut dyn Write) -> io::Result<()> {
    for wording::Fact { label, value } in wording::provenance(snapshot, Some(Origin::Live)) {
        writeln!(out, "{label:<12} {value}")?;
    }
    writeln!(out)?;
    let mut rows =
        vec![("Operation".to_owned(), wording::LEDGER_COLUMNS.map(str::to_owned), "First to last".to_owned())];
    rows.extend((snapshot.ledger.iter()).map(|(operation, tally)| {
        let times = tally.window.map(|window| [window.from, window.to].map(|at| at.format("%H:%M:%S").to_string()));
        (operation.clone(), wording::ledger_numbers(tally), times.unwrap_or_default().join(" to "))
    }));
    let first = rows.iter().map(|(operation, ..)| operation.len()).max().unwrap_or_default();
    let widths: [usize; 7] = std::array::from_fn(|column| {
        rows.iter().map(|(_, numbers, _)| numbers[column].len()).max().unwrap_or_default()
    });
    for (operation, numbers, times) in rows {
        write!(out, "{operation:<first$}")?;
        numbers.iter().zip(widths).try_for_each(|(number, width)| write!(out, "  {number:>width$}"))?;
        writeln!(out, "  {times}")?;
    }
    writeln!(out)
}

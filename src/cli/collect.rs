//! `rollcall collect`: AWS's side in a file, to be audited later or somewhere else.

use std::path::PathBuf;

use clap::Args;

use super::options::{Config, no_audit, shown};
use super::{Exit, Failure, clock, new_run_id, print};
use crate::pipeline;
use crate::wording;

/// Arguments of `rollcall collect`.
#[derive(Debug, Args)]
pub(super) struct Collect {
    #[command(flatten)]
    config: Config,
    /// The journal to write; it must not exist yet.
    #[arg(long, value_name = "FILE", default_value = "aws.jsonl", conflicts_with = "print_commands")]
    to: PathBuf,
    /// Print a script of AWS CLI commands that collects the same, and ask AWS nothing.
    #[arg(long)]
    print_commands: bool,
}

pub(super) async fn run(arguments: &Collect) -> Result<Exit, Failure> {
    let settings = arguments.config.read()?;
    if arguments.print_commands {
        return print(|out| out.write_all(pipeline::collect_commands(&settings).as_bytes()));
    }
    let collected =
        pipeline::collect_journal(&settings, &arguments.to, &new_run_id(), &clock()).await.map_err(no_audit)?;
    let gaps = &collected.snapshot.gaps;
    print(|out| {
        writeln!(out, "{} in {}", wording::count(collected.pages.len(), "page"), shown(&arguments.to))?;
        gaps.iter().try_for_each(|gap| writeln!(out, "not seen: {}", wording::gap_line(gap)))
    })?;
    let hidden = gaps.iter().any(|gap| gap.hides == crate::model::Hides::Grants);
    Ok(if hidden { Exit::Incomplete } else { Exit::InOrder })
}

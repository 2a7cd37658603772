//! `rollcall apply`: a plan judged by what there is now, as it is before it is applied. Nothing is changed.

use std::path::PathBuf;

use clap::Args;

use super::options::{Config, What, path};
use super::plan::{no_plan, order, out, show};
use super::waive::FindingId;
use super::{Exit, Failure, clock, columns, print};
use crate::pipeline::plan::{Permits, PlanAgain, dry_run, dry_run_text};

/// Arguments of `rollcall apply`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Apply {
    /// The plan.
    #[arg(value_parser = path)]
    file: PathBuf,
    /// Let a plan pass that takes away exactly so much.
    #[arg(long, value_name = "N")]
    allow_removals: Option<usize>,
    /// Let changes pass that give administrative access, or that take away what denies.
    #[arg(long)]
    allow_administrative: bool,
    /// Let a finding pass that the plan makes: its id, or how it begins. Can be given several times.
    #[arg(long, value_name = "ID")]
    allow_new_findings: Vec<FindingId>,
    #[command(flatten)]
    config: Config,
    #[command(flatten)]
    what: What,
}

const EXAMPLES: &str = "This version changes nothing: `rollcall plan show FILE --format aws-cli` prints the commands.

Examples:
  rollcall apply leavers.json
  rollcall apply leavers.json --allow-removals 14";

pub(super) async fn run(arguments: &Apply) -> Result<Exit, Failure> {
    let (plan, digest) = show::read(&arguments.file)?;
    let order = order(&arguments.what, arguments.config.read()?)?;
    let permits = Permits {
        removals: arguments.allow_removals,
        administrative: arguments.allow_administrative,
        new_findings: arguments.allow_new_findings.iter().map(|id| id.as_str().to_ascii_lowercase()).collect(),
    };
    let judged = dry_run(&order, plan, permits, &clock()).await.map_err(no_plan)?;
    let again =
        PlanAgain { now: &judged.now, digest: &digest, differences: &judged.differences, passed: &judged.passed };
    print(|out| dry_run_text(again, columns(), out))?;
    out::tell_unseen(&judged.unseen);
    Ok(match (judged.could_be_applied(), judged.unseen.is_empty()) {
        (false, _) => Exit::Findings,
        (true, false) => Exit::Incomplete,
        (true, true) => Exit::InOrder,
    })
}

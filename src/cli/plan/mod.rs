//! `rollcall plan`: changes in AWS as a file that people review, from findings, by name, from a CSV file; and what such a
//! file says. Nothing is changed.

mod asked;
pub(super) mod out;
pub(super) mod show;
mod users;
mod values;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::options::{Config, What, audits, exit_of, no_audit, path};
use super::waive::FindingId;
use super::{Exit, Failure, clock, new_run_id};
use crate::model::RuleId;
use crate::pipeline::plan::{self, NoPlan, PlanFor, PlanOrder};
use crate::settings::Settings;

/// Arguments of `rollcall plan`.
#[derive(Debug, Args)]
#[command(disable_help_subcommand = true, after_help = EXAMPLES)]
pub(super) struct Plan {
    /// Plan changes that resolve this finding: its id, or its first digits. Can be given several times.
    #[arg(long, value_name = "ID")]
    finding: Vec<FindingId>,
    /// Plan changes that resolve all open findings of this rule. Can be given several times.
    #[arg(long, value_name = "RULE", value_parser = rule)]
    rule: Vec<RuleId>,
    /// Plan all changes that make AWS match the lists.
    #[arg(long)]
    as_listed: bool,
    /// Write the plan to this file; an existing file is replaced.
    #[arg(long, global = true, value_name = "FILE", value_parser = path)]
    out: Option<PathBuf>,
    #[command(flatten)]
    config: Config,
    #[command(flatten)]
    what: What,
    #[command(subcommand)]
    asked: Option<asked::Asked>,
}

const EXAMPLES: &str = "Examples:
  rollcall plan --rule leaver-with-access --out leavers.json
  rollcall plan user create ana --given Ana --family Lopez --email ana@example.com --group eng --out ana.json
  rollcall plan iam-user disable build-7 --account 111122223333 --out build-7.json
  rollcall plan show leavers.json --format markdown";

/// A command that says nothing, or two things.
#[derive(Debug, thiserror::Error)]
enum Asks {
    #[error("nothing to plan was given")]
    Nothing,
    #[error("a plan is made from findings or from a named change, not from both")]
    Both,
}

pub(super) async fn run(arguments: &Plan) -> Result<Exit, Failure> {
    let by_findings =
        [!arguments.finding.is_empty(), !arguments.rule.is_empty(), arguments.as_listed].into_iter().filter(|one| *one);
    match (&arguments.asked, by_findings.count()) {
        (Some(asked::Asked::Show(show)), 0) => show::run(show),
        (Some(asked::Asked::Make(by_name)), 0) => make(arguments, by_name.what()?).await,
        (None, 1) => make(arguments, of_findings(arguments)).await,
        (None, 0) => {
            let help = "give `--finding ID`, `--rule RULE` or `--as-listed`, or name a change: `rollcall plan --help`";
            Err(Failure::new(Exit::Usage, Asks::Nothing, Some(help.to_owned())))
        }
        (None | Some(_), _) => {
            let help = "give one of `--finding`, `--rule`, `--as-listed`, or a change by name";
            Err(Failure::new(Exit::Usage, Asks::Both, Some(help.to_owned())))
        }
    }
}

fn of_findings(arguments: &Plan) -> PlanFor {
    let finding = |id: &FindingId| id.as_str().to_owned();
    match (arguments.finding.is_empty(), arguments.as_listed) {
        (false, _) => PlanFor::Findings(arguments.finding.iter().map(finding).collect()),
        (true, true) => PlanFor::AsListed,
        (true, false) => PlanFor::Rules(arguments.rule.clone()),
    }
}

async fn make(arguments: &Plan, what: PlanFor) -> Result<Exit, Failure> {
    let settings = arguments.config.read()?;
    let order = order(&arguments.what, settings)?;
    let made = plan::plan(&order, what, &clock()).await.map_err(no_plan)?;
    out::deliver(&made, arguments.out.as_deref())
}

/// What is looked at for a plan.
pub(super) fn order(what: &What, settings: Arc<Settings>) -> Result<PlanOrder, Failure> {
    Ok(PlanOrder {
        audits: audits(&settings, None, None)?,
        source: what.source(&settings),
        expected: what.expected(&settings).map_err(no_audit)?,
        as_of: what.as_of,
        run_id: new_run_id(),
        settings,
    })
}

/// A failure to make a plan, or to judge one.
pub(super) fn no_plan(error: NoPlan) -> Failure {
    let help = error.help();
    let exit = match &error {
        NoPlan::Pipeline(error) => exit_of(error),
        NoPlan::NotFound { unseen: true, .. } => Exit::Incomplete,
        NoPlan::NotValid { .. } => Exit::NoAudit,
        NoPlan::NotOne { .. }
        | NoPlan::NotFound { .. }
        | NoPlan::Bulk { .. }
        | NoPlan::BadRows { .. }
        | NoPlan::Clash { .. }
        | NoPlan::TooMany(_)
        | NoPlan::LeftOutNeeded { .. }
        | NoPlan::OtherPlace { .. } => Exit::Usage,
    };
    Failure::new(exit, error, help)
}

/// The name of a rule.
fn rule(name: &str) -> Result<RuleId, String> {
    plan::rule_id(name)
}

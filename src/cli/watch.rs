//! `rollcall watch`: what changes in access was heard of, and a verdict on each at once.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::options::{Config, location, no_audit, path};
use super::{Exit, Failure, clock, new_run_id, print};
use crate::model::Severity;
use crate::pipeline::watch::{self, NotAnEvent, Outcome};
use crate::pipeline::{Order, Source};
use crate::settings::Settings;
use crate::store::Location;
use crate::wording;

/// Arguments of `rollcall watch`.
#[derive(Debug, Args)]
pub(super) struct Watch {
    /// Assess these events instead of those of a queue: files with one event of EventBridge each.
    #[arg(long, value_name = "FILE", num_args = 1.., required = true, value_parser = path)]
    event: Vec<PathBuf>,
    /// The lowest severity of a finding that ends with exit code 3, instead of `report.fail_on`.
    #[arg(long, value_name = "SEVERITY", env = "ROLLCALL_FAIL_ON")]
    fail_on: Option<Severity>,
    /// The folder of the expected lists, or s3://bucket/prefix.
    #[arg(long, value_name = "DIR|s3://…", env = "ROLLCALL_EXPECTED")]
    expected: Option<Location>,
    #[command(flatten)]
    config: Config,
}

/// A file that holds no event.
#[derive(Debug, thiserror::Error)]
enum NoEvent {
    #[error("cannot read the event in `{0}`")]
    Unread(String, #[source] io::Error),
    #[error("`{0}` is not an event")]
    NotOne(String, #[source] NotAnEvent),
}

const HELP: &str = "pass one event of CloudTrail as EventBridge delivers it: a JSON object with `detail`";

pub(super) async fn run(arguments: &Watch) -> Result<Exit, Failure> {
    let settings = arguments.config.read()?;
    let mut events = Vec::new();
    for file in &arguments.event {
        let name = || wording::visible(&file.display().to_string()).into_owned();
        let refused = |error| Failure::new(Exit::Usage, error, Some(HELP.to_owned()));
        let bytes = fs::read(file).map_err(|error| refused(NoEvent::Unread(name(), error)))?;
        events.push(watch::read_event(&bytes).map_err(|error| refused(NoEvent::NotOne(name(), error)))?);
    }
    let order = order(arguments, &settings);
    let outcomes = Box::pin(watch::judge(&order, events, &clock())).await.map_err(no_audit)?;
    print(|out| outcomes.iter().try_for_each(|outcome| tell(outcome, out)))?;
    Ok(exit(&outcomes, arguments.fail_on.unwrap_or(settings.report.fail_on)))
}

fn order(arguments: &Watch, settings: &Arc<Settings>) -> Order {
    Order {
        source: Source::Live,
        expected: arguments.expected.clone().unwrap_or_else(|| location(settings, &settings.expect.path)),
        to: location(settings, &settings.report.to),
        job: None,
        due: None,
        alert: false,
        as_of: None,
        run_id: new_run_id(),
        columns: None,
        failures: Arc::default(),
        settings: Arc::clone(settings),
    }
}

fn tell(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "{}", wording::watch_headline(outcome))?;
    wording::watch_lines(outcome).iter().try_for_each(|line| writeln!(out, "  {line}"))
}

/// The first that applies: a finding, an event without a verdict, nothing.
fn exit(outcomes: &[Outcome], fail_on: Severity) -> Exit {
    if outcomes.iter().filter_map(Outcome::severity).any(|severity| severity >= fail_on) {
        Exit::Findings
    } else if outcomes.iter().any(|outcome| !outcome.is_decided()) {
        Exit::Incomplete
    } else {
        Exit::InOrder
    }
}

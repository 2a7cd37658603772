//! `rollcall watch`: changes of access, each assessed at once from its event.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use clap::Args;

use super::failure::{Level, NO_CHANNEL, tell as tell_failure};
use super::options::{Config, location, no_audit, path};
use super::{Exit, Failure, clock, job_order, new_run_id, now, print};
use crate::model::Severity;
use crate::pipeline::watch::{self, NotAnEvent, Outcome, Pass, Queue, WatchError};
use crate::pipeline::{Order, Source};
use crate::settings::{Settings, Watch as Options};
use crate::store::Location;
use crate::wording;

/// How long a pass waits for the first message.
const WAIT: Duration = Duration::from_secs(20);

/// Arguments of `rollcall watch`.
#[derive(Debug, Args)]
pub(super) struct Watch {
    #[command(flatten)]
    what: Events,
    /// The lowest severity of a finding that ends with exit code 3, instead of `report.fail_on`.
    #[arg(long, value_name = "SEVERITY", env = "ROLLCALL_FAIL_ON")]
    fail_on: Option<Severity>,
    /// The folder of the expected lists, or s3://bucket/prefix.
    #[arg(long, value_name = "DIR|s3://…", env = "ROLLCALL_EXPECTED")]
    expected: Option<Location>,
    #[command(flatten)]
    config: Config,
}

/// Where the events come from, and how long.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Events {
    /// Assess the events that the queues have now, and end.
    #[arg(long)]
    once: bool,
    /// Assess the events of the queues for this long: `90s`, `50m`, `6h`.
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    time: Option<TimeDelta>,
    /// Assess these events instead of those of a queue: files with one event of EventBridge each. No message is sent.
    #[arg(long, value_name = "FILE", num_args = 1.., value_parser = path)]
    event: Vec<PathBuf>,
}

/// Why nothing can be watched.
#[derive(Debug, thiserror::Error)]
enum NotWatched {
    #[error("cannot read the event in `{0}`")]
    Unread(String, #[source] io::Error),
    #[error("`{0}` is not an event")]
    NotOne(String, #[source] NotAnEvent),
    #[error("the settings have no `[watch]`, so there is no queue to watch")]
    NoQueue,
    #[error("the settings have no `[[job]]`, so there is no store for records and nobody to alert")]
    NoJob,
}

const HELP: &str = "pass one event of CloudTrail as EventBridge delivers it: a JSON object with `detail`";

pub(super) async fn run(arguments: &Watch) -> Result<Exit, Failure> {
    let settings = arguments.config.read()?;
    let fail_on = arguments.fail_on.unwrap_or(settings.report.fail_on);
    if !arguments.what.event.is_empty() {
        return of_files(arguments, &settings, fail_on).await;
    }
    let (options, order) = order_of_queues(&settings, arguments.expected.as_ref())?;
    let failed = |error: WatchError| {
        let help = error.help();
        Failure::new(Exit::NoAudit, error, help)
    };
    let queues = watch::queues(&settings, &options).await.map_err(failed)?;
    let until = arguments.what.time.map(|time| now() + time);
    let wait = if until.is_some() { WAIT } else { Duration::from_secs(1) };
    let mut worst = Worst::default();
    loop {
        let order = Order { run_id: new_run_id(), ..order.clone() };
        let pass = Box::pin(watch::pass(&order, &options, &queues, wait, &clock())).await.map_err(failed)?;
        say(&pass, &order)?;
        worst.add(&pass, fail_on);
        if until.is_none_or(|until| now() >= until) {
            return Ok(worst.exit());
        }
    }
}

/// Assesses the events of files.
async fn of_files(arguments: &Watch, settings: &Arc<Settings>, fail_on: Severity) -> Result<Exit, Failure> {
    let mut events = Vec::new();
    for file in &arguments.what.event {
        let name = || wording::visible(&file.display().to_string()).into_owned();
        let refused = |error| Failure::new(Exit::Usage, error, Some(HELP.to_owned()));
        let bytes = fs::read(file).map_err(|error| refused(NotWatched::Unread(name(), error)))?;
        events.push(watch::read_event(&bytes).map_err(|error| refused(NotWatched::NotOne(name(), error)))?);
    }
    let expected = arguments.expected.clone().unwrap_or_else(|| location(settings, &settings.expect.path));
    let order = Order {
        source: Source::Live,
        expected,
        to: location(settings, &settings.report.to),
        job: None,
        due: None,
        alert: false,
        as_of: None,
        run_id: new_run_id(),
        columns: None,
        failures: Arc::default(),
        settings: Arc::clone(settings),
    };
    let outcomes = Box::pin(watch::judge(&order, events, &clock())).await.map_err(no_audit)?;
    let mut worst = Worst::default();
    for outcome in &outcomes {
        tell(outcome)?;
        worst.add_outcome(outcome, fail_on);
    }
    Ok(worst.exit())
}

/// The queues to watch, and what a pass over them is asked to do.
fn order_of_queues(settings: &Settings, expected: Option<&Location>) -> Result<(Options, Order), Failure> {
    let refused = |error, help: &str| Failure::new(Exit::Usage, error, Some(help.to_owned()));
    let help = "add `[watch]` with `queues`; `rollcall policy --for watcher --format cloudformation` prints a template";
    let options = settings.watch.clone().ok_or_else(|| refused(NotWatched::NoQueue, help))?;
    let job = settings.watch_job().ok_or_else(|| refused(NotWatched::NoJob, "add a `[[job]]` to the settings"))?;
    let order = job_order::order(settings, job, None, Arc::default());
    let expected = expected.cloned().unwrap_or_else(|| order.expected.clone());
    Ok((options, Order { source: Source::Live, expected, ..order }))
}

/// Watches the queues of the settings until it is aborted; `storm` starts an audit where too much changed at once.
pub(super) async fn watch_queues<S: Future<Output = ()>>(settings: Arc<Settings>, storm: impl Fn() -> S) {
    let Ok((options, order)) = order_of_queues(&settings, None) else { return };
    tracing::info!(queues = options.queues.len(), job = order.job, "watching queues for changes of access");
    loop {
        if let Err(error) = watch_on(&settings, &options, &order, &storm).await {
            let help = error.help();
            tracing::warn!(help, "cannot watch the queues: {}", super::failure::said(&error));
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// How long after a failure the queues are tried again.
const AGAIN: Duration = Duration::from_secs(60);

async fn watch_on<S: Future<Output = ()>>(
    settings: &Settings,
    options: &Options,
    order: &Order,
    storm: impl Fn() -> S,
) -> Result<(), WatchError> {
    let queues: Vec<Queue> = watch::queues(settings, options).await?;
    loop {
        let order = Order { run_id: new_run_id(), ..order.clone() };
        let pass = Box::pin(watch::pass(&order, options, &queues, WAIT, &clock())).await?;
        for error in &pass.undelivered {
            tracing::warn!(error = super::failure::said(error), "cannot alert about changes of access; tried again");
        }
        if pass.received > 0 {
            let (assessed, news) = (pass.outcomes.len(), pass.news.len());
            tracing::info!(
                received = pass.received,
                assessed,
                news,
                waiting = pass.waiting,
                unreadable = pass.unreadable,
                "watched"
            );
        }
        if pass.storm.is_some() {
            storm().await;
        }
    }
}

/// Prints what a pass found.
fn say(pass: &Pass, order: &Order) -> Result<(), Failure> {
    for (place, outcome) in pass.outcomes.iter().enumerate() {
        if pass.news.contains(&place) {
            tell(outcome)?;
        }
    }
    if let Some(principals) = pass.storm {
        let job = order.job.as_deref().unwrap_or_default();
        print(|out| {
            writeln!(out, "{} changed at once and were not read", wording::count(principals, "principal"))?;
            writeln!(out, "  An audit is due: run `rollcall audit --job {job}`.")
        })?;
    }
    if pass.has_no_channel {
        tracing::warn!("{NO_CHANNEL}");
    }
    for error in &pass.undelivered {
        tell_failure(Level::Error, error, error.help().as_deref());
    }
    if pass.received > 0 {
        let (assessed, news) = (pass.outcomes.len(), pass.news.len());
        let (waiting, unreadable) = (pass.waiting, pass.unreadable);
        tracing::info!(received = pass.received, assessed, news, waiting, unreadable, "watched");
    }
    Ok(())
}

fn tell(outcome: &Outcome) -> Result<(), Failure> {
    print(|out| {
        writeln!(out, "{}", wording::watch_headline(outcome))?;
        wording::watch_lines(outcome).iter().try_for_each(|line| writeln!(out, "  {line}"))
    })
    .map(drop)
}

/// What decides the exit code.
#[derive(Default)]
struct Worst {
    finding: bool,
    undecided: bool,
    undelivered: bool,
}

impl Worst {
    fn add(&mut self, pass: &Pass, fail_on: Severity) {
        let news = pass.news.iter().filter_map(|place| pass.outcomes.get(*place));
        news.for_each(|outcome| self.add_outcome(outcome, fail_on));
        self.undecided |= pass.unreadable > 0 || pass.storm.is_some();
        self.undelivered |= !pass.undelivered.is_empty();
    }

    fn add_outcome(&mut self, outcome: &Outcome, fail_on: Severity) {
        self.finding |= outcome.severity().is_some_and(|severity| severity >= fail_on);
        self.undecided |= !outcome.is_decided();
    }

    /// The first that applies: a finding, an event without a verdict, a message that was not delivered, nothing.
    fn exit(&self) -> Exit {
        match (self.finding, self.undecided, self.undelivered) {
            (true, _, _) => Exit::Findings,
            (false, true, _) => Exit::Incomplete,
            (false, false, true) => Exit::NotDelivered,
            (false, false, false) => Exit::InOrder,
        }
    }
}

/// Seconds, minutes or hours.
fn duration(text: &str) -> Result<TimeDelta, String> {
    let refused = || format!("`{text}` is not a length of time; write seconds, minutes or hours: `90s`, `50m`, `6h`");
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(refused)?;
    let number: i64 = number.parse::<u16>().map_err(|_| refused())?.into();
    match unit {
        "s" => Ok(TimeDelta::seconds(number)),
        "m" => Ok(TimeDelta::minutes(number)),
        "h" => Ok(TimeDelta::hours(number)),
        _ => Err(refused()),
    }
}

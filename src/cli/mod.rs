//! The command line: one subcommand a file, the exit codes, and how a failure is told.
//!
//! Here the clock and randomness enter; everything behind takes them as parameters.

mod adopt;
mod alert;
mod apply;
mod audit;
mod check;
mod collect;
mod collect_args;
mod completions;
mod exit;
mod explain;
mod export_commands;
mod failure;
mod init;
mod job_order;
mod options;
mod panics;
mod plan;
mod policy;
mod progress;
mod rules;
mod schema;
mod serve;
mod status;
mod verify;
mod waive;
mod watch;

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};
use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::pipeline::Clock;

pub use exit::Exit;
pub use failure::Failure;
pub use panics::announce_panics;

/// Audits access to AWS: compares who has access with who should have it.
#[derive(Debug, Parser)]
#[command(name = "rollcall", version, max_term_width = 100, after_help = exit_codes(), disable_help_subcommand = true)]
pub struct Rollcall {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    log: options::Log,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Compare AWS with the expected lists, and write a package for auditors.
    Audit(audit::Audit),
    /// Collect the data from AWS into a file, or print the AWS CLI commands that do it.
    Collect(collect::Collect),
    /// Check settings and expected lists, and show how each list is read.
    Check(check::Check),
    /// Print the IAM policies that these settings need, as JSON or for CloudFormation.
    Policy(policy::Policy),
    /// Show what access one person has, by which paths, and why it is expected or not.
    Explain(explain::Explain),
    /// Print a script that exports a directory in the format that Rollcall reads best.
    ExportCommands(export_commands::ExportCommands),
    /// Draft missing expected lists, or add the missing row for a finding.
    Adopt(adopt::Adopt),
    /// Accept one finding until a date, and record who accepted it and why.
    Waive(waive::Waive),
    /// Plan changes in AWS, from findings or by name, for people to review.
    Plan(plan::Plan),
    /// Judge a plan again by what there is now; with `--confirm`, make its changes.
    Apply(apply::Apply),
    /// Run the jobs of the settings at their scheduled times, until SIGTERM.
    Serve(serve::Serve),
    /// Assess changes of access at once, each from its event.
    Watch(watch::Watch),
    /// Test whether alerts arrive, or print what a run had to send.
    Alert(alert::Alert),
    /// Show when each job was audited last, and whether it is overdue or failing.
    Status(status::Status),
    /// Check a store's chain and digests, and recompute every report from its inputs.
    Verify(verify::Verify),
    /// Write a first settings file and a folder for the expected lists.
    Init(init::Init),
    /// List the rules.
    Rules(rules::Rules),
    /// Print the JSON Schema of the settings or of an output format.
    Schema(schema::Schema),
    /// Print a completion script for a shell.
    Completions(completions::Completions),
}

/// The end of `--help`: the exit codes.
fn exit_codes() -> String {
    let lines = Exit::TABLE.map(|(exit, meaning)| format!("  {}  {meaning}", exit.code()));
    format!("Exit codes (the first of 1, 2, 6, 3, 4, 5 that applies):\n{}", lines.join("\n"))
}

/// Runs the program with the arguments that it was started with.
pub async fn run() -> Exit {
    let rollcall = match Rollcall::try_parse() {
        Ok(rollcall) => rollcall,
        Err(error) => {
            let asked_for = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            let printed = error.print();
            if !asked_for {
                return Exit::Usage;
            }
            return delivered(printed).unwrap_or_else(|failure| {
                failure.tell();
                failure.exit
            });
        }
    };
    log(&rollcall.log);
    // Boxed, because the compiler limits how deep futures lie in one another, and AWS's SDK takes most of that.
    let done = match &rollcall.command {
        Command::Audit(arguments) => Box::pin(audit::run(arguments)).await,
        Command::Collect(arguments) => Box::pin(collect::run(arguments)).await,
        Command::Check(arguments) => Box::pin(check::run(arguments)).await,
        Command::Policy(arguments) => policy::run(arguments),
        Command::Explain(arguments) => Box::pin(explain::run(arguments)).await,
        Command::ExportCommands(arguments) => export_commands::run(arguments),
        Command::Adopt(arguments) => Box::pin(adopt::run(arguments)).await,
        Command::Waive(arguments) => Box::pin(waive::run(arguments)).await,
        Command::Plan(arguments) => Box::pin(plan::run(arguments)).await,
        Command::Apply(arguments) => Box::pin(apply::run(arguments)).await,
        Command::Serve(arguments) => Box::pin(serve::run(arguments)).await,
        Command::Watch(arguments) => Box::pin(watch::run(arguments)).await,
        Command::Alert(arguments) => Box::pin(alert::run(arguments)).await,
        Command::Status(arguments) => Box::pin(status::run(arguments)).await,
        Command::Verify(arguments) => Box::pin(verify::run(arguments)).await,
        Command::Init(arguments) => init::run(arguments),
        Command::Rules(arguments) => rules::run(arguments),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Completions(arguments) => completions::run(arguments),
    };
    done.unwrap_or_else(|failure| {
        failure.tell();
        failure.exit
    })
}

/// What happens while it happens goes to standard error; ours only, unless the filter says otherwise.
fn log(options: &options::Log) {
    let events = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        // Where a line of the log cannot be written, that would be said with `eprintln!`, which panics for the same reason.
        .log_internal_errors(false)
        .with_target(false)
        .with_ansi(io::stderr().is_terminal());
    let filtered = tracing_subscriber::registry().with(options.log.to_env_filter()).with(filter_fn(holds_no_secret));
    match options.log_format {
        options::LogFormat::Text => filtered.with(events.without_time()).init(),
        options::LogFormat::Json => filtered.with(events.json()).init(),
    }
}

/// Whether an event may be logged at all. Below a warning, the libraries that talk to AWS log requests and answers with
/// their headers and bodies: credentials, and names of people.
fn holds_no_secret(event: &tracing::Metadata<'_>) -> bool {
    event.target().starts_with("rollcall") || *event.level() <= tracing::Level::WARN
}

/// Columns of the terminal that standard output goes to, if it goes to one.
fn columns() -> Option<usize> {
    terminal_size::terminal_size_of(io::stdout()).map(|(terminal_size::Width(columns), _)| usize::from(columns))
}

/// Prints data on standard output. A reader that goes away in the middle has what it wanted.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<Exit, Failure> {
    let mut stdout = anstream::stdout();
    delivered(write(&mut stdout).and_then(|()| stdout.flush()))
}

/// Whether standard output took what was printed.
fn delivered(printed: io::Result<()>) -> Result<Exit, Failure> {
    #[derive(Debug, thiserror::Error)]
    #[error("cannot write to standard output")]
    struct NotPrinted(#[source] io::Error);

    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::NoAudit, NotPrinted(error), None))
        }
        Ok(()) | Err(_) => Ok(Exit::InOrder),
    }
}

/// The present, in whole seconds: no finer than anything that is said about it.
#[expect(clippy::disallowed_methods, reason = "the clock enters here, and travels on as a parameter")]
fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(0)
}

/// The clock that collecting is given.
fn clock() -> Clock {
    Arc::new(now)
}

/// Random bytes, fit for secrets: those of random UUIDs that are wholly random.
#[expect(clippy::disallowed_methods, reason = "randomness enters here, and travels on as a parameter")]
fn random() -> impl FnMut(&mut [u8]) + Send {
    |bytes: &mut [u8]| {
        for chunk in bytes.chunks_mut(6) {
            // The seventh byte has the version, the ninth the variant.
            chunk.copy_from_slice(&uuid::Uuid::new_v4().as_bytes()[..chunk.len()]);
        }
    }
}

/// An id for a run.
#[expect(clippy::disallowed_methods, reason = "randomness enters here, and travels on as a parameter")]
fn new_run_id() -> String {
    uuid::Uuid::new_v4().simple().to_string()[..12].to_owned()
}

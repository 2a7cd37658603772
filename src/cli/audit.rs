//! `rollcall audit`: one run by hand, of a job or of none.

use std::error::Error;
use std::sync::Arc;

use clap::Args;

use super::collect_args::{self, Live};
use super::failure::{Level, tell, warn_of_no_channel};
use super::options::{Config, What, no_audit, store_of, wrong_settings};
use super::{Exit, Failure, clock, columns, job_order, new_run_id, print};
use crate::model::{CrossCheck, Severity};
use crate::pipeline::{self, Alert, Audited, Delivery, Order, Source};
use crate::settings::Job;
use crate::store::Location;

/// Arguments of `rollcall audit`.
#[derive(Debug, Args)]
pub(super) struct Audit {
    #[command(flatten)]
    config: Config,
    #[command(flatten)]
    what: What,
    /// Where the package goes: a folder, or s3://bucket/prefix.
    #[arg(long, value_name = "DIR|s3://…", env = "ROLLCALL_TO")]
    to: Option<Location>,
    /// Run this job of the settings: compare it with its earlier runs, and send its alerts. A run without a job is
    /// compared with other runs without a job, and sends no alerts.
    #[arg(long, value_name = "NAME", env = "ROLLCALL_JOB")]
    job: Option<String>,
    /// The lowest severity that ends the run with exit code 3: info, low, medium, high or critical.
    #[arg(long, value_name = "SEVERITY", env = "ROLLCALL_FAIL_ON")]
    fail_on: Option<Severity>,
    /// End with 0 regardless of findings and gaps if the audit was delivered, with 5 if it was not delivered.
    #[arg(long)]
    exit_zero: bool,
    /// Send no alert, even if the job would. The next run of the job sends it.
    #[arg(long)]
    no_alert: bool,
    #[command(flatten)]
    live: Live,
}

/// What was saved is compared as far as it was asked for.
#[derive(Debug, thiserror::Error)]
#[error("`--cross-check` needs AWS, but this run audits saved answers")]
struct NothingToAsk;

/// What was saved was asked already.
#[derive(Debug, thiserror::Error)]
#[error("`--resume` needs AWS, but this run audits saved answers")]
struct NothingToResume;

pub(super) async fn run(arguments: &Audit) -> Result<Exit, Failure> {
    let runs = |job: &Job| !arguments.no_alert && arguments.job.as_ref() == Some(&job.name);
    let settings = job_order::settings(&arguments.config, runs).await?;
    let job = arguments.job.as_deref().map(|name| settings.job(name)).transpose().map_err(wrong_settings)?;
    let source = arguments.what.source(&settings);
    if let (Source::Saved(_), Some(CrossCheck::Sample | CrossCheck::All)) = (&source, arguments.live.cross_check()) {
        let help = "remove `--cross-check`, and give it to the `rollcall collect` that queries AWS";
        return Err(Failure::new(Exit::Usage, NothingToAsk, Some(help.to_owned())));
    }
    if matches!(source, Source::Saved(_)) && arguments.live.resumes() {
        let help = "remove `--resume`, or remove `--from` and `collect.from`";
        return Err(Failure::new(Exit::Usage, NothingToResume, Some(help.to_owned())));
    }
    let order = Order {
        source,
        expected: arguments.what.named(&settings),
        to: store_of(&settings, job, arguments.to.as_ref()),
        job: job.map(|job| job.name.clone()),
        due: None,
        alert: job.is_some_and(|job| job.alert) && !arguments.no_alert,
        as_of: arguments.what.as_of,
        run_id: new_run_id(),
        columns: columns(),
        failures: Arc::default(),
        settings: Arc::new(settings.of_run(job, arguments.live.cross_check())),
    };
    if let Err(error) = arguments.what.expected(&settings) {
        pipeline::tell_failed(&order, &error, &clock()).await;
        return Err(no_audit(error));
    }
    let audited = pipeline::audit(&order, &clock(), arguments.live.watch()).await.map_err(no_audit)?;
    let has_channel = !settings.topics().is_empty() || !settings.alert.channels.is_empty();
    let of_no_job = job.is_none() && has_channel && !arguments.no_alert;
    let shown = show(&audited, of_no_job);
    undelivered(&audited.delivery);
    if let (Alert::NoChannel, Some(job)) = (&audited.delivery.alert, job) {
        warn_of_no_channel(&job.name);
    }
    if let Some(goes_on) = &audited.goes_on {
        collect_args::unanswered(goes_on);
    }
    // The package lies where it should, but whoever reads the output has no report.
    if let Err(not_printed) = &shown {
        not_printed.tell();
    }
    let delivered = audited.delivery.complete() && shown.is_ok();
    Ok(match (arguments.exit_zero, delivered) {
        (true, true) => Exit::InOrder,
        (true, false) => Exit::NotDelivered,
        (false, _) => Exit::of(&audited.verdict, arguments.fail_on.unwrap_or(settings.report.fail_on), delivered),
    })
}

/// Prints the report, and what became of the package and of the alert; also that none is sent `of_no_job`, where
/// somebody may wait for one.
fn show(audited: &Audited, of_no_job: bool) -> Result<Exit, Failure> {
    print(|out| {
        out.write_all(&audited.text)?;
        if let Ok(published) = &audited.delivery.package {
            writeln!(out, "\nLink     {} {}", published.link.number, published.link.digest)?;
            writeln!(out, "Package  {}", super::options::shown(published.at.as_ref()))?;
        }
        match audited.delivery.alert {
            Alert::Sent => writeln!(out, "Alert    sent")?,
            Alert::NoChannel => writeln!(out, "Alert    not delivered: no channel")?,
            Alert::NotAsked | Alert::NothingNew | Alert::Failed(_) => {}
        }
        if of_no_job {
            writeln!(out, "Alert    none: only runs of a job send alerts (`--job NAME`)")?;
        }
        Ok(())
    })
}

/// Tells what could not be delivered.
pub(super) fn undelivered(delivery: &Delivery) {
    let mut failures: Vec<(&dyn Error, Option<String>)> = Vec::new();
    if let Err(failure) = &delivery.package {
        failures.push((failure, Some(failure.help())));
    }
    if let Alert::Failed(failed) = &delivery.alert {
        failures.extend(failed.iter().map(|failure| (failure as &dyn Error, failure.help())));
    }
    for (failure, help) in failures {
        tell(Level::Warning, failure, help.as_deref());
    }
}

//! `rollcall status`: when each job was audited last, and whether it is overdue or fails.

use std::io::{self, Write};
use std::sync::Arc;

use clap::Args;

use super::failure::{Level, NO_CHANNEL, tell};
use super::options::{Config, store_of, wrong_settings};
use super::{Exit, Failure, clock, job_order, now, print};
use crate::pipeline::{self, JobStatus, PipelineError};
use crate::settings::{Alerts, Job, Settings};
use crate::wording::{self, visible};

/// Arguments of `rollcall status`.
#[derive(Debug, Args)]
pub(super) struct Status {
    #[command(flatten)]
    config: Config,
    /// Only this job of the settings.
    #[arg(long, value_name = "NAME", env = "ROLLCALL_JOB")]
    job: Option<String>,
    /// Also tell the recipients of alerts about each job that is overdue.
    #[arg(long)]
    alert: bool,
}

/// A store that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot tell how job `{job}` is doing")]
struct NotKnown {
    job: String,
    #[source]
    source: PipelineError,
}

pub(super) async fn run(arguments: &Status) -> Result<Exit, Failure> {
    let settings = arguments.config.read()?;
    let jobs = settings.jobs_asked_for(arguments.job.as_deref()).map_err(wrong_settings)?;
    let mut exit = Exit::InOrder;
    for job in jobs {
        if arguments.alert {
            pipeline::tell_overdue(&job_order::order(&settings, job, None, Arc::default()), &clock()).await;
        }
        match pipeline::status(&settings, &store_of(&settings, Some(job), None), job, now()).await {
            Ok(status) => {
                print(|out| write(&settings, job, &status, out))?;
                let fails = status.failing.is_some() || status.failing_unread;
                let is_well = status.last.is_some() && status.overdue.is_none() && !fails;
                exit = if is_well || exit == Exit::NoAudit { exit } else { Exit::Incomplete };
            }
            Err(source) => {
                let help = source.help();
                tell(Level::Error, &NotKnown { job: job.name.clone(), source }, help.as_deref());
                exit = Exit::NoAudit;
            }
        }
    }
    Ok(exit)
}

fn write(settings: &Arc<Settings>, job: &Job, status: &JobStatus, out: &mut dyn Write) -> io::Result<()> {
    let JobStatus { last, next, overdue, failing, failing_unread } = status;
    writeln!(out, "job `{}`", job.name)?;
    match last {
        Some(link) => {
            let at = wording::instant(link.run.as_of());
            writeln!(out, "  last audit  {at}, link {} {}", link.number, link.digest)?;
        }
        None => writeln!(out, "  last audit  none")?,
    }
    let next = next.map_or_else(|| "never".to_owned(), wording::instant);
    writeln!(out, "  next run    {next}")?;
    if let Some(since) = overdue {
        writeln!(out, "  overdue     since {}", wording::instant(*since))?;
    }
    if let Some((since, cause)) = failing {
        writeln!(out, "  failing     since {}: {}", wording::instant(*since), visible(cause))?;
    }
    if *failing_unread {
        writeln!(out, "  failing     unknown: a record of earlier alerts in the store cannot be read")?;
    }
    match settings.alerts(job) {
        Alerts::Nowhere => writeln!(out, "  warning: {NO_CHANNEL}"),
        Alerts::Off | Alerts::Topic | Alerts::Channels => Ok(()),
    }
}

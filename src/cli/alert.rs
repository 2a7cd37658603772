//! `rollcall alert`: whether alerts arrive, and what would be sent.

use clap::Args;

use super::failure::{Level, tell, warn_of_no_channel};
use super::options::{Config, no_audit, wrong_settings};
use super::{Exit, Failure, new_run_id, now, print};
use crate::pipeline::{self, DryRun, Planned, Tested};
use crate::settings::{Alerts, Settings, Target};

/// Arguments of `rollcall alert`.
#[derive(Debug, Args)]
pub(super) struct Alert {
    #[command(flatten)]
    config: Config,
    /// Send a sample of each kind of message, marked as a test, to the recipients of each job's alerts, or to those of this
    /// channel alone.
    #[arg(long, value_name = "CHANNEL", num_args = 0..=1, conflicts_with = "package", required_unless_present = "package")]
    test: Option<Option<String>>,
    /// The package whose messages are printed: its number in the chain, its run's id, or its folder.
    #[arg(value_name = "PACKAGE", requires = "dry_run")]
    package: Option<String>,
    /// Print what the run of the package had to send, and to whom. Nothing is sent.
    #[arg(long, requires = "package")]
    dry_run: bool,
    /// Only for this job of the settings.
    #[arg(long, value_name = "NAME", env = "ROLLCALL_JOB")]
    job: Option<String>,
}

/// A channel that the settings do not have.
#[derive(Debug, thiserror::Error)]
#[error("no job that sends alerts has a channel `{0}`")]
struct NoSuchChannel(String);

/// A package that no store of the settings has.
#[derive(Debug, thiserror::Error)]
#[error("no store of the settings has a package `{0}`")]
struct NoSuchPackage(String);

pub(super) async fn run(arguments: &Alert) -> Result<Exit, Failure> {
    let settings = arguments.config.read()?;
    if let Some(package) = &arguments.package {
        return dry_run(&settings, package, arguments.job.as_deref()).await;
    }
    let only = arguments.test.as_ref().and_then(|channel| channel.as_deref());
    let jobs = settings.jobs_asked_for(arguments.job.as_deref()).map_err(wrong_settings)?;
    let (mut number, mut exit) = (0, Exit::InOrder);
    for job in jobs {
        match settings.alerts(job) {
            Alerts::Off => continue,
            Alerts::Nowhere => {
                warn_of_no_channel(&job.name);
                exit = Exit::NotDelivered;
            }
            Alerts::Topic | Alerts::Channels => {}
        }
        for Tested { channel, sent } in pipeline::test_alerts(&settings, job, only, (&new_run_id(), now())).await {
            number += 1;
            let channel = channel.map_or_else(|| "the topic".to_owned(), |channel| format!("channel `{channel}`"));
            match sent {
                Ok(samples) => {
                    print(|out| writeln!(out, "job `{}`: sent {samples} test messages to {channel}", job.name))?;
                }
                Err(error) => {
                    tell(Level::Error, &error, error.help().as_deref());
                    exit = Exit::NotDelivered;
                }
            }
        }
    }
    match only {
        Some(only) if number == 0 => {
            let help = "write the `name` of an `[[alert.channel]]`, or `--test` alone for all of them and the topic";
            Err(Failure::new(Exit::Usage, NoSuchChannel(only.to_owned()), Some(help.to_owned())))
        }
        Some(_) | None => Ok(exit),
    }
}

/// Prints the messages of a package's run.
async fn dry_run(settings: &Settings, package: &str, job: Option<&str>) -> Result<Exit, Failure> {
    let found = pipeline::alert_dry_run(settings, package).await.map_err(no_audit)?;
    let Some(DryRun { link, job: of_job, messages }) =
        found.filter(|found| job.is_none() || found.job.as_deref() == job)
    else {
        let help = "`rollcall status` names the last package of each job; write its number in the chain, or its folder";
        return Err(Failure::new(Exit::Usage, NoSuchPackage(package.to_owned()), Some(help.to_owned())));
    };
    print(|out| {
        match &of_job {
            None => return writeln!(out, "package {link} belongs to no job: no messages"),
            Some(job) if messages.is_empty() => return writeln!(out, "package {link} of job `{job}`: no channel"),
            Some(job) => writeln!(out, "package {link} of job `{job}`; nothing is sent")?,
        }
        for Planned { channel, target, message } in &messages {
            let channel = channel.as_ref().map_or_else(|| "the topic".to_owned(), |name| format!("channel `{name}`"));
            writeln!(out, "\n== to {channel}: {}", address(target))?;
            match message {
                Some(message) => writeln!(out, "{}\n\n{}", message.subject, message.text.trim_end())?,
                None => writeln!(out, "no message: nothing was new")?,
            }
        }
        Ok(())
    })?;
    Ok(Exit::InOrder)
}

/// Where messages go, without secrets.
fn address(target: &Target) -> String {
    match target {
        Target::Topic(topic) => topic.clone(),
        Target::Channel(channel) => channel.way.address(),
    }
}

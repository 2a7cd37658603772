//! `rollcall alert`: whether alerts arrive.

use clap::Args;

use super::failure::{Level, tell, warn_of_no_channel};
use super::options::{Config, wrong_settings};
use super::{Exit, Failure, new_run_id, now, print};
use crate::pipeline::{self, Tested};
use crate::settings::{Alerts, Job};

/// Arguments of `rollcall alert`.
#[derive(Debug, Args)]
pub(super) struct Alert {
    #[command(flatten)]
    config: Config,
    /// Send a test message to the recipients of each job's alerts, or to those of this channel alone.
    #[arg(long, value_name = "CHANNEL", num_args = 0..=1, required = true)]
    test: Option<Option<String>>,
    /// Only for this job of the settings.
    #[arg(long, value_name = "NAME", env = "ROLLCALL_JOB")]
    job: Option<String>,
}

/// A channel that the settings do not have.
#[derive(Debug, thiserror::Error)]
#[error("no job that sends alerts has a channel `{0}`")]
struct NoSuchChannel(String);

pub(super) async fn run(arguments: &Alert) -> Result<Exit, Failure> {
    let settings = arguments.config.read()?;
    let only = arguments.test.as_ref().and_then(|channel| channel.as_deref());
    let jobs: Vec<&Job> = match &arguments.job {
        Some(name) => vec![settings.job(name).map_err(wrong_settings)?],
        None => settings.jobs.iter().collect(),
    };
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
                Ok(()) => _ = print(|out| writeln!(out, "job `{}`: sent to {channel}", job.name))?,
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

//! Where the messages of a job go, and what is wrong with `[[alert.channel]]`.

use std::collections::BTreeSet;

use super::{Job, Settings};
use crate::alert::{Channel, Wanted};

/// Where messages go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To the topic with this ARN.
    Topic(String),
    /// By a channel of its own.
    Channel(Box<Channel>),
}

/// Those who get a job's messages by one way, and what they get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipients {
    /// What the record of what they know is called by; `None` for the topic's.
    pub channel: Option<String>,
    /// Where their messages go; `None` where there is no topic.
    pub target: Option<Target>,
    /// What they want to be told.
    pub wanted: Wanted,
}

/// Where the alerts of a job go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alerts {
    /// The job is told to send none.
    Off,
    /// The job should send them, and no channel is set.
    Nowhere,
    /// To the topic.
    Topic,
    /// By channels, and to the topic if there is one.
    Channels,
}

impl Settings {
    /// Where the alerts of a job go.
    #[must_use]
    pub fn alerts(&self, job: &Job) -> Alerts {
        let has_channel = self.alert.channels.iter().any(|channel| channel.is_of(&job.name));
        match (job.alert, has_channel, self.topic_of(Some(job))) {
            (false, _, _) => Alerts::Off,
            (true, true, _) => Alerts::Channels,
            (true, false, Some(_)) => Alerts::Topic,
            (true, false, None) => Alerts::Nowhere,
        }
    }

    /// Everyone who gets the messages of a job, or would if it sent any. There is always a record for the topic. What a
    /// channel says goes before what its job says, and that before `[alert]`.
    #[must_use]
    pub fn recipients(&self, job: &str) -> Vec<Recipients> {
        let of_job = self.jobs.iter().find(|known| known.name == job);
        let min_severity = of_job.and_then(|job| job.alert_min_severity).unwrap_or(self.alert.min_severity);
        let when = of_job.and_then(|job| job.alert_when).unwrap_or(self.alert.when);
        let watches = self.watch.is_some() && self.watch_job().is_some_and(|watched| watched.name == job);
        let topic = Recipients {
            channel: None,
            target: self.topic_of(of_job).map(|topic| Target::Topic(topic.to_owned())),
            wanted: Wanted { min_severity, when, watches },
        };
        let channels = self.alert.channels.iter().filter(|channel| channel.is_of(job)).map(|channel| Recipients {
            channel: Some(channel.name.clone()),
            target: Some(Target::Channel(Box::new(channel.clone()))),
            wanted: Wanted {
                min_severity: channel.min_severity.unwrap_or(min_severity),
                when: channel.when.unwrap_or(when),
                watches,
            },
        });
        std::iter::once(topic).chain(channels).collect()
    }

    /// Every topic that messages are published to.
    #[must_use]
    pub fn topics(&self) -> BTreeSet<&str> {
        let of_jobs = self.jobs.iter().filter_map(|job| job.sns_topic_arn.as_deref());
        let of_channels = self.alert.channels.iter().filter_map(|channel| channel.way.topic());
        of_jobs.chain(of_channels).chain(self.alert.sns_topic_arn.as_deref()).collect()
    }

    /// The topic of a job's messages, or of those of no job.
    fn topic_of<'s>(&'s self, job: Option<&'s Job>) -> Option<&'s str> {
        job.and_then(|job| job.sns_topic_arn.as_deref()).or(self.alert.sns_topic_arn.as_deref())
    }

    /// What is wrong with the channels: key, value, and what to write.
    pub(super) fn wrong_channel(&self) -> Option<(&'static str, String, &'static str)> {
        let channels = &self.alert.channels;
        channels.iter().enumerate().find_map(|(number, channel)| {
            let is_double = channels[..number].iter().any(|earlier| earlier.name == channel.name);
            let jobs = channel.jobs.iter().flatten();
            let unknown = jobs.clone().find(|job| self.jobs.iter().all(|known| known.name != **job));
            if !channel.is_named_well() {
                let help = "write at most 50 lowercase letters, digits and `-`";
                return Some(("alert.channel.name", channel.name.clone(), help));
            }
            if is_double {
                return Some(("alert.channel.name", channel.name.clone(), "give each channel its own name"));
            }
            unknown.map(|job| ("alert.channel.jobs", job.clone(), "write the names of jobs that the settings have"))
        })
    }
}

//! Settings: `rollcall.toml`, checked as a whole before anything starts.
//!
//! Flags and the environment (`ROLLCALL_*`) go before the file, and the file before the defaults; the first two are
//! the business of `cli`. Paths in the file are relative to the folder that it lies in. Every key is known, or the
//! file is refused with the key that was probably meant.

mod channels;
mod error;
mod file;
mod operator;
mod refused_file;
mod watch;

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{AccountId, Age, AuditPolicy, CrossCheck, IdentitySource, Nesting, Severity, is_region};
use crate::schedule::{BadTimetable, Timetable};
use crate::store::Location;
use crate::{alert, change, collect, compare, expect, store};

pub use channels::{Alerts, Recipients, Target};
use error::malformed;
pub use error::{Said, SettingsError};
pub use file::FILE;
pub use operator::Operator;
pub use watch::{Tell, Watch};

/// The longest time that the synchronization may be given.
const MOST_GRACE: TimeDelta = TimeDelta::days(7);

/// What the ARN of a topic is.
const A_TOPIC: &str = "write the ARN of a topic with matching region and partition: \
                       `arn:aws:sns:eu-central-1:111122223333:rollcall`";

/// All settings. Each has a default, except those that only you can know.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The name of the audited organization in reports and alerts.
    pub organization: Option<String>,
    /// The point in time that runs on saved answers assess, instead of the time when these were saved; for samples and
    /// rehearsals only. It must not be before the answers, nor in the past if the run queries AWS.
    pub as_of: Option<DateTime<Utc>>,
    /// What to read from AWS, and how.
    pub aws: collect::Options,
    /// Saved answers to audit instead of querying AWS, and the place for answers until a report is written.
    pub collect: Collect,
    /// The expected lists, and how to apply them.
    pub expect: Expect,
    /// The levels of rules (`"stale-list" = "off"`), and how long a waiver may run (`waiver_max = "90d"`).
    pub rules: compare::Options,
    /// Where packages go.
    pub report: Report,
    /// Where alerts go.
    pub alert: alert::Options,
    /// What plans may change in AWS, and how much at once.
    pub change: Option<change::Options>,
    /// The role that changes access.
    pub operator: Operator,
    /// Which changes of access are assessed at once.
    pub watch: Option<Watch>,
    /// What `rollcall serve` runs.
    #[serde(rename = "job")]
    pub jobs: Vec<Job>,
    /// The folder that relative paths start from: the one that the file lies in.
    #[serde(skip)]
    pub folder: PathBuf,
    /// The digest of the file; `None` where there is none.
    #[serde(skip)]
    pub digest: Option<change::Digest>,
}

/// `[collect]`: saved answers of AWS, and the place for answers while a run collects them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Collect {
    /// Saved AWS CLI output (a folder with `calls.jsonl`) or a journal.
    pub from: Option<PathBuf>,
    /// Where an audit keeps its journal until its report is written. Default: the system's folder for temporary files.
    pub journals: Option<PathBuf>,
}

/// `[expect]`: the expected lists, and how to apply them.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// The folder of the expected lists, or `s3://bucket/prefix`.
    pub path: Location,
    /// The account that must own the bucket of the lists. S3 refuses access if another account owns it.
    #[schemars(with = "Option<String>")]
    pub bucket_owner: Option<AccountId>,
    /// The region of the bucket of the lists, if it differs from `aws.region`. Default: the region that S3 reports.
    pub bucket_region: Option<String>,
    /// The code page of lists that are not Unicode: `windows-1252`, `cp850`.
    pub encoding: Option<String>,
    /// The identity source. Default: derived from the external ids of the users.
    pub identity_source: Option<IdentitySource>,
    /// The culture of the export, for the order of day and month in dates: `de-DE`, `en-US`.
    pub culture: Option<String>,
    /// Whether members of nested groups count as members of the outer group. Default: the identity source decides.
    pub nested_groups: Option<Nesting>,
    /// How long the synchronization from the directory may take, at most `7d`. A more recent difference is pending, not
    /// a finding.
    pub sync_grace: Age,
    /// How old a directory export may be: `36h`, `7d`.
    pub max_age: Age,
}

impl Default for Expect {
    fn default() -> Self {
        let policy = AuditPolicy::default();
        Expect {
            path: Location::Folder(PathBuf::from("expected")),
            bucket_owner: None,
            bucket_region: None,
            encoding: None,
            culture: None,
            identity_source: None,
            nested_groups: None,
            sync_grace: Age(policy.sync_grace),
            max_age: Age(policy.max_list_age),
        }
    }
}

/// `[report]`: where packages go, and the lowest severity that fails a run.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Report {
    /// A folder, or `s3://bucket/prefix`.
    pub to: Location,
    /// What the address of a report begins with in messages, if a web server shows the packages:
    /// `https://reports.example.com/rollcall`. What follows is its place in the store. Default: the S3 console.
    #[schemars(with = "Option<String>", regex(pattern = "^https?://.+$"))]
    pub link: Option<String>,
    /// How to write to a bucket.
    pub bucket: store::Options,
    /// The lowest severity at which a run ends with exit code 3.
    pub fail_on: Severity,
}

impl Default for Report {
    fn default() -> Self {
        Report {
            to: Location::Folder(PathBuf::from("reports")),
            link: None,
            bucket: store::Options::default(),
            fail_on: Severity::Low,
        }
    }
}

/// `[[job]]`: a scheduled audit.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// Its name; runs of the same job are compared with each other.
    pub name: String,
    /// When it runs: minute, hour, day of the month, month, day of the week.
    pub cron: String,
    /// The IANA time zone of `cron`: `Europe/Berlin`.
    #[serde(default = "utc")]
    pub zone: String,
    /// Where its packages go, instead of `report.to`.
    #[serde(default)]
    pub to: Option<Location>,
    /// How far it queries AWS a second way, instead of `aws.cross_check`.
    #[serde(default)]
    pub cross_check: Option<CrossCheck>,
    /// Whether it sends alerts. A quarterly report may be for the auditors only.
    #[serde(default = "yes")]
    pub alert: bool,
    /// The ARN of the SNS topic for its messages, instead of `alert.sns_topic_arn`.
    #[serde(default)]
    pub sns_topic_arn: Option<String>,
    /// The lowest severity of new findings that are alerted, instead of `alert.min_severity`.
    #[serde(default)]
    pub alert_min_severity: Option<Severity>,
    /// After which runs a message is sent, instead of `alert.when`: `changes`, `findings`, `always`.
    #[serde(default)]
    pub alert_when: Option<alert::When>,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn yes() -> bool {
    true
}

impl Job {
    /// When it is due.
    ///
    /// # Errors
    /// Where `cron` or `zone` cannot be understood.
    pub fn timetable(&self) -> Result<Timetable, BadTimetable> {
        Timetable::parse(&self.cron, &self.zone)
    }
}

impl Settings {
    /// Reads and checks a settings file.
    ///
    /// # Errors
    /// [`SettingsError`], for the first thing that is wrong with it.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let text = fs::read_to_string(path).map_err(|source| SettingsError::Read { path: path.to_owned(), source })?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Settings::parse(&text, path, folder)
    }

    /// The same for a text; `path` is for the errors.
    ///
    /// # Errors
    /// See [`Settings::read`].
    pub fn parse(text: &str, path: &Path, folder: PathBuf) -> Result<Self, SettingsError> {
        let mut settings: Settings = toml::from_str(text).map_err(|error| malformed(&error, text, path))?;
        settings.folder = folder;
        settings.digest = Some(change::Digest::of(text.as_bytes()));
        settings.check(path)?;
        Ok(settings)
    }

    fn check(&self, path: &Path) -> Result<(), SettingsError> {
        self.check_values(path)?;
        for (number, job) in self.jobs.iter().enumerate() {
            let name = || job.name.clone();
            if [store::MANUAL, store::CHANGES].contains(&job.name.as_str()) || store::Key::short(&job.name).is_err() {
                return Err(SettingsError::JobName { path: path.to_owned(), job: name() });
            }
            if self.jobs[..number].iter().any(|earlier| earlier.name == job.name) {
                return Err(SettingsError::SameJob { path: path.to_owned(), job: name() });
            }
            let timetable = job.timetable();
            if let Some(topic) = job.sns_topic_arn.clone().filter(|topic| !alert::topic::is_topic(topic)) {
                let key = "job.sns_topic_arn";
                return Err(SettingsError::Value { path: path.to_owned(), key, value: topic, help: A_TOPIC });
            }
            timetable.map_err(|source| SettingsError::Timetable { path: path.to_owned(), job: name(), source })?;
        }
        Ok(())
    }

    /// What AWS would refuse only when it is asked, and a job perhaps in a quarter of a year.
    fn check_values(&self, path: &Path) -> Result<(), SettingsError> {
        let as_of = self.as_of.filter(|at| !(0..=9999).contains(&at.year())).map(|at| at.to_rfc3339());
        let not_a_region = |region: &Option<String>| region.clone().filter(|region| !is_region(region));
        let of_a_bucket = "write the region of the bucket as AWS names it: `eu-central-1`";
        let role = self.aws.member_role.clone().filter(|role| !is_role(role));
        let topic = self.alert.sns_topic_arn.clone().filter(|topic| !alert::topic::is_topic(topic));
        let link = self.report.link.clone().filter(|link| !is_web_address(link));
        let grace = self.expect.sync_grace.0;
        let long_grace = (grace > MOST_GRACE).then(|| format!("{}h", grace.num_hours()));
        let of_a_home = |path: &Option<PathBuf>| {
            path.as_ref().map(|path| path.display().to_string()).filter(|path| store::is_of_a_home(path))
        };
        let wrong = [
            ("report.bucket.region", not_a_region(&self.report.bucket.region), of_a_bucket),
            ("expect.bucket_region", not_a_region(&self.expect.bucket_region), of_a_bucket),
            ("collect.from", of_a_home(&self.collect.from), store::HOME),
            ("collect.journals", of_a_home(&self.collect.journals), store::HOME),
            ("report.link", link, "write the address of a web server: `https://reports.example.com/rollcall`"),
            ("as_of", as_of, "write an instant with a four-digit year, like `2026-11-20T08:00:00Z`"),
            (
                "expect.sync_grace",
                long_grace,
                "write at most `7d`: as long as that, nothing that the synchronization may have to do is a finding",
            ),
            (
                "aws.region",
                not_a_region(&self.aws.region),
                "write the region of IAM Identity Center as AWS names it: `eu-central-1`",
            ),
            (
                "aws.member_role",
                role,
                "write the name of the role in every account (with its path, if it has one), not its ARN: \
                 `RollcallAuditor`, `audit/RollcallAuditor`",
            ),
            ("alert.sns_topic_arn", topic, A_TOPIC),
        ];
        for (key, value, help) in wrong.into_iter().chain(self.operator.wrong()) {
            if let Some(value) = value {
                return Err(SettingsError::Value { path: path.to_owned(), key, value, help });
            }
        }
        let of_watch = || self.watch.as_ref().and_then(|watch| watch.wrong(&self.jobs));
        match self.wrong_channel().or_else(of_watch) {
            Some((key, value, help)) => Err(SettingsError::Value { path: path.to_owned(), key, value, help }),
            None => Ok(()),
        }
    }

    /// The job of this name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn job(&self, name: &str) -> Result<&Job, SettingsError> {
        self.jobs.iter().find(|job| job.name == name).ok_or_else(|| SettingsError::NoSuchJob {
            job: name.to_owned(),
            known: self.jobs.iter().map(|job| job.name.clone()).collect(),
        })
    }

    /// The job of this name, or every job where no name is given.
    ///
    /// # Errors
    /// Where there is none: who asks about jobs of settings without any has named the wrong file.
    pub fn jobs_asked_for(&self, name: Option<&str>) -> Result<Vec<&Job>, SettingsError> {
        match name {
            Some(name) => Ok(vec![self.job(name)?]),
            None if self.jobs.is_empty() => Err(SettingsError::NoJob),
            None => Ok(self.jobs.iter().collect()),
        }
    }

    /// The settings of a run of this job, or of none: those of the job go before those for all. `cross_check`, where it
    /// is given, goes before both.
    #[must_use]
    pub fn of_run(&self, job: Option<&Job>, cross_check: Option<CrossCheck>) -> Self {
        let mut settings = self.clone();
        if let Some(cross_check) = cross_check.or(job.and_then(|job| job.cross_check)) {
            settings.aws.cross_check = cross_check;
        }
        settings
    }

    /// What is asked of AWS by the run, by hand or of a job, that asks most.
    #[must_use]
    pub fn widest(&self) -> collect::Options {
        let of_jobs = self.jobs.iter().filter_map(|job| job.cross_check);
        let cross_check = of_jobs.fold(self.aws.cross_check, CrossCheck::max);
        collect::Options { cross_check, ..self.aws.clone() }
    }

    /// The part of the settings that a report depends on.
    #[must_use]
    pub fn policy(&self) -> AuditPolicy {
        AuditPolicy {
            identity_source: self.expect.identity_source,
            nesting: self.expect.nested_groups,
            max_list_age: self.expect.max_age.0,
            sync_grace: self.expect.sync_grace.0,
            levels: self.rules.levels.clone(),
            max_waiver: self.rules.waiver_max.0,
            key_max_age: self.rules.key_max_age.map(|age| age.0),
            unused_after: self.rules.unused_after.map(|age| age.0),
            answers_within: self.aws.resume_within.0,
        }
    }

    /// How the lists are read by the clock that says `now`.
    #[must_use]
    pub fn reading(&self, now: DateTime<Utc>) -> expect::Options {
        let (encoding, culture) = (self.expect.encoding.clone(), self.expect.culture.clone());
        expect::Options { encoding, culture, now: Some(now) }
    }

    /// A path of the settings, from where the program runs.
    #[must_use]
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// The JSON Schema of the settings file (draft 2020-12).
    #[must_use]
    pub fn schema() -> String {
        let schema = schemars::schema_for!(Settings);
        serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n"
    }
}

/// Whether a text is what the address of a page begins with.
fn is_web_address(text: &str) -> bool {
    let rest = ["https://", "http://"].into_iter().find_map(|scheme| text.strip_prefix(scheme));
    rest.is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>`".contains(&byte))
    })
}

/// Whether a text is the name of a role, behind its path if it has one
/// (<https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>).
fn is_role(text: &str) -> bool {
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
    let name = text.rsplit_once('/').map_or(text, |(_, name)| name);
    name.len() <= 64 && text.split('/').all(|part| !part.is_empty() && part.bytes().all(valid))
}

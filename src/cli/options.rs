//! Options that several commands share. Each can be given in the environment (`ROLLCALL_*`) as well; what is given here
//! goes before the settings file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};
use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::{Exit, Failure, new_run_id};
use crate::pipeline::{EarlierRun, Look, PipelineError, Source};
use crate::settings::{FILE, Job, Settings, SettingsError};
use crate::store::{self, Location};

/// Where the settings are.
#[derive(Debug, Args)]
pub(super) struct Config {
    /// The settings file.
    #[arg(long, global = true, value_name = "FILE", env = "ROLLCALL_CONFIG", default_value = FILE, value_parser = path)]
    config: PathBuf,
}

impl Config {
    /// The settings.
    pub(super) fn read(&self) -> Result<Arc<Settings>, Failure> {
        Ok(Arc::new(self.try_read().map_err(wrong_settings)?))
    }

    /// The same for whoever does more with a failure than print it.
    pub(super) fn try_read(&self) -> Result<Settings, SettingsError> {
        Settings::read(&self.config)
    }

    /// What of the settings can be understood, where they were refused.
    pub(super) fn read_what_is_left(&self) -> Settings {
        Settings::read_what_is_left(&self.config)
    }

    /// The settings, or the defaults where there is no file and the command can do without.
    pub(super) fn read_or_default(&self) -> Result<Arc<Settings>, Failure> {
        if self.config.exists() { self.read() } else { Ok(Arc::default()) }
    }
}

/// Lists that cannot be written to.
#[derive(Debug, thiserror::Error)]
#[error("lists are only written to folders, and `{0}` is a bucket")]
struct ListsInABucket(Location);

/// What is looked at.
#[derive(Debug, Args)]
pub(super) struct What {
    /// Saved AWS CLI output (a folder with `calls.jsonl`) or a journal, instead of querying AWS.
    #[arg(long, global = true, value_name = "PATH", env = "ROLLCALL_FROM", value_parser = path)]
    from: Option<PathBuf>,
    /// The folder of the expected lists, or s3://bucket/prefix.
    #[arg(long, global = true, value_name = "DIR|s3://…", env = "ROLLCALL_EXPECTED")]
    expected: Option<Location>,
    /// The point in time to assess (RFC 3339). Default: now, or the time when the answers were saved. It must not be
    /// before the answers.
    #[arg(long, global = true, value_name = "INSTANT", env = "ROLLCALL_AS_OF", value_parser = instant)]
    pub(super) as_of: Option<DateTime<Utc>>,
}

impl What {
    /// Where AWS's side comes from.
    pub(super) fn source(&self, settings: &Settings) -> Source {
        self.from.as_ref().map_or_else(|| source(settings), |path| Source::Saved(path.clone()))
    }

    /// An audit that leaves no package, of lists in a folder.
    pub(super) fn look(&self, settings: &Arc<Settings>, earlier: &Earlier) -> Result<Look, Failure> {
        let expected = match self.expected(settings).map_err(no_audit)? {
            Location::Folder(folder) => folder,
            bucket @ Location::Bucket { .. } => {
                let help = "copy the lists into a folder, pass it as `--expected`, and upload the result";
                return Err(Failure::new(Exit::Usage, ListsInABucket(bucket), Some(help.to_owned())));
            }
        };
        Ok(Look {
            settings: Arc::clone(settings),
            source: self.source(settings),
            expected,
            as_of: self.as_of,
            run_id: new_run_id(),
            earlier: earlier.run(settings)?,
        })
    }

    /// Where the expected lists are. A folder that the settings name need not be there yet; one that the command names
    /// must be.
    pub(super) fn expected(&self, settings: &Settings) -> Result<Location, PipelineError> {
        match &self.expected {
            Some(Location::Folder(folder)) if !folder.exists() => {
                Err(PipelineError::NoListsFolder { path: folder.clone() })
            }
            Some(_) | None => Ok(self.named(settings)),
        }
    }

    /// The same, whether it is there or not.
    pub(super) fn named(&self, settings: &Settings) -> Location {
        self.expected.clone().unwrap_or_else(|| location(settings, &settings.expect.path))
    }
}

/// The run that a finding compares with, as that of a list that is gone.
#[derive(Debug, Args)]
pub(super) struct Earlier {
    /// The job whose run reported the finding.
    #[arg(long, value_name = "NAME", env = "ROLLCALL_JOB")]
    job: Option<String>,
    /// Where the package of that run is: a folder, or s3://bucket/prefix.
    #[arg(long, value_name = "DIR|s3://…", env = "ROLLCALL_TO")]
    to: Option<Location>,
}

impl Earlier {
    fn run(&self, settings: &Settings) -> Result<EarlierRun, Failure> {
        let job = self.job.as_deref().map(|name| settings.job(name)).transpose().map_err(wrong_settings)?;
        Ok(EarlierRun { store: store_of(settings, job, self.to.as_ref()), job: job.map(|job| job.name.clone()) })
    }
}

/// Where earlier audits may lie, each store with the name of a job: of one job, or of every job and of runs of none.
pub(super) fn audits(
    settings: &Settings,
    job: Option<&str>,
    to: Option<&Location>,
) -> Result<Vec<(Location, String)>, Failure> {
    let of_job = |job: &Job| (store_of(settings, Some(job), to), job.name.clone());
    Ok(match job {
        Some(name) => vec![of_job(settings.job(name).map_err(wrong_settings)?)],
        None => {
            let by_hand = (store_of(settings, None, to), store::MANUAL.to_owned());
            settings.jobs.iter().map(of_job).chain([by_hand]).collect()
        }
    })
}

/// Where the packages of a job are, or of runs of none.
pub(super) fn store_of(settings: &Settings, job: Option<&Job>, named: Option<&Location>) -> Location {
    let of_settings = || job.and_then(|job| job.to.as_ref()).unwrap_or(&settings.report.to);
    named.cloned().unwrap_or_else(|| location(settings, of_settings()))
}

/// Where the settings say that AWS's side comes from.
pub(super) fn source(settings: &Settings) -> Source {
    settings.collect.from.as_ref().map_or(Source::Live, |path| Source::Saved(settings.path(path)))
}

/// A place that the settings name.
pub(super) fn location(settings: &Settings, written: &Location) -> Location {
    match written {
        Location::Folder(path) => Location::Folder(settings.path(path)),
        Location::Bucket { .. } => written.clone(),
    }
}

/// A path of a file system. What a shell would have replaced comes here as it is where no shell saw it.
pub(super) fn path(text: &str) -> Result<PathBuf, String> {
    if store::is_of_a_home(text) { Err(store::HOME.to_owned()) } else { Ok(PathBuf::from(text)) }
}

/// An instant as RFC 3339 writes it, which knows years of four digits only.
fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    let at: DateTime<Utc> = text.parse().map_err(|error| format!("{error}; write it as `2026-11-20T08:00:00Z`"))?;
    if (0..=9999).contains(&at.year()) { Ok(at) } else { Err("the year is not between 0 and 9999".to_owned()) }
}

/// What is logged.
#[derive(Debug, Args)]
pub(super) struct Log {
    /// What to log on standard error: a level, or a filter like `rollcall=debug`.
    #[arg(
        long,
        global = true,
        value_name = "FILTER",
        env = "ROLLCALL_LOG",
        default_value = "rollcall=info",
        value_parser = filter
    )]
    pub(super) log: Filter,
    /// The log format.
    #[arg(long, global = true, value_name = "FORMAT", env = "ROLLCALL_LOG_FORMAT", default_value = "text")]
    pub(super) log_format: LogFormat,
}

/// A filter that was understood; it can be made again from its text.
#[derive(Debug, Clone)]
pub(super) struct Filter(String);

impl Filter {
    pub(super) fn to_env_filter(&self) -> EnvFilter {
        EnvFilter::new(&self.0)
    }
}

/// Reads a filter. A word alone that is no level would be taken for the name of a module, and silence all others.
fn filter(text: &str) -> Result<Filter, String> {
    let help =
        "write a level (`error`, `warn`, `info`, `debug`, `trace`, `off`), or modules with levels (`rollcall=debug`)";
    EnvFilter::try_new(text).map_err(|error| format!("{error}; {help}"))?;
    let mut words = text.split(',').map(str::trim).filter(|word| !word.is_empty() && !word.contains(['=', '[', ':']));
    match words.find(|word| *word != "rollcall" && word.parse::<LevelFilter>().is_err()) {
        Some(word) => Err(format!("`{word}` is not a level; {help}")),
        None => Ok(Filter(text.to_owned())),
    }
}

/// How something is logged.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum LogFormat {
    /// For a person.
    Text,
    /// One JSON object a line, with the time.
    Json,
}

/// A failure of the settings.
pub(super) fn wrong_settings(error: SettingsError) -> Failure {
    let help = error.help();
    Failure::new(Exit::Usage, error, help)
}

/// A failure of the pipeline.
pub(super) fn no_audit(error: PipelineError) -> Failure {
    let help = error.help();
    Failure::new(exit_of(&error), error, help)
}

/// How a failure of the pipeline ends the program: most mean that no audit could be done, and some that it was asked
/// for wrongly.
pub(super) fn exit_of(error: &PipelineError) -> Exit {
    let is_asked_wrongly = matches!(
        error,
        PipelineError::NoListsFolder { .. }
            | PipelineError::InsideLists { .. }
            | PipelineError::PastInstant { .. }
            | PipelineError::BeforeFacts { .. }
            | PipelineError::BeforeLastFact { .. }
    );
    if is_asked_wrongly { Exit::Usage } else { Exit::NoAudit }
}

/// A path for a reader.
pub(super) fn shown(path: &Path) -> String {
    crate::wording::visible(&path.display().to_string()).into_owned()
}

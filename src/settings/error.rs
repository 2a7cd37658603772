//! Settings that cannot be used, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use super::file::FILE;
use crate::schedule::BadTimetable;

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read settings `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A key that does not exist.
    #[error("unknown key `{key}` in `{}`, line {line}", path.display())]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: usize,
        /// The key.
        key: String,
        /// The keys that exist there.
        known: Vec<String>,
    },
    /// A value that is not what its key takes, or a text that is no TOML.
    #[error("cannot understand `{}`, line {line}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: usize,
        /// What is wrong there.
        #[source]
        source: Said,
    },
    /// A value that has its key's type, and cannot be what is meant.
    #[error("`{key}` in `{}` cannot be `{value}`", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The key, with its table.
        key: &'static str,
        /// The value.
        value: String,
        /// What it must be.
        help: &'static str,
    },
    /// A job that could never run as it is written.
    #[error("job `{job}` in `{}` has no valid timetable", path.display())]
    Timetable {
        /// The file.
        path: PathBuf,
        /// The job.
        job: String,
        /// Why.
        #[source]
        source: BadTimetable,
    },
    /// Two jobs of one name would be compared with each other.
    #[error("two jobs in `{}` are called `{job}`", path.display())]
    SameJob {
        /// The file.
        path: PathBuf,
        /// The job.
        job: String,
    },
    /// A job that is called what it cannot be called.
    #[error("a job in `{}` cannot be called `{job}`", path.display())]
    JobName {
        /// The file.
        path: PathBuf,
        /// The job.
        job: String,
    },
    /// There is no job at all.
    #[error("the settings have no job")]
    NoJob,
    /// A job that nobody wrote.
    #[error("the settings have no job `{job}`")]
    NoSuchJob {
        /// What was asked for.
        job: String,
        /// The jobs that there are.
        known: Vec<String>,
    },
}

/// What a parser said.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Said(pub(super) String);

impl SettingsError {
    /// The file, where the error is about one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            SettingsError::Read { path, .. }
            | SettingsError::UnknownKey { path, .. }
            | SettingsError::Malformed { path, .. }
            | SettingsError::Value { path, .. }
            | SettingsError::Timetable { path, .. }
            | SettingsError::SameJob { path, .. }
            | SettingsError::JobName { path, .. } => Some(path),
            SettingsError::NoJob | SettingsError::NoSuchJob { .. } => None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            SettingsError::Read { .. } => Some(format!("`rollcall init` writes a first `{FILE}`")),
            SettingsError::UnknownKey { key, known, .. } => Some(match nearest(key, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("available: {}", list(known)),
            }),
            SettingsError::NoSuchJob { job, known } if !known.is_empty() => Some(match nearest(job, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("available: {}", list(known)),
            }),
            SettingsError::NoJob | SettingsError::NoSuchJob { .. } => {
                Some("add a `[[job]]` with `name` and `cron`".to_owned())
            }
            SettingsError::Timetable { source, .. } => source.help(),
            SettingsError::SameJob { .. } => Some("give each job its own name".to_owned()),
            SettingsError::JobName { .. } => {
                Some("use at most 100 letters, digits, `-` and `_`; `manual` and `changes` are reserved".to_owned())
            }
            SettingsError::Value { help, .. } => Some((*help).to_owned()),
            SettingsError::Malformed { .. } => None,
        }
    }
}

/// The name that was probably meant.
fn nearest<'a>(text: &str, known: &'a [String]) -> Option<&'a String> {
    let close = |name: &&String| strsim::damerau_levenshtein(text, name) <= 1 + name.len() / 4;
    known.iter().filter(close).min_by_key(|name| strsim::damerau_levenshtein(text, name))
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What the parser of TOML said, in our terms. Its message names an unknown key and those that it would have taken,
/// each in backticks.
pub(super) fn malformed(error: &toml::de::Error, text: &str, path: &Path) -> SettingsError {
    let path = path.to_owned();
    let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
    let message = error.message();
    if message.starts_with("unknown field") {
        let mut names = message.split('`').skip(1).step_by(2).map(str::to_owned);
        if let Some(key) = names.next() {
            return SettingsError::UnknownKey { path, line, key, known: names.collect() };
        }
    }
    SettingsError::Malformed { path, line, source: Said(message.replace('\n', "; ")) }
}

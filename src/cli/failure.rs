//! How a failure is told: what happened, what it was caused by, and what to do.

use std::error::Error;
use std::io::Write;

use anstyle::{AnsiColor, Style};

use super::Exit;

/// A failure that ends the program.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    error: Box<dyn Error + Send + Sync>,
    help: Option<String>,
}

impl Failure {
    /// This failure, with what to do about it.
    pub fn new(exit: Exit, error: impl Error + Send + Sync + 'static, help: Option<String>) -> Self {
        Failure { exit, error: Box::new(error), help }
    }

    /// Tells it on `stderr`.
    pub fn tell(&self) {
        tell(Level::Error, &*self.error, self.help.as_deref());
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Level {
    /// The command did not do what it was asked.
    Error,
    /// It did, but something should be known.
    Warning,
}

/// Tells an error with its causes, each on a line of its own, and what to do.
pub(super) fn tell(level: Level, error: &dyn Error, help: Option<&str>) {
    let (word, colour) = match level {
        Level::Error => ("error", AnsiColor::Red),
        Level::Warning => ("warning", AnsiColor::Yellow),
    };
    let style = Style::new().bold().fg_color(Some(colour.into()));
    let mut text = format!("{style}{word}:{style:#} {}\n", visible(&error.to_string()));
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!("  caused by: {}\n", visible(&said(error)));
        cause = error.source();
    }
    text.extend(help.map(|help| format!("  help: {help}\n")));
    // Nobody can be told that nobody can be told.
    drop(anstream::stderr().write_all(text.as_bytes()));
}

/// An error may quote what it read.
fn visible(said: &str) -> String {
    crate::wording::phrase(said).into_owned()
}

/// What an error says. A parser of JSON would quote whole values, which may be personal data.
pub(super) fn said(error: &(dyn Error + 'static)) -> String {
    match error.downcast_ref::<serde_json::Error>() {
        Some(json) => crate::model::shortened(&json.to_string()),
        None => error.to_string(),
    }
}

/// What is said of a job that should alert and cannot.
pub(super) const NO_CHANNEL: &str = "no alerts are sent: no channel is set; set `alert.sns_topic_arn` or `[[alert.channel]]`, or `alert = false` in the job";

/// A job that should alert and cannot.
#[derive(Debug, thiserror::Error)]
#[error("job `{0}` sends no alerts: no channel is set")]
struct NoChannel(String);

/// Warns of a job whose alerts go nowhere.
pub(super) fn warn_of_no_channel(job: &str) {
    let help = "set `alert.sns_topic_arn` or `[[alert.channel]]`, or `alert = false` in the job if it needs no alerts";
    tell(Level::Warning, &NoChannel(job.to_owned()), Some(help));
}

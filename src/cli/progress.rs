//! How far collecting has come, on standard error: one line that renews itself on a terminal, and now and then a line
//! of the log elsewhere. `--log warn` silences both.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use tracing::Level;

use crate::pipeline::Progress;
use crate::wording::{self, thousands};

/// How often the line of a terminal is written anew.
const RENEWED: Duration = Duration::from_millis(200);
/// After how long a log has its first line, and after how long each further one.
const FIRST_LOGGED: Duration = Duration::from_secs(5);
const LOGGED: Duration = Duration::from_secs(30);

/// Something that shows progress, as standard error and the log's filter allow.
pub(super) fn shown() -> Box<dyn FnMut(Progress) + Send> {
    if !tracing::enabled!(Level::INFO) {
        return Box::new(|_| ());
    }
    if io::stderr().is_terminal() { Box::new(on_terminal()) } else { Box::new(in_log()) }
}

/// A line of a terminal, which takes itself away when it is dropped.
#[derive(Default)]
struct Line {
    begun: Option<Instant>,
    written: Option<Instant>,
}

impl Line {
    fn renew(&mut self, progress: Progress) {
        let now = Instant::now();
        let begun = *self.begun.get_or_insert(now);
        if self.written.is_none_or(|written| now - written >= RENEWED) {
            write_over(&format!("querying AWS: {}", words(progress, now - begun)));
            self.written = Some(now);
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.written.is_some() {
            write_over("");
        }
    }
}

fn on_terminal() -> impl FnMut(Progress) + Send {
    let mut line = Line::default();
    move |progress| line.renew(progress)
}

fn in_log() -> impl FnMut(Progress) + Send {
    let (mut begun, mut logged) = (None, None);
    move |progress| {
        let now = Instant::now();
        let begun = *begun.get_or_insert(now);
        let due = logged.map_or(begun + FIRST_LOGGED, |logged| logged + LOGGED);
        if now >= due {
            tracing::info!("querying AWS: {}", words(progress, now - begun));
            logged = Some(now);
        }
    }
}

/// Nobody can be told that nobody can be told.
fn write_over(text: &str) {
    drop(write!(io::stderr(), "\r\x1b[2K{text}"));
    drop(io::stderr().flush());
}

fn words(progress: Progress, since: Duration) -> String {
    let Progress { calls, ahead, seconds } = progress;
    let rate = calls as f64 / since.as_secs_f64().max(1.0);
    if ahead == 0 {
        return format!("{} calls, {rate:.0} a second", thousands(calls));
    }
    // What was seen so far may be slower than the pace that is allowed.
    let seconds = seconds.max(ahead as f64 / rate.max(0.1));
    format!(
        "{} of {} known calls, {rate:.0} a second, about {} left",
        thousands(calls),
        thousands(calls + ahead),
        wording::seconds(seconds.ceil() as u64)
    )
}

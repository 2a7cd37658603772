//! The instant that a run speaks about, and where its facts come from.
//!
//! An instant before the facts would make expired waivers and old lists valid again, so none is taken. A later one only
//! makes more of them expire, and the report says how far it lies from the facts.

use chrono::{DateTime, TimeDelta, Utc};

use crate::collect::Clock;
use crate::model::{Origin, Window};
use crate::settings::Settings;

use super::PipelineError;
use super::order::Source;

/// How far in the past the instant of a live run may lie, and that of saved answers before the last of them: clocks
/// differ, and a command is written before it runs.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::hours(1);

/// Refuses an instant in the past for a run that asks AWS now.
pub(super) fn check(
    asked: Option<DateTime<Utc>>,
    settings: &Settings,
    source: &Source,
    clock: &Clock,
) -> Result<(), PipelineError> {
    let now = clock();
    match (source, asked.or(settings.as_of)) {
        (Source::Live, Some(at)) if at + CLOCKS_DIFFER < now => Err(PipelineError::PastInstant { at, now }),
        (Source::Live | Source::Saved(_), _) => Ok(()),
    }
}

/// The instant that a run speaks about: what was saved speaks about the time at which it was saved, what is collected
/// now about now, unless another instant is asked for.
pub(super) fn of(
    asked: Option<DateTime<Utc>>,
    settings: &Settings,
    source: &Source,
    window: Option<Window>,
    clock: &Clock,
) -> Result<DateTime<Utc>, PipelineError> {
    check(asked, settings, source, clock)?;
    let window = window.filter(|_| *source != Source::Live);
    match (asked.or(settings.as_of), window) {
        (Some(at), Some(Window { from, .. })) if at < from => Err(PipelineError::BeforeFacts { at, from }),
        (Some(at), Some(Window { to, .. })) if to - at > CLOCKS_DIFFER => Err(PipelineError::BeforeLastFact { at, to }),
        (Some(at), _) => Ok(at),
        (None, Some(window)) => Ok(window.to),
        (None, None) => Ok(clock()),
    }
}

/// Where AWS's side comes from.
pub(super) fn origin(source: &Source) -> Origin {
    match source {
        Source::Live => Origin::Live,
        Source::Saved(path) if path.is_dir() => Origin::SavedFiles,
        Source::Saved(_) => Origin::Journal,
    }
}

//! When a run is due, was missed, or is overdue. Of several missed runs, only the latest is made up for.

use chrono::{DateTime, TimeDelta, Utc};

use super::timetable::Timetable;

/// The instant at which a job is due and was not handled, if there is one: the latest of its timetable that is later
/// than `last` and not later than `now`.
///
/// `last` is the due instant that was handled last, or the instant from which on the job is watched where none was.
/// Only the latest counts: a machine that slept through three runs makes up for one. Where the clock was set back
/// behind `last`, nothing is due until it has come past `last` again.
#[must_use]
pub fn due(timetable: &Timetable, last: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    timetable.latest(now).filter(|&latest| latest > last)
}

/// Since when a job is overdue: the first instant of its timetable after `last` for which it was not run, if that was so
/// long ago that its run should be done. `last` is the due instant that was handled last.
#[must_use]
pub fn overdue(
    timetable: &Timetable,
    last: DateTime<Utc>,
    now: DateTime<Utc>,
    takes: TimeDelta,
) -> Option<DateTime<Utc>> {
    timetable.next(last).filter(|&first| now - first >= takes)
}

/// How many instants of a timetable are counted at most.
const COUNTED: usize = 10_000;

/// How many instants of a timetable lie between two, neither of which counts.
#[must_use]
pub fn between(timetable: &Timetable, after: DateTime<Utc>, before: DateTime<Utc>) -> usize {
    let instants = std::iter::successors(timetable.next(after), |at| timetable.next(*at));
    instants.take_while(|&at| at < before).take(COUNTED).count()
}

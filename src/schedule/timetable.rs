//! A cron pattern in a time zone, and the instants that it names.
//!
//! croner only matches the pattern against clock faces; which instant a clock face is, this file says. Its own search
//! in a zone takes `0 2,14 * * *` for an interval, and would skip the run at two in spring and do it twice in autumn.

use std::fmt;

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use croner::Cron;
use croner::errors::CronError;
use croner::parser::{CronParser, Seconds, Year};

use super::BadTimetable;

/// More than any zone has ever been set forward or back at once (a whole day, Samoa in 2011). Clock faces that are
/// further apart than this are in the order of the instants they name.
const WIDEST_STEP: TimeDelta = TimeDelta::hours(26);

/// When a job is to run: a cron pattern of five fields, read on the clocks of a time zone.
///
/// Where clocks are set forward or back, a pattern that names its hours (`30 2 * * *`) comes exactly once for each
/// time it names: a time that is skipped comes at the moment of the step, a time that is shown twice comes the first
/// time. A pattern for every hour (`*/20 * * * *`) goes by what the clock shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Timetable {
    cron: Cron,
    text: String,
    zone: Tz,
}

impl Timetable {
    /// Reads a pattern (`0 8 * * MON-FRI`) and a zone (`Europe/Berlin`).
    ///
    /// # Errors
    /// Where either cannot be understood, or the pattern never comes.
    pub fn parse(cron: &str, zone: &str) -> Result<Self, BadTimetable> {
        let text = cron.split_whitespace().collect::<Vec<_>>().join(" ");
        let found = text.split_whitespace().count();
        if found != 5 {
            return Err(BadTimetable::Fields { cron: text, found });
        }
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = match parser.parse(&text) {
            Ok(cron) => cron,
            Err(error) => return Err(BadTimetable::Pattern { cron: text, reason: reason(&error) }),
        };
        let Ok(zone) = zone.parse::<Tz>() else {
            return Err(BadTimetable::Zone { zone: zone.to_owned(), like: like(zone) });
        };
        let timetable = Timetable { cron, text, zone };
        // Any instant will do: what comes at all comes within a few decades.
        match timetable.next(DateTime::UNIX_EPOCH) {
            Some(_) => Ok(timetable),
            None => Err(BadTimetable::Never { cron: timetable.text }),
        }
    }

    /// The first instant after `now`, for those who want to know when to expect the job.
    #[must_use]
    pub fn next(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut face = self.face(now) - WIDEST_STEP;
        let mut first: Option<(NaiveDateTime, DateTime<Utc>)> = None;
        loop {
            face = self.cron.find_next_occurrence(&face.and_utc(), false).ok()?.naive_utc();
            if let Some((found_on, instant)) = first
                && face > found_on + WIDEST_STEP
            {
                return Some(instant);
            }
            let earliest = self.instants(face).filter(|&instant| instant > now).min();
            first = match (first, earliest) {
                (None, Some(instant)) => Some((face, instant)),
                (Some((found_on, first)), Some(instant)) => Some((found_on, first.min(instant))),
                (first, None) => first,
            };
        }
    }

    /// The last instant that is not after `now`.
    pub(super) fn latest(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut face = self.face(now) + WIDEST_STEP;
        let mut last: Option<(NaiveDateTime, DateTime<Utc>)> = None;
        loop {
            face = self.cron.find_previous_occurrence(&face.and_utc(), false).ok()?.naive_utc();
            if let Some((found_on, instant)) = last
                && face < found_on - WIDEST_STEP
            {
                return Some(instant);
            }
            let latest = self.instants(face).filter(|&instant| instant <= now).max();
            last = match (last, latest) {
                (None, Some(instant)) => Some((face, instant)),
                (Some((found_on, last)), Some(instant)) => Some((found_on, last.max(instant))),
                (last, None) => last,
            };
        }
    }

    /// What the zone's clocks show, to the second: croner would carry fractions along.
    fn face(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let face = at.with_timezone(&self.zone).naive_local();
        face.with_nanosecond(0).expect("every time has a whole second")
    }

    /// The instants at which the job runs because of this clock face.
    fn instants(&self, face: NaiveDateTime) -> impl Iterator<Item = DateTime<Utc>> {
        let shown = self.zone.from_local_datetime(&face);
        let (once, again) = match (shown.earliest(), shown.latest(), self.names_hours()) {
            (Some(first), Some(second), false) => (Some(first.to_utc()), Some(second.to_utc())),
            (Some(first), _, _) => (Some(first.to_utc()), None),
            (None, _, true) => (Some(self.step_over(face)), None),
            (None, _, false) => (None, None),
        };
        once.into_iter().chain(again)
    }

    /// The moment at which the clocks were set forward over this face.
    fn step_over(&self, skipped: NaiveDateTime) -> DateTime<Utc> {
        // No instant shows this face: all before the step show an earlier one, and all after it a later one.
        let mut before = (skipped - WIDEST_STEP).and_utc();
        let mut after = (skipped + WIDEST_STEP).and_utc();
        while after - before > TimeDelta::seconds(1) {
            let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
            if self.face(middle) < skipped { before = middle } else { after = middle }
        }
        after
    }

    /// Whether the pattern says which hours, and not just any.
    fn names_hours(&self) -> bool {
        self.text.split(' ').nth(1).is_some_and(|hours| !hours.contains('*'))
    }
}

impl fmt::Display for Timetable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.text, self.zone)
    }
}

/// croner's reason, in our form: its own begin with a capital letter or its name for a pattern, and end with a stop.
fn reason(error: &CronError) -> String {
    let text = match error {
        CronError::InvalidPattern(text) | CronError::IllegalCharacters(text) | CronError::ComponentError(text) => text,
        CronError::EmptyPattern
        | CronError::InvalidDate
        | CronError::InvalidTime
        | CronError::TimeSearchLimitExceeded => return "it cannot be read".to_owned(),
    };
    let text = text.trim_start_matches("CronPattern ").trim_end_matches('.');
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// The zone whose name is most like this one.
fn like(zone: &str) -> Option<&'static str> {
    let wanted = zone.to_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&wanted, &name.to_lowercase());
    let names = TZ_VARIANTS.iter().map(|zone| zone.name());
    let best = names.max_by(|one, other| likeness(one).total_cmp(&likeness(other)))?;
    (likeness(best) > 0.85).then_some(best)
}

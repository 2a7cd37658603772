//! When a job is due: over summer time, missed runs, and clocks that are set.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use insta::assert_snapshot;
use proptest::prelude::*;
use rollcall::schedule::{Timetable, due};

fn timetable(cron: &str, zone: &str) -> Timetable {
    Timetable::parse(cron, zone).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// All that `cron` names between two instants, asked one after the other.
fn named(cron: &str, zone: &str, from: &str, to: &str) -> String {
    let (timetable, mut now, to) = (timetable(cron, zone), at(from), at(to));
    let mut lines = Vec::new();
    while let Some(next) = timetable.next(now).filter(|&next| next <= to) {
        lines.push(next.format("%d %b %H:%M UTC").to_string());
        now = next;
    }
    lines.join("\n")
}

#[test]
fn a_time_that_is_skipped_in_spring_comes_at_the_moment_of_the_step() {
    // Clocks in Berlin go from 02:00 to 03:00 on 29 March 2026, at 01:00 UTC.
    assert_snapshot!(named("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z"), @r"
    28 Mar 01:30 UTC
    29 Mar 01:00 UTC
    30 Mar 00:30 UTC
    ");
}

#[test]
fn a_time_that_is_shown_twice_in_autumn_comes_once() {
    // Clocks in Berlin go from 03:00 back to 02:00 on 25 October 2026, at 01:00 UTC.
    assert_snapshot!(named("30 2 * * *", "Europe/Berlin", "2026-10-24T00:00:00Z", "2026-10-26T12:00:00Z"), @r"
    24 Oct 00:30 UTC
    25 Oct 00:30 UTC
    26 Oct 01:30 UTC
    ");
}

#[test]
fn two_times_a_day_are_two_times_on_the_days_of_the_steps_too() {
    assert_snapshot!(named("15 2,14 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", "2026-03-29T23:00:00Z"), @r"
    29 Mar 01:00 UTC
    29 Mar 12:15 UTC
    ");
    assert_snapshot!(named("15 2,14 * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T23:00:00Z"), @r"
    25 Oct 00:15 UTC
    25 Oct 13:15 UTC
    ");
}

#[test]
fn a_job_for_every_hour_runs_in_every_hour_that_passes() {
    assert_snapshot!(named("0 * * * *", "Europe/Berlin", "2026-03-28T23:30:00Z", "2026-03-29T02:30:00Z"), @r"
    29 Mar 00:00 UTC
    29 Mar 01:00 UTC
    29 Mar 02:00 UTC
    ");
    assert_snapshot!(named("0 * * * *", "Europe/Berlin", "2026-10-24T23:30:00Z", "2026-10-25T02:30:00Z"), @r"
    25 Oct 00:00 UTC
    25 Oct 01:00 UTC
    25 Oct 02:00 UTC
    ");
}

#[test]
fn a_day_that_a_zone_left_out_comes_at_the_moment_of_the_step() {
    // Samoa went from 29 to 31 December 2011.
    assert_snapshot!(named("0 8 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z", "2012-01-10T00:00:00Z"), @"30 Dec 10:00 UTC");
}

#[test]
fn a_step_of_half_an_hour_is_a_step() {
    // Lord Howe Island goes from 02:00 to 02:30 on 4 October 2026, at 15:30 UTC the day before.
    assert_snapshot!(named("10 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00Z", "2026-10-04T16:00:00Z"), @r"
    03 Oct 15:30 UTC
    04 Oct 15:10 UTC
    ");
}

#[test]
fn a_machine_that_slept_makes_up_for_the_last_run_only() {
    let daily = timetable("0 8 * * *", "UTC");
    let woken = due(&daily, at("2026-11-16T08:00:00Z"), at("2026-11-20T11:12:13.5Z"));
    assert_eq!(woken, Some(at("2026-11-20T08:00:00Z")));
}

#[test]
fn a_job_that_was_never_run_waits_for_its_next_time() {
    let daily = timetable("0 8 * * *", "UTC");
    let since = at("2026-11-20T08:00:01Z");
    assert_eq!(due(&daily, since, at("2026-11-21T07:59:59Z")), None);
    assert_eq!(due(&daily, since, at("2026-11-21T08:00:00Z")), Some(at("2026-11-21T08:00:00Z")));
}

#[test]
fn what_was_handled_is_not_due_again_when_the_clock_is_set_back() {
    let daily = timetable("0 8 * * *", "UTC");
    let handled = at("2026-11-20T08:00:00Z");
    for now in ["2026-11-20T07:00:00Z", "2026-11-20T08:00:00Z", "2026-11-21T07:59:59.999Z"] {
        assert_eq!(due(&daily, handled, at(now)), None, "at {now}");
    }
}

#[test]
fn what_is_wrong_with_a_timetable_is_said_with_an_example() {
    let said = |cron: &str, zone: &str| {
        let bad = Timetable::parse(cron, zone).unwrap_err();
        format!("error: {bad}\n  help: {}\n", bad.help().unwrap_or_default())
    };
    let all = [
        said("0 8 * *", "UTC"),
        said("0 0 8 * * *", "UTC"),
        said("@daily", "UTC"),
        said("", "UTC"),
        said("60 8 * * *", "UTC"),
        said("0 8 * * FUNDAY", "UTC"),
        said("0 8 30 2 *", "UTC"),
        said("0 8 * * *", "Europe/Berlim"),
        said("0 8 * * *", "CEST+2"),
    ];
    assert_snapshot!(all.concat(), @r"
    error: `0 8 * *` is not a cron pattern: five fields are needed, it has 4
      help: write minute, hour, day of the month, month and weekday: `0 8 * * MON-FRI` is eight o'clock on working days
    error: `0 0 8 * * *` is not a cron pattern: five fields are needed, it has 6
      help: write minute, hour, day of the month, month and weekday: `0 8 * * MON-FRI` is eight o'clock on working days
    error: `@daily` is not a cron pattern: five fields are needed, it has 1
      help: write minute, hour, day of the month, month and weekday: `0 8 * * MON-FRI` is eight o'clock on working days
    error: `` is not a cron pattern: five fields are needed, it has 0
      help: write minute, hour, day of the month, month and weekday: `0 8 * * MON-FRI` is eight o'clock on working days
    error: cannot understand the cron pattern `60 8 * * *`: number out of bounds
      help: write minute, hour, day of the month, month and weekday: `0 8 * * MON-FRI` is eight o'clock on working days
    error: cannot understand the cron pattern `0 8 * * FUNDAY`: contains illegal character 'F' in part 'FUNDAY'
      help: write minute, hour, day of the month, month and weekday: `0 8 * * MON-FRI` is eight o'clock on working days
    error: `0 8 30 2 *` never occurs: no month in it has such a day
      help: `0 8 L * *` is eight o'clock on the last day of each month
    error: unknown time zone `Europe/Berlim`
      help: did you mean `Europe/Berlin`?
    error: unknown time zone `CEST+2`
      help: did you mean `CET`?
    ");
}

/// Zones with steps in spring and autumn, in the other half of the world, of half an hour, and without any.
const ZONES: [&str; 7] = [
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "UTC",
];

/// Patterns for named hours, for every hour, and for days that are rare. All of them name multiples of five minutes.
const PATTERNS: [&str; 8] = [
    "30 2 * * *",
    "0 0 * * *",
    "15 1,2,3 * * *",
    "0 */6 * * *",
    "*/20 * * * *",
    "0 8 * * MON-FRI",
    "0 23 L * *",
    "55 23 31 12 *",
];

fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    // 2020 to 2035, any second.
    (1_577_836_800_i64..2_051_222_400).prop_map(|seconds| Utc.timestamp_opt(seconds, 0).unwrap())
}

proptest! {
    #[test]
    fn what_is_due_lies_between_the_last_time_and_now_and_is_due_once(
        zone in prop::sample::select(&ZONES[..]),
        cron in prop::sample::select(&PATTERNS[..]),
        last in instants(),
        minutes in 0_i64..200_000,
    ) {
        let timetable = timetable(cron, zone);
        let now = last + TimeDelta::minutes(minutes);
        match due(&timetable, last, now) {
            Some(instant) => {
                prop_assert!(last < instant && instant <= now);
                prop_assert_eq!(due(&timetable, instant, now), None);
                prop_assert_eq!(due(&timetable, last, instant), Some(instant));
                prop_assert!(timetable.next(instant).is_none_or(|next| next > now), "it is the latest");
            }
            None => prop_assert!(timetable.next(last).is_none_or(|next| next > now), "there is none"),
        }
    }

    #[test]
    fn a_job_for_a_named_hour_comes_once_each_day_of_the_calendar(
        zone in prop::sample::select(&ZONES[..]),
        hour in 0..24,
        minute in 0..60,
        start in instants(),
    ) {
        let timetable = timetable(&format!("{minute} {hour} * * *"), zone);
        let zone: chrono_tz::Tz = zone.parse().unwrap();
        let mut now = start;
        let mut days = Vec::new();
        for _ in 0..400 {
            now = timetable.next(now).unwrap();
            days.push(now.with_timezone(&zone).date_naive());
        }
        prop_assert!(days.windows(2).all(|pair| pair[0].succ_opt() == Some(pair[1])));
    }
}

proptest! {
    // Each case asks six hundred times.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn who_looks_every_five_minutes_sees_each_time_once(
        zone in prop::sample::select(&ZONES[..]),
        cron in prop::sample::select(&PATTERNS[..5]),
        start in instants(),
    ) {
        let timetable = timetable(cron, zone);
        let (mut last, mut asked, mut searched) = (start, Vec::new(), Vec::new());
        for minutes in (0..=2 * 24 * 60).step_by(5) {
            if let Some(instant) = due(&timetable, last, start + TimeDelta::minutes(minutes)) {
                asked.push(instant);
                last = instant;
            }
        }
        let mut now = start;
        while let Some(next) = timetable.next(now).filter(|&next| next <= start + TimeDelta::days(2)) {
            searched.push(next);
            now = next;
        }
        prop_assert_eq!(asked, searched);
    }
}

//! Whom AWS's side comes from, and what was asked how often.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Caller, Origin, Report, Snapshot, Tally};

use super::{Fact, thousands, visible, window};

/// What the numbers of [`ledger_numbers`] are.
pub const LEDGER_COLUMNS: [&str; 7] = ["Calls", "Pages", "Items", "Retried", "Throttled", "Denied", "Failed"];

/// One operation's numbers, in the order of [`LEDGER_COLUMNS`].
#[must_use]
pub fn ledger_numbers(tally: &Tally) -> [String; 7] {
    let Tally { calls, pages, items, denied, failed, throttled, retried, window: _ } = *tally;
    [calls, pages, items, retried, throttled, denied, failed].map(thousands)
}

/// From an operation's first request to its last answer.
#[must_use]
pub fn ledger_window(tally: &Tally) -> String {
    tally.window.map_or_else(String::new, window)
}

/// Who asked whom, and when.
#[must_use]
pub fn provenance(snapshot: &Snapshot, origin: Option<Origin>) -> [Fact; 3] {
    let unknown = || "not known".to_owned();
    [
        Fact { label: "Collected", value: snapshot.window.map_or_else(unknown, window) },
        Fact {
            label: "Collected as",
            value: snapshot.caller.as_ref().map_or_else(unknown, |caller| visible(&caller.arn).into()),
        },
        Fact { label: "AWS data", value: facts_from(snapshot, origin) },
    ]
}

/// Where the answers come from, the partition, and the region of Identity Center.
fn facts_from(snapshot: &Snapshot, origin: Option<Origin>) -> String {
    let endpoint = match (&snapshot.redirected_to, origin) {
        (Some(endpoint), Some(Origin::Live)) => format!("`{}`, which is NOT AWS", visible(endpoint)),
        (Some(endpoint), _) => {
            format!("{} with answers from `{}`, which is NOT AWS", origin_words(origin), visible(endpoint))
        }
        (None, Some(Origin::Live)) => "AWS, queried live; no other endpoint was detected".to_owned(),
        (None, _) => format!("{}; no endpoint other than AWS was detected", origin_words(origin)),
    };
    let partition = snapshot.caller.as_ref().and_then(Caller::partition);
    let partition = partition.map_or("not known".to_owned(), |name| format!("`{}`", visible(name)));
    let region = snapshot.scope.region.as_ref().map_or("not known".to_owned(), |name| format!("`{}`", visible(name)));
    format!("{endpoint}; partition {partition}; region {region}")
}

/// When the first answer was asked for, and how long before or after the instant that the run speaks about: where that is
/// more than a day. All that the run says is as old as the oldest of its answers.
pub(super) fn facts_apart(report: &Report<'_>) -> Option<(DateTime<Utc>, TimeDelta)> {
    let facts = report.world.snapshot.window?.from;
    let apart = report.world.stamp.as_of - facts;
    (apart.abs() > TimeDelta::days(1)).then_some((facts, apart))
}

/// Where the answers come from, in a word or two.
pub(super) fn origin_words(origin: Option<Origin>) -> &'static str {
    match origin {
        Some(Origin::Live) => "live from AWS",
        Some(Origin::SavedFiles) => "saved files",
        Some(Origin::Journal) => "the journal of a run",
        None => "a source that this package does not name",
    }
}

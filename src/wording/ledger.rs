//! Whom AWS's side comes from, and what was asked how often.

use crate::model::{Caller, Snapshot, Tally};

use super::run::{Fact, window};
use super::{thousands, visible};

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
pub fn provenance(snapshot: &Snapshot) -> [Fact; 3] {
    let unknown = || "not known".to_owned();
    [
        Fact { label: "Collected", value: snapshot.window.map_or_else(unknown, window) },
        Fact {
            label: "Asked by",
            value: snapshot.caller.as_ref().map_or_else(unknown, |caller| visible(&caller.arn).into()),
        },
        Fact { label: "Answered by", value: answered_by(snapshot) },
    ]
}

/// The endpoint where it is none of AWS's own, the partition, and the region of Identity Center.
fn answered_by(snapshot: &Snapshot) -> String {
    let endpoint = match &snapshot.redirected_to {
        Some(endpoint) => format!("`{}`, which is NOT AWS", visible(endpoint)),
        None => "AWS; no other endpoint was noticed".to_owned(),
    };
    let partition = snapshot.caller.as_ref().and_then(Caller::partition);
    let partition = partition.map_or("not known".to_owned(), |name| format!("`{}`", visible(name)));
    let region = snapshot.scope.region.as_ref().map_or("not known".to_owned(), |name| format!("`{}`", visible(name)));
    format!("{endpoint}; partition {partition}; region {region}")
}

//! `changes.csv`: one row a change of a plan that was applied.

use std::io;

use super::{Sheet, or_empty};
use crate::change::record::{Record, Recorded};
use crate::wording::{self, instant, recorded_state, recorded_steps};

const COLUMNS: [&str; 16] = [
    "plan",
    "change",
    "kind",
    "what",
    "state",
    "at",
    "applied_by",
    "planned_by",
    "references",
    "before",
    "after",
    "steps",
    "aws_requests",
    "findings",
    "why",
    "undo",
];

/// Writes `changes.csv`.
///
/// # Errors
/// Where `out` does.
pub(in crate::render) fn record_csv(record: &Record, out: &mut dyn io::Write) -> io::Result<()> {
    let mut sheet = Sheet::open(out, &COLUMNS)?;
    for change in &record.changes {
        sheet.row(cells(record, change))?;
    }
    sheet.close()
}

fn cells(record: &Record, change: &Recorded) -> [String; 16] {
    let planned = &change.planned;
    let mut references: Vec<&str> = record.rounds.iter().filter_map(|round| round.order.reference.as_deref()).collect();
    references.dedup();
    let requests: Vec<&str> = change.sent.iter().flat_map(|sent| &sent.requests).map(String::as_str).collect();
    [
        record.digest.to_string(),
        planned.id.to_string(),
        planned.change.kind().to_string(),
        wording::change(&planned.change),
        recorded_state(change.state).to_owned(),
        change.at.map(instant).unwrap_or_default(),
        or_empty(change.by.as_ref()),
        or_empty(record.plan.made.by.as_ref()),
        references.join(" "),
        change.before.as_ref().map(wording::sight).unwrap_or_default(),
        change.after.as_ref().map(wording::sight).unwrap_or_default(),
        recorded_steps(change).join(" · "),
        requests.join(" "),
        planned.findings.join(" "),
        planned.why.clone(),
        wording::undo(planned.change.kind()).to_owned(),
    ]
}

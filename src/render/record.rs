//! What applying a plan did, as the files of a package: `changes.html` for a person, `changes.csv` for a spreadsheet.

use std::io;

use askama::Template;

use super::csv::record_csv;
use super::markup::Marked;
use super::plan::foreseen;
use crate::change::record::{Record, Recorded, Round};
use crate::wording::{
    self, instant, record_headline, record_stopped, recorded_order, recorded_state, recorded_steps, visible,
};

/// A file of a package of changes.
#[derive(Debug, Clone, Copy)]
pub struct RecordFile {
    /// Its name in the package.
    pub name: &'static str,
    /// Its media type (RFC 6838).
    pub media_type: &'static str,
    /// Writes it.
    pub render: fn(&Record, &mut dyn io::Write) -> io::Result<()>,
}

/// Every file that a record becomes in a package, the one to open first in front.
pub const RECORD_FILES: &[RecordFile] = &[
    RecordFile { name: "changes.html", media_type: "text/html; charset=utf-8", render: html },
    RecordFile { name: "changes.csv", media_type: "text/csv; charset=utf-8", render: record_csv },
];

#[derive(Template)]
#[template(path = "changes.html")]
struct Page {
    tone: &'static str,
    headline: String,
    stopped: Option<Marked>,
    facts: Vec<(&'static str, Marked)>,
    rounds: Vec<RoundRow>,
    changes: Vec<Card>,
}

struct RoundRow {
    at: String,
    operator: Marked,
    observer: Marked,
    order: Marked,
}

struct Card {
    id: String,
    tone: &'static str,
    what: Marked,
    state: &'static str,
    why: Marked,
    findings: String,
    /// What each is called, and what it is.
    facts: Vec<(&'static str, Marked)>,
    steps: Vec<Marked>,
}

fn html(record: &Record, out: &mut dyn io::Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    Page::of(record).write_into(&mut out)?;
    io::Write::flush(&mut out)
}

impl Page {
    fn of(record: &Record) -> Self {
        let is_whole = record.done() == record.changes.len();
        Page {
            tone: if is_whole { "good" } else { "warn" },
            headline: record_headline(record),
            stopped: record_stopped(record).map(Marked::from),
            facts: facts(record),
            rounds: record.rounds.iter().map(round).collect(),
            changes: record.changes.iter().map(card).collect(),
        }
    }
}

fn facts(record: &Record) -> Vec<(&'static str, Marked)> {
    let plan = &record.plan;
    let by = plan.made.by.as_deref().map_or_else(|| "an unknown caller".to_owned(), code);
    let mut references: Vec<String> =
        record.rounds.iter().filter_map(|round| round.order.reference.as_deref()).map(code).collect();
    references.dedup();
    let reference = if references.is_empty() { "none given".to_owned() } else { references.join(", ") };
    let place = [&plan.place.organization, &plan.place.identity_store].into_iter().flatten();
    let place: Vec<String> = place.map(code).collect();
    let endpoint = plan.place.endpoint.iter().map(|endpoint| format!("{}, which is not AWS", code(endpoint)));
    let place: Vec<String> = place.into_iter().chain(endpoint).collect();
    let facts = [
        ("Plan", format!("`{}`", record.digest)),
        ("Planned", format!("{}, by {by}", instant(plan.made.at))),
        ("Reviewed", format!("these bytes, by whoever confirmed the digest `{}`", record.digest.short())),
        ("Reference", reference),
        ("For", place.join(", ")),
        ("Foreseen", foreseen(plan)),
        ("Journal", format!("entries 1 to {}, until {}", record.entries, instant(record.until))),
    ];
    facts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(label, value)| (label, value.into())).collect()
}

fn round(round: &Round) -> RoundRow {
    RoundRow {
        at: instant(round.at),
        operator: code(&round.operator).into(),
        observer: code(&round.observer).into(),
        order: recorded_order(round).into(),
    }
}

fn card(change: &Recorded) -> Card {
    let read = |sight: Option<&_>| sight.map_or_else(|| "not read".to_owned(), wording::sight);
    let mut facts = Vec::new();
    if let Some(at) = change.at {
        let by = change.by.as_deref().map(|by| format!(", by {}", code(by))).unwrap_or_default();
        facts.push(("When", format!("{}{by}", instant(at)).into()));
        facts.push(("Before", read(change.before.as_ref()).into()));
        facts.push(("After", read(change.after.as_ref()).into()));
    }
    Card {
        id: change.planned.id.to_string(),
        tone: if change.is_done() { "good" } else { "warn" },
        what: wording::change(&change.planned.change).into(),
        state: recorded_state(change.state),
        why: wording::phrase(&change.planned.why).into_owned().into(),
        findings: change.planned.findings.iter().map(|id| visible(id).into_owned()).collect::<Vec<_>>().join(", "),
        facts,
        steps: recorded_steps(change).into_iter().map(Marked::from).collect(),
    }
}

fn code(text: impl AsRef<str>) -> String {
    format!("`{}`", visible(text.as_ref()))
}

//! The tables about what was read: coverage by kind, gaps, expected lists, calls to AWS.

use std::collections::BTreeMap;

use crate::model::{ExpectedFile, Hides, Kind, Report, StandingWord};
use crate::render::markup::Marked;
use crate::wording::{
    EVERY_GAP, GapGroup, clock_words, count, extent_words, gap_groups, instant, kind_word, ledger_numbers,
    ledger_window, list_format, phrase, standing_word, thousands, visible,
};

use super::LISTED;

/// A kind, and how many of it have which standing.
pub(super) struct StandingRow {
    pub(super) kind: &'static str,
    pub(super) assessed: String,
    pub(super) total: String,
    /// How many, of which standing; a zero is `None`.
    pub(super) cells: Vec<(&'static str, Option<String>)>,
}

/// A group of gaps.
pub(super) struct GapRow {
    pub(super) unseen: Marked,
    pub(super) place: Marked,
    pub(super) reason: Marked,
    pub(super) hides: &'static str,
    pub(super) advice: Marked,
}

/// An expected list as it was received.
pub(super) struct FileRow {
    pub(super) name: String,
    pub(super) format: Marked,
    pub(super) rows: [String; 3],
    pub(super) exported: String,
    pub(super) vouched: Marked,
    pub(super) sha256: String,
    pub(super) notes: Vec<Marked>,
}

/// The standings, in the order of the columns.
pub(super) const STANDINGS: [StandingWord; 7] = [
    StandingWord::Expected,
    StandingWord::Unintended,
    StandingWord::Missing,
    StandingWord::Differs,
    StandingWord::Pending,
    StandingWord::Unknown,
    StandingWord::Unlisted,
];

/// The gaps as the table has them, and how many it leaves out.
pub(super) fn gaps(report: &Report<'_>) -> (Vec<GapRow>, Option<String>) {
    let groups = gap_groups(&report.gaps, &report.world.snapshot);
    let left_out: usize = groups.iter().skip(LISTED).map(GapGroup::size).sum();
    let rows = groups.iter().take(LISTED).map(|gap| GapRow {
        unseen: gap.unseen(Some(EVERY_GAP)).into(),
        place: gap.place(Some(EVERY_GAP)).into(),
        reason: gap.reason().into(),
        hides: match gap.first.hides {
            Hides::Grants => "may hide access",
            Hides::Nothing => "does not affect the result",
        },
        advice: gap.advice().into(),
    });
    (rows.collect(), (left_out > 0).then(|| count(left_out, "more gap")))
}

/// The row of a kind; none where there is nothing of it and no list expects any.
pub(super) fn standing_row(report: &Report<'_>, kind: Kind) -> Option<StandingRow> {
    let none = BTreeMap::new();
    let counts = report.counts.get(&kind).unwrap_or(&none);
    let coverage = report.verdict.coverage.get(&kind)?;
    if counts.is_empty() && !coverage.listed {
        return None;
    }
    let cells = STANDINGS.map(|word| {
        let number = counts.get(&word).copied().filter(|&number| number > 0);
        (standing_word(word), number.map(|number| thousands(number as u64)))
    });
    Some(StandingRow {
        kind: kind_word(kind),
        assessed: match (coverage.listed, extent_words(coverage.read)) {
            (true, extent) if coverage.is_assessed() && coverage.unlisted > 0 => {
                let unlisted = thousands(coverage.unlisted as u64);
                format!("in part, {extent}; no expected list covers {unlisted} of them")
            }
            (true, extent) if coverage.is_assessed() => format!("yes, {extent}"),
            (true, extent) => format!("no, {extent}"),
            (false, _) => "no, no expected list covers it".to_owned(),
        },
        total: thousands(counts.values().sum::<usize>() as u64),
        cells: cells.to_vec(),
    })
}

/// The row of an expected list.
pub(super) fn file_row(report: &Report<'_>, file: &ExpectedFile) -> FileRow {
    let source = report.world.expectation.sources.iter().find(|source| source.name == file.name);
    let partial = report.gaps.iter().any(|gap| gap.source == file.name);
    let vouched = match source.map(|source| source.vouched_by.as_ref()) {
        _ if partial => "partly read, see gaps".to_owned(),
        Some(Some(voucher)) => format!("yes: {}", phrase(voucher)),
        Some(None) | None => "no proof; treated as complete".to_owned(),
    };
    FileRow {
        name: visible(&file.name).into(),
        format: format!("{}, {}", phrase(list_format(file.format)), visible(&file.encoding)).into(),
        rows: [file.rows_read, file.rows_used, file.rows_refused].map(thousands),
        exported: match (file.exported, file.ages) {
            (_, false) => "maintained by hand".to_owned(),
            (Some(exported), true) => format!("{} ({})", instant(exported.at), clock_words(exported.known_by)),
            (None, true) => "not known".to_owned(),
        },
        vouched: vouched.into(),
        sha256: file.sha256.clone(),
        notes: file.notes.iter().map(|note| phrase(note).into_owned().into()).collect(),
    }
}

/// Every operation with its numbers and its window.
pub(super) fn ledger(report: &Report<'_>) -> Vec<(Marked, [String; 7], String)> {
    let lines = (report.world.snapshot.ledger.iter()).map(|(operation, tally)| {
        (format!("`{}`", visible(operation)).into(), ledger_numbers(tally), ledger_window(tally))
    });
    lines.collect()
}

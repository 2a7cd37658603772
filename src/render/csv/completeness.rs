//! `completeness.csv`: what was read and how far: every operation, every kind, every file, every source, every gap,
//! every row refused, every account left out.

use std::collections::BTreeSet;
use std::io;

use crate::model::{Known, ReadExtent, Report, Side, Source, Tally};
use crate::wording::{
    cross_check, extent_words, gap_advice, gap_reason, instance_kind, instance_notices, instant, kind_counted,
    kind_word, list_format, row, source_in_file, unseen_in_file,
};

use super::{Sheet, or_empty};

/// The columns, in order.
pub(in crate::render) const COMPLETENESS: [&str; 22] = [
    "record",
    "side",
    "source",
    "account_id",
    "what",
    "calls",
    "pages",
    "items",
    "denied",
    "failed",
    "throttled",
    "retried",
    "first",
    "last",
    "rows_read",
    "rows_used",
    "rows_refused",
    "sha256",
    "vouched_by",
    "status",
    "why",
    "advice",
];

/// A row with most cells empty.
#[derive(Default)]
struct Line {
    record: &'static str,
    side: &'static str,
    source: String,
    account: String,
    what: String,
    tally: [String; 7],
    window: [String; 2],
    rows: [String; 3],
    sha256: String,
    vouched_by: String,
    status: &'static str,
    why: String,
    advice: String,
}

/// Writes `completeness.csv`.
///
/// # Errors
/// Where `out` does.
pub fn completeness_csv(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut sheet = Sheet::open(out, &COMPLETENESS)?;
    completeness_rows(report).try_for_each(|cells| sheet.row(cells))?;
    sheet.close()
}

/// All rows, as [`COMPLETENESS`] names their cells.
pub(in crate::render) fn completeness_rows(report: &Report<'_>) -> impl Iterator<Item = [String; 22]> + use<> {
    let partial: BTreeSet<&str> = report.gaps.iter().map(|gap| gap.source.as_str()).collect();
    let mut lines = Vec::new();
    answers(&mut lines, report, &partial);
    coverage(&mut lines, report);
    lists(&mut lines, report, &partial);
    gaps(&mut lines, report);
    lines.into_iter().map(cells)
}

/// What AWS was asked, of which instance, and what was compared with a second way.
fn answers(lines: &mut Vec<Line>, report: &Report<'_>, partial: &BTreeSet<&str>) {
    let snapshot = &report.world.snapshot;
    for (operation, tally) in &snapshot.ledger {
        let Tally { calls, pages, items, denied, failed, throttled, retried, window } = *tally;
        let numbers = [calls, pages, items, denied, failed, throttled, retried];
        lines.push(Line {
            record: "operation",
            side: side(Side::Aws),
            source: operation.clone(),
            tally: numbers.map(|number| number.to_string()),
            window: window.map(|window| [window.from, window.to].map(instant)).unwrap_or_default(),
            status: status(partial, operation),
            ..Line::default()
        });
    }
    if let Known::Is(instance) = &snapshot.instance {
        lines.push(Line {
            record: "instance",
            side: side(Side::Aws),
            source: instance.arn.clone(),
            account: or_empty(instance.owner),
            what: instance_kind(instance.kind).to_owned(),
            status: "complete",
            why: instance_notices(report).join("; "),
            ..Line::default()
        });
    }
    for checked in &snapshot.cross_checked {
        lines.push(Line {
            record: "cross-check",
            side: side(Side::Aws),
            source: checked.second.to_owned(),
            what: cross_check(report, checked),
            status: if checked.answered > 0 && checked.differing == 0 { "complete" } else { "partial" },
            ..Line::default()
        });
    }
}

/// How far each kind was read and is listed.
fn coverage(lines: &mut Vec<Line>, report: &Report<'_>) {
    for (kind, coverage) in &report.verdict.coverage {
        lines.push(Line {
            record: "coverage",
            side: side(Side::Aws),
            source: kind_word(*kind).to_owned(),
            what: kind_counted(*kind, coverage.number),
            status: match coverage.read {
                ReadExtent::OutOfScope | ReadExtent::Unsupported => "out-of-scope",
                ReadExtent::Accounts { read, known } if known == Some(read) => "complete",
                ReadExtent::Whole | ReadExtent::ByName => "complete",
                ReadExtent::Accounts { .. } | ReadExtent::Part | ReadExtent::Unread => "partial",
            },
            why: match coverage.listed {
                true => format!("{}; an expected list covers it", extent_words(coverage.read)),
                false => format!("{}; no expected list covers it", extent_words(coverage.read)),
            },
            ..Line::default()
        });
    }
}

/// The files of the lists, and the sources of both sides.
fn lists(lines: &mut Vec<Line>, report: &Report<'_>, partial: &BTreeSet<&str>) {
    let (snapshot, expectation) = (&report.world.snapshot, &report.world.expectation);
    for file in &expectation.files {
        lines.push(Line {
            record: "file",
            side: side(Side::Expected),
            source: file.name.clone(),
            what: format!("{}, {}", list_format(file.format), file.encoding),
            rows: [file.rows_read, file.rows_used, file.rows_refused].map(|number| number.to_string()),
            sha256: file.sha256.clone(),
            status: status(partial, &file.name),
            why: file.notes.join("; "),
            ..Line::default()
        });
    }
    for (half, sources) in [(Side::Aws, &snapshot.sources), (Side::Expected, &expectation.sources)] {
        for source in sources {
            lines.push(of_source(half, source));
        }
    }
}

/// What was not seen, rows that were refused, and accounts that were left out.
fn gaps(lines: &mut Vec<Line>, report: &Report<'_>) {
    let (snapshot, expectation) = (&report.world.snapshot, &report.world.expectation);
    for gap in &report.gaps {
        lines.push(Line {
            record: "gap",
            side: side(gap.side),
            source: gap.source.clone(),
            account: or_empty(gap.account),
            what: unseen_in_file(&gap.unseen),
            status: "partial",
            why: format!("{}: {}", gap.why.word(), gap_reason(&gap.why)),
            advice: gap_advice(gap),
            ..Line::default()
        });
    }
    for refusal in &expectation.refused {
        lines.push(Line {
            record: "refused-row",
            side: side(Side::Expected),
            source: row(expectation, refusal.row),
            status: "partial",
            why: refusal.reason.clone(),
            ..Line::default()
        });
    }
    for (account, reason) in &snapshot.scope.excluded {
        lines.push(Line {
            record: "excluded-account",
            side: side(Side::Aws),
            account: account.to_string(),
            status: "out-of-scope",
            why: reason.clone(),
            ..Line::default()
        });
    }
}

/// Whether all of a source was read.
fn status(partial: &BTreeSet<&str>, source: &str) -> &'static str {
    if partial.contains(source) { "partial" } else { "complete" }
}

fn of_source(half: Side, source: &Source) -> Line {
    Line {
        record: "source",
        side: side(half),
        source: source_in_file(source),
        vouched_by: or_empty(source.vouched_by.as_ref()),
        status: if source.vouched_by.is_some() { "complete" } else { "not-vouched" },
        ..Line::default()
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Aws => "aws",
        Side::Expected => "expected",
    }
}

fn cells(line: Line) -> [String; 22] {
    let [calls, pages, items, denied, failed, throttled, retried] = line.tally;
    let [first, last] = line.window;
    let [read, used, refused] = line.rows;
    [
        line.record.to_owned(),
        line.side.to_owned(),
        line.source,
        line.account,
        line.what,
        calls,
        pages,
        items,
        denied,
        failed,
        throttled,
        retried,
        first,
        last,
        read,
        used,
        refused,
        line.sha256,
        line.vouched_by,
        line.status.to_owned(),
        line.why,
        line.advice,
    ]
}

//! `report.html`: one file for an auditor, without scripts and without anything from outside.
//!
//! What it says is put together here as plain cells; how it looks is in `templates/report.html`, which escapes.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use askama::Template;

use super::legend::{self, FileOfPackage};
use super::markup::Marked;
use crate::model::{
    Evidence, ExpectedFile, Finding, Fingerprint, Hides, Kind, Outcome, Report, Severity, StandingWord, Subject,
};
use crate::wording::{
    Became, Change, EVERY_GAP, GapGroup, LEDGER_COLUMNS, advice, change_counts, changes, clock_words, consequences,
    count, coverage, evidence, extent_words, facts, gap_groups, headline, instant, kind_word, ledger_numbers,
    ledger_window, list_format, notices, phrase, row, row_of, short, standing_meaning, standing_word, subline,
    thousands, title, visible,
};

/// Findings, gaps and changes that the page lists before the rest is only counted: a browser stays quick, and nobody
/// reads further on a page.
const LISTED: usize = 500;
/// Findings of one rule that need no overview.
const FEW: usize = 10;
/// Held things that are listed per finding.
const HELD: usize = 10;

/// Writes `report.html`.
///
/// # Errors
/// Where `out` does.
pub fn html(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let page = Page::of(report);
    let mut out = io::BufWriter::new(out);
    page.write_into(&mut out)?;
    io::Write::flush(&mut out)
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    organization: String,
    tone: &'static str,
    mark: &'static str,
    tone_word: &'static str,
    headline: String,
    subline: String,
    coverage: Vec<String>,
    notices: Vec<Marked>,
    /// What each is called, and what it is.
    facts: Vec<(&'static str, Marked)>,
    /// The run as the foot of a printed page names it, in letters that end no text of a style sheet.
    run: String,
    severities: Vec<(&'static str, String)>,
    standings: Vec<StandingRow>,
    meanings: Vec<(&'static str, &'static str)>,
    /// Open findings by rule, where they are of several or many.
    overview: Vec<RuleRow>,
    findings: Vec<Card>,
    open: String,
    more_findings: Option<String>,
    waived: Vec<Card>,
    more_waived: Option<String>,
    gaps: Vec<GapRow>,
    more_gaps: Option<String>,
    earlier: bool,
    change_counts: String,
    changes: Vec<ChangeRow>,
    more_changes: Option<String>,
    files: Vec<FileRow>,
    ledger_columns: [&'static str; 7],
    ledger: Vec<(Marked, [String; 7], String)>,
    package: Vec<FileOfPackage>,
    columns: Vec<(&'static str, Marked)>,
}

struct StandingRow {
    kind: &'static str,
    assessed: String,
    total: String,
    /// How many, of which standing; a zero is `None`.
    cells: Vec<(&'static str, Option<String>)>,
}

struct RuleRow {
    severity: &'static str,
    rule: String,
    open: String,
    /// Its first card, where the page lists one.
    first: Option<Fingerprint>,
    meaning: Marked,
}

struct Card {
    severity: &'static str,
    rule: String,
    fingerprint: String,
    title: Marked,
    at: Option<String>,
    new: bool,
    first_seen: String,
    evidence: Vec<Marked>,
    holds: Option<String>,
    held: Vec<Marked>,
    more_held: Option<String>,
    advice: Marked,
    waiver: Option<Marked>,
}

struct ChangeRow {
    what: &'static str,
    title: Marked,
    cause: Option<Marked>,
    fingerprint: Fingerprint,
}

struct GapRow {
    unseen: Marked,
    place: Marked,
    reason: Marked,
    hides: &'static str,
    advice: Marked,
}

struct FileRow {
    name: String,
    format: Marked,
    rows: [String; 3],
    exported: String,
    vouched: Marked,
    sha256: String,
    notes: Vec<Marked>,
}

const STANDINGS: [StandingWord; 7] = [
    StandingWord::Expected,
    StandingWord::Unintended,
    StandingWord::Missing,
    StandingWord::Differs,
    StandingWord::Pending,
    StandingWord::Unknown,
    StandingWord::Unlisted,
];

impl Page {
    fn of(report: &Report<'_>) -> Self {
        let verdict = &report.verdict;
        let (tone, mark, tone_word) = match (verdict.outcome(), verdict.complete()) {
            (Outcome::InOrder, _) => ("good", "✓", "In order"),
            (Outcome::Unreviewed, _) => ("warn", "?", "Not reviewed"),
            (Outcome::NotAssessed, _) => ("warn", "?", "Not assessed"),
            (Outcome::Incomplete, _) => ("warn", "?", "Incomplete"),
            (Outcome::Unread, _) => ("bad", "!", "Not read"),
            (Outcome::Findings, true) => ("bad", "!", "Findings"),
            (Outcome::Findings, false) => ("bad", "!", "Findings, and incomplete"),
        };
        let new: BTreeSet<&Fingerprint> = report.changes.new.iter().filter(|_| report.earlier().is_some()).collect();
        let cards = |findings: Vec<&Finding>| findings.into_iter().map(|finding| card(report, finding, &new)).collect();
        // What is open still stands among the findings.
        let mut all_changes = changes(report);
        all_changes.retain(|change| change.what != Became::StillOpen);
        let changed = all_changes.len();
        let (gaps, more_gaps) = gaps(report);
        Page {
            organization: report.world.stamp.organization.as_deref().map_or_else(String::new, |o| visible(o).into()),
            tone,
            mark,
            tone_word,
            headline: headline(report),
            subline: subline(report),
            coverage: coverage(report),
            notices: notices(report).into_iter().map(Marked::from).collect(),
            facts: facts(report).into_iter().map(|fact| (fact.label, Marked::from(fact.value))).collect(),
            run: (report.world.stamp.run_id.chars())
                .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.'))
                .collect(),
            severities: (Severity::ALL.into_iter().rev())
                .map(|one| (one.word(), thousands(verdict.findings.get(&one).copied().unwrap_or(0) as u64)))
                .collect(),
            standings: Kind::ALL.into_iter().filter_map(|kind| standing_row(report, kind)).collect(),
            meanings: STANDINGS.map(|word| (standing_word(word), standing_meaning(word))).to_vec(),
            overview: overview(report),
            findings: cards(report.open().take(LISTED).collect()),
            open: thousands(verdict.open() as u64),
            more_findings: more(verdict.open(), "finding"),
            waived: cards(report.waived().take(LISTED).collect()),
            more_waived: more(verdict.waived, "waived finding"),
            gaps,
            more_gaps,
            earlier: report.earlier().is_some(),
            change_counts: change_counts(report),
            changes: all_changes.into_iter().take(LISTED).map(change_row).collect(),
            more_changes: more(changed, "change"),
            files: report.world.expectation.files.iter().map(|file| file_row(report, file)).collect(),
            ledger_columns: LEDGER_COLUMNS,
            ledger: ledger(report),
            package: legend::files(),
            columns: legend::columns(),
        }
    }
}

/// Open findings by rule, in the order in which they are listed; nothing where it would say no more than the list.
fn overview(report: &Report<'_>) -> Vec<RuleRow> {
    let mut rules: Vec<(&Finding, usize, bool)> = Vec::new();
    for (place, finding) in report.open().enumerate() {
        let same =
            |known: &&mut (&Finding, usize, bool)| (known.0.rule, known.0.severity) == (finding.rule, finding.severity);
        match rules.iter_mut().find(same) {
            Some((_, open, _)) => *open += 1,
            None => rules.push((finding, 1, place < LISTED)),
        }
    }
    if rules.len() < 2 && report.verdict.open() <= FEW {
        return Vec::new();
    }
    let row = |(first, open, listed): (&Finding, usize, bool)| RuleRow {
        severity: first.severity.word(),
        rule: first.rule.to_string(),
        open: thousands(open as u64),
        first: listed.then(|| first.fingerprint.clone()),
        meaning: report.rule(first.rule).meaning.into(),
    };
    rules.into_iter().map(row).collect()
}

fn more(all: usize, one: &str) -> Option<String> {
    (all > LISTED).then(|| count(all - LISTED, &format!("more {one}")))
}

fn card(report: &Report<'_>, finding: &Finding, new: &BTreeSet<&Fingerprint>) -> Card {
    let world = report.world;
    let held: Vec<Subject> = finding.evidence.iter().filter_map(Evidence::held).collect();
    let others = finding.evidence.iter().filter(|piece| !matches!(piece, Evidence::Holds(_) | Evidence::Row(_)));
    let waiver = finding.waiver.map(|waiver| &world.expectation.waivers[waiver.number()]);
    Card {
        severity: finding.severity.word(),
        rule: finding.rule.to_string(),
        fingerprint: finding.fingerprint.to_string(),
        title: title(report, finding).into(),
        at: row_of(report, finding).map(|at| row(&world.expectation, at)),
        new: new.contains(&finding.fingerprint),
        first_seen: instant(finding.first_seen),
        evidence: others.map(|piece| evidence(world, piece).into()).collect(),
        holds: consequences(finding),
        more_held: (held.len() > HELD).then(|| thousands((held.len() - HELD) as u64)),
        held: held.into_iter().take(HELD).map(|subject| short(world, subject).into()).collect(),
        advice: advice(report, finding).into(),
        waiver: waiver.map(|waiver| {
            let at = row(&world.expectation, waiver.row);
            let (by, why) = (visible(&waiver.approved_by), visible(&waiver.reason));
            format!("{why} (approved by {by}, until {}, {at})", waiver.expires).into()
        }),
    }
}

fn change_row(change: Change) -> ChangeRow {
    let Change { what, fingerprint, title, cause } = change;
    ChangeRow { what: what.word(), title: title.into(), cause: cause.map(Marked::from), fingerprint }
}

/// The gaps as the table has them, and how many it leaves out.
fn gaps(report: &Report<'_>) -> (Vec<GapRow>, Option<String>) {
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

fn standing_row(report: &Report<'_>, kind: Kind) -> Option<StandingRow> {
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

fn file_row(report: &Report<'_>, file: &ExpectedFile) -> FileRow {
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

fn ledger(report: &Report<'_>) -> Vec<(Marked, [String; 7], String)> {
    let lines = (report.world.snapshot.ledger.iter()).map(|(operation, tally)| {
        (format!("`{}`", visible(operation)).into(), ledger_numbers(tally), ledger_window(tally))
    });
    lines.collect()
}

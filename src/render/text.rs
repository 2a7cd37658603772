//! The report for a terminal: verdict first, then findings, gaps, and what was and was not assessed.
//!
//! Colour only repeats what the words say, so a reader without it, or a pipe that strips it, loses nothing.

use std::collections::BTreeSet;
use std::io;

use anstyle::{AnsiColor, Style};

use crate::model::{Evidence, Finding, Fingerprint, Outcome, Report, Severity, Subject};
use crate::wording::{
    Became, EVERY_GAP, GapGroup, advice, change_counts, changes, consequences, count, coverage, evidence, facts,
    gap_groups, headline, notices, row, row_of, subline, title,
};

/// Columns of the widest line, where nothing narrower shows it: longer ones are hard to read.
const WIDEST: usize = 100;
/// Columns that a line has at least: indents and a word or two must fit.
const NARROWEST: usize = 40;
/// Findings and gaps behind which the verdict, which begins the page, is out of sight.
const FEW: usize = 10;
/// Findings, and gaps, that are listed before the rest is only counted.
const LISTED: usize = 100;

pub(super) const PLAIN: Style = Style::new();
pub(super) const STRONG: Style = Style::new().bold();
pub(super) const FAINT: Style = Style::new().dimmed();
pub(super) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(super) const WARN: Style = AnsiColor::Yellow.on_default().bold();

/// Writes the report for a terminal of so many columns, with ANSI colours.
///
/// # Errors
/// Where `out` does.
pub fn text(report: &Report<'_>, columns: Option<usize>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page::of(columns, out);
    verdict(report, &mut page)?;
    findings(report, &mut page)?;
    gaps(report, &mut page)?;
    changed(report, &mut page)?;
    page.title("Coverage")?;
    for sentence in coverage(report).into_iter().chain(notices(report)) {
        page.lines(PLAIN, "  ", "  ", &sentence)?;
    }
    if report.findings.len() + report.gaps.len() > FEW {
        page.title("Verdict")?;
        page.lines(tone(report), "  ", "  ", &headline(report))?;
    }
    Ok(())
}

fn tone(report: &Report<'_>) -> Style {
    match report.verdict.outcome() {
        Outcome::InOrder => GOOD,
        Outcome::Incomplete | Outcome::NotAssessed | Outcome::Unreviewed => WARN,
        Outcome::Findings | Outcome::Unread => BAD,
    }
}

fn verdict(report: &Report<'_>, page: &mut Page<'_>) -> io::Result<()> {
    page.lines(tone(report), "", "", &headline(report))?;
    page.lines(PLAIN, "", "", &subline(report))?;
    for fact in facts(report).into_iter().take(5) {
        page.fact(fact.label, &fact.value)?;
    }
    Ok(())
}

fn findings(report: &Report<'_>, page: &mut Page<'_>) -> io::Result<()> {
    let new: BTreeSet<&Fingerprint> = report.changes.new.iter().filter(|_| report.earlier().is_some()).collect();
    let mut before: Option<Heading> = None;
    for found in report.open().take(LISTED) {
        let heading = Heading::of(found);
        if before != Some(heading) {
            let number = report.open().filter(|other| Heading::of(other) == heading).count();
            page.title(&heading.words(number))?;
            before = Some(heading);
        }
        finding(report, found, new.contains(&found.fingerprint), page)?;
    }
    let open = report.verdict.open();
    if open > LISTED {
        let more = format!("{}, in `findings.csv` and `report.json`", count(open - LISTED, "more finding"));
        page.lines(STRONG, "  ", "  ", &more)?;
    }
    if report.verdict.waived > 0 {
        page.title(&format!("Accepted by waivers: {}", count(report.verdict.waived, "finding")))?;
    }
    for found in report.waived().take(LISTED) {
        page.lines(PLAIN, "  - ", "    ", &title(report, found))?;
    }
    Ok(())
}

/// What findings stand under: those that everything else follows from, then each severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heading {
    First,
    Of(Severity),
}

impl Heading {
    fn of(found: &Finding) -> Self {
        if found.subject == Subject::Directory { Heading::First } else { Heading::Of(found.severity) }
    }

    fn words(self, number: usize) -> String {
        match self {
            Heading::First => format!("Fix first: {}", count(number, "finding")),
            Heading::Of(severity) => {
                let word = severity.word();
                format!("{}{}: {}", word[..1].to_uppercase(), &word[1..], count(number, "finding"))
            }
        }
    }
}

fn finding(report: &Report<'_>, found: &Finding, new: bool, page: &mut Page<'_>) -> io::Result<()> {
    let world = report.world;
    let at = row_of(report, found).map(|at| row(&world.expectation, at));
    page.lines(STRONG, "  - ", "    ", &title(report, found))?;
    let mut whence = format!("{} {}", found.rule, found.fingerprint);
    if let Some(at) = at {
        whence = format!("{at} · {whence}");
    }
    if new {
        whence.push_str(" · new");
    }
    page.lines(FAINT, "    ", "    ", &whence)?;
    for piece in found.evidence.iter().filter(|piece| !matches!(piece, Evidence::Holds(_) | Evidence::Row(_))) {
        page.lines(PLAIN, "    ", "    ", &evidence(world, piece))?;
    }
    if let Some(held) = consequences(found) {
        page.lines(PLAIN, "    ", "    ", &held)?;
    }
    page.lines(PLAIN, "    help: ", "          ", advice(report, found))
}

fn gaps(report: &Report<'_>, page: &mut Page<'_>) -> io::Result<()> {
    if report.gaps.is_empty() {
        return Ok(());
    }
    page.title(&format!("Could not be read: {}", count(report.gaps.len(), "gap")))?;
    let groups = gap_groups(&report.gaps, &report.world.snapshot);
    for gap in groups.iter().take(LISTED) {
        page.lines(WARN, "  - ", "    ", &gap.unseen(Some(EVERY_GAP)))?;
        page.lines(PLAIN, "    ", "    ", &format!("{}: {}", gap.place(Some(EVERY_GAP)), gap.reason()))?;
        page.lines(PLAIN, "    help: ", "          ", &gap.advice())?;
    }
    let more: usize = groups.iter().skip(LISTED).map(GapGroup::size).sum();
    if more > 0 {
        let more = count(more, "more gap");
        page.lines(STRONG, "  ", "  ", &format!("{more}, in `{EVERY_GAP}` and `report.json`"))?;
    }
    Ok(())
}

fn changed(report: &Report<'_>, page: &mut Page<'_>) -> io::Result<()> {
    if report.earlier().is_none() {
        return Ok(());
    }
    page.title("Since the earlier run")?;
    page.lines(PLAIN, "  ", "  ", &change_counts(report))?;
    for change in
        changes(report).into_iter().filter(|change| change.what.is_gone() || change.what == Became::Back).take(LISTED)
    {
        page.lines(PLAIN, &format!("  {}: ", change.what), "    ", &change.title)?;
        if let Some(cause) = &change.cause {
            page.lines(STRONG, "    ", "    ", cause)?;
        }
    }
    Ok(())
}

pub(super) struct Page<'o> {
    out: &'o mut dyn io::Write,
    columns: usize,
}

impl<'o> Page<'o> {
    pub(super) fn of(columns: Option<usize>, out: &'o mut dyn io::Write) -> Self {
        Page { out, columns: columns.unwrap_or(WIDEST).clamp(NARROWEST, WIDEST) }
    }

    /// A value behind what it is.
    fn fact(&mut self, label: &str, value: &str) -> io::Result<()> {
        let mut label = label;
        for line in wrap(value, self.columns - 16) {
            writeln!(self.out, "  {FAINT}{label:<14}{FAINT:#}{line}")?;
            label = "";
        }
        Ok(())
    }

    pub(super) fn title(&mut self, title: &str) -> io::Result<()> {
        writeln!(self.out, "\n{STRONG}{title}{STRONG:#}")
    }

    /// A text in lines that are no longer than the page is wide; a word that is longer than a line is broken.
    pub(super) fn lines(&mut self, style: Style, first: &str, next: &str, text: &str) -> io::Result<()> {
        let mut indent = first;
        for line in wrap(text, self.columns - first.len().max(next.len())) {
            writeln!(self.out, "{indent}{style}{line}{style:#}")?;
            indent = next;
        }
        Ok(())
    }
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    for word in text.split(' ') {
        let needed: usize = word.chars().map(columns).sum();
        if used > 0 && used + 1 + needed > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        } else if used > 0 {
            line.push(' ');
            used += 1;
        }
        for character in word.chars() {
            if used + columns(character) > width {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(character);
            used += columns(character);
        }
    }
    lines.push(line);
    lines
}

/// Columns of a character: East Asian scripts and emoji take two (Unicode Annex 11, the blocks that matter).
fn columns(character: char) -> usize {
    match character {
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

//! News as a page for e-mail: the parts of the text, set apart.

use super::mail_page::{Item, MailPage, Section, Tone};
use super::text::{Accepted, Line, NotSeen, Text};
use crate::model::Severity;
use crate::wording::Change;

/// The page of a text, with this tone.
pub(super) fn page(text: &Text<'_>, tone: Tone) -> MailPage {
    let mut facts = Vec::new();
    if !text.organization.is_empty() {
        facts.push(("Organization", text.organization.clone()));
    }
    let first = if text.is_first { " (first run)" } else { "" };
    facts.push(("Job", format!("{}{first}", text.job)));
    facts.push(("As of", text.as_of.clone()));
    facts.push(("Run", text.run_id.to_owned()));
    facts.push(("Report", format!("{}/report.html", text.package)));
    MailPage {
        tone,
        headline: text.headline.clone(),
        lead: vec![text.subline.clone()],
        link: text.link.map(str::to_owned),
        facts,
        sections: sections(text).into_iter().filter(|section| !section.is_empty()).collect(),
    }
}

impl Section {
    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.items.is_empty() && self.after.is_empty()
    }
}

fn sections(text: &Text<'_>) -> Vec<Section> {
    let findings = match (text.is_first, text.got_worse) {
        (true, _) => "Findings of the first run",
        (false, true) => "New or worse findings",
        (false, false) => "New findings",
    };
    let mut of_findings = section(findings, text.findings.iter().map(of_finding), text.more_findings);
    if !text.findings.is_empty() {
        of_findings.after.push(
            "`rollcall plan --finding ID` plans the change, `rollcall adopt --finding ID` adds a missing row to a list, \
             and `rollcall waive --finding ID` accepts the finding until a day."
                .to_owned(),
        );
    }
    let gaps = if text.is_first { "Gaps" } else { "New gaps" };
    let mut damage = lines("Damage in the store", text.damage.iter().map(|sentence| format!("{sentence}.")), 0);
    if !text.damage.is_empty() {
        damage.after.push(
            "Find out who changed it (`rollcall verify` shows what differs), and restore it from a backup.".to_owned(),
        );
    }
    let mut first = section(
        "Assessed for the first time: not new in AWS, but not assessed before",
        text.of_first.iter().map(of_finding),
        text.more_of_first,
    );
    first.lines = text.first.clone();
    vec![
        of_findings,
        first,
        section(gaps, text.gaps.iter().map(of_gap), text.more_gaps),
        damage,
        section("Still open", text.reminders.iter().map(of_finding), text.more_reminders),
        Section { heading: "Besides".to_owned(), after: besides(text), ..Section::default() },
        section(
            "Now listed: still in AWS, but no longer a finding because a list changed",
            text.listed.iter().map(of_change),
            text.more_listed,
        ),
        section(
            "Now accepted: still in AWS, but no longer open because of a waiver",
            text.accepted.iter().map(of_accepted),
            text.more_accepted,
        ),
        lines("Waivers that end within 14 days", text.ending.iter().cloned(), text.more_ending),
        lines(&capitalized(text.summary_word), text.summary.iter().cloned(), 0),
    ]
}

/// What is only counted.
fn besides(text: &Text<'_>) -> Vec<String> {
    let open = (text.still_open > 0).then(|| format!("Still open from before: {}.", text.still_open));
    let mild =
        (text.too_mild > 0).then(|| format!("Below `{}`, in the report only: {}.", text.min_severity, text.too_mild));
    let gone = text.gone.as_ref().map(|gone| format!("Since the earlier run: {gone}."));
    [open, mild, gone].into_iter().flatten().collect()
}

fn section(heading: &str, items: impl Iterator<Item = Item>, more: usize) -> Section {
    let after = (more > 0).then(|| format!("… and {more} more; the report lists all of them."));
    let items = items.collect();
    Section { heading: heading.to_owned(), items, after: after.into_iter().collect(), ..Section::default() }
}

fn lines(heading: &str, lines: impl Iterator<Item = String>, more: usize) -> Section {
    Section { lines: lines.collect(), ..section(heading, std::iter::empty(), more) }
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn of_finding(line: &Line<'_>) -> Item {
    Item {
        severity: Some(line.severity.word()),
        was: line.was.map(Severity::word),
        title: line.title.clone(),
        lines: line.weight.iter().chain(&line.since).cloned().collect(),
        advice: Some(line.advice.to_owned()),
        id: Some(line.fingerprint.to_string()),
    }
}

fn of_gap(gap: &NotSeen) -> Item {
    Item { title: gap.line.clone(), advice: Some(gap.advice.clone()), ..Item::default() }
}

fn of_change(change: &Change) -> Item {
    Item { title: change.title.clone(), lines: change.cause.iter().cloned().collect(), ..Item::default() }
}

fn of_accepted(accepted: &Accepted) -> Item {
    Item {
        severity: Some(accepted.severity.word()),
        title: accepted.title.clone(),
        lines: accepted.waiver.iter().cloned().collect(),
        ..Item::default()
    }
}

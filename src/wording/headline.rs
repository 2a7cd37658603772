//! The verdict in one line: the worst first and in numbers, and "in order" only for what was read and assessed.

use chrono::{DateTime, Utc};

use crate::model::{Hides, Origin, Outcome, Report, RuleId, Severity, Subject, Verdict, Why};

use super::call_ledger::{facts_apart, origin_words};
use super::coverage::{claims, not_read, unlisted};
use super::notices::pending_differences;
use super::{count, gap_reason, list, thousands, title, visible};

/// Rules that the headline names before it only counts.
const NAMED: usize = 3;

/// The verdict in one line: `2 critical and 3 high findings; complete for users, groups and memberships; not assessed,
/// because no list speaks for them: 4,012 assignments`.
#[must_use]
pub fn headline(report: &Report<'_>) -> String {
    let verdict = &report.verdict;
    let mut parts = match verdict.outcome() {
        Outcome::Unread => unread(report),
        Outcome::Findings => with_findings(report),
        Outcome::Incomplete => vec![
            format!("Incomplete: {} may hide access", count(verdict.hiding_gaps, "gap")),
            match verdict.assesses() {
                true => "no findings in what was read".to_owned(),
                false => format!("nothing is assessed: {}", why_not_assessed(report)),
            },
        ],
        Outcome::NotAssessed => vec![format!("Nothing is assessed: {}", why_not_assessed(report))],
        Outcome::Unreviewed => vec![
            in_order(report, "Matches an unreviewed draft"),
            format!("{} without a reviewer", count(verdict.unreviewed_rows, "row")),
        ],
        Outcome::InOrder => vec![in_order(report, "In order")],
    };
    let says_off = matches!(verdict.outcome(), Outcome::Unread | Outcome::Unreviewed | Outcome::InOrder);
    parts.extend(switched_off(verdict).filter(|_| !says_off).map(|rules| format!("switched off: {rules}")));
    parts.extend(pending(report));
    parts.extend(not_read(report).map(|what| format!("not read: {what}")));
    // Where no list speaks for anything, that is what was said already.
    let rest = unlisted(report).filter(|_| verdict.assesses());
    parts.extend(rest.map(|kinds| format!("not assessed, no expected list: {kinds}")));
    match of_when(report) {
        Some(when) => format!("{} ({when})", parts.join("; ")),
        None => parts.join("; "),
    }
}

/// How many differences are too young to count.
fn pending(report: &Report<'_>) -> Option<String> {
    match pending_differences(report) {
        0 => None,
        1 => Some("1 difference is pending".to_owned()),
        many => Some(format!("{} are pending", count(many, "difference"))),
    }
}

/// Of which instant it speaks and where the facts come from, where that is not the present and AWS itself.
fn of_when(report: &Report<'_>) -> Option<String> {
    let stamp = &report.world.stamp;
    let day = |at: DateTime<Utc>| at.format("%Y-%m-%d");
    let apart = facts_apart(report).map(|(facts, _)| format!(" of {}", day(facts))).unwrap_or_default();
    let from = match stamp.origin {
        None | Some(Origin::Live) => String::new(),
        Some(Origin::SavedFiles | Origin::Journal) => format!(" from {}", origin_words(stamp.origin)),
    };
    (!apart.is_empty() || !from.is_empty()).then(|| format!("as of {}, AWS data{apart}{from}", day(stamp.as_of)))
}

fn unread(report: &Report<'_>) -> Vec<String> {
    let mut parts = vec![match first_cause(report) {
        Some(cause) => format!("AWS could not be read: {cause}"),
        None => "AWS could not be read".to_owned(),
    }];
    if report.verdict.open() > 0 {
        parts.push(format!("{} from the lists alone", severities(&report.verdict)));
    }
    parts
}

/// Where AWS said no first, and by which code. What it said besides may name people.
fn first_cause(report: &Report<'_>) -> Option<String> {
    let hiding = || report.gaps.iter().filter(|gap| gap.hides == Hides::Grants);
    let said = hiding().find(|gap| matches!(gap.why, Why::Denied { .. } | Why::Failed { .. }));
    let gap = said.or_else(|| hiding().next())?;
    let reason = if let Why::Denied { code, .. } = &gap.why {
        format!("access was denied (`{}`)", visible(code))
    } else if let Why::Failed { code, .. } = &gap.why {
        format!("the call failed (`{}`)", visible(code))
    } else {
        gap_reason(&gap.why)
    };
    Some(format!("`{}`: {reason}", visible(&gap.source)))
}

fn with_findings(report: &Report<'_>) -> Vec<String> {
    let verdict = &report.verdict;
    // What everything else follows from comes before the numbers.
    let causes = report.open().filter(|finding| finding.subject == Subject::Directory);
    let mut parts: Vec<String> = causes.map(|finding| title(report, finding)).collect();
    parts.push(severities(verdict));
    if !verdict.complete() {
        parts.push(format!("incomplete: {} may hide more", count(verdict.hiding_gaps, "gap")));
    }
    match claims(report) {
        Some(claims) if verdict.complete() => parts.push(format!("complete for {claims}")),
        Some(_) => {}
        None => parts.push(format!("nothing else is assessed: {}", why_not_assessed(report))),
    }
    parts
}

fn in_order(report: &Report<'_>, word: &str) -> String {
    let claims = claims(report).unwrap_or_default();
    match switched_off(&report.verdict) {
        Some(rules) => format!("{word}, with rules switched off ({rules}), for {claims}"),
        None => format!("{word} for {claims}"),
    }
}

fn why_not_assessed(report: &Report<'_>) -> String {
    let listed = report.verdict.coverage.values().any(|coverage| coverage.listed);
    if listed {
        return "what the expected lists cover was not read".to_owned();
    }
    let read = unlisted(report).map(|kinds| format!(" of {kinds}")).unwrap_or_default();
    format!("no expected list; this is an inventory{read} (`rollcall adopt` drafts the lists)")
}

fn switched_off(verdict: &Verdict) -> Option<String> {
    let all = &verdict.switched_off;
    let mut named: Vec<String> = all.iter().take(NAMED).map(|RuleId(rule)| format!("`{rule}`")).collect();
    if all.len() > NAMED {
        named.push(format!("{} more", all.len() - NAMED));
    }
    (!named.is_empty()).then(|| list(&named))
}

/// Open findings by severity, the worst first: `2 critical and 3 high findings`.
fn severities(verdict: &Verdict) -> String {
    let numbers: Vec<String> = of_each_severity(verdict).collect();
    let noun = if verdict.open() == 1 { "finding" } else { "findings" };
    format!("{} {noun}", list(&numbers))
}

fn of_each_severity(verdict: &Verdict) -> impl Iterator<Item = String> {
    let found = verdict.findings.iter().rev().filter(|(_, number)| **number > 0);
    found.map(|(severity, number): (&Severity, &usize)| format!("{} {severity}", thousands(*number as u64)))
}

/// The numbers under the headline: findings by severity, what waivers accept, gaps.
#[must_use]
pub fn subline(report: &Report<'_>) -> String {
    let verdict = &report.verdict;
    let mut parts: Vec<String> = of_each_severity(verdict).collect();
    if parts.is_empty() {
        parts.push("no open findings".to_owned());
    }
    parts.push(format!("{} accepted by waivers", thousands(verdict.waived as u64)));
    parts.push(match (verdict.hiding_gaps, verdict.stated_gaps) {
        (0, 0) => "no gaps".to_owned(),
        (hiding, 0) => format!("{} may hide access", count(hiding, "gap")),
        (0, stated) => format!("{} without effect on the result", count(stated, "gap")),
        (hiding, stated) => {
            format!(
                "{} may hide access; {} without effect on the result",
                count(hiding, "gap"),
                thousands(stated as u64)
            )
        }
    });
    if let Some(Origin::Live) = report.world.stamp.origin {
        parts.push(match &report.world.snapshot.redirected_to {
            Some(_) => "live, but not from AWS".to_owned(),
            None => "live from AWS".to_owned(),
        });
    }
    parts.join(" · ")
}

//! News as a text for people: e-mail, and whatever else shows plain text.

use askama::Template;
use chrono::{DateTime, Utc};

use super::lines::{clipped, gap_line, now_listed};
use super::news::{New, News, Reminder};
use super::summary::Summary;
use crate::model::{Finding, Fingerprint, Severity};
use crate::wording::{self, Change, GapGroup};

/// How many findings and gaps a text lists. A mail is read on a phone; the package has all of them.
pub(super) const LISTED: usize = 20;

#[derive(Template)]
#[template(path = "alert.txt", escape = "none")]
pub(super) struct Text<'a> {
    headline: String,
    subline: String,
    is_first: bool,
    got_worse: bool,
    findings: Vec<Line<'a>>,
    more_findings: usize,
    gaps: Vec<NotSeen>,
    more_gaps: usize,
    damage: &'a [String],
    reminders: Vec<Line<'a>>,
    more_reminders: usize,
    still_open: usize,
    too_mild: usize,
    min_severity: Severity,
    gone: Option<String>,
    listed: Vec<Change>,
    more_listed: usize,
    accepted: Vec<Accepted>,
    more_accepted: usize,
    ending: Vec<String>,
    more_ending: usize,
    summary: Vec<String>,
    job: String,
    run_id: &'a str,
    as_of: String,
    organization: String,
    package: &'a str,
}

struct Line<'a> {
    severity: Severity,
    was: Option<Severity>,
    title: String,
    /// Since when it is open, where that is not since now.
    since: Option<String>,
    /// What makes it worse than others: administrative access, and what is held.
    weight: Vec<String>,
    advice: &'a str,
    fingerprint: &'a Fingerprint,
}

struct Accepted {
    severity: Severity,
    title: String,
    waiver: Option<String>,
}

struct NotSeen {
    line: String,
    advice: String,
}

pub(super) fn text<'a>(news: &'a News<'a>, package: &'a str, listed: usize) -> Text<'a> {
    let report = news.report;
    let stamp = &report.world.stamp;
    let new = |&New { finding, was }: &New<'a>| Line {
        severity: finding.severity,
        was,
        title: clipped(wording::title(report, finding)),
        since: (finding.first_seen < stamp.as_of).then(|| format!("Open since {}.", day(finding.first_seen))),
        weight: wording::weight(report, finding).into_iter().map(clipped).collect(),
        advice: wording::advice(report, finding),
        fingerprint: &finding.fingerprint,
    };
    let reminder = |&Reminder { finding, told }: &Reminder<'a>| Line {
        since: Some(format!("Open since {}, reported on {}.", day(finding.first_seen), day(told))),
        ..new(&New { finding, was: None })
    };
    let gaps = wording::gap_groups(news.gaps.iter().copied(), &report.world.snapshot);
    let expectation = &report.world.expectation;
    let accepted = |finding: &&Finding| Accepted {
        severity: finding.severity,
        title: clipped(wording::title(report, finding)),
        waiver: finding.waiver.map(|waiver| {
            let waiver = &expectation.waivers[waiver.number()];
            clipped(format!(
                "{}; reason: {}",
                wording::ending_waiver(expectation, waiver),
                wording::visible(&waiver.reason)
            ))
        }),
    };
    let ending = news.ending.iter().map(|waiver| clipped(wording::ending_waiver(expectation, waiver)));
    Text {
        headline: wording::headline(report),
        subline: wording::subline(report),
        is_first: news.is_first,
        got_worse: news.got_worse(),
        findings: news.findings.iter().take(listed).map(new).collect(),
        more_findings: news.findings.len().saturating_sub(listed),
        gaps: gaps.iter().take(listed).map(|gap| NotSeen { line: gap_line(gap), advice: gap.advice() }).collect(),
        more_gaps: gaps.iter().skip(listed).map(GapGroup::size).sum(),
        damage: &news.damage[..news.damage.len().min(LISTED)],
        reminders: news.reminders.iter().take(listed).map(reminder).collect(),
        more_reminders: news.reminders.len().saturating_sub(listed),
        still_open: news.known(),
        too_mild: news.too_mild(),
        min_severity: news.min_severity,
        gone: wording::gone_counts(report),
        listed: now_listed(report).take(listed).collect(),
        more_listed: report.changes.listed.len().saturating_sub(listed),
        accepted: news.accepted.iter().take(listed).map(accepted).collect(),
        more_accepted: news.accepted.len().saturating_sub(listed),
        ending: ending.take(listed).collect(),
        more_ending: news.ending.len().saturating_sub(listed),
        summary: news.summary.as_ref().map(Summary::lines).unwrap_or_default(),
        job: stamp.job.clone().unwrap_or_else(|| "none (manual run)".to_owned()),
        run_id: &stamp.run_id,
        as_of: wording::instant(stamp.as_of),
        organization: stamp.organization.as_deref().map(|name| wording::visible(name).into_owned()).unwrap_or_default(),
        package,
    }
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

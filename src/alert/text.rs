//! News as a text for people: e-mail, and whatever else shows plain text.

use askama::Template;
use chrono::{DateTime, Utc};

use super::basis;
use super::lines::{clipped, gap_line, now_listed};
use super::news::{New, News, Reminder};
use super::report_place::ReportPlace;
use super::summary::Summary;
use crate::model::{Finding, Fingerprint, Severity};
use crate::wording::{self, Change, GapGroup};

/// How many findings and gaps a text lists. A mail is read on a phone; the package has all of them.
pub(super) const LISTED: usize = 20;

#[derive(Template)]
#[template(path = "alert.txt", escape = "none")]
pub(super) struct Text<'a> {
    pub(super) headline: String,
    pub(super) subline: String,
    pub(super) is_first: bool,
    pub(super) got_worse: bool,
    pub(super) findings: Vec<Line<'a>>,
    pub(super) more_findings: usize,
    pub(super) first: Vec<String>,
    pub(super) of_first: Vec<Line<'a>>,
    pub(super) more_of_first: usize,
    pub(super) gaps: Vec<NotSeen>,
    pub(super) more_gaps: usize,
    pub(super) damage: &'a [String],
    pub(super) reminders: Vec<Line<'a>>,
    pub(super) more_reminders: usize,
    pub(super) still_open: usize,
    pub(super) too_mild: usize,
    pub(super) min_severity: Severity,
    pub(super) gone: Option<String>,
    pub(super) listed: Vec<Change>,
    pub(super) more_listed: usize,
    pub(super) accepted: Vec<Accepted>,
    pub(super) more_accepted: usize,
    pub(super) ending: Vec<String>,
    pub(super) more_ending: usize,
    pub(super) summary_word: &'static str,
    pub(super) summary: Vec<String>,
    pub(super) job: String,
    pub(super) run_id: &'a str,
    pub(super) as_of: String,
    pub(super) organization: String,
    pub(super) package: &'a str,
    pub(super) link: Option<&'a str>,
}

pub(super) struct Line<'a> {
    pub(super) severity: Severity,
    pub(super) was: Option<Severity>,
    pub(super) title: String,
    /// Since when it is open, where that is not since now.
    pub(super) since: Option<String>,
    /// What makes it worse than others: administrative access, and what is held.
    pub(super) weight: Vec<String>,
    pub(super) advice: &'a str,
    pub(super) fingerprint: &'a Fingerprint,
}

pub(super) struct Accepted {
    pub(super) severity: Severity,
    pub(super) title: String,
    pub(super) waiver: Option<String>,
}

pub(super) struct NotSeen {
    pub(super) line: String,
    pub(super) advice: String,
}

pub(super) fn text<'a>(news: &'a News<'a>, place: ReportPlace<'a>, listed: usize) -> Text<'a> {
    let report = news.report;
    let stamp = &report.world.stamp;
    let new = |&New { finding, was, .. }: &New<'a>| Line {
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
        ..new(&New { finding, was: None, is_first: false })
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
        findings: news.called_new().take(listed).map(new).collect(),
        more_findings: news.called_new().count().saturating_sub(listed),
        first: basis::sentences(&news.first),
        of_first: news.of_first().take(listed).map(new).collect(),
        more_of_first: news.of_first().count().saturating_sub(listed),
        gaps: gaps.iter().take(listed).map(|gap| NotSeen { line: gap_line(gap), advice: gap.advice() }).collect(),
        more_gaps: gaps.iter().skip(listed).map(GapGroup::size).sum(),
        damage: &news.damage[..news.damage.len().min(LISTED)],
        reminders: news.reminders.iter().take(listed).map(reminder).collect(),
        more_reminders: news.reminders.len().saturating_sub(listed),
        still_open: news.known(),
        too_mild: news.too_mild(),
        min_severity: news.min_severity,
        gone: wording::gone_counts(report),
        listed: now_listed(news).take(listed).collect(),
        more_listed: (report.changes.listed.len() + news.owed_listed.len()).saturating_sub(listed),
        accepted: news.accepted.iter().take(listed).map(accepted).collect(),
        more_accepted: news.accepted.len().saturating_sub(listed),
        ending: ending.take(listed).collect(),
        more_ending: news.ending.len().saturating_sub(listed),
        summary_word: news.summary_word(),
        summary: news.summary.as_ref().map(Summary::lines).unwrap_or_default(),
        job: stamp.job.clone().unwrap_or_else(|| "none (manual run)".to_owned()),
        run_id: &stamp.run_id,
        as_of: wording::instant(stamp.as_of),
        organization: stamp.organization.as_deref().map(|name| wording::visible(name).into_owned()).unwrap_or_default(),
        package: place.package,
        link: place.link,
    }
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

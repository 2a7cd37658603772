//! News as JSON for machines.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::basis::First;
use super::kind::Kind;
use super::lines::{clipped, gap_line, now_listed};
use super::news::{New, News, Reminder};
use super::report_place::ReportPlace;
use super::summary::Summary;
use crate::model::{Finding, Fingerprint, Severity, Waiver};
use crate::wording::{self, Change, GapGroup};

/// Format 1 of the message for machines.
#[derive(Serialize)]
pub(super) struct Machine<'a> {
    version: u32,
    kind: Kind,
    organization: Option<&'a str>,
    job: Option<&'a str>,
    /// Whether it is the first run of its job.
    first_run: bool,
    run_id: &'a str,
    as_of: DateTime<Utc>,
    package: &'a str,
    /// The address by which a browser opens the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    report_url: Option<&'a str>,
    completeness: &'a str,
    new_findings: usize,
    new_gaps: usize,
    /// All that are open, told or not.
    open_findings: usize,
    /// How many of them are too mild for anybody to be told.
    too_mild_findings: usize,
    findings: Vec<MachineFinding<'a>>,
    /// What is assessed for the first time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    first_assessed: Vec<MachineFirst<'a>>,
    /// How many new findings are not listed.
    more_findings: usize,
    /// Gaps of one cause are one line.
    gaps: Vec<String>,
    /// How many new gaps are in no line.
    more_gaps: usize,
    /// What of the store could not be used by this run.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    damage: &'a [String],
    /// Findings that were told some days ago and are still open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reminders: Vec<MachineReminder<'a>>,
    /// How many of these are not in the message.
    #[serde(skip_serializing_if = "is_none")]
    more_reminders: usize,
    /// Findings of the earlier run whose subject is there as before, and that a row of a list expects by now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    now_listed: Vec<MachineListed>,
    /// How many of these are not in the message.
    #[serde(skip_serializing_if = "is_none")]
    more_now_listed: usize,
    /// Findings that were told, of `high` or worse, and that a waiver accepts by now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    now_accepted: Vec<MachineFinding<'a>>,
    /// How many of these are not in the message.
    #[serde(skip_serializing_if = "is_none")]
    more_now_accepted: usize,
    /// Waivers that end within two weeks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    waivers_ending: Vec<MachineWaiver<'a>>,
    /// How many of these are not in the message.
    #[serde(skip_serializing_if = "is_none")]
    more_waivers_ending: usize,
    /// How things stand, once a week.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a Summary>,
}

fn is_none(number: &usize) -> bool {
    *number == 0
}

#[derive(Serialize)]
struct MachineFirst<'a> {
    #[serde(flatten)]
    first: &'a First,
    /// How many of the new findings follow from it.
    findings: usize,
}

#[derive(Serialize)]
struct MachineListed {
    fingerprint: Fingerprint,
    title: String,
    /// By which row, since when, and who reviewed it.
    cause: String,
}

#[derive(Serialize)]
struct MachineFinding<'a> {
    fingerprint: &'a Fingerprint,
    rule: &'a str,
    severity: Severity,
    /// Whether it follows from what is assessed for the first time, and not from a change in AWS or of a list.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    first_assessed: bool,
    /// As it was told before, where it is worse now.
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<Severity>,
    first_seen: DateTime<Utc>,
    title: String,
}

#[derive(Serialize)]
struct MachineReminder<'a> {
    #[serde(flatten)]
    finding: MachineFinding<'a>,
    told: DateTime<Utc>,
}

#[derive(Serialize)]
struct MachineWaiver<'a> {
    rule: &'a str,
    expires: NaiveDate,
    /// File and line.
    row: String,
}

pub(super) fn machine<'a>(
    news: &'a News<'a>,
    kind: Kind,
    completeness: &'a str,
    place: ReportPlace<'a>,
    listed: usize,
) -> Machine<'a> {
    let report = news.report;
    let stamp = &report.world.stamp;
    let gaps = wording::gap_groups(news.gaps.iter().copied(), &report.world.snapshot);
    let of_reminder = |reminder: &Reminder<'a>| MachineReminder {
        finding: finding(news, reminder.finding, None),
        told: reminder.told,
    };
    Machine {
        version: 1,
        kind,
        organization: stamp.organization.as_deref(),
        job: stamp.job.as_deref(),
        first_run: news.is_first,
        run_id: &stamp.run_id,
        as_of: stamp.as_of,
        package: place.package,
        report_url: place.link,
        completeness,
        new_findings: news.findings.len(),
        new_gaps: news.gaps.len(),
        open_findings: report.verdict.open(),
        too_mild_findings: news.too_mild(),
        findings: news.findings.iter().take(listed).map(|new| of_new(news, new)).collect(),
        first_assessed: news
            .first
            .iter()
            .map(|(first, findings)| MachineFirst { first, findings: *findings })
            .collect(),
        more_findings: news.findings.len().saturating_sub(listed),
        gaps: gaps.iter().take(listed).map(gap_line).collect(),
        more_gaps: gaps.iter().skip(listed).map(GapGroup::size).sum(),
        damage: &news.damage[..news.damage.len().min(listed)],
        reminders: news.reminders.iter().take(listed).map(of_reminder).collect(),
        more_reminders: news.reminders.len().saturating_sub(listed),
        now_listed: (now_listed(news).take(listed))
            .map(|Change { fingerprint, title, cause, .. }| MachineListed {
                fingerprint,
                title,
                cause: cause.unwrap_or_default(),
            })
            .collect(),
        more_now_listed: (report.changes.listed.len() + news.owed_listed.len()).saturating_sub(listed),
        now_accepted: news.accepted.iter().take(listed).map(|accepted| finding(news, accepted, None)).collect(),
        more_now_accepted: news.accepted.len().saturating_sub(listed),
        waivers_ending: news.ending.iter().take(listed).map(|ending| waiver(news, ending)).collect(),
        more_waivers_ending: news.ending.len().saturating_sub(listed),
        summary: news.summary.as_ref(),
    }
}

fn of_new<'a>(news: &'a News<'a>, new: &New<'a>) -> MachineFinding<'a> {
    MachineFinding { first_assessed: new.is_first, ..finding(news, new.finding, new.was) }
}

fn finding<'a>(news: &News<'a>, finding: &'a Finding, was: Option<Severity>) -> MachineFinding<'a> {
    MachineFinding {
        fingerprint: &finding.fingerprint,
        rule: finding.rule.0,
        severity: finding.severity,
        first_assessed: false,
        was,
        first_seen: finding.first_seen,
        title: clipped(wording::title(news.report, finding)),
    }
}

fn waiver<'a>(news: &News<'a>, ending: &'a Waiver) -> MachineWaiver<'a> {
    MachineWaiver {
        rule: &ending.rule,
        expires: ending.expires,
        row: wording::row(&news.report.world.expectation, ending.row),
    }
}

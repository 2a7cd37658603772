//! News as a message: a subject, a text for people, and JSON for machines. Whatever it leaves out it counts.

use askama::Template;
use serde::Serialize;

use crate::model::{Fingerprint, Report, Severity};
use crate::wording::{self, Became, Change, GapGroup};

use super::{New, News};

/// How many findings and gaps a text lists. A mail is read on a phone; the package has all of them.
const LISTED: usize = 20;
/// How many of them the JSON lists.
const LISTED_FOR_MACHINES: usize = 100;
/// Bytes of a message for all protocols together: SNS takes 262,144 (`Publish`, `Message`), and counts attributes too.
const LONGEST: usize = 250_000;
/// Characters of a title or of a gap: AWS's own words may have any length.
const LONGEST_LINE: usize = 1_000;

/// A message about one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// One line of ASCII, below 100 characters (SNS `Publish`, `Subject`).
    pub subject: String,
    /// For people: e-mail and whatever else shows plain text.
    pub text: String,
    /// For machines: queues, functions, web hooks. JSON, `version: 1`.
    pub json: String,
    /// The worst severity in it, or `gap` where only gaps are new, `store` where only something in the store is damaged,
    /// `failure` where a run failed, and `recovery` where one did not any more; subscriptions can filter by it.
    pub severity: String,
    /// `complete` or `incomplete`; subscriptions can filter by it.
    pub completeness: String,
}

#[derive(Template)]
#[template(path = "alert.txt", escape = "none")]
struct Text<'a> {
    headline: String,
    subline: String,
    got_worse: bool,
    findings: Vec<Line<'a>>,
    more_findings: usize,
    gaps: Vec<NotSeen>,
    more_gaps: usize,
    damage: &'a [String],
    still_open: usize,
    too_mild: usize,
    min_severity: Severity,
    gone: Option<String>,
    listed: Vec<Change>,
    more_listed: usize,
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
    advice: &'a str,
    fingerprint: &'a Fingerprint,
}

struct NotSeen {
    line: String,
    advice: String,
}

/// Format 1 of the message for machines.
#[derive(Serialize)]
struct Machine<'a> {
    version: u32,
    organization: Option<&'a str>,
    job: Option<&'a str>,
    run_id: &'a str,
    as_of: chrono::DateTime<chrono::Utc>,
    package: &'a str,
    completeness: &'a str,
    new_findings: usize,
    new_gaps: usize,
    /// All that are open, told or not.
    open_findings: usize,
    /// How many of them are too mild for anybody to be told.
    too_mild_findings: usize,
    findings: Vec<MachineFinding<'a>>,
    /// How many new findings are not listed.
    more_findings: usize,
    /// Gaps of one cause are one line.
    gaps: Vec<String>,
    /// How many new gaps are in no line.
    more_gaps: usize,
    /// What of the store could not be used by this run.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    damage: &'a [String],
    /// Findings of the earlier run whose subject is there as before, and that a row of a list expects by now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    now_listed: Vec<MachineListed>,
    /// How many of these are not in the message.
    #[serde(skip_serializing_if = "is_none")]
    more_now_listed: usize,
}

fn is_none(number: &usize) -> bool {
    *number == 0
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
    /// As it was told before, where it is worse now.
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<Severity>,
    title: String,
}

impl Message {
    /// The message that tells these news; `package` is where the whole report is. It lists as much as one message may
    /// hold, and counts the rest.
    ///
    /// # Panics
    /// Never: the template only writes to memory, and the JSON has only text and numbers.
    #[must_use]
    pub fn of(news: &News<'_>, package: &str) -> Self {
        let mut listed = LISTED_FOR_MACHINES;
        loop {
            let message = Message::listing(listed, news, package);
            if listed == 0 || message.by_protocol().len() <= LONGEST {
                return message;
            }
            listed /= 2;
        }
    }

    /// The message with so many findings, and so many gaps, listed.
    fn listing(listed: usize, news: &News<'_>, package: &str) -> Self {
        let worst = news.findings.iter().map(|new| new.finding.severity).max();
        let of_listed = news.listed.iter().filter_map(|(_, severity)| *severity).max();
        let completeness = if news.report.verdict.complete() { "complete" } else { "incomplete" };
        Message {
            subject: subject(news, worst),
            text: text(news, package, listed.min(LISTED)).render().expect("memory takes every text"),
            json: serde_json::to_string(&machine(news, completeness, package, listed)).expect("a message is JSON"),
            severity: worst.max(of_listed).map_or_else(|| without_findings(news), Severity::word).to_owned(),
            completeness: completeness.to_owned(),
        }
    }

    /// The subject of a message that says this of the organization.
    pub(super) fn subject_of(what: &str, organization: Option<&str>) -> String {
        // AWS's pages differ on whether a subject may be other than ASCII, so such a name stands in the text alone.
        let organization = organization.filter(|name| name.chars().all(is_plain)).unwrap_or("AWS access");
        format!("[Rollcall] {what}: {organization}").chars().take(99).collect()
    }

    /// The message as SNS wants it with `MessageStructure=json`: a text for each protocol that is for people, and for
    /// all others the JSON, which so counts once.
    ///
    /// # Panics
    /// Never: it has only texts.
    #[must_use]
    pub fn by_protocol(&self) -> String {
        #[derive(Serialize)]
        struct ByProtocol<'a> {
            default: &'a str,
            email: &'a str,
            sms: &'a str,
        }
        let by_protocol = ByProtocol { default: &self.json, email: &self.text, sms: &self.subject };
        serde_json::to_string(&by_protocol).expect("texts are JSON")
    }
}

fn without_findings(news: &News<'_>) -> &'static str {
    if news.gaps.is_empty() { "store" } else { "gap" }
}

fn subject(news: &News<'_>, worst: Option<Severity>) -> String {
    let stamp = &news.report.world.stamp;
    let mut parts = Vec::new();
    if let Some(worst) = worst {
        let of_them = news.findings.iter().filter(|new| new.finding.severity == worst).count();
        let count =
            wording::count(news.findings.len(), if news.got_worse() { "new or worse finding" } else { "new finding" });
        parts.push(if of_them == news.findings.len() {
            format!("{count} ({worst})")
        } else {
            format!("{count} ({of_them} {worst})")
        });
    }
    if !news.listed.is_empty() {
        parts.push(format!("{} now listed", wording::count(news.listed.len(), "finding")));
    }
    if !news.gaps.is_empty() {
        parts.push(wording::count(news.gaps.len(), "new gap"));
    }
    if !news.damage.is_empty() {
        parts.push(format!("{} in the store unusable", wording::count(news.damage.len(), "object")));
    }
    Message::subject_of(&parts.join(", "), stamp.organization.as_deref())
}

fn is_plain(character: char) -> bool {
    matches!(character, ' '..='~')
}

fn text<'a>(news: &'a News<'a>, package: &'a str, listed: usize) -> Text<'a> {
    let report = news.report;
    let stamp = &report.world.stamp;
    let line = |&New { finding, was }: &New<'a>| Line {
        severity: finding.severity,
        was,
        title: clipped(wording::title(report, finding)),
        advice: wording::advice(report, finding),
        fingerprint: &finding.fingerprint,
    };
    let gaps = wording::gap_groups(news.gaps.iter().copied(), &report.world.snapshot);
    Text {
        headline: wording::headline(report),
        subline: wording::subline(report),
        got_worse: news.got_worse(),
        findings: news.findings.iter().take(listed).map(line).collect(),
        more_findings: news.findings.len().saturating_sub(listed),
        gaps: gaps.iter().take(listed).map(|gap| NotSeen { line: gap_line(gap), advice: gap.advice() }).collect(),
        more_gaps: gaps.iter().skip(listed).map(GapGroup::size).sum(),
        damage: &news.damage[..news.damage.len().min(LISTED)],
        still_open: news.known(),
        too_mild: news.too_mild(),
        min_severity: news.min_severity,
        gone: wording::gone_counts(report),
        listed: now_listed(report).take(listed).collect(),
        more_listed: report.changes.listed.len().saturating_sub(listed),
        job: stamp.job.clone().unwrap_or_else(|| "none (manual run)".to_owned()),
        run_id: &stamp.run_id,
        as_of: wording::instant(stamp.as_of),
        organization: stamp.organization.as_deref().map(|name| wording::visible(name).into_owned()).unwrap_or_default(),
        package,
    }
}

fn machine<'a>(news: &'a News<'a>, completeness: &'a str, package: &'a str, listed: usize) -> Machine<'a> {
    let report = news.report;
    let stamp = &report.world.stamp;
    let finding = |&New { finding, was }: &New<'a>| MachineFinding {
        fingerprint: &finding.fingerprint,
        rule: finding.rule.0,
        severity: finding.severity,
        was,
        title: clipped(wording::title(report, finding)),
    };
    let gaps = wording::gap_groups(news.gaps.iter().copied(), &report.world.snapshot);
    Machine {
        version: 1,
        organization: stamp.organization.as_deref(),
        job: stamp.job.as_deref(),
        run_id: &stamp.run_id,
        as_of: stamp.as_of,
        package,
        completeness,
        new_findings: news.findings.len(),
        new_gaps: news.gaps.len(),
        open_findings: report.verdict.open(),
        too_mild_findings: news.too_mild(),
        findings: news.findings.iter().take(listed).map(finding).collect(),
        more_findings: news.findings.len().saturating_sub(listed),
        gaps: gaps.iter().take(listed).map(gap_line).collect(),
        more_gaps: gaps.iter().skip(listed).map(GapGroup::size).sum(),
        damage: &news.damage[..news.damage.len().min(listed)],
        now_listed: (now_listed(report).take(listed))
            .map(|Change { fingerprint, title, cause, .. }| MachineListed {
                fingerprint,
                title,
                cause: cause.unwrap_or_default(),
            })
            .collect(),
        more_now_listed: report.changes.listed.len().saturating_sub(listed),
    }
}

/// Findings of the earlier run that a row of a list expects by now.
fn now_listed(report: &Report<'_>) -> impl Iterator<Item = Change> {
    let listed = wording::changes(report).into_iter().filter(|change| change.what == Became::NowListed);
    listed.map(|change| Change { title: clipped(change.title), cause: change.cause.map(clipped), ..change })
}

fn gap_line(gap: &GapGroup<'_>) -> String {
    clipped(gap.line(Some(wording::EVERY_GAP)))
}

fn clipped(line: String) -> String {
    match line.char_indices().nth(LONGEST_LINE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

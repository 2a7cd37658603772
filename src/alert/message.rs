//! News as a message: a subject, a text for people, and JSON for machines. Whatever it leaves out it counts.

use askama::Template;
use serde::Serialize;

use crate::model::{Fingerprint, Severity};
use crate::wording::{self, GapGroup};

use super::News;

/// How many findings and gaps a text lists. A mail is read on a phone; the package has all of them.
const LISTED: usize = 20;
/// How many of them the JSON lists: SNS takes 256 KiB a message, for all protocols together.
const LISTED_FOR_MACHINES: usize = 100;

/// A message about one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// One line of ASCII, below 100 characters (SNS `Publish`, `Subject`).
    pub subject: String,
    /// For people: e-mail and whatever else shows plain text.
    pub text: String,
    /// For machines: queues, functions, web hooks. JSON, `version: 1`.
    pub json: String,
    /// The worst severity in it, or `gap` where only gaps are new; subscriptions can filter by it.
    pub severity: String,
    /// `complete` or `incomplete`; subscriptions can filter by it.
    pub completeness: String,
}

#[derive(Template)]
#[template(path = "alert.txt", escape = "none")]
struct Text<'a> {
    headline: String,
    subline: String,
    findings: Vec<Line<'a>>,
    more_findings: usize,
    gaps: Vec<String>,
    more_gaps: usize,
    still_open: usize,
    job: String,
    run_id: &'a str,
    as_of: String,
    organization: String,
    package: &'a str,
}

struct Line<'a> {
    severity: Severity,
    title: String,
    advice: &'a str,
    fingerprint: &'a Fingerprint,
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
    open_findings: usize,
    findings: Vec<MachineFinding<'a>>,
    gaps: Vec<String>,
}

#[derive(Serialize)]
struct MachineFinding<'a> {
    fingerprint: &'a Fingerprint,
    rule: &'a str,
    severity: Severity,
    title: String,
}

impl Message {
    /// The message that tells these news; `package` is where the whole report is.
    ///
    /// # Panics
    /// Never: the template only writes to memory, and the JSON has only text and numbers.
    #[must_use]
    pub fn of(news: &News<'_>, package: &str) -> Self {
        let worst = news.findings.iter().map(|finding| finding.severity).max();
        let completeness = if news.report.verdict.complete() { "complete" } else { "incomplete" };
        Message {
            subject: subject(news, worst),
            text: text(news, package).render().expect("memory takes every text"),
            json: serde_json::to_string(&machine(news, completeness, package)).expect("a message is JSON"),
            severity: worst.map_or("gap", Severity::word).to_owned(),
            completeness: completeness.to_owned(),
        }
    }

    /// The message as SNS wants it with `MessageStructure=json`: a text for each protocol.
    ///
    /// # Panics
    /// Never: it has only texts.
    #[must_use]
    pub fn by_protocol(&self) -> String {
        #[derive(Serialize)]
        struct ByProtocol<'a> {
            default: &'a str,
            email: &'a str,
            sqs: &'a str,
            lambda: &'a str,
            http: &'a str,
            https: &'a str,
        }
        let (text, json) = (self.text.as_str(), self.json.as_str());
        let by_protocol = ByProtocol { default: text, email: text, sqs: json, lambda: json, http: json, https: json };
        serde_json::to_string(&by_protocol).expect("texts are JSON")
    }
}

fn subject(news: &News<'_>, worst: Option<Severity>) -> String {
    let stamp = &news.report.world.stamp;
    let organization = stamp.organization.as_deref().unwrap_or("AWS access");
    let mut parts = Vec::new();
    if let Some(worst) = worst {
        let of_them = news.findings.iter().filter(|finding| finding.severity == worst).count();
        let count = wording::count(news.findings.len(), "new finding");
        parts.push(if of_them == news.findings.len() {
            format!("{count} ({worst})")
        } else {
            format!("{count} ({of_them} {worst})")
        });
    }
    if !news.gaps.is_empty() {
        parts.push(wording::count(news.gaps.len(), "new gap"));
    }
    ascii(&format!("[Rollcall] {}: {organization}", parts.join(", ")))
}

/// One line of printable ASCII below 100 characters; what does not fit is left out, what is not ASCII becomes `?`.
fn ascii(text: &str) -> String {
    text.chars().map(|character| if matches!(character, ' '..='~') { character } else { '?' }).take(99).collect()
}

fn text<'a>(news: &'a News<'_>, package: &'a str) -> Text<'a> {
    let report = news.report;
    let stamp = &report.world.stamp;
    let line = |finding: &&'a crate::model::Finding| Line {
        severity: finding.severity,
        title: wording::title(report, finding),
        advice: wording::advice(report, finding),
        fingerprint: &finding.fingerprint,
    };
    let gaps = wording::gap_groups(news.gaps.iter().copied(), &report.world.snapshot);
    Text {
        headline: wording::headline(report),
        subline: wording::subline(report),
        findings: news.findings.iter().take(LISTED).map(line).collect(),
        more_findings: news.findings.len().saturating_sub(LISTED),
        gaps: gaps.iter().take(LISTED).map(|gap| gap.line(Some(wording::EVERY_GAP))).collect(),
        more_gaps: gaps.iter().skip(LISTED).map(GapGroup::size).sum(),
        still_open: report.verdict.open() - news.findings.len(),
        job: stamp.job.clone().unwrap_or_else(|| "by hand".to_owned()),
        run_id: &stamp.run_id,
        as_of: wording::instant(stamp.as_of),
        organization: stamp.organization.as_deref().map(|name| wording::visible(name).into_owned()).unwrap_or_default(),
        package,
    }
}

fn machine<'a>(news: &'a News<'_>, completeness: &'a str, package: &'a str) -> Machine<'a> {
    let report = news.report;
    let stamp = &report.world.stamp;
    let finding = |finding: &&'a crate::model::Finding| MachineFinding {
        fingerprint: &finding.fingerprint,
        rule: finding.rule.0,
        severity: finding.severity,
        title: wording::title(report, finding),
    };
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
        findings: news.findings.iter().take(LISTED_FOR_MACHINES).map(finding).collect(),
        gaps: news.gaps.iter().take(LISTED_FOR_MACHINES).map(|gap| wording::gap_line(gap)).collect(),
    }
}

//! Samples of every kind of message, marked as tests: whoever gets them sees how alerts look, and that they arrive.

use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::failure::{self, Failed, Input, LastAudit, Occasion};
use super::mail_page::Tone;
use super::news_page;
use super::text::{Line, Text};
use super::{Kind, Message};
use crate::model::{Fingerprint, RuleId, Severity};
use crate::wording;

/// What every sample begins with.
const MARK: &str = "This is a test. Nothing was audited, and there is nothing to do.";
/// Where the report of a sample would be.
const PACKAGE: &str = "reports/packages/sample";

/// One message of each kind, each marked as a test of this job's alerts.
#[must_use]
pub fn samples(organization: Option<&str>, job: &str, now: DateTime<Utc>) -> Vec<Message> {
    let occasion = Occasion {
        organization,
        job,
        due: Some(now),
        run_id: "test",
        now,
        since: now - TimeDelta::days(1),
        last_audit: LastAudit::At(now - TimeDelta::days(2)),
        may_repeat: false,
    };
    let failed = Failed {
        input: Input::ExpectedLists,
        place: Some("expected/iam-users.csv".to_owned()),
        why: "line 12: 3 cells where the header has 4".to_owned(),
        help: Some("give each row one cell for each column".to_owned()),
        cause: "test".to_owned(),
    };
    vec![
        marked(news(organization, job, now), Kind::News),
        marked(summary(organization, job, now), Kind::Summary),
        marked(failure::failed(&failed, &occasion), Kind::RunFailed),
        marked(failure::works_again(&occasion, PACKAGE, None), Kind::RunWorksAgain),
    ]
}

/// The same, marked wherever somebody or something reads it.
fn marked(message: Message, of: Kind) -> Message {
    let Message { job, subject, text, mut page, json, .. } = message;
    let kind = |kind: Kind| format!("\"kind\":\"{}\"", kind.word());
    page.headline = format!("Test: {}", page.headline);
    page.lead.insert(0, MARK.to_owned());
    Message {
        kind: Kind::Test,
        job,
        subject: subject.replacen("[Rollcall] ", "[Rollcall] TEST: ", 1).chars().take(99).collect(),
        text: format!("{MARK}\n\n{}", text.trim_start()),
        page,
        json: json.replacen(&kind(of), &format!("{},\"sample_of\":\"{}\"", kind(Kind::Test), of.word()), 1),
        severity: Kind::Test.word().to_owned(),
        completeness: "complete".to_owned(),
    }
}

fn news(organization: Option<&str>, job: &str, now: DateTime<Utc>) -> Message {
    let id = Fingerprint::of(RuleId("sample"), &[]);
    let finding = Line {
        severity: Severity::Critical,
        was: None,
        title: "User `sample@example.com` is in Identity Center but not in any expected list".to_owned(),
        since: None,
        weight: vec!["Administrative: `AdministratorAccess` allows everything".to_owned()],
        advice: "Find out who created the user and why. Remove it, or add the person to the directory.",
        fingerprint: &id,
    };
    let text = Text {
        headline: "1 critical finding; complete for users, groups and memberships".to_owned(),
        subline: "1 critical · 0 accepted by waivers · no gaps".to_owned(),
        findings: vec![finding],
        ..empty(organization, job, now)
    };
    let json = json!({
        "findings": [{"fingerprint": id, "rule": "unexpected-user", "severity": "critical", "first_seen": now,
            "title": text.findings[0].title}],
        "new_findings": 1, "open_findings": 1,
    });
    message("1 new finding (critical)", organization, &text, (Tone::Bad, Kind::News, now, json))
}

fn summary(organization: Option<&str>, job: &str, now: DateTime<Utc>) -> Message {
    let lines = ["Assessed: 120 users, 14 groups", "Open: none", "Accepted by waivers: none"];
    let complete = format!("Last complete run: {}", wording::instant(now));
    let text = Text {
        headline: "In order for users, groups and memberships".to_owned(),
        subline: "no open findings · 0 accepted by waivers · no gaps".to_owned(),
        summary: lines.iter().map(ToString::to_string).chain([complete]).collect(),
        ..empty(organization, job, now)
    };
    let json = json!({"findings": [], "new_findings": 0, "open_findings": 0});
    message("weekly summary, in order", organization, &text, (Tone::Good, Kind::Summary, now, json))
}

fn message(
    what: &str,
    organization: Option<&str>,
    text: &Text<'_>,
    (tone, kind, now, numbers): (Tone, Kind, DateTime<Utc>, Value),
) -> Message {
    let mut json = json!({"version": 1, "kind": kind, "organization": organization, "job": text.job, "run_id": text.run_id,
        "as_of": now, "package": text.package, "completeness": "complete"});
    if let (Some(all), Value::Object(numbers)) = (json.as_object_mut(), numbers) {
        all.extend(numbers);
    }
    Message {
        kind,
        job: Some(text.job.clone()),
        subject: Message::subject_of(what, organization),
        page: news_page::page(text, tone),
        text: text.render().expect("memory takes every text"),
        json: json.to_string(),
        severity: String::new(),
        completeness: String::new(),
    }
}

/// A text that says nothing yet.
fn empty<'a>(organization: Option<&str>, job: &str, now: DateTime<Utc>) -> Text<'a> {
    Text {
        headline: String::new(),
        subline: String::new(),
        is_first: false,
        got_worse: false,
        findings: Vec::new(),
        more_findings: 0,
        first: Vec::new(),
        of_first: Vec::new(),
        more_of_first: 0,
        gaps: Vec::new(),
        more_gaps: 0,
        damage: &[],
        reminders: Vec::new(),
        more_reminders: 0,
        still_open: 0,
        too_mild: 0,
        min_severity: Severity::Low,
        gone: None,
        listed: Vec::new(),
        more_listed: 0,
        accepted: Vec::new(),
        more_accepted: 0,
        ending: Vec::new(),
        more_ending: 0,
        summary_word: "weekly summary",
        summary: Vec::new(),
        job: job.to_owned(),
        run_id: "test",
        as_of: wording::instant(now),
        organization: organization.map(|name| wording::visible(name).into_owned()).unwrap_or_default(),
        package: PACKAGE,
        link: None,
    }
}

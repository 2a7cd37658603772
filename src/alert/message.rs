//! News as a message: a subject, a text for people, and JSON for machines. Whatever it leaves out it counts.

use askama::Template;
use serde::Serialize;

use super::kind::Kind;
use super::machine::machine;
use super::mail_page::{MailPage, Tone};
use super::news::News;
use super::news_page;
use super::report_place::ReportPlace;
use super::text::{LISTED, text};
use crate::model::Severity;
use crate::wording;

/// How many findings and gaps the JSON lists.
const LISTED_FOR_MACHINES: usize = 100;
/// Bytes of a message for all protocols together: SNS takes 262,144 (`Publish`, `Message`), and counts attributes too.
const LONGEST: usize = 250_000;

/// A message about one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What it is about; subscriptions can filter by it.
    pub kind: Kind,
    /// The job; subscriptions can filter by it.
    pub job: Option<String>,
    /// One line of ASCII, below 100 characters (SNS `Publish`, `Subject`).
    pub subject: String,
    /// For people: e-mail and whatever else shows plain text.
    pub text: String,
    /// The same for people who read e-mail with formats.
    pub page: MailPage,
    /// For machines: queues, functions, web hooks. JSON, `version: 1`.
    pub json: String,
    /// The worst severity in it, or `gap` where only gaps are new, `store` where only something in the store is damaged,
    /// `summary` where nothing is new, `failure` where a run failed, and `recovery` where one did not any more;
    /// subscriptions can filter by it.
    pub severity: String,
    /// `complete` or `incomplete`; subscriptions can filter by it.
    pub completeness: String,
}

impl Message {
    /// The message that tells these news; `place` is where the whole report is. It lists as much as one message may
    /// hold, and counts the rest.
    ///
    /// # Panics
    /// Never: the template only writes to memory, and the JSON has only text and numbers.
    #[must_use]
    pub fn of<'a>(news: &News<'_>, place: impl Into<ReportPlace<'a>>) -> Self {
        let place = place.into();
        let mut listed = LISTED_FOR_MACHINES;
        loop {
            let message = Message::listing(listed, news, place);
            if listed == 0 || message.by_protocol().len() <= LONGEST {
                return message;
            }
            listed /= 2;
        }
    }

    /// The message with so many findings, and so many gaps, listed.
    fn listing(listed: usize, news: &News<'_>, place: ReportPlace<'_>) -> Self {
        let of_findings = news.findings.iter().map(|new| new.finding.severity);
        let of_reminders = news.reminders.iter().map(|reminder| reminder.finding.severity);
        let of_listed = news.listed.iter().map(|(_, severity)| *severity);
        let of_listed = of_listed.chain(news.owed_listed.iter().map(|listed| listed.severity)).flatten();
        let of_accepted = news.accepted.iter().map(|finding| finding.severity);
        let worst = of_findings.chain(of_accepted).chain(of_reminders).chain(of_listed).max();
        let completeness = if news.report.verdict.complete() { "complete" } else { "incomplete" };
        let kind = if news.is_summary_only() { Kind::Summary } else { Kind::News };
        let machine = machine(news, kind, completeness, place, listed);
        let text = text(news, place, listed.min(LISTED));
        Message {
            kind,
            job: news.report.world.stamp.job.clone(),
            subject: subject(news),
            page: news_page::page(&text, tone(news)),
            text: text.render().expect("memory takes every text"),
            json: serde_json::to_string(&machine).expect("a message is JSON"),
            severity: worst.map_or_else(|| without_findings(news), Severity::word).to_owned(),
            completeness: completeness.to_owned(),
        }
    }

    /// The same with the link of the chain that the run left: whoever keeps the message can prove later that the link,
    /// and all before it, are as they were.
    #[must_use]
    pub fn with_link(mut self, number: u32, sha256: &str) -> Self {
        #[derive(Serialize)]
        struct OfChain<'a> {
            number: u32,
            sha256: &'a str,
        }
        let link = serde_json::to_string(&OfChain { number, sha256 }).expect("a link is JSON");
        self.text += &format!("\nLink          {number} {sha256}\n");
        self.page.facts.push(("Link", format!("{number} `{sha256}`")));
        self.json.replace_range(self.json.len() - 1.., &format!(",\"link\":{link}}}"));
        self
    }

    /// The subject of a message that says this of the organization.
    pub(super) fn subject_of(what: &str, organization: Option<&str>) -> String {
        // AWS's pages differ on whether a subject may be other than ASCII, so such a name stands in the text alone.
        let organization = organization.filter(|name| name.chars().all(is_plain)).unwrap_or("AWS access");
        format!("[Rollcall] {what}: {organization}").chars().take(99).collect()
    }

    /// The message as HTML for e-mail.
    #[must_use]
    pub fn html(&self) -> String {
        self.page.html(&self.subject)
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

/// How things stand, rather than what is new: who reads it in a week's time wants to know that.
fn tone(news: &News<'_>) -> Tone {
    let verdict = &news.report.verdict;
    let worst = news.report.open().map(|finding| finding.severity).max();
    match (worst, verdict.complete() && verdict.assesses() && news.damage.is_empty()) {
        (Some(Severity::Critical | Severity::High), _) => Tone::Bad,
        (Some(Severity::Medium | Severity::Low | Severity::Info), _) | (None, false) => Tone::Warn,
        (None, true) => Tone::Good,
    }
}

fn without_findings(news: &News<'_>) -> &'static str {
    match (news.gaps.is_empty(), news.damage.is_empty()) {
        (false, _) => "gap",
        (true, false) => "store",
        (true, true) => "summary",
    }
}

fn subject(news: &News<'_>) -> String {
    let stamp = &news.report.world.stamp;
    let (new, new_or_worse) = if news.is_first { ("", "") } else { ("new ", "new or worse ") };
    let mut parts = Vec::new();
    if news.called_new().next().is_some() {
        let new = if news.got_worse() { new_or_worse } else { new };
        parts.push(counted(&format!("{new}finding"), news.called_new().map(|new| new.finding.severity)));
    }
    if news.of_first().next().is_some() {
        let severities = news.of_first().map(|new| new.finding.severity);
        parts.push(format!("{} by a first assessment", counted("finding", severities)));
    }
    match news.listed.len() + news.owed_listed.len() {
        0 => {}
        listed => parts.push(format!("{} now listed", wording::count(listed, "finding"))),
    }
    if !news.accepted.is_empty() {
        parts
            .push(format!("{} now accepted", counted("finding", news.accepted.iter().map(|finding| finding.severity))));
    }
    if !news.gaps.is_empty() {
        parts.push(wording::count(news.gaps.len(), &format!("{new}gap")));
    }
    if !news.damage.is_empty() {
        parts.push(format!("{} in the store unusable", wording::count(news.damage.len(), "object")));
    }
    if !news.reminders.is_empty() {
        parts.push(counted("reminder", news.reminders.iter().map(|reminder| reminder.finding.severity)));
    }
    if news.is_summary_only() {
        parts.push(standing(news));
    }
    let occasion = match (news.is_first, news.is_summary_only()) {
        (true, _) => "first run, ".to_owned(),
        (false, true) => format!("{}, ", news.summary_word()),
        (false, false) => String::new(),
    };
    Message::subject_of(&format!("{occasion}{}", parts.join(", ")), stamp.organization.as_deref())
}

/// `14 new findings (2 critical)`, or `(critical)` where all of them are.
fn counted(what: &str, severities: impl Iterator<Item = Severity> + Clone) -> String {
    let (number, worst) = (severities.clone().count(), severities.clone().max());
    let count = wording::count(number, what);
    match worst {
        Some(worst) => match severities.filter(|severity| *severity == worst).count() {
            of_them if of_them == number => format!("{count} ({worst})"),
            of_them => format!("{count} ({of_them} {worst})"),
        },
        None => count,
    }
}

/// How things stand where nothing is new.
fn standing(news: &News<'_>) -> String {
    let verdict = &news.report.verdict;
    match (verdict.open(), verdict.complete(), verdict.assesses()) {
        (0, true, true) => "in order".to_owned(),
        (0, true, false) => "nothing is assessed".to_owned(),
        (0, false, _) => "incomplete".to_owned(),
        (open, true, _) => wording::count(open, "open finding"),
        (open, false, _) => format!("{}, incomplete", wording::count(open, "open finding")),
    }
}

fn is_plain(character: char) -> bool {
    matches!(character, ' '..='~')
}

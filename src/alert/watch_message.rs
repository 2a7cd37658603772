//! What the watcher found, as one message for each pass.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::mail_page::{Item, MailPage, Section, Tone};
use super::{Kind, Message};
use crate::events::{Ending, Found, Outcome};
use crate::model::{AccountId, Severity};
use crate::wording;

/// How many outcomes a message lists; it counts the rest.
const LISTED: usize = 20;
/// How many findings of one outcome a message lists.
const FINDINGS: usize = 10;

/// The circumstances of a message.
#[derive(Debug, Clone, Copy)]
pub struct WatchOccasion<'a> {
    /// What the audited organization is called.
    pub organization: Option<&'a str>,
    /// The job whose recipients are told.
    pub job: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Format 1 of the message for machines.
#[derive(Serialize)]
struct Machine<'a> {
    version: u32,
    kind: Kind,
    organization: Option<&'a str>,
    job: &'a str,
    at: DateTime<Utc>,
    /// How many principals changed at once, where too many did to look at each.
    storm: Option<usize>,
    outcomes: Vec<MachineOutcome<'a>>,
    more_outcomes: usize,
}

#[derive(Serialize)]
struct MachineOutcome<'a> {
    title: String,
    verdict: &'static str,
    kind: Option<&'static str>,
    name: Option<&'a str>,
    account: Option<AccountId>,
    operator_without_plan: bool,
    events: Vec<MachineEvent<'a>>,
    findings: Vec<MachineFinding<'a>>,
    more_findings: usize,
}

#[derive(Serialize)]
struct MachineEvent<'a> {
    id: &'a str,
    at: DateTime<Utc>,
    operation: &'a str,
    by: Option<&'a str>,
    from: Option<&'a str>,
}

#[derive(Serialize)]
struct MachineFinding<'a> {
    rule: &'static str,
    severity: Severity,
    title: &'a str,
    fingerprint: &'a str,
}

/// The message that tells these outcomes.
///
/// # Panics
/// Never: the JSON has only texts, numbers and instants.
#[must_use]
pub fn watch_message(outcomes: &[&Outcome], occasion: &WatchOccasion<'_>) -> Message {
    let worst = outcomes.iter().filter_map(|outcome| outcome.severity()).max();
    let headline = match outcomes {
        [one] => wording::watch_headline(one),
        many => format!("{} of access", wording::count(many.len(), "change")),
    };
    let listed: Vec<&Outcome> = outcomes.iter().copied().take(LISTED).collect();
    let more = outcomes.len() - listed.len();
    let more_words = (more > 0).then(|| format!("{} more; the next audit lists them.", wording::count(more, "change")));
    let paragraphs = listed.iter().map(|outcome| paragraph(outcome)).chain(more_words.clone());
    let section = Section {
        heading: String::new(),
        items: listed.iter().flat_map(|outcome| items(outcome)).collect(),
        after: more_words.into_iter().collect(),
        ..Section::default()
    };
    let machine = Machine {
        storm: None,
        outcomes: listed.iter().map(|outcome| of_machine(outcome)).collect(),
        more_outcomes: more,
        ..machine(occasion)
    };
    let text = paragraphs.collect::<Vec<_>>().join("\n\n");
    let tone = match worst {
        Some(Severity::Critical | Severity::High) => Tone::Bad,
        Some(Severity::Medium | Severity::Low | Severity::Info) | None => Tone::Warn,
    };
    let page = MailPage { tone, sections: vec![section], ..MailPage::of_text(&headline, "") };
    let what = match outcomes {
        [one] => plain_headline(one),
        many => format!("{} of access", wording::count(many.len(), "change")),
    };
    let is_complete = outcomes.iter().all(|outcome| outcome.is_decided());
    message(occasion, &what, (text, page), &machine, (worst.map_or("watch", Severity::word), is_complete))
}

/// The message that so many principals changed at once that none was looked at.
#[must_use]
pub fn storm_message(principals: usize, occasion: &WatchOccasion<'_>) -> Message {
    let text = format!(
        "{} changed at once. Rollcall did not look at each of them: an audit of job `{}` is due now.",
        wording::count(principals, "principal"),
        wording::visible(occasion.job)
    );
    let headline = "Many changes of access at once";
    let machine = Machine { storm: Some(principals), ..machine(occasion) };
    let page = MailPage::of_text(headline, &text);
    message(occasion, "many changes of access at once", (text, page), &machine, ("watch", false))
}

fn machine<'a>(occasion: &WatchOccasion<'a>) -> Machine<'a> {
    Machine {
        version: 1,
        kind: Kind::Watch,
        organization: occasion.organization,
        job: occasion.job,
        at: occasion.now,
        storm: None,
        outcomes: Vec::new(),
        more_outcomes: 0,
    }
}

fn message(
    occasion: &WatchOccasion<'_>,
    what: &str,
    (text, page): (String, MailPage),
    machine: &Machine<'_>,
    (severity, is_complete): (&str, bool),
) -> Message {
    let limits = "Events can be missing or late: the scheduled audit is what counts.";
    let text = format!("{text}\n\n{limits}\n");
    Message {
        kind: Kind::Watch,
        job: Some(occasion.job.to_owned()),
        subject: Message::subject_of(what, occasion.organization),
        text,
        page,
        json: serde_json::to_string(machine).expect("a message is JSON"),
        severity: severity.to_owned(),
        completeness: if is_complete { "complete" } else { "incomplete" }.to_owned(),
    }
}

/// A headline for a subject, which takes ASCII alone and has no room for long names.
fn plain_headline(outcome: &Outcome) -> String {
    let plain = wording::watch_headline(outcome).replace('`', "");
    if plain.is_ascii() { plain } else { "a change of access".to_owned() }
}

fn found(outcome: &Outcome) -> (&[Found], usize) {
    let all = if let Ending::NotExpected(found) = &outcome.ending { found.as_slice() } else { &[] };
    let listed = &all[..all.len().min(FINDINGS)];
    (listed, all.len() - listed.len())
}

fn paragraph(outcome: &Outcome) -> String {
    let lines = wording::watch_lines(outcome);
    let more = lines.len().saturating_sub(1 + FINDINGS);
    let mut text = lines.iter().take(1 + FINDINGS).cloned().collect::<Vec<_>>().join("\n- ");
    if more > 0 {
        text += &format!("\n- {} more", wording::count(more, "finding"));
    }
    text
}

fn items(outcome: &Outcome) -> Vec<Item> {
    let lines = wording::watch_lines(outcome);
    let first =
        Item { title: wording::watch_headline(outcome), lines: lines.into_iter().take(1).collect(), ..Item::default() };
    let (findings, more) = found(outcome);
    let findings = findings.iter().map(|found| Item {
        severity: Some(found.severity.word()),
        title: found.title.clone(),
        id: Some(found.fingerprint.to_string()),
        ..Item::default()
    });
    let more = (more > 0).then(|| Item { title: wording::count(more, "more finding"), ..Item::default() });
    std::iter::once(first).chain(findings).chain(more).collect()
}

fn of_machine(outcome: &Outcome) -> MachineOutcome<'_> {
    let watched = outcome.watched.as_ref();
    let (findings, more_findings) = found(outcome);
    MachineOutcome {
        title: wording::watch_headline(outcome),
        verdict: outcome.ending.word(),
        kind: watched.map(|seen| seen.watched.kind()),
        name: watched.map(|seen| seen.name.as_deref().unwrap_or(seen.watched.name())),
        account: watched.and_then(|seen| seen.watched.account()),
        operator_without_plan: outcome.operator_without_plan,
        events: outcome
            .events
            .iter()
            .take(FINDINGS)
            .map(|event| MachineEvent {
                id: &event.id,
                at: event.at,
                operation: &event.operation,
                by: event.actor.name.as_deref().or(event.actor.arn.as_deref()),
                from: event.from.as_deref(),
            })
            .collect(),
        findings: findings
            .iter()
            .map(|found| MachineFinding {
                rule: found.rule.0,
                severity: found.severity,
                title: &found.title,
                fingerprint: found.fingerprint.as_str(),
            })
            .collect(),
        more_findings,
    }
}

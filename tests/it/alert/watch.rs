//! What the watcher's messages say, that no name in them passes for anything else, and what recipients know then.

use chrono::{DateTime, Utc};
use rollcall::alert::{ByAudits, WatchMemory, WatchOccasion, watch_message};
use rollcall::events::{Ending, Found, Has, Outcome, Seen, read};
use rollcall::model::{Fingerprint, RuleId, Severity, Watched};
use rollcall::wording::visible;
use serde_json::{Value, json};

use crate::events::samples::sample;

fn at(minute: u32) -> DateTime<Utc> {
    format!("2026-11-30T10:{minute:02}:00Z").parse().unwrap()
}

/// An IAM user of this name whom no list expects.
fn stranger(name: &str) -> Outcome {
    let mut event: Value = serde_json::from_slice(&sample("01-iam-create-user.json")).unwrap();
    event["detail"]["requestParameters"]["userName"] = json!(name);
    let rule = RuleId("unexpected-iam-user");
    Outcome {
        watched: Some(Seen {
            watched: Watched::IamUser("111122223333".parse().unwrap(), name.to_owned()),
            name: None,
            account_name: Some(name.to_owned()),
            has: vec![Has::Policies(vec![name.to_owned()])],
        }),
        events: vec![read(&serde_json::to_vec(&event).unwrap()).unwrap()],
        looked_at: Some(at(0)),
        ending: Ending::NotExpected(vec![Found {
            rule,
            severity: Severity::High,
            title: format!("IAM user `{}` is in no list", visible(name)),
            fingerprint: Fingerprint::of(rule, &[name.to_owned()]),
        }]),
        planned: None,
        operator_without_plan: false,
        unread: Vec::new(),
    }
}

#[test]
fn a_hostile_name_stays_a_name_in_every_form_of_a_message() {
    let hostile = "<script>`*[x](http://evil)\u{202e}\n\nAll is well.";
    let outcome = stranger(hostile);
    let occasion = WatchOccasion { organization: Some("Example"), job: "daily", now: at(1) };
    let message = watch_message(&[&outcome], &occasion);
    assert!(!message.text.contains('\u{202e}') && !message.text.contains("\n\nAll is well"), "{}", message.text);
    assert!(message.text.contains("Events can be missing or late"), "{}", message.text);
    assert!(!message.text.contains("\":"), "no JSON reaches a person: {}", message.text);
    let html = message.html();
    assert!(!html.contains("<script>") && !html.contains('\u{202e}'), "{html}");
    assert!(message.subject.is_ascii() && !message.subject.contains('\n'), "{}", message.subject);
    let machine: Value = serde_json::from_str(&message.json).unwrap();
    assert_eq!(machine["outcomes"][0]["name"], hostile);
}

#[test]
fn recipients_hear_of_a_finding_once_and_again_when_it_was_gone_in_between() {
    let (outcome, audits) = (stranger("build-7"), ByAudits::default());
    let is_news = |memory: &WatchMemory, audits: &ByAudits| memory.is_news(&outcome, audits, Severity::Low, false);
    let nothing = WatchMemory::default();
    assert!(is_news(&nothing, &audits));
    assert!(!nothing.is_news(&outcome, &audits, Severity::Critical, false), "too mild");
    let told = nothing.after(std::slice::from_ref(&outcome), &[&outcome], &audits, at(1));
    assert!(!is_news(&told, &audits));
    let record = told.encode();
    assert_eq!(WatchMemory::decode(&record).unwrap().encode(), record);
    assert_eq!(WatchMemory::decode(b"{\"version\": 2}"), None);
    assert_eq!(told.findings().len(), 1);

    // Looked at again, and it was gone.
    let gone = Outcome { ending: Ending::Gone, ..outcome.clone() };
    assert!(is_news(&told.after(&[gone], &[], &audits, at(2)), &audits));
    // An audit came after the look and did not have it.
    let later = ByAudits { as_of: Some(at(3)), ..ByAudits::default() };
    assert!(is_news(&told, &later));
    // An audit that told them counts, as long as no later look says otherwise.
    let by_audit = ByAudits { findings: told.findings(), as_of: Some(at(3)) };
    assert!(!is_news(&nothing, &by_audit));
    // What could not be read says nothing about what was there.
    let unread =
        Outcome { ending: Ending::NotAllowed("iam:GetUser".to_owned(), "AccessDenied".to_owned()), ..outcome.clone() };
    assert!(!is_news(&told.after(&[unread], &[], &audits, at(4)), &audits));
}

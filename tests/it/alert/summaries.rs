//! The weekly sign of life, reminders, the first run, waivers that end soon: what is said although nothing is new.

use std::fs;

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::alert::{Kind, Message, Told, news};
use rollcall::model::{Earlier, Severity};
use serde_json::{Value, json};

use crate::alert::failed_runs::{audit, site, told};
use crate::story::Story;
use crate::support::audited::{Audited, left_by};

const PACKAGE: &str = "s3://rollcall-reports/audits/packages/daily/20261120T080000Z-run-1";

fn start() -> DateTime<Utc> {
    "2026-11-20T08:00:00Z".parse().unwrap()
}

fn with_administrator() -> Story {
    let mut story = Story::small();
    story.stranger("mallory").aws_member("AWS-Admins", "mallory");
    story
}

/// Runs a job once a day over these stories, and gives back each day's message, where there is one.
fn days(stories: impl IntoIterator<Item = Story>) -> Vec<Option<Message>> {
    let (mut earlier, mut known): (Option<Earlier>, Option<Told>) = (None, None);
    let mut messages = Vec::new();
    for (day, story) in stories.into_iter().enumerate() {
        let audited = Audited::of(&story).with(|world| {
            // A run begins some seconds before or after that of the day before.
            let seconds = if day % 2 == 0 { 5 } else { 0 };
            world.stamp.as_of = start() + TimeDelta::days(day as i64) + TimeDelta::seconds(seconds);
            world.stamp.job = Some("daily".to_owned());
            world.policy.max_list_age = TimeDelta::days(365);
            world.earlier = earlier.take();
        });
        let report = audited.report();
        let today = news(&report, known.as_ref(), Severity::Low);
        messages.push(today.as_ref().map(|news| Message::of(news, PACKAGE)));
        known = today.map(|news| news.then_told).or_else(|| known.map(|known| known.still(&report)));
        earlier = Some(left_by(&report));
    }
    messages
}

fn spoken(messages: &[Option<Message>]) -> Vec<(usize, &str)> {
    let messages = messages.iter().enumerate();
    messages.filter_map(|(day, message)| Some((day, message.as_ref()?.subject.as_str()))).collect()
}

#[test]
fn a_job_in_order_is_announced_by_its_first_run_and_gives_a_sign_of_life_once_a_week() {
    let messages = days((0..22).map(|_| Story::small()));
    let week = "[Rollcall] weekly summary, in order: AWS access";
    let first = "[Rollcall] first run, in order: AWS access";
    assert_eq!(spoken(&messages), [(0, first), (7, week), (14, week), (21, week)]);
    let last = messages[21].as_ref().unwrap();
    assert_eq!((last.kind, last.severity.as_str(), last.completeness.as_str()), (Kind::Summary, "summary", "complete"));
    let (_, summary) = last.text.split_once("WEEKLY SUMMARY\n").expect(&last.text);
    insta::assert_snapshot!(summary, @"
    - Assessed: 3 users, 2 groups, 3 memberships and 2 assignments, and 1 IAM user and 1 IAM policy in all 3 accounts
    - Not assessed, because no expected list covers them: 3 permission sets
    - Open: none
    - Accepted by waivers: none
    - Last complete run: 2026-12-11 08:00:00 UTC
    ");
    let json: Value = serde_json::from_str(&last.json).unwrap();
    assert_eq!((&json["kind"], &json["summary"]["open"]), (&json!("summary"), &json!([])));
}

#[test]
fn critical_and_high_findings_are_named_again_after_3_7_and_30_days_while_they_are_open() {
    let messages = days((0..40).map(|_| with_administrator()));
    let reminder = "[Rollcall] 1 reminder (critical): AWS access";
    let week = "[Rollcall] weekly summary, 1 open finding: AWS access";
    assert_eq!(
        spoken(&messages),
        [
            (0, "[Rollcall] first run, 1 finding (critical): AWS access"),
            (3, reminder),
            // The summary of this day is in the same message.
            (7, reminder),
            (14, week),
            (21, week),
            (28, week),
            (30, reminder),
            (35, week),
        ]
    );
    let third = messages[3].as_ref().unwrap();
    assert_eq!((third.kind, third.severity.as_str()), (Kind::News, "critical"));
    let since = "Open since 2026-11-20, reported on 2026-11-20.";
    assert!(
        third.text.contains("STILL OPEN\n\n[critical] User `mallory") && third.text.contains(since),
        "{}",
        third.text
    );
    let json: Value = serde_json::from_str(&third.json).unwrap();
    assert_eq!(json["reminders"][0]["told"], "2026-11-20T08:00:05Z");
    let week = messages[35].as_ref().unwrap();
    assert!(week.text.contains("- Open: 1 critical (oldest 2026-11-20)\n"), "{}", week.text);
}

#[test]
fn nobody_is_reminded_of_what_is_mild_or_gone() {
    let mild = |day: usize| {
        let mut story = Story::small();
        if day == 0 {
            story.aws_group("Temp")
        } else {
            &mut story
        };
        story.stranger("mallory");
        story
    };
    assert_eq!(spoken(&days((0..7).map(mild))).len(), 1);
    let gone = |day: usize| if day < 2 { with_administrator() } else { Story::small() };
    assert_eq!(spoken(&days((0..7).map(gone))).len(), 1);
}

#[test]
fn a_waiver_is_mentioned_in_the_two_weeks_before_its_end() {
    let waived = |day: usize| {
        let mut story = with_administrator();
        story.waive("unexpected-user", "mallory@corp.example.com", "2026-12-15");
        if day == 8 {
            story.aws_group("Temp");
        }
        story
    };
    let messages = days((0..15).map(waived));
    for (day, message) in messages.iter().enumerate().filter_map(|(day, message)| Some((day, message.as_ref()?))) {
        assert_eq!(message.text.contains("WAIVERS THAT END WITHIN 14 DAYS"), day >= 11, "{day}: {}", message.text);
    }
    let last = messages[14].as_ref().unwrap();
    assert!(
        last.text.contains("- until 2026-12-15: `unexpected-user` of `mallory@corp.example.com` ("),
        "{}",
        last.text
    );
    assert!(last.json.contains(r#""expires":"2026-12-15""#), "{}", last.json);
}

#[test]
fn the_message_ends_with_the_link_that_the_run_left_and_its_kind_and_job_are_attributes() {
    let site = site();
    assert_eq!(audit(&site, &[]).code, 0);
    let published = site.1.kept().published[0].clone();
    let by_protocol: Value = serde_json::from_str(&published["Message"]).unwrap();
    let (_, message) = told(&site).remove(0);
    let link = fs::read(site.0.path().join("reports/chain/00000001.json")).unwrap();
    let digest = rollcall::store::Digest::of(&link).to_string();
    assert_eq!(message["link"], json!({"number": 1, "sha256": digest}));
    assert!(
        by_protocol["email"].as_str().unwrap().ends_with(&format!("\nLink          1 {digest}\n")),
        "{by_protocol}"
    );
    let values: Vec<&String> =
        published.iter().filter(|(name, _)| name.contains("Value.StringValue")).map(|(_, value)| value).collect();
    for attribute in ["summary", "daily", "complete"] {
        assert!(values.iter().any(|value| *value == attribute), "{values:?}");
    }
    // Within the week, the next run is silent.
    assert_eq!((audit(&site, &[]).code, told(&site)), (0, vec![]));
}

#[test]
fn accepting_what_was_told_as_high_or_critical_is_news_once_with_who_accepted_it_and_until_when() {
    let waived = |day: usize| {
        let mut story = Story::small();
        story.leaves("bob");
        if day > 0 {
            story.waive("leaver-with-access", "bob@corp.example.com", "2027-01-01");
        }
        story
    };
    let messages = days((0..4).map(waived));
    let accepted = "[Rollcall] 1 finding (high) now accepted: AWS access";
    assert_eq!(spoken(&messages)[1..], [(1, accepted)]);
    let message = messages[1].as_ref().unwrap();
    assert_eq!(message.severity, "high");
    assert!(message.text.contains("NOW ACCEPTED"), "{}", message.text);
    assert!(message.text.contains("  until 2027-01-01: `leaver-with-access` of `bob@"), "{}", message.text);
    let json: Value = serde_json::from_str(&message.json).unwrap();
    assert_eq!(json["now_accepted"][0]["severity"], "high");
    // What was accepted before it was ever told is no news.
    assert_eq!(spoken(&days((1..4).map(waived))).len(), 1);
}

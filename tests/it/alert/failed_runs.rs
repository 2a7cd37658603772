//! Runs that fail: the recipients of the job's messages are told which input or service, where, why and what to do; once
//! a cause, again after a day, and once when the job works again.

use std::fs;

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::alert::failure::{Failed, Input, Known, LastAudit, Occasion, Tell, failed, tell, works_again};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::store::delivery::folder_of;
use crate::story::Story;
use crate::support::bucket::S3;
use crate::support::{Output, rollcall};

pub const SETTINGS: &str = "organization = \"Acme\"\n[collect]\nfrom = \"saved\"\n\
                        [alert]\nsns_topic_arn = \"arn:aws:sns:us-east-1:123456789012:alerts\"\n\
                        [[job]]\nname = \"daily\"\ncron = \"0 8 * * *\"\n";

/// A job that works, and where its messages go.
pub fn site() -> (TempDir, S3) {
    (folder_of(&Story::small(), SETTINGS), S3::start())
}

pub fn audit(site: &(TempDir, S3), more: &[&str]) -> Output {
    rollcall(site.0.path(), &[&["audit", "--job", "daily"], more].concat(), &site.1.environment())
}

/// The messages since they were looked at last: subject, and what machines get.
pub fn told(site: &(TempDir, S3)) -> Vec<(String, Value)> {
    site.1.kept().messages()
}

/// A list in which the row of Alice is damaged.
pub fn damage(site: &(TempDir, S3)) -> (std::path::PathBuf, String) {
    let list = site.0.path().join("expected/iam-users.csv");
    let whole = fs::read_to_string(&list).unwrap_or_else(|_| "account,user,policies,owner\n".to_owned());
    fs::write(&list, format!("{whole}222233334444,alice.secret,ReadOnlyAccess,alice,one,two,three\n")).unwrap();
    (list, whole)
}

#[test]
fn a_run_that_fails_is_told_once_and_once_that_the_job_works_again() {
    let site = site();
    let (list, whole) = damage(&site);
    for expected in [1, 0, 0] {
        assert_eq!(audit(&site, &[]).code, 1);
        let messages = told(&site);
        assert_eq!(messages.len(), expected);
        let Some((subject, message)) = messages.into_iter().next() else { continue };
        assert_eq!(subject, "[Rollcall] job daily failed: the expected lists: Acme");
        assert_eq!((&message["kind"], &message["input"]), (&json!("run-failed"), &json!("expected-lists")));
        assert_eq!(message["place"], "expected/iam-users.csv");
        assert!(message["why"].as_str().unwrap().starts_with("line "), "{message}");
        assert!(message["help"].as_str().unwrap().contains("give each row one cell for each column"), "{message}");
        assert!(!message.to_string().contains("secret"), "{message}");
    }
    // Another cause is told, and then that it works again.
    fs::write(&list, "nonsense\n").unwrap();
    assert_eq!((audit(&site, &[]).code, told(&site).len()), (1, 1));
    fs::write(&list, whole).unwrap();
    for expected in [2, 0] {
        assert_eq!(audit(&site, &[]).code, 0);
        // The first message is about the first run that was done.
        let messages = told(&site);
        assert_eq!(messages.len(), expected);
        let Some((subject, message)) = messages.into_iter().nth(1) else { continue };
        assert_eq!(subject, "[Rollcall] job daily works again: Acme");
        assert!(message["package"].as_str().unwrap().starts_with("reports/packages/daily/"), "{message}");
    }
}

#[test]
fn every_input_that_a_run_cannot_do_without_is_named() {
    type Break = fn(&(TempDir, S3));
    let breaks: [(&str, &[&str], Break); 6] = [
        ("expected-lists", &[], |site| _ = damage(site)),
        ("expected-lists", &["--expected", "s3://lists/x"], |site| site.1.kept().is_down = true),
        ("saved-output", &["--from", "nowhere"], |_| {}),
        ("store", &["--to", "s3://evidence"], |site| site.1.kept().is_down = true),
        ("store", &["--to", "rollcall.toml"], |_| {}),
        // Audited, and not published: the link cannot be written where a folder has its name.
        ("store", &[], |site| fs::create_dir_all(site.0.path().join("reports/chain/00000001.json")).unwrap()),
    ];
    for (input, arguments, broken) in breaks {
        let site = site();
        broken(&site);
        let output = audit(&site, arguments);
        assert!(matches!(output.code, 1 | 5), "{arguments:?}: {}", output.stderr);
        let messages = told(&site);
        assert_eq!(messages.len(), 1, "{arguments:?}: {}", output.stderr);
        let message = &messages[0].1;
        assert_eq!(message["input"], input, "{arguments:?}: {message}");
        assert!(message["why"].as_str().is_some_and(|why| !why.is_empty()), "{message}");
    }
}

#[test]
fn nobody_is_told_of_a_run_by_hand_one_without_alerts_or_one_that_was_asked_wrongly() {
    let site = site();
    damage(&site);
    for arguments in [&["audit"] as &[&str], &["audit", "--job", "daily", "--no-alert"], &["audit", "--job", "weekly"]]
    {
        assert_ne!(rollcall(site.0.path(), arguments, &site.1.environment()).code, 0);
    }
    assert_eq!(told(&site), []);
}

#[test]
fn what_could_not_be_told_is_told_by_the_next_run() {
    let site = site();
    damage(&site);
    site.1.kept().is_mute = true;
    let output = audit(&site, &[]);
    assert_eq!(output.code, 1);
    assert!(output.stderr.contains("cannot send the alert about how this run ended"), "{}", output.stderr);
    site.1.kept().is_mute = false;
    audit(&site, &[]);
    assert_eq!(told(&site).len(), 1);
}

#[test]
fn a_record_that_somebody_forged_hides_no_failure() {
    let future = Utc::now() + TimeDelta::days(365);
    let forged = [
        json!({"version": 1, "cause": "the expected lists", "since": future, "told": future}).to_string(),
        "nonsense".to_owned(),
        json!({"version": 9}).to_string(),
    ];
    for record in forged {
        let site = site();
        damage(&site);
        let path = site.0.path().join("reports/failures/daily/00000001.json");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &record).unwrap();
        audit(&site, &[]);
        assert_eq!(told(&site).len(), 1, "{record}");
        audit(&site, &[]);
        assert_eq!(told(&site).len(), 0, "{record}");
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn failure(cause: &str) -> Failed {
    Failed {
        input: Input::Store,
        place: Some("s3://evidence/audits/chain".to_owned()),
        why: "cannot list: AccessDenied".to_owned(),
        help: Some("allow `s3:ListBucket` on the bucket".to_owned()),
        cause: cause.to_owned(),
    }
}

#[test]
fn the_same_cause_is_told_again_after_a_day() {
    let now = at("2026-11-20T08:00:00Z");
    let known = |cause: Option<&str>, hours_ago: i64| Known {
        cause: cause.map(str::to_owned),
        since: now - TimeDelta::days(3),
        told: now - TimeDelta::hours(hours_ago),
    };
    let since = now - TimeDelta::days(3);
    let (one, another) = (failure("one"), failure("another"));
    assert_eq!(tell(None, None, now), Tell::Nothing);
    assert_eq!(tell(None, Some(&one), now), Tell::Failed { since: now });
    assert_eq!(tell(Some(&known(Some("one"), 23)), Some(&one), now), Tell::Nothing);
    assert_eq!(tell(Some(&known(Some("one"), 24)), Some(&one), now), Tell::Failed { since });
    assert_eq!(tell(Some(&known(Some("one"), 1)), Some(&another), now), Tell::Failed { since });
    assert_eq!(tell(Some(&known(Some("one"), 1)), None, now), Tell::WorksAgain { since });
    assert_eq!(tell(Some(&known(None, 1)), None, now), Tell::Nothing);
    assert_eq!(tell(Some(&known(None, 1)), Some(&one), now), Tell::Failed { since: now });
    assert_eq!(tell(Some(&known(Some("one"), -1)), Some(&one), now), Tell::Failed { since: now }, "from the future");
}

#[test]
fn a_cause_that_is_longer_than_a_message_is_told_as_far_as_it_goes() {
    let site = site();
    let path = site.0.path().join("rollcall.toml");
    let settings = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{settings}[aws]\nregion = \"{}\"\n", "x".repeat(300_000))).unwrap();
    assert_eq!(audit(&site, &[]).code, 2);
    let message = told(&site).remove(0).1;
    assert_eq!(message["input"], "settings");
    assert!(message.to_string().len() < 10_000 && message["why"].as_str().unwrap().ends_with('…'), "{message}");
}

#[test]
fn the_messages_say_what_failed_where_why_and_what_to_do() {
    let occasion = Occasion {
        organization: Some("Acme"),
        job: "daily",
        due: Some(at("2026-11-20T08:00:00Z")),
        run_id: "0190-run",
        now: at("2026-11-21T08:10:00Z"),
        since: at("2026-11-20T08:01:00Z"),
        last_audit: LastAudit::At(at("2026-11-19T08:00:00Z")),
        may_repeat: true,
    };
    let message = failed(&failure("one"), &occasion);
    insta::assert_snapshot!(message.text, @"
    The run of job `daily` failed. Nothing was audited, or the report was not delivered.
    No audit since 2026-11-19 08:00:00 UTC.

    What failed  the package store
    Where        s3://evidence/audits/chain
    Why          cannot list: AccessDenied
    To do        allow `s3:ListBucket` on the bucket

    Organization Acme
    Scheduled    2026-11-20 08:00:00 UTC
    Failed       2026-11-21 08:10:00 UTC
    Since        2026-11-20 08:01:00 UTC
    Run          0190-run

    Rollcall retries until the run succeeds or until the job's next scheduled time. The same cause is reported again after 24 hours. The recovery is reported once.

    An earlier message may have said the same: Rollcall could not read what it had sent before.
    ");
    insta::assert_snapshot!(message.json, @r#"{"version":1,"kind":"run-failed","organization":"Acme","job":"daily","due":"2026-11-20T08:00:00Z","run_id":"0190-run","at":"2026-11-21T08:10:00Z","since":"2026-11-20T08:01:00Z","input":"store","place":"s3://evidence/audits/chain","why":"cannot list: AccessDenied","help":"allow `s3:ListBucket` on the bucket","cause":"one","last_audit":"2026-11-19T08:00:00Z","may_repeat":true}"#);
    assert_eq!((message.severity.as_str(), message.completeness.as_str()), ("failure", "incomplete"));
    let message = works_again(&occasion, "s3://evidence/audits/packages/daily/x", None);
    insta::assert_snapshot!(message.text, @"
    Job `daily` works again. It had been failing since 2026-11-20 08:01:00 UTC.

    Organization Acme
    Done         2026-11-21 08:10:00 UTC
    Run          0190-run
    Report       s3://evidence/audits/packages/daily/x/report.html
    ");
    insta::assert_snapshot!(message.json, @r#"{"version":1,"kind":"run-works-again","organization":"Acme","job":"daily","due":"2026-11-20T08:00:00Z","run_id":"0190-run","at":"2026-11-21T08:10:00Z","since":"2026-11-20T08:01:00Z","may_repeat":true,"package":"s3://evidence/audits/packages/daily/x"}"#);
    assert_eq!((message.severity.as_str(), message.completeness.as_str()), ("recovery", "complete"));
}

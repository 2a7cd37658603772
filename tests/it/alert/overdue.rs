//! Jobs that nothing runs: told by whoever looks at them, by `rollcall status`, and by the next run.

use std::fs;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::pipeline::{Clock, Order, run_due};
use rollcall::schedule::{Timetable, between, overdue};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::alert::failed_runs::{audit, damage, site, told};
use crate::serve::resume;
use crate::support::bucket::S3;
use crate::support::{Output, rollcall};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn a_job_is_overdue_since_the_first_instant_for_which_it_was_not_run() {
    let daily = Timetable::parse("0 8 * * *", "UTC").unwrap();
    let takes = TimeDelta::hours(6);
    let since = |last: &str, now: &str| overdue(&daily, at(last), at(now), takes);
    assert_eq!(since("2026-11-20T08:00:00Z", "2026-11-21T07:59:59Z"), None);
    assert_eq!(since("2026-11-20T08:00:00Z", "2026-11-21T13:59:59Z"), None, "it may still be at it");
    let first = Some(at("2026-11-21T08:00:00Z"));
    assert_eq!(since("2026-11-20T08:00:00Z", "2026-11-21T14:00:00Z"), first);
    assert_eq!(since("2026-11-20T08:00:00Z", "2026-11-25T00:00:00Z"), first);
    assert_eq!(since("2026-11-20T08:00:31Z", "2026-11-25T00:00:00Z"), first, "one that cron started");
    let count = |after: &str, before: &str| between(&daily, at(after), at(before));
    assert_eq!(count("2026-11-20T08:00:00Z", "2026-11-21T08:00:00Z"), 0);
    assert_eq!(count("2026-11-20T08:00:00Z", "2026-11-24T08:00:00Z"), 3);
    assert_eq!(count("2026-11-24T08:00:00Z", "2026-11-20T08:00:00Z"), 0);
}

/// Leaves the package of a run that was due then.
async fn ran(site: &(TempDir, S3), due: DateTime<Utc>) {
    let order = Order { alert: false, ..resume::order(site.0.path()) };
    let clock: Clock = Arc::new(Utc::now);
    run_due(&order, due, &CancellationToken::new(), &clock).await.unwrap().expect("it is not done yet");
}

fn status(site: &(TempDir, S3), more: &[&str]) -> Output {
    rollcall(site.0.path(), &[&["status"], more].concat(), &site.1.environment())
}

fn one(site: &(TempDir, S3)) -> (String, Value) {
    let mut messages = told(site);
    assert_eq!(messages.len(), 1, "{messages:?}");
    messages.remove(0)
}

#[tokio::test]
async fn a_job_that_nothing_runs_is_reported_once_by_whoever_looks_and_the_next_run_ends_it() {
    let site = site();
    ran(&site, at("2026-11-20T08:00:00Z")).await;
    assert_eq!((status(&site, &[]).code, told(&site)), (4, vec![]));
    assert_eq!(status(&site, &["--alert"]).code, 4);
    let (subject, message) = one(&site);
    assert_eq!(subject, "[Rollcall] job daily is overdue: Acme");
    assert_eq!((&message["kind"], &message["input"]), (&json!("run-failed"), &json!("scheduler")));
    assert_eq!(message["why"], "a run was due at 2026-11-21 08:00:00 UTC, and there is no package of it");
    assert!(message["last_audit"].as_str().unwrap().starts_with("2026-11-20T"), "{message}");
    assert_eq!((status(&site, &["--alert"]).code, told(&site)), (4, vec![]), "they know");
    assert_eq!(audit(&site, &[]).code, 0);
    assert_eq!(told(&site).last().unwrap().1["kind"], "run-works-again");
}

#[tokio::test]
async fn who_knows_that_a_job_fails_is_not_told_besides_that_it_is_overdue() {
    let site = site();
    ran(&site, at("2026-11-20T08:00:00Z")).await;
    damage(&site);
    assert_eq!(audit(&site, &[]).code, 1);
    assert_eq!(one(&site).1["input"], "expected-lists");
    let status = status(&site, &["--alert"]);
    assert_eq!((status.code, told(&site)), (4, vec![]));
    assert!(status.stdout.contains("  failing     since 20"), "{}", status.stdout);
    assert!(status.stdout.contains(": the expected lists: expected/iam-users.csv: line "), "{}", status.stdout);
}

#[tokio::test]
async fn the_next_run_says_which_runs_were_missed() {
    let site = site();
    ran(&site, at("2026-11-20T08:00:00Z")).await;
    assert_eq!(audit(&site, &[]).code, 0);
    let missed = told(&site).into_iter().find(|(_, message)| message["kind"] == "run-works-again").unwrap().1;
    assert_eq!(missed["since"], "2026-11-21T08:00:00Z");
    assert!(missed["missed_runs"].as_u64().unwrap() > 0, "{missed}");
    assert_eq!((audit(&site, &[]).code, told(&site)), (0, vec![]), "the run before this one was in time");
}

#[tokio::test]
async fn status_says_how_each_job_is_doing() {
    let site = site();
    let never = status(&site, &[]);
    assert_eq!(never.code, 4);
    assert!(never.stdout.starts_with("job `daily`\n  last audit  none\n  next run    20"), "{}", never.stdout);
    ran(&site, Utc::now()).await;
    let in_time = status(&site, &["--job", "daily"]);
    assert_eq!(in_time.code, 0, "{}{}", in_time.stdout, in_time.stderr);
    let link = fs::read(site.0.path().join("reports/chain/00000001.json")).unwrap();
    let digest = rollcall::store::Digest::of(&link);
    assert!(in_time.stdout.contains(&format!(", link 1 {digest}\n")), "{}", in_time.stdout);
    assert_eq!(status(&site, &["--job", "weekly"]).code, 2);
    let settings = fs::read_to_string(site.0.path().join("rollcall.toml")).unwrap();
    let elsewhere = format!("{settings}to = \"rollcall.toml\"\n");
    fs::write(site.0.path().join("rollcall.toml"), elsewhere).unwrap();
    let unreadable = status(&site, &[]);
    assert_eq!(unreadable.code, 1, "{}", unreadable.stdout);
    assert!(unreadable.stderr.starts_with("error: cannot tell how job `daily` is doing"), "{}", unreadable.stderr);
}

#[tokio::test]
async fn status_does_not_take_a_record_that_it_cannot_read_for_a_job_that_works() {
    let site = site();
    ran(&site, Utc::now()).await;
    assert_eq!(status(&site, &[]).code, 0);
    let failures = site.0.path().join("reports/failures/daily");
    fs::create_dir_all(&failures).unwrap();
    fs::write(failures.join("00000001.json"), "{").unwrap();
    let unread = status(&site, &[]);
    assert_eq!(unread.code, 4, "{}", unread.stdout);
    assert!(unread.stdout.contains("failing     unknown: a record of earlier alerts"), "{}", unread.stdout);
}

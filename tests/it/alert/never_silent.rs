//! A run of a job that ends without a package says so, whatever it could not do without: the store that it would look
//! into, settings that can be read, lists that are there.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::alert::failed_runs::{SETTINGS, audit, damage, site, told};
use crate::support::bucket::S3;
use crate::support::rollcall;

/// The one message since they were looked at last, as machines get it.
fn one(site: &(TempDir, S3)) -> Value {
    let mut messages = told(site);
    assert_eq!(messages.len(), 1, "{messages:?}");
    messages.remove(0).1
}

fn settings(site: &(TempDir, S3), text: &str) {
    fs::write(site.0.path().join("rollcall.toml"), text).unwrap();
}

#[test]
fn a_failure_says_since_when_there_is_no_audit() {
    let site = site();
    let (list, whole) = damage(&site);
    audit(&site, &[]);
    assert_eq!(one(&site)["last_audit"], "never");
    fs::write(&list, whole).unwrap();
    assert_eq!(audit(&site, &[]).code, 0);
    told(&site);
    damage(&site);
    audit(&site, &[]);
    let message = one(&site);
    let package = fs::read(site.0.path().join("reports/chain/00000001.json")).unwrap();
    let link: Value = serde_json::from_slice(&package).unwrap();
    assert_eq!(message["last_audit"], link["as_of"]);
    assert_eq!(message["may_repeat"], Value::Null);
}

#[test]
fn where_the_store_cannot_be_read_each_process_sends_its_message_and_marks_it() {
    let site = site();
    site.1.kept().is_down = true;
    for _ in 0..2 {
        audit(&site, &["--to", "s3://evidence"]);
        let message = one(&site);
        assert_eq!((&message["may_repeat"], &message["last_audit"]), (&json!(true), &json!("unknown")));
    }
    // A record that is none may have said anything.
    site.1.kept().is_down = false;
    damage(&site);
    let record = site.0.path().join("reports/failures/daily/00000001.json");
    fs::create_dir_all(record.parent().unwrap()).unwrap();
    fs::write(record, "nonsense").unwrap();
    audit(&site, &[]);
    assert_eq!(one(&site)["may_repeat"], true);
}

#[test]
fn refused_settings_are_reported_to_the_recipients_that_they_still_name() {
    let refused = [
        ("colect = 1\n", "", "unknown key `colect`"),
        ("", "zone = \"Europe/Berln\"\n", "no valid timetable"),
        ("", "alerts = true\n", "unknown key `alerts`"),
        ("", "[aws]\nregion = \"Frankfurt\"\n", "`aws.region`"),
        ("", "[report]\nto = \"reports\nfail_on = \"high\"\n", "line 10"),
    ];
    for (before, after, why) in refused {
        let site = site();
        settings(&site, &format!("{before}{SETTINGS}{after}"));
        for expected in [1, 0] {
            let output = audit(&site, &[]);
            assert_eq!(output.code, 2, "{}", output.stderr);
            let messages = told(&site);
            assert_eq!(messages.len(), expected, "{after}");
            let Some((subject, message)) = messages.into_iter().next() else { continue };
            assert_eq!(subject, "[Rollcall] job daily failed: the settings: Acme");
            assert_eq!((&message["input"], &message["place"]), (&json!("settings"), &json!("rollcall.toml")));
            assert!(message["why"].as_str().unwrap().contains(why), "{message}");
        }
        settings(&site, SETTINGS);
        assert_eq!(audit(&site, &[]).code, 0);
        let kinds: Vec<Value> = told(&site).into_iter().map(|(_, message)| message["kind"].clone()).collect();
        assert_eq!(kinds, ["summary", "run-works-again"]);
    }
}

#[test]
fn settings_that_name_no_recipients_or_none_of_this_job_are_refused_in_silence() {
    let other = SETTINGS.replace("\"daily\"", "\"weekly\"");
    let quiet = format!("{SETTINGS}alert = false\n");
    let no_topic = SETTINGS.replace("arn:aws:sns", "arn:aws:sqs");
    for text in [&other, &quiet, &no_topic, "= nonsense [[["] {
        let site = site();
        settings(&site, &format!("colect = 1\n{text}"));
        assert_eq!(audit(&site, &[]).code, 2);
        assert_eq!(told(&site), [], "{text}");
    }
    let site = site();
    settings(&site, &format!("colect = 1\n{SETTINGS}"));
    assert_eq!((audit(&site, &["--no-alert"]).code, told(&site)), (2, vec![]));
    assert_eq!(rollcall(site.0.path(), &["check"], &site.1.environment()).code, 2);
    assert_eq!(told(&site), []);
}

#[test]
fn serving_with_refused_settings_is_reported_for_each_job() {
    let weekly = "[[job]]\nname = \"weekly\"\ncron = \"0 8 * * MON\"\n";
    for wrong in ["colect = 1\n", "as_of = \"2020-01-01T08:00:00Z\"\n"] {
        let site = site();
        // Saved answers may be about the past, and AWS itself may not.
        let live = SETTINGS.replace("[collect]\nfrom = \"saved\"\n", "");
        settings(&site, &format!("{wrong}{live}{weekly}"));
        for expected in [2, 0] {
            assert_eq!(serve(site.0.path(), &site.1), 2);
            let jobs: Vec<Value> = told(&site).into_iter().map(|(_, message)| message["job"].clone()).collect();
            assert_eq!(jobs.len(), expected, "{wrong}: {jobs:?}");
        }
    }
}

/// How serving ends by itself.
fn serve(folder: &Path, s3: &S3) -> i32 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    command.arg("serve").current_dir(folder).env_clear().envs(s3.environment()).stderr(Stdio::null());
    command.status().unwrap().code().unwrap()
}

#[test]
fn a_folder_of_lists_that_a_job_names_and_that_is_gone_is_reported() {
    let site = site();
    assert_eq!(audit(&site, &["--expected", "elsewhere"]).code, 2);
    let message = one(&site);
    assert_eq!((&message["input"], &message["place"]), (&json!("expected-lists"), &json!("elsewhere")));
}

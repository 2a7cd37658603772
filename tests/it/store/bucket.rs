//! A store in a bucket that misbehaves: what is tried again, what is said, and what is not relied on.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::store::delivery::folder_of;
use crate::story::Story;
use crate::support::bucket::S3;
use crate::support::{Output, rollcall};

const SETTINGS: &str = "[collect]\nfrom = \"saved\"\n[report]\nto = \"s3://evidence/audits\"\n\
                        [[job]]\nname = \"daily\"\ncron = \"0 8 * * *\"\n";

fn run(folder: &TempDir, s3: &S3, arguments: &[&str]) -> Output {
    rollcall(folder.path(), arguments, &s3.environment())
}

#[test]
fn a_put_that_another_operation_gets_in_the_way_of_is_tried_again() {
    for code in ["OperationAborted", "ConditionalRequestConflict"] {
        let (folder, s3) = (folder_of(&Story::small(), SETTINGS), S3::start());
        s3.kept().conflicts = (3, code);
        let audited = run(&folder, &s3, &["audit"]);
        assert_eq!((audited.code, audited.stderr.as_str()), (0, ""), "{code}");
        assert_eq!(run(&folder, &s3, &["verify"]).code, 0);
    }
}

#[test]
fn a_store_that_replaces_objects_is_found_out_by_check_and_by_the_run_that_commits() {
    let (folder, s3) = (folder_of(&Story::small(), SETTINGS), S3::start());
    let probed = run(&folder, &s3, &["check", "--store"]);
    assert_eq!((probed.code, probed.stderr.as_str()), (0, ""), "{}", probed.stdout);
    assert!(
        probed.stdout.contains(
            "`s3://evidence/audits`\n  writes and lists objects, and does not overwrite them; the test object `probes/"
        ),
        "{}",
        probed.stdout
    );

    s3.kept().replaces = true;
    let probed = run(&folder, &s3, &["check", "--store"]);
    assert_eq!(probed.code, 1, "{}{}", probed.stdout, probed.stderr);
    assert!(probed.stderr.contains(", despite `If-None-Match: *`"), "{}", probed.stderr);
    assert!(probed.stderr.contains("help: two runs at the same time would overwrite"), "{}", probed.stderr);

    // The first run has nothing to try it with before its own link.
    let first = run(&folder, &s3, &["audit"]);
    assert_eq!(first.code, 5, "{}", first.stderr);
    assert!(
        first.stderr.contains("the store overwrote `chain/00000001.json`, despite `If-None-Match: *`"),
        "{}",
        first.stderr
    );
    let packages = s3.kept().objects.len();
    let second = run(&folder, &s3, &["audit"]);
    assert_eq!((second.code, second.stdout.as_str()), (1, ""), "{}", second.stderr);
    assert!(
        second.stderr.contains("the store overwrote `chain/00000001.json`, despite `If-None-Match: *`"),
        "{}",
        second.stderr
    );
    assert_eq!(s3.kept().objects.len(), packages, "and nothing more was written");
}

#[test]
fn a_folder_can_be_tried_out_too() {
    let folder = folder_of(&Story::small(), "[collect]\nfrom = \"saved\"\n");
    let probed = rollcall(folder.path(), &["check", "--store"], &[]);
    assert_eq!((probed.code, probed.stderr.as_str()), (0, ""), "{}", probed.stdout);
    assert!(
        probed
            .stdout
            .contains("`reports`\n  writes and lists objects, and does not overwrite them; the test object `probes/"),
        "{}",
        probed.stdout
    );
    std::fs::remove_dir_all(folder.path().join("reports")).unwrap();
    std::os::unix::fs::symlink("/nowhere/at/all", folder.path().join("reports")).unwrap();
    let probed = rollcall(folder.path(), &["check", "--store"], &[]);
    assert_eq!(probed.code, 1, "{}", probed.stdout);
    assert!(probed.stderr.contains("error: cannot make `reports/probes`"), "{}", probed.stderr);
}

fn serve(folder: &TempDir, s3: &S3) -> Child {
    Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .arg("serve")
        .current_dir(folder.path())
        .env_clear()
        .envs(s3.environment())
        .env("HOME", folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn serve_begins_although_the_store_cannot_be_reached_and_says_so() {
    let topic = "[alert]\nsns_topic_arn = \"arn:aws:sns:us-east-1:123456789012:alerts\"\n";
    let (folder, s3) = (folder_of(&Story::small(), &format!("{SETTINGS}{topic}")), S3::start());
    let ran_long_ago = run(&folder, &s3, &["audit", "--job", "daily", "--as-of", "2026-11-21T08:00:00Z"]);
    assert!(ran_long_ago.stdout.contains("Package  "), "{}", ran_long_ago.stderr);
    s3.kept().is_down = true;
    s3.kept().published.clear();
    let process = serve(&folder, &s3);
    // It has asked when the job ran last, to no avail, and asks again in the run that it then begins; that is told.
    while s3.kept().published.is_empty() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let messages = s3.kept().messages();
    assert_eq!((messages.len(), &messages[0].1["input"]), (1, &serde_json::json!("store")), "{messages:?}");
    assert!(Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap().success());
    let output = process.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("cannot read when this job last ran"), "{said}");
    assert!(said.contains("ServiceUnavailable"), "{said}");
    assert!(said.contains("watching job=\"daily\""), "{said}");
}

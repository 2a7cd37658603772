//! What an audit prints, delivers and tells besides, and what it ends with where one of these fails.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::story::Story;

/// Nobody answers there: what is sent to AWS is not delivered.
const UNREACHABLE: [(&str, &str); 4] = [
    ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
    ("AWS_ACCESS_KEY_ID", "nobody"),
    ("AWS_SECRET_ACCESS_KEY", "nothing"),
    ("AWS_REGION", "eu-central-1"),
];
const DAILY: &str = "[alert]\nsns_topic_arn = \"arn:aws:sns:eu-central-1:123456789012:alerts\"\n\
                     [[job]]\nname = \"daily\"\ncron = \"0 6 * * *\"\n";

/// A folder with settings, a story's saved output in `saved` and its lists in `expected`.
pub fn folder_of(story: &Story, settings: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &Path, text: &str| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(&folder.path().join("rollcall.toml"), settings);
    for file in story.saved_files() {
        write(&folder.path().join("saved").join(&file.name), &file.text);
    }
    for (name, text) in story.expected_files() {
        write(&folder.path().join("expected").join(name), &text);
    }
    folder
}

/// Audits what was saved; the exit code, and both outputs.
fn audit(folder: &TempDir, more: &[&str], stdout: Stdio) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    command.args(["audit", "--from", "saved"]).args(more).current_dir(folder.path()).env_clear().envs(UNREACHABLE);
    let output = command.stdout(stdout).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn full() -> Stdio {
    File::options().write(true).open("/dev/full").unwrap().into()
}

fn with_stranger() -> Story {
    let mut story = Story::small();
    story.stranger("mallory");
    story
}

#[test]
fn a_report_that_could_not_be_printed_was_not_delivered_and_what_else_failed_is_still_told() {
    let folder = folder_of(&Story::small(), "");
    let (code, _, stderr) = audit(&folder, &[], full());
    assert_eq!(code, 5, "{stderr}");
    assert!(stderr.contains("cannot write to standard output"), "{stderr}");
    assert!(folder.path().join("reports/chain/00000001.json").exists());

    // Findings go before what was not delivered.
    let folder = folder_of(&with_stranger(), DAILY);
    let (code, _, stderr) = audit(&folder, &["--job", "daily"], full());
    assert_eq!(code, 3, "{stderr}");
    assert!(stderr.contains("the alert could not be sent"), "{stderr}");
    assert!(stderr.contains("cannot write to standard output"), "{stderr}");
}

#[test]
fn where_findings_are_not_to_count_what_was_not_delivered_does() {
    let folder = folder_of(&with_stranger(), DAILY);
    let (code, _, stderr) = audit(&folder, &["--exit-zero"], Stdio::piped());
    assert_eq!((code, stderr.as_str()), (0, ""));
    let (code, _, stderr) = audit(&folder, &["--job", "daily", "--exit-zero"], Stdio::piped());
    assert_eq!(code, 5, "{stderr}");
}

#[test]
fn a_run_of_no_job_tells_nobody_and_says_so() {
    let folder = folder_of(&with_stranger(), DAILY);
    let (code, stdout, stderr) = audit(&folder, &[], Stdio::piped());
    assert_eq!((code, stderr.as_str()), (3, ""));
    assert!(stdout.ends_with("\nAlert    none: only runs of a job send alerts (`--job NAME`)\n"), "{stdout}");
    let (_, stdout, _) = audit(&folder, &["--no-alert"], Stdio::piped());
    assert!(!stdout.contains("Alert"), "{stdout}");
}

//! What every command does whose reader has gone away, or whose disk is full: the one ends quietly, the other is an
//! error; neither is a crash.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::store::delivery::folder_of;
use crate::story::Story;

/// Every command that prints, on a folder in which it can.
const PRINTING: [&[&str]; 21] = [
    &["--help"],
    &["--version"],
    &["audit", "--help"],
    &["rules"],
    &["rules", "unexpected-user"],
    &["schema", "settings"],
    &["schema", "report"],
    &["policy"],
    &["policy", "--format", "cloudformation"],
    &["completions", "bash"],
    &["completions", "zsh"],
    &["export-commands", "ad"],
    &["collect", "--print-commands"],
    &["init"],
    &["check", "--offline"],
    &["check", "--offline", "--format", "json"],
    &["explain", "alice", "--from", "saved"],
    &["verify", "reports"],
    &["adopt", "--dry-run", "--from", "saved"],
    &["plan", "--as-listed", "--from", "saved"],
    &["audit", "--from", "saved"],
];

fn folder() -> TempDir {
    let folder = folder_of(&Story::small(), "");
    let (code, stderr) = run(folder.path(), &["audit", "--from", "saved"], Stdio::null(), Stdio::piped());
    assert_eq!(code, 0, "{stderr}");
    folder
}

fn run(folder: &Path, arguments: &[&str], stdout: Stdio, stderr: Stdio) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    command.args(arguments).current_dir(folder).env_clear().stdout(stdout).stderr(stderr);
    let output = command.spawn().unwrap().wait_with_output().unwrap();
    (output.status.code().expect("no signal ends it"), String::from_utf8(output.stderr).unwrap())
}

/// A pipe whose reader has gone away.
fn broken() -> Stdio {
    let (_, writer) = std::io::pipe().unwrap();
    writer.into()
}

fn full() -> Stdio {
    File::options().write(true).open("/dev/full").unwrap().into()
}

#[test]
fn a_reader_who_goes_away_ends_every_command_quietly() {
    let folder = folder();
    for arguments in PRINTING {
        let (code, stderr) = run(folder.path(), arguments, broken(), Stdio::piped());
        assert_eq!((code, stderr.as_str()), (0, ""), "{arguments:?}");
    }
}

#[test]
fn a_disk_that_is_full_is_an_error_of_every_command() {
    let folder = folder();
    for arguments in PRINTING {
        let (code, stderr) = run(folder.path(), arguments, full(), Stdio::piped());
        assert!(matches!(code, 1 | 5), "{arguments:?}: {code} {stderr}");
        assert!(stderr.contains("error: cannot write to standard output"), "{arguments:?}: {stderr}");
    }
}

#[test]
fn a_log_that_cannot_be_written_ends_no_run() {
    let folder = folder();
    for stderr in [broken, full] {
        for arguments in
            [&["audit", "--from", "saved", "--log", "trace"], &["audit", "--from", "nowhere", "--log", "trace"]]
        {
            let (with_log, _) = run(folder.path(), arguments, Stdio::null(), Stdio::piped());
            let (without, _) = run(folder.path(), arguments, Stdio::null(), stderr());
            assert_eq!(without, with_log, "{arguments:?}");
        }
    }
    // A line of the log is written in any case: the package that no link names.
    fs::remove_dir_all(folder.path().join("reports/chain")).unwrap();
    let (code, _) = run(folder.path(), &["audit", "--from", "saved"], Stdio::null(), full());
    assert_eq!(code, 0);
}

//! Drafts of packages: they go away with their run, also with one that is killed, and never with one that lives.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use crate::store::delivery::folder_of;
use crate::story::Story;
use crate::support::bucket::S3;

const SETTINGS: &str = "[collect]\nfrom = \"saved\"\n[report]\nto = \"s3://evidence\"\n";

/// A folder with a place of its own for temporary files.
fn folder() -> TempDir {
    let folder = folder_of(&Story::small(), SETTINGS);
    fs::create_dir(folder.path().join("tmp")).unwrap();
    folder
}

fn audit(folder: &TempDir, s3: &S3) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    command.arg("audit").current_dir(folder.path()).env_clear().envs(s3.environment());
    command.env("TMPDIR", folder.path().join("tmp")).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

fn drafts(folder: &TempDir) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> =
        fs::read_dir(folder.path().join("tmp")).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

/// Whether a draft is whole: the run is publishing it then.
fn is_whole(draft: &Path) -> bool {
    draft.join("manifest.json").exists()
}

#[test]
fn the_draft_of_a_run_that_was_killed_goes_with_the_next_run_and_that_of_a_living_one_stays() {
    let (folder, s3) = (folder(), S3::start());
    // Publishing does not come to an end: every PUT is refused for as long as the test needs it.
    s3.kept().conflicts = (u32::MAX, "OperationAborted");
    let publishing = || {
        let process = audit(&folder, &s3).spawn().unwrap();
        let known = drafts(&folder);
        let is_new = |draft: &PathBuf| !known.contains(draft) && is_whole(draft);
        loop {
            match drafts(&folder).into_iter().find(is_new) {
                Some(draft) => break (process, draft),
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    };
    let (mut killed, left) = publishing();
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(is_whole(&left), "what is killed takes nothing away");
    let (mut living, of_living) = publishing();
    assert_eq!(drafts(&folder), std::slice::from_ref(&of_living), "the run that lives has taken it away");
    // A run beside it leaves it alone.
    let (mut another, of_another) = publishing();
    assert!(is_whole(&of_living) && is_whole(&of_another));
    s3.kept().conflicts = (0, "");
    for process in [&mut living, &mut another] {
        assert!(process.wait().unwrap().success());
    }
    assert_eq!(drafts(&folder), Vec::<PathBuf>::new());
}

#[test]
fn a_draft_that_was_kept_for_its_user_stays_and_the_half_of_one_goes_after_a_day() {
    let (folder, s3) = (folder(), S3::start());
    s3.kept().conflicts = (u32::MAX, "OperationAborted");
    let process = audit(&folder, &s3).spawn().unwrap().wait_with_output().unwrap();
    assert_eq!(process.status.code(), Some(5));
    let kept = drafts(&folder);
    assert_eq!(kept.len(), 1);
    s3.kept().conflicts = (0, "");

    // As an earlier version left them: without a lock.
    let temporary = folder.path().join("tmp");
    let (young, old) = (temporary.join("rollcall-draft-young"), temporary.join("rollcall-draft-old"));
    for draft in [&young, &old, &temporary.join("somebody-elses-draft")] {
        fs::create_dir(draft).unwrap();
        fs::write(draft.join("report.html"), "").unwrap();
    }
    let two_days_ago = SystemTime::now() - Duration::from_secs(48 * 3600);
    for draft in [&old, &kept[0]] {
        fs::File::open(draft).unwrap().set_modified(two_days_ago).unwrap();
    }
    let mut process = audit(&folder, &s3).spawn().unwrap();
    let said: Vec<String> = BufReader::new(process.stderr.take().unwrap()).lines().map(Result::unwrap).collect();
    assert!(process.wait().unwrap().success(), "{said:?}");
    assert_eq!(drafts(&folder), [kept[0].clone(), young, temporary.join("somebody-elses-draft")], "{said:?}");
    assert!(said.iter().any(|line| line.contains("removed the draft of a killed run")), "{said:?}");
}

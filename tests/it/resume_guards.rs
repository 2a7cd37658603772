//! What `--resume` and `--to` leave alone: journals that others may have written, files that no run of ours left, and
//! what lies in a package.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::live::{Site, findings};
use crate::story::Story;
use crate::support::Output;

/// A company whose AWS side was collected into `aws.jsonl`.
fn collected() -> Site {
    let site = Site::of(&Story::small(), "[collect]\njournals = \"journals\"\n");
    fs::create_dir(site.path().join("journals")).unwrap();
    let output = site.run(&["collect", "--to", "aws.jsonl"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    site
}

fn journals(site: &Site) -> Vec<PathBuf> {
    fs::read_dir(site.path().join("journals")).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// Whether a run was refused with this reason, and nothing came of it.
fn is_refused(output: &Output, why: &str) {
    assert_eq!(output.code, 1, "{}", output.stdout);
    assert!(output.stderr.contains(why), "{why}: {}", output.stderr);
}

#[test]
fn a_package_that_could_not_be_published_is_left_for_its_user_alone_and_that_is_said() {
    use std::os::unix::fs::PermissionsExt;

    let site = collected();
    fs::create_dir_all(site.path().join("store/chain/00000001.json")).unwrap();
    let left = site.run(&["audit", "--from", "aws.jsonl", "--to", "store", "--exit-zero"]);
    assert_eq!(left.code, 5, "{}", left.stderr);
    let (_, draft) = left.stderr.split_once("it was left in `").expect(&left.stderr);
    let draft = Path::new(draft.split_once('`').unwrap().0);
    assert!(draft.join("report.html").exists());
    assert_eq!(fs::metadata(draft).unwrap().permissions().mode() & 0o777, 0o700);
    assert!(left.stderr.contains("delete that folder then"), "{}", left.stderr);
    fs::remove_dir_all(draft).unwrap();
}

#[test]
fn going_on_with_what_was_saved_is_refused() {
    let site = collected();
    let refused = site.run(&["audit", "--from", "aws.jsonl", "--resume", "aws.jsonl"]);
    assert_eq!(refused.code, 2, "{}", refused.stdout);
    insta::assert_snapshot!(refused.stderr, @r"
    error: what was saved is audited, so AWS is asked for nothing, and there is nothing to go on with
      help: leave `--resume` out, or `--from` and `collect.from`
    ");
}

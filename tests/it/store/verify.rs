//! `rollcall verify`: a store that is not there, links that were taken away, and what lies among the packages.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::support::{Ministack, Output, rollcall, root};

/// A store with two packages of the sample.
fn store() -> TempDir {
    let store = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        audited(&store);
    }
    store
}

fn audited(store: &TempDir) -> Output {
    let audited = rollcall(root(), &["audit", "--to", store.path().to_str().unwrap()], &[]);
    assert_eq!(audited.code, 3, "{}", audited.stderr);
    audited
}

fn verify(store: &TempDir, more: &[&str]) -> Output {
    rollcall(root(), &[&["verify", store.path().to_str().unwrap()], more].concat(), &[])
}

/// What was said, without where the store is.
fn said(store: &TempDir, text: &str) -> String {
    text.replace(store.path().to_str().unwrap(), "STORE")
}

/// The digest that a run or a check printed of the last link.
fn digest(output: &Output) -> &str {
    let is_digest = |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    output.stdout.split_whitespace().rfind(is_digest).expect(&output.stdout)
}

#[test]
fn blanks_in_the_last_link_are_a_change_of_it() {
    let store = store();
    let link = store.path().join("chain/00000002.json");
    let text = fs::read_to_string(&link).unwrap();
    for changed in [format!("{text}\n"), text.replace("\"version\": 1", "\"version\":  1"), text.trim_end().to_owned()]
    {
        fs::remove_file(&link).unwrap();
        fs::write(&link, changed).unwrap();
        let verified = verify(&store, &[]);
        assert_eq!(verified.code, 1, "{}", verified.stdout);
        assert!(verified.stderr.contains("chain/00000002.json"), "{}", verified.stderr);
    }
}

fn packages(store: &TempDir) -> Vec<PathBuf> {
    let runs = fs::read_dir(store.path().join("packages/manual")).unwrap();
    runs.map(|run| run.unwrap().path()).collect()
}

#[test]
fn a_store_that_is_not_there_or_has_no_chain_is_an_error() {
    let store = store();
    fs::remove_dir_all(store.path().join("chain")).unwrap();
    let without_chain = verify(&store, &[]);
    assert_eq!((without_chain.code, without_chain.stdout.as_str()), (1, ""));
    insta::assert_snapshot!(said(&store, &without_chain.stderr), @r"
    error: no chain of packages at `STORE`, but 2 packages without a link
      help: without a link there is no proof that a run wrote them: restore `chain/` from a backup or an earlier version
    ");

    let empty = tempfile::tempdir().unwrap();
    let nothing = verify(&empty, &[]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (1, ""));
    insta::assert_snapshot!(said(&empty, &nothing.stderr), @r"
    error: no chain of packages at `STORE`
      help: name the folder, or the bucket with its prefix, that contains `chain/` and `packages/`
    ");
    let absent = rollcall(root(), &["verify", "no/such/folder"], &[]);
    assert_eq!(absent.code, 1, "{}", absent.stdout);
}

#[test]
fn a_prefix_that_was_mistyped_is_an_error_and_what_was_added_to_a_package_of_a_bucket_too() {
    let ministack = Ministack::start();
    let made = ministack.aws(&["s3api", "create-bucket", "--bucket", "evidence"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let run = |arguments: &[&str]| rollcall(root(), arguments, &ministack.environment());
    assert_eq!(run(&["audit", "--to", "s3://evidence/quarterly"]).code, 3);
    let mistyped = run(&["verify", "s3://evidence/quartely"]);
    assert_eq!(mistyped.code, 1, "{}", mistyped.stdout);
    assert!(mistyped.stderr.contains("no chain of packages at `s3://evidence/quartely`"), "{}", mistyped.stderr);

    let listed = ministack.aws(&["s3api", "list-objects-v2", "--bucket=evidence", "--prefix=quarterly/packages/"]);
    let (_, rest) = listed.stdout.split_once("quarterly/packages/manual/").unwrap();
    let package = format!("quarterly/packages/manual/{}", rest.split_once('/').unwrap().0);
    let added = ministack.aws(&[
        "s3api",
        "put-object",
        "--bucket=evidence",
        &format!("--key={package}/report (corrected).html"),
    ]);
    assert_eq!(added.code, 0, "{}", added.stderr);
    let verified = run(&["verify", "s3://evidence/quarterly"]);
    assert_eq!(verified.code, 1, "{}", verified.stdout);
    assert!(
        verified.stderr.contains("(corrected).html` is in a package, but not in its manifest"),
        "{}",
        verified.stderr
    );
}

#[test]
fn a_package_without_a_link_is_named_and_leaves_the_store_in_doubt() {
    let store = store();
    fs::remove_file(store.path().join("chain/00000002.json")).unwrap();
    let verified = verify(&store, &[]);
    assert_eq!(verified.code, 4, "{}", verified.stdout);
    let unlinked: Vec<&str> = verified.stdout.lines().filter(|line| line.starts_with(" no link  ")).collect();
    assert_eq!(unlinked.len(), 1, "{}", verified.stdout);
    assert!(unlinked[0].contains("  packages/manual/20261120T080000Z-"), "{}", unlinked[0]);
    insta::assert_snapshot!(verified.stderr, @"
    warning: 1 package without a link in the chain
      help: either a run is publishing it now, or a run was killed while publishing it (then it does not count), or its link was removed. Look for the link in a backup or an earlier version of `chain/`. If the package may stay, say why: `rollcall verify --acknowledge REASON`
    ");
}

#[test]
fn what_a_killed_run_left_without_a_manifest_is_named_as_well() {
    let store = store();
    let half = store.path().join("packages/daily/20261121T080000Z-killed/inputs");
    fs::create_dir_all(&half).unwrap();
    fs::write(half.join("aws.jsonl"), "").unwrap();
    fs::write(store.path().join("packages/note (mine).txt"), "").unwrap();
    let verified = verify(&store, &[]);
    assert_eq!(verified.code, 4, "{}", verified.stdout);
    assert!(verified.stdout.contains(" no link  packages/daily/20261121T080000Z-killed\n"), "{}", verified.stdout);
    assert!(verified.stdout.contains(" no link  packages/note (mine).txt\n"), "{}", verified.stdout);
}

#[test]
fn a_last_link_that_was_noted_is_missed_when_it_is_gone() {
    let store = store();
    let noted = digest(&verify(&store, &[])).to_owned();
    assert_eq!(digest(&audited(&store)), digest(&verify(&store, &[])), "the run says what its link is");
    assert_eq!(verify(&store, &["--last", &noted]).code, 0, "runs since then change nothing");

    for number in [2, 3] {
        fs::remove_file(store.path().join(format!("chain/0000000{number}.json"))).unwrap();
    }
    // Whoever cuts the chain off cleanly takes the packages away too.
    let link = fs::read_to_string(store.path().join("chain/00000001.json")).unwrap();
    for package in packages(&store) {
        if !link.contains(package.file_name().unwrap().to_str().unwrap()) {
            fs::remove_dir_all(package).unwrap();
        }
    }
    assert_eq!(verify(&store, &[]).code, 0, "the store alone cannot tell");
    let missed = verify(&store, &["--last", &noted]);
    assert_eq!((missed.code, missed.stdout.as_str()), (1, ""));
    insta::assert_snapshot!(said(&store, &missed.stderr).replace(&noted, "DIGEST"), @r"
    error: no link of the chain at `STORE` has the SHA-256 DIGEST
      help: links were removed or rewritten since, or the SHA-256 is from another store: compare with a backup or an earlier version of `chain/`
    ");
}

#[test]
fn a_run_says_that_the_link_of_the_package_before_it_is_gone() {
    let store = store();
    assert_eq!(audited(&store).stderr, "");
    fs::remove_dir_all(store.path().join("chain")).unwrap();
    let said = audited(&store).stderr;
    assert!(said.contains("WARN this package has no link in the chain"), "{said}");
    assert!(said.contains("package=packages/manual/20261120T080000Z-"), "{said}");
}

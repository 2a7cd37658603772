//! What `--resume` and `--to` leave alone: journals that others may have written, files that no run of ours left, and
//! what lies in a package.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::collect::live::{Site, findings};
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
fn a_collected_file_that_an_audit_goes_on_from_stays_as_it_is() {
    let site = collected();
    let file = site.path().join("aws.jsonl");
    let before = fs::read(&file).unwrap();
    let (whole, _) = site.audit("whole", &["--from", "aws.jsonl"]);
    let (resumed, code) = site.audit("resumed", &["--resume", "aws.jsonl"]);
    assert_eq!((code, findings(&resumed)), (0, findings(&whole)));
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(journals(&site), Vec::<PathBuf>::new(), "of the copy, the package has what it has");
}

#[test]
fn the_inputs_of_a_package_that_an_audit_goes_on_from_stay_as_they_are() {
    let site = collected();
    site.audit("store", &["--from", "aws.jsonl"]);
    let runs = fs::read_dir(site.path().join("store/packages/manual")).unwrap();
    let [run]: [PathBuf; 1] = runs.map(|run| run.unwrap().path()).collect::<Vec<_>>().try_into().unwrap();
    let inputs = run.join("inputs/aws.jsonl");
    let (_, code) = site.audit("store", &["--resume", inputs.to_str().unwrap()]);
    assert_eq!(code, 0);
    let verified = site.run(&["verify", "store"]);
    assert_eq!(verified.code, 0, "{}", verified.stderr);
    assert!(verified.stdout.contains("2 packages"), "{}", verified.stdout);
}

#[test]
fn a_journal_that_is_only_called_like_one_of_ours_is_not_taken_away() {
    let site = collected();
    let kept = site.path().join("rollcall-journal-kept.jsonl");
    fs::copy(site.path().join("aws.jsonl"), &kept).unwrap();
    site.audit("store", &["--resume", "rollcall-journal-kept.jsonl"]);
    assert!(kept.exists());
}

#[test]
fn collecting_onto_a_file_that_is_there_is_refused_also_when_a_run_is_gone_on_from() {
    let site = collected();
    fs::write(site.path().join("precious.csv"), "who,what\n").unwrap();
    fs::copy(site.path().join("aws.jsonl"), site.path().join("precious.part.jsonl")).unwrap();
    for resume in [&["--resume", "aws.jsonl"][..], &["--resume", "precious.part.jsonl"], &["--resume"]] {
        let refused = site.run(&[&["collect", "--to", "precious.csv"], resume].concat());
        is_refused(&refused, "help: nothing was overwritten: name another file, or move this one away");
        assert_eq!(fs::read_to_string(site.path().join("precious.csv")).unwrap(), "who,what\n", "{resume:?}");
    }
    // A journal too, if it is of another run.
    let lines = fs::read_to_string(site.path().join("aws.jsonl")).unwrap();
    let head: String = lines.lines().take(4).map(|line| format!("{line}\n")).collect();
    fs::write(site.path().join("other.part.jsonl"), head).unwrap();
    fs::copy(site.path().join("aws.jsonl"), site.path().join("other.jsonl")).unwrap();
    is_refused(&site.run(&["collect", "--to", "other.jsonl", "--resume"]), "nothing was overwritten");
    assert_eq!(fs::read_to_string(site.path().join("other.jsonl")).unwrap(), lines);
}

#[test]
fn what_a_run_left_that_found_nobody_to_answer_is_replaced_by_the_run_that_goes_on() {
    let site = Site::of(&Story::small(), "");
    site.moto.fail(&json!({"operation": "identitystore:ListGroupMemberships", "fault": "deny", "status": 400,
                           "code": "ExpiredTokenException", "message": "the security token has expired"}));
    let lapsed = site.run(&["collect", "--to", "aws.jsonl"]);
    assert_eq!(lapsed.code, 4, "{}", lapsed.stderr);
    let before = fs::read(site.path().join("aws.jsonl")).unwrap();
    assert!(site.path().join("aws.part.jsonl").exists(), "{}", lapsed.stderr);
    site.moto.heal();
    let resumed = site.run(&["collect", "--to", "aws.jsonl", "--resume", "aws.part.jsonl"]);
    assert_eq!(resumed.code, 0, "{}{}", resumed.stdout, resumed.stderr);
    assert_ne!(fs::read(site.path().join("aws.jsonl")).unwrap(), before);
    assert!(!site.path().join("aws.part.jsonl").exists());
}

#[test]
fn collecting_goes_on_from_a_copy_of_a_journal_that_lies_elsewhere() {
    let site = collected();
    let before = fs::read(site.path().join("aws.jsonl")).unwrap();
    let output = site.run(&["collect", "--to", "again.jsonl", "--resume", "aws.jsonl"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(fs::read(site.path().join("aws.jsonl")).unwrap(), before);
    assert!(!site.path().join("again.part.jsonl").exists());
}

#[cfg(unix)]
#[test]
fn a_journal_that_another_user_may_have_written_is_refused() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};

    let site = collected();
    let journal = site.path().join("aws.jsonl");
    let resume = |name: &str| site.run(&["audit", "--to", "store", "--resume", name]);

    let open_to_all = site.path().join("open.jsonl");
    fs::copy(&journal, &open_to_all).unwrap();
    fs::set_permissions(&open_to_all, fs::Permissions::from_mode(0o622)).unwrap();
    is_refused(&resume("open.jsonl"), "the journal `open.jsonl` is writable by other users");

    symlink(&journal, site.path().join("link.jsonl")).unwrap();
    is_refused(&resume("link.jsonl"), "the journal `link.jsonl` is a symbolic link, or not a regular file");

    // Only root can give a file away, and only who is not root finds one that root has.
    let foreign = if fs::metadata(&journal).unwrap().uid() == 0 {
        let given = site.path().join("foreign.jsonl");
        fs::copy(&journal, &given).unwrap();
        chown(&given, Some(65_534), None).unwrap();
        given
    } else {
        Path::new("/etc/passwd").to_owned()
    };
    is_refused(&resume(foreign.to_str().unwrap()), "belongs to another user");
    assert!(!site.path().join("store").exists());
}

#[test]
fn the_age_of_a_journal_is_told_in_minutes_below_two_hours() {
    let site = collected();
    let journal = fs::read_to_string(site.path().join("aws.jsonl")).unwrap();
    let year = &journal[journal.find("\"started\":\"").unwrap() + 11..][..4];
    let old = journal.replace(&format!("\"started\":\"{year}"), "\"started\":\"2020");
    fs::write(site.path().join("aws.jsonl"), old).unwrap();
    site.settings("resume_within = \"1h\"\n");
    is_refused(&site.run(&["audit", "--resume", "aws.jsonl"]), "hours ago, but `aws.resume_within` is 60 minutes");
}

#[cfg(unix)]
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
    assert!(left.stderr.contains("then delete that folder"), "{}", left.stderr);
    fs::remove_dir_all(draft).unwrap();
}

#[test]
fn going_on_with_what_was_saved_is_refused() {
    let site = collected();
    let refused = site.run(&["audit", "--from", "aws.jsonl", "--resume", "aws.jsonl"]);
    assert_eq!(refused.code, 2, "{}", refused.stdout);
    insta::assert_snapshot!(refused.stderr, @r"
    error: `--resume` needs AWS, but this run audits saved answers
      help: remove `--resume`, or remove `--from` and `collect.from`
    ");
}

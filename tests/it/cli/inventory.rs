//! A run without any expected list: an inventory, which assesses nothing, says so, and leads to the lists.

use std::fs;

use tempfile::TempDir;

use crate::cli::adopt::{folder, run};
use crate::story::{Story, group};

/// A folder with saved output and settings, and no folder of lists.
fn without_lists(story: &Story) -> TempDir {
    let folder = folder(&story.saved_files(), &[]);
    fs::remove_dir(folder.path().join("expected")).unwrap();
    folder
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn without_a_list_a_run_is_an_inventory_that_reports_administrative_access() {
    let mut story = Story::small();
    story.grant_in_aws_everywhere("AWS-Admins", "Admin");
    let folder = without_lists(&story);
    for text in [None, Some("README.md")] {
        if let Some(text) = text {
            fs::create_dir(folder.path().join("expected")).unwrap();
            fs::write(folder.path().join("expected").join(text), "to be filled").unwrap();
        }
        let audited = run(&folder, &["audit"]);
        assert_eq!(audited.code, 3, "{}{}", audited.stdout, audited.stderr);
        assert!(
            words(&audited.stdout).starts_with(
                "1 high finding; nothing else is assessed: no expected list; this is an inventory of 3 users, 2 groups, 3 \
                 memberships, 4 assignments, 3 permission sets, 1 IAM user and 1 IAM policy (`rollcall adopt` drafts the \
                 lists) (as of"
            ),
            "{}",
            audited.stdout
        );
        assert!(audited.stdout.contains("unlisted-administrative-access"), "{}", audited.stdout);
        assert!(audited.stderr.contains("no expected list"), "{}", audited.stderr);
    }
}

#[test]
fn an_inventory_without_findings_is_not_in_order() {
    let mut story = Story::company();
    story.group("AWS-Readers").hire("bob", &["AWS-Readers"]).grant(group("AWS-Readers"), "ReadOnly", "prod");
    let folder = without_lists(&story);
    let audited = run(&folder, &["audit"]);
    assert_eq!(audited.code, 4, "{}{}", audited.stdout, audited.stderr);
    let said = words(&audited.stdout);
    assert!(
        said.starts_with("Nothing is assessed: no expected list; this is an inventory of 1 user, 1 group,"),
        "{said}"
    );
}

#[test]
fn the_lists_that_adopt_drafts_follow_without_a_folder_of_lists() {
    let folder = without_lists(&Story::small());
    let checked = run(&folder, &["check", "--offline"]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert!(checked.stdout.starts_with("no expected list in expected\n"), "{}", checked.stdout);
    let explained = run(&folder, &["explain", "alice@corp.example.com"]);
    assert_eq!(explained.code, 0, "{}", explained.stderr);
    let adopted = run(&folder, &["adopt"]);
    assert_eq!(adopted.code, 0, "{}", adopted.stderr);
    assert!(folder.path().join("expected/people.csv").exists());
    assert!(run(&folder, &["audit"]).stdout.starts_with("Matches an unreviewed draft"));
}

#[test]
fn a_folder_that_the_command_names_must_be_there() {
    let folder = without_lists(&Story::small());
    let refused = run(&folder, &["audit", "--expected", "expcted"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (2, ""));
    assert_eq!(
        refused.stderr,
        "error: folder `expcted` does not exist\n  help: name the folder of the expected lists, or create it; without lists, an audit is an inventory\n"
    );
}

#[test]
fn a_folder_that_holds_only_what_is_no_list_is_refused() {
    for (name, bytes) in [("notes.pdf", b"%PDF-1.7\n\0\0" as &[u8]), ("notes.txt", b"ask Alice\n")] {
        let folder = without_lists(&Story::small());
        fs::create_dir(folder.path().join("expected")).unwrap();
        fs::write(folder.path().join("expected").join(name), bytes).unwrap();
        let refused = run(&folder, &["audit"]);
        assert_eq!((refused.code, refused.stdout.as_str()), (1, ""), "{name}");
        assert!(refused.stderr.contains(&format!("cannot read expected list `{name}`")), "{}", refused.stderr);
    }
}

#[test]
fn lists_that_the_earlier_run_had_and_that_are_gone_end_the_run() {
    let story = Story::small();
    let folder = folder(&story.saved_files(), &story.expected_files());
    assert_eq!(run(&folder, &["audit"]).code, 0);
    fs::rename(folder.path().join("expected"), folder.path().join("elsewhere")).unwrap();
    let refused = run(&folder, &["audit"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    assert!(
        refused.stderr.contains("error: no expected list in `expected`, but the earlier run of this job had 5 lists\n"),
        "{}",
        refused.stderr
    );
    assert_eq!(run(&folder, &["audit", "--to", "other"]).code, 3, "another store begins anew");
    fs::rename(folder.path().join("elsewhere"), folder.path().join("expected")).unwrap();
    assert_eq!(run(&folder, &["audit"]).code, 0);
}

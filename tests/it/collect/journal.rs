//! A journal holds all that a run was told; saved files, their journal and its copy end in the same snapshot.

use std::path::{Path, PathBuf};

use rollcall::collect::journal::page::Outcome;
use rollcall::collect::offline::print_commands;
use rollcall::collect::{CollectError, Collected, Options, from_files, from_journal};
use rollcall::model::Why;

fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(path)
}

fn journal(collected: &Collected) -> Vec<u8> {
    let mut journal = Vec::new();
    collected.write(&mut journal).expect("memory takes it");
    journal
}

fn told(error: &CollectError) -> String {
    let mut told = format!("error: {error}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        told += &format!("\n  caused by: {error}");
        cause = error.source();
    }
    told + &error.help().map_or_else(String::new, |help| format!("\n  help: {help}"))
}

#[test]
fn files_and_their_journal_are_the_same_snapshot() {
    let files = from_files(&data("aws/small")).unwrap();
    let again = from_journal(journal(&files).as_slice()).unwrap();
    assert_eq!(again.snapshot, files.snapshot);
}

#[test]
fn the_same_pages_in_another_order_are_the_same_bytes() {
    let mut files = from_files(&data("aws/small")).unwrap();
    let written = journal(&files);
    files.pages.reverse();
    assert_eq!(journal(&files), written);
}

#[test]
fn an_answer_that_is_not_there_is_unreadable_and_costs_no_other() {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(data("aws/small")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    std::fs::remove_file(folder.path().join("03-list-users.json")).unwrap();
    std::fs::write(folder.path().join("04-list-groups.json"), "{\"Groups\": [").unwrap();
    let snapshot = from_files(folder.path()).unwrap().snapshot;
    let gaps: Vec<_> =
        snapshot.gaps.iter().map(|gap| (gap.source.as_str(), matches!(gap.why, Why::Unreadable { .. }))).collect();
    assert_eq!(gaps, [("identitystore:ListGroups", true), ("identitystore:ListUsers", true)]);
}

#[test]
fn a_later_part_that_does_not_say_which_page_it_is_takes_no_other_ones_place() {
    let small = data("aws/small");
    let calls = std::fs::read_to_string(small.join("calls.jsonl")).unwrap();
    let listing = calls.lines().find(|line| line.contains("identitystore list-users")).unwrap();
    let users = |parameters: &str, page: &str| {
        let folder = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(&small).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        // The first part announces a second one, which was saved a minute later and holds nobody.
        let first = std::fs::read_to_string(small.join("03-list-users.json")).unwrap();
        let first = first.replacen('{', r#"{"NextToken": "more","#, 1);
        std::fs::write(folder.path().join("03-list-users.json"), first).unwrap();
        std::fs::write(folder.path().join("more.json"), r#"{"Users": []}"#).unwrap();
        let second = listing.replace("03-list-users", "more").replace("08:00:", "08:01:");
        let second = second.replace(r#""IdentityStoreId""#, &format!(r#"{parameters}"IdentityStoreId""#));
        let second = second.replacen('{', &format!("{{{page}"), 1);
        std::fs::write(folder.path().join("calls.jsonl"), format!("{calls}{second}\n")).unwrap();
        let snapshot = from_files(folder.path()).unwrap().snapshot;
        let gaps = snapshot.gaps.iter().map(|gap| gap.key()).collect::<Vec<_>>();
        (snapshot.users.seen().filter(|user| user.listed).count(), gaps)
    };
    let listed = small_users();
    assert_eq!(users(r#""NextToken":"more","#, r#""page":2,"#), (listed, Vec::new()));
    for token in ["NextToken", "StartingToken", "Marker"] {
        let gaps = users(&format!(r#""{token}":"more","#), "").1;
        assert_eq!(gaps, ["identitystore:ListUsers/users/unreadable"], "{token}");
    }
}

fn small_users() -> usize {
    from_files(&data("aws/small")).unwrap().snapshot.users.seen().filter(|user| user.listed).count()
}

#[test]
fn a_command_that_failed_is_read_from_what_it_said() {
    let folder = tempfile::tempdir().unwrap();
    let head = r#"{"format":"rollcall-calls","version":1,"scope":{"identity_center":true,"iam":"nowhere"}}"#;
    let call = r#"{"command":"sso-admin list-instances","parameters":{},"start":"2026-11-20T08:00:00Z","end":"2026-11-20T08:00:01Z","exit_code":254,"file":"1.json"}"#;
    std::fs::write(folder.path().join("calls.jsonl"), format!("{head}\n{call}\n")).unwrap();
    let said = "\nAn error occurred (AccessDeniedException) when calling the ListInstances operation: not you\n";
    std::fs::write(folder.path().join("1.json.err"), said).unwrap();
    let pages = from_files(folder.path()).unwrap().pages;
    let Outcome::Failure(failure) = &pages[0].outcome else { panic!("{:?}", pages[0]) };
    assert_eq!(failure.to_string(), "AccessDeniedException: not you");
    assert_eq!(failure.kind, rollcall::aws::failure::Kind::Denied);
}

#[test]
fn a_list_of_calls_that_cannot_be_trusted_is_refused() {
    let error = |folder: &str| told(&from_files(&data("bad/aws").join(folder)).unwrap_err());
    insta::assert_snapshot!(error("foreign"), @"
    error: cannot read the saved AWS output
      caused by: `calls.jsonl`, line 1: this is `rollcall-calls` version 2; this build reads `rollcall-calls` version 1
      help: print the commands again with this version of Rollcall, and run them
    ");
    insta::assert_snapshot!(error("half-a-line"), @r"
    error: cannot read the saved AWS output
      caused by: `calls.jsonl`, line 2: not a call
      caused by: EOF while parsing a string at line 1 column 29
      help: run the script again into an empty folder, and do not edit what it writes
    ");
    insta::assert_snapshot!(error("outside"), @r"
    error: cannot read the saved AWS output
      caused by: `calls.jsonl`, line 2: `../01-get-caller-identity.json` is not the name of a file in the same folder
      help: run the script again into an empty folder, and do not edit what it writes
    ");
}

#[test]
fn a_journal_with_half_a_line_is_refused() {
    let mut journal = journal(&from_files(&data("aws/small")).unwrap());
    journal.truncate(journal.len() - 20);
    let error = from_journal(journal.as_slice()).unwrap_err();
    assert!(told(&error).contains("line 29 is not a page"), "{}", told(&error));
}

#[test]
fn what_the_settings_say_reaches_the_printed_commands_as_one_word() {
    let options = Options { instance_arn: Some("a'; rm -rf \"$HOME\" #".to_owned()), ..Options::default() };
    assert!(print_commands::script(&options).contains(r#"instance='a'\''; rm -rf "$HOME" #'"#));
}

#[test]
fn a_journal_of_another_version_is_refused() {
    let header = r#"{"format":"rollcall-pages","version":2,"scope":{"identity_center":true,"iam":"nowhere"}}"#;
    let refused = rollcall::collect::from_journal(header.as_bytes()).expect_err("version 2 is not known");
    let cause = std::error::Error::source(&refused).expect("the journal's own words").to_string();
    assert_eq!(cause, "line 1: this is `rollcall-pages` version 2; this build reads `rollcall-pages` version 1");
}

//! Lists that cannot be relied on are refused with the line and the way out (`tests/data/bad/expected/`, each folder with
//! its message beside it); a row that cannot be used is refused alone.

use std::error::Error;
use std::fs;
use std::path::Path;

use rollcall::expect::{self, ExpectError, InputFile, Options, Records};

use crate::support::root;
use crate::support::snapshot::assert_file;

const BAD: &str = "tests/data/bad/expected";

fn read(name: &str, bytes: &[u8]) -> Result<Records, ExpectError> {
    expect::read(&[InputFile { name, bytes, modified: None }], &Options::default())
}

/// Reads the lists of a folder.
fn read_folder(folder: &Path) -> Result<Records, ExpectError> {
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    let input: Vec<InputFile<'_>> =
        files.iter().map(|(name, bytes)| InputFile { name, bytes, modified: None }).collect();
    expect::read(&input, &Options::default())
}

/// A refusal as the command line tells it.
fn told(error: &ExpectError) -> String {
    let mut causes = String::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        causes += &format!("  caused by: {error}\n");
        cause = error.source();
    }
    let help = error.help().map(|help| format!("  help: {help}\n")).unwrap_or_default();
    format!("error: {error}\n{causes}{help}")
}

#[test]
fn every_bad_list_is_refused_with_its_message() {
    let mut folders: Vec<String> = fs::read_dir(root().join(BAD))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    folders.sort();
    assert!(folders.len() >= 40, "{folders:?}");
    for folder in folders {
        let error = read_folder(&root().join(BAD).join(&folder)).expect_err(&folder);
        assert_file(&format!("{BAD}/{folder}.message"), &told(&error));
    }
}

#[test]
fn an_encoding_that_does_not_exist_is_refused() {
    let options = Options { encoding: Some("windows-12".to_owned()), ..Options::default() };
    let error = expect::read(&[], &options).unwrap_err();
    assert!(told(&error).starts_with("error: unknown encoding `windows-12`\n  help: "), "{}", told(&error));
}

#[test]
fn a_row_that_cannot_be_used_is_refused_alone_with_its_line() {
    let text = b"principal_type,principal,account,permission_set\ngroup,A,42,P\nteam,A,111122223333,P\ngroup,,111122223333,P\nuser,b,111122223333,P\n";
    let records = read("assignments.csv", text).unwrap();
    let refused: Vec<(u32, &str)> =
        records.refusals.iter().map(|refused| (refused.at.line, refused.reason.as_str())).collect();
    assert_eq!(
        refused,
        [
            (
                2,
                "`account`: `42` is not an AWS account id (twelve digits); a spreadsheet drops zeros at the beginning, so \
             store the column as text"
            ),
            (3, "`principal_type` is `team`; it must be `user` or `group`"),
            (4, "`principal` is empty"),
        ]
    );
    let file = &records.files[0];
    assert_eq!((records.assignments.len(), file.rows_read, file.rows_used, file.rows_refused), (1, 4, 1, 3));
}

#[test]
fn rows_of_people_and_iam_users_are_refused_alone_too() {
    let people = read("people.csv", b"user,status\nalice,active\nbob,retired\n,active\n").unwrap();
    let reasons: Vec<&str> = people.refusals.iter().map(|refused| refused.reason.as_str()).collect();
    assert_eq!(
        reasons,
        ["`status` is `retired`; it must be `active`, `disabled` or `left`", "neither `user` nor `mail` is given"]
    );
    let iam_users = read("iam-users.csv", b"account,user\n111122223333,\n42,svc\n111122223333,svc\n").unwrap();
    assert_eq!((iam_users.refusals.len(), iam_users.iam_users.len()), (2, 1));
}

#[test]
fn what_is_kept_of_an_export_is_what_was_read_of_it_and_comes_back_the_same() {
    let text = b"SamAccountName,Enabled,Description,MobilePhone\nalice,True,do not print this,+49 151 0000000\n";
    let records = read("users.csv", text).unwrap();
    let write = |records: &Records| {
        let mut kept = Vec::new();
        expect::write(records, &mut kept).unwrap();
        kept
    };
    let kept = write(&records);
    let shown = String::from_utf8(kept.clone()).unwrap();
    assert!(shown.contains("alice") && !shown.contains("do not print") && !shown.contains("+49"), "{shown}");
    let again = expect::parse(&kept).unwrap();
    assert_eq!(again, records);
    assert!((0..10).all(|_| write(&again) == kept));
}

//! Lists that cannot be relied on are refused with the line and the way out; a row is refused alone.

use std::error::Error;

use rollcall::expect::{self, ExpectError, InputFile, Options, Records};

fn read(name: &str, bytes: &[u8]) -> Result<Records, ExpectError> {
    expect::read(&[InputFile { name, bytes, modified: None }], &Options::default())
}

/// The whole message of a refusal, without its first line, which names the file.
fn refused(name: &str, bytes: &[u8]) -> String {
    let error = read(name, bytes).unwrap_err();
    let help = error.help().map(|help| format!("; help: {help}")).unwrap_or_default();
    format!("{}{help}", error.source().map_or_else(|| error.to_string(), ToString::to_string))
}

#[test]
fn what_is_no_list_is_named() {
    assert!(refused("a.csv", b"PK\x03\x04").starts_with("it is a spreadsheet or an archive, which is not read; help: "));
    assert!(refused("a.csv", b"").starts_with("it is empty, which would mean that nobody is expected; help: "));
    assert!(refused("a.csv", b"<!DOCTYPE html>").starts_with("it is a web page, which is not read; help: "));
    assert!(refused("a.csv", b"[{}]").starts_with("it is JSON, which is not read; help: "));
    assert!(refused("a.csv", b"DN,objectClass\n").starts_with("it is output of `csvde`, which is not read; help: "));
}

#[test]
fn a_misspelt_column_is_an_error_with_the_right_one() {
    let text = b"account,usr\n111122223333,ci\n";
    assert!(refused("iam-users.csv", text).starts_with("the column `user` is missing"));
    let text = b"user,status,gruops\nalice,active,A\n";
    assert_eq!(refused("people.csv", text), "line 1: unknown column `gruops`; help: did you mean `groups`?");
}

#[test]
fn a_row_that_cannot_be_used_is_refused_alone_with_its_line() {
    let text = b"principal_type,principal,account,permission_set\ngroup,A,42,P\nteam,A,111122223333,P\nuser,b,111122223333,P\n";
    let records = read("assignments.csv", text).unwrap();
    let lines: Vec<u32> = records.refusals.iter().map(|refused| refused.at.line).collect();
    assert_eq!((lines, records.assignments.len()), (vec![2, 3], 1));
    assert_eq!(records.refusals[1].reason, "`principal_type` is `team`; it must be `user` or `group`");
}

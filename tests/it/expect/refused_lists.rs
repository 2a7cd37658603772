//! Lists that cannot be relied on are refused with the line and the way out (`tests/data/bad/expected/`, each folder
//! with its message beside it); a row that cannot be used is refused alone.

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
fn of_two_lists_of_a_kind_that_are_kept_by_hand_neither_is_read_for_the_other() {
    let lists: [(&str, &[u8]); 8] = [
        ("people.csv", b"user\nalice\n"),
        ("assignments.csv", b"principal_type,principal,account,permission_set\n"),
        ("applications.csv", b"application,principal_type,principal\n"),
        ("entitlements.csv", b"principal_type,principal,account,role\n"),
        ("permission-sets.csv", b"name\nReadOnly\n"),
        ("iam-users.csv", b"account,user\n"),
        ("trusts.csv", b"account,role,trusted\n"),
        ("waivers.toml", b""),
    ];
    for (name, bytes) in lists {
        for (kept, refused) in [(name.to_owned(), format!("a/{name}")), (format!("z/{name}"), format!("a/b/{name}"))] {
            let input = [&refused, &kept].map(|name| InputFile { name, bytes, modified: None });
            let message = told(&expect::read(&input, &Options::default()).unwrap_err());
            let said =
                format!("cannot read expected list `{refused}`\n  caused by: `{kept}` is a list of the same kind");
            assert!(message.contains(&said), "{message}");
        }
    }
}

#[test]
fn of_two_rows_about_one_thing_that_contradict_each_other_the_second_is_refused() {
    let digest = "0".repeat(64);
    let sets = format!("name,administrative,digest\nP,no,\nQ,yes,\np,no,\nP,yes,\nQ,yes,{digest}\n");
    let users =
        "account,user,owner\n111122223333,svc,ann\n444455556666,svc,bob\n111122223333,svc,ann\n111122223333,SVC,bob\n";
    let trusts = "account,role,trusted,conditions\n111122223333,r,999988887777,none\n111122223333,r,999988886666,\n\
                  111122223333,r,arn:aws:iam::999988887777:root,\n111122223333,r,999988887777,none\n";
    for (name, text, lines) in [
        ("permission-sets.csv", sets.as_str(), vec![(5, 2), (6, 3)]),
        ("iam-users.csv", users, vec![(5, 2)]),
        ("trusts.csv", trusts, vec![(4, 2)]),
    ] {
        let records = read(name, text.as_bytes()).unwrap();
        let refused: Vec<(u32, String)> =
            records.refusals.iter().map(|refused| (refused.at.line, refused.reason.clone())).collect();
        let reason = |first| format!("it contradicts line {first}, which is about the same; leave one of the two out");
        let expected: Vec<(u32, String)> = lines.into_iter().map(|(line, first)| (line, reason(first))).collect();
        assert_eq!(refused, expected, "{name}");
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
                "`account`: `42` is not an AWS account id (twelve digits); spreadsheets drop leading zeros, so store the column as text"
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
fn a_row_of_trusts_is_refused_where_nobody_could_say_whom_it_means() {
    let text = b"account,role,trusted,owner,ticket\n111122223333,scanner,arn:aws:iam::999988887777:root,ann,T-1\n\
        111122223333,ci,https://token.actions.githubusercontent.com/,,\n111122223333,odd,somebody,,\n\
        111122223333,lambda,lambda.amazonaws.com,,\n111122223333,path/role,999988887777,,\n42,role,*,,\n\
        111122223333,role,arn:aws:iam,,\n111122223333,,*,,\n";
    let records = read("trusts.csv", text).unwrap();
    let read: Vec<(&str, &str)> =
        records.trusts.iter().map(|trust| (trust.role.as_str(), trust.trusted.as_str())).collect();
    assert_eq!(read, [("scanner", "999988887777"), ("ci", "token.actions.githubusercontent.com")]);
    let refused: Vec<(u32, &str)> =
        records.refusals.iter().map(|refused| (refused.at.line, refused.reason.as_str())).collect();
    assert_eq!(
        refused,
        [
            (
                4,
                "`trusted` is `somebody`; it must be an account ID, an ARN, a provider's host and path, an organization ID, or `*`"
            ),
            (5, "`trusted` is `lambda.amazonaws.com`, an AWS service; services need no row"),
            (6, "`role` is `path/role`; it must be the role name alone, without path and ARN"),
            (7, "`account`: `42` is not an AWS account id (twelve digits)"),
            (8, "`trusted` is `arn:aws:iam`, which is not a complete ARN"),
            (9, "`role` is empty"),
        ]
    );
    let mut kept = Vec::new();
    expect::write(&records, &mut kept).unwrap();
    assert_eq!(expect::parse(&kept).unwrap(), records);
}

/// What is wrong with the rows of a list, each with its line, and how many rows could be used.
fn refused_rows(name: &str, text: &str) -> (Vec<String>, u32) {
    let records = read(name, text.as_bytes()).unwrap();
    let told = records.refusals.iter().map(|refused| format!("{}: {}", refused.at.line, refused.reason));
    (told.collect(), records.files[0].rows_used)
}

#[test]
fn a_row_of_applications_is_refused_where_nobody_could_say_whom_or_what_it_means() {
    let text = "application,principal_type,principal,presence,expires\nWiki,group,A,allowed,2027-03-31\nWiki,everyone,*,,\n\
                Wiki,everyone,,,\nWiki,team,A,,\nWiki,group,,,\nWiki,,A,,\n,group,A,,\nWiki,everyone,A,,\n\
                Wiki,group,A,maybe,\nWiki,group,A,,31.3.2027\nWiki,user,*,,\n";
    let (refused, used) = refused_rows("applications.csv", text);
    insta::assert_snapshot!(refused.join("\n"), @r"
    5: `principal_type` is `team`; it must be `user`, `group` or `everyone`
    6: `principal` is empty
    7: `principal_type` is empty
    8: `application` is empty
    9: `principal` is `A`; with `everyone` it must be `*`
    10: `presence` is `maybe`; it must be `required` or `allowed`
    11: `expires` is `31.3.2027`, which is not a date; write it as `2027-03-31`
    12: `principal` is `*`, which is only valid with `everyone` in `principal_type`
    ");
    assert_eq!(used, 3);
}

#[test]
fn a_row_of_entitlements_is_refused_where_nobody_could_say_whom_what_or_where_it_means() {
    let text = "principal_type,principal,account,role,presence,expires\n\
                group,A,111122223333,Developer,allowed,2027-03-31\ngroup,A,*,Developer,,\ngroup,A,prod-*,Developer,,\n\
                everyone,*,*,Developer,,\nteam,A,*,Developer,,\nuser,,*,Developer,,\nuser,a,,Developer,,\n\
                user,a,42,Developer,,\nuser,a,{account},Developer,,\nuser,a,*,,,\n\
                user,a,*,arn:aws:iam::111122223333:role/Developer,,\nuser,a,*,ops/Developer,,\nuser,a,*,Developer,no,\n\
                user,a,*,Developer,,soon\n";
    let (refused, used) = refused_rows("entitlements.csv", text);
    insta::assert_snapshot!(refused.join("\n"), @r"
    5: `principal_type` is `everyone`; it must be `user` or `group`
    6: `principal_type` is `team`; it must be `user` or `group`
    7: `principal` is empty
    8: `account` is empty
    9: `account`: `42` is not an AWS account id (twelve digits); spreadsheets drop leading zeros, so store the column as text
    10: `account` holds a placeholder; only `assignments.csv` has them
    11: `role` is empty
    12: `role` is `arn:aws:iam::111122223333:role/Developer`; it must be the role name alone, without path and ARN
    13: `role` is `ops/Developer`; it must be the role name alone, without path and ARN
    14: `presence` is `no`; it must be `required` or `allowed`
    15: `expires` is `soon`, which is not a date; write it as `2027-03-31`
    ");
    assert_eq!(used, 3);
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

//! Users in bulk: the columns that exist in the field, and a whole file that is checked before anything is planned.

use rollcall::change::bulk::{self, Bulk, BulkVerb};
use rollcall::change::{Change, Options};
use rollcall::wording;

use super::{judged, kept_here};
use crate::story::Story;
use crate::support::audited::Audited;
use crate::support::read;

fn with_eng() -> Audited {
    kept_here(Story::small().aws_group("eng").aws_group("ops"))
}

fn read_as(text: &str, verb: BulkVerb, audited: &Audited) -> Bulk {
    bulk::read(text.as_bytes(), verb, &audited.world().snapshot).unwrap()
}

fn bad(bulk: &Bulk) -> Vec<String> {
    bulk.bad.iter().map(|row| format!("{}: {}", row.line, wording::bad_row(&row.why))).collect()
}

fn kinds(bulk: &Bulk) -> Vec<&'static str> {
    bulk.rows.iter().flat_map(|(_, steps)| steps).map(|step| step.change.kind().word()).collect()
}

#[test]
fn both_headers_of_the_field_are_read() {
    let audited = with_eng();
    let readme = read_as(&read("tests/data/change/csv/readme-header.csv"), BulkVerb::Create, &audited);
    assert_eq!(kinds(&readme), ["create-user", "add-member"]);
    assert_eq!(bad(&readme), ["3: `primary` is `FALSE`; AWS accepts only one email address per user, the primary one"]);
    let store = audited.world().snapshot.instance.is().unwrap().identity_store.clone();
    let other = read("tests/data/change/csv/newaccounts-header.csv");
    let elsewhere = read_as(&other, BulkVerb::Create, &audited);
    assert!(bad(&elsewhere)[0].contains("another identity store, `d-1234567890`"));
    let here = read_as(&other.replace("d-1234567890", &store), BulkVerb::Create, &audited);
    assert_eq!((kinds(&here), bad(&here)), (vec!["create-user", "add-member"], Vec::new()));
}

#[test]
fn deleting_reads_names_alone_and_a_byte_order_mark_is_none_of_them() {
    let audited = kept_here(&Story::small());
    let text = read("tests/data/change/csv/delete-bom.csv").replace("ana", "bob@corp.example.com");
    assert!(text.starts_with('\u{feff}'));
    assert_eq!(kinds(&read_as(&text, BulkVerb::Delete, &audited)), ["remove-member", "delete-user"]);
    let unknown = read_as(&read("tests/data/change/csv/delete-bom.csv"), BulkVerb::Delete, &audited);
    assert_eq!(bad(&unknown), ["2: no user is called `ana`"]);
}

#[test]
fn every_bad_row_is_told_with_its_line() {
    let audited = with_eng();
    let text = "username,givenname,familyname,groupname,email,displayname\n\
                ana,Ana,Lopez,eng; ops,ana@example.com,\"Lopez, Ana\"\n\
                ANA,Ana,Lopez,,other@example.com,\n\
                ben,,Okoro,,,\n\
                cid,Cid,Moss,none,,\n\
                bob@corp.example.com,Bob,Example,,,\n\
                Administrator,A,B,,,\n\
                dan,Dan,Fox,,ANA@example.com,\n\
                eve;,Eve,Fox,,,\n";
    let read = read_as(text, BulkVerb::Create, &audited);
    assert_eq!(kinds(&read), ["create-user", "add-member", "add-member"]);
    let Change::CreateUser { display_name, .. } = &read.rows[0].1[0].change else { panic!("a user is made") };
    assert_eq!(display_name, "Lopez, Ana");
    assert_eq!(
        bad(&read),
        [
            "3: the same user is on line 2",
            "4: `givenname` is empty",
            "5: no group is called `none`",
            "6: a user `bob@corp.example.com` already exists",
            "7: `username` is `Administrator`; Identity Center reserves this name",
            "8: the email address `ANA@example.com` belongs to another user",
            "9: `username` is `eve;`; it must have at most 128 characters, and none of `<`, `>`, `;`, `:`, `%`",
        ]
    );
}

#[test]
fn a_file_that_is_no_such_file_is_refused_with_what_to_do() {
    let audited = kept_here(&Story::small());
    let refused = |bytes: &[u8], verb| {
        let error = bulk::read(bytes, verb, &audited.world().snapshot).unwrap_err();
        format!("{error}; {}", error.help())
    };
    let columns = "the first line must name the columns; known columns are `username`, `givenname`, `familyname`, \
                   `displayname`, `groupname`, `email`, `emailtype`, `primary`, `identitystoreid`";
    assert_eq!(
        refused(b"username,givenname\na,b\n", BulkVerb::Create),
        format!("the column `familyname` is missing; {columns}")
    );
    assert_eq!(refused(b"username,password\na,b\n", BulkVerb::Delete), format!("unknown column `password`; {columns}"));
    assert_eq!(
        refused(b"username,UserName\na,b\n", BulkVerb::Delete),
        format!("the column `username` appears twice; {columns}")
    );
    assert_eq!(refused(b"username\n", BulkVerb::Delete), "it has no rows; write a row for each user below the header");
    assert_eq!(
        refused(b"username\nana\nb\xe9n\n", BulkVerb::Delete),
        "line 3 is not UTF-8; save it as UTF-8 (CSV UTF-8 in Excel)"
    );
    assert!(refused(b"username\nana,x\n", BulkVerb::Delete).contains("give each row one cell for each column"));
}

#[test]
fn two_thousand_users_of_one_file_are_judged() {
    let audited = with_eng();
    let rows: String = (0..1_000).map(|number| format!("u{number},U,{number},eng,u{number}@example.com\n")).collect();
    let read = read_as(&format!("username,givenname,familyname,groupname,email\n{rows}"), BulkVerb::Create, &audited);
    assert_eq!((read.rows.len(), bad(&read)), (1_000, Vec::new()));
    let report = audited.report();
    let mut builder = rollcall::change::Builder::default();
    for (_, steps) in &read.rows {
        builder.add(&report, steps, "", None);
    }
    let changes = builder.finish();
    assert_eq!(changes.len(), 2_000);
    assert_eq!(rollcall::change::order(&changes).len(), 2_000);
    let judgement = judged(&report, &changes, &Options::default());
    assert_eq!(judgement.foreseen.makes.len(), 1_000, "no list expects them");
}

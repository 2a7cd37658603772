//! Columns of CSV: several of one meaning, several files in one, and line ends of every kind.

use std::collections::BTreeSet;

use rollcall::expect::Records;
use rollcall::model::Employment;

use crate::support::lists::{folded, gone, list, refusal, sample};

/// The mail addresses of all who have left.
fn left(records: &Records) -> BTreeSet<String> {
    let over = |employment| matches!(employment, Employment::Left | Employment::Expired);
    let gone = folded(records).people.seen().filter(|person| over(person.employment)).cloned().collect::<Vec<_>>();
    gone.into_iter().flat_map(|person| person.mails).collect()
}

fn one(mail: &str) -> BTreeSet<String> {
    BTreeSet::from([mail.to_owned()])
}

#[test]
fn whoever_has_left_by_any_column_has_left() {
    for (columns, cells) in [
        ("Account Status,Employment Status", ["active,terminated", "active,active"]),
        ("Employment Status,Account Status", ["active,disabled", "active,active"]),
        ("Status,Active", ["active,no", "active,yes"]),
        ("Enabled,Active", ["yes,no", "yes,yes"]),
        ("Contract End Date,Termination Date", [",2026-01-31", ",2027-01-31"]),
        ("Contract End Date,Termination Date", ["2026-01-31,2027-01-31", "2027-01-31,"]),
    ] {
        let text = format!("Name,Email,{columns}\nA,a@example.com,{}\nB,b@example.com,{}\n", cells[0], cells[1]);
        assert_eq!(left(&list("staff.csv", text.as_bytes())), one("a@example.com"), "{text}");
    }
}

#[test]
fn every_mail_address_of_a_person_is_read() {
    let staff = list(
        "staff.csv",
        b"Name,Email,Work Email,Status\nA,,a@example.com,left\nB,b@home.example,b@example.com,left\n",
    );
    let mails: Vec<&[String]> = staff.entries.iter().map(|entry| entry.mails.as_slice()).collect();
    assert_eq!(mails, [&["a@example.com".to_owned()][..], &["b@home.example".to_owned(), "b@example.com".to_owned()]]);
    assert_eq!(staff.files[0].rows_used, 2);
    let users = list(
        "users.csv",
        b"SamAccountName,EmailAddress,mail,Enabled\na,a@example.com,,True\nb,b@example.com,b@example.com,True\n",
    );
    let mails: Vec<usize> = users.entries.iter().map(|entry| entry.mails.len()).collect();
    assert_eq!(mails, [1, 1]);
}

#[test]
fn lines_may_end_in_a_lone_carriage_return() {
    let text = String::from_utf8(sample("csv-powershell/ps7_get-aduser_default_utf8.csv")).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    let before = list("users.csv", rows.join("\n").as_bytes());
    let records = list("users.csv", rows.join("\r").as_bytes());
    assert_eq!(records.entries, before.entries, "each with its own line");
    assert!(records.files[0].notes.iter().any(|note| note.contains("carriage return")), "{:?}", records.files[0].notes);
    let pairs = list("members.csv", b"Group,SamAccountName\rA,alice\rB,bob\rB,carol");
    let lines: Vec<u32> = pairs.memberships.iter().map(|membership| membership.at.line).collect();
    assert_eq!(lines, [2, 3, 4]);
    let damage = refusal("users.csv", b"SamAccountName,Enabled\ralice,True\rbob,perhaps\r");
    assert!(damage.contains("line 3:"), "{damage}");
}

/// The reader of rows ends one at each of them; two rows in one line would be one object.
#[test]
fn rows_stand_in_lines_of_their_own_where_line_ends_differ() {
    for header in ["\r", "\n", "\r\n"] {
        let text = format!("SamAccountName,Enabled{header}alice,True\rbob,True\ncarol,False\r\n\r\ndan,True\r");
        let records = list("users.csv", text.as_bytes());
        let lines: Vec<u32> = records.entries.iter().map(|entry| entry.at.line).collect();
        assert_eq!(lines, [2, 3, 4, 6], "{header:?}");
        assert_eq!(gone(&folded(&records)), one("carol"));
    }
}

#[test]
fn a_value_of_several_lines_is_a_value_where_no_line_is_a_row() {
    let members = "\"CN=A,OU=Groups,DC=corp\nCN=B,OU=Groups,DC=corp\"";
    for (column, cell) in [
        ("MemberOf", members),
        ("Description", "\"Main Street 5, left\n8001 Zurich, CH, Europe\n\""),
        ("Description", "\"first\r\n\r\nthird\""),
    ] {
        let text = format!("SamAccountName,Enabled,{column}\nalice,True,{cell}\nbob,False,\n");
        let records = list("users.csv", text.as_bytes());
        assert_eq!(records.entries.len(), 2, "{text}");
        assert_eq!(gone(&folded(&records)), one("bob"));
    }
}

#[test]
fn a_comma_in_the_plain_name_of_a_group_is_noted() {
    let noted = |name: &str, text: &str| {
        let notes = list(name, text.as_bytes()).files[0].notes.clone();
        notes.iter().any(|note| note == "`A, B` in line 2 is read as one group name; separate groups with `;`")
    };
    assert!(noted("users.csv", "SamAccountName,Enabled,MemberOf\nalice,True,\"A, B\"\n"));
    assert!(noted("people.csv", "user,groups\nalice,\"A, B\"\n"));
    assert!(!noted("people.csv", "user,groups\nalice,A;B\n"));
}

#[test]
fn a_column_of_groups_is_read_as_member_of_is() {
    let read = |column: &str| {
        let text =
            format!("SamAccountName,UserPrincipalName,Enabled,{column}\nalice,alice@example.com,True,AWS-Admins\n");
        folded(&list("users.csv", text.as_bytes())).groups.seen().map(|group| group.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(read("Groups"), ["AWS-Admins"]);
    assert_eq!(read("Groups"), read("MemberOf"));
}

#[test]
fn rows_without_anything_before_the_header_are_skipped() {
    let records = list("users.csv", b",\n ,\nSamAccountName,Enabled,Name\nalice,False,Alice\n");
    assert_eq!((records.entries[0].at.line, gone(&folded(&records))), (4, one("alice")));
}

#[test]
fn a_row_that_uses_words_of_the_header_is_a_row() {
    let staff = b"Email,Title,Manager,Team\na@example.com,Manager,Ann,Team\n";
    assert_eq!(list("staff.csv", staff).files[0].rows_used, 1);
    let users = b"SamAccountName,Name,Enabled,Title\nname,A,True,title\n";
    assert_eq!(list("users.csv", users).files[0].rows_used, 1);
}

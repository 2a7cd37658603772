//! The structure of CSV exports (cases 12 to 28 of the specification of directory exports), and what names in them can
//! be (cases 81, 83, 85 and 86).

use std::collections::BTreeSet;

use rollcall::expect::{Options, Records};

use crate::support::lists::{folded, list, refusal, sample, told, try_lists};

const UTF_8: &str = "csv-powershell/ps51_get-aduser_nti_utf8bom.csv";

/// The `sAMAccountName`s, in order.
fn sams(records: &Records) -> Vec<&str> {
    records.entries.iter().filter_map(|entry| entry.sam.as_deref()).collect()
}

/// Case 12.
#[test]
fn the_line_of_a_type_is_skipped_whatever_type_it_names() {
    for line in ["#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser", "#TYPE", "\"#TYPE x\",", "#TYPE x;;"] {
        let records = list("users.csv", format!("{line}\r\nSamAccountName,Enabled\r\nalice,True\r\n").as_bytes());
        assert_eq!(sams(&records), ["alice"], "{line}");
        assert_eq!(records.entries[0].at.line, 3, "{line}");
    }
}

/// Case 13.
#[test]
fn every_delimiter_is_recognised() {
    for delimiter in [",", ";", "\t", "|"] {
        let text = "SamAccountName,Enabled\r\nalice,True\r\n".replace(',', delimiter);
        assert_eq!(sams(&list("users.csv", text.as_bytes())), ["alice"], "{delimiter:?}");
        let text = format!("sep={delimiter}\r\n{text}");
        assert_eq!(sams(&list("users.csv", text.as_bytes())), ["alice"], "sep={delimiter:?}");
    }
}

/// Case 14.
#[test]
fn a_delimiter_inside_quotes_stays_in_its_cell() {
    let text = "SamAccountName;Enabled;MemberOf\nalice;True;\"CN=A,DC=corp;CN=B,DC=corp\"\n";
    let records = list("users.csv", text.as_bytes());
    assert_eq!((records.entries.len(), records.memberships.len()), (1, 2));
}

/// Case 15.
#[test]
fn line_breaks_inside_quotes_belong_to_the_cell_and_are_counted() {
    let text = "SamAccountName,Description,Enabled\r\nalice,\"a\r\nb\",True\r\nbob,\"a\nb\",True\r\ncarol,\"a\rb\",True\r\ndave,,True\r\n";
    let records = list("users.csv", text.as_bytes());
    assert_eq!(sams(&records), ["alice", "bob", "carol", "dave"]);
    assert_eq!(records.entries.iter().map(|entry| entry.at.line).collect::<Vec<_>>(), [2, 4, 6, 7]);
}

/// Case 16.
#[test]
fn an_empty_text_and_nothing_are_both_absent() {
    let records = list("users.csv", b"SamAccountName,UserPrincipalName,mail,Enabled\na,\"\",,True\nb,,\" \",True\n");
    for entry in &records.entries {
        assert!(entry.user_name.is_none() && entry.mails.is_empty(), "{entry:?}");
    }
}

/// Cases 17 and 18.
#[test]
fn doubled_quotes_are_one_and_blanks_around_a_display_name_stay() {
    for export in [UTF_8, "csv-derived/ps7_get-aduser_usequotes-asneeded_utf8.csv"] {
        let records = list("users.csv", &sample(export));
        let names: BTreeSet<&str> = records.entries.iter().filter_map(|entry| entry.common_name.as_deref()).collect();
        for name in ["Dwayne \"The Rock\" Johnson", " Leading Space", "Trailing Space ", "=cmd|' /C calc'!A0"] {
            assert!(names.contains(name), "{export}: {name}");
        }
    }
}

/// Cases 19 and 20.
#[test]
fn stripped_quotes_an_empty_file_and_a_bare_header_are_refused() {
    let refused = refusal("users.csv", &sample("csv-derived/quotes-stripped_blank-first-line_ansi.csv"));
    assert!(refused.contains("line 3: ") && refused.contains("quotes were probably stripped"), "{refused}");
    for export in ["csv-derived/empty.csv", "csv-derived/header-only.csv"] {
        let refused = refusal("users.csv", &sample(export));
        assert!(refused.contains("so no one would be expected"), "{refused}");
    }
    let records = list("users.csv", b"\r\n\r\nSamAccountName,Enabled\r\n\r\nalice,True\r\n\r\n\r\n");
    assert_eq!((sams(&records), records.entries[0].at.line), (vec!["alice"], 5));
}

/// Case 21.
#[test]
fn headers_and_types_in_the_middle_are_skipped() {
    let text = "#TYPE a\nSamAccountName,Enabled\nalice,True\n#TYPE a\nSamAccountName,Enabled\nbob,True\n";
    let records = list("users.csv", text.as_bytes());
    assert_eq!(sams(&records), ["alice", "bob"]);
    assert!(records.files[0].notes[0].contains("header is repeated 1 times"), "{:?}", records.files[0].notes);
}

/// Case 22. The very last cell can be cut so that nothing but the missing end of its line shows it.
#[test]
fn a_last_row_that_was_cut_is_refused_or_noted() {
    let whole = "\"SamAccountName\",\"Enabled\",\"mail\"\r\n\"alice\",\"True\",\"alice@example.com\"\r\n";
    let row = whole.find("\"alice\"").unwrap() + 1;
    for end in row..whole.len() - 3 {
        match try_lists(&[("users.csv", &whole.as_bytes()[..end])], &Options::default()) {
            Err(error) => assert!(told(&error).contains("line 2"), "{end}: {}", told(&error)),
            Ok(records) => assert!(records.files[0].notes[0].contains("its last line has no line break"), "{end}"),
        }
    }
    let bare = list("users.csv", b"SamAccountName,Enabled,mail\r\nalice,True,alice@exam");
    assert!(bare.files[0].notes[0].contains("its last line has no line break"), "{:?}", bare.files[0].notes);
}

/// Case 23.
#[test]
fn columns_are_found_by_name_in_any_order_and_case_and_others_are_skipped() {
    let text =
        "PSComputerName,ENABLED,sam_account_name,PropertyCount,distinguishedName\ndc1,True,alice,12,\"CN=A,DC=corp\"\n";
    let records = list("users.csv", text.as_bytes());
    let entry = &records.entries[0];
    assert_eq!(
        (entry.sam.as_deref(), entry.dn.as_deref(), entry.enabled),
        (Some("alice"), Some("CN=A,DC=corp"), Some(true))
    );
    let refused = refusal("users.csv", b"SamAccountName,Enabled,samaccountname\na,True,b\n");
    assert!(refused.contains("the columns `SamAccountName` and `samaccountname` have the same name"), "{refused}");
}

/// Case 24.
#[test]
fn a_column_that_the_first_object_lacked_is_named_with_the_likely_cause() {
    let refused = refusal("users.csv", b"Enabled,ObjectClass,userAccountControl\nTrue,user,512\n");
    assert!(refused.contains("`ObjectGUID`, `SamAccountName` or `UserPrincipalName` is missing"), "{refused}");
    assert!(refused.contains("takes its columns from the first object"), "{refused}");
    let records = list("users.csv", b"SamAccountName,UserPrincipalName\na,a@example.com\n");
    assert!(
        records.files[0].notes[0].contains("takes its columns from the first object"),
        "{:?}",
        records.files[0].notes
    );
}

/// Case 25.
#[test]
fn words_for_true_and_false_are_known_in_many_languages_and_an_unknown_one_is_refused() {
    let pairs = [
        ("True", "False"),
        ("TRUE", "FALSE"),
        ("1", "0"),
        ("Yes", "No"),
        ("WAHR", "FALSCH"),
        ("VRAI", "FAUX"),
        ("VERDADERO", "FALSO"),
        ("PRAWDA", "FAŁSZ"),
        ("ИСТИНА", "ЛОЖЬ"),
    ];
    for (yes, no) in pairs {
        let enabled = |column: &str| {
            let text = format!("SamAccountName,{column}\na,{yes}\nb,{no}\n");
            list("users.csv", text.as_bytes()).entries.iter().map(|entry| entry.enabled).collect::<Vec<_>>()
        };
        assert_eq!(enabled("Enabled"), [Some(true), Some(false)], "{yes}");
        assert_eq!(enabled("Disabled"), [Some(false), Some(true)], "{yes}");
    }
    let words = list("users.csv", b"SamAccountName,Enabled\na,Enabled\nb,Disabled\n");
    assert_eq!(words.entries.iter().map(|entry| entry.enabled).collect::<Vec<_>>(), [Some(true), Some(false)]);
    assert!(refusal("users.csv", b"SamAccountName,Enabled\na,Ja?\n").contains("`Ja?` in `Enabled` is not"));
}

/// Case 26.
#[test]
fn a_number_that_a_spreadsheet_rounded_is_refused_and_ids_of_employees_are_no_keys() {
    for rounded in ["1.3344E+17", "\"1,3344E+17\""] {
        let text = format!("SamAccountName,accountExpires\na,{rounded}\n");
        let refused = refusal("users.csv", text.as_bytes());
        assert!(refused.contains("a spreadsheet probably rounded it"), "{refused}");
    }
    let one = list("users.csv", b"SamAccountName,Enabled,EmployeeID\na,True,000123\n");
    let other = list("users.csv", b"SamAccountName,Enabled,EmployeeID\na,True,123\n");
    let people = |records| folded(records).people.seen().cloned().collect::<Vec<_>>();
    assert_eq!(people(&one), people(&other));
}

/// Case 27. How reports write such a name: `render::report_of_everything`.
#[test]
fn a_formula_is_a_name() {
    let records = list("users.csv", b"SamAccountName,Name,Enabled\na,\"=HYPERLINK(\"\"http://x\"\")\",True\n");
    assert_eq!(records.entries[0].common_name.as_deref(), Some("=HYPERLINK(\"http://x\")"));
}

/// Case 28.
#[test]
fn wide_and_long_tables_are_read() {
    let header: Vec<String> = (0..510).map(|number| format!("attribute{number}")).collect();
    let row = vec!["x"; 510].join(",");
    let mut text = format!("SamAccountName,Enabled,{}\n", header.join(","));
    for number in 0..3382 {
        text += &format!("u{number},True,{row}\n");
    }
    text += &format!("last,True,{},{}\n", "y".repeat(64 * 1024), vec!["x"; 509].join(","));
    assert_eq!(list("users.csv", text.as_bytes()).entries.len(), 3383);
}

/// Spreadsheets save without quotes, with their own words, and with another delimiter.
#[test]
fn what_a_spreadsheet_saved_again_says_the_same() {
    let comma = list("users.csv", &sample("csv-derived/excel_resaved_csv-utf8_comma.csv"));
    let options = crate::support::lists::encoded("windows-1252");
    let semicolon = sample("csv-derived/excel_resaved_ansi1252_semicolon.csv");
    let semicolon = crate::support::lists::list_with("users.csv", &semicolon, &options);
    assert_eq!((comma.entries.len(), semicolon.entries.len()), (82, 82));
    assert_eq!(sams(&comma)[..30], sams(&semicolon)[..30]);
    assert_eq!(crate::support::lists::expired(&folded(&comma)), BTreeSet::from(["eexpired".to_owned()]));
}

/// Case 81.
#[test]
fn a_guid_is_read_in_capitals_in_braces_and_in_base64() {
    let same =
        ["7115b235-ad19-43bf-a211-5ca38ae242e0", "{7115B235-AD19-43BF-A211-5CA38AE242E0}", "NbIVcRmtv0OiEVyjiuJC4A=="];
    for guid in same {
        let records = list("users.csv", format!("SamAccountName,ObjectGUID\na,{guid}\n").as_bytes());
        assert_eq!(records.entries[0].guid.unwrap().to_string(), same[0], "{guid}");
    }
}

/// Case 83.
#[test]
fn user_names_that_identity_center_cannot_have_are_noted() {
    let long = "x".repeat(120);
    let text = format!(
        "SamAccountName,UserPrincipalName,Enabled\na,a@example.com,True\nb,{long}@example.com,True\nc,c:d@example.com,True\n"
    );
    let records = list("users.csv", text.as_bytes());
    let notes = records.files[0].notes.join("\n");
    assert!(notes.contains("2 of its user names cannot exist in Identity Center, the first in line 3"), "{notes}");
}

/// Cases 85 and 86: names that only look alike are of several people, and no letter is too strange for a name.
#[test]
fn people_whose_names_look_alike_are_several_and_strange_names_stay_as_they_are() {
    let expectation = folded(&list("users.csv", &sample(UTF_8)));
    let sams: BTreeSet<&str> = expectation.people.seen().filter_map(|person| person.sam.as_deref()).collect();
    let alike = ["astrauss", "astrauss2", "jgarcia", "jgarcia2", "iisik", "opapas", "sflores", "nbsp", "d.cohen"];
    let strange = ["so'brien", "svc app one", "ипетров", "김철수", "leadspace", "yoshinoya"];
    for sam in alike.into_iter().chain(strange) {
        assert!(sams.contains(sam), "{sam}");
    }
    assert_eq!(sams.len(), 82);
}

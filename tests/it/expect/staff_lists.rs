//! Lists of people from any tool, hand-kept lists, and what a sidecar says of a list.

use rollcall::expect::{End, Options, Records};
use rollcall::model::{Employment, ExportClock, Kind, ListFormat, What};

use crate::support::lists::{culture, folded, list, list_with, refusal, try_lists};

fn employments(records: &Records) -> Vec<(String, Employment)> {
    let expectation = folded(records);
    expectation.people.seen().map(|person| (person.mails[0].clone(), person.employment)).collect()
}

fn employment(records: &Records) -> Employment {
    folded(records).people.seen().next().expect("a person").employment
}

#[test]
fn a_list_with_mail_addresses_says_who_is_there_and_who_has_left() {
    let text = "Employee ID;First Name;Last Name;Work E-Mail;Department;Status\n\
        17;Alice;Ash;alice@example.com;Sales;Active\n18;Bob;Berg;bob@example.com;;Terminated\n19;Carl;Cohn;carl@example.com;;On Leave\n";
    let records = list("hr.csv", text.replace("Work E-Mail", "Work Email").as_bytes());
    assert_eq!(records.files[0].format, ListFormat::StaffList);
    assert!(records.files[0].ages);
    let expectation = folded(&records);
    let names: Vec<&str> = expectation.people.seen().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Alice Ash", "Bob Berg", "Carl Cohn"]);
    let employments: Vec<Employment> = expectation.people.seen().map(|person| person.employment).collect();
    assert_eq!(employments, [Employment::Current, Employment::Left, Employment::Current]);
    assert_eq!(expectation.speaks_for.into_iter().collect::<Vec<_>>(), [Kind::User]);
}

#[test]
fn every_word_for_having_left_and_for_being_there_is_understood() {
    let of =
        |status: &str| employment(&list("hr.csv", format!("Name,Email,Status\nA,a@example.com,{status}\n").as_bytes()));
    for gone in ["Inactive", "TERMINATED", "left", "Leaver", "Ex-Employee", "Former employee", "resigned", "Suspended"]
    {
        assert_eq!(of(gone), Employment::Left, "{gone}");
    }
    for there in ["Active", "Employed", "on leave", "Parental Leave", "Notice period"] {
        assert_eq!(of(there), Employment::Current, "{there}");
    }
    assert_eq!(of("Pre-Hire"), Employment::Unknown);
    assert_eq!(of(""), Employment::Unknown);
}

/// What Okta's report of password health writes: logins, and no column of mail addresses.
#[test]
fn states_of_okta_are_understood_and_its_logins_are_user_names() {
    let text = "User,Login,Status,Activation date,Authentication Source,Last Login,Last Password Change\n\
        Ann Ash,ann@corp.test,ACTIVE,2024-01-01T00:00:00Z,Okta,,\nBob Berg,bob@corp.test,PASSWORD_EXPIRED,,Okta,,\n\
        Cy Cole,cy@corp.test,DEPROVISIONED,,Okta,,\nDee Dorn,dee@corp.test,LOCKED_OUT,,Okta,,\n\
        Eve Eck,eve@corp.test,STAGED,,Okta,,\nFay Falk,fay@corp.test,SUSPENDED,,Okta,,\n";
    let expectation = folded(&list("okta.csv", text.as_bytes()));
    let people: Vec<(&str, Option<&str>, Employment)> = expectation
        .people
        .seen()
        .map(|person| (person.name.as_str(), person.user_name.as_deref(), person.employment))
        .collect();
    assert_eq!(
        people,
        [
            ("Ann Ash", Some("ann@corp.test"), Employment::Current),
            ("Bob Berg", Some("bob@corp.test"), Employment::Current),
            ("Cy Cole", Some("cy@corp.test"), Employment::Left),
            ("Dee Dorn", Some("dee@corp.test"), Employment::Current),
            ("Eve Eck", Some("eve@corp.test"), Employment::Unknown),
            ("Fay Falk", Some("fay@corp.test"), Employment::Left),
        ]
    );
}

#[test]
fn states_of_other_identity_providers_and_personnel_tools_are_understood() {
    let of = |status: &str| {
        employment(&list("idp.csv", format!("Username,User State\nalice@example.com,{status}\n").as_bytes()))
    };
    for (there, tool) in [
        ("Password reset", "Okta's console"),
        ("Pending user action", "Okta's console"),
        ("Awaiting password reset", "OneLogin"),
        ("Activated", "JumpCloud"),
        ("Bypass", "Duo"),
        ("Full-Time", "BambooHR"),
        ("Paid Leave", "Workday"),
    ] {
        assert_eq!(of(there), Employment::Current, "{there}, {tool}");
    }
    for (gone, tool) in
        [("Archived", "Google Workspace"), ("Pending deletion", "Duo"), ("Deactivated", "Okta's console")]
    {
        assert_eq!(of(gone), Employment::Left, "{gone}, {tool}");
    }
    for (not_yet, tool) in
        [("Unactivated", "OneLogin"), ("Scheduled activation", "JumpCloud"), ("Future hire", "Workday")]
    {
        assert_eq!(of(not_yet), Employment::Unknown, "{not_yet}, {tool}");
    }
}

/// `gam print users suspended archived`.
#[test]
fn a_column_that_says_the_opposite_of_active_is_read() {
    let text = "primaryEmail,suspended,archived\na@example.com,False,False\nb@example.com,True,False\nc@example.com,False,True\n";
    let all: Vec<Employment> = employments(&list("gam.csv", text.as_bytes())).into_iter().map(|(_, one)| one).collect();
    assert_eq!(all, [Employment::Current, Employment::Left, Employment::Left]);
}

#[test]
fn a_name_without_a_domain_is_a_login_only_where_no_mail_address_says_more() {
    let names =
        |text: &str| folded(&list("idp.csv", text.as_bytes())).people.seen().map(|one| one.user_name.clone()).next();
    assert_eq!(names("Username,Status\nalice,active\n"), Some(Some("alice".to_owned())));
    assert_eq!(names("Username,Email,Status\nalice,a@example.com,active\n"), Some(None));
}

/// The answers' instant is noon of 2026-11-20.
#[test]
fn a_last_day_that_is_past_everywhere_makes_a_leaver_and_one_that_may_be_two_days_does_not() {
    let text = |day: &str| format!("Name,Email,Status,Termination Date\nA,a@example.com,active,{day}\n").into_bytes();
    assert_eq!(employment(&list("hr.csv", &text("2026-11-18"))), Employment::Expired);
    assert_eq!(employment(&list("hr.csv", &text("2026-11-19"))), Employment::Expired, "over everywhere since noon");
    assert_eq!(employment(&list("hr.csv", &text("2026-11-20"))), Employment::Current, "the last day is a working day");
    assert_eq!(employment(&list("hr.csv", &text("2027-01-31"))), Employment::Current);
    let either = list("hr.csv", &text("03/04/2026"));
    assert_eq!((employment(&either), either.holes.len()), (Employment::Current, 1));
    assert_eq!(either.holes[0].unseen, What::HaveLeft.of("Termination Date").number(1));
    assert_eq!(employment(&list_with("hr.csv", &text("03/04/2026"), &culture("en-GB"))), Employment::Expired);
}

#[test]
fn a_word_for_no_last_day_is_no_date_that_was_not_understood() {
    let read = |cell: &str| {
        let text = format!("Name,Email,Status,Termination Date\nA,a@example.com,active,{cell}\n");
        let list = list("hr.csv", text.as_bytes());
        (employment(&list), list.holes.len())
    };
    for none in ["00.00.0000", "0000-00-00", "0", "-", "--", "–", "n/a", "NULL", "None", "unbefristet", "Never"] {
        assert_eq!(read(none), (Employment::Current, 0), "{none}");
    }
    for open in ["pending", "unknown", "?", "soon", "03/04/2026"] {
        assert_eq!(read(open).1, 1, "{open}");
    }
    assert_eq!(read("2026-11-18"), (Employment::Expired, 0));
}

#[test]
fn whoever_has_left_by_one_column_has_left() {
    let text = "Name,Email,Status,Is Active\nA,a@example.com,active,no\nB,b@example.com,left,yes\n";
    let all = employments(&list("hr.csv", text.as_bytes()));
    assert!(all.iter().all(|(_, employment)| *employment == Employment::Left), "{all:?}");
}

/// `Mail` and `Enabled` are columns of Active Directory too.
#[test]
fn a_status_counts_in_whatever_list_it_stands() {
    let mixed = list("hr.csv", b"Name,Mail,Enabled,Status\nA,a@example.com,True,left\n");
    assert_eq!(employment(&mixed), Employment::Left);
    let directory = list("users.csv", b"SamAccountName,Mail,Enabled,Status\na,a@example.com,True,left\n");
    assert_eq!(employment(&directory), Employment::Left);
    let other = list("users.csv", b"SamAccountName,Mail,Enabled,Status\na,a@example.com,True,open plan\n");
    let note = "its column `Status` is ignored: it has unknown words; another column says who has left";
    assert_eq!(
        (employment(&other), other.files[0].notes.as_slice()),
        (Employment::Current, [note.to_owned()].as_slice())
    );
}

#[test]
fn people_without_a_mail_address_are_counted_and_not_used() {
    let records = list("hr.csv", b"Name,Email,Status\nA,a@example.com,active\nB,,active\n");
    assert_eq!((records.files[0].rows_read, records.files[0].rows_used), (2, 1));
    assert!(
        records.files[0].notes[0].contains("people without an email address, who are not recognized: 1"),
        "{:?}",
        records.files[0].notes
    );
}

#[test]
fn what_google_workspace_lets_one_download_is_a_list_of_people() {
    let text = "First Name [Required],Last Name [Required],Email Address [Required],Status [READ ONLY]\nA,B,a@example.com,Suspended\n";
    assert_eq!(employment(&list("users.csv", text.as_bytes())), Employment::Left);
}

#[test]
fn a_list_that_says_nothing_of_who_left_is_noted() {
    let records = list("hr.csv", b"Full Name,E-Mail\nA,a@example.com\n");
    assert!(records.files[0].notes[0].contains("does not say who has left"), "{:?}", records.files[0].notes);
}

/// Case 87.
#[test]
fn hand_kept_lists_take_names_of_accounts_with_their_domain_and_blanks_of_every_kind() {
    let text = "user,groups\nCORP\\alice.smith,A\n\u{a0}bob@example.com \u{a0},A\ncorp\\ALICE.SMITH\u{a0},B\n";
    let records = list("people.csv", text.as_bytes());
    let names: Vec<&str> = records.entries.iter().filter_map(|entry| entry.user_name.as_deref()).collect();
    assert_eq!(names, ["alice.smith", "bob@example.com", "ALICE.SMITH"]);
    assert_eq!(records.entries[0].sam.as_deref(), Some("alice.smith"));
    assert_eq!(folded(&records).people.seen().count(), 2, "a difference of case is none of persons");
}

/// Case 87.
#[test]
fn a_hand_kept_list_and_a_directory_speak_of_the_same_account() {
    let directory = b"SamAccountName,UserPrincipalName,DistinguishedName,Enabled\n\
        alice.smith,a.smith@corp.example.com,\"CN=Alice,DC=corp,DC=example,DC=com\",True\n";
    for user in ["CORP\\Alice.Smith", "A.Smith@corp.example.com"] {
        let own = format!("user,groups\n{user},AWS-Admins\n");
        let lists: [(&str, &[u8]); 2] = [("people.csv", own.as_bytes()), ("users.csv", directory)];
        let expectation = folded(&try_lists(&lists, &Options::default()).unwrap());
        let names: Vec<Option<&str>> = expectation.people.seen().map(|person| person.user_name.as_deref()).collect();
        assert_eq!(names, [Some("a.smith@corp.example.com")], "{user}");
    }
}

/// Case 87.
#[test]
fn an_account_id_that_lost_its_zeros_is_refused_alone_and_says_what_it_should_be() {
    let text = b"principal_type,principal,account,permission_set\ngroup,A,42,P\n";
    let records = list("assignments.csv", text);
    assert_eq!(
        records.refusals[0].reason,
        "`account`: `42` is not an AWS account id (twelve digits); spreadsheets drop leading zeros, so store the column as text"
    );
}

const USERS: &[u8] = b"SamAccountName,Enabled\r\nalice,True\r\nbob,True\r\n";

fn with_sidecar(sidecar: &str) -> Records {
    try_lists(&[("users.csv", USERS), ("users.csv.export.json", sidecar.as_bytes())], &Options::default()).unwrap()
}

#[test]
fn a_sidecar_that_counts_the_rows_vouches_for_the_list() {
    let sidecar = r#"{"exported_at": "2026-11-19T08:12:00Z", "server": "dc1.corp.example.com", "filter": "*", "rows": 2, "command": "Get-ADUser"}"#;
    for sidecar in [sidecar.to_owned(), format!("\u{feff}{sidecar}")] {
        let file = &with_sidecar(&sidecar).files[0];
        assert_eq!(file.end, End::Vouched("the row count in its sidecar".to_owned()));
        assert_eq!(file.exported.unwrap().known_by, ExportClock::Sidecar);
        assert!(file.notes[0].contains("exported from `dc1.corp.example.com` with the filter `*`"), "{:?}", file.notes);
    }
    assert_eq!(with_sidecar(r#"{"exported_at": "2026-11-19T08:12:00Z"}"#).files[0].end, End::Unvouched);
}

#[test]
fn a_sidecar_that_counts_other_rows_means_that_the_list_was_cut() {
    for rows in [1, 3] {
        let file = &with_sidecar(&format!("{{\"exported_at\": \"2026-11-19T08:12:00Z\", \"rows\": {rows}}}")).files[0];
        assert_eq!(file.end, End::Cut(format!("its sidecar counts {rows} rows, but the file has 2")));
    }
}

#[test]
fn a_count_where_programs_stop_is_noted_unless_the_list_is_vouched_for() {
    let mut text = "SamAccountName,Enabled\n".to_owned();
    (0..1000).for_each(|number| text += &format!("u{number},True\n"));
    let noted = |records: &Records| records.files[0].notes.iter().any(|note| note.contains("exactly 1000 rows"));
    assert!(noted(&list("users.csv", text.as_bytes())));
    let sidecar = br#"{"exported_at": "2026-11-19T08:12:00Z", "rows": 1000}"#;
    let lists: [(&str, &[u8]); 2] = [("users.csv", text.as_bytes()), ("users.csv.export.json", sidecar)];
    assert!(!noted(&try_lists(&lists, &Options::default()).unwrap()));
}

#[test]
fn a_column_of_an_account_among_those_of_a_list_of_people_costs_no_list() {
    let guid = "7115b235-ad19-43bf-a211-5ca38ae242e0";
    for (column, cell) in
        [("UserPrincipalName", "a@corp.test"), ("ObjectGUID", guid), ("SamAccountName", "aash"), ("UPN", "a@corp.test")]
    {
        let text = format!("{column},Email,Name,Status\n{cell},a@example.com,Ann Ash,Terminated\n");
        let records = list("hr.csv", text.as_bytes());
        assert_eq!(records.files[0].format, ListFormat::StaffList, "{column}");
        assert_eq!(employment(&records), Employment::Left, "{column}");
    }
    let keys = |text: &str| -> (Option<String>, bool) {
        let entry = list("hr.csv", text.as_bytes()).entries.remove(0);
        (entry.user_name, entry.guid.is_some())
    };
    let by_name = "UserPrincipalName,Email,Status\na@corp.test,a@example.com,Left\n";
    assert_eq!(keys(by_name), (Some("a@corp.test".to_owned()), false));
    // The id counts where nothing else names the account.
    assert_eq!(keys(&format!("ObjectGUID,Email,Name,Status\n{guid},,Ann,Left\n")), (None, true));
    assert_eq!(keys(&format!("ObjectGUID,Email,Name,Status\n{guid},a@x.example,Ann,Left\n")), (None, false));
}

#[test]
fn common_words_of_six_other_languages_are_understood_and_those_of_two_meanings_are_not() {
    let text = |status: &str| format!("Name,Email,Status\nA,a@example.com,{status}\n");
    let of = |status: &str| employment(&list("hr.csv", text(status).as_bytes()));
    for there in
        ["Aktiv", "Elternzeit", "Actif", "En congé", "Activo", "Attiva", "In dienst", "Ativo", "Besch\u{e4}ftigt"]
    {
        assert_eq!(of(there), Employment::Current, "{there}");
    }
    for gone in [
        "Inaktiv",
        "AUSGETRETEN",
        "ausgeschieden",
        "Gel\u{f6}scht",
        "Geloescht",
        "Inactif",
        "Licencié",
        "Inactivo",
        "Jubilada",
        "Inattivo",
        "Cessato",
        "Uit dienst",
        "Inactief",
        "Inativo",
        "Desligado",
    ] {
        assert_eq!(of(gone), Employment::Left, "{gone}");
    }
    assert_eq!(of("zuk\u{fc}nftig"), Employment::Unknown);
    for open in ["De baja", "gekündigt"] {
        let told = refusal("hr.csv", text(open).as_bytes());
        assert!(told.contains("`active`, `enabled`") && told.contains("`terminated`"), "{open}: {told}");
    }
}

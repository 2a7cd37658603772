//! Columns by which exports say whether somebody is still there; and where one does not, that is a gap and not `active`.

use rollcall::expect::Records;
use rollcall::model::{Employment, Kind, StandingWord};

use crate::story::Story;
use crate::support::audited::Audited;
use crate::support::lists::{folded, list};

/// By name: whether each is still there.
fn states(records: &Records) -> Vec<(String, Employment)> {
    let expectation = folded(records);
    expectation.people.seen().map(|person| (person.name.clone(), person.employment)).collect()
}

fn are(states: &[(&str, Employment)]) -> Vec<(String, Employment)> {
    states.iter().map(|(name, employment)| ((*name).to_owned(), *employment)).collect()
}

const ANN: &str = "7115b235-ad19-43bf-a211-5ca38ae20001";
const CY: &str = "7115b235-ad19-43bf-a211-5ca38ae20003";

#[test]
fn whom_microsoft_365_blocks_or_has_deleted_has_left() {
    let text = format!(
        "\u{feff}Block credential,City,Display name,Object Id,Proxy addresses,Soft deletion time stamp,User principal name,When created\n\
         False,,Ann Ash,{ANN},SMTP:Ann@corp.test+smtp:a@corp.test,,ann@corp.test,2024-01-09 09:12:33Z\n\
         True,,Cy Cole,{CY},,,cy@corp.test,2024-01-09 09:12:33Z\n\
         False,,Di Dorn,7115b235-ad19-43bf-a211-5ca38ae20004,,2026-11-01 08:00:00Z,di@corp.test,2024-01-09 09:12:33Z\n"
    );
    let records = list("users.csv", text.as_bytes());
    let (there, gone) = (Employment::Current, Employment::Left);
    assert_eq!(states(&records), are(&[("Ann Ash", there), ("Cy Cole", gone), ("Di Dorn", gone)]));
    assert_eq!(records.entries[0].mails, ["Ann@corp.test"]);
    assert_eq!(records.files[0].notes, Vec::<String>::new());
}

#[test]
fn columns_of_states_are_read_whatever_a_script_calls_them() {
    let of = |column: &str, there: &str, gone: &str| {
        let text = format!(
            "DisplayName,UserPrincipalName,Id,{column}\nAnn,ann@corp.test,{ANN},{there}\nCy,cy@corp.test,{CY},{gone}\n"
        );
        states(&list("users.csv", text.as_bytes()))
    };
    let expected = are(&[("Ann", Employment::Current), ("Cy", Employment::Left)]);
    for (column, there, gone) in [
        ("Account Status", "Enabled", "Disabled"),
        ("AccountStatus", "Active", "Blocked"),
        ("BlockCredential", "False", "True"),
        ("Sign-in blocked", "No", "Yes"),
        ("accountEnabled", "true", "false"),
        ("Enabled", "1", "0"),
    ] {
        assert_eq!(of(column, there, gone), expected, "{column}");
    }
}

#[test]
fn a_cell_without_a_state_leaves_it_open() {
    let get_mguser = format!(
        "\"AccountEnabled\",\"DisplayName\",\"Id\",\"Mail\",\"UserPrincipalName\"\n\
         ,\"Ann\",\"{ANN}\",\"ann@corp.test\",\"ann@corp.test\"\n,\"Cy\",\"{CY}\",\"cy@corp.test\",\"cy@corp.test\"\n"
    );
    let get_aduser = "Name,SamAccountName,Enabled\nAnn,ann,\nCy,cy,True\n";
    let csvde = "DN,objectClass,objectGUID,sAMAccountName,userAccountControl\n\
        \"CN=Ann,DC=corp,DC=test\",user,X'35b2157119adbf43a2115ca38ae20001',ann,\n\
        \"CN=Cy,DC=corp,DC=test\",user,X'35b2157119adbf43a2115ca38ae20003',cy,512\n";
    let entry = |name: &str, more: &str| {
        format!("dn: CN={name},DC=corp,DC=test\nobjectClass: user\nsAMAccountName: {name}\n{more}\n")
    };
    let ldif = entry("Ann", "") + &entry("Cy", "userAccountControl: 512\n");
    let ldif_elsewhere =
        entry("Ann", "userAccountControl:< file:///tmp/x\n") + &entry("Cy", "userAccountControl: 512\n");
    let graph = |of_ann: &str| {
        let user = |name: &str, id: &str, state: &str| {
            format!(
                "{{\"id\": \"{id}\", \"displayName\": \"{name}\", \"userPrincipalName\": \"{name}@corp.test\"{state}}}"
            )
        };
        let (ann, cy) = (user("Ann", ANN, of_ann), user("Cy", CY, ", \"accountEnabled\": true"));
        format!(
            "{{\"@odata.context\": \"https://graph.microsoft.com/v1.0/$metadata#users\", \"value\": [{ann}, {cy}]}}"
        )
    };
    let staff = "Name,Email,Status\nAnn,ann@corp.test,\nCy,cy@corp.test,active\n";
    let okta = "login,status\nAnn,\nCy,ACTIVE\n";
    for (name, text) in [
        ("users.csv", get_mguser.as_str()),
        ("users.csv", get_aduser),
        ("directory.csv", csvde),
        ("users.ldif", &ldif),
        ("users.ldif", &ldif_elsewhere),
        ("users.json", &graph("")),
        ("users.json", &graph(", \"accountEnabled\": null")),
        ("hr.csv", staff),
        ("okta.csv", okta),
    ] {
        let found = states(&list(name, text.as_bytes()));
        assert_eq!(found[0].1, Employment::Unknown, "{name}: {text}");
    }
}

#[test]
fn a_list_without_any_state_counts_as_current_and_says_so() {
    let text = "SamAccountName,UserPrincipalName\nann,ann@corp.test\n";
    assert_eq!(states(&list("users.csv", text.as_bytes()))[0].1, Employment::Unstated);
    let nulls = "dn: CN=Ann,DC=corp,DC=test\nobjectClass: user\nsAMAccountName: ann\n\n";
    assert_eq!(states(&list("users.ldif", nulls.as_bytes()))[0].1, Employment::Unstated);
}

/// The story's export of users, with what `Enabled` says of alice.
fn with_alice(state: &str) -> Audited {
    let story = Story::small();
    let lists = story.expected_files().into_iter().map(|(name, text)| {
        let of_alice = |line: &str| match line.contains("\"alice\"") {
            true => line.replace("\"True\"", state),
            false => line.to_owned(),
        };
        let changed: Vec<String> = text.lines().map(of_alice).collect();
        let text = if name.contains("users-") { changed.join("\r\n") + "\r\n" } else { text };
        (name, text)
    });
    Audited::from(&story.saved_files(), &lists.collect::<Vec<_>>())
}

#[test]
fn who_holds_access_and_may_have_left_is_a_gap_and_never_in_order() {
    assert_eq!(with_alice("\"True\"").gaps(), Vec::<String>::new());
    let open = with_alice("");
    assert_eq!(open.titles(), Vec::<String>::new());
    assert_eq!(
        open.gaps(),
        [
            "employment status of people: `directory/users-2026-11-19.csv`: the list has no readable employment status for 1 person: in line 2, `Enabled` is empty"
        ]
    );
    assert_eq!(open.counts(Kind::User)[&StandingWord::Unknown], 1);
    assert_eq!(open.counts(Kind::IamUser)[&StandingWord::Unknown], 1, "nor can anybody say who answers for it");
    assert!(!open.report().verdict.complete());
}

#[test]
fn who_holds_nothing_or_is_called_current_elsewhere_hides_nothing() {
    let story = Story::small();
    let mut lists = story.expected_files();
    let users = "UserPrincipalName,DisplayName,Id,AccountEnabled\n";
    let idle = format!("{users}idle@corp.example.com,Idle,{ANN},\n");
    lists.push(("entra.csv".to_owned(), idle));
    let mut with_idle = story.clone();
    with_idle.stranger("idle");
    let audited = Audited::from(&with_idle.saved_files(), &lists);
    assert_eq!(audited.titles(), Vec::<String>::new());
    assert!(audited.report().verdict.complete(), "{:?}", audited.gaps());
    assert_eq!(audited.counts(Kind::User)[&StandingWord::Unknown], 1);
    let mut lists = story.expected_files();
    lists.push(("entra.csv".to_owned(), format!("{users}alice@corp.example.com,Alice,{ANN},\n")));
    let audited = Audited::from(&story.saved_files(), &lists);
    assert_eq!((audited.titles(), audited.gaps()), (Vec::new(), Vec::new()));
}

#[test]
fn a_word_that_is_not_known_leaves_it_open_where_nothing_else_says_it() {
    let text = format!(
        "UserPrincipalName,DisplayName,Id,Account Status\nann@corp.test,Ann,{ANN},Frozen\ncy@corp.test,Cy,{CY},Active\n"
    );
    let records = list("users.csv", text.as_bytes());
    assert_eq!(states(&records), are(&[("Ann", Employment::Unknown), ("Cy", Employment::Current)]));
    let beside = text
        .replace("Account Status", "Account Status,AccountEnabled")
        .replace("Frozen", "Frozen,True")
        .replace("Active", "Active,False");
    let records = list("users.csv", beside.as_bytes());
    assert_eq!(states(&records), are(&[("Ann", Employment::Current), ("Cy", Employment::Left)]));
    assert!(records.files[0].notes[0].contains("`Account Status` is ignored"), "{:?}", records.files[0].notes);
}

#[test]
fn a_status_and_a_last_day_beside_enabled_make_leavers() {
    let of = |status: &str, last_day: &str| {
        let text = format!(
            "SamAccountName,UserPrincipalName,Enabled,Status,Termination Date\nann,ann@corp.test,True,{status},{last_day}\n"
        );
        states(&list("users.csv", text.as_bytes()))[0].1
    };
    assert_eq!(of("active", ""), Employment::Current);
    assert_eq!(of("terminated", ""), Employment::Left);
    assert_eq!(of("active", "2026-01-31"), Employment::Expired);
    assert_eq!(of("Open plan", ""), Employment::Current, "a column of something else");
}

/// A list of people with one more column: by that, whether the second one is still there.
fn by_column(column: &str, there: &str, cell: &str) -> Employment {
    let text = format!("Name,Work Email,Department,{column}\nAnn,ann@corp.test,X,{there}\nCy,cy@corp.test,X,{cell}\n");
    let found = states(&list("people-2026-11-19.csv", text.as_bytes()));
    assert!(!found[0].1.is_over() && found[0].1 != Employment::Unknown, "{column}: {there}: {found:?}");
    found[1].1
}

#[test]
fn columns_of_states_of_lists_of_people_are_read_whatever_a_tool_calls_them() {
    let (left, over) = (Employment::Left, Employment::Expired);
    for (column, there, cell, is) in [
        ("State", "active", "Left", left),
        ("Lifecycle State", "active", "inactive", left),
        ("Assignment Status", "active", "Terminated", left),
        ("state", "ACTIVATED", "SUSPENDED", left),
        ("Blocked", "No", "Yes", left),
        ("Sign-in blocked", "", "Yes", left),
        ("Block credential", "False", "True", left),
        ("Leaver", "", "Yes", left),
        ("Is Terminated", "false", "true", left),
        ("Inactive", "FALSE", "TRUE", left),
        ("Disabled", "False", "True", left),
        ("Left", "", "2026-11-01", over),
        ("Deleted At", "", "2026-11-01", over),
        ("Terminated On", "", "2026-11-01", over),
        ("Contract End", "2027-01-31", "20261101", over),
        ("Valid Until", "31-Dec-2026", "1-Nov-2026", over),
        ("Austrittsdatum", "", "2026-11-01", over),
        ("activated", "true", "false", Employment::Unknown),
    ] {
        assert_eq!(by_column(column, there, cell), is, "{column}");
    }
    assert_eq!(by_column("State", "CA", "NY"), Employment::Unstated, "a state of the United States");
}

#[test]
fn a_column_that_is_not_read_and_speaks_of_leaving_leaves_it_open() {
    for (column, there, cell) in [
        ("Employee Type", "Employee", "Former employee"),
        ("Sub-category", "Z1", "Terminated"),
        ("Account Suspended In Payroll", "No", "Yes"),
        ("Resignation Date", "", "2026-11-01"),
        ("ext_deletedFlag", "false", "true"),
    ] {
        assert_eq!(by_column(column, there, cell), Employment::Unknown, "{column}");
    }
    for (column, there, cell) in [
        ("Resignation Date", "", "2027-03-01"),
        ("Title", "Clerk", "Retired"),
        ("Vacation Days Left", "12", "1"),
        ("MFA", "enabled", "disabled"),
        ("ProtectedFromAccidentalDeletion", "False", "True"),
    ] {
        assert_eq!(by_column(column, there, cell), Employment::Unstated, "{column}");
    }
    let directory = "SamAccountName,UserPrincipalName,Enabled,extensionAttribute5\nann,ann@corp.test,True,\ncy,cy@corp.test,True,Terminated\n";
    let records = list("users.csv", directory.as_bytes());
    assert_eq!(states(&records), are(&[("ann@corp.test", Employment::Current), ("cy@corp.test", Employment::Unknown)]));
    assert!(
        records.files[0].notes.iter().any(|note| note.contains("`extensionAttribute5`")),
        "{:?}",
        records.files[0].notes
    );
}

#[test]
fn a_file_that_is_called_a_list_of_leavers_and_has_no_state_leaves_it_open() {
    let text = b"Name,Email,Department\nAnn,ann@corp.test,Dev\n";
    assert_eq!(states(&list("hr/leavers-2026-11-19.csv", text))[0].1, Employment::Unknown);
    assert_eq!(states(&list("hr/people-2026-11-19.csv", text))[0].1, Employment::Unstated);
    let gaps: Vec<String> = folded(&list("leavers.csv", text))
        .people
        .seen()
        .filter_map(|one| one.doubt.as_ref())
        .map(|gap| format!("{:?}", gap.why))
        .collect();
    assert!(gaps[0].contains("the file is called `leavers.csv`"), "{gaps:?}");
}

#[test]
fn who_was_not_yet_activated_is_unknown_unless_another_list_says_that_they_are_current() {
    let okta = |text: &str| {
        let story = Story::small();
        let mut lists = story.expected_files();
        lists.push(("okta.csv".to_owned(), text.to_owned()));
        Audited::from(&story.saved_files(), &lists)
    };
    let text = "Login,Status\nalice@corp.example.com,STAGED\nbob@corp.example.com,ACTIVE\n";
    assert_eq!(okta(text).gaps(), Vec::<String>::new(), "the directory says it");
    assert_eq!(states(&list("okta.csv", text.as_bytes()))[0].1, Employment::Unknown);
}

#[test]
fn whom_microsoft_graph_calls_deleted_or_gone_has_left() {
    let of = |state: &str| {
        let text = format!(
            "{{\"@odata.context\": \"https://graph.microsoft.com/v1.0/$metadata#users\", \"value\": [{{\"id\": \"{ANN}\", \
             \"displayName\": \"Ann\", \"userPrincipalName\": \"ann@corp.test\", \"accountEnabled\": true, {state}}}]}}"
        );
        states(&list("users.json", text.as_bytes()))[0].1
    };
    assert_eq!(of("\"deletedDateTime\": \"2026-11-01T00:00:00Z\""), Employment::Left);
    assert_eq!(of("\"employeeLeaveDateTime\": \"2026-11-01T00:00:00Z\""), Employment::Expired);
    assert_eq!(of("\"employeeLeaveDateTime\": \"2027-11-01T00:00:00Z\""), Employment::Current);
    assert_eq!(of("\"deletedDateTime\": null"), Employment::Current);
}

#[test]
fn two_values_where_a_directory_has_one_leave_it_open() {
    let entry = |name: &str, more: &str| {
        format!("dn: CN={name},DC=c,DC=x\nobjectClass: user\nsAMAccountName: {name}\n{more}\n")
    };
    let text = entry("ann", "userAccountControl: 512\nuserAccountControl: 514\n")
        + &entry("bob", "userAccountControl: 514\nuserAccountControl: 512\n")
        + &entry("cy", "userAccountControl: 512\nuserAccountControl: 512\n")
        + &entry("dee", "userAccountControl: 512\naccountExpires: 0\naccountExpires: 133000000000000000\n");
    let expected = [
        ("ann", Employment::Unknown),
        ("bob", Employment::Unknown),
        ("cy", Employment::Current),
        ("dee", Employment::Unknown),
    ];
    assert_eq!(states(&list("directory.ldif", text.as_bytes())), are(&expected));
}

#[test]
fn only_a_row_of_an_account_that_ends_it_says_since_when_it_has_ended() {
    let ended = |control: &str, more: &str| {
        let text = format!(
            "dn: CN=Uwe Ulm,DC=emea,DC=example,DC=com\nobjectClass: user\nsAMAccountName: uwe\n\
             userPrincipalName: uwe@emea.example.com\nuserAccountControl: {control}\n{more}"
        );
        let records = list("accounts.ldif", text.as_bytes());
        let expectation = folded(&records);
        let said = expectation.people.seen().next().expect("a person").ended();
        said.map(|at| at.to_rfc3339())
    };
    let changed = "whenChanged: 20251001075700.0Z\n";
    assert_eq!(ended("514", changed).as_deref(), Some("2025-10-01T07:57:00+00:00"), "disabled");
    assert_eq!(ended("514", ""), None, "nothing dates it");
    assert_eq!(ended("512", changed), None, "still enabled");
    let expired = format!("{changed}accountExpires: 133485408000000000\n");
    assert_eq!(ended("512", &expired).as_deref(), Some("2024-01-01T00:00:00+00:00"), "when it expired");
}

//! `rollcall check --format json`: for each real export of a real domain it says what is known of that domain
//! (`tests/data/ad/answers.json`), in a format that has a schema, whatever is wrong with a file beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::schema::validates;
use crate::support::snapshot::assert_file;
use crate::support::{Output, read, rollcall, root};

/// What a file says of every person that it holds.
const ALL: &[&str] = &["guid", "sid", "upn", "mail", "enabled", "expired"];

/// Exports of users, and what each of them says of everybody.
const USERS: [(&str, &[&str]); 7] = [
    ("users-all-attrs.ldapsearch.ldif", ALL),
    ("users-selected.ldapsearch.ldif", &["guid", "sid", "upn", "mail", "enabled", "expired"]),
    ("users-selected-nowrap.ldapsearch.ldif", &["guid", "sid", "upn", "mail", "enabled", "expired"]),
    ("csv-powershell/ps51_get-aduser_nti_utf8bom.csv", &["guid", "sid", "upn", "enabled"]),
    ("csv-powershell/ps51_get-aduser_unicode_utf16le.csv", &["guid", "sid", "upn", "enabled"]),
    ("csv-powershell/ps7_get-aduser_default_utf8.csv", &["guid", "sid", "upn", "enabled"]),
    ("csv-powershell/ps51_get-aduser_properties_memberof-placeholder_utf8bom.csv", ALL),
];

/// Exports of groups with their members, each beside the users that it needs.
const GROUPS: [&[&str]; 3] = [
    &["users-all-attrs.ldapsearch.ldif", "groups-all-attrs.ldapsearch.ldif"],
    &["csv-powershell/ps51_get-aduser_nti_utf8bom.csv", "groups-member.ldapsearch.ldif"],
    &["csv-powershell/ps51_get-aduser_nti_utf8bom.csv", "csv-powershell/ps51_get-adgroupmember_AWS-Billing-EMEA.csv"],
];

fn answers() -> Value {
    serde_json::from_str(&read("tests/data/ad/answers.json")).unwrap()
}

/// A folder whose lists are these samples.
fn lists(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rollcall.toml"), "").unwrap();
    fs::create_dir(folder.path().join("expected")).unwrap();
    for name in names {
        let file = name.rsplit('/').next().unwrap();
        fs::copy(root().join("tests/data/ad").join(name), folder.path().join("expected").join(file)).unwrap();
    }
    folder
}

fn run(folder: &TempDir) -> Output {
    let at = answers()["reference_time"].as_str().unwrap().to_owned();
    rollcall(folder.path(), &["check", "--offline", "--format", "json", "--as-of", &at], &[])
}

/// What is said of a folder that is in order.
fn checked(folder: &TempDir) -> Value {
    let output = run(folder);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{}", output.stdout);
    validates(&read(".schema/check.json"), &output.stdout);
    serde_json::from_str(&output.stdout).unwrap()
}

type Facts = BTreeMap<String, Value>;

/// The users of an answer, by sAMAccountName, with the facts that an export holds.
fn said(checked: &Value, facts: &[&str]) -> BTreeMap<String, Facts> {
    let users = checked["directory"]["users"].as_array().unwrap().iter();
    let of = |user: &Value, fact: &str| match fact {
        "upn" => user["user_principal_name"].clone(),
        "mail" => user["mails"].get(0).cloned().unwrap_or_default(),
        fact => user[fact].clone(),
    };
    users
        .map(|user| {
            let facts = facts.iter().map(|fact| ((*fact).to_owned(), of(user, fact)));
            (user["sam_account_name"].as_str().unwrap().to_owned(), facts.collect())
        })
        .collect()
}

/// The same as it is in truth.
fn truth(facts: &[&str]) -> BTreeMap<String, Facts> {
    let answers = answers();
    let users = answers["users"].as_object().unwrap().values().filter(|user| user["kind"] == "user");
    let of = |user: &Value, fact: &str| match fact {
        "expired" => user["expired_at_2026-11-20T12Z"].clone(),
        fact => user[fact].clone(),
    };
    users
        .map(|user| {
            let facts = facts.iter().map(|fact| ((*fact).to_owned(), of(user, fact)));
            (user["sam"].as_str().unwrap().to_owned(), facts.collect())
        })
        .collect()
}

#[test]
fn every_user_of_every_export_is_what_the_domain_says() {
    for (file, facts) in USERS {
        let checked = checked(&lists(&[file]));
        assert_eq!(said(&checked, facts), truth(facts), "{file}");
        assert_eq!(checked["files"][0]["error"], Value::Null, "{file}");
        assert_eq!(checked["files"][0]["rows_read"], 82, "{file}");
        assert_eq!(checked["directory"]["extents"]["users"]["whole"], true, "{file}");
    }
}

#[test]
fn direct_and_effective_members_of_every_group_are_what_the_domain_says() {
    let answers = answers();
    let truth: BTreeMap<&str, &Value> =
        answers["groups"].as_object().unwrap().values().map(|group| (group["sam"].as_str().unwrap(), group)).collect();
    let set = |list: &Value| -> BTreeSet<String> {
        list.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    for files in GROUPS {
        let checked = checked(&lists(files));
        let mut compared = 0;
        for group in checked["directory"]["groups"].as_array().unwrap() {
            let name = group["name"].as_str().unwrap();
            // Of the largest groups the answers hold counts only.
            let Some(truth) = truth.get(name).filter(|truth| truth["effective_users_in_chain"].is_array()) else {
                continue;
            };
            if group["direct_known"]["whole"] == true {
                assert_eq!(set(&group["direct_users"]), set(&truth["direct_users"]), "{name} in {files:?}");
                assert_eq!(set(&group["direct_groups"]), set(&truth["direct_groups"]), "{name} in {files:?}");
                compared += 1;
            }
            if group["effective_known"]["whole"] == true {
                assert_eq!(set(&group["effective_users"]), set(&truth["effective_users_in_chain"]), "{name}");
            } else {
                assert!(group["effective_known"]["unknown_because"].is_string(), "{name}: {group}");
            }
        }
        assert!(compared > 0, "{files:?}: {}", checked["directory"]["groups"]);
    }
}

#[test]
fn a_group_that_was_cut_is_partial_and_says_why() {
    let checked = checked(&lists(&["group-bulk-all-truncated.ldapsearch.ldif"]));
    let (file, group) = (&checked["files"][0], &checked["directory"]["groups"][0]);
    assert_eq!(file["completeness"], "partial");
    assert!(
        file["incomplete_because"][0].as_str().unwrap().contains("only the first 1500 members are in the file"),
        "{file}"
    );
    assert_eq!((&group["name"], &group["effective_known"]["whole"]), (&json!("AWS-Bulk-All"), &json!(false)));
}

#[test]
fn what_vouches_for_a_file_and_when_it_was_exported_is_said() {
    let folder = lists(&["users-all-attrs.ldapsearch.ldif"]);
    let write = |name: &str, text: &str| fs::write(folder.path().join("expected").join(name), text).unwrap();
    write("users.csv", "SamAccountName,Enabled\nalice,True\nbob,False\n");
    write("users.csv.export.json", r#"{"exported_at": "2026-11-19T08:12:00Z", "rows": 2, "server": "dc1"}"#);
    write("cut.csv", "SamAccountName,Enabled\ncarol,True\n");
    write("cut.csv.export.json", "\u{feff}{\"exported_at\": \"2026-11-19T08:12:00Z\", \"rows\": 812}");
    write("plain.csv", "SamAccountName,Enabled\nfay,True\n");
    write("people.csv", "user,status\ndora,active\nerik,retired\n");
    let output = run(&folder);
    assert_eq!(output.code, 4, "a refused row is incomplete: {}", output.stderr);
    let checked: Value = serde_json::from_str(&output.stdout).unwrap();
    let told = |number: usize, field: &str| checked["files"][number][field].clone();
    assert_eq!(told(0, "name"), "cut.csv");
    assert_eq!(told(0, "completeness"), "partial");
    assert_eq!(told(0, "incomplete_because"), json!(["its sidecar counts 812 rows, but the file has 1"]));
    assert_eq!(told(1, "name"), "people.csv");
    assert_eq!(told(1, "incomplete_because"), json!(["1 of 2 rows were refused"]));
    let reason = "`status` is `retired`; it must be `active`, `disabled` or `left`";
    assert_eq!(told(1, "refused"), json!([{"line": 3, "reason": reason}]));
    let how = |number: usize| ["completeness", "vouched_by", "exported_known_by"].map(|field| told(number, field));
    assert_eq!(how(2), [json!("unknown"), Value::Null, json!("modified")]);
    assert_eq!(how(4), ["complete", "the row count in its sidecar", "sidecar"]);
    assert_eq!(told(4, "exported_at"), "2026-11-19T08:12:00Z");
    assert_eq!(how(3), ["complete", "the end of its last page", "newest-change"]);
}

#[test]
fn a_file_that_cannot_be_used_does_not_hide_the_others() {
    let folder = lists(&["csv-powershell/ps51_get-aduser_nti_utf8bom.csv"]);
    let write = |name: &str, text: &str| fs::write(folder.path().join("expected").join(name), text).unwrap();
    write("broken.csv", "SamAccountName,Enabled\nalice,True,again\n");
    write("gone.csv.export.json", "{}");
    let output = run(&folder);
    assert_eq!(output.code, 1, "no audit was possible with these lists");
    insta::assert_snapshot!(output.stderr, @r"
    error: cannot read expected list `broken.csv`
      caused by: line 2: 3 cells, but the header has 2; the quotes were probably stripped, so names with commas moved the columns
      help: export again with `Export-Csv -NoTypeInformation -Encoding UTF8` and do not edit the file
    error: cannot read expected list `gone.csv.export.json`
      caused by: the list of this sidecar is missing
      help: copy the list again, or remove its sidecar
    ");
    validates(&read(".schema/check.json"), &output.stdout);
    let checked: Value = serde_json::from_str(&output.stdout).unwrap();
    let files = checked["files"].as_array().unwrap();
    let of = |field: &str| files.iter().map(|file| file[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("name"), ["broken.csv", "gone.csv.export.json", "ps51_get-aduser_nti_utf8bom.csv"]);
    let because = "line 2: 3 cells, but the header has 2; the quotes were probably stripped, so names with commas moved \
                   the columns";
    assert_eq!(files[0]["error"]["causes"], json!([because]));
    assert_eq!(files[2]["error"], Value::Null);
    assert_eq!(checked["directory"]["users"].as_array().unwrap().len(), 82);
    let groups = &checked["directory"]["extents"]["groups"];
    assert_eq!((&groups["whole"], &checked["directory"]["groups"]), (&json!(false), &json!([])), "{groups}");
}

#[test]
fn an_account_that_never_expires_is_told_from_one_of_which_nobody_says() {
    let folder = lists(&[]);
    let write = |name: &str, text: &str| fs::write(folder.path().join("expected").join(name), text).unwrap();
    let numbers = "SamAccountName,Enabled,accountExpires\na,True,0\nb,True,9223372036854775807\nc,True,\n\
                   d,True,133600000000000000\n";
    write("numbers.csv", numbers);
    write("dates.csv", "SamAccountName,Enabled,AccountExpirationDate\ne,True,\nf,True,2026-01-31 00:00:00\n");
    write("neither.csv", "SamAccountName,Enabled\ng,True\n");
    let checked = checked(&folder);
    let said = |user: &Value| (user["name"].clone(), user["expiry"].clone(), user["expires"].is_string());
    let users: Vec<_> = checked["directory"]["users"].as_array().unwrap().iter().map(said).collect();
    let expected = [
        ("a", "never", false),
        ("b", "never", false),
        ("c", "not-said", false),
        ("d", "at", true),
        ("e", "never", false),
        ("f", "at", true),
        ("g", "not-said", false),
    ];
    assert_eq!(users, expected.map(|(name, expiry, at)| (json!(name), json!(expiry), at)));
}

#[test]
fn a_person_is_told_shortly_what_is_not_known() {
    let folder = lists(&[]);
    let people: String = (0..8).map(|number| format!("p{number},True,\"CN=g{number},DC=corp\"\n")).collect();
    let write = |name: &str, text: &str| fs::write(folder.path().join("expected").join(name), text).unwrap();
    write("users.csv", &format!("SamAccountName,Enabled,MemberOf\n{people}"));
    write("when.csv", "SamAccountName,Enabled,MemberOf,AccountExpirationDate\nz,True,\"CN=g0,DC=corp\",03/04/2026\n");
    let output = rollcall(folder.path(), &["check", "--offline"], &[]);
    let (_, told) = output.stdout.split_once("gaps in these lists\n").unwrap_or_else(|| panic!("{}", output.stdout));
    insta::assert_snapshot!(told, @"
    groups in other groups: `users.csv`: the lists say which groups people are in, but not which groups are nested
    whether 1 people have left (`AccountExpirationDate`): `when.csv`: the answer could not be understood: it is unclear which number is the day and which is the month; set `expect.culture`, or export `accountExpires` (in other lists, dates as `2026-11-20`)
    ");
    let silent = lists(&["csv-powershell/ps51_get-aduser_nti_utf8bom.csv"]);
    let output = rollcall(silent.path(), &["check", "--offline"], &[]);
    assert!(!output.stdout.contains("not known"), "{}", output.stdout);
}

#[test]
fn the_published_schema_is_the_printed_one() {
    let folder = tempfile::tempdir().unwrap();
    let printed = rollcall(folder.path(), &["schema", "check"], &[]);
    assert_eq!((printed.code, printed.stderr.as_str()), (0, ""));
    assert_file(".schema/check.json", &printed.stdout);
}

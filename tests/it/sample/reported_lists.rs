//! Lists that were once read wrongly, each beside an organization that fits: what they say is what the program says.
//!
//! In the organization, Ann is an administrator, and Cy and Bob are readers.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Output, rollcall, root};

const DATA: &str = "tests/data/reported";
const SETTINGS: &str =
    "as_of = \"2026-11-30T08:00:00Z\"\n[collect]\nfrom = \"aws\"\n[expect]\nmax_age = \"700d\"\nsync_grace = \"0h\"\n";

/// What the people of `base` are called here.
const CALLED: [(&str, &str); 6] = [
    ("alice@example.com", "ann@corp.test"),
    ("bob@example.com", "cy@corp.test"),
    ("carol@example.com", "bob@corp.test"),
    ("Alice", "Ann"),
    ("Bob", "Cy"),
    ("Carol", "Bob"),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn put(folder: &TempDir, name: &str, text: impl AsRef<[u8]>) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The organization, and lists of everything but people.
fn organization(called: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["aws", "expected"] {
        for path in files(&root().join(DATA).join("base").join(part)) {
            let text = fs::read_to_string(&path).unwrap();
            let text = called.iter().fold(text, |text, (before, now)| text.replace(before, now));
            put(&folder, &format!("{part}/{}", path.file_name().unwrap().to_str().unwrap()), text);
        }
    }
    fs::remove_file(folder.path().join("expected/people.csv")).unwrap();
    put(&folder, "rollcall.toml", SETTINGS);
    folder
}

/// The same with the lists of this case.
fn with_lists(case: &str, called: &[(&str, &str)]) -> TempDir {
    let folder = organization(called);
    for path in files(&root().join(DATA).join("lists").join(case)) {
        let name = format!("expected/directory/{}", path.file_name().unwrap().to_str().unwrap());
        put(&folder, &name, fs::read(&path).unwrap());
    }
    folder
}

/// The exit code, and the open findings: rule and title.
fn audit(folder: &TempDir) -> (i32, BTreeSet<(String, String)>, Output) {
    let output = rollcall(folder.path(), &["audit"], &[]);
    let package = output.stdout.lines().find_map(|line| line.strip_prefix("Package  "));
    let package = package.unwrap_or_else(|| panic!("{}{}", output.stdout, output.stderr));
    let report = fs::read_to_string(folder.path().join(package).join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
    let open = report["findings"].as_array().unwrap().iter().filter(|finding| finding["state"] == "open");
    let findings = open.map(|finding| (text(finding, "rule"), text(finding, "title"))).collect();
    (output.code, findings, output)
}

fn check(folder: &TempDir) -> (i32, Value, Output) {
    let output = rollcall(folder.path(), &["check", "--offline", "--format", "json"], &[]);
    let json = serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{}{}", output.stdout, output.stderr));
    (output.code, json, output)
}

fn user<'j>(checked: &'j Value, name: &str) -> Option<&'j Value> {
    let users = checked["directory"]["users"].as_array().unwrap();
    users.iter().find(|user| user["sam_account_name"] == name || user["user_principal_name"] == name)
}

#[test]
fn whom_microsoft_365_has_blocked_is_no_current_person() {
    let (code, findings, output) = audit(&with_lists("m365-block-credential", &CALLED));
    assert_eq!(code, 3, "{}", output.stdout);
    let left = |(rule, title): &(String, String)| rule == "leaver-with-access" && title.contains("cy@corp.test");
    assert!(findings.iter().any(left), "{}", output.stdout);
}

#[test]
fn of_whom_no_list_says_whether_they_are_current_the_access_is_a_gap() {
    let (code, findings, output) = audit(&with_lists("get-mguser-no-accountenabled", &CALLED));
    assert!(code == 4 || code == 3 && !findings.is_empty(), "{code} {}", output.stdout);
    assert!(
        output.stdout.contains("employment status of people") && output.stdout.contains("gap"),
        "{}",
        output.stdout
    );
    assert!(!output.stdout.starts_with("In order"), "{}", output.stdout);
}

#[test]
fn a_list_of_one_group_or_of_people_makes_no_other_group_and_no_other_member_unexpected() {
    for case in ["groupmember-failed-no-groups", "aduc-export-list-columns", "single-group-file"] {
        let (_, findings, output) = audit(&with_lists(case, &CALLED));
        let rules: BTreeSet<&str> = findings.iter().map(|(rule, _)| rule.as_str()).collect();
        for rule in ["unexpected-group", "missing-group"] {
            assert!(!rules.contains(rule), "{case}: {}", output.stdout);
        }
        let of_readers =
            |(rule, title): &&(String, String)| rule.ends_with("-membership") && title.contains("AWS-Readers");
        assert_eq!(findings.iter().find(of_readers), None, "{case}: {}", output.stdout);
    }
}

/// The members of one group say nothing of who else there is; a list of people does.
#[test]
fn a_list_of_the_members_of_one_group_makes_no_user_unexpected() {
    let folder = with_lists("single-group-file", &CALLED);
    let unexpected = |findings: BTreeSet<(String, String)>| {
        findings.into_iter().filter(|(rule, _)| rule == "unexpected-user").count()
    };
    assert_eq!(unexpected(audit(&folder).1), 2);
    fs::remove_file(folder.path().join("expected/directory/memberof-only.csv")).unwrap();
    assert_eq!(unexpected(audit(&folder).1), 0);
}

#[test]
fn of_two_exports_of_one_domain_the_newer_one_speaks() {
    let called = [CALLED[0], CALLED[1], ("carol@example.com", "zed@corp.test"), CALLED[3], CALLED[4], ("Carol", "Zed")];
    let (code, findings, output) = audit(&with_lists("two-dated-exports", &called));
    assert_eq!(code, 3, "{}", output.stdout);
    let found = |rule: &str, who: &str| findings.iter().any(|(of, title)| of == rule && title.contains(who));
    assert!(found("unexpected-user", "zed@corp.test"), "{}", output.stdout);
    assert!(found("leaver-with-access", "cy@corp.test"), "{}", output.stdout);
}

#[test]
fn one_file_with_both_sides_of_its_memberships_needs_no_note() {
    let (code, checked, output) = check(&with_lists("member-and-memberof", &CALLED));
    assert_eq!(code, 0, "{}", output.stderr);
    assert!(!output.stdout.contains("only this file"), "{}", output.stdout);
    assert!(user(&checked, "anna").is_some(), "{}", output.stdout);
}

#[test]
fn an_account_that_ends_in_a_dollar_is_a_person_where_it_is_a_users() {
    let (code, checked, output) = check(&with_lists("dollar", &CALLED));
    assert_eq!(code, 0, "{}", output.stderr);
    assert!(user(&checked, "ops$").is_some() && user(&checked, "ann").is_some(), "{}", output.stdout);
    assert!(user(&checked, "PARTNER$").is_none(), "a trust of another domain is nobody: {}", output.stdout);
}

#[test]
fn an_empty_group_and_a_contact_of_samba_tool_are_read() {
    for case in ["samba-contact", "samba-empty"] {
        let folder = with_lists(case, &CALLED);
        put(&folder, "expected/people.csv", "user,status\nann@corp.test,active\n");
        let (code, checked, output) = check(&folder);
        assert_eq!(code, 0, "{case}: {}{}", output.stdout, output.stderr);
        assert!(checked["files"].as_array().unwrap().iter().all(|file| file["error"].is_null()), "{}", output.stdout);
    }
}

#[test]
fn the_states_of_okta_are_understood() {
    let (code, checked, output) = check(&with_lists("okta-password-health", &CALLED));
    assert_eq!(code, 0, "{}{}", output.stdout, output.stderr);
    let enabled = |who: &str| {
        checked["directory"]["users"].as_array().unwrap().iter().find_map(|user| {
            let mails = user["mails"].as_array().unwrap();
            (user["user_principal_name"] == who || mails.iter().any(|mail| mail == who))
                .then(|| user["enabled"].clone())
        })
    };
    assert_eq!(enabled("ann@corp.test"), Some(true.into()), "{}", output.stdout);
    assert_eq!(enabled("bob@corp.test"), Some(true.into()), "an expired password shuts nobody out: {}", output.stdout);
    assert_eq!(enabled("cy@corp.test"), Some(false.into()), "{}", output.stdout);
    assert_eq!(enabled("fay@corp.test"), Some(false.into()), "{}", output.stdout);
}

#[test]
fn members_that_a_spreadsheet_may_have_cut_are_not_known_to_be_all() {
    let people = |name: &dyn Fn(usize) -> String| (0..1000).map(name).collect::<String>();
    let users = people(&|at| format!("\"CN=Person {at:04},OU=Staff,DC=corp,DC=test\",True,p{at:04},user\n"));
    // Excel keeps 32,767 characters of a cell; 819 names and their semicolons come to eight less.
    let members: Vec<String> = (0..819).map(|at| format!("CN=Person {at:04},OU=Staff,DC=corp,DC=test")).collect();
    let members = members.join(";");
    assert_eq!(members.len(), 32_759);
    let folder = organization(&CALLED);
    put(&folder, "expected/users.csv", format!("DistinguishedName,Enabled,SamAccountName,ObjectClass\n{users}"));
    put(
        &folder,
        "expected/groups.csv",
        format!(
            "SamAccountName,ObjectClass,GroupScope,DistinguishedName,member\nAWS-Big,group,Universal,\
             \"CN=AWS-Big,OU=G,DC=corp,DC=test\",\"{members}\"\n"
        ),
    );
    let (_, checked, output) = check(&folder);
    let groups = checked["directory"]["groups"].as_array().unwrap();
    let big = groups.iter().find(|group| group["name"] == "AWS-Big").unwrap_or_else(|| panic!("{}", output.stdout));
    assert_eq!(big["direct_known"]["whole"], false, "{}", output.stdout);
}

//! What was once accepted, called resolved, or told twenty-six times, and is said as it is: with the sample organization.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Output, rollcall, root};

const SETTINGS: &str = "organization = \"Acme Corporation\"\n[expect]\npath = \"expected\"\nnested_groups = \"flatten\"\n\
    max_age = \"400d\"\n[report]\nto = \"r\"\n[[job]]\nname = \"quarterly\"\ncron = \"0 7 1 1,4,7,10 *\"\nalert = false\n";

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let below = fs::read_dir(folder).unwrap().flat_map(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path) } else { vec![path] }
    });
    below.collect()
}

/// Copies a folder, each text changed.
fn copied(from: &Path, to: &Path, change: impl Fn(&str, String) -> String) {
    for path in files(from) {
        let below = path.strip_prefix(from).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let at = to.join(below);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::write(at, change(below.to_str().unwrap(), text)).unwrap();
    }
}

/// The sample organization in `aws` and `expected`.
fn sample() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copied(&root().join("tests/data/sample/aws"), &folder.path().join("aws"), |_, text| text);
    copied(&root().join("expected"), &folder.path().join("expected"), |_, text| text);
    fs::write(folder.path().join("rollcall.toml"), SETTINGS).unwrap();
    folder
}

fn report(folder: &TempDir, output: &Output) -> (Value, String) {
    let package = output.stdout.lines().find_map(|line| line.strip_prefix("Package  "));
    let package = folder.path().join(package.unwrap_or_else(|| panic!("{}{}", output.stdout, output.stderr)));
    let json = fs::read_to_string(package.join("report.json")).unwrap();
    (serde_json::from_str(&json).unwrap(), fs::read_to_string(package.join("report.html")).unwrap())
}

/// How many findings of a rule are open.
fn open(report: &Value, rule: &str) -> usize {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|finding| finding["rule"] == rule && finding["state"] == "open").count()
}

#[test]
fn a_waiver_for_a_whole_rule_or_of_whom_it_is_about_accepts_nothing() {
    let folder = sample();
    let waivers = folder.path().join("expected/waivers.toml");
    let everything = "[[waiver]]\nrule = \"unexpected-user\"\nreason = \"x\"\n\
        approved_by = \"mallory.finch@corp.example.com\"\nexpires = 2099-12-31\n\
        [[waiver]]\nrule = \"unexpected-iam-user\"\nreason = \"x\"\napproved_by = \"the boss\"\nexpires = 2099-12-31\n";
    fs::write(waivers, everything).unwrap();
    let audited = rollcall(folder.path(), &["audit", "--from", "aws"], &[]);
    let (report, _) = report(&folder, &audited);
    assert_eq!(audited.code, 3, "{}", audited.stderr);
    assert_eq!((open(&report, "unexpected-user"), open(&report, "unexpected-iam-user")), (1, 1), "{}", audited.stdout);
    assert!(audited.stdout.contains("0 accepted by waivers"), "{}", audited.stdout);
}

const STRANGER: &str = "mallory.finch@corp.example.com";
const CAROL: &str = "carol.chen";

#[test]
fn a_stranger_who_was_written_into_the_lists_is_now_listed_and_not_resolved() {
    let folder = sample();
    let audit =
        |more: &[&str]| rollcall(folder.path(), &[&["audit", "--job", "quarterly", "--exit-zero"], more].concat(), &[]);
    let first = audit(&["--from", "aws", "--as-of", "2026-11-20T08:00:00Z"]);
    assert!(first.stdout.contains(STRANGER), "{}{}", first.stdout, first.stderr);

    // Somebody writes her into the directory and into a list, and takes Carol's memberships away on both sides.
    let users = fs::read_to_string(folder.path().join("aws/0004-identitystore-list-users.json")).unwrap();
    let users: Value = serde_json::from_str(&users).unwrap();
    let carol =
        users["Users"].as_array().unwrap().iter().find(|user| user["UserName"].as_str().unwrap().starts_with(CAROL));
    let carol = carol.unwrap()["UserId"].clone();
    copied(&root().join("tests/data/sample/aws"), &folder.path().join("later"), |name, text| {
        if !name.contains("list-group-memberships.json") {
            return text.replace("2026-11-20T", "2027-02-20T");
        }
        let mut answer: Value = serde_json::from_str(&text).unwrap();
        let members = answer["GroupMemberships"].as_array_mut().unwrap();
        members.retain(|member| member["MemberId"]["UserId"] != carol);
        answer.to_string()
    });
    copied(&root().join("expected"), &folder.path().join("since"), |name, text| match name {
        "assignments.csv" => text + &format!("user,{STRANGER},222233334444,AdministratorAccess,\n"),
        "directory/users-2026-11-19.csv" => {
            text + "\"CN=Mallory Finch,OU=Staff,DC=corp,DC=example,DC=com\",\"True\",\"Mallory\",\"Mallory Finch\",\"user\",\
                    \"11111111-c900-70fd-1f38-33ca3ab32caa\",\"mallory.finch\",\"S-1-5-21-1111111111-2222222222-3333333333-1199\",\
                    \"Finch\",\"mallory.finch@corp.example.com\"\n"
        }
        "directory/members-2026-11-19.csv" => {
            let others: String =
                text.lines().filter(|line| !line.contains(CAROL)).map(|line| format!("{line}\n")).collect();
            others + "\"AWS-Developers\",\"mallory.finch\",\"Mallory Finch\",\"user\"\n"
        }
        _ => text,
    });
    let second = audit(&["--from", "later", "--expected", "since", "--as-of", "2027-02-20T08:00:00Z"]);
    let (json, html) = report(&folder, &second);
    let resolved = json["changes"]["resolved"].to_string();
    assert!(!resolved.contains("mallory"), "{resolved}");
    for text in [&second.stdout, &html] {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("now listed") && text.contains("users-2026-11-19.csv:10"), "{text}");
    }
}

#[test]
fn lists_whose_people_match_nobody_are_one_finding_about_the_key() {
    let folder = sample();
    for path in files(&folder.path().join("expected/directory")) {
        let text = fs::read_to_string(&path).unwrap();
        // Another domain: neither names nor ids are those of Identity Center.
        let text =
            text.replace("corp.example.com", "corp.lumen.test").replace("DC=corp,DC=example", "DC=corp,DC=lumen");
        fs::write(path, text.replace("11111111-", "99999999-")).unwrap();
    }
    let audited = rollcall(folder.path(), &["audit", "--from", "aws", "--as-of", "2026-11-20T08:00:00Z"], &[]);
    let (report, _) = report(&folder, &audited);
    assert_eq!(open(&report, "people-not-matched"), 1, "{}", audited.stdout);
    assert_eq!(open(&report, "unexpected-user") + open(&report, "missing-user"), 0, "{}", audited.stdout);
    let headline = audited.stdout.split("\n  ").next().unwrap();
    assert!(headline.contains("(check the key)"), "{headline}");
}

//! `rollcall explain` of groups, IAM users, permission sets and accounts: what belongs to each, and which one is meant.

use std::collections::BTreeSet;

use serde_json::Value;

use super::explain::{explain, folder_of, json, population, told};
use crate::story::{Story, group};
use crate::support::rollcall;
use crate::support::snapshot::assert_file;

/// What a section of an explanation says, each with its standing.
fn section(explained: &Value, name: &str) -> Vec<(String, String)> {
    let sections = explained["sections"].as_array().unwrap();
    let found = sections.iter().find(|section| section["name"] == name);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let grants = found.map(|section| section["grants"].as_array().unwrap().clone()).unwrap_or_default();
    grants.iter().map(|grant| (text(&grant["what"]), text(&grant["standing"]))).collect()
}

#[test]
fn a_group_an_iam_user_a_permission_set_and_an_account_are_explained_by_name() {
    for (name, file) in [
        ("AWS-Administrators", "group"),
        ("svc-backup", "iam-user"),
        ("AdministratorAccess", "permission-set"),
        ("Acme Production", "account"),
    ] {
        assert_file(&format!("tests/snapshots/explain-{file}.txt"), &told(name));
    }
}

#[test]
fn a_thing_is_the_same_by_its_name_its_id_and_its_arn() {
    for name in ["aws-administrators", "svc-backup", "AdministratorAccess", "Acme Production"] {
        let explained = json(name);
        assert_eq!(json(explained["id"].as_str().unwrap()), explained, "{name}");
    }
}

#[test]
fn the_members_of_every_group_and_the_holders_of_every_permission_set_are_those_of_the_population() {
    let (account, user_name, entitlement_type, entitlement, path) = (0, 3, 7, 8, 9);
    let rows = population();
    let of_users = || rows.iter().filter(|row| &row[2] == "user");
    // A step of the directory alone is marked as such.
    let is_of_aws = |step: &&str| step.starts_with("AWS-") && !step.ends_with("(directory)");
    let by_groups: BTreeSet<&str> = of_users().flat_map(|row| row[path].split(" → ").filter(is_of_aws)).collect();
    assert!(by_groups.len() > 3, "{by_groups:?}");
    for name in by_groups {
        let through = |row: &&csv::StringRecord| row[path].split(" → ").any(|step| step == name);
        let members: BTreeSet<String> =
            of_users().filter(through).map(|row| format!("`{}` in group `{name}`", &row[user_name])).collect();
        let told = section(&json(name), "members").into_iter().map(|(what, _)| what).collect();
        assert_eq!(members, told, "{name}");
    }
    let sets: BTreeSet<&str> =
        of_users().filter(|row| &row[entitlement_type] == "permission-set").map(|row| &row[entitlement]).collect();
    for name in sets {
        let accounts: BTreeSet<&str> =
            of_users().filter(|row| &row[entitlement] == name).map(|row| &row[account]).collect();
        let told = section(&json(name), "assignments");
        for account in accounts {
            assert!(
                told.iter().any(|(what, _)| what.contains(&format!("({account})"))),
                "{name} in {account}: {told:?}"
            );
        }
    }
}

#[test]
fn what_lists_expect_of_a_thing_and_is_not_there_is_missing_in_it() {
    let mut story = Story::small();
    story
        .expect_grant(group("AWS-Readers"), "Audit", "prod")
        .hire("zoe", &["AWS-Readers"])
        .aws_member_gone("AWS-Readers", "zoe");
    let folder = folder_of(&story);
    let ask = |name: &str| {
        let output = rollcall(folder.path(), &["explain", name, "--from", "saved", "--format", "json"], &[]);
        assert_eq!(output.code, 0, "{name}: {}", output.stderr);
        serde_json::from_str::<Value>(&output.stdout).unwrap()
    };
    let of_group = section(&ask("AWS-Readers"), "missing");
    assert_eq!(of_group.len(), 2, "a member and an assignment: {of_group:?}");
    assert!(of_group.iter().all(|(_, standing)| standing == "missing"), "{of_group:?}");
    assert_eq!(section(&ask("Audit"), "missing").len(), 1);
    assert_eq!(section(&ask("Acme Production"), "missing").len(), 1);
}

#[test]
fn a_name_of_several_things_is_refused_and_the_kind_says_which() {
    let mut story = Story::small();
    story.aws_group("Audit").iam_user("prod", "Audit", &["ReadOnlyAccess"], "alice").iam_user(
        "dev",
        "Audit",
        &[],
        "alice",
    );
    let folder = folder_of(&story);
    let ask = |arguments: &[&str]| rollcall(folder.path(), &[&["explain", "--from", "saved"], arguments].concat(), &[]);
    let refused = ask(&["audit"]);
    assert_eq!(refused.code, 2, "{}", refused.stdout);
    assert!(refused.stderr.contains("`audit` is the name of several things: group `"), "{}", refused.stderr);
    assert!(refused.stderr.contains("permission-set `arn:aws:sso:::permissionSet/"), "{}", refused.stderr);
    assert!(refused.stderr.ends_with("help: say which with `--kind`, or use the id\n"), "{}", refused.stderr);
    assert!(ask(&["audit", "--kind", "group"]).stdout.contains("  Group  "));
    assert!(ask(&["audit", "--kind", "permission-set"]).stdout.contains("  Permission set  "));
    let two = ask(&["audit", "--kind", "iam-user"]);
    assert_eq!(two.code, 2, "in two accounts");
    assert_eq!(ask(&["arn:aws:iam::222233334444:user/Audit"]).code, 0);
}

#[test]
fn a_name_that_was_not_read_is_incomplete_only_where_something_of_its_kind_was_not_read() {
    let unread = explain(&["no-such-user", "--kind", "iam-user"]);
    assert_eq!(unread.code, 4, "IAM of one account was denied: {}", unread.stderr);
    let absent = explain(&["no-such-group", "--kind", "group"]);
    assert_eq!(absent.code, 2, "{}", absent.stderr);
    let near = explain(&["AWS-Auditor", "--kind", "group"]);
    assert!(near.stderr.contains("did you mean `AWS-Auditors`?"), "{}", near.stderr);
}

#[test]
fn gaps_of_other_accounts_are_left_out_of_what_an_account_may_lack() {
    let production = json("Acme Production");
    assert_eq!(production["gaps"].as_array().unwrap().len(), 0, "{}", production["gaps"]);
    assert_eq!(json("Acme Sandbox")["gaps"].as_array().unwrap().len(), 3);
}

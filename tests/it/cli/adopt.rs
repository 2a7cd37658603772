//! Adopting what AWS has: lists that are drafted are in order, say only what was seen, and touch nothing that is there.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use rollcall::adopt::Outcome;
use rollcall::pipeline::propose;
use tempfile::TempDir;

use crate::properties::laws::companies;
use crate::story::{File, Story, call_line, group, user};
use crate::support::audited::Audited;
use crate::support::{Output, rollcall};

type Lists = Vec<(String, String)>;

/// What adopting would write, by name.
fn drafts(audited: &Audited) -> Lists {
    let drafted = propose(&audited.report()).into_iter().filter_map(|proposal| match proposal.outcome {
        Outcome::Draft(draft) => Some((proposal.name.to_owned(), draft.text)),
        Outcome::Kept(_) | Outcome::Withheld(_) => None,
    });
    drafted.collect()
}

/// The story without the lists that are kept by hand.
fn unlisted(mut story: Story) -> Story {
    story.lists.assignments = None;
    story.lists.iam_users = None;
    story
}

/// Whom no directory lists: only AWS knows them.
fn without_lists(story: &Story) -> Audited {
    Audited::from(&story.saved_files(), &[("waivers.toml".to_owned(), String::new())])
}

/// A folder with saved output in `saved` and lists in `expected`, and settings that name both.
pub fn folder(saved: &[File], lists: &[(String, String)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("expected")).unwrap();
    fs::create_dir(folder.path().join("saved")).unwrap();
    for file in saved {
        fs::write(folder.path().join("saved").join(&file.name), &file.text).unwrap();
    }
    for (name, text) in lists {
        let path = folder.path().join("expected").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let settings = "as_of = \"2026-11-20T08:00:00Z\"\n[collect]\nfrom = \"saved\"\n";
    fs::write(folder.path().join("rollcall.toml"), settings).unwrap();
    folder
}

pub fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    rollcall(folder.path(), arguments, &[])
}

fn bytes_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_file())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn what_was_adopted_is_in_order_and_adopting_again_writes_nothing() {
    let story = unlisted(Story::small());
    let folder = folder(&story.saved_files(), &story.expected_files());
    let adopted = run(&folder, &["adopt"]);
    assert_eq!((adopted.code, adopted.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(adopted.stdout, @"
    not written  expected/people.csv: existing lists already cover users, groups and memberships
    wrote        expected/permission-sets.csv: 3 rows; the first concerns administrative access
    wrote        expected/assignments.csv: 2 rows; the first concerns administrative access
    wrote        expected/applications.csv: 0 rows
    wrote        expected/entitlements.csv: 0 rows
    wrote        expected/iam-users.csv: 1 row
    wrote        expected/trusts.csv: 0 rows

    These lists show what AWS has now. They are not approved yet. Next:
      1. Read each list, administrative access first. Delete the rows that should not exist; the audit then reports this access.
      2. Write your name into `reviewed_by` of the rows that should exist. Until every row has a reviewer, audits end with exit code 4.
      3. Run `rollcall audit`.
    ");
    let written = bytes_below(&folder.path().join("expected"));
    assert_eq!(
        written.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        [
            "applications.csv",
            "assignments.csv",
            "entitlements.csv",
            "iam-users.csv",
            "permission-sets.csv",
            "trusts.csv"
        ]
    );
    let audited = run(&folder, &["audit"]);
    assert_eq!(audited.code, 4, "{}", audited.stdout);
    assert!(audited.stdout.starts_with("Matches an unreviewed draft for "), "{}", audited.stdout);
    assert!(audited.stdout.contains("6 rows in expected lists without a reviewer"), "{}", audited.stdout);

    let again = run(&folder, &["adopt"]);
    assert_eq!((again.code, again.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(again.stdout, @r"
    not written  expected/people.csv: existing lists already cover users, groups and memberships
    not written  expected/permission-sets.csv: existing lists already cover permission sets
    not written  expected/assignments.csv: existing lists already cover assignments
    not written  expected/applications.csv: existing lists already cover application assignments
    not written  expected/entitlements.csv: existing lists already cover entitlements
    not written  expected/iam-users.csv: existing lists already cover IAM users
    not written  expected/trusts.csv: existing lists already cover external trusts

    Nothing to write. Existing lists stay unchanged.
    ");
    assert_eq!(bytes_below(&folder.path().join("expected")), written);
}

#[test]
fn without_any_list_people_are_drafted_too_with_the_warning_that_nobody_can_have_left() {
    let folder = folder(&Story::small().saved_files(), &[]);
    let tried = run(&folder, &["adopt", "--dry-run"]);
    assert_eq!((tried.code, tried.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(tried.stdout, @r"
    would write  expected/people.csv: 3 rows; the first concerns administrative access
                 Identity Center does not know who has left. If you have a directory, delete this list, and put an export
                 of the directory into the folder instead (see `expected/README.md`).
    would write  expected/permission-sets.csv: 3 rows; the first concerns administrative access
    would write  expected/assignments.csv: 2 rows; the first concerns administrative access
    would write  expected/applications.csv: 0 rows
    would write  expected/entitlements.csv: 0 rows
    would write  expected/iam-users.csv: 1 row
    would write  expected/trusts.csv: 0 rows

    Nothing was written.
    ");
    assert!(bytes_below(&folder.path().join("expected")).is_empty());
    assert_eq!(run(&folder, &["adopt"]).code, 0);
    let people = fs::read_to_string(folder.path().join("expected/people.csv")).unwrap();
    insta::assert_snapshot!(people.trim_start_matches('\u{feff}'), @r"
    user,mail,name,groups,status,reviewed_by
    alice@corp.example.com,alice@corp.example.com,Alice Example,AWS-Admins,active,
    bob@corp.example.com,bob@corp.example.com,Bob Example,AWS-Readers,active,
    carol@corp.example.com,carol@corp.example.com,Carol Example,AWS-Readers,active,
    ");
    let audited = run(&folder, &["audit"]);
    assert_eq!(audited.code, 4, "{}", audited.stdout);
    sign(&folder.path().join("expected"));
    let reviewed = run(&folder, &["audit"]);
    // Who answers for the IAM user is the part of the review that nobody did.
    assert_eq!(reviewed.code, 3, "{}", reviewed.stdout);
    assert!(reviewed.stdout.starts_with("1 low finding; complete for "), "{}", reviewed.stdout);
    assert!(reviewed.stdout.contains("unowned-iam-user"), "{}", reviewed.stdout);
}

/// A reviewer writes a name into the last cell of every row of the drafts, which is `reviewed_by`.
fn sign(folder: &Path) {
    for (name, bytes) in bytes_below(folder) {
        let text = String::from_utf8(bytes).unwrap();
        let (header, rows) = text.split_once('\n').unwrap();
        assert!(header.trim_end().ends_with("reviewed_by"), "{name}: {header}");
        let signed: String = rows.lines().map(|row| format!("{row}cy\n")).collect();
        fs::write(folder.join(name), format!("{header}\n{signed}")).unwrap();
    }
}

#[test]
fn a_folder_that_is_not_there_is_not_made() {
    let folder = folder(&Story::small().saved_files(), &[]);
    let adopted = run(&folder, &["adopt", "--expected", "expcted"]);
    assert_eq!((adopted.code, adopted.stdout.as_str()), (2, ""));
    assert!(adopted.stderr.contains("folder `expcted` does not exist"), "{}", adopted.stderr);
    assert!(!folder.path().join("expcted").exists());
}

#[test]
fn names_that_a_spreadsheet_would_run_and_names_with_commas_come_back_as_they_are() {
    let mut story = Story::small();
    for name in ["=SUM(A1)", "@all", "-1", "Ops, \"old\" ones", "#TYPE", "Größe"] {
        story.aws_group(name).aws_member(name, "alice").aws_grant(group(name), "ReadOnly", "dev");
    }
    let lists = drafts(&without_lists(&story));
    let cells = lists.iter().flat_map(|(_, text)| text.lines()).flat_map(|line| line.split(','));
    assert!(cells.clone().all(|cell| !cell.starts_with(['=', '@', '-', '+'])), "{lists:?}");
    assert_eq!(Audited::from(&story.saved_files(), &lists).titles(), Vec::<String>::new());
}

#[test]
fn names_that_no_list_can_hold_are_left_out_said_and_found_by_the_audit() {
    let mut story = Story::small();
    story.aws_group("a;b").aws_member("a;b", "alice").aws_group("AWS-{account}");
    story.aws_member("AWS-{account}", "bob").aws_grant(group("AWS-{account}"), "Admin", "dev").aws_group("empty");
    let folder = folder(&story.saved_files(), &[]);
    let adopted = run(&folder, &["adopt"]);
    assert_eq!((adopted.code, adopted.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(adopted.stdout, @"
    wrote        expected/people.csv: 3 rows; the first 2 concern administrative access
                 without group `empty`
                   because a group without members is in no row
                   to do: the audit will report it: rename it, remove it, or accept it with `rollcall waive`
                 without group `a;b`
                   because the name contains `;`, which separates groups
                   to do: the audit will report it: rename it, remove it, or accept it with `rollcall waive`
                 Identity Center does not know who has left. If you have a directory, delete this list, and put an export
                 of the directory into the folder instead (see `expected/README.md`).
    wrote        expected/permission-sets.csv: 3 rows; the first concerns administrative access
    wrote        expected/assignments.csv: 2 rows; the first concerns administrative access
                 without `Admin` for `AWS-{account}` in 333344445555
                   because a brace in a group name marks a placeholder
                   to do: the audit will report it: rename it, remove it, or accept it with `rollcall waive`
    wrote        expected/applications.csv: 0 rows
    wrote        expected/entitlements.csv: 0 rows
    wrote        expected/iam-users.csv: 1 row
    wrote        expected/trusts.csv: 0 rows

    These lists show what AWS has now. They are not approved yet. Next:
      1. Read each list, administrative access first. Delete the rows that should not exist; the audit then reports this access.
      2. Write your name into `reviewed_by` of the rows that should exist. Until every row has a reviewer, audits end with exit code 4.
      3. Run `rollcall audit`.
    ");
    let audited = run(&folder, &["audit"]);
    assert_eq!(audited.code, 3);
    for left_out in ["a;b", "AWS-{account}", "empty"] {
        assert!(audited.stdout.contains(&format!("`{left_out}`")), "{left_out}: {}", audited.stdout);
    }
}

const DENIED: &str = "An error occurred (AccessDeniedException) when calling the operation: no";

/// The saved output of a story in which every call of a command was denied, or only the first one.
fn denied(story: &Story, command: &str, all: bool) -> Vec<File> {
    let mut files = story.saved_files();
    let calls = files.iter_mut().find(|file| file.name == "calls.jsonl").unwrap();
    let mut first = true;
    let lines = calls.text.lines().map(|line| {
        if !line.contains(command) || !(all || std::mem::take(&mut first)) {
            return line.to_owned();
        }
        let call: serde_json::Value = serde_json::from_str(line).unwrap();
        call_line(command, &call["parameters"], call["account"].as_str(), 254, "failed.json")
    });
    calls.text = lines.collect::<Vec<_>>().join("\n") + "\n";
    files.push(File { name: "failed.json.err".to_owned(), text: DENIED.to_owned() });
    files
}

#[test]
fn what_was_not_seen_is_never_adopted_and_stays_visible() {
    let mut story = unlisted(Story::small());
    story
        .aws_grant(group("AWS-Admins"), "Admin", "dev")
        .aws_iam_user("prod", "svc-report", &["ReadOnlyAccess"])
        .aws_application("Wiki", group("AWS-Readers"))
        .open_application("Canteen")
        .entitling_role("dev", "Developer")
        .aws_entitle(group("AWS-Admins"), "Developer", "dev")
        .role_for("prod", "vendor", "999988887777");
    let commands = [
        "identitystore list-users",
        "identitystore list-groups",
        "identitystore list-group-memberships",
        "sso-admin list-permission-sets",
        "sso-admin describe-permission-set",
        "sso-admin list-managed-policies-in-permission-set",
        "sso-admin get-inline-policy-for-permission-set",
        "sso-admin list-accounts-for-provisioned-permission-set",
        "sso-admin list-account-assignments",
        "sso-admin list-applications",
        "sso-admin list-application-assignments",
        "sso-admin get-application-assignment-configuration",
        "account-access list-applications",
        "account-access list-entitlements",
        "iam get-account-authorization-details",
    ];
    for command in commands {
        for all in [true, false] {
            let what = format!("{command}, all: {all}");
            let gapped = denied(&story, command, all);
            let audited = Audited::from(&gapped, &[("waivers.toml".to_owned(), String::new())]);
            let lists: Lists = drafts(&audited);
            // An empty list would say that there is to be nothing.
            let rows = |text: &str| text.lines().count() > 1;
            assert!(lists.iter().all(|(_, text)| rows(text)), "{what}: {lists:?}");
            if !lists.is_empty() {
                let again = Audited::from(&gapped, &lists);
                assert!(!again.report().verdict.complete(), "{what}: the gap is still there");
            }
            // Once everything can be seen, what was not is not in order by itself.
            let mut known = lists.clone();
            known.push(("waivers.toml".to_owned(), String::new()));
            let whole = Audited::from(&story.saved_files(), &known);
            let report = whole.report();
            let silent = report.verdict.open() == 0 && report.verdict.unlisted().is_empty();
            assert!(!silent, "{what}: {lists:?}");
        }
    }
}

/// What `adopt` says of the lists of Identity Center where something was not seen.
fn adopted_of_center(folder: &TempDir) -> String {
    let adopted = run(folder, &["adopt"]);
    assert_eq!((adopted.code, adopted.stderr.as_str()), (4, ""));
    let (of_center, rest) = adopted.stdout.split_once("wrote        expected/applications.csv").unwrap();
    let next = "\n\nThese lists show what AWS has now. They are not approved yet. Next:\n";
    assert!(rest.contains(next), "{}", adopted.stdout);
    of_center.to_owned()
}

#[test]
fn a_gap_costs_its_own_rows_and_the_message_says_which() {
    let mut story = unlisted(Story::small());
    story.aws_grant(group("AWS-Admins"), "Admin", "dev").aws_grant(user("bob"), "Audit", "dev");
    let lists = story.expected_files();
    let with_gap = folder(&denied(&story, "sso-admin list-account-assignments", false), &lists);
    insta::assert_snapshot!(adopted_of_center(&with_gap), @r"
    not written  expected/people.csv: existing lists already cover users, groups and memberships
    wrote        expected/permission-sets.csv: 3 rows; the first concerns administrative access
    wrote        expected/assignments.csv: 3 rows; the first concerns administrative access
                 without assignments of `Admin` in 333344445555
                   because assignments of `Admin` in 333344445555: `sso:ListAccountAssignments` in account 333344445555: access was denied (`AccessDeniedException`: no)
                   to do: grant Rollcall's role this operation, or exclude the account with a reason
    ");
    let without_sets = folder(&denied(&story, "sso-admin list-permission-sets", true), &lists);
    insta::assert_snapshot!(adopted_of_center(&without_sets), @r"
    not written  expected/people.csv: existing lists already cover users, groups and memberships
    not written  expected/permission-sets.csv: a draft would be incomplete or empty
                   because permission sets and their assignments: `sso:ListPermissionSets`: access was denied (`AccessDeniedException`: no)
                   to do: grant Rollcall's role this operation, or exclude the account with a reason
    not written  expected/assignments.csv: a draft would be incomplete or empty
                   because permission sets and their assignments: `sso:ListPermissionSets`: access was denied (`AccessDeniedException`: no)
                   to do: grant Rollcall's role this operation, or exclude the account with a reason
    ");
    assert!(!without_sets.path().join("expected/assignments.csv").exists());
}

#[test]
fn an_administrative_policy_that_cannot_be_ruled_out_is_not_ruled_out() {
    let mut story = Story::small();
    story.aws.permission_sets.get_mut("Audit").unwrap().inline =
        Some(r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#.to_owned());
    let lists = drafts(&without_lists(&story));
    let (_, sets) = lists.iter().find(|(name, _)| name == "permission-sets.csv").unwrap();
    let words: Vec<&str> =
        sets.lines().skip(1).map(|line| &line[..line.match_indices(',').nth(1).unwrap().0]).collect();
    assert_eq!(words, ["Admin,yes", "Audit,yes", "ReadOnly,no"]);
    let audited = without_lists(&story).with(|world| {
        let set = world.snapshot.permission_sets.seen().find(|set| set.name == "ReadOnly").unwrap().clone();
        let mut sets: Vec<_> = world.snapshot.permission_sets.seen().cloned().collect();
        let position = sets.iter().position(|one| one.name == set.name).unwrap();
        let rollcall::model::Known::Is(policies) = &mut sets[position].policies else { panic!("they are known") };
        policies.customer_managed.push("Unknown".to_owned());
        let extent = world.snapshot.permission_sets.extent().clone();
        world.snapshot.permission_sets = rollcall::model::Listing::by_key(sets, extent, |set| set.name.clone());
    });
    let lists = drafts(&audited);
    let (_, sets) = lists.iter().find(|(name, _)| name == "permission-sets.csv").unwrap();
    assert!(sets.contains("\nReadOnly,,"), "{sets}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_company_is_in_order_by_the_lists_that_were_adopted_from_it(story in companies(), everything in any::<bool>()) {
        let story = unlisted(story);
        let kept = if everything { Vec::new() } else { story.expected_files() };
        let before = if everything { without_lists(&story) } else { Audited::of(&story) };
        let mut lists = kept;
        lists.extend(drafts(&before));
        let after = Audited::from(&story.saved_files(), &lists);
        prop_assert_eq!(after.titles(), Vec::<String>::new());
        prop_assert!(after.report().verdict.complete());
        prop_assert!(after.report().verdict.unlisted().is_empty());
        prop_assert_eq!(drafts(&after), Vec::new());
    }

    #[test]
    fn what_a_company_gains_later_is_found_by_the_lists_that_were_adopted_before(
        story in companies(),
        (name, account) in (0..8_usize, 0..3_usize),
    ) {
        let before = unlisted(story);
        let mut lists = before.expected_files();
        lists.extend(drafts(&Audited::of(&before)));
        let mut after = before.clone();
        let who = ["ada", "ben", "cleo", "dan", "eve", "finn", "gus", "hana"][name];
        after.aws_grant(user(who), "Admin", ["management", "prod", "dev"][account]);
        let added = usize::from(after.aws.assignments.len() > before.aws.assignments.len());
        prop_assert_eq!(Audited::from(&after.saved_files(), &lists).rules(), vec!["unexpected-assignment"; added]);
    }
}

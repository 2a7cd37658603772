//! `rollcall plan` as its user meets it: the sample organization's plan, its formats, exit codes, refusals.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use rollcall::change;

use crate::story::{Story, group, user};
use crate::support::schema::validates;
use crate::support::snapshot::assert_file;
use crate::support::{Output, read, rollcall, root};

/// What is another one on every run is left out.
fn steady(text: &str) -> String {
    let varies = |line: &&str| ["  Digest", "  Made", "  Expires"].iter().any(|fact| line.starts_with(fact));
    text.lines().filter(|line| !varies(line)).map(|line| format!("{line}\n")).collect()
}

/// Plans on the sample organization, which a clone audits, and keeps the plan in `folder`.
fn plan(folder: &TempDir, arguments: &[&str]) -> Output {
    let out = folder.path().join("plan.json");
    let arguments = [&["plan"], arguments, &["--out", out.to_str().unwrap()]].concat();
    rollcall(root(), &arguments, &[])
}

fn show(path: &Path, format: &str) -> Output {
    rollcall(root(), &["plan", "show", path.to_str().unwrap(), "--format", format], &[])
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn the_plan_of_the_sample_says_what_changes_what_holds_it_and_what_is_left() {
    let folder = folder();
    let planned = plan(&folder, &["--as-listed"]);
    assert_eq!((planned.code, planned.stderr.as_str()), (3, ""), "{}", planned.stdout);
    let path = folder.path().join("plan.json");
    let printed = planned.stdout.replace(path.to_str().unwrap(), "plan.json");
    assert_file("tests/snapshots/plan-sample.txt", &steady(&printed));
    let bytes = fs::read(&path).unwrap();
    validates(&read(".schema/plan.json"), std::str::from_utf8(&bytes).unwrap());
    assert_eq!(change::write(&change::read(&bytes).unwrap()), bytes);
    let shown = show(&path, "text");
    assert_eq!((shown.code, steady(&printed).starts_with(&steady(&shown.stdout))), (0, true), "{}", shown.stdout);
    assert_eq!(show(&path, "json").stdout.into_bytes(), bytes);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn the_printed_schema_is_the_published_one_and_a_plan_of_every_kind_follows_it() {
    let schema = rollcall(root(), &["schema", "plan"], &[]).stdout;
    assert_file(".schema/plan.json", &schema);
    validates(&schema, &read("tests/data/change/every-kind.json"));
}

#[test]
fn a_plan_is_shown_as_markdown_and_as_commands() {
    let path = root().join("tests/data/change/every-kind.json");
    for (format, file) in [("markdown", "plan.md"), ("aws-cli", "plan.sh"), ("text", "plan.txt")] {
        let shown = show(&path, format);
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        assert_file(&format!("tests/snapshots/{file}"), &shown.stdout);
    }
    let parsed = Command::new("bash").arg("-n").arg(root().join("tests/snapshots/plan.sh")).status().unwrap();
    assert!(parsed.success());
}

/// A plan whose names would be markup, a mention, an option or a command, if anything let them.
fn hostile() -> String {
    const NAME: &str = "a'b$(touch owned)`c`; @team #1 <script>\\n[x](http://evil) -rf";
    let text = read("tests/data/change/every-kind.json");
    let mut plan: serde_json::Value = serde_json::from_str(&text).unwrap();
    for change in plan["changes"].as_array_mut().unwrap() {
        change["why"] = format!("{NAME}\u{1b}[31m\n## Approved").into();
        for pointer in
            ["/change/user/name", "/change/name", "/change/group", "/change/principal/name", "/change/description"]
        {
            if let Some(name) = change.pointer_mut(pointer).filter(|name| name.is_string()) {
                *name = NAME.into();
            }
        }
        for pointer in ["/change/user/id", "/change/group/id", "/change/principal/id", "/seen/membership"] {
            if let Some(id) = change.pointer_mut(pointer).filter(|id| id.is_string()) {
                *id = NAME.into();
            }
        }
        if let Some(group) = change.pointer_mut("/change/group/name") {
            *group = NAME.into();
        }
    }
    serde_json::to_string(&plan).unwrap()
}

#[test]
fn no_name_of_a_plan_becomes_markup_or_a_command() {
    let folder = folder();
    let path = folder.path().join("hostile.json");
    fs::write(&path, hostile()).unwrap();
    let markdown = show(&path, "markdown");
    assert_eq!(markdown.code, 0, "{}", markdown.stderr);
    for line in markdown.stdout.lines() {
        // What stands behind a backslash is no markup.
        let outside: String = line.split('`').step_by(2).collect();
        let outside = outside.replace("\\<", "").replace("\\[", "");
        assert!(!outside.contains("<script") && !outside.contains("[x]("), "{line}");
        assert!(!outside.contains("@team") && !outside.contains("http://"), "{line}");
        assert!(!line.starts_with("## Approved"), "{line}");
    }
    assert!(!markdown.stdout.contains('\u{1b}'));
    assert!(!show(&path, "text").stdout.contains("\u{1b}[31m"));

    // A program in the place of the AWS CLI says what the shell made of each line.
    let script = folder.path().join("plan.sh");
    fs::write(&script, show(&path, "aws-cli").stdout).unwrap();
    let aws = folder.path().join("aws");
    fs::write(&aws, "#!/bin/sh\nfor word in \"$@\"; do printf '%s\\0' \"$word\" >> \"$LOG\"; done\necho id-1\n")
        .unwrap();
    Command::new("chmod").arg("+x").arg(&aws).status().unwrap();
    let log = folder.path().join("log");
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let ran = Command::new("bash").arg(&script).current_dir(folder.path()).env("PATH", path).env("LOG", &log).output();
    let ran = ran.unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(!folder.path().join("owned").exists(), "a name was run");
    let words = fs::read_to_string(&log).unwrap();
    assert!(words.split('\0').any(|word| word == "a'b$(touch owned)`c`; @team #1 <script>\\n[x](http://evil) -rf"));
}

#[test]
fn a_plan_that_nothing_holds_ends_with_0_and_one_that_a_gap_bears_on_with_4() {
    let free = folder();
    let added = [
        "assignment",
        "add",
        "--group",
        "AWS-Auditors",
        "--permission-set",
        "SecurityAudit",
        "--account",
        "333344445555",
    ];
    let planned = plan(&free, &added);
    assert_eq!(planned.code, 0, "{}{}", planned.stdout, planned.stderr);
    assert!(planned.stdout.contains("Predicted resolves 1 finding, no new ones"), "{}", planned.stdout);
    let kept = folder();
    let audit_sandbox = [
        "assignment",
        "remove",
        "--group",
        "AWS-Administrators",
        "--permission-set",
        "AdministratorAccess",
        "--account",
        "Acme Sandbox",
    ];
    let planned = plan(&kept, &audit_sandbox);
    assert_eq!(planned.code, 3, "{}", planned.stdout);
    assert!(planned.stderr.contains("that the plan depends on could not be read"), "{}", planned.stderr);
}

#[test]
fn what_is_so_already_is_nothing_to_do() {
    let folder = folder();
    let there = ["member", "remove", "--group", "AWS-Auditors", "--user", "bob.berg@corp.example.com"];
    let planned = plan(&folder, &there);
    assert_eq!(planned.code, 0, "{}", planned.stderr);
    assert!(planned.stdout.starts_with("Nothing to change"), "{}", planned.stdout);
    assert!(planned.stdout.contains("this is already the case"), "{}", planned.stdout);
    assert!(!folder.path().join("plan.json").exists());
}

#[test]
fn wrong_arguments_end_with_2_and_say_what_to_do() {
    let bad = root().join("tests/data/bad/plan/unknown-field.json");
    let bad = bad.to_str().unwrap();
    let cases: [(&[&str], &str); 12] = [
        (&[], "nothing to plan was given"),
        (&["--as-listed", "--rule", "unexpected-user"], "not from both"),
        (&["--rule", "unexpected-usr"], "did you mean `unexpected-user`?"),
        (&["--finding", "abc"], "at least 6 hexadecimal digits of the id"),
        (&["--finding", "abcdef"], "finding `abcdef` was not found"),
        (&["member", "add", "--group", "AWS-Audtors", "--user", "x"], "similar: `AWS-Auditors`"),
        (&["iam-user", "create", "a b", "--account", "222233334444"], "a name has 1 to 64 letters"),
        (&["iam-user", "create", "a", "--account", "222233334444", "--policy", "Nonsense"], "give its ARN"),
        (&["iam-key", "activate", "a", "--account", "1", "--key", "wJalrXUtnFEMI/K7MDENG"], "never the secret"),
        (&["assignment", "add", "--permission-set", "x", "--account", "y"], "--group <GROUP>|--user <USER>"),
        (&["users", "create", "--csv", "tests/data/change/csv/readme-header.csv"], "line 3: `primary` is `FALSE`"),
        (&["undo", bad], "unknown field 'apply_now'"),
    ];
    for (arguments, why) in cases {
        let output = rollcall(root(), &[&["plan"], arguments].concat(), &[]);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{arguments:?}: {}", output.stderr);
        assert!(output.stderr.contains(why), "{arguments:?}: {}", output.stderr);
    }
}

#[test]
fn what_could_not_be_read_where_something_is_changed_ends_with_4() {
    let mut story = Story::small();
    story.expect_grant(group("AWS-Readers"), "Audit", "dev");
    let folder = folder_of(&story);
    let missing = ["plan", "--rule", "missing-assignment", "--from", "saved"];
    let whole = rollcall(folder.path(), &missing, &[]);
    assert_eq!((whole.code, whole.stderr.as_str()), (0, ""), "{}", whole.stdout);
    // IAM of that account does not answer.
    let saved = folder.path().join("saved");
    for line in fs::read_to_string(saved.join("calls.jsonl")).unwrap().lines() {
        let call: serde_json::Value = serde_json::from_str(line).unwrap();
        if call["account"] == "333344445555" && call["command"] == "iam get-account-authorization-details" {
            fs::remove_file(saved.join(call["file"].as_str().unwrap())).unwrap();
        }
    }
    let in_part = rollcall(folder.path(), &missing, &[]);
    assert_eq!(in_part.code, 4, "{}{}", in_part.stdout, in_part.stderr);
    assert!(in_part.stderr.contains("that the plan depends on could not be read"), "{}", in_part.stderr);
}

#[test]
fn a_name_that_the_aws_cli_would_take_for_a_file_or_an_option_is_neither() {
    let folder = folder();
    for (name, said) in [("file:///etc/passwd", "kill $$"), ("--debug", "--display-name='--debug'")] {
        let text = read("tests/data/change/every-kind.json");
        let mut plan = change::read(text.as_bytes()).unwrap();
        plan.changes.retain(|planned| planned.change.kind().word() == "create-group");
        if let change::Change::CreateGroup { name: own, .. } = &mut plan.changes[0].change {
            *own = name.to_owned();
        }
        let path = folder.path().join("plan.json");
        fs::write(&path, change::write(&plan)).unwrap();
        let script = show(&path, "aws-cli").stdout;
        assert!(script.contains(said), "{script}");
        let commands = script.lines().filter(|line| !line.starts_with('#'));
        assert!(!commands.collect::<String>().contains(" file://"), "{script}");
    }
}

#[test]
fn a_membership_is_named_by_its_id_and_a_plan_is_taken_back_where_it_was_made() {
    let mut story = Story::small();
    story.aws_group("Temporary").aws_member("Temporary", "bob").aws_grant(group("Temporary"), "ReadOnly", "dev");
    story.aws_grant(user("bob"), "Audit", "dev");
    let folder = folder_of(&story);
    let run = |arguments: &[&str]| rollcall(folder.path(), &[arguments, &["--from", "saved"]].concat(), &[]);
    let removed =
        run(&["plan", "member", "remove", "--group", "Temporary", "--user", "bob@corp.example.com", "--out", "p.json"]);
    assert_eq!(removed.code, 3, "{}{}", removed.stdout, removed.stderr);
    let plan = change::read(&fs::read(folder.path().join("p.json")).unwrap()).unwrap();
    assert!(plan.changes[0].seen.membership.is_some(), "the answers name it");
    let undone = run(&["plan", "undo", "p.json"]);
    assert_eq!(undone.code, 0, "{}", undone.stderr);
    assert!(undone.stdout.contains("the change was not made, or is already undone"), "{}", undone.stdout);
    let mut elsewhere = plan;
    elsewhere.place.organization = Some("o-other".to_owned());
    fs::write(folder.path().join("p.json"), change::write(&elsewhere)).unwrap();
    let refused = run(&["plan", "undo", "p.json"]);
    assert_eq!(refused.code, 2, "{}", refused.stdout);
    assert!(
        refused.stderr.contains("cannot undo this plan here: the plan was made for another environment"),
        "{}",
        refused.stderr
    );
}

/// A folder with a story's saved output, its lists, and settings by which Identity Center keeps itself.
fn folder_of(story: &Story) -> TempDir {
    let folder = folder();
    for file in story.saved_files() {
        write(&folder.path().join("saved").join(&file.name), &file.text);
    }
    for (name, text) in story.expected_files() {
        write(&folder.path().join("expected").join(name), &text);
    }
    let settings = "[expect]\nidentity_source = \"identity-center\"\nmax_age = \"9000d\"\n";
    write(&folder.path().join("rollcall.toml"), settings);
    folder
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn a_list_that_lost_most_of_its_people_removes_nobody() {
    let mut story = Story::small();
    for number in 0..20 {
        story.hire(&format!("person{number}"), &["AWS-Readers"]).aws_grant(
            user(&format!("person{number}")),
            "Audit",
            "dev",
        );
        story.expect_grant(user(&format!("person{number}")), "Audit", "dev");
    }
    let folder = folder_of(&story);
    let run = |arguments: &[&str]| rollcall(folder.path(), &[arguments, &["--from", "saved"]].concat(), &[]);
    let audited = run(&["audit", "--no-alert"]);
    assert_eq!(audited.code, 0, "{}{}", audited.stdout, audited.stderr);
    // The export came short: of 23 people a few are left, or two thirds.
    let lists = folder.path().join("expected/directory");
    let people = fs::read_dir(&lists).unwrap().map(|entry| entry.unwrap().path());
    let people = people.into_iter().find(|path| path.to_string_lossy().contains("users")).unwrap();
    let whole = fs::read_to_string(&people).unwrap();
    for (rows, removals) in [(4, false), (17, true)] {
        let kept: Vec<&str> = whole.lines().take(rows).collect();
        fs::write(&people, kept.join("\n") + "\n").unwrap();
        let planned = run(&["plan", "--as-listed", "--out", "plan.json"]);
        let plan = folder.path().join("plan.json");
        assert_eq!((planned.code, plan.exists()), (if removals { 3 } else { 0 }, removals), "{}", planned.stdout);
        if removals {
            assert!(planned.stdout.contains("an open finding: `shrunken-list`"), "{}", planned.stdout);
            let plan = change::read(&fs::read(plan).unwrap()).unwrap();
            let weak = plan.held.iter().filter(|guard| matches!(guard, change::Guard::WeakBasis { .. })).count();
            assert_eq!(weak, plan.changes.iter().filter(|one| one.change.kind().is_removal()).count());
        }
    }
}

#[cfg(unix)]
#[test]
fn nothing_but_a_regular_file_is_replaced_by_a_plan_or_by_answers() {
    use std::os::unix::fs::{FileTypeExt as _, symlink};

    let mut story = Story::small();
    story.aws_grant(user("bob"), "Audit", "dev");
    let folder = folder_of(&story);
    let (pipe, link) = (folder.path().join("pipe"), folder.path().join("link"));
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    symlink(&pipe, &link).unwrap();
    for place in ["pipe", "link"] {
        let collect = ["collect", "--to", place, "--resume"];
        for arguments in [&["plan", "--as-listed", "--from", "saved", "--out", place][..], &collect, &collect[..3]] {
            let Output { code, stderr, .. } = rollcall(folder.path(), arguments, &[]);
            assert_eq!(code, 1, "{arguments:?}: {stderr}");
            assert!(stderr.contains("it is a named pipe and not a regular file, so it was not replaced"), "{stderr}");
            assert!(stderr.contains("help: name a regular file, or a path where there is nothing"), "{stderr}");
        }
    }
    assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
    assert!(fs::symlink_metadata(&link).unwrap().file_type().is_symlink());
}

#[test]
fn an_earlier_plan_is_not_left_in_the_place_of_an_empty_one_without_a_word() {
    let folder = folder_of(&Story::small());
    let plan = || rollcall(folder.path(), &["plan", "--as-listed", "--from", "saved", "--out", "plan.json"], &[]);
    let first = plan();
    assert_eq!(first.code, 0, "{}{}", first.stdout, first.stderr);
    fs::write(folder.path().join("plan.json"), "an earlier plan").unwrap();
    let second = plan();
    assert_eq!(second.code, 1, "{}", second.stdout);
    let said = "error: there is nothing to change, so no plan was written; `plan.json` is an earlier file\n  help: delete it, \
                or name another file\n";
    assert_eq!(second.stderr, said);
    assert_eq!(fs::read_to_string(folder.path().join("plan.json")).unwrap(), "an earlier plan");
}

#[test]
fn a_file_with_more_rows_than_a_plan_takes_is_refused_with_both_numbers_before_anything_is_written() {
    let folder = folder_of(&Story::small());
    let rows = (0..5_000).map(|number| format!("new{number},New,Person,,new{number}@corp.example.com\n"));
    let file = format!("username,givenname,familyname,groupname,email\n{}", rows.collect::<String>());
    std::fs::write(folder.path().join("new.csv"), file).unwrap();
    let arguments = ["plan", "users", "create", "--csv", "new.csv", "--from", "saved", "--out", "plan.json"];
    let refused = rollcall(folder.path(), &arguments, &[]);
    assert_eq!(refused.code, 2, "{}", refused.stdout);
    assert!(refused.stderr.contains("that would be 5,000 changes; a plan has at most 2,000"), "{}", refused.stderr);
    assert!(refused.stderr.contains("a part of the file at a time"), "{}", refused.stderr);
    assert!(!folder.path().join("plan.json").exists());
}

//! `rollcall explain`: what one person has and why, of the sample organization and of names that are not so clear.

use std::fs;

use serde_json::Value;

use crate::cli::adopt::{folder, run};
use crate::story::Story;
use crate::support::schema::validates;
use crate::support::snapshot::assert_file;
use crate::support::{Output, read, rollcall, root};

/// Asks about somebody of the sample organization.
pub fn explain(arguments: &[&str]) -> Output {
    rollcall(root(), &[&["explain"], arguments].concat(), &[])
}

pub fn told(who: &str) -> String {
    let output = explain(&[who]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{who}");
    output.stdout
}

pub fn json(who: &str) -> Value {
    let output = explain(&[who, "--format", "json"]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{who}");
    validates(&read(".schema/explain.json"), &output.stdout);
    serde_json::from_str(&output.stdout).unwrap()
}

#[test]
fn a_stranger_someone_in_order_someone_who_left_and_someone_who_is_missing_are_explained() {
    for who in ["mallory.finch", "alice.ash", "dora.diaz", "erik.eklund"] {
        assert_file(&format!("tests/snapshots/explain-{who}.txt"), &told(&format!("{who}@corp.example.com")));
    }
}

#[test]
fn user_name_mail_account_name_and_display_name_mean_the_same_person() {
    let by_user_name = told("alice.ash@corp.example.com");
    for name in ["alice.ash", "ALICE.ASH@corp.example.com", "Alice Ash", " alice ash ", r"CORP\alice.ash"] {
        assert_eq!(told(name), by_user_name, "{name}");
    }
}

#[test]
fn the_printed_schema_is_the_published_one() {
    let output = rollcall(root(), &["schema", "explain"], &[]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    assert_file(".schema/explain.json", &output.stdout);
}

/// What a report says of the access of everyone, for a comparison with what is explained.
pub fn population() -> Vec<csv::StringRecord> {
    let text = read("reports/example/population.csv");
    csv::Reader::from_reader(text.as_bytes()).into_records().map(Result::unwrap).collect()
}

#[test]
fn what_is_explained_is_what_the_population_says_for_everyone() {
    let (user_name, kind, standing, findings) = (3, 7, 13, 25);
    let rows = population();
    let mut users: Vec<&str> = rows.iter().filter(|row| &row[2] == "user").map(|row| &row[user_name]).collect();
    users.dedup();
    assert!(users.len() > 8, "{users:?}");
    for user in users {
        let explained = json(user);
        let mut found: Vec<String> = Vec::new();
        for by in explained["groups"].as_array().unwrap().iter().chain([&explained]) {
            let grants = by["grants"].as_array().or(by["direct"].as_array()).unwrap();
            found.extend(grants.iter().map(|grant| grant["standing"].as_str().unwrap().to_owned()));
        }
        let of_user = || rows.iter().filter(|row| &row[user_name] == user && &row[kind] != "none");
        let mut truth: Vec<String> = of_user().map(|row| row[standing].to_owned()).collect();
        found.sort();
        truth.sort();
        assert_eq!(found, truth, "{user}");
        let ids: Vec<&str> =
            explained["findings"].as_array().unwrap().iter().map(|f| f["fingerprint"].as_str().unwrap()).collect();
        for row in of_user().filter(|row| &row[standing] == "unintended") {
            assert!(row[findings].split(' ').any(|id| ids.contains(&id.trim_matches(';'))), "{user}: {ids:?}: {row:?}");
        }
    }
}

#[test]
fn a_finding_about_somebody_else_in_the_same_group_is_not_theirs() {
    let (alice, bob) = (json("alice.ash"), json("bob.berg"));
    let rules = |told: &Value| {
        let findings = told["findings"].as_array().unwrap().iter();
        findings.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(rules(&bob).contains(&"unexpected-membership".to_owned()), "{:?}", rules(&bob));
    assert!(!rules(&alice).contains(&"unexpected-membership".to_owned()), "{:?}", rules(&alice));
}

#[test]
fn nobody_and_several_are_told_apart_and_near_names_are_given() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rollcall.toml"), "").unwrap();
    fs::create_dir(folder.path().join("expected")).unwrap();
    let users = "DisplayName,SamAccountName,UserPrincipalName,Enabled\nSam Smith,ssmith,,True\n\
                 Sam Smith,ssmith2,sam.smith@corp.example,True\nSsmith,other,,True\n";
    fs::write(folder.path().join("expected/users.csv"), users).unwrap();
    let saved = root().join("tests/data/sample/aws");
    let ask = |who: &str| {
        let output =
            rollcall(folder.path(), &["explain", "--kind", "person", who, "--from", saved.to_str().unwrap()], &[]);
        (output.code, output.stderr, output.stdout)
    };
    let refused = |who: &str| {
        let (code, stderr, stdout) = ask(who);
        assert_eq!((code, stdout.as_str()), (2, ""));
        stderr
    };
    insta::assert_snapshot!(refused("sam smith"), @"
    error: `sam smith` is the name of several people
      help: use one of `ssmith`, `sam.smith@corp.example`
    ");
    insta::assert_snapshot!(refused("sam.smyth"), @r"
    error: `sam.smyth` was not found in AWS or in the expected lists
      help: did you mean one of `sam.smith@corp.example`, `ssmith`?
    ");
    insta::assert_snapshot!(refused("zaphod"), @"
    error: `zaphod` was not found in AWS or in the expected lists
      help: use the user name, email address, sAMAccountName or display name of a person, or the name, id or ARN of a group, an IAM user, a permission set or an account
    ");
    let (code, _, told) = ask("ssmith");
    assert!(code == 0 && told.starts_with("Sam Smith\n"), "a sign-in name goes before a display name: {told}");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "nothing was written: {left:?}");
}

/// A folder with a story's lists in `expected` and its saved output in `saved`.
pub fn folder_of(story: &Story) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &std::path::Path, text: &str| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(&folder.path().join("rollcall.toml"), "");
    for (name, text) in story.expected_files() {
        write(&folder.path().join("expected").join(name), &text);
    }
    for file in story.saved_files() {
        write(&folder.path().join("saved").join(&file.name), &file.text);
    }
    folder
}

#[test]
fn whoever_a_cut_listing_may_name_is_not_said_to_be_nobody() {
    let folder = folder_of(&Story::small());
    let ask = || {
        let output = rollcall(folder.path(), &["explain", "mallory", "--from", "saved"], &[]);
        (output.code, output.stderr)
    };
    assert_eq!(ask().0, 2);
    let calls = folder.path().join("saved/calls.jsonl");
    let all = fs::read_to_string(&calls).unwrap();
    let lines: Vec<&str> = all.lines().filter(|line| !line.contains("list-users")).collect();
    fs::write(&calls, lines.join("\n")).unwrap();
    let (code, stderr) = ask();
    assert_eq!(code, 4, "{stderr}");
    insta::assert_snapshot!(stderr, @r"
    error: `mallory` was not found, and not everything could be read: users: `identitystore:ListUsers`: it was in scope but was not queried
      help: close these gaps and run again; it may exist
    ");
}

#[test]
fn an_iam_user_whose_tag_names_the_person_is_theirs_to_answer_for() {
    let mut story = Story::small();
    story.change("dev", "svc-backup", |user| user.owner = Some("bob@corp.example.com".to_owned()));
    story.aws_iam_user("prod", "svc-odd", &["ReadOnlyAccess"]);
    story.change("prod", "svc-odd", |user| user.owner = Some("Bob@corp.example.com".to_owned()));
    let folder = folder_of(&story);
    let told = |who: &str| {
        let output = rollcall(folder.path(), &["explain", who, "--from", "saved", "--format", "json"], &[]);
        let told: Value = serde_json::from_str(&output.stdout).unwrap();
        let owned = told["iam_users"].as_array().unwrap().iter();
        owned.map(|owned| owned["user"]["what"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // What the list says goes before what a tag says.
    insta::assert_snapshot!(told("alice").join("\n"), @"IAM user `svc-backup` in `Acme Development` (333344445555)");
    insta::assert_snapshot!(told("bob").join("\n"), @"IAM user `svc-odd` in `Acme Production` (222233334444)");
}

#[test]
fn what_an_earlier_run_knew_is_explained_as_the_audit_finds_it() {
    let story = Story::small();
    let staff = |rows: &str| ("hr/staff-2026-11-19.csv".to_owned(), format!("Name,Email,Status\n{rows}"));
    let others = "Alice,alice@corp.example.com,active\nCarol,carol@corp.example.com,active\n";
    let mut lists = story.expected_files();
    lists.push(staff(&format!("{others}Bob,bob@corp.example.com,terminated\n")));
    let folder = folder(&story.saved_files(), &lists);
    let job = "[[job]]\nname = \"daily\"\ncron = \"0 6 * * *\"\nto = \"of-the-job\"\n";
    let settings = folder.path().join("rollcall.toml");
    fs::write(&settings, fs::read_to_string(&settings).unwrap() + job).unwrap();
    let explained = |more: &[&str]| {
        let output = run(&folder, &[&["explain", "bob@corp.example.com"], more].concat());
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{more:?}");
        output.stdout
    };
    let none = "none was found, so what only an earlier run knew is not taken into account";
    let flat = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat(explained(&[])).contains(none), "{}", explained(&[]));
    assert_eq!(run(&folder, &["audit", "--job", "daily", "--no-alert"]).code, 3);
    let (name, text) = staff(others);
    fs::write(folder.path().join("expected").join(name), text).unwrap();
    let audited = run(&folder, &["audit", "--job", "daily", "--no-alert"]);
    let (_, id) = audited.stdout.split_once("leaver-with-access ").expect(&audited.stdout);
    let id = id.split_whitespace().next().unwrap();
    let of_the_job: [&[&str]; 3] = [&[], &["--job", "daily"], &["--to", "of-the-job", "--job", "daily"]];
    for more in of_the_job {
        let text = explained(more);
        assert!(text.contains(id) && !text.contains(": `directory/members"), "{more:?}: {text}");
        let said = "unintended: `hr/staff-2026-11-19.csv:4` said in the run of 2026-11-20 08:00:00 UTC that its holder had \
                    left, and no list has said otherwise since";
        assert!(flat(text.clone()).contains(said), "{more:?}: {text}");
        assert!(!flat(text.clone()).contains(none), "{more:?}: {text}");
    }
    let elsewhere = explained(&["--to", "elsewhere"]);
    assert!(flat(elsewhere.clone()).contains(none) && !elsewhere.contains(id), "{elsewhere}");
    assert!(!folder.path().join("elsewhere").exists());
    let json = run(&folder, &["explain", "bob@corp.example.com", "--format", "json"]).stdout;
    validates(&read(".schema/explain.json"), &json);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["earlier_run"]["as_of"], "2026-11-20T08:00:00Z");
}

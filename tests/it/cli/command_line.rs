//! The command line as its user meets it: help, wrong settings, a first folder, schemas, and what goes before what.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::story::Story;
use crate::support::schema::validates;
use crate::support::snapshot::assert_file;
use crate::support::{Output, read, rollcall, root};

const COMMANDS: [&str; 19] = [
    "audit",
    "collect",
    "check",
    "policy",
    "explain",
    "export-commands",
    "adopt",
    "waive",
    "plan",
    "apply",
    "serve",
    "watch",
    "alert",
    "status",
    "verify",
    "init",
    "rules",
    "schema",
    "completions",
];

/// Each file is settings that cannot be used; the message that they cause lies beside it.
const BAD_SETTINGS: &str = "tests/data/bad/settings";

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    rollcall(folder.path(), arguments, &[])
}

fn prints(arguments: &[&str]) -> String {
    let output = run(&tempfile::tempdir().unwrap(), arguments);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{arguments:?}");
    output.stdout
}

/// A folder with a story's saved output in `saved` and its lists in `expected`.
fn story_in_a_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::small();
    for file in story.saved_files() {
        write(&folder.path().join("saved").join(&file.name), &file.text);
    }
    for (name, text) in story.expected_files() {
        write(&folder.path().join("expected").join(name), &text);
    }
    folder
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn help_of_the_program_and_of_every_command_says_what_the_snapshots_say() {
    assert_file("tests/snapshots/help.txt", &prints(&["--help"]));
    for command in COMMANDS {
        assert_file(&format!("tests/snapshots/help-{command}.txt"), &prints(&[command, "--help"]));
    }
    for directory in ["ad", "entra"] {
        let help = prints(&["export-commands", directory, "--help"]);
        assert_file(&format!("tests/snapshots/help-export-commands-{directory}.txt"), &help);
    }
}

#[test]
fn every_command_of_the_help_has_a_snapshot() {
    let help = prints(&["--help"]);
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let named = commands.lines().take_while(|line| !line.is_empty());
    assert_eq!(named.map(|line| line.split_whitespace().next().unwrap()).collect::<Vec<_>>(), COMMANDS);
}

#[test]
fn settings_that_cannot_be_used_end_with_code_2_and_say_why() {
    let folder = root().join(BAD_SETTINGS);
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().unwrap().strip_suffix(".toml").map(str::to_owned))
        .collect();
    names.sort();
    assert!(names.len() > 15, "{names:?}");
    // Nobody can put a file there that is not there.
    names.push("missing-file".to_owned());
    for name in names {
        let file = format!("{name}.toml");
        // These settings are in order, but for the job that is asked for.
        let arguments: &[&str] = match name.as_str() {
            "unknown-job" => &["audit", "--job", "dialy", "--config", &file],
            _ => &["check", "--offline", "--config", &file],
        };
        let output = rollcall(&folder, arguments, &[]);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{name}: {}", output.stderr);
        assert_file(&format!("{BAD_SETTINGS}/{name}.message"), &output.stderr);
    }
}

#[test]
fn a_first_folder_is_ready_for_lists_and_what_is_there_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let first = run(&folder, &["init"]);
    insta::assert_snapshot!(first.stdout, @"
    wrote  ./rollcall.toml
    wrote  ./expected/README.md

    Next: run `rollcall check --aws`, then `rollcall audit`. Without lists, the audit is an inventory. Put an export of
    the directory into `expected/` (see its README.md). Then let `rollcall adopt` draft the other lists from what AWS has
    now.
    ");
    let without_a_list = run(&folder, &["check", "--offline"]);
    assert_eq!((without_a_list.code, without_a_list.stderr.as_str()), (0, ""));
    let said = "no expected list in expected\n  an audit will be an inventory and assess nothing; `rollcall adopt` drafts the lists\n";
    assert!(without_a_list.stdout.starts_with(said), "{}", without_a_list.stdout);

    let settings = folder.path().join("rollcall.toml");
    let own = fs::read_to_string(&settings).unwrap().replace("Example Organization", "Acme");
    fs::write(&settings, &own).unwrap();
    let again = run(&folder, &["init"]);
    insta::assert_snapshot!(again.stdout, @"
    kept   ./rollcall.toml
    kept   ./expected/README.md

    Next: run `rollcall check --aws`, then `rollcall audit`. Without lists, the audit is an inventory. Put an export of
    the directory into `expected/` (see its README.md). Then let `rollcall adopt` draft the other lists from what AWS has
    now.
    ");
    assert_eq!(fs::read_to_string(&settings).unwrap(), own);

    let (name, text) = Story::small().expected_files().remove(0);
    write(&folder.path().join("expected").join(name), &text);
    let checked = run(&folder, &["check", "--offline"]);
    assert_eq!((checked.code, checked.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(checked.stdout, @r"
    directory/users-2026-11-19.csv
      PowerShell CSV (`Get-ADUser`), ASCII
      3 rows, 3 used
      exported 2026-11-19 00:00:00 UTC (from the file's name)
    ");
}

#[test]
fn an_argument_that_cannot_be_used_ends_with_code_2_and_says_why() {
    let cases: [(&[&str], &str); 6] = [
        (&["audit", "--as-of", "+12000-01-01T00:00:00Z"], "the year is not between 0 and 9999"),
        (&["audit", "--as-of=-0001-01-01T00:00:00Z"], "the year is not between 0 and 9999"),
        (&["audit", "--to", "s3:/bucket/x"], "`s3:` needs two slashes after it"),
        (&["rules", "--log", "wran"], "`wran` is not a level"),
        (&["rules", "--log", "rollcall=wran"], "error parsing level filter"),
        (&["verify", "--last", "0123"], "is not a SHA-256"),
    ];
    for (arguments, why) in cases {
        let output = run(&tempfile::tempdir().unwrap(), arguments);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{arguments:?}: {}", output.stderr);
        assert!(output.stderr.contains(why), "{arguments:?}: {}", output.stderr);
    }
    for filter in ["warn", "OFF", "rollcall=debug,warn", "rollcall", "warn,rollcall::serve=trace", ""] {
        let output = run(&tempfile::tempdir().unwrap(), &["rules", "--log", filter]);
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{filter}");
    }
}

#[test]
fn rules_are_listed_with_what_they_mean_and_an_unknown_one_is_refused() {
    assert_file("tests/snapshots/rules.txt", &prints(&["rules"]));
    assert_file("tests/snapshots/rules-unexpected-user.txt", &prints(&["rules", "unexpected-user"]));
    let unknown = run(&tempfile::tempdir().unwrap(), &["rules", "nonsense"]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(unknown.stderr, @r"
    error: rule `nonsense` does not exist
      help: `rollcall rules` lists all rules
    ");
}

#[test]
fn completions_are_a_script_that_bash_can_read() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("completions"), &prints(&["completions", "bash"]));
    let parsed = Command::new("bash").arg("-n").arg(folder.path().join("completions")).status().unwrap();
    assert!(parsed.success());
}

#[test]
fn the_published_schema_of_the_settings_is_the_printed_one_and_our_own_settings_follow_it() {
    let schema = prints(&["schema", "settings"]);
    assert_file(".schema/settings.json", &schema);
    for settings in ["rollcall.toml", "src/cli/init/rollcall.toml"] {
        let settings: toml::Table = toml::from_str(&read(settings)).unwrap();
        validates(&schema, &serde_json::to_string(&settings).unwrap());
    }
}

#[test]
fn the_published_schema_of_the_report_is_the_printed_one_and_a_report_follows_it() {
    let schema = prints(&["schema", "report"]);
    assert_file(".schema/report.json", &schema);
    validates(&schema, &read("reports/example/report.json"));
}

#[test]
fn a_flag_goes_before_the_environment_the_environment_before_the_file_and_the_file_before_the_default() {
    let folder = story_in_a_folder();
    let settings = folder.path().join("rollcall.toml");
    let environment = [("ROLLCALL_TO".to_owned(), "from-environment".to_owned())];
    let audit = |environment: &[(String, String)], more: &[&str]| {
        let arguments = [&["audit", "--from", "saved", "--no-alert"], more].concat();
        let output = rollcall(folder.path(), &arguments, environment);
        assert_eq!(output.code, 0, "{}{}", output.stdout, output.stderr);
        let (_, package) = output.stdout.split_once("\nPackage  ").unwrap();
        package.split('/').next().unwrap().to_owned()
    };
    fs::write(&settings, "").unwrap();
    let default = audit(&[], &[]);
    fs::write(&settings, "[report]\nto = \"from-file\"\n").unwrap();
    let found = [default, audit(&[], &[]), audit(&environment, &[]), audit(&environment, &["--to", "from-flag"])];
    assert_eq!(found, ["reports", "from-file", "from-environment", "from-flag"]);
}

#[test]
fn an_instant_that_is_none_is_answered_with_how_one_is_written() {
    let output = run(&story_in_a_folder(), &["audit", "--from", "saved", "--as-of", "yesterday"]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("write it as `2026-11-20T08:00:00Z`"), "{}", output.stderr);
}

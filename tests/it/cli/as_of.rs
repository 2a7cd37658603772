//! Of which instant a run speaks, and where its facts come from: never of one before the facts, and always said.

use std::fs;

use tempfile::TempDir;

use crate::cli::adopt::{folder, run};
use crate::story::{File, Story};
use crate::support::rollcall;

fn company() -> TempDir {
    let mut story = Story::small();
    story.waive("unexpected-user", "mallory@corp.example.com", "2026-11-19").stranger("mallory");
    let folder = folder(&story.saved_files(), &story.expected_files());
    fs::write(folder.path().join("rollcall.toml"), "[collect]\nfrom = \"saved\"\n").unwrap();
    folder
}

/// Every command that judges, in a folder.
const COMMANDS: [&[&str]; 5] = [
    &["audit"],
    &["explain", "alice"],
    &["adopt"],
    &["adopt", "--finding", "0123456789"],
    &["waive", "--finding", "0123456789", "--reason", "so", "--approved-by", "ciso", "--until", "2027-03-01"],
];

#[test]
fn an_instant_before_the_saved_answers_is_refused_by_every_command() {
    let folder = company();
    for command in COMMANDS {
        let refused = run(&folder, &[command, &["--as-of", "2026-11-19T08:00:00Z"]].concat());
        assert_eq!((refused.code, refused.stdout.as_str()), (2, ""), "{command:?}");
        assert_eq!(
            refused.stderr,
            "error: `as_of` (2026-11-19 08:00:00 UTC) is before the first saved answer (2026-11-20 07:58:00 UTC)\n  help: remove `as_of` from the settings, `--as-of` and ROLLCALL_AS_OF: an instant before the answers would make expired waivers and old lists valid again\n",
            "{command:?}"
        );
    }
    assert!(!folder.path().join("reports/chain").exists(), "no package");
}

#[test]
fn an_instant_in_the_past_is_refused_where_aws_would_be_asked_now() {
    let folder = company();
    fs::write(
        folder.path().join("rollcall.toml"),
        "as_of = \"2026-11-20T08:00:00Z\"\n[[job]]\nname = \"daily\"\ncron = \"0 6 * * *\"\n",
    )
    .unwrap();
    // Nothing is asked, so no credentials are missed.
    for command in COMMANDS.into_iter().chain([&["check"] as &[&str], &["check", "--aws"], &["serve"]]) {
        let refused = run(&folder, command);
        assert_eq!((refused.code, refused.stdout.as_str()), (2, ""), "{command:?}: {}", refused.stderr);
        let first = "error: `as_of` (2026-11-20 08:00:00 UTC) is in the past, but this run queries AWS now (";
        assert!(refused.stderr.starts_with(first), "{command:?}: {}", refused.stderr);
    }
    fs::write(folder.path().join("rollcall.toml"), "").unwrap();
    let said = rollcall(folder.path(), &["audit"], &[("ROLLCALL_AS_OF".to_owned(), "2026-11-20T08:00:00Z".to_owned())]);
    assert_eq!(said.code, 2, "{}", said.stderr);
}

#[test]
fn saved_answers_are_said_to_be_saved_in_headline_page_and_json() {
    let folder = company();
    let audited = run(&folder, &["audit"]);
    assert_eq!(audited.code, 3, "the waiver has expired: {}", audited.stdout);
    let words: String = audited.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("(as of 2026-11-20, AWS data from saved files) "), "{words}");
    assert!(words.contains("AWS data saved files; no endpoint other than AWS was detected;"), "{words}");
    let package = audited.stdout.lines().find_map(|line| line.strip_prefix("Package  ")).expect("a package");
    let read = |name: &str| fs::read_to_string(folder.path().join(package).join(name)).unwrap();
    let json: serde_json::Value = serde_json::from_str(&read("report.json")).unwrap();
    assert_eq!(json["run"]["facts_from"], "saved-files");
    let notice =
        "This run did not query AWS: the AWS data comes from saved files, without proof that AWS gave these answers";
    assert_eq!(json["verdict"]["notices"][0], notice);
    let page = read("report.html");
    assert!(page.contains("AWS data from saved files)") && page.contains("This run did not query AWS"));
    assert_eq!(run(&folder, &["verify"]).code, 0, "a replay says the same");
}

#[test]
fn the_journal_of_a_run_is_said_to_be_one() {
    let folder = company();
    let audited = run(&folder, &["audit"]);
    let package = audited.stdout.lines().find_map(|line| line.strip_prefix("Package  ")).expect("a package").to_owned();
    let again = run(&folder, &["audit", "--from", &format!("{package}/inputs/aws.jsonl")]);
    let words: String = again.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("(as of 2026-11-20, AWS data from the journal of a run)"), "{words}");
}

#[test]
fn an_instant_long_after_the_saved_answers_is_taken_and_said() {
    let folder = company();
    let audited = run(&folder, &["audit", "--as-of", "2027-03-01T08:00:00Z"]);
    let words: String = audited.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("(as of 2027-03-01, AWS data of 2026-11-20 from saved files)"), "{words}");
    assert!(words.contains("stale-list"), "lists grow old by it: {words}");
    assert!(
        words.contains(
            "The report is as of 2027-03-01 08:00:00 UTC, but the oldest AWS data is from 2026-11-20 07:58:00 UTC, \
             101 days earlier: changes in AWS in between are not included"
        ),
        "{words}"
    );
}

/// The saved output of two organizations in one folder.
fn mixed(change: impl Fn(&str) -> String) -> TempDir {
    let mut files = Story::small().saved_files();
    let more: Vec<File> = files
        .iter()
        .filter(|file| file.name != "calls.jsonl")
        .map(|file| File { name: format!("more-{}", file.name), text: change(&file.text) })
        .collect();
    let calls = files.iter_mut().find(|file| file.name == "calls.jsonl").unwrap();
    let again: Vec<String> = calls
        .text
        .lines()
        .skip(1)
        .map(|line| {
            change(&line.replace("\"file\": \"", "\"file\": \"more-").replace("\"file\":\"", "\"file\":\"more-"))
        })
        .collect();
    calls.text = format!("{}\n{}\n", calls.text.trim_end(), again.join("\n"));
    files.extend(more);
    folder(&files, &Story::small().expected_files())
}

#[test]
fn saved_answers_about_two_instances_or_of_two_accounts_are_refused() {
    let refused = |change: &dyn Fn(&str) -> String| {
        let folder = mixed(change);
        let refused = run(&folder, &["audit"]);
        assert_eq!((refused.code, refused.stdout.as_str()), (1, ""), "{}", refused.stderr);
        refused.stderr
    };
    let instances = refused(&|text| text.replace("ssoins-", "ssoins-other-"));
    assert!(
        instances
            .starts_with("error: the saved answers cover 2 instances of Identity Center: `arn:aws:sso:::instance/"),
        "{instances}"
    );
    assert!(instances.contains("help: save the answers of each in a separate folder"), "{instances}");
    let callers = refused(&|text| text.replace("\"Account\": \"123456789012\"", "\"Account\": \"999988887777\""));
    assert!(
        callers.starts_with("error: the saved answers cover 2 callers' accounts: `123456789012`, `999988887777`"),
        "{callers}"
    );
}

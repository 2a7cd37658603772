//! A run that ended too early is gone on from: what was answered is taken as it is, the rest is asked, and the end is
//! the same as without the interruption.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rollcall::collect::from_journal;
use rollcall::model::Snapshot;
use serde_json::{Value, json};

use crate::collect::live::{Site, findings, gaps, troubled};
use crate::story::Story;
use crate::support::Output;

/// A troubled company whose users take two pages.
fn company() -> Story {
    let mut story = troubled();
    for number in 0..120 {
        story.hire(&format!("user-{number:03}"), &["AWS-Readers"]);
    }
    story
}

impl Site {
    /// What one run collects from beginning to end, as a file of this name.
    fn whole(&self, name: &str) -> PathBuf {
        let output = self.run(&["collect", "--to", name]);
        assert_eq!(output.code, 0, "{}{}", output.stdout, output.stderr);
        self.path().join(name)
    }

    /// Leaves the journal of a run that was cut short, and goes on from it.
    fn resume(&self, journal: &str) -> Output {
        std::fs::write(self.path().join("cut.part.jsonl"), journal).unwrap();
        self.run(&["collect", "--to", "cut.jsonl", "--resume"])
    }

    fn left(&self, name: &str) -> bool {
        self.path().join(name).exists()
    }

    /// How often each operation was called while something was done.
    fn calls_of(&self, done: impl FnOnce()) -> BTreeMap<String, u64> {
        let count = || -> BTreeMap<String, u64> { serde_json::from_value(self.moto.ledger()).unwrap() };
        let before = count();
        done();
        let since = |(operation, calls): (String, u64)| {
            let earlier = before.get(&operation).copied().unwrap_or(0);
            (calls > earlier).then(|| (operation, calls - earlier))
        };
        count().into_iter().filter_map(since).collect()
    }

    /// Starts a run that is ended before it is done.
    fn start(&self, arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_rollcall"))
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .envs(self.moto.environment())
            .env("HOME", self.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

/// What a journal says of AWS, without when and how often it was asked.
fn seen(path: &Path) -> Snapshot {
    let journal = BufReader::new(std::fs::File::open(path).unwrap());
    let mut snapshot = from_journal(journal).unwrap().snapshot;
    snapshot.window = None;
    snapshot.ledger.clear();
    snapshot
}

fn lines(path: &Path) -> Vec<String> {
    std::fs::read_to_string(path).unwrap().lines().map(|line| format!("{line}\n")).collect()
}

/// The lines with the answers to one operation, of everybody.
fn of<'l>(lines: &'l [String], operation: &str) -> Vec<&'l String> {
    lines.iter().filter(|line| line.contains(&format!("\"operation\":\"{operation}\""))).collect()
}

#[test]
fn a_run_that_was_cut_anywhere_ends_as_one_that_was_not() {
    let site = Site::of(&company(), "");
    let whole = site.whole("whole.jsonl");
    let lines = lines(&whole);
    let all: u64 = site.calls_of(|| drop(site.whole("again.jsonl"))).values().sum();
    for part in [1, 2, lines.len() / 3, lines.len() * 2 / 3, lines.len()] {
        let mut cut = lines[..part].concat();
        // The line that was being written when the power went.
        cut.extend(lines.get(part).map(|line| &line[..line.len() / 2]));
        let calls: u64 = site.calls_of(|| assert_eq!(site.resume(&cut).code, 0)).values().sum();
        let resumed = site.path().join("cut.jsonl");
        assert_eq!(seen(&resumed), seen(&whole), "{part} of {} lines", lines.len());
        assert!(calls <= all && (part <= 2 || calls < all), "{part} lines: {calls} of {all} calls");
        assert!(!site.left("cut.part.jsonl"), "what lies in the file is not kept twice");
        std::fs::remove_file(resumed).unwrap();
    }
}

#[test]
fn of_a_run_that_was_whole_only_who_asks_and_whom_is_asked_again() {
    let site = Site::of(&company(), "");
    let journal = lines(&site.whole("whole.jsonl")).concat();
    let calls = site.calls_of(|| assert_eq!(site.resume(&journal).code, 0));
    let expected = [("sso:ListInstances".to_owned(), 1), ("sts:GetCallerIdentity".to_owned(), 1)];
    assert_eq!(calls, BTreeMap::from(expected));
}

#[test]
fn a_listing_goes_on_from_its_last_token() {
    let site = Site::of(&company(), "");
    let lines = lines(&site.whole("whole.jsonl"));
    let users = of(&lines, "identitystore:ListUsers");
    assert_eq!(users.len(), 2, "the story has two pages of users");
    let journal = format!("{}{}", lines[0], users[0]);
    let calls = site.calls_of(|| assert_eq!(site.resume(&journal).code, 0));
    assert_eq!(calls["identitystore:ListUsers"], 1);
}

#[test]
fn a_listing_whose_old_token_is_refused_starts_over() {
    let site = Site::of(&company(), "");
    let whole = site.whole("whole.jsonl");
    let lines = lines(&whole);
    let journal = format!("{}{}", lines[0], of(&lines, "identitystore:ListUsers")[0]);
    site.moto.fail(&json!({"operation": "identitystore:ListUsers", "fault": "deny", "code": "ValidationException",
                           "message": "the token is too old", "times": 1}));
    let calls = site.calls_of(|| assert_eq!(site.resume(&journal).code, 0));
    assert_eq!(calls["identitystore:ListUsers"], 3);
    assert_eq!(seen(&site.path().join("cut.jsonl")), seen(&whole));
}

#[test]
fn pages_of_two_passes_are_not_put_together() {
    let site = Site::of(&company(), "");
    let lines = lines(&site.whole("whole.jsonl"));
    let users = of(&lines, "identitystore:ListUsers");
    // The listing was begun anew, and the run ended after its first page.
    let journal = format!("{}{}{}{}", lines[0], users[0], users[1], users[0]);
    let calls = site.calls_of(|| assert_eq!(site.resume(&journal).code, 0));
    assert_eq!(calls["identitystore:ListUsers"], 1);
}

#[test]
fn what_was_denied_is_asked_again() {
    let site = Site::of(&Story::small(), "");
    site.moto.fail(&json!({"operation": "identitystore:ListGroups", "fault": "deny"}));
    let denied = site.run(&["collect", "--to", "denied.jsonl"]);
    assert_eq!(denied.code, 4, "{}", denied.stdout);
    assert!(denied.stdout.contains("gap: "), "{}", denied.stdout);
    site.moto.heal();
    let journal = std::fs::read_to_string(site.path().join("denied.jsonl")).unwrap();
    let resumed = site.resume(&journal);
    assert_eq!(resumed.code, 0, "{}", resumed.stdout);
    assert_eq!(seen(&site.path().join("cut.jsonl")), seen(&site.whole("whole.jsonl")));
}

#[test]
fn credentials_that_lapse_once_are_renewed_and_cost_nothing() {
    let site = Site::of(&Story::small(), "");
    site.moto.fail(&expired("sso:ListPermissionSets", Some(1)));
    let (report, code) = site.audit("renewed", &[]);
    assert_eq!((code, gaps(&report)), (0, Vec::new()));
    assert_eq!(report["ledger"]["sso:ListPermissionSets"]["calls"], 2);
    assert_eq!(report["ledger"]["sso:ListPermissionSets"]["retried"], 1);
}

fn expired(operation: &str, times: Option<u32>) -> Value {
    let mut fault = json!({"operation": operation, "fault": "deny", "code": "ExpiredTokenException", "status": 400,
                           "message": "the security token included in the request is expired"});
    if let Some(times) = times {
        fault["times"] = times.into();
    }
    fault
}

#[test]
fn an_audit_whose_credentials_lapse_says_how_to_go_on_and_does() {
    let site = Site::of(&troubled(), "[collect]\njournals = \".\"\n");
    let (undisturbed, _) = site.audit("undisturbed", &[]);
    site.moto.fail(&expired("identitystore:ListGroupMemberships", None));
    let lapsed = site.run(&["audit", "--to", "lapsed"]);
    let report = site.report(&lapsed);
    assert!(gaps(&report).iter().any(|gap| gap.contains("ListGroupMemberships")), "{:?}", gaps(&report));
    assert!(lapsed.stdout.contains("sign in again"), "{}", lapsed.stdout);
    let journal = named(&lapsed.stderr).expect("the journal is named");
    assert!(site.left(&journal), "{}", lapsed.stderr);

    site.moto.heal();
    let resumed = site.run(&["audit", "--to", "resumed", "--resume"]);
    let report = site.report(&resumed);
    assert_eq!((gaps(&report), findings(&report)), (Vec::new(), findings(&undisturbed)), "{}", resumed.stderr);
    assert!(!site.left(&journal), "the package has what the journal had");
}

#[test]
fn nothing_more_is_sent_with_credentials_that_have_lapsed() {
    let site = Site::of(&Story::small(), "");
    site.moto.fail(&expired("sso:ListInstances", None));
    let calls = site.calls_of(|| assert_eq!(site.run(&["collect", "--to", "lapsed.jsonl"]).code, 4));
    let expected = [("sso:ListInstances".to_owned(), 2), ("sts:GetCallerIdentity".to_owned(), 1)];
    assert_eq!(calls, BTreeMap::from(expected));
}

#[test]
fn credentials_that_one_service_calls_invalid_are_still_sent_to_the_others() {
    let site = Site::of(&Story::small(), "");
    site.moto.fail(&json!({"operation": "organizations:ListAccounts", "fault": "deny", "status": 400,
                           "code": "MissingAuthenticationTokenException", "message": "Missing Authentication Token"}));
    let calls = site.calls_of(|| assert_eq!(site.run(&["collect", "--to", "refused.jsonl"]).code, 4));
    assert_eq!(calls["organizations:ListAccounts"], 2, "once more with renewed credentials");
    let snapshot = seen(&site.path().join("refused.jsonl"));
    let hiding = snapshot.gaps.iter().filter(|gap| gap.hides == rollcall::model::Hides::Grants);
    assert_eq!(hiding.map(|gap| gap.source.as_str()).collect::<Vec<_>>(), ["organizations:ListAccounts"]);
}

/// The journal that a message names after `--resume`.
fn named(said: &str) -> Option<String> {
    let (_, rest) = said.split_once("--resume ")?;
    Some(rest.split_once('`')?.0.to_owned())
}

#[test]
fn the_interrupt_key_ends_a_run_with_whole_lines_and_says_how_to_go_on() {
    let site = Site::of(&company(), "");
    let whole = site.whole("whole.jsonl");
    // Slow enough that it is still at it when it is interrupted.
    let settings = std::fs::read_to_string(site.path().join("rollcall.toml")).unwrap();
    std::fs::write(site.path().join("slow.toml"), settings.replace("= 500", "= 0.5")).unwrap();
    let slow = ["--config", "slow.toml", "collect", "--to", "cut.jsonl"];
    let process = site.start(&[slow[2], slow[0], slow[1], slow[3], slow[4]]);
    let growing = site.path().join("cut.part.jsonl");
    while std::fs::read_to_string(&growing).unwrap_or_default().lines().count() < 4 {
        std::thread::yield_now();
    }
    let sent = Command::new("kill").args(["-INT", &process.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = process.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("the run was interrupted"), "{said}");
    assert_eq!(named(&said).as_deref(), Some("cut.part.jsonl"), "{said}");
    assert!(std::fs::read_to_string(&growing).unwrap().ends_with('\n'));

    let refused = site.run(&["collect", "--to", "cut.jsonl"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("an interrupted run left the journal"), "{}", refused.stderr);

    let onto_itself = site.run(&["collect", "--to", "cut.part.jsonl", "--resume", "cut.part.jsonl"]);
    assert_eq!(onto_itself.code, 1);
    assert!(onto_itself.stderr.contains("is also the output file"), "{}", onto_itself.stderr);
    assert!(growing.exists());

    let resumed = site.run(&["collect", "--to", "cut.jsonl", "--resume"]);
    assert_eq!(resumed.code, 0, "{}", resumed.stderr);
    assert_eq!(seen(&site.path().join("cut.jsonl")), seen(&whole));
}

#[test]
fn a_run_that_was_killed_is_found_and_gone_on_from() {
    let site = Site::of(&company(), "[collect]\njournals = \".\"\n");
    let (undisturbed, _) = site.audit("undisturbed", &[]);
    let settings = std::fs::read_to_string(site.path().join("rollcall.toml")).unwrap();
    std::fs::write(site.path().join("slow.toml"), settings.replace("= 500", "= 0.5")).unwrap();
    let mut process = site.start(&["audit", "--config", "slow.toml", "--to", "killed"]);
    let journal = || {
        let entries = std::fs::read_dir(site.path()).unwrap().map(|entry| entry.unwrap().path());
        entries.into_iter().find(|path| path.to_string_lossy().contains("rollcall-journal-"))
    };
    while journal().is_none_or(|path| std::fs::read_to_string(path).unwrap().lines().count() < 4) {
        std::thread::yield_now();
    }
    process.kill().unwrap();
    process.wait().unwrap();

    let resumed = site.run(&["audit", "--to", "resumed", "--resume"]);
    let report = site.report(&resumed);
    assert_eq!((gaps(&report), findings(&report)), (Vec::new(), findings(&undisturbed)), "{}", resumed.stderr);
    assert_eq!(journal(), None);
}

#[test]
fn a_journal_that_does_not_fit_is_refused_with_the_reason() {
    let site = Site::of(&Story::small(), "");
    let lines = lines(&site.whole("whole.jsonl"));
    let journal = lines.concat();
    let year = &journal[journal.find("\"started\":\"").unwrap() + 11..][..4];
    let cases = [
        (
            "old",
            journal.replace(&format!("\"started\":\"{year}"), "\"started\":\"2020"),
            "`aws.resume_within` is 6 hours",
        ),
        ("region", journal.replace("us-east-1", "eu-west-1"), "its region is `eu-west-1`, this run's is `us-east-1`"),
        ("scope", journal.replacen("\"iam\":\"organization\"", "\"iam\":\"nowhere\"", 1), "its IAM is not read"),
        (
            "account",
            journal.replace("\"Account\":\"123456789012\"", "\"Account\":\"999988887777\""),
            "credentials of account 999988887777",
        ),
        ("instance", journal.replace("ssoins-", "ssoins-x"), "read the instance"),
        ("damaged", journal.replacen("{\"call\"", "{\"cull\"", 2), "line 2 is not a page"),
    ];
    for (case, journal, reason) in cases {
        let refused = site.resume(&journal);
        assert_eq!(refused.code, 1, "{case}: {}", refused.stdout);
        let told = refused.stderr;
        assert!(told.contains(reason), "{case}: {told}");
        assert!(told.contains("without `--resume`"), "{case}: {told}");
    }
    std::fs::remove_file(site.path().join("cut.part.jsonl")).unwrap();
    let nothing = site.run(&["audit", "--to", "none", "--resume", "absent.jsonl"]);
    assert_eq!(nothing.code, 1);
    assert!(nothing.stderr.contains("cannot open the journal `absent.jsonl`"), "{}", nothing.stderr);
}

#[test]
fn what_is_ahead_is_said_before_anything_is_asked() {
    let site = Site::of(&Story::small(), "");
    let first = site.run(&["audit", "--to", "store"]);
    let lists = "querying AWS: first users, groups, accounts and permission sets, to learn how many calls are needed";
    assert!(first.stderr.contains(lists), "{}", first.stderr);
    let ledger = &site.report(&first)["ledger"];
    let calls: u64 = ledger.as_object().unwrap().values().map(|tally| tally["calls"].as_u64().unwrap()).sum();
    let second = site.run(&["audit", "--to", "store"]).stderr;
    let (_, took) = second.split_once(&format!("querying AWS: the last run took {calls} calls and ")).expect(&second);
    assert!(took.split_once(" s").unwrap().0.parse::<u64>().is_ok(), "{second}");
}

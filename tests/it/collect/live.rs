//! A run against a real server that speaks AWS's protocols: live, from the AWS CLI's files and from the journal of the
//! live run, the findings are the same; what AWS refuses is a gap; package and message arrive.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::story::{Story, group, user};
use crate::support::printed::{self, Services};
use crate::support::{Moto, Output, rollcall};

/// A company with a deviation of most kinds.
pub fn troubled() -> Story {
    let mut story = Story::small();
    story
        // What the server calls the organization's own account.
        .account("management", "123456789012", "master")
        .stranger("mallory")
        .aws_member("AWS-Admins", "mallory")
        .leaves("bob")
        .aws_member("AWS-Admins", "carol")
        .aws_group("Temp")
        .aws_member("Temp", "alice")
        .aws_grant(group("AWS-Readers"), "Audit", "dev")
        .aws_grant(user("alice"), "ReadOnly", "management")
        .aws_iam_user("prod", "svc-old", &["AdministratorAccess"])
        .attach("dev", "svc-backup", "ReadOnlyAccess")
        .role_for("prod", "scanner", "999988887777")
        .attach_to_role("prod", "scanner", "AdministratorAccess")
        .role_for("prod", "vendor", "888877776666")
        .expect_trust("prod", "vendor", "888877776666");
    story
}

/// A folder with settings and lists, and the server that the settings lead to.
pub struct Site {
    folder: tempfile::TempDir,
    pub moto: Moto,
    made: Value,
}

impl Site {
    pub fn of(story: &Story, settings: &str) -> Self {
        let moto = Moto::start();
        let made = moto.seed(&story.for_moto());
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in story.expected_files() {
            // Exported today, as far as anybody can tell.
            let path = folder.path().join("expected").join(name.replace("-2026-11-19", ""));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let site = Site { folder, moto, made };
        site.settings(settings);
        site
    }

    /// Writes the settings; `{topic}` and `{bucket}` stand for what the story made.
    pub fn settings(&self, more: &str) {
        let text = format!("[aws]\nmember_role = \"RollcallAuditor\"\nrequests_per_second = 500\n{more}");
        let named = |name: &str| self.made[name].as_str().unwrap_or_default().to_owned();
        let text = text.replace("{topic}", &named("topic_arn")).replace("{bucket}", &named("bucket"));
        std::fs::write(self.path().join("rollcall.toml"), text).unwrap();
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        rollcall(self.path(), arguments, &self.moto.environment())
    }

    /// Runs an audit into a store of its own, and returns its `report.json` and its exit code.
    pub fn audit(&self, store: &str, more: &[&str]) -> (Value, i32) {
        let arguments: Vec<&str> = ["audit", "--to", store].into_iter().chain(more.iter().copied()).collect();
        let output = self.run(&arguments);
        (self.report(&output), output.code)
    }

    /// Runs the printed script, and audits what it saved.
    fn audit_by_script(&self) -> Value {
        let ran = printed::run(self.path(), &self.moto.environment(), Services::Old);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        self.audit("saved-report", &["--from", "saved"]).0
    }

    pub fn report(&self, output: &Output) -> Value {
        let line = output.stdout.lines().find_map(|line| line.strip_prefix("Package  "));
        let package = line.unwrap_or_else(|| panic!("no package: {}{}", output.stdout, output.stderr));
        let text = std::fs::read_to_string(self.path().join(package).join("report.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// The messages in the queue that is subscribed to the topic, each only once: a message that was received comes back
    /// when its time of hiding is over, half a minute if nothing else is said, and a test may take longer beside others.
    pub fn messages(&self) -> Vec<Value> {
        let queue = self.made["queue_url"].as_str().unwrap();
        // The AWS CLI asks a queue where the queue's own address says, unless it is told otherwise.
        let (server, _) = queue.split_at(queue.rfind("/123456789012/").unwrap());
        let received = self.moto.aws(&[
            "sqs",
            "receive-message",
            "--endpoint-url",
            server,
            "--queue-url",
            queue,
            "--max-number-of-messages",
            "10",
            "--visibility-timeout",
            "43200",
        ]);
        assert_eq!(received.code, 0, "{}", received.stderr);
        if received.stdout.trim().is_empty() {
            return Vec::new();
        }
        let received: Value = serde_json::from_str(&received.stdout).expect("the AWS CLI prints JSON");
        let bodies = received["Messages"].as_array().cloned().unwrap_or_default();
        bodies.iter().map(|message| serde_json::from_str(message["Body"].as_str().unwrap()).unwrap()).collect()
    }
}

/// Leaves a run of the job `daily` in the store that is long ago.
pub fn leave_an_old_run(folder: &Path, settings: &str) {
    std::fs::create_dir(folder.join("nothing")).unwrap();
    let header = r#"{"format":"rollcall-calls","version":1,"scope":{"identity_center":false,"iam":"caller-account"}}"#;
    std::fs::write(folder.join("nothing/calls.jsonl"), header).unwrap();
    let of_job = ["audit", "--config", settings, "--job", "daily", "--no-alert", "--exit-zero"];
    let long_ago = ["--from", "nothing", "--as-of", "2020-01-01T08:00:00Z"];
    let output = rollcall(folder, &[&of_job[..], &long_ago].concat(), &[]);
    assert_eq!(output.code, 0, "{}{}", output.stdout, output.stderr);
}

/// What was found: rule, severity and sentence of each finding.
pub fn findings(report: &Value) -> Vec<(String, String, String)> {
    let text = |finding: &Value, field: &str| finding[field].as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| (text(finding, "rule"), text(finding, "severity"), text(finding, "title"))).collect()
}

/// The gaps' own keys.
pub fn gaps(report: &Value) -> Vec<String> {
    let gaps = report["gaps"].as_array().unwrap();
    gaps.iter().map(|gap| gap["key"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn live_saved_files_and_journal_give_the_same_findings() {
    let site = Site::of(&troubled(), "");
    let (live, code) = site.audit("live", &[]);
    assert_eq!((code, gaps(&live)), (3, Vec::new()));

    assert_eq!(site.run(&["collect", "--to", "aws.jsonl"]).code, 0);
    let (journal, _) = site.audit("journal", &["--from", "aws.jsonl"]);
    let saved = site.audit_by_script();

    let story = crate::support::audited::Audited::of(&troubled());
    let told: Vec<String> =
        findings(&live).into_iter().map(|(rule, severity, title)| format!("{severity} {rule}: {title}")).collect();
    assert_eq!(told, story.titles());
    assert_eq!(findings(&journal), findings(&live));
    assert_eq!(findings(&saved), findings(&live));
    assert_eq!(saved["counts"], live["counts"]);
    assert_eq!(site.moto.writes(), json!({}), "what is audited is never changed");
}

#[test]
fn an_identity_store_that_lists_nobody_is_read_by_ids_and_by_expected_names() {
    let mut story = troubled();
    // Nothing is assigned to `Temp`, and no list names it; who holds nothing is not seen.
    story.aws.groups.remove("Temp");
    let site = Site::of(&story, "");
    for operation in ["identitystore:ListUsers", "identitystore:ListGroups"] {
        let refusal = json!({"operation": operation, "fault": "error", "code": "ValidationException",
                             "message": "Filter is required", "status": 400});
        site.moto.fail(&refusal);
    }
    let (live, code) = site.audit("live", &[]);
    let told = |report: &Value| {
        let told = findings(report).into_iter().map(|(rule, severity, title)| format!("{severity} {rule}: {title}"));
        told.collect::<Vec<_>>()
    };
    assert_eq!((code, told(&live)), (3, crate::support::audited::Audited::of(&story).titles()));
    assert!(live["gaps"].as_array().unwrap().iter().all(|gap| gap["hides_access"] == false), "{:?}", gaps(&live));
    let saved = site.audit_by_script();
    assert_eq!(told(&saved), told(&live));
    assert_eq!(site.run(&["verify", "live"]).code, 0);
}

#[test]
fn fewer_accounts_than_permission_sets_are_asked_instead_and_say_the_same() {
    let mut story = troubled();
    for name in ["Billing", "Deployment", "Network"] {
        story.permission_set(name, "ReadOnlyAccess").aws_grant(group("AWS-Readers"), name, "prod");
    }
    let site = Site::of(&story, "");
    let (live, code) = site.audit("live", &[]);
    assert_eq!((code, gaps(&live)), (3, Vec::new()));
    let told: Vec<String> =
        findings(&live).into_iter().map(|(rule, severity, title)| format!("{severity} {rule}: {title}")).collect();
    assert_eq!(told, crate::support::audited::Audited::of(&story).titles());
    let ledger = site.moto.ledger();
    // Each account is asked what is there, and what of it is outdated.
    assert_eq!(ledger["sso:ListPermissionSetsProvisionedToAccount"], 2 * story.aws.accounts.len());
    assert_eq!(ledger.get("sso:ListAccountsForProvisionedPermissionSet"), None);
}

#[test]
fn a_denied_action_a_cut_listing_and_a_refused_account_are_gaps_that_name_themselves() {
    let site = Site::of(&Story::small(), "");
    site.moto.fail(&json!({"operation": "identitystore:ListGroups", "fault": "deny"}));
    site.moto.fail(&json!({"operation": "sts:AssumeRole", "account": "333344445555", "fault": "deny"}));
    let (report, code) = site.audit("denied", &[]);
    assert_eq!(code, 4);
    assert_eq!(findings(&report), Vec::new());
    let denied = gaps(&report);
    assert!(denied.iter().any(|gap| gap.contains("identitystore:ListGroups") && gap.contains("denied")), "{denied:?}");
    assert!(denied.iter().any(|gap| gap.contains("333344445555") && gap.contains("denied")), "{denied:?}");

    site.moto.heal();
    let (whole, code) = site.audit("healed", &[]);
    assert_eq!((code, gaps(&whole), findings(&whole)), (0, Vec::new(), Vec::new()));
}

#[test]
fn a_page_token_that_comes_twice_is_a_gap_and_not_the_end() {
    let mut story = Story::small();
    for number in 0..120 {
        story.hire(&format!("user-{number:03}"), &["AWS-Readers"]);
    }
    let site = Site::of(&story, "");
    site.moto.fail(&json!({"operation": "identitystore:ListUsers", "fault": "repeat-token"}));
    let (report, code) = site.audit("repeated", &[]);
    assert_eq!(code, 4, "{:?}", findings(&report));
    assert!(
        gaps(&report).iter().any(|gap| gap.contains("ListUsers") && gap.contains("token-repeated")),
        "{:?}",
        gaps(&report)
    );
}

#[test]
fn throttled_calls_are_made_again_and_none_is_lost() {
    let site = Site::of(&Story::small(), "");
    site.moto.fail(&json!({"operation": "identitystore:ListGroupMemberships", "fault": "throttle", "times": 3}));
    let (report, code) = site.audit("throttled", &[]);
    assert_eq!((code, gaps(&report)), (0, Vec::new()));
    assert_eq!(report["ledger"]["identitystore:ListGroupMemberships"]["throttled"], 3);
}

#[test]
fn a_package_goes_to_a_bucket_and_its_news_to_a_queue_and_nothing_new_is_silence() {
    let more = "[report]\nto = \"s3://{bucket}/audits\"\n[alert]\nsns_topic_arn = \"{topic}\"\n[[job]]\nname = \"daily\"\n\
                cron = \"0 6 * * *\"\n";
    let site = Site::of(&troubled(), more);
    let first = site.run(&["audit", "--job", "daily"]);
    assert_eq!(first.code, 3, "{}", first.stderr);
    assert!(first.stdout.contains("Package  s3://rollcall-reports/audits/packages/daily/"), "{}", first.stdout);
    let told = site.messages();
    assert_eq!(told.len(), 1, "{}{}", first.stdout, first.stderr);
    let message: Value = serde_json::from_str(told[0]["Message"].as_str().unwrap()).unwrap();
    assert_eq!((&message["version"], &message["job"]), (&json!(1), &json!("daily")));
    assert!(told[0]["Subject"].as_str().unwrap().starts_with("[Rollcall] "), "{}", told[0]["Subject"]);

    let second = site.run(&["audit", "--job", "daily"]);
    assert_eq!((second.code, site.messages().len()), (3, 0), "{}", second.stderr);
    let verified = site.run(&["verify"]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    assert!(verified.stdout.contains("2 packages"), "{}", verified.stdout);
}

#[test]
fn a_message_that_could_not_be_sent_is_sent_by_the_next_run() {
    let more = "[alert]\nsns_topic_arn = \"{topic}\"\n[[job]]\nname = \"daily\"\ncron = \"0 6 * * *\"\n";
    let site = Site::of(&troubled(), more);
    site.moto.fail(&json!({"operation": "sns:Publish", "fault": "deny"}));
    let first = site.run(&["audit", "--job", "daily"]);
    assert!(first.stderr.contains("the alert could not be sent"), "{}", first.stderr);
    assert_eq!((first.code, site.messages().len()), (3, 0));
    site.moto.heal();
    // Runs of no job tell nobody, and the job's recipients are none the wiser for them.
    site.run(&["audit"]);
    assert_eq!(site.messages().len(), 0);
    site.run(&["audit", "--job", "daily"]);
    assert_eq!(site.messages().len(), 1);
}

#[test]
fn a_bucket_that_does_not_take_the_package_ends_with_5_and_leaves_the_draft() {
    let site = Site::of(&Story::small(), "[report]\nto = \"s3://{bucket}\"\n");
    site.moto.fail(&json!({"operation": "s3:PutObject", "fault": "deny"}));
    let output = site.run(&["audit"]);
    assert_eq!(output.code, 5, "{}{}", output.stdout, output.stderr);
    let draft = output.stderr.split('`').find(|part| part.contains("rollcall-draft-")).expect("the draft is named");
    assert!(Path::new(draft).join("manifest.json").exists(), "{draft}");
    std::fs::remove_dir_all(draft).unwrap();
}

#[test]
fn an_audit_asks_aws_only_to_read() {
    let site = Site::of(&troubled(), "");
    site.audit("reports", &[]);
    let ledger = site.moto.ledger();
    let reading = ["Get", "List", "Describe", "AssumeRole", "GenerateCredentialReport"];
    let writing: Vec<&String> = ledger
        .as_object()
        .unwrap()
        .keys()
        .filter(|operation| !reading.iter().any(|verb| operation.split(':').nth(1).unwrap().starts_with(verb)))
        .collect();
    assert_eq!(writing, Vec::<&String>::new());
}

#[test]
fn the_server_is_named_as_no_evidence_about_aws() {
    let site = Site::of(&Story::small(), "");
    let (report, _) = site.audit("reports", &[]);
    assert!(report.to_string().contains("this report is not evidence about AWS"), "{report}");
    let checked = site.run(&["check"]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert!(checked.stdout.contains("signed in as"), "{}", checked.stdout);
}

#[test]
fn serve_makes_up_for_a_missed_run_once_and_ends_in_order_on_sigterm() {
    let site = Site::of(&troubled(), "");
    let settings = "[aws]\nmember_role = \"RollcallAuditor\"\n[[job]]\nname = \"daily\"\ncron = \"0 6 * * *\"\n";
    std::fs::write(site.path().join("rollcall.toml"), settings).unwrap();
    leave_an_old_run(site.path(), "rollcall.toml");

    let mut served = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["serve", "--log-format", "json"])
        .current_dir(site.path())
        .env_clear()
        .envs(site.moto.environment())
        .env("HOME", site.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(served.stderr.take().unwrap()).lines().map(Result::unwrap);
    let audited = log.find(|line| line.contains("\"message\":\"audited\"")).expect("the missed run is made up for");
    assert!(audited.contains("\"package\":\"delivered\""), "{audited}");
    assert!(audited.contains("\"alert\":\"not delivered: no channel\""), "{audited}");
    let killed = Command::new("kill").args(["-TERM", &served.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let rest: Vec<String> = log.collect();
    assert_eq!(served.wait().unwrap().code(), Some(0), "{rest:?}");

    let verified = site.run(&["verify"]);
    assert!(verified.stdout.contains("2 packages"), "{}{}", verified.stdout, verified.stderr);
    let log = rest.join("\n") + &audited;
    assert!(!log.contains("mallory"), "no names of people in the log: {log}");
}

//! `rollcall check --aws`: each action is tried about once in each account, what is missing is named, nothing is
//! written.

use serde_json::{Value, json};

use crate::story::Story;
use crate::support::schema::validates;
use crate::support::snapshot::assert_file;
use crate::support::{Moto, Output, read, rollcall};

struct Site {
    folder: tempfile::TempDir,
    moto: Moto,
}

impl Site {
    fn new() -> Self {
        let moto = Moto::start();
        let story = Story::small();
        moto.seed(&story.for_moto());
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in story.expected_files() {
            let path = folder.path().join("expected").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let settings = "[aws]\nmember_role = \"RollcallAuditor\"\nrequests_per_second = 500\n[report]\n\
                        to = \"s3://rollcall-reports/audits\"\n[alert]\n\
                        sns_topic_arn = \"arn:aws:sns:us-east-1:123456789012:rollcall-alerts\"\n";
        std::fs::write(folder.path().join("rollcall.toml"), settings).unwrap();
        Site { folder, moto }
    }

    fn check(&self, more: &[&str]) -> Output {
        rollcall(self.folder.path(), &[&["check", "--aws"], more].concat(), &self.moto.environment())
    }

    /// What is said of AWS, without the first lines, which name the caller.
    fn said(&self, output: &Output) -> Vec<String> {
        let (_, aws) = output.stdout.split_once("\nAWS\n").unwrap_or_else(|| panic!("{}", output.stderr));
        aws.lines().skip(1).map(|line| line.trim().to_owned()).collect()
    }
}

#[test]
fn every_action_is_tried_about_once_in_each_account_and_nothing_is_written() {
    let site = Site::new();
    let checked = site.check(&[]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    let said = site.said(&checked).join("\n");
    assert_file("tests/snapshots/check-aws.txt", said.split("redirected").next().unwrap());
    let ledger = site.moto.ledger();
    let ledger = ledger.as_object().unwrap();
    for (operation, calls) in ledger {
        let most = if operation.starts_with("iam:") { 3 } else { 5 };
        assert!(calls.as_u64().unwrap() <= most, "{operation}: {calls}");
        assert!(!operation.contains("Put") && !operation.contains("Publish"), "{operation}");
    }
}

#[test]
fn an_action_that_is_denied_in_every_account_is_one_line_and_ends_with_4() {
    let site = Site::new();
    site.moto.fail(&json!({"operation": "iam:ListVirtualMFADevices", "fault": "deny"}));
    site.moto.fail(&json!({"operation": "sso:ListAccountAssignments", "fault": "deny"}));
    let checked = site.check(&[]);
    assert_eq!(checked.code, 4, "{}", checked.stderr);
    let said = site.said(&checked);
    let denied: Vec<&String> = said.iter().filter(|line| line.starts_with("denied")).collect();
    assert_eq!(denied.len(), 2, "{said:#?}");
    assert!(denied[0].starts_with("denied     sso:ListAccountAssignments: `AccessDeniedException`: "), "{}", denied[0]);
    let in_all =
        "denied     iam:ListVirtualMFADevices in 123456789012, 222233334444 and 333344445555: `AccessDenied`: ";
    assert!(denied[1].starts_with(in_all), "{}", denied[1]);
}

#[test]
fn what_depends_on_something_that_is_denied_is_not_tried_and_no_permission_is_claimed() {
    let site = Site::new();
    site.moto.fail(&json!({"operation": "sts:AssumeRole", "account": "333344445555", "fault": "deny"}));
    site.moto.fail(&json!({"operation": "identitystore:ListGroups", "fault": "deny"}));
    let checked = site.check(&["--format", "json"]);
    assert_eq!(checked.code, 4, "{}", checked.stderr);
    validates(&read(".schema/check.json"), &checked.stdout);
    let report: Value = serde_json::from_str(&checked.stdout).unwrap();
    let outcomes = |action: &str| -> Vec<(String, Value)> {
        let all = report["aws"]["permissions"].as_array().unwrap();
        let of = all.iter().filter(|permission| permission["action"] == action);
        of.map(|permission| (permission["outcome"].as_str().unwrap().to_owned(), permission["accounts"].clone()))
            .collect()
    };
    let of = |outcome: &str, accounts: Value| (outcome.to_owned(), accounts);
    assert_eq!(
        outcomes("sts:AssumeRole"),
        [of("granted", json!(["222233334444"])), of("denied", json!(["333344445555"]))]
    );
    assert_eq!(
        outcomes("iam:GetAccountSummary"),
        [of("granted", json!(["123456789012", "222233334444"])), of("not-tried", json!(["333344445555"]))]
    );
    assert_eq!(outcomes("identitystore:ListGroups"), [of("denied", json!([]))]);
    assert_eq!(outcomes("identitystore:ListGroupMemberships"), [of("not-tried", json!([]))]);
}

#[test]
fn without_any_list_actions_are_tried_all_the_same() {
    let site = Site::new();
    std::fs::remove_dir_all(site.folder.path().join("expected")).unwrap();
    let checked = site.check(&[]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    assert!(checked.stdout.starts_with("no expected list in expected\n"), "{}", checked.stdout);
    assert!(site.said(&checked).iter().any(|line| line.starts_with("granted")), "{}", checked.stdout);
}

//! What the next audits say of a finding that a change of an applied plan put in order.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::Site;
use crate::story::{Story, user};

impl Site {
    /// What the last audit says, for machines and for a person.
    fn audited(&self) -> (Value, String) {
        let audited = self.run(&["audit", "--no-alert"]);
        assert!(matches!(audited.code, 0 | 3 | 4), "{}{}", audited.stdout, audited.stderr);
        let reports = fs::read_dir(self.folder.path().join("reports/packages/manual")).unwrap();
        let last: PathBuf = reports
            .map(|entry| entry.unwrap().path())
            .max_by_key(|path| fs::metadata(path.join("report.json")).unwrap().modified().unwrap())
            .unwrap();
        let json = serde_json::from_slice(&fs::read(last.join("report.json")).unwrap()).unwrap();
        (json, fs::read_to_string(last.join("report.html")).unwrap())
    }

    /// Applies `plan.json` with these options.
    fn applies(&self, options: &[&str]) {
        let confirm = self.digest().short();
        let applied = self.run(&[&["apply", "plan.json", "--confirm", &confirm], options].concat());
        assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    }

    /// Makes or removes an assignment of a plan by the AWS CLI.
    fn by_hand(&self, verb: &str, plan: &rollcall::change::Plan) {
        let rollcall::change::Change::RemoveAssignment { principal, permission_set, account } = &plan.changes[0].change
        else {
            panic!("{plan:?}");
        };
        let principal = serde_json::to_value(principal).unwrap();
        let id = principal.pointer("/user/id").or(principal.pointer("/id")).unwrap().as_str().unwrap();
        let (instance, account) = (plan.place.instance.as_deref().unwrap(), account.to_string());
        let arguments = [
            "sso-admin",
            verb,
            "--instance-arn",
            instance,
            "--target-id",
            &account,
            "--target-type",
            "AWS_ACCOUNT",
            "--permission-set-arn",
            permission_set.arn.as_str(),
            "--principal-type",
            "USER",
            "--principal-id",
            id,
        ];
        let output = self.moto.aws(&arguments);
        assert_eq!(output.code, 0, "{}", output.stderr);
        // Requests for assignments end after a while.
        let status = [
            "sso-admin",
            "list-account-assignments",
            "--instance-arn",
            instance,
            "--account-id",
            &account,
            "--permission-set-arn",
            permission_set.arn.as_str(),
        ];
        for _ in 0..100 {
            if self.moto.aws(&status).stdout.contains(id) == verb.starts_with("create") {
                return;
            }
        }
        panic!("the assignment never showed");
    }
}

#[test]
fn the_next_audit_says_which_change_resolved_a_finding_and_when_it_is_back() {
    let mut story = Story::small();
    story.aws_grant(user("bob"), "Audit", "dev");
    let site = Site::of(&story);
    site.audited();
    let plan = site.plan(&["--rule", "unexpected-assignment"]);
    assert_eq!((plan.changes.len(), plan.foreseen.resolves.len()), (1, 1), "{plan:?}");
    site.applies(&["--allow-removals", "1", "--allow-administrative"]);

    let (json, html) = site.audited();
    let resolved = &json["changes"]["resolved"][0];
    assert_eq!(resolved["fingerprint"], plan.foreseen.resolves[0], "{json}");
    let cause = resolved["cause"].as_str().unwrap();
    let by = format!("by c1 of plan `{}`, applied ", site.digest().short());
    assert!(cause.starts_with(&by) && cause.contains("assumed-role/RollcallOperator/"), "{cause}");
    assert!(html.contains("by c1 of plan <code>"), "{html}");
    assert_eq!(json["closed"][0]["changes"][0], "c1");

    site.by_hand("create-account-assignment", &plan);
    let (json, html) = site.audited();
    let back = &json["changes"]["back"][0];
    assert_eq!(back["fingerprint"], plan.foreseen.resolves[0], "{json}");
    assert!(back["cause"].as_str().unwrap().starts_with("the access is back: it was resolved by c1"), "{back}");
    assert!(html.contains("the access is back"), "{html}");

    site.by_hand("delete-account-assignment", &plan);
    let (json, _) = site.audited();
    let resolved = &json["changes"]["resolved"][0];
    assert_eq!(resolved["cause"], "outside Rollcall: no change of an applied plan accounts for it", "{json}");
    assert_eq!(json["changes"].get("back"), None, "{json}");
    let verified = site.run(&["verify"]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
}

#[test]
fn of_a_plan_that_was_applied_in_part_each_audit_names_the_changes_that_were_made() {
    let mut story = Story::small();
    story.aws_grant(user("bob"), "Audit", "dev").aws_grant(user("carol"), "Audit", "dev");
    let site = Site::of(&story);
    site.audited();
    let plan = site.plan(&["--rule", "unexpected-assignment"]);
    assert_eq!((plan.changes.len(), plan.foreseen.resolves.len()), (2, 2), "{plan:?}");
    let finding = |number: usize| plan.changes[number].findings[0].clone();
    let resolved = |json: &Value| {
        let resolved = json["changes"]["resolved"].as_array().unwrap().clone();
        let [one] = &resolved[..] else { panic!("one finding: {json}") };
        (one["fingerprint"].as_str().unwrap().to_owned(), one["cause"].as_str().unwrap().to_owned())
    };
    site.applies(&["--except", "c2", "--allow-removals", "1", "--allow-administrative"]);
    let (json, _) = site.audited();
    let (fingerprint, cause) = resolved(&json);
    assert_eq!(fingerprint, finding(0), "{json}");
    assert!(cause.starts_with("by c1 of plan `"), "{cause}");
    site.applies(&["--allow-removals", "2", "--allow-administrative"]);
    let (json, _) = site.audited();
    let (fingerprint, cause) = resolved(&json);
    assert_eq!(fingerprint, finding(1), "{json}");
    assert!(cause.starts_with("by c2 of plan `"), "{cause}");
}

#[test]
fn what_a_plan_file_says_of_findings_resolves_none() {
    let mut story = Story::small();
    story.aws_grant(user("bob"), "Audit", "dev");
    let site = Site::of(&story);
    site.audited();
    let plan = site.plan(&["--rule", "unexpected-assignment"]);
    let mut forged = plan.clone();
    forged.foreseen.resolves = vec!["0123456789abcdef".to_owned()];
    site.write("plan.json", &String::from_utf8(rollcall::change::write(&forged)).unwrap());
    site.applies(&["--allow-removals", "1", "--allow-administrative"]);
    let (json, _) = site.audited();
    let resolved = &json["changes"]["resolved"][0];
    assert_eq!(resolved["fingerprint"], plan.foreseen.resolves[0], "{json}");
    assert!(resolved["cause"].as_str().unwrap().starts_with("by c1 of plan `"), "{resolved}");
    let closed = json["closed"].as_array().unwrap();
    assert!(closed.iter().all(|closed| closed["fingerprint"] != "0123456789abcdef"), "{json}");
}

#[test]
fn a_package_of_changes_that_cannot_be_read_leaves_open_what_resolved_a_finding() {
    let mut story = Story::small();
    story.aws_grant(user("bob"), "Audit", "dev");
    let site = Site::of(&story);
    site.audited();
    site.plan(&["--rule", "unexpected-assignment"]);
    site.applies(&["--allow-removals", "1", "--allow-administrative"]);
    let packages = fs::read_dir(site.path().join("reports/packages/changes")).unwrap();
    let journal = packages.map(|entry| entry.unwrap().path().join("inputs/journal.jsonl")).next().unwrap();
    fs::remove_file(&journal).unwrap();
    fs::write(&journal, "{}\n").unwrap();

    let (json, html) = site.audited();
    let cause = json["changes"]["resolved"][0]["cause"].as_str().unwrap();
    assert_eq!(cause, "it is not known by what: a package of an applied plan could not be read");
    assert_eq!(json["run"]["store_notes"][0]["kind"], "changes-unread", "{json}");
    assert!(html.contains("so it is not known which findings the applied plan resolved"), "{html}");
}

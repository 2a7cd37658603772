//! Estates that were once called in order and were not: each is audited by the program, and what is wrong with it is said.
//!
//! `tests/data/reported/base` is in order; each folder beside it says what is otherwise.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Output, rollcall, root};

const DATA: &str = "tests/data/reported";
const SETTINGS: &str = "as_of = \"2026-11-20T08:00:00Z\"\n[collect]\nfrom = \"aws\"\n";

fn lay_over(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = to.join(path.file_name().unwrap());
        if path.is_dir() {
            lay_over(&path, &name);
        } else {
            fs::copy(&path, name).unwrap();
        }
    }
}

/// The estate that is in order, with what this case has otherwise.
fn estate(case: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    lay_over(&root().join(DATA).join("base"), folder.path());
    assert!(case == "base" || root().join(DATA).join(case).is_dir(), "{case}");
    lay_over(&root().join(DATA).join(case), folder.path());
    fs::write(folder.path().join("rollcall.toml"), SETTINGS).unwrap();
    folder
}

struct Audited {
    output: Output,
    report: Value,
}

fn audited(folder: &TempDir) -> Audited {
    let output = rollcall(folder.path(), &["audit"], &[]);
    let package = output.stdout.lines().find_map(|line| line.strip_prefix("Package  "));
    let package = package.unwrap_or_else(|| panic!("{}{}", output.stdout, output.stderr));
    let report = fs::read_to_string(folder.path().join(package).join("report.json")).unwrap();
    Audited { output, report: serde_json::from_str(&report).unwrap() }
}

impl Audited {
    /// Open findings: rule and severity.
    fn findings(&self) -> BTreeSet<(String, String)> {
        let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
        let findings = self.report["findings"].as_array().unwrap().iter();
        let open = findings.filter(|finding| finding["state"] == "open");
        open.map(|finding| (text(finding, "rule"), text(finding, "severity"))).collect()
    }

    fn headline(&self) -> &str {
        self.output.stdout.split("\n  ").next().unwrap()
    }
}

/// What one case comes to: exit code and open findings.
fn finds(case: &str, code: i32, findings: &[(&str, &str)]) -> Audited {
    let audited = audited(&estate(case));
    let wanted: BTreeSet<(String, String)> =
        findings.iter().map(|(rule, severity)| ((*rule).to_owned(), (*severity).to_owned())).collect();
    assert_eq!((audited.output.code, audited.findings()), (code, wanted), "{case}: {}", audited.output.stdout);
    audited
}

#[test]
fn the_estate_that_the_others_differ_from_is_in_order() {
    finds("base", 0, &[]);
}

#[test]
fn whoever_has_left_by_the_staff_list_alone_is_a_leaver_with_administrative_access() {
    let folder = estate("hr_ad_mem_hr");
    // The directory takes the place of the list that is kept by hand.
    fs::remove_file(folder.path().join("expected/people.csv")).unwrap();
    let audited = audited(&folder);
    assert_eq!(audited.output.code, 3, "{}", audited.output.stdout);
    let critical = ("leaver-with-access".to_owned(), "critical".to_owned());
    assert!(audited.findings().contains(&critical), "{}", audited.output.stdout);
}

#[test]
fn the_headline_names_no_more_than_what_was_read() {
    let caller = finds("scope_caller_iam", 0, &[]);
    assert!(caller.headline().contains("in 1 of 3\naccounts") || caller.headline().contains("in 1 of 3 accounts"));
    let iam = finds("scope_no_ic", 0, &[]);
    let headline = iam.headline().replace('\n', " ");
    assert!(headline.contains("not read: Identity Center"), "{headline}");
    for unread in ["users,", "groups", "assignments", "permission sets"] {
        let claims = headline.split("; not read").next().unwrap().replace("IAM users", "");
        assert!(!claims.contains(unread), "{claims}");
    }
}

#[test]
fn a_policy_that_only_has_the_name_of_one_of_aws_is_not_the_expected_one() {
    for case in ["inline_named_as_expected", "customer_policy_named_as_expected"] {
        let audited = finds(case, 3, &[("differing-policy", "high")]);
        assert!(audited.output.stdout.contains("Administrative: `AmazonS3ReadOnlyAccess` allows everything"), "{case}");
    }
}

#[test]
fn a_stranger_with_a_second_mail_address_of_somebody_is_not_that_person() {
    let audited = finds("mallory_second_mail", 3, &[("unexpected-user", "critical"), ("missing-user", "low")]);
    assert!(audited.output.stdout.contains("User `mallory` is in Identity Center"), "{}", audited.output.stdout);
}

#[test]
fn a_trust_of_everyone_at_github_on_an_administrators_role_is_a_finding_with_a_row_too() {
    finds("gh_nocond_admin_row", 3, &[("outside-trust", "critical")]);
}

#[test]
fn whoever_may_pass_a_role_to_an_automation_is_not_said_to_be_no_administrator() {
    let audited = finds("adm_passrole_ssm_automation", 4, &[]);
    assert!(audited.output.stdout.contains("ssm:StartAutomationExecution"), "{}", audited.output.stdout);
}

#[test]
fn what_was_waived_while_it_was_smaller_is_open_once_it_is_administrative() {
    for (case, rule) in [
        ("inline_waived_then_admin", "unexpected-policy"),
        ("ps_differs_waived_then_admin", "differing-permission-set"),
    ] {
        let audited = audited(&estate(case));
        assert_eq!(audited.output.code, 3, "{case}: {}", audited.output.stdout);
        assert!(audited.findings().iter().any(|(found, _)| found == rule), "{case}: {}", audited.output.stdout);
    }
}

//! The printed policies: every action has a reason, the templates are valid, and what cannot be printed says why.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use rollcall::collect::journal::page::Operation;
use rollcall::collect::permissions::By;
use rollcall::iam_policy::{self, Statement};
use rollcall::settings::Settings;

use crate::support::snapshot::assert_file;
use crate::support::{Output, python_program, read, rollcall};

/// Settings with everything that a policy can speak of.
const ALL: &str = r#"
[aws]
region = "us-east-1"
member_role = "audit/RollcallAuditor"
external_id = "acme-42"
[expect]
path = "s3://acme-lists/access"
[report]
to = "s3://rollcall-reports/audits"
[report.bucket]
kms_key_id = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
[alert]
sns_topic_arn = "arn:aws:sns:us-east-1:123456789012:rollcall-alerts"
[[job]]
name = "quarterly"
cron = "0 7 1 1,4,7,10 *"
cross_check = "sample"
to = "s3://rollcall-reports/quarterly"
"#;
const PRINCIPAL: &str = "arn:aws:iam::123456789012:role/Rollcall";

fn settings(text: &str) -> Settings {
    Settings::parse(text, &PathBuf::from("rollcall.toml"), PathBuf::new()).unwrap()
}

fn run(settings: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rollcall.toml"), settings).unwrap();
    rollcall(folder.path(), &[&["policy"], arguments].concat(), &[])
}

fn prints(settings: &str, arguments: &[&str]) -> String {
    let output = run(settings, arguments);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{arguments:?}");
    output.stdout
}

fn actions(statements: &[Statement]) -> BTreeSet<&str> {
    statements.iter().flat_map(|statement| &statement.actions).map(|action| action.name.as_str()).collect()
}

#[test]
fn every_document_is_the_one_in_the_snapshots() {
    let documents: [(&str, &[&str]); 5] = [
        ("management.json", &[]),
        ("member.json", &["--for", "member"]),
        ("trust.json", &["--for", "trust", "--principal", PRINCIPAL]),
        ("management.yaml", &["--format", "cloudformation"]),
        ("member.yaml", &["--for", "member", "--format", "cloudformation", "--principal", PRINCIPAL]),
    ];
    for (name, arguments) in documents {
        assert_file(&format!("tests/snapshots/policy-{name}"), &prints(ALL, arguments));
    }
}

#[test]
fn the_templates_are_what_cloudformation_takes() {
    for name in ["management.yaml", "member.yaml"] {
        let template = format!("{}/tests/snapshots/policy-{name}", env!("CARGO_MANIFEST_DIR"));
        let linted = Command::new(python_program("cfn-lint")).arg("--template").arg(template).output().unwrap();
        assert!(linted.status.success(), "{name}: {}", String::from_utf8_lossy(&linted.stdout));
    }
}

#[test]
fn every_action_is_documented_with_its_reason_and_no_other_is() {
    let page = read(".docs/permissions.md");
    let told: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let statements = iam_policy::of_rollcall(&settings(ALL));
    let needed = statements.iter().flat_map(|statement| &statement.actions);
    let needed: Vec<String> = needed.map(|action| format!("| `{}` | {} |", action.name, action.why)).collect();
    assert_eq!(told, needed, "\n{}\n", needed.join("\n"));
}

#[test]
fn all_that_can_be_read_is_allowed_where_it_is_called_and_nothing_that_changes_anything() {
    let all = settings(ALL);
    let (own, member) = (iam_policy::of_rollcall(&all), iam_policy::of_member_role(&all));
    let (own, member) = (actions(&own), actions(&member));
    for &operation in Operation::ALL {
        let by = operation.need().by;
        assert_eq!(own.contains(operation.api()), by != By::Everybody, "{operation}");
        assert_eq!(member.contains(operation.api()), by == By::Reader, "{operation}");
    }
    let changing: Vec<&&str> = own
        .iter()
        .filter(|action| {
            let verb = action.split(':').nth(1).unwrap();
            !["Get", "List", "Describe"].iter().any(|reading| verb.starts_with(reading))
        })
        .collect();
    let known = [
        // None of them touches what is audited: the report is made anew by itself, the others deliver.
        "iam:GenerateCredentialReport",
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "s3:PutObject",
        "sns:Publish",
        "sts:AssumeRole",
    ];
    assert_eq!(changing, known.iter().collect::<Vec<_>>());
}

#[test]
fn what_the_settings_do_not_ask_for_is_not_allowed() {
    let allowed = |text: &str| -> BTreeSet<String> {
        let statements = iam_policy::of_rollcall(&settings(text));
        actions(&statements).into_iter().map(|action| action.split(':').next().unwrap().to_owned()).collect()
    };
    let set = |services: &[&str]| services.iter().map(|&service| service.to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(allowed(""), set(&["account-access", "iam", "identitystore", "organizations", "sso"]));
    assert_eq!(allowed("[aws]\nidentity_center = false"), set(&["iam"]));
    assert_eq!(allowed("[aws]\niam = false"), set(&["account-access", "identitystore", "organizations", "sso"]));
    assert_eq!(
        allowed("[aws]\nidentity_center = false\nmember_role = \"Auditor\""),
        set(&["iam", "organizations", "sts"])
    );
    assert_eq!(allowed("[collect]\nfrom = \"saved\"\n[report]\nto = \"s3://reports\""), set(&["s3"]));
    assert_eq!(allowed("[collect]\nfrom = \"saved\""), set(&[]));
}

#[test]
fn arns_have_the_partition_of_the_region_or_of_the_principal() {
    let member = |region: &str| format!("[aws]\nmember_role = \"Auditor\"\n{region}");
    let role = |text: &str, arguments: &[&str]| {
        let policy = prints(text, arguments);
        let line = policy.lines().find(|line| line.contains(":role/Auditor")).unwrap();
        line.trim().to_owned()
    };
    assert_eq!(role(&member(""), &[]), r#""arn:aws:iam::*:role/Auditor""#);
    assert_eq!(role(&member("region = \"cn-north-1\""), &[]), r#""arn:aws-cn:iam::*:role/Auditor""#);
    assert_eq!(role(&member(""), &["--region", "us-gov-west-1"]), r#""arn:aws-us-gov:iam::*:role/Auditor""#);
    let chinese = PRINCIPAL.replace("arn:aws:", "arn:aws-cn:");
    assert_eq!(role(&member(""), &["--principal", &chinese]), r#""arn:aws-cn:iam::*:role/Auditor""#);
}

#[test]
fn a_key_is_named_by_its_arn_its_id_or_its_alias() {
    let of = |key: &str| {
        let text = format!("[report]\nto = \"s3://reports\"\n[report.bucket]\nkms_key_id = \"{key}\"\n");
        let statements = iam_policy::of_rollcall(&settings(&text));
        let statement = statements.into_iter().find(|statement| statement.sid == "PackagesKey").unwrap();
        (format!("{:?}", statement.resources), statement.condition.map(|condition| condition.values.concat()))
    };
    let arn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd";
    assert_eq!(of(arn), (format!("[Arn(\"{arn}\")]"), None));
    assert_eq!(of("1234abcd"), ("[Within(\"kms:*:*:key/1234abcd\")]".to_owned(), None));
    let by_alias = ("[Within(\"kms:*:*:key/*\")]".to_owned(), Some("alias/reports".to_owned()));
    assert_eq!(of("alias/reports"), by_alias);
    assert_eq!(of("arn:aws:kms:us-east-1:123456789012:alias/reports"), by_alias);
}

#[test]
fn what_cannot_be_printed_says_why_and_what_to_do() {
    let refusals: [(&str, &str, &[&str]); 6] = [
        ("nothing", "[collect]\nfrom = \"saved\"\n", &[]),
        ("nothing-member", "[collect]\nfrom = \"saved\"\n[aws]\nmember_role = \"Auditor\"\n", &["--for", "member"]),
        ("no-role", "", &["--for", "member"]),
        ("no-principal", ALL, &["--for", "trust"]),
        (
            "bad-principal",
            ALL,
            &["--for", "trust", "--principal", "arn:aws:sts::123456789012:assumed-role/Rollcall/me"],
        ),
        ("trust-alone", ALL, &["--for", "trust", "--format", "cloudformation"]),
    ];
    for (name, settings, arguments) in refusals {
        let output = run(settings, arguments);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{name}");
        assert_file(&format!("tests/data/bad/policy/{name}.message"), &output.stderr);
    }
}

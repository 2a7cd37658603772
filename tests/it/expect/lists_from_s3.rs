//! Expected lists in a bucket: read by their names, whatever these are, with S3's own time, and with two permissions.

use std::fs;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Moto, Output, rollcall};

const USERS: &str = "SamAccountName,Enabled,UserPrincipalName\nalice,True,alice@corp.example\n";

/// A bucket with these objects.
fn bucket(objects: &[(&str, &str)]) -> Moto {
    let moto = Moto::start();
    moto.seed(&json!({"bucket": "acme-lists"}));
    for (key, text) in objects {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, text).unwrap();
        let (body, key) = (format!("--body={}", file.path().display()), format!("--key={key}"));
        let put = moto.aws(&["s3api", "put-object", "--bucket=acme-lists", &key, &body]);
        assert_eq!(put.code, 0, "{}", put.stderr);
    }
    moto
}

fn folder(settings: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rollcall.toml"), settings).unwrap();
    folder
}

fn check(moto: &Moto, more: &[&str]) -> Output {
    let arguments = [&["check", "--offline", "--format", "json"], more].concat();
    rollcall(folder("").path(), &arguments, &moto.environment())
}

fn files(output: &Output) -> Vec<Value> {
    assert_eq!(output.code, 0, "{}", output.stderr);
    let checked: Value = serde_json::from_str(&output.stdout).unwrap();
    checked["files"].as_array().unwrap().clone()
}

/// When S3 says that an object was stored.
fn stored(moto: &Moto, key: &str) -> DateTime<Utc> {
    let head = moto.aws(&["s3api", "head-object", "--bucket=acme-lists", &format!("--key={key}")]);
    let head: Value = serde_json::from_str(&head.stdout).unwrap();
    DateTime::parse_from_rfc2822(head["LastModified"].as_str().unwrap()).unwrap().to_utc()
}

#[test]
fn lists_below_the_prefix_are_read_with_the_time_at_which_they_were_put_there() {
    let moto = bucket(&[
        ("access/directory/AWS Users (züri) 2019-01-01.csv", USERS),
        ("access/README.md", "for people"),
        ("access/.trash/old.csv", "not,a\nlist"),
        ("access/directory/", ""),
        ("accessories.csv", "not,a\nlist"),
        ("other/users.csv", USERS),
    ]);
    let found = files(&check(&moto, &["--expected", "s3://acme-lists/access/"]));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["name"], "directory/AWS Users (züri) 2019-01-01.csv");
    let at: DateTime<Utc> = found[0]["exported_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(at, stored(&moto, "access/directory/AWS Users (züri) 2019-01-01.csv"));
    assert_eq!(found[0]["exported_known_by"], "place", "the bucket's own time goes before a date in the name");
}

#[test]
fn a_sidecar_goes_before_the_bucket() {
    let moto =
        bucket(&[("users.csv", USERS), ("users.csv.export.json", r#"{"exported_at": "2026-11-19T08:12:00+01:00"}"#)]);
    let found = files(&check(&moto, &["--expected", "s3://acme-lists"]));
    assert_eq!(
        (&found[0]["exported_at"], &found[0]["exported_known_by"]),
        (&json!("2026-11-19T07:12:00Z"), &json!("sidecar"))
    );
}

#[test]
fn the_settings_and_the_environment_can_name_a_bucket_too() {
    let moto = bucket(&[("access/users.csv", USERS)]);
    let arguments = ["check", "--offline", "--format", "json"];
    let settings = folder("[expect]\npath = \"s3://acme-lists/access\"\nbucket_owner = \"123456789012\"\n");
    assert_eq!(files(&rollcall(settings.path(), &arguments, &moto.environment())).len(), 1);
    let mut environment = moto.environment();
    environment.push(("ROLLCALL_EXPECTED".to_owned(), "s3://acme-lists/access".to_owned()));
    assert_eq!(files(&rollcall(folder("").path(), &arguments, &environment)).len(), 1);
}

#[test]
fn two_permissions_are_enough_and_nothing_is_written() {
    let moto = bucket(&[("access/users.csv", USERS)]);
    let before = moto.ledger();
    files(&check(&moto, &["--expected", "s3://acme-lists/access"]));
    let after = moto.ledger();
    let count = |ledger: &Value, operation: &str| ledger[operation].as_u64().unwrap_or_default();
    let called: Vec<(String, u64)> = after
        .as_object()
        .unwrap()
        .keys()
        .map(|operation| (operation.clone(), count(&after, operation) - count(&before, operation)))
        .filter(|(_, calls)| *calls > 0)
        .collect();
    // A policy calls the second one `s3:ListBucket`.
    assert_eq!(called, [("s3:GetObject".to_owned(), 1), ("s3:ListObjectsV2".to_owned(), 1)]);
}

#[test]
fn a_bucket_that_cannot_be_read_says_which_permission_is_missing() {
    let moto = bucket(&[("access/users.csv", USERS)]);
    let refused = |operation: &str| {
        moto.heal();
        moto.fail(&json!({"operation": operation, "fault": "deny"}));
        let output = check(&moto, &["--expected", "s3://acme-lists/access"]);
        assert_eq!((output.code, output.stdout.as_str()), (1, ""));
        output.stderr
    };
    insta::assert_snapshot!(refused("s3:ListObjectsV2"), @r"
    error: cannot read the expected lists in `s3://acme-lists/access`
      caused by: cannot list `s3://acme-lists/access/`: AccessDenied (User: arn:aws:iam::123456789012:user/auditor is not authorized to perform: s3:ListObjectsV2)
      help: allow `s3:ListBucket` on the bucket, `s3:GetObject` below the prefix, and `kms:Decrypt` if it is encrypted with your own key
    ");
    insta::assert_snapshot!(refused("s3:GetObject"), @r"
    error: cannot read the expected lists in `s3://acme-lists/access`
      caused by: cannot read `s3://acme-lists/access/users.csv`: AccessDenied (User: arn:aws:iam::123456789012:user/auditor is not authorized to perform: s3:GetObject)
      help: allow `s3:ListBucket` on the bucket, `s3:GetObject` below the prefix, and `kms:Decrypt` if it is encrypted with your own key
    ");
}

#[test]
fn a_bucket_without_a_list_and_a_bucket_that_is_not_there_are_told_apart() {
    let moto = bucket(&[("other/users.csv", USERS)]);
    let empty = check(&moto, &["--expected", "s3://acme-lists/access"]);
    assert_eq!(files(&empty), Vec::<Value>::new());
    insta::assert_snapshot!(check(&moto, &["--expected", "s3://acme-list/access"]).stderr, @r"
    error: cannot read the expected lists in `s3://acme-list/access`
      caused by: cannot list `s3://acme-list/access/`: NoSuchBucket (The specified bucket does not exist)
      help: create the bucket, or correct its name in the settings
    ");
    insta::assert_snapshot!(check(&moto, &["--expected", "gs://acme-lists"]).stderr, @r"
    error: invalid value 'gs://acme-lists' for '--expected <DIR|s3://…>': `gs://acme-lists` is neither a folder nor a bucket: `gs://` is not supported; use `s3://`

    For more information, try '--help'.
    ");
}

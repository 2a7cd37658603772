//! The stand-ins behave as AWS does where Rollcall would notice: a test on a wrong stand-in proves nothing.

use serde_json::{Value, json};

use crate::support::{Ministack, Moto, Output, rollcall};

fn answer(output: &Output) -> Value {
    assert_eq!(output.code, 0, "{}", output.stderr);
    serde_json::from_str(&output.stdout).expect("the AWS CLI prints JSON")
}

fn users(count: usize) -> Vec<Value> {
    (0..count).map(|number| json!({"name": format!("svc-{number:03}")})).collect()
}

#[test]
fn the_program_starts_in_an_empty_environment_and_beside_a_stand_in() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(rollcall(home.path(), &["--help"], &[]).code, 0);
    assert_eq!(rollcall(home.path(), &["--help"], &Moto::start().environment()).code, 0);
}

#[test]
fn a_story_comes_true_with_the_ids_that_it_tells() {
    let moto = Moto::start();
    let made = moto.seed(&json!({
        "accounts": [{"key": "prod", "name": "Production", "email": "prod@corp.example", "id": "222233334444"}],
        "users": [{"user_name": "alice", "email": "alice@corp.example", "id": "a1111111-0000-4000-8000-000000000001"}],
        "groups": [{"name": "AWS-Admins", "members": ["alice"]}],
        "permission_sets": [{"name": "Admin", "managed": ["arn:aws:iam::aws:policy/AdministratorAccess"]}],
        "assignments": [{"principal": {"group": "AWS-Admins"}, "permission_set": "Admin", "account": "prod"}],
        "alerts": {"topic": "rollcall-alerts", "queue": "inbox"},
        "bucket": "rollcall-reports",
    }));
    let (instance, permission_set) = (made["instance_arn"].as_str(), made["permission_sets"]["Admin"].as_str());
    let assigned = answer(&moto.aws(&[
        "sso-admin",
        "list-account-assignments",
        "--account-id=222233334444",
        &format!("--instance-arn={}", instance.unwrap()),
        &format!("--permission-set-arn={}", permission_set.unwrap()),
    ]));
    assert_eq!(made["users"]["alice"], "a1111111-0000-4000-8000-000000000001");
    assert_eq!(assigned["AccountAssignments"][0]["PrincipalId"], made["groups"]["AWS-Admins"]);
}

#[test]
fn accounts_and_iam_users_come_in_pages() {
    let moto = Moto::start();
    let accounts: Vec<Value> = (0..24)
        .map(|number| json!({"key": number.to_string(), "name": format!("a{number}"), "email": "a@corp.example"}))
        .collect();
    moto.seed(&json!({"accounts": accounts, "iam": {"management": {"users": users(101)}}}));

    answer(&moto.aws(&["organizations", "list-accounts"]));
    let details = answer(&moto.aws(&["iam", "get-account-authorization-details"]));

    assert_eq!(details["UserDetailList"].as_array().map(Vec::len), Some(101));
    assert_eq!(moto.ledger(), json!({"iam:GetAccountAuthorizationDetails": 2, "organizations:ListAccounts": 2}));
}

#[test]
fn an_operation_can_be_denied_in_one_account_only() {
    let moto = Moto::start();
    moto.fail(&json!({"operation": "sts:AssumeRole", "account": "222233334444", "fault": "deny"}));
    let assume = |account: &str| {
        let role = format!("--role-arn=arn:aws:iam::{account}:role/Auditor");
        moto.aws(&["sts", "assume-role", &role, "--role-session-name=test"])
    };
    let denied = assume("222233334444");
    assert!(denied.stderr.contains("(AccessDenied) when calling the AssumeRole"), "{}", denied.stderr);
    assert_eq!(assume("333344445555").code, 0);
}

#[test]
fn a_fault_lets_pages_pass_first_and_is_taken_away() {
    let moto = Moto::start();
    moto.seed(&json!({"iam": {"management": {"users": users(101)}}}));
    moto.fail(&json!({"operation": "iam:ListUsers", "fault": "error", "after": 1}));
    let list = || moto.aws(&["iam", "list-users", "--cli-connect-timeout=5"]);
    let failed = list();
    assert!(failed.stderr.contains("(ServiceFailure) when calling the ListUsers"), "{}", failed.stderr);
    moto.heal();
    assert_eq!(list().code, 0);
}

#[test]
fn a_page_token_can_repeat() {
    let moto = Moto::start();
    let made = moto.seed(&json!({}));
    let store = format!("--identity-store-id={}", made["identity_store_id"].as_str().unwrap());
    moto.fail(&json!({"operation": "identitystore:ListUsers", "fault": "repeat-token"}));
    let output = moto.aws(&["identitystore", "list-users", &store]);
    assert!(output.stderr.contains("The same next token was received twice"), "{}", output.stderr);
}

#[test]
fn the_bucket_refuses_bytes_that_do_not_match_their_checksum() {
    let ministack = Ministack::start();
    assert!(ministack.environment().iter().any(|(name, _)| name == "AWS_ENDPOINT_URL"));
    assert_eq!(ministack.aws(&["s3api", "create-bucket", "--bucket=reports"]).code, 0);
    let digest_of_nothing = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, "something").unwrap();
    let put = ministack.aws(&[
        "s3api",
        "put-object",
        "--bucket=reports",
        "--key=a",
        &format!("--body={}", file.path().display()),
        &format!("--checksum-sha256={digest_of_nothing}"),
    ]);
    assert!(put.stderr.contains("BadDigest"), "{}", put.stderr);
}

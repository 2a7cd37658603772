//! `rollcall watch --event`: the verdict on each event, against a stand-in for AWS.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::samples::sample;
use crate::apply::Site;
use crate::story::{Story, guid, user};
use crate::support::Output;
use crate::support::snapshot::assert_file;

const SETTINGS: &str = r#"
[expect]
identity_source = "identity-center"
max_age = "9000d"

[operator]
role = "arn:aws:iam::123456789012:role/RollcallOperator"
"#;

/// The account that the stand-in's credentials belong to.
const ACCOUNT: &str = "123456789012";
pub const OPERATOR: &str = "arn:aws:sts::123456789012:assumed-role/RollcallOperator/rollcall";

/// A company with an IAM user that a list expects, and some things that none does.
fn story() -> Story {
    let mut story = Story::small();
    story.iam_user("management", "svc-build", &["ReadOnlyAccess"], "alice");
    story.stranger("mallory").aws_member("AWS-Admins", "bob").aws_grant(user("carol"), "Admin", "prod");
    story
}

pub fn site_of(story: &Story) -> Site {
    let site = Site::of(story);
    site.write("rollcall.toml", SETTINGS);
    site
}

/// An event after a sample.
pub fn event(like: &str, operation: &str, parameters: &Value) -> Value {
    let mut event: Value = serde_json::from_slice(&sample(like)).unwrap();
    event["detail"]["eventName"] = json!(operation);
    event["detail"]["requestParameters"] = parameters.clone();
    event["detail"]["responseElements"] = Value::Null;
    event["detail"]["recipientAccountId"] = json!(ACCOUNT);
    event["detail"]["eventID"] = json!(format!("{operation} {parameters}"));
    event
}

pub fn iam(operation: &str, user: &str) -> Value {
    event("01-iam-create-user.json", operation, &json!({"userName": user}))
}

pub fn joined(group: &str, user: &str) -> Value {
    let parameters = json!({"groupId": guid("group", group), "memberId": {"userId": guid("user", user)}});
    event("06-identitystore-create-group-membership.json", "CreateGroupMembership", &parameters)
}

/// `rollcall watch --event` of these.
pub fn watch(site: &Site, events: &[Value]) -> Output {
    let files: Vec<PathBuf> = events
        .iter()
        .enumerate()
        .map(|(number, event)| {
            let name = format!("event-{number}.json");
            site.write(&name, &event.to_string());
            site.path().join(name)
        })
        .collect();
    let files = files.iter().map(|file| file.to_str().unwrap());
    let arguments: Vec<&str> = ["watch", "--event"].into_iter().chain(files).collect();
    site.run(&arguments)
}

/// What is another one in every run is replaced.
fn steady(text: &str) -> String {
    let mut steady = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("Read at ") {
        let (before, after) = rest.split_at(at + "Read at ".len());
        steady += before;
        steady += "NOW";
        rest = &after["2026-11-30 09:41:07 UTC".len()..];
    }
    steady + rest
}

#[test]
fn every_verdict_is_one_of_the_endings_and_nothing_else_comes_out_of_a_look() {
    let site = site_of(&story());
    let made = site.moto.aws(&["iam", "create-user", "--user-name", "build-7"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let policy = "arn:aws:iam::aws:policy/AdministratorAccess";
    site.moto.aws(&["iam", "attach-user-policy", "--user-name", "build-7", "--policy-arn", policy]);
    site.moto.aws(&["iam", "create-login-profile", "--user-name", "build-7", "--password", "Correct-horse-7-battery"]);
    let (mut told, mut wrong) = (String::new(), Vec::new());
    let mut case = |title: &str, events: &[Value], code: i32| {
        let output = watch(&site, events);
        assert_eq!(output.stderr, "", "{title}: {}", output.stdout);
        wrong.extend((output.code != code).then(|| format!("{title}: {} instead of {code}", output.code)));
        told += &format!("# {title} (exit code {})\n{}\n", output.code, steady(&output.stdout));
    };
    case(
        "not expected",
        &[iam("CreateUser", "build-7"), iam("CreateLoginProfile", "build-7"), iam("AttachUserPolicy", "build-7")],
        3,
    );
    case("expected", &[iam("UpdateAccessKey", "svc-build")], 0);
    case("gone when looked at", &[iam("CreateUser", "short-lived")], 0);
    case("not expected in a group", &[joined("AWS-Admins", "bob")], 3);
    case("a stranger", &[event("08-scim-patch-group.json", "CreateUser", &json!({"id": guid("user", "mallory")}))], 3);
    case("expected in a group, with an assignment that is not", &[joined("AWS-Readers", "carol")], 3);
    case("expected of a user", &[joined("AWS-Admins", "alice")], 0);
    case(
        "a group",
        &[event("08-scim-patch-group.json", "PatchGroup", &json!({"id": guid("group", "AWS-Readers")}))],
        0,
    );
    let sets = site.moto.aws(&["sso-admin", "list-instances"]);
    let instance = serde_json::from_str::<Value>(&sets.stdout).unwrap()["Instances"][0]["InstanceArn"]
        .as_str()
        .unwrap()
        .to_owned();
    let sets = site.moto.aws(&["sso-admin", "list-permission-sets", "--instance-arn", &instance]);
    let sets = serde_json::from_str::<Value>(&sets.stdout).unwrap();
    let named = |wanted: &str| {
        let sets = sets["PermissionSets"].as_array().unwrap();
        let found = sets.iter().find(|set| {
            let set = set.as_str().unwrap();
            let described = site.moto.aws(&[
                "sso-admin",
                "describe-permission-set",
                "--instance-arn",
                &instance,
                "--permission-set-arn",
                set,
            ]);
            serde_json::from_str::<Value>(&described.stdout).unwrap()["PermissionSet"]["Name"] == wanted
        });
        found.unwrap().clone()
    };
    let admin = named("Admin");
    let assign = |operation: &str, set: &Value, kind: &str, of: &str| {
        let prod = serde_json::to_value(story().for_moto()).unwrap();
        let accounts = prod["accounts"].as_array().unwrap().clone();
        let account = accounts.iter().find(|account| account["key"] == "prod").unwrap()["id"].clone();
        let parameters = json!({"principalType": kind, "principalId": of, "permissionSetArn": set, "targetId": account, "targetType": "AWS_ACCOUNT", "instanceArn": instance});
        event("09-sso-create-account-assignment.json", operation, &parameters)
    };
    case(
        "an assignment that no row expects",
        &[assign("CreateAccountAssignment", &admin, "USER", &guid("user", "carol"))],
        3,
    );
    case("an assignment in progress", &[assign("CreateAccountAssignment", &admin, "USER", &guid("user", "alice"))], 4);
    case(
        "an assignment that a row expects",
        &[assign("CreateAccountAssignment", &named("ReadOnly"), "GROUP", &guid("group", "AWS-Readers"))],
        0,
    );
    case("nothing to look at", &[event("10-iam-unknown-operation.json", "FrobnicateAccount", &json!({}))], 4);
    case("an unknown operation", &[iam("FrobnicateUser", "svc-build")], 0);
    case(
        "refused, and of Identity Center",
        &[
            serde_json::from_slice(&sample("04-iam-create-user-refused.json")).unwrap(),
            serde_json::from_slice(&sample("05-iam-create-role-by-sso.json")).unwrap(),
        ],
        0,
    );
    case("another account", &[serde_json::from_slice(&sample("01-iam-create-user.json")).unwrap()], 4);
    let elsewhere = json!({"groupId": guid("group", "AWS-Readers"), "identityStoreId": "d-another"});
    case(
        "another identity store",
        &[event("06-identitystore-create-group-membership.json", "DeleteGroup", &elsewhere)],
        4,
    );
    let hostile = "<b>`*_x\u{202e}\u{7}\nAll is well.";
    case("hostile names", &[event("10-iam-unknown-operation.json", hostile, &json!({"userName": hostile}))], 0);
    let mut operator = iam("CreateUser", "build-7");
    operator["detail"]["userIdentity"] = json!({"type": "AssumedRole", "arn": OPERATOR, "accountId": ACCOUNT});
    case("the operator without a plan", &[operator], 3);
    site.moto.fail(&json!({"operation": "iam:GetAccountAuthorizationDetails", "fault": "deny"}));
    case("not allowed to look", &[iam("CreateUser", "build-7")], 4);
    site.moto.heal();
    site.moto.fail(&json!({"operation": "iam:GetLoginProfile", "fault": "deny"}));
    case("not allowed to look at all of it", &[iam("UpdateAccessKey", "svc-build")], 4);
    assert!(!told.contains(": {") && !told.contains("\":") && !told.contains("missing-"), "{told}");
    assert_file("tests/snapshots/watch-verdicts.txt", &told);
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(site.moto.writes()["iam:CreateUser"], 1, "the look wrote");
}

#[test]
fn a_new_user_whom_iam_does_not_list_yet_is_not_said_to_be_gone() {
    let site = site_of(&story());
    let stale = |answers: u32| {
        json!({"operation": "iam:CreateUser", "fault": "stale", "answers": answers,
               "reads": ["iam:GetAccountAuthorizationDetails"], "times": 1})
    };
    site.moto.fail(&stale(1));
    assert_eq!(site.moto.aws(&["iam", "create-user", "--user-name", "build-7"]).code, 0);
    let told = watch(&site, &[iam("CreateUser", "build-7")]);
    assert_eq!(told.code, 4, "{}{}", told.stdout, told.stderr);
    assert!(told.stdout.contains("AWS does not yet list what it holds"), "{}", told.stdout);
    let told = watch(&site, &[iam("CreateUser", "build-7")]);
    assert_eq!(told.code, 3, "it is listed now: {}{}", told.stdout, told.stderr);
}

#[test]
fn a_file_that_is_no_event_is_refused_with_what_to_do() {
    let site = site_of(&Story::small());
    site.write("event.json", "{\"detail\": 7}");
    let refused = site.run(&["watch", "--event", "event.json"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("`event.json` is not an event"), "{}", refused.stderr);
    assert!(refused.stderr.contains("has no `detail`"), "{}", refused.stderr);
    assert!(refused.stderr.contains("pass one event of CloudTrail"), "{}", refused.stderr);
    assert_eq!(site.run(&["watch", "--event", "nowhere.json"]).code, 2);
}

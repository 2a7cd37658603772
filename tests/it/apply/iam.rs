//! Changes of IAM users that exist: policies, groups, keys, and disabling.

use aws_sdk_iam::Client;
use aws_sdk_iam::types::StatusType;
use serde_json::json;

use super::Site;
use crate::operate::sending::load;
use crate::operate::world::{READ_ONLY, config, url};
use crate::story::Story;

const SETTINGS: &str = r#"
[expect]
identity_source = "identity-center"
max_age = "9000d"

[change]
allow = ["attach-iam-policy", "detach-iam-policy", "add-iam-group-member", "remove-iam-group-member",
         "activate-iam-key", "deactivate-iam-key", "disable-iam-user", "enable-iam-user"]
shows_within_seconds = 6

[operator]
role = "arn:aws:iam::123456789012:role/RollcallOperator"
"#;

/// A site whose management account has the IAM user `build-7`.
async fn site() -> (Site, Client) {
    let site = Site::of(&Story::small());
    site.write("rollcall.toml", SETTINGS);
    let client = Client::new(&config(&url(&site.moto), ["testing", "testing"]));
    client.create_user().user_name("build-7").send().await.unwrap();
    (site, client)
}

/// Plans one change of `build-7` and applies it.
fn made(site: &Site, asked: &[&str]) {
    let plan = site.plan(&[&asked[..2], &["build-7", "--account", "123456789012"], &asked[2..]].concat());
    let applied = site.apply_plan(&plan, &[]);
    assert_eq!(applied.code, 0, "{asked:?}: {}{}", applied.stdout, applied.stderr);
    assert!(applied.stdout.contains("c1  done, and seen"), "{}", applied.stdout);
}

async fn key(client: &Client) -> (String, StatusType) {
    let keys = client.list_access_keys().user_name("build-7").send().await.unwrap().access_key_metadata;
    (keys[0].access_key_id.clone().unwrap(), keys[0].status.clone().unwrap())
}

#[tokio::test]
async fn policies_groups_and_keys_of_an_iam_user_are_given_and_taken_away() {
    let (site, client) = site().await;
    client.create_group().group_name("ops").send().await.unwrap();
    client.create_access_key().user_name("build-7").send().await.unwrap();
    let before = site.moto.writes();
    made(&site, &["iam-policy", "attach", "--policy", READ_ONLY]);
    made(&site, &["iam-group-member", "add", "--group", "ops"]);
    made(&site, &["iam-key", "deactivate"]);
    let (id, status) = key(&client).await;
    assert_eq!(status, StatusType::Inactive);
    made(&site, &["iam-key", "activate", "--key", &id]);
    assert_eq!(key(&client).await.1, StatusType::Active);
    made(&site, &["iam-group-member", "remove", "--group", "ops"]);
    made(&site, &["iam-policy", "detach", "--policy", READ_ONLY]);
    let attached = client.list_attached_user_policies().user_name("build-7").send().await.unwrap();
    assert!(attached.attached_policies().is_empty());
    let mut expected = before;
    for (operation, calls) in [
        ("iam:AttachUserPolicy", 1),
        ("iam:AddUserToGroup", 1),
        ("iam:UpdateAccessKey", 2),
        ("iam:RemoveUserFromGroup", 1),
        ("iam:DetachUserPolicy", 1),
    ] {
        expected[operation] = json!(calls);
    }
    assert_eq!(site.moto.writes(), expected);
}

async fn loaded() -> (Site, Client) {
    let (site, client) = site().await;
    load(&client, "build-7").await;
    let profile = client.create_login_profile().user_name("build-7").password("Correct-Horse-7-Battery");
    profile.send().await.unwrap();
    (site, client)
}

const DISABLE: [&str; 5] = ["iam-user", "disable", "build-7", "--account", "123456789012"];

#[tokio::test]
async fn an_iam_user_is_disabled_with_all_its_credentials_wherever_the_process_is_killed() {
    let (site, client) = loaded().await;
    let plan = site.plan(&DISABLE);
    for (operation, fault) in [
        ("iam:UpdateAccessKey", json!({})),
        ("iam:UpdateAccessKey", json!({"when": "after"})),
        ("iam:UpdateServiceSpecificCredential", json!({"when": "after"})),
        ("iam:UpdateSSHPublicKey", json!({"when": "after"})),
        ("iam:UpdateSigningCertificate", json!({})),
        ("iam:DeleteLoginProfile", json!({"when": "after"})),
    ] {
        site.killed_at(operation, &fault);
        site.claim_ends();
    }
    let applied = site.apply_plan(&plan, &[]);
    assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    let writes = site.moto.writes();
    let calls = |operation: &str| writes[operation].as_u64();
    assert_eq!(calls("iam:UpdateAccessKey"), Some(2), "the first call was never carried out");
    assert_eq!(calls("iam:UpdateServiceSpecificCredential"), Some(1));
    assert_eq!(calls("iam:UpdateSSHPublicKey"), Some(1));
    assert_eq!(calls("iam:UpdateSigningCertificate"), Some(2), "the first call was never carried out");
    assert_eq!(calls("iam:DeleteLoginProfile"), Some(1));
    assert_eq!(key(&client).await.1, StatusType::Inactive);
    assert!(client.get_login_profile().user_name("build-7").send().await.is_err());
    let inline = client.list_user_policies().user_name("build-7").send().await.unwrap();
    assert_eq!(inline.policy_names.len(), 2, "policies stay");
}

#[tokio::test]
async fn what_could_hit_another_password_is_not_sent_twice() {
    let (site, client) = loaded().await;
    let plan = site.plan(&DISABLE);
    site.killed_at("iam:DeleteLoginProfile", &json!({}));
    site.claim_ends();
    let stopped = site.apply_plan(&plan, &[]);
    assert_eq!(stopped.code, 6, "{}{}", stopped.stdout, stopped.stderr);
    assert!(
        stopped.stderr.contains("it may have been sent before, does not show, and is not sent twice"),
        "{}",
        stopped.stderr
    );
    assert_eq!(site.moto.writes()["iam:DeleteLoginProfile"], 1);
    client.get_login_profile().user_name("build-7").send().await.unwrap();
}

#[tokio::test]
async fn what_someone_else_gives_to_a_user_while_it_is_disabled_stops_the_apply() {
    let (site, _) = loaded().await;
    let plan = site.plan(&DISABLE);
    site.moto.fail(&json!({
        "operation": "iam:UpdateAccessKey", "fault": "someone-else", "times": 1,
        "call": {"service": "iam", "operation": "create_access_key", "parameters": {"UserName": "build-7"}}
    }));
    let stopped = site.apply_plan(&plan, &[]);
    assert_eq!(stopped.code, 6, "{}{}", stopped.stdout, stopped.stderr);
    assert!(stopped.stderr.contains("someone else changed it in the meantime"), "{}", stopped.stderr);
    assert_eq!(site.moto.writes()["iam:UpdateAccessKey"], 1);
}

//! IAM users that a plan creates, with a console password, and that it deletes with everything that belongs to them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use aws_sdk_iam::Client;
use serde_json::json;

use super::Site;
use crate::operate::sending::load;
use crate::operate::world::{READ_ONLY, config, url};
use crate::story::Story;

pub const ACCOUNT: [&str; 2] = ["--account", "123456789012"];

/// A site that may create, disable and delete IAM users.
pub fn site() -> (Site, Client) {
    let site = Site::of(&Story::small());
    let folder = site.path().join("passwords");
    let settings = format!(
        r#"
[expect]
identity_source = "identity-center"
max_age = "9000d"

[change]
allow = ["create-iam-user", "disable-iam-user", "delete-iam-user"]
shows_within_seconds = 6
passwords_to = "{}"

[operator]
role = "arn:aws:iam::123456789012:role/RollcallOperator"
"#,
        folder.display()
    );
    site.write("rollcall.toml", &settings);
    let client = Client::new(&config(&url(&site.moto), ["testing", "testing"]));
    (site, client)
}

fn create<'a>() -> Vec<&'a str> {
    let asked = ["iam-user", "create", "build-7", "--tag", "service=devmongodb", "--policy", READ_ONLY, "--console"];
    [&asked[..], &ACCOUNT].concat()
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

#[tokio::test]
async fn an_iam_user_is_created_wherever_the_process_is_killed_and_its_password_is_in_one_file_alone() {
    let (site, client) = site();
    let plan = site.plan(&create());
    for operation in ["iam:CreateUser", "iam:AttachUserPolicy"] {
        site.killed_at(operation, &json!({"when": "after"}));
        site.claim_ends();
    }
    let applied = site.apply_plan(&plan, &["--log", "trace"]);
    assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    let once = json!({"iam:AttachUserPolicy": 1, "iam:CreateLoginProfile": 1, "iam:CreateUser": 1});
    assert_eq!(site.moto.writes(), once);
    let tags = client.list_user_tags().user_name("build-7").send().await.unwrap().tags;
    assert!(tags.iter().any(|tag| tag.key == "service" && tag.value == "devmongodb"), "{tags:?}");
    let profile = client.get_login_profile().user_name("build-7").send().await.unwrap().login_profile.unwrap();
    assert!(profile.password_reset_required);

    let folder = site.path().join("passwords");
    let [file] = &files(&folder)[..] else { panic!("one file") };
    assert!(applied.stdout.contains(&format!("the console password is in {}", file.display())), "{}", applied.stdout);
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(file)), (0o700, 0o600));
    let password = fs::read_to_string(file).unwrap();
    let password = password.trim_end();
    assert!(password.len() >= 24);
    for other in files(site.path()).iter().filter(|other| *other != file) {
        let bytes = fs::read(other).unwrap();
        assert!(!bytes.windows(password.len()).any(|part| part == password.as_bytes()), "{}", other.display());
    }
    assert!(!applied.stdout.contains(password) && !applied.stderr.contains(password));
}

#[tokio::test]
async fn a_console_password_needs_a_folder_and_a_user_that_another_one_made_is_left_alone() {
    let (site, client) = site();
    let plan = site.plan(&create());
    let call = json!({"service": "iam", "operation": "create_user", "parameters": {"UserName": "build-7"}});
    site.moto.fail(
        &json!({"operation": "iam:CreateUser", "fault": "someone-else", "when": "before", "times": 1, "call": call}),
    );
    let stopped = site.apply_plan(&plan, &[]);
    assert_eq!(stopped.code, 1, "{}{}", stopped.stdout, stopped.stderr);
    assert!(stopped.stderr.contains("exists already, and not by this plan"), "{}", stopped.stderr);
    assert!(client.get_login_profile().user_name("build-7").send().await.is_err());
    let settings = fs::read_to_string(site.path().join("rollcall.toml")).unwrap();
    site.write("rollcall.toml", &settings.replace("passwords_to = \"", "passwords_to = \"./"));
    let refused = site.apply_plan(&plan, &[]);
    assert_eq!(refused.code, 1, "{}{}", refused.stdout, refused.stderr);
    assert!(refused.stderr.contains("set `change.passwords_to` to a folder"), "{}", refused.stderr);
}

#[tokio::test]
async fn an_iam_user_is_deleted_with_everything_wherever_the_process_is_killed() {
    let (site, client) = site();
    client.create_user().user_name("build-7").send().await.unwrap();
    client.create_login_profile().user_name("build-7").password("Correct-Horse-7-Battery").send().await.unwrap();
    client.attach_user_policy().user_name("build-7").policy_arn(READ_ONLY).send().await.unwrap();
    client.create_group().group_name("ops").send().await.unwrap();
    client.add_user_to_group().user_name("build-7").group_name("ops").send().await.unwrap();
    load(&client, "build-7").await;
    let of = |verb: &'static str| [&["iam-user", verb, "build-7"][..], &ACCOUNT].concat();

    let plan = site.plan(&of("delete"));
    let held = site.apply_plan(&plan, &[]);
    assert_eq!(held.code, 3, "{}{}", held.stdout, held.stderr);
    assert!(held.stdout.contains("deletes an IAM user without quarantine"), "{}", held.stdout);

    let plan = site.plan(&[&of("delete")[..], &["--at-once"]].concat());
    for operation in [
        "iam:DeleteLoginProfile",
        "iam:DeleteAccessKey",
        "iam:DeactivateMFADevice",
        "iam:DeleteVirtualMFADevice",
        "iam:AttachUserPolicy",
        "iam:DeleteUserPolicy",
        "iam:RemoveUserFromGroup",
        "iam:DetachUserPolicy",
        "iam:DeleteUser",
    ] {
        site.killed_at(operation, &json!({"when": "after"}));
        site.claim_ends();
    }
    let applied = site.apply_plan(&plan, &[]);
    assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    assert!(client.get_user().user_name("build-7").send().await.is_err());
    let devices = client.list_virtual_mfa_devices().send().await.unwrap().virtual_mfa_devices;
    assert!(devices.is_empty(), "{devices:?}");
    let writes = site.moto.writes();
    for operation in
        ["DeleteUser", "DeleteLoginProfile", "DeactivateMFADevice", "DeleteVirtualMFADevice", "DeleteAccessKey"]
    {
        assert_eq!(writes[format!("iam:{operation}")], 1, "{operation}");
    }
}

#[tokio::test]
async fn a_user_that_a_plan_disabled_is_deleted_after_its_quarantine_and_not_before() {
    let (site, client) = site();
    client.create_user().user_name("build-7").send().await.unwrap();
    client.create_access_key().user_name("build-7").send().await.unwrap();
    let planned = |verb| {
        let _ = fs::remove_file(site.path().join("plan.json"));
        site.plan(&[&["iam-user", verb, "build-7"][..], &ACCOUNT].concat())
    };
    let disabled = site.apply_plan(&planned("disable"), &[]);
    assert_eq!(disabled.code, 0, "{}{}", disabled.stdout, disabled.stderr);
    let held = site.apply_plan(&planned("delete"), &[]);
    assert_eq!(held.code, 3, "{}{}", held.stdout, held.stderr);
    assert!(held.stdout.contains("that Rollcall disabled at "), "{}", held.stdout);
    let settings = fs::read_to_string(site.path().join("rollcall.toml")).unwrap();
    site.write("rollcall.toml", &settings.replace("shows_within", "quarantine = \"0h\"\nshows_within"));
    let deleted = site.apply_plan(&planned("delete"), &[]);
    assert_eq!(deleted.code, 0, "{}{}", deleted.stdout, deleted.stderr);
    assert!(client.get_user().user_name("build-7").send().await.is_err());
}

#[tokio::test]
async fn an_answer_without_the_user_does_not_say_that_the_user_is_gone() {
    let (site, client) = site();
    client.create_user().user_name("build-7").send().await.unwrap();
    let plan = site.plan(&[&["iam-user", "delete", "build-7", "--at-once"][..], &ACCOUNT].concat());
    site.moto.fail(&json!({"operation": "iam:GetUser", "fault": "hollow"}));
    let stopped = site.apply_plan(&plan, &[]);
    assert_eq!(stopped.code, 1, "{}{}", stopped.stdout, stopped.stderr);
    assert_eq!(site.moto.writes(), json!({"iam:CreateUser": 1}), "by this test");
    site.moto.heal();
    assert_eq!(site.apply_plan(&plan, &[]).code, 0);
    assert_eq!(site.moto.writes()["iam:DeleteUser"], 1);
}

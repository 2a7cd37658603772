//! Answers of IAM that are lost: each is resolved by looking, and nothing is sent twice.

use serde_json::json;

use super::Site;
use super::iam_users::{ACCOUNT, site};
use crate::operate::sending::load;
use crate::operate::world::READ_ONLY;

impl Site {
    /// Applies a plan while the first answer of each of these operations is lost. Each is called once more than before.
    fn applied_without_answers(&self, asked: &[&str], operations: &[&str]) {
        let before = self.moto.writes();
        for operation in operations {
            self.moto.fail(&json!({"operation": format!("iam:{operation}"), "fault": "lose-answer", "times": 1}));
        }
        let plan = self.plan(asked);
        let applied = self.apply_plan(&plan, &[]);
        assert_eq!(applied.code, 0, "{asked:?}: {}{}", applied.stdout, applied.stderr);
        assert!(applied.stdout.contains("c1  done, and seen; AWS's answer was lost"), "{asked:?}: {}", applied.stdout);
        let after = self.moto.writes();
        for operation in operations {
            let calls = |writes: &serde_json::Value| writes[format!("iam:{operation}")].as_u64().unwrap_or(0);
            assert_eq!(calls(&after), calls(&before) + 1, "{operation}");
        }
        std::fs::remove_file(self.path().join("plan.json")).unwrap();
    }
}

#[tokio::test]
async fn a_lost_answer_of_every_operation_of_iam_is_resolved_by_looking() {
    let (site, client) = site();
    let settings = std::fs::read_to_string(site.path().join("rollcall.toml")).unwrap();
    let all = r#"allow = ["attach-iam-policy", "detach-iam-policy", "add-iam-group-member", "remove-iam-group-member",
         "activate-iam-key", "deactivate-iam-key", "enable-iam-user", "#;
    site.write("rollcall.toml", &settings.replace("allow = [", all));
    client.create_group().group_name("ops").send().await.unwrap();
    let of = |words: &[&'static str], more: &[&'static str]| [words, &["build-7"], &ACCOUNT, more].concat();
    let create = of(&["iam-user", "create"], &["--policy", READ_ONLY, "--group", "ops", "--console"]);
    let steps = ["CreateUser", "AttachUserPolicy", "AddUserToGroup", "CreateLoginProfile"];
    site.applied_without_answers(&create, &steps);

    let policy = ["--policy", "arn:aws:iam::aws:policy/SecurityAudit"];
    site.applied_without_answers(&of(&["iam-policy", "attach"], &policy), &["AttachUserPolicy"]);
    site.applied_without_answers(&of(&["iam-policy", "detach"], &policy), &["DetachUserPolicy"]);
    let group = ["--group", "ops"];
    site.applied_without_answers(&of(&["iam-group-member", "remove"], &group), &["RemoveUserFromGroup"]);
    site.applied_without_answers(&of(&["iam-group-member", "add"], &group), &["AddUserToGroup"]);
    client.create_access_key().user_name("build-7").send().await.unwrap();
    site.applied_without_answers(&of(&["iam-key", "deactivate"], &[]), &["UpdateAccessKey"]);

    load(&client, "build-7").await;
    let switched = ["UpdateAccessKey", "UpdateServiceSpecificCredential", "UpdateSSHPublicKey"];
    let disabled = [&switched[..], &["UpdateSigningCertificate", "DeleteLoginProfile"]].concat();
    site.applied_without_answers(&of(&["iam-user", "disable"], &[]), &disabled);
    let deleted = [
        "DeleteServiceSpecificCredential",
        "DeleteSSHPublicKey",
        "DeleteSigningCertificate",
        "DeactivateMFADevice",
        "DeleteVirtualMFADevice",
        "RemoveUserFromGroup",
        "DeleteUser",
    ];
    site.applied_without_answers(&of(&["iam-user", "delete"], &["--at-once"]), &deleted);
    assert!(client.get_user().user_name("build-7").send().await.is_err());
}

//! IAM of another account than the operator's own: read and changed by the roles there, each assumed by its own principal.

use serde_json::{Value, json};

use super::Site;
use crate::story::Story;

fn site(of_operator: &str) -> Site {
    let site = Site::of(&Story::small());
    let settings = format!(
        r#"
[expect]
identity_source = "identity-center"
max_age = "9000d"

[aws]
member_role = "RollcallAuditor"

[change]
allow = ["attach-iam-policy"]
shows_within_seconds = 6

[operator]
role = "arn:aws:iam::123456789012:role/RollcallOperator"
{of_operator}
"#
    );
    site.write("rollcall.toml", &settings);
    site
}

const ATTACH: [&str; 7] = [
    "iam-policy",
    "attach",
    "svc-backup",
    "--account",
    "Acme Development",
    "--policy",
    "arn:aws:iam::aws:policy/SecurityAudit",
];

#[test]
fn an_iam_user_of_another_account_is_changed_by_the_role_there() {
    let site = site(r#"member_role = "RollcallOperatorMember""#);
    let plan = site.plan(&ATTACH);
    let account = plan.changes[0].change.account().unwrap().to_string();
    assert_ne!(account, "123456789012");
    site.killed_at("iam:AttachUserPolicy", &json!({"when": "after"}));
    site.claim_ends();
    let applied = site.apply_plan(&plan, &[]);
    assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    let calls = site.moto.writing_calls();
    let [call] = &calls[..] else { panic!("one call: {calls:?}") };
    assert_eq!((&call[0], &call[1]), (&json!("iam:AttachUserPolicy"), &Value::from(account)), "{call}");
}

#[test]
fn without_a_role_of_the_operator_there_nothing_is_sent() {
    let site = site("");
    let plan = site.plan(&ATTACH);
    let stopped = site.apply_plan(&plan, &[]);
    assert_eq!(stopped.code, 1, "{}{}", stopped.stdout, stopped.stderr);
    assert!(stopped.stderr.contains("no role that changes IAM in account"), "{}", stopped.stderr);
    assert_eq!(site.moto.writes(), json!({}));
}

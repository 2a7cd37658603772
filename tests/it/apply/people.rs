//! Users and groups of Identity Center that a plan creates and deletes with everything that they hold.

use rollcall::change::Plan;
use serde_json::{Value, json};

use super::Site;
use crate::story::{Story, group, user};

const SETTINGS: &str = r#"
[expect]
identity_source = "identity-center"
max_age = "9000d"

[change]
allow = ["create-user", "delete-user", "create-group", "delete-group", "add-member", "remove-member",
         "add-assignment", "remove-assignment"]
shows_within_seconds = 6

[operator]
role = "arn:aws:iam::123456789012:role/RollcallOperator"
"#;

const ANA: [&str; 11] = [
    "user",
    "create",
    "ana",
    "--given",
    "Ana",
    "--family",
    "Lopez",
    "--email",
    "ana@example.com",
    "--group",
    "AWS-Readers",
];

fn site(story: &Story) -> Site {
    let site = Site::of(story);
    site.write("rollcall.toml", SETTINGS);
    site
}

/// The small company, in which bob and the group `eng` hold what a user and a group can hold.
fn laden() -> Site {
    let mut story = Story::small();
    story.aws_group("eng").aws_member("eng", "carol").aws_member("eng", "bob");
    story.aws_grant(group("eng"), "Audit", "dev").aws_grant(user("bob"), "Audit", "dev");
    site(&story)
}

impl Site {
    fn store(&self, arguments: &[&str]) -> Value {
        let fixed = ["identitystore", arguments[0], "--identity-store-id", "d-9967750fbd"];
        let output = self.moto.aws(&[&fixed, &arguments[1..]].concat());
        assert_eq!(output.code, 0, "{}", output.stderr);
        serde_json::from_str(&output.stdout).unwrap()
    }

    fn members(&self, name: &str) -> usize {
        let groups = self.store(&["list-groups"]);
        let is = |group: &&Value| group["DisplayName"] == name;
        let Some(group) = groups["Groups"].as_array().unwrap().iter().find(is) else { return 0 };
        let listed = self.store(&["list-group-memberships", "--group-id", group["GroupId"].as_str().unwrap()]);
        listed["GroupMemberships"].as_array().unwrap().len()
    }

    fn id_of_user(&self, name: &str) -> Option<String> {
        let users = self.store(&["list-users"]);
        let user = users["Users"].as_array().unwrap().iter().find(|user| user["UserName"] == name)?;
        Some(user["UserId"].as_str().unwrap().to_owned())
    }

    /// Makes an application and assigns a principal to it; gives its ARN.
    fn application_of(&self, kind: &str, id: &str) -> String {
        let instance = ["--instance-arn", "arn:aws:sso:::instance/ssoins-7223f02c9e1ba4d6"];
        let provider = ["--application-provider-arn", "arn:aws:sso::aws:applicationProvider/custom"];
        let made =
            self.moto.aws(&[&["sso-admin", "create-application", "--name", "Wiki"][..], &instance, &provider].concat());
        assert_eq!(made.code, 0, "{}", made.stderr);
        let arn = serde_json::from_str::<Value>(&made.stdout).unwrap()["ApplicationArn"].as_str().unwrap().to_owned();
        let principal = ["--principal-type", kind, "--principal-id", id];
        let assigned = ["sso-admin", "create-application-assignment", "--application-arn", &arn];
        let output = self.moto.aws(&[&assigned[..], &principal].concat());
        assert_eq!(output.code, 0, "{}", output.stderr);
        arn
    }

    fn done(&self, plan: &Plan) {
        let applied = self.apply_plan(plan, &[]);
        assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
        let verified = self.run(&["verify"]);
        assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    }

    /// How often these operations were called in all.
    fn calls(&self, operation: &str) -> u64 {
        self.moto.writes()[operation].as_u64().unwrap_or(0)
    }
}

#[test]
fn a_user_is_created_with_its_groups_by_the_id_that_aws_gave_wherever_the_process_is_killed() {
    let site = site(Story::small().aws_group("eng"));
    let plan = site.plan(&[&ANA[..], &["--group", "eng"]].concat());
    let kinds: Vec<&str> = plan.changes.iter().map(|planned| planned.change.kind().word()).collect();
    assert_eq!(kinds, ["create-user", "add-member", "add-member"]);
    for (operation, fault) in [
        ("identitystore:CreateUser", json!({})),
        ("identitystore:CreateUser", json!({"when": "after"})),
        ("identitystore:DescribeUser", json!({})),
        ("identitystore:CreateGroupMembership", json!({})),
        ("identitystore:CreateGroupMembership", json!({"when": "after"})),
        ("identitystore:CreateGroupMembership", json!({"when": "after"})),
    ] {
        site.killed_at(operation, &fault);
        site.claim_ends();
    }
    site.done(&plan);
    let ana = site.id_of_user("ana").unwrap();
    let made = site.entries().into_iter().filter(|entry| entry["made"].is_string());
    assert_eq!(made.map(|entry| entry["made"].clone()).collect::<Vec<_>>(), [json!(ana)]);
    assert_eq!((site.members("AWS-Readers"), site.members("eng")), (3, 1));
    // Each was sent a second time only because the first call was never carried out.
    let writes = json!({"identitystore:CreateUser": 2, "identitystore:CreateGroupMembership": 3});
    assert_eq!(site.moto.writes(), writes);
}

#[test]
fn lost_answers_of_creations_are_resolved_by_looking_and_give_the_id() {
    let mut story = Story::small();
    story.group("eng").directory_member("eng", "alice").expect_grant(group("eng"), "Audit", "dev");
    story.aws.groups.remove("eng");
    let site = site(&story);
    for operation in ["identitystore:CreateUser", "identitystore:CreateGroup", "identitystore:CreateGroupMembership"] {
        site.moto.fail(&json!({"operation": operation, "fault": "lose-answer", "times": 1}));
    }
    let plan = site.plan(&["--rule", "missing-group"]);
    let kinds: Vec<&str> = plan.changes.iter().map(|planned| planned.change.kind().word()).collect();
    assert_eq!(kinds, ["create-group", "add-member", "add-assignment"]);
    site.done(&plan);
    assert_eq!(site.members("eng"), 1);
    let plan = {
        std::fs::remove_file(site.path().join("plan.json")).unwrap();
        site.plan(&ANA)
    };
    let applied = site.apply_plan(&plan, &[]);
    assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    assert!(applied.stdout.contains("c1  done, and seen; AWS's answer was lost"), "{}", applied.stdout);
    let once = json!({
        "identitystore:CreateUser": 1, "identitystore:CreateGroup": 1, "identitystore:CreateGroupMembership": 2,
        "sso:CreateAccountAssignment": 1,
    });
    assert_eq!(site.moto.writes(), once);
}

#[test]
fn what_shows_late_is_created_once_although_its_answer_was_lost() {
    let site = site(&Story::small());
    let plan = site.plan(&ANA);
    site.moto.fail(
        &json!({"operation": "identitystore:CreateUser", "fault": "stale", "answers": 1000, "lose": true, "times": 1}),
    );
    // It does not show, so it is sent once more, and AWS says that it exists.
    let stopped = site.apply_plan(&plan, &[]);
    assert_eq!(stopped.code, 6, "{}{}", stopped.stdout, stopped.stderr);
    site.moto.heal();
    site.done(&plan);
    assert_eq!(site.calls("identitystore:CreateUser"), 2);
    assert_eq!(site.members("AWS-Readers"), 3);
}

#[test]
fn a_user_that_someone_else_creates_right_before_is_never_taken_for_ours() {
    let site = site(&Story::small());
    let plan = site.plan(&ANA);
    let parameters = json!({
        "IdentityStoreId": "d-9967750fbd", "UserName": "ana", "DisplayName": "Ana Other",
        "Name": {"GivenName": "Ana", "FamilyName": "Other"}
    });
    let call = json!({"service": "identitystore", "operation": "create_user", "parameters": parameters});
    let fault = |more: Value| {
        let mut fault = json!({"operation": "identitystore:CreateUser", "fault": "someone-else", "when": "before",
                               "times": 1, "call": call});
        fault.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        site.moto.fail(&fault);
    };
    // Its answer is lost, and somebody else's user of that name shows.
    fault(json!({"lose": true}));
    let stopped = site.apply_plan(&plan, &[]);
    assert_eq!(stopped.code, 6, "{}{}", stopped.stdout, stopped.stderr);
    let again = site.apply_plan(&plan, &[]);
    assert_eq!(again.code, 6, "{}{}", again.stdout, again.stderr);
    assert!(again.stderr.contains("what is left is held"), "{}", again.stderr);
    assert_eq!(site.calls("identitystore:CreateGroupMembership"), 0);
    assert_eq!(site.members("AWS-Readers"), 2);
}

#[test]
fn a_user_is_deleted_after_everything_that_it_holds_wherever_the_process_is_killed() {
    let site = laden();
    let bob = site.id_of_user("bob@corp.example.com").unwrap();
    let wiki = site.application_of("USER", &bob);
    let plan = site.plan(&["user", "delete", "bob@corp.example.com"]);
    let kinds: Vec<&str> = plan.changes.iter().map(|planned| planned.change.kind().word()).collect();
    assert_eq!(kinds, ["remove-assignment", "remove-member", "remove-member", "delete-user"]);
    assert_eq!(plan.changes[3].seen.applications, [wiki]);
    for (operation, fault) in [
        ("sso:DeleteAccountAssignment", json!({"when": "after"})),
        ("identitystore:DeleteGroupMembership", json!({"when": "after"})),
        ("sso:DeleteApplicationAssignment", json!({})),
        ("sso:DeleteApplicationAssignment", json!({"when": "after"})),
        ("identitystore:DeleteUser", json!({})),
        ("identitystore:DeleteUser", json!({"when": "after"})),
    ] {
        site.killed_at(operation, &fault);
        site.claim_ends();
    }
    site.done(&plan);
    assert_eq!(site.id_of_user("bob@corp.example.com"), None);
    let writes = site.moto.writes();
    for (operation, calls) in [
        ("sso:DeleteAccountAssignment", 1),
        ("identitystore:DeleteGroupMembership", 2),
        ("sso:DeleteApplicationAssignment", 2),
        ("identitystore:DeleteUser", 2),
    ] {
        assert_eq!(writes[operation], calls, "{operation}");
    }
}

#[test]
fn a_group_is_deleted_after_everything_that_it_holds_although_every_answer_is_lost() {
    let site = laden();
    let groups = site.store(&["list-groups"]);
    let eng = groups["Groups"].as_array().unwrap().iter().find(|group| group["DisplayName"] == "eng").unwrap();
    site.application_of("GROUP", eng["GroupId"].as_str().unwrap());
    let plan = site.plan(&["group", "delete", "eng"]);
    for operation in [
        "sso:DeleteAccountAssignment",
        "identitystore:DeleteGroupMembership",
        "sso:DeleteApplicationAssignment",
        "identitystore:DeleteGroup",
    ] {
        site.moto.fail(&json!({"operation": operation, "fault": "lose-answer", "times": 1}));
    }
    site.done(&plan);
    let groups = site.store(&["list-groups"]);
    assert!(!groups["Groups"].as_array().unwrap().iter().any(|group| group["DisplayName"] == "eng"));
    let writes = site.moto.writes();
    assert_eq!(
        (&writes["identitystore:DeleteGroup"], &writes["identitystore:DeleteGroupMembership"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(writes["sso:DeleteApplicationAssignment"], 1);
}

#[test]
fn what_someone_else_gives_to_a_user_that_is_deleted_stops_the_apply() {
    let site = laden();
    let bob = site.id_of_user("bob@corp.example.com").unwrap();
    let plan = site.plan(&["user", "delete", "bob@corp.example.com"]);
    let groups = site.store(&["list-groups"]);
    let admins =
        groups["Groups"].as_array().unwrap().iter().find(|group| group["DisplayName"] == "AWS-Admins").unwrap();
    let parameters = json!({
        "IdentityStoreId": "d-9967750fbd", "GroupId": admins["GroupId"], "MemberId": {"UserId": bob}
    });
    site.moto.fail(&json!({
        "operation": "identitystore:DeleteGroupMembership", "fault": "someone-else", "times": 1,
        "call": {"service": "identitystore", "operation": "create_group_membership", "parameters": parameters}
    }));
    let stopped = site.apply_plan(&plan, &[]);
    assert_eq!(stopped.code, 6, "{}{}", stopped.stdout, stopped.stderr);
    assert!(stopped.stderr.contains("still has 1 memberships and 0 assignments"), "{}", stopped.stderr);
    assert_eq!(site.calls("identitystore:DeleteUser"), 0);
}

#[test]
fn an_application_that_the_plan_did_not_see_stops_the_deletion() {
    let site = laden();
    let bob = site.id_of_user("bob@corp.example.com").unwrap();
    let plan = site.plan(&["user", "delete", "bob@corp.example.com"]);
    site.killed_at("sso:DeleteAccountAssignment", &json!({"when": "after"}));
    site.claim_ends();
    site.application_of("USER", &bob);
    let stopped = site.apply_plan(&plan, &[]);
    assert_eq!(stopped.code, 6, "{}{}", stopped.stdout, stopped.stderr);
    assert_eq!(site.calls("identitystore:DeleteUser"), 0);
}

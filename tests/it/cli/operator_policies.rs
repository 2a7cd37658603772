//! The operator's policies: what `[change]` allows and nothing else, exact to each action where policies are enforced.

use std::collections::BTreeMap;
use std::process::Command;

use rollcall::change::ChangeKind;
use rollcall::iam_policy::{self, Statement};
use rollcall::model::Effect;
use rollcall::operate::permissions::need;
use rollcall::operate::{IamWrite, Operation, Operator, Outcome, Request, SignIn, Step, Stop, Target, Wants};
use rollcall::settings::Settings;
use serde_json::{Value, json};

use crate::operate::answers::{every_step, password};
use crate::operate::world::{assignment, config, iam, url};
use crate::support::snapshot::assert_file;
use crate::support::{Ministack, Moto, Output, python_program, read, rollcall};

/// Settings with everything that an operator's policy can speak of.
fn all() -> String {
    let kinds: Vec<String> = ChangeKind::all().map(|kind| format!("\"{kind}\"")).collect();
    format!(
        "[aws]\nregion = \"us-east-1\"\nmember_role = \"audit/RollcallAuditor\"\n\
         [change]\nallow = [{}]\n\
         protect = [\"iam-user:*/break-glass-*\", \"account:444455556666\", \"group:Administrators\"]\n\
         [operator]\nrole = \"arn:aws:iam::123456789012:role/RollcallOperator\"\n\
         member_role = \"change/RollcallOperatorMember\"\nexternal_id = \"acme-43\"\nmanagement_account = true\n\
         policies = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\", \"arn:aws:iam::*:policy/app-*\"]\n",
        kinds.join(", ")
    )
}

fn allowing(kinds: &str, more: &str) -> String {
    format!("[change]\nallow = [{kinds}]\n{more}")
}

fn settings(text: &str) -> Settings {
    Settings::parse(text, "rollcall.toml".as_ref(), "".into()).unwrap()
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

/// The allowed actions, by the name of their statement.
fn allowed(statements: &[Statement]) -> BTreeMap<&str, Vec<&str>> {
    let allowed = statements.iter().filter(|statement| statement.effect == Effect::Allow);
    allowed.map(|one| (one.sid.as_str(), one.actions.iter().map(|action| action.name.as_str()).collect())).collect()
}

#[test]
fn every_document_is_the_one_in_the_snapshots_and_templates_are_what_cloudformation_takes() {
    for whom in ["operator", "operator-member"] {
        assert_file(&format!("tests/snapshots/policy-{whom}.json"), &prints(&all(), &["--for", whom]));
        let template = format!("tests/snapshots/policy-{whom}.yaml");
        assert_file(&template, &prints(&all(), &["--for", whom, "--format", "cloudformation"]));
        let path = format!("{}/{template}", env!("CARGO_MANIFEST_DIR"));
        let linted = Command::new(python_program("cfn-lint")).arg("--template").arg(path).output().unwrap();
        assert!(linted.status.success(), "{whom}: {}", String::from_utf8_lossy(&linted.stdout));
    }
}

#[test]
fn every_action_is_documented_with_its_reason_and_no_other_is() {
    let page = read(".docs/operator-permissions.md");
    let told: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let statements = iam_policy::of_operator(&settings(&all()));
    let needed = statements.iter().filter(|statement| statement.effect == Effect::Allow);
    let needed = needed.flat_map(|statement| &statement.actions);
    let needed: Vec<String> = needed.map(|action| format!("| `{}` | {} |", action.name, action.why)).collect();
    assert_eq!(told, needed, "\n{}\n", needed.join("\n"));
}

#[test]
fn only_what_the_allowed_changes_need_is_allowed() {
    let of = |kinds: &str| iam_policy::of_operator(&settings(&allowing(kinds, "")));
    assert_eq!(
        allowed(&of("\"add-member\"")),
        BTreeMap::from([
            ("Memberships", vec!["identitystore:CreateGroupMembership"]),
            ("NotProven", vec!["sso-directory:AddMemberToGroup"]),
        ])
    );
    assert_eq!(
        allowed(&of("\"disable-iam-user\", \"deactivate-iam-key\"")),
        BTreeMap::from([(
            "IamUsers",
            vec![
                "iam:DeleteLoginProfile",
                "iam:UpdateAccessKey",
                "iam:UpdateSSHPublicKey",
                "iam:UpdateSigningCertificate",
                "iam:UpdateServiceSpecificCredential",
            ]
        )])
    );
    assert_eq!(
        allowed(&of("\"attach-iam-policy\"")),
        BTreeMap::from([("AttachPolicies", vec!["iam:AttachUserPolicy"])])
    );
    let delete = of("\"delete-iam-user\"");
    let deny = delete.iter().find(|statement| statement.sid == "DenyEverything").expect("attaching AWSDenyAll");
    assert_eq!(deny.condition.as_ref().unwrap().values, ["arn:*:iam::aws:policy/AWSDenyAll"]);
}

#[test]
fn nothing_is_allowed_by_a_pattern_of_actions_and_no_role_can_be_passed_or_changed() {
    let settings = settings(&all());
    for statements in [iam_policy::of_operator(&settings), iam_policy::of_operator_member(&settings)] {
        for statement in statements.iter().filter(|statement| statement.effect == Effect::Allow) {
            let everywhere = statement.resources.contains(&iam_policy::Resource::Everything);
            assert_eq!(everywhere, statement.sid == "NotProven", "{statement:?}");
            for action in &statement.actions {
                assert!(!action.name.contains('*') && action.name != "iam:PassRole", "{action:?}");
                let of_roles = action.name.starts_with("iam:") && action.name.contains("Role");
                assert_eq!(of_roles, statement.sid == "ManagementAccountRoles", "{action:?}");
            }
        }
    }
    let text = prints(&all(), &["--for", "operator"]);
    assert!(!text.contains("PassRole"), "{text}");
    let member = iam_policy::of_operator_member(&settings);
    assert!(allowed(&member).values().flatten().all(|action| action.starts_with("iam:")), "{member:?}");
}

#[test]
fn without_changes_and_without_a_role_there_is_no_policy_and_the_reason_is_told() {
    let refused = |text: &str, whom: &str| {
        let output = run(text, &["--for", whom]);
        assert_eq!(output.code, 2);
        output.stderr
    };
    assert_eq!(
        refused("", "operator"),
        "error: these settings allow no changes\n  \
         help: list the allowed changes in `change.allow`, for example `[\"remove-member\"]`\n"
    );
    assert_eq!(refused("", "operator-member"), refused("", "operator"));
    let role = "[operator]\nmember_role = \"RollcallOperatorMember\"\n";
    let no_member = "error: these settings name no role for IAM changes in other accounts, or allow no IAM changes\n  \
         help: set `operator.member_role`, and list IAM changes in `change.allow`, for example `[\"disable-iam-user\"]`\n";
    assert_eq!(refused(&allowing("\"disable-iam-user\"", ""), "operator-member"), no_member);
    assert_eq!(refused(&allowing("\"add-member\"", role), "operator-member"), no_member);
}

/// The policy as a stand-in takes it that judges the action alone: without one action, on everything.
fn without(policy: &Value, action: &str) -> Value {
    let allowed = policy["Statement"].as_array().unwrap().iter().filter(|statement| statement["Effect"] == "Allow");
    let actions: Vec<&Value> =
        allowed.flat_map(|statement| statement["Action"].as_array().unwrap()).filter(|kept| *kept != action).collect();
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]})
}

fn user_without(action: &str) -> String {
    format!("without-{}", action.replace(':', "-"))
}

async fn operator(moto: &Moto, keys: &Value) -> Operator {
    let key = |number: usize| keys[number].as_str().unwrap();
    let sign_in = SignIn {
        member_role: Some("RollcallOperatorMember".to_owned()),
        session_name: "rollcall".to_owned(),
        ..SignIn::default()
    };
    Operator::by(&config(&url(moto), [key(0), key(1)]), sign_in).await.unwrap()
}

fn missing(outcome: &Outcome) -> Option<&str> {
    match outcome {
        Outcome::Stopped { why: Stop::Denied { action }, .. } => Some(action),
        Outcome::Done { .. }
        | Outcome::Asked { .. }
        | Outcome::WasGone
        | Outcome::NotDone { .. }
        | Outcome::Stopped { .. }
        | Outcome::Unknown { .. } => None,
    }
}

#[tokio::test]
async fn the_printed_policy_is_exactly_enough_and_each_action_that_is_taken_out_is_missed_by_its_name() {
    let moto = Moto::start();
    moto.seed(&json!({}));
    let policy: Value = serde_json::from_str(&prints(&all(), &["--for", "operator"])).unwrap();
    // The stand-in asks for one action of each operation, the one of its name.
    let operations: Vec<Operation> = Operation::all().collect();
    let mut users = serde_json::Map::from_iter([("whole".to_owned(), without(&policy, ""))]);
    let actions = operations.iter().map(|operation| operation.api()).chain(["sts:AssumeRole"]);
    users.extend(actions.map(|action| (user_without(action), without(&policy, action))));
    let keys = moto.auditors(&json!({"users": users}));
    moto.enforce();

    let password = Some(password());
    let whole = operator(&moto, &keys["whole"]).await;
    for step in every_step() {
        let action = step.operation().api();
        let lacking = operator(&moto, &keys[user_without(action)]).await;
        let password = password.as_ref();
        let denied = lacking.send(&step, Target::Settled, password).await.outcome;
        assert_eq!(missing(&denied), Some(action), "{denied:?}");
        let allowed = whole.send(&step, Target::Settled, password).await.outcome;
        let answered = !matches!(allowed, Outcome::Unknown { .. });
        assert!(missing(&allowed).is_none() && answered, "{action}: {allowed:?}");
    }
    for (wants, verb) in [(Wants::Assignment, "Creation"), (Wants::Removal, "Deletion")] {
        let instance = "arn:aws:sso:::instance/ssoins-1".to_owned();
        let request = Request { id: "r-1".to_owned(), wants, assignment: assignment("123456789012"), instance };
        for (operation, asks) in [("Describe", true), ("List", false)] {
            let action = format!("sso:{operation}AccountAssignment{verb}Status");
            let asked = async |operator: &Operator| {
                let assignment = &request.assignment;
                let failure = if asks {
                    operator.status(&request).await.err()
                } else {
                    operator.find_request(wants, &request.instance, assignment, chrono::Utc::now(), &[]).await.err()
                };
                failure.map(|failure| failure.kind)
            };
            let denied = Some(rollcall::aws::failure::Kind::Denied);
            assert_eq!(asked(&operator(&moto, &keys[user_without(&action)]).await).await, denied, "{action}");
            assert_ne!(asked(&whole).await, denied, "{action}");
        }
    }
    let elsewhere =
        Step::Iam { account: "222233334444".parse().unwrap(), user: "build-7".to_owned(), write: IamWrite::DeleteUser };
    let no_way = operator(&moto, &keys[user_without("sts:AssumeRole")]).await;
    assert_eq!(missing(&no_way.send(&elsewhere, Target::Settled, None).await.outcome), Some("sts:AssumeRole"));
}

#[test]
fn each_action_belongs_to_an_operation_and_each_operation_has_the_action_of_its_name() {
    for operation in Operation::all() {
        assert_eq!(need(operation).actions[0], operation.api());
    }
    assert_eq!(need(Operation::CreateIamUser).actions, ["iam:CreateUser", "iam:TagUser"]);
    let step = iam(IamWrite::DeleteUser);
    assert_eq!(need(step.operation()).on.resources(), ["iam::*:user/*"]);
}

#[test]
fn protected_users_are_denied_with_and_without_a_path_and_nothing_but_users_is_allowed() {
    let ministack = Ministack::start();
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("operator.json");
    std::fs::write(&policy, prints(&all(), &["--for", "operator"])).unwrap();
    let policy = policy.display().to_string();
    let text = std::fs::read_to_string(&policy).unwrap();
    let decided = |action: &str, resource: &str| {
        let query = "--query=EvaluationResults[0].EvalDecision";
        let arguments = ["iam", "simulate-custom-policy", "--policy-input-list", &text, "--action-names", action];
        let told = ministack.aws(&[&arguments[..], &["--resource-arns", resource, query, "--output=text"]].concat());
        assert_eq!(told.code, 0, "{}", told.stderr);
        told.stdout.trim().to_owned()
    };
    let user = |name: &str| format!("arn:aws:iam::111122223333:user/{name}");
    for (action, resource, expected) in [
        ("iam:DeleteUser", user("build-7"), "allowed"),
        ("iam:DeleteUser", user("services/build-7"), "allowed"),
        ("iam:DeleteUser", user("break-glass-1"), "explicitDeny"),
        ("iam:DeleteLoginProfile", user("ops/break-glass-1"), "explicitDeny"),
        ("iam:TagUser", user("break-glass-1"), "explicitDeny"),
        ("iam:DeleteUser", "arn:aws:iam::444455556666:user/build-7".to_owned(), "explicitDeny"),
        ("iam:AddUserToGroup", "arn:aws:iam::111122223333:group/ops".to_owned(), "allowed"),
        ("iam:AddUserToGroup", "arn:aws:iam::444455556666:group/ops".to_owned(), "explicitDeny"),
        ("iam:DeleteRole", "arn:aws:iam::123456789012:role/RollcallOperator".to_owned(), "explicitDeny"),
        ("iam:DeleteRole", "arn:aws:iam::123456789012:role/audit/RollcallAuditor".to_owned(), "explicitDeny"),
        ("iam:DeleteRole", "arn:aws:iam::123456789012:role/other".to_owned(), "implicitDeny"),
        (
            "iam:DeleteRole",
            "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_1".to_owned(),
            "allowed",
        ),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/other".to_owned(), "implicitDeny"),
        ("sso:CreateAccountAssignment", "arn:aws:sso:::account/111122223333".to_owned(), "allowed"),
        ("sso:CreateAccountAssignment", "arn:aws:sso:::account/444455556666".to_owned(), "explicitDeny"),
        ("identitystore:DeleteUser", "arn:aws:identitystore:::user/u-1".to_owned(), "allowed"),
        ("identitystore:DeleteUser", "arn:aws:identitystore:::group/g-1".to_owned(), "implicitDeny"),
    ] {
        assert_eq!(decided(action, &resource), expected, "{action} on {resource}");
    }
}

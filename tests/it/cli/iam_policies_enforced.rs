//! The printed policies where policies are enforced: they are exactly enough. With them all can be read; without any
//! one of their actions there is a gap, and it names the action. The templates make roles that can do the same.
//!
//! moto enforces policies of IAM, Identity Center, Organizations, STS, S3 and SNS, with the names that AWS gives
//! actions.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use rollcall::collect::journal::page::Operation;
use serde_json::{Value, json};

use crate::story::Story;
use crate::support::{Moto, Output, python_program, read, rollcall, run};

const ROLE: &str = "RollcallAuditor";
const MEMBERS: [&str; 2] = ["222233334444", "333344445555"];

/// A folder with settings.
fn site(settings: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rollcall.toml"), settings).unwrap();
    folder
}

fn settings(role: &str) -> String {
    format!(
        "[aws]\nmember_role = \"{role}\"\nexternal_id = \"acme-42\"\nrequests_per_second = 500\ncross_check = \"all\"\n"
    )
}

fn policy(folder: &Path, arguments: &[&str]) -> Value {
    let printed = rollcall(folder, &[&["policy"], arguments].concat(), &[]);
    assert_eq!(printed.code, 0, "{}", printed.stderr);
    serde_json::from_str(&printed.stdout).unwrap()
}

fn actions(policy: &Value) -> Vec<String> {
    let statements = policy["Statement"].as_array().unwrap();
    let actions = statements.iter().flat_map(|statement| statement["Action"].as_array().unwrap());
    actions.map(|action| action.as_str().unwrap().to_owned()).collect()
}

/// The policy without one action.
fn without(policy: &Value, action: &str) -> Value {
    let mut policy = policy.clone();
    let statements = policy["Statement"].as_array_mut().unwrap();
    for statement in statements.iter_mut() {
        statement["Action"].as_array_mut().unwrap().retain(|kept| kept != action);
    }
    statements.retain(|statement| !statement["Action"].as_array().unwrap().is_empty());
    policy
}

fn is_always_called(action: &str) -> bool {
    let operation = Operation::ALL.iter().find(|operation| operation.api() == action);
    operation.is_none_or(|&operation| operation.need().always)
}

/// A name that IAM takes.
fn name(action: &str) -> String {
    format!("without-{}", action.replace(':', "-"))
}

fn with_keys(moto: &Moto, keys: &Value) -> Vec<(String, String)> {
    let mut environment = moto.environment();
    environment.retain(|(name, _)| !name.starts_with("AWS_ACCESS") && !name.starts_with("AWS_SECRET"));
    let given = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
    let given = given.into_iter().zip(keys.as_array().unwrap());
    environment.extend(given.map(|(name, key)| (name.to_owned(), key.as_str().unwrap().to_owned())));
    environment
}

/// Collects, and returns the exit code and what was not seen.
fn collected(folder: &Path, environment: &[(String, String)]) -> (i32, Vec<String>) {
    let journal = folder.join("aws.jsonl");
    if journal.exists() {
        std::fs::remove_file(journal).unwrap();
    }
    let Output { code, stdout, stderr } = rollcall(folder, &["collect"], environment);
    assert!(stdout.contains("aws.jsonl"), "{stdout}{stderr}");
    (code, stdout.lines().filter_map(|line| line.strip_prefix("gap: ")).map(str::to_owned).collect())
}

/// Every gap that says "denied" names this action, and there is one.
fn names_only(unseen: &[String], action: &str) {
    let denied: Vec<&String> = unseen.iter().filter(|gap| gap.contains("access was denied")).collect();
    assert!(!denied.is_empty(), "{action}: {unseen:#?}");
    let others = denied.iter().any(|gap| !gap.contains(&format!("`{action}`")));
    assert!(!others, "{action}: {unseen:#?}");
}

#[test]
fn the_printed_policies_are_exactly_enough_and_each_action_that_is_taken_out_is_missed_by_its_name() {
    let moto = Moto::start();
    let mut story = Story::small();
    moto.seed(&story.iam_user("prod", "svc-backup", &["ReadOnlyAccess"], "bob").for_moto());
    let folder = site(&settings(ROLE));
    let own = policy(folder.path(), &[]);
    let member = policy(folder.path(), &["--for", "member"]);
    let whole = "arn:aws:iam::123456789012:user/whole";
    let trust = policy(folder.path(), &["--for", "trust", "--principal", whole]);

    let mut users = serde_json::Map::from_iter([("whole".to_owned(), own.clone())]);
    users.extend(actions(&own).iter().map(|action| (name(action), without(&own, action))));
    let everybody: Vec<String> = users.keys().map(|user| whole.replace("whole", user)).collect();
    let mut trusting = trust.clone();
    trusting["Statement"][0]["Principal"]["AWS"] = json!(everybody);
    // The roles that lack an action have names of their own; whoever assumes them may assume these names too.
    let any_role = serde_json::from_str(&own.to_string().replace(ROLE, "*")).unwrap();
    users.insert("of-members".to_owned(), any_role);
    let mut of_members = trust;
    of_members["Statement"][0]["Principal"]["AWS"] = json!(whole.replace("whole", "of-members"));
    let mut roles = Vec::new();
    for account in MEMBERS {
        roles.push(json!({"account": account, "name": ROLE, "trust": trusting, "policy": member}));
        roles.extend(actions(&member).iter().map(|action| {
            json!({"account": account, "name": name(action), "trust": of_members, "policy": without(&member, action)})
        }));
    }
    let keys = moto.auditors(&json!({"users": users, "roles": roles}));
    moto.enforce();

    let environment = with_keys(&moto, &keys["whole"]);
    assert_eq!(collected(folder.path(), &environment), (0, Vec::new()), "the printed policies are enough");
    // moto does not know account access manager, so it enforces nothing there.
    let known = |action: &String| is_always_called(action) && !action.starts_with("account-access:");
    for action in actions(&own).into_iter().filter(known) {
        let (_, unseen) = collected(folder.path(), &with_keys(&moto, &keys[name(&action)]));
        names_only(&unseen, &action);
    }
    for action in actions(&member) {
        let folder = site(&settings(&name(&action)));
        let (_, unseen) = collected(folder.path(), &with_keys(&moto, &keys["of-members"]));
        names_only(&unseen, &action);
        assert!(MEMBERS.iter().all(|account| unseen.iter().any(|gap| gap.contains(account))), "{action}: {unseen:#?}");
    }
    let stranger = site(&settings(ROLE).replace("acme-42", "acme-43"));
    let (code, unseen) = collected(stranger.path(), &environment);
    assert_eq!(code, 4);
    names_only(&unseen, "sts:AssumeRole");
}

/// The policy without what its statements ask of a call.
fn without_conditions(policy: &Value) -> Value {
    let mut policy = policy.clone();
    for statement in policy["Statement"].as_array_mut().unwrap() {
        statement.as_object_mut().unwrap().remove("Condition");
    }
    policy
}

#[test]
fn neither_rollcalls_policy_nor_the_member_roles_trust_reaches_into_another_organization() {
    const CAREFUL_STRANGER: &str = "999988887777";
    const CARELESS_STRANGER: &str = "888877776666";
    let moto = Moto::start();
    moto.seed(&Story::small().for_moto());
    let folder = site(&settings(ROLE));
    let own = policy(folder.path(), &[]);
    let member = policy(folder.path(), &["--for", "member"]);
    let arn = |user: &str| format!("arn:aws:iam::123456789012:user/{user}");
    let mut trust = policy(folder.path(), &["--for", "trust", "--principal", &arn("whole")]);
    trust["Statement"][0]["Principal"]["AWS"] = json!([arn("whole"), arn("careless")]);
    let role =
        |account: &str, trust: &Value| json!({"account": account, "name": ROLE, "trust": trust, "policy": member});
    let keys = moto.auditors(&json!({
        "users": {"whole": own, "careless": without_conditions(&own)},
        "roles": [
            role(MEMBERS[0], &trust),
            role(CAREFUL_STRANGER, &trust),
            role(CARELESS_STRANGER, &without_conditions(&trust)),
        ],
    }));
    moto.enforce();
    let assumes = |user: &str, account: &str| {
        let role = format!("arn:aws:iam::{account}:role/{ROLE}");
        let mut aws = Command::new(python_program("aws"));
        aws.args(["sts", "assume-role", "--role-session-name", "rollcall", "--external-id", "acme-42", "--role-arn"]);
        let output = run(aws.arg(role), folder.path(), &with_keys(&moto, &keys[user]));
        assert!(output.code == 0 || output.stderr.contains("AccessDenied"), "{}", output.stderr);
        output.code == 0
    };
    let of = |user: &str| [MEMBERS[0], CAREFUL_STRANGER, CARELESS_STRANGER].map(|account| assumes(user, account));
    assert_eq!(of("whole"), [true, false, false], "Rollcall's own policy");
    // Only where both sides let go of it, a stranger is reached.
    assert_eq!(of("careless"), [true, false, true], "the member role's trust");
}

#[test]
fn a_service_may_become_the_role_for_its_own_account_only_where_it_says_the_account() {
    let moto = Moto::start();
    let folder = site("");
    let template = folder.path().join("rollcall.yaml");
    let printed = rollcall(folder.path(), &["policy", "--format", "cloudformation"], &[]);
    std::fs::write(&template, printed.stdout).unwrap();
    let trust = |name: &str, parameter: &str, value: &str| -> Value {
        let body = format!("file://{}", template.display());
        let role = format!("ParameterKey=RoleName,ParameterValue={name}");
        let trusted = format!("ParameterKey={parameter},ParameterValue={value}");
        let made = moto.aws(&[
            "cloudformation",
            "create-stack",
            "--stack-name",
            name,
            "--template-body",
            &body,
            "--capabilities",
            "CAPABILITY_NAMED_IAM",
            "--parameters",
            &role,
            &trusted,
        ]);
        assert_eq!(made.code, 0, "{}", made.stderr);
        let query = "--query=Role.AssumeRolePolicyDocument.Statement[0]";
        serde_json::from_str(&moto.aws(&["iam", "get-role", "--role-name", name, query]).stdout).unwrap()
    };
    let own = json!({"StringEquals": {"aws:SourceAccount": "123456789012"}});
    for service in ["ecs-tasks.amazonaws.com", "lambda.amazonaws.com"] {
        let trusts = trust(service.split('.').next().unwrap(), "TrustedService", service);
        assert_eq!((&trusts["Principal"]["Service"], &trusts["Condition"]), (&json!(service), &own));
    }
    let ec2 = trust("ec2", "TrustedService", "ec2.amazonaws.com");
    assert_eq!((&ec2["Principal"]["Service"], &ec2["Condition"]), (&json!("ec2.amazonaws.com"), &Value::Null));
    let root = "arn:aws:iam::123456789012:root";
    let person = trust("people", "TrustedArn", root);
    assert_eq!((&person["Principal"]["AWS"], &person["Condition"]), (&json!(root), &Value::Null));
}

#[test]
fn a_run_calls_what_the_printed_policies_allow_and_nothing_else() {
    let moto = Moto::start();
    moto.seed(&Story::small().for_moto());
    let free = Operation::GetCallerIdentity.api();
    let before = |moto: &Moto| moto.ledger().as_object().unwrap().clone();
    for text in [
        settings(ROLE),
        "[aws]\n".to_owned(),
        "[aws]\niam = false\n".to_owned(),
        "[aws]\nidentity_center = false\n".to_owned(),
        format!("[aws]\nidentity_center = false\nmember_role = \"{ROLE}\"\n"),
        format!("[aws]\niam = false\nmember_role = \"{ROLE}\"\n"),
    ] {
        let folder = site(&text);
        let earlier = before(&moto);
        collected(folder.path(), &moto.environment());
        let now = before(&moto);
        let called = now.iter().filter(|(operation, count)| earlier.get(*operation) != Some(count));
        let called: BTreeSet<String> =
            called.map(|(operation, _)| operation.clone()).filter(|api| api != free).collect();
        let allowed: BTreeSet<String> = actions(&policy(folder.path(), &[])).into_iter().collect();
        assert!(called.is_subset(&allowed), "{text}: {called:?}");
        let idle: Vec<&String> = allowed.difference(&called).filter(|action| is_always_called(action)).collect();
        assert_eq!(idle, Vec::<&String>::new(), "{text}");
    }
}

#[test]
fn the_templates_of_the_readme_make_roles_that_can_read_everything_and_deliver() {
    let moto = Moto::start();
    let story = Story::small();
    let made = moto.seed(&story.for_moto());
    let topic = made["topic_arn"].as_str().unwrap();
    let folder = site(&format!(
        "{}[report]\nto = \"s3://rollcall-reports/audits\"\n[alert]\n\
         sns_topic_arn = \"{topic}\"\n",
        settings(ROLE)
    ));
    for (name, text) in story.expected_files() {
        let path = folder.path().join("expected").join(name.replace("-2026-11-19", ""));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let roots = moto.aws(&["organizations", "list-roots", "--query", "Roots[0].Id", "--output", "text"]);
    let page = read(".docs/permissions.md");
    let (_, section) = page.split_once("# Permissions").unwrap();
    let blocks: Vec<&str> = section.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap()).collect();
    // The stack for a service, or for somebody who may become the role: here it is the test.
    let (prints, makes) = blocks[1].split_once("aws cloudformation create-stack ").unwrap();
    let (_, set) = makes.split_once("aws cloudformation create-stack-set ").unwrap();
    let commands = format!("{}{prints}{}aws cloudformation create-stack-set {set}", blocks[0], blocks[2]);
    assert!(makes.starts_with("--stack-name rollcall ") && blocks[2].contains("TrustedArn"), "{commands}");
    let commands = commands.replace("r-abcd", roots.stdout.trim());
    let programs = [env!("CARGO_BIN_EXE_rollcall").into(), python_program("aws")];
    let mut path: Vec<_> = programs.iter().map(|program| program.parent().unwrap().to_owned()).collect();
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let ran = Command::new("bash")
        .args(["-e", "-c", &commands])
        .current_dir(folder.path())
        .env_clear()
        .envs(moto.environment())
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("HOME", folder.path())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));

    let role = "--role-arn=arn:aws:iam::123456789012:role/Rollcall";
    let query = "--query=Credentials.[AccessKeyId,SecretAccessKey,SessionToken]";
    let assumed = moto.aws(&["sts", "assume-role", role, "--role-session-name=task", query]);
    let keys: Value = serde_json::from_str(&assumed.stdout).unwrap();
    moto.enforce();
    let environment = with_keys(&moto, &keys);
    assert_eq!(collected(folder.path(), &environment), (0, Vec::new()));
    let audited = rollcall(folder.path(), &["audit"], &environment);
    assert_eq!(audited.code, 0, "{}{}", audited.stdout, audited.stderr);
    assert!(audited.stdout.contains("Package  s3://rollcall-reports/audits/packages/"), "{}", audited.stdout);
}

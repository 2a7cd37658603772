//! What `rollcall policy` prints for watching: exactly enough, and each action that is taken out is missed by its name.

use std::process::Command;

use rollcall::iam_policy;
use rollcall::settings::Settings;
use serde_json::{Value, json};

use super::verdicts::iam;
use crate::apply::Site;
use crate::operate::world::{config, url};
use crate::story::Story;
use crate::support::snapshot::assert_file;
use crate::support::{python_program, read, rollcall};

const WATCH: &str = "[watch]\nqueues = [\"https://sqs.us-east-1.amazonaws.com/123456789012/rollcall-events\"]\n";

fn printed(settings: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rollcall.toml"), settings).unwrap();
    let output = rollcall(folder.path(), &[&["policy"], arguments].concat(), &[]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{arguments:?}");
    output.stdout
}

#[test]
fn documents_are_those_of_the_snapshots_and_templates_are_what_cloudformation_takes() {
    assert_file("tests/snapshots/policy-watcher.json", &printed(WATCH, &["--for", "watcher"]));
    for whom in ["watcher", "watcher-member"] {
        let template = format!("tests/snapshots/policy-{whom}.yaml");
        assert_file(&template, &printed(WATCH, &["--for", whom, "--format", "cloudformation"]));
        let path = format!("{}/{template}", env!("CARGO_MANIFEST_DIR"));
        let linted = Command::new(python_program("cfn-lint")).arg("--template").arg(path).output().unwrap();
        assert!(linted.status.success(), "{whom}: {}", String::from_utf8_lossy(&linted.stdout));
    }
}

#[test]
fn every_action_of_the_watcher_is_documented_with_its_reason_and_no_other_is() {
    let page = read(".docs/watching.md");
    let (_, page) = page.split_once("## Every action").unwrap();
    let told: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let settings = Settings::parse(WATCH, "rollcall.toml".as_ref(), "".into()).unwrap();
    let statements = iam_policy::of_watcher(&settings);
    let needed = statements.iter().flat_map(|statement| &statement.actions);
    let needed: Vec<String> = needed.map(|action| format!("| `{}` | {} |", action.name, action.why)).collect();
    assert_eq!(told, needed, "\n{}\n", needed.join("\n"));
    // They are part of what the role needs, and of nothing where there is no queue.
    let of_role = iam_policy::of_rollcall(&settings);
    assert!(statements.iter().all(|statement| of_role.contains(statement)));
    assert_eq!(iam_policy::of_watcher(&Settings::default()), []);
}

/// The policy without one action.
fn without(policy: &Value, action: &str) -> Value {
    let mut policy = policy.clone();
    for statement in policy["Statement"].as_array_mut().unwrap() {
        statement["Action"].as_array_mut().unwrap().retain(|kept| kept != action);
    }
    let is_empty = |statement: &Value| statement["Action"].as_array().unwrap().is_empty();
    policy["Statement"].as_array_mut().unwrap().retain(|statement| !is_empty(statement));
    policy
}

#[tokio::test]
async fn the_printed_policy_is_enough_to_watch_and_each_action_that_is_taken_out_is_missed_by_its_name() {
    let mut story = Story::small();
    story.iam_user("management", "svc-build", &["ReadOnlyAccess"], "alice");
    let site = Site::of(&story);
    let sqs = aws_sdk_sqs::Client::new(&config(&url(&site.moto), ["testing", "testing"]));
    let queue = sqs.create_queue().queue_name("rollcall-events").send().await.unwrap().queue_url.unwrap();
    let settings = "[expect]\nidentity_source = \"identity-center\"\nmax_age = \"9000d\"\n";
    let job = "[[job]]\nname = \"daily\"\ncron = \"0 6 * * *\"\nalert = false\n";
    site.write("rollcall.toml", &format!("{settings}{WATCH}{job}"));
    let policy = site.run(&["policy"]).stdout;
    // AWS asks for the action of one message where several are meant, and moto for the operation by its own name.
    let several = |text: &str| {
        let text = text.replace("\"sqs:DeleteMessage\"", "\"sqs:DeleteMessageBatch\"");
        let text = text.replace("\"sqs:ChangeMessageVisibility\"", "\"sqs:ChangeMessageVisibilityBatch\"");
        // It does not know which user a call of IAM is about.
        text.replace("arn:aws:iam::*:user/*", "*")
    };
    let policy: Value = serde_json::from_str(&several(&policy)).unwrap();
    let watcher: Value = serde_json::from_str(&several(&site.run(&["policy", "--for", "watcher"]).stdout)).unwrap();
    let actions = watcher["Statement"].as_array().unwrap().iter().flat_map(|one| one["Action"].as_array().unwrap());
    let actions: Vec<String> = actions.map(|action| action.as_str().unwrap().to_owned()).collect();
    let name = |action: &str| format!("without-{}", action.replace(':', "-"));
    let mut users = serde_json::Map::from_iter([("whole".to_owned(), policy.clone())]);
    users.insert(
        "sender".to_owned(),
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}),
    );
    users.extend(actions.iter().map(|action| (name(action), without(&policy, action))));
    let keys = site.moto.auditors(&json!({ "users": users }));
    site.write(
        "rollcall.toml",
        &format!(
            "{settings}{}{job}",
            WATCH.replace("https://sqs.us-east-1.amazonaws.com/123456789012/rollcall-events", &queue)
        ),
    );
    let of = |user: &str| [0, 1].map(|key| keys[user][key].as_str().unwrap().to_owned());
    let sender = of("sender");
    let sqs = aws_sdk_sqs::Client::new(&config(&url(&site.moto), [&sender[0], &sender[1]]));
    site.moto.enforce();
    let run = async |user: &str, events: &[Value]| {
        for event in events {
            sqs.send_message().queue_url(&queue).message_body(event.to_string()).send().await.unwrap();
        }
        let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(str::to_owned);
        let variables: Vec<(String, String)> = names.into_iter().zip(of(user)).collect();
        site.run_as(&["watch", "--once"], &variables)
    };
    let alice = super::verdicts::joined("AWS-Admins", "alice");
    let events = [iam("UpdateAccessKey", "svc-build"), alice];
    let whole = run("whole", &events).await;
    assert_eq!(whole.code, 0, "{}{}", whole.stdout, whole.stderr);
    for action in &actions {
        // What waits a moment is hidden until then.
        let mut events = events.to_vec();
        if action == "sqs:ChangeMessageVisibilityBatch" {
            events[0]["detail"]["eventTime"] = json!(chrono::Utc::now().to_rfc3339());
        }
        let missed = run(&name(action), &events).await;
        let said = format!("{}{}", missed.stdout, missed.stderr);
        assert!(matches!(missed.code, 1 | 4), "{action}: {said}");
        assert!(said.contains(action.as_str()), "{action}: {said}");
    }
}

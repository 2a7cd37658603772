//! `rollcall watch --once`: events on their way from EventBridge through SQS to a message, against moto.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use chrono::Utc;
use serde_json::{Value, json};

use super::verdicts::iam;
use crate::apply::Site;
use crate::operate::world::{config, url};
use crate::story::Story;
use crate::support::Output;

/// A company with a queue of events, and a topic whose messages come to a second queue.
struct Queues {
    site: Site,
    client: Client,
    events: String,
    told: String,
}

impl Queues {
    async fn of(watch: &str) -> Self {
        let mut story = Story::small();
        story.iam_user("management", "svc-build", &["ReadOnlyAccess"], "alice");
        let site = Site::of(&story);
        let client = Client::new(&config(&url(&site.moto), ["testing", "testing"]));
        let made = async |name: &str| client.create_queue().queue_name(name).send().await.unwrap().queue_url.unwrap();
        let (events, told) = (made("rollcall-events").await, made("told").await);
        let arn = |name: &str| format!("arn:aws:sqs:us-east-1:123456789012:{name}");
        let aws = |arguments: &[&str]| {
            let output = site.moto.aws(&[arguments, &["--region", "us-east-1"]].concat());
            assert_eq!(output.code, 0, "{}", output.stderr);
        };
        let pattern = json!({"detail": {"eventSource": ["iam.amazonaws.com"]}}).to_string();
        aws(&["events", "put-rule", "--name", "rollcall", "--event-pattern", &pattern]);
        let target = format!("Id=queue,Arn={}", arn("rollcall-events"));
        aws(&["events", "put-targets", "--rule", "rollcall", "--targets", &target]);
        aws(&["sns", "create-topic", "--name", "alerts"]);
        let topic = "arn:aws:sns:us-east-1:123456789012:alerts";
        aws(&["sns", "subscribe", "--topic-arn", topic, "--protocol", "sqs", "--notification-endpoint", &arn("told")]);
        let settings = format!(
            "[expect]\nidentity_source = \"identity-center\"\nmax_age = \"9000d\"\n\n[alert]\nsns_topic_arn = \"{topic}\"\n\n\
             [watch]\nqueues = [\"{events}\"]\n{watch}\n\n[[job]]\nname = \"daily\"\ncron = \"0 6 * * *\"\n"
        );
        site.write("rollcall.toml", &settings);
        Queues { site, client, events, told }
    }

    /// Puts events on the bus.
    fn put(&self, events: &[Value]) {
        let entries: Vec<Value> = events
            .iter()
            .map(|event| {
                json!({"Source": "aws.iam", "DetailType": "AWS API Call via CloudTrail",
                       "Detail": event["detail"].to_string()})
            })
            .collect();
        self.site.write("entries.json", &json!(entries).to_string());
        let file = format!("file://{}", self.site.path().join("entries.json").display());
        let put = self.site.moto.aws(&["events", "put-events", "--entries", &file, "--region", "us-east-1"]);
        assert!(put.stdout.contains("\"FailedEntryCount\": 0"), "{}{}", put.stdout, put.stderr);
    }

    fn once(&self) -> Output {
        self.site.run(&["watch", "--once"])
    }

    /// The messages that went to the topic since, as JSON.
    async fn messages(&self) -> Vec<Value> {
        let mut messages = Vec::new();
        loop {
            let receive = self.client.receive_message().queue_url(&self.told).max_number_of_messages(10);
            let received = receive.send().await.unwrap().messages.unwrap_or_default();
            if received.is_empty() {
                return messages;
            }
            for message in received {
                let body: Value = serde_json::from_str(message.body().unwrap()).unwrap();
                let text =
                    body["Message"].as_str().map_or_else(|| body.clone(), |text| serde_json::from_str(text).unwrap());
                messages.push(text);
                let receipt = message.receipt_handle().unwrap();
                self.client.delete_message().queue_url(&self.told).receipt_handle(receipt).send().await.unwrap();
            }
        }
    }

    /// How many events are in the queue: to be received, and hidden.
    async fn left(&self) -> (String, String) {
        let (there, hidden) = (
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        );
        let get = self.client.get_queue_attributes().queue_url(&self.events);
        let got = get.attribute_names(there.clone()).attribute_names(hidden.clone()).send().await.unwrap();
        let got = got.attributes.unwrap();
        (got[&there].clone(), got[&hidden].clone())
    }

    fn create(&self, user: &str) {
        let policy = "arn:aws:iam::aws:policy/AdministratorAccess";
        self.site.moto.aws(&["iam", "create-user", "--user-name", user]);
        self.site.moto.aws(&["iam", "attach-user-policy", "--user-name", user, "--policy-arn", policy]);
    }
}

fn code(output: &Output) -> i32 {
    let failed = output.stderr.lines().any(|line| line.starts_with("error"));
    assert!(!failed, "{}{}", output.stdout, output.stderr);
    output.code
}

/// An empty queue of all but `(there, hidden)`.
fn holds(there: &str, hidden: &str) -> (String, String) {
    (there.to_owned(), hidden.to_owned())
}

#[tokio::test]
async fn a_change_is_told_once_by_watcher_and_audit_together_and_leaves_the_queue() {
    let queues = Queues::of("").await;
    let audit = |is_told: bool| {
        let audited = queues.site.run(&["audit", "--job", "daily", "--exit-zero"]);
        assert!(audited.stdout.contains("Package  "), "{}{}", audited.stdout, audited.stderr);
        assert_eq!(audited.stdout.contains("Alert    sent"), is_told, "{}{}", audited.stdout, audited.stderr);
    };
    audit(true);
    queues.messages().await;
    let nothing = queues.once();
    assert_eq!((code(&nothing), nothing.stdout.as_str()), (0, ""));

    queues.create("build-7");
    let events = [iam("CreateUser", "build-7"), iam("AttachUserPolicy", "build-7"), iam("UpdateUser", "svc-build")];
    queues.put(&events);
    queues.client.send_message().queue_url(&queues.events).message_body("no event").send().await.unwrap();
    let told = queues.once();
    assert_eq!(code(&told), 3, "{}", told.stdout);
    assert!(told.stdout.contains("unexpected-iam-user"), "{}", told.stdout);
    assert!(!told.stdout.contains("svc-build"), "what is expected is no news: {}", told.stdout);
    // What is no event is left for the dead-letter queue.
    assert_eq!(queues.left().await, holds("0", "1"));
    let messages = queues.messages().await;
    let [message] = &messages[..] else { panic!("one message: {messages:?}") };
    assert_eq!((&message["kind"], &message["outcomes"][0]["verdict"]), (&json!("watch"), &json!("not-expected")));
    assert_eq!(message["outcomes"][0]["name"], "build-7");
    assert_eq!(message["outcomes"].as_array().unwrap().len(), 1);

    // The same events again, as SQS may deliver them, and other events of the same user.
    queues.put(&events);
    queues.put(&[iam("UpdateLoginProfile", "build-7")]);
    let again = queues.once();
    assert_eq!((code(&again), again.stdout.as_str()), (0, ""));
    assert_eq!(queues.messages().await, Vec::<Value>::new());
    assert_eq!(queues.left().await, holds("0", "1"));

    audit(false);
    assert_eq!(queues.messages().await, Vec::<Value>::new());
    let verified = queues.site.run(&["verify"]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    assert!(!verified.stdout.contains("watched"), "{}", verified.stdout);

    // It goes, and comes back: that is news.
    let detach = [
        "iam",
        "detach-user-policy",
        "--user-name",
        "build-7",
        "--policy-arn",
        "arn:aws:iam::aws:policy/AdministratorAccess",
    ];
    queues.site.moto.aws(&detach);
    queues.site.moto.aws(&["iam", "delete-user", "--user-name", "build-7"]);
    queues.put(&[iam("DeleteUser", "build-7")]);
    assert_eq!(code(&queues.once()), 0);
    queues.create("build-7");
    queues.put(&[iam("PutUserPolicy", "build-7")]);
    assert_eq!(code(&queues.once()), 3);
    assert_eq!(queues.messages().await.len(), 1);
}

#[tokio::test]
async fn what_is_young_or_untold_or_too_much_comes_back_and_is_not_lost() {
    let queues = Queues::of("most_at_once = 2\nsettle_seconds = 600").await;
    queues.create("build-7");
    // What changed a moment ago is left for later.
    let mut young = iam("CreateUser", "build-7");
    young["detail"]["eventTime"] = json!(Utc::now().to_rfc3339());
    queues.put(&[young]);
    let waits = queues.once();
    assert_eq!((code(&waits), waits.stdout.as_str()), (0, ""));
    assert!(waits.stderr.contains("waiting=1"), "{}", waits.stderr);
    assert_eq!(queues.left().await, holds("0", "1"));

    // What a channel does not take is not deleted.
    queues.site.moto.fail(&json!({"operation": "sns:Publish", "fault": "deny"}));
    queues.put(&[iam("CreateUser", "build-7")]);
    let untold = queues.once();
    assert_eq!(untold.code, 3, "{}{}", untold.stdout, untold.stderr);
    assert!(untold.stderr.contains("the alert could not be sent"), "{}", untold.stderr);
    assert_eq!(queues.left().await, holds("0", "2"));
    queues.site.moto.heal();
    // The next message of the same user is told, since nobody knows yet; then the queue does not delete it, and it is not
    // told a second time.
    queues.site.moto.fail(&json!({"operation": "sqs:DeleteMessageBatch", "fault": "deny"}));
    queues.put(&[iam("AttachUserPolicy", "build-7")]);
    let undeleted = queues.once();
    assert_eq!(undeleted.code, 1, "{}{}", undeleted.stdout, undeleted.stderr);
    assert_eq!(queues.messages().await.len(), 1);
    queues.site.moto.heal();
    queues.put(&[iam("AttachUserPolicy", "build-7")]);
    assert_eq!(code(&queues.once()), 0);
    assert_eq!(queues.messages().await.len(), 0);

    // Too many principals: one message, no look, and an audit is due.
    let crowd = ["a", "b", "c"].map(|name| iam("CreateUser", name));
    let before = queues.site.moto.ledger()["iam:GetUser"].clone();
    queues.put(&crowd);
    let storm = queues.once();
    assert_eq!(code(&storm), 4, "{}", storm.stdout);
    assert!(storm.stdout.contains("run `rollcall audit --job daily`"), "{}", storm.stdout);
    assert_eq!(queues.site.moto.ledger()["iam:GetUser"], before);
    let messages = queues.messages().await;
    assert_eq!((messages.len(), &messages[0]["storm"]), (1, &json!(3)));
    queues.put(&crowd);
    assert_eq!(code(&queues.once()), 4);
    assert_eq!(queues.messages().await.len(), 0, "one message an hour");
}

#[tokio::test]
async fn serve_watches_the_queues_beside_its_jobs() {
    let queues = Queues::of("").await;
    queues.create("build-7");
    queues.put(&[iam("CreateUser", "build-7")]);
    let mut served = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .arg("serve")
        .current_dir(queues.site.path())
        .env_clear()
        .envs(queues.site.moto.environment())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(served.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(log.any(|line| line.contains("watched received=1 assessed=1 news=1")), "the event is assessed");
    assert!(Command::new("kill").args(["-TERM", &served.id().to_string()]).status().unwrap().success());
    let rest: Vec<String> = log.collect();
    assert_eq!(served.wait().unwrap().code(), Some(0), "{rest:?}");
    assert_eq!(queues.messages().await.len(), 1);
    assert_eq!(queues.left().await, holds("0", "0"));
}

#[tokio::test]
async fn a_queue_that_cannot_be_read_ends_with_code_1_and_says_what_to_do() {
    let queues = Queues::of("").await;
    queues.site.moto.fail(&json!({"operation": "sqs:ReceiveMessage", "fault": "deny"}));
    let refused = queues.once();
    assert_eq!(refused.code, 1, "{}{}", refused.stdout, refused.stderr);
    assert!(refused.stderr.contains("cannot receive messages of the queue"), "{}", refused.stderr);
    let all = std::fs::read_to_string(queues.site.path().join("rollcall.toml")).unwrap();
    queues.site.write("rollcall.toml", &all.replace("[watch]", "[watch]\nsettle_second = 4"));
    assert_eq!(queues.once().code, 2);
    queues.site.write("rollcall.toml", &all.replace("rollcall-events", "no queue"));
    let refused = queues.once();
    assert!(refused.code == 2 && refused.stderr.contains("watch.queues"), "{}", refused.stderr);
    queues.site.write("rollcall.toml", "");
    let refused = queues.once();
    assert!(refused.code == 2 && refused.stderr.contains("no `[watch]`"), "{}", refused.stderr);
}

//! Channels besides the topic: what a web hook and Slack get, each with a memory of its own; one that fails delays no
//! other; secrets are in no output.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tempfile::TempDir;

use crate::store::delivery::folder_of;
use crate::story::Story;
use crate::support::bucket::S3;
use crate::support::{Output, rollcall};

const SETTINGS: &str = r#"organization = "Acme"
[collect]
from = "saved"
[alert]
sns_topic_arn = "arn:aws:sns:us-east-1:123456789012:alerts"
[[alert.channel]]
name = "siem"
type = "webhook"
url = "env:SIEM_URL"
key = "file:siem.key"
[[alert.channel]]
name = "security"
type = "slack"
url = "file:slack.url"
min_severity = "high"
[[job]]
name = "daily"
cron = "0 8 * * *"
"#;

/// A message as it arrived: headers and body.
pub type Post = (BTreeMap<String, String>, String);

/// A server that takes POSTs, and answers with this status.
#[derive(Clone)]
pub struct Hook {
    pub posts: Arc<Mutex<Vec<Post>>>,
    pub status: Arc<Mutex<u16>>,
    pub url: String,
}

impl Hook {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/services/T0/very-secret", listener.local_addr().unwrap());
        let hook = Hook { posts: Arc::default(), status: Arc::new(Mutex::new(200)), url };
        let of_thread = hook.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let mut reader = BufReader::new(&connection);
                let (mut headers, mut line) = (BTreeMap::new(), String::new());
                while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                    if let Some((name, value)) = line.trim_end().split_once(": ") {
                        headers.insert(name.to_ascii_lowercase(), value.to_owned());
                    }
                    line.clear();
                }
                let mut body = vec![0; headers["content-length"].parse().unwrap()];
                reader.read_exact(&mut body).unwrap();
                of_thread.posts.lock().unwrap().push((headers, String::from_utf8(body).unwrap()));
                let status = *of_thread.status.lock().unwrap();
                let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                let _ = (&connection).write_all(answer.as_bytes());
            }
        });
        hook
    }

    /// The POSTs since they were looked at last, also those that were refused.
    pub fn posts(&self) -> Vec<Post> {
        std::mem::take(&mut *self.posts.lock().unwrap())
    }

    /// Whether it takes messages.
    pub fn is_open(&self) -> bool {
        *self.status.lock().unwrap() == 200
    }

    pub fn answers(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }
}

struct Place {
    folder: TempDir,
    sns: S3,
    siem: Hook,
    slack: Hook,
}

impl Place {
    fn of(story: &Story) -> Self {
        let place =
            Place { folder: folder_of(story, SETTINGS), sns: S3::start(), siem: Hook::start(), slack: Hook::start() };
        fs::write(place.folder.path().join("siem.key"), "a key of the test\n").unwrap();
        fs::write(place.folder.path().join("slack.url"), format!("{}\n", place.slack.url)).unwrap();
        place
    }

    fn audit(&self, more: &[&str]) -> Output {
        let mut environment = self.sns.environment();
        environment.push(("SIEM_URL".to_owned(), self.siem.url.clone()));
        let output = rollcall(self.folder.path(), &[&["audit", "--job", "daily"], more].concat(), &environment);
        for secret in ["very-secret", "a key of the test"] {
            assert!(!output.stdout.contains(secret) && !output.stderr.contains(secret), "{}", output.stderr);
        }
        output
    }

    /// How many messages each got since then: topic, web hook, Slack.
    fn numbers(&self) -> [usize; 3] {
        [self.sns.kept().messages().len(), self.siem.posts().len(), self.slack.posts().len()]
    }
}

fn with_administrator() -> Story {
    let mut story = Story::small();
    story.stranger("mallory").aws_member("AWS-Admins", "mallory");
    story
}

#[test]
fn a_web_hook_gets_the_json_signed_and_slack_the_text_in_blocks_that_hold_no_markup() {
    let mut story = with_administrator();
    story.aws_group("<!channel> *bold* & co");
    let place = Place::of(&story);
    let output = place.audit(&[]);
    assert!(output.stdout.contains("Alert    sent"), "{}{}", output.stdout, output.stderr);
    let (headers, body) = place.siem.posts().remove(0);
    let machine: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&machine["version"], &machine["kind"], &machine["job"]), (&json!(1), &json!("news"), &json!("daily")));
    assert_eq!(machine["new_findings"], 2);
    let mut mac = Hmac::<Sha256>::new_from_slice(b"a key of the test").unwrap();
    mac.update(body.as_bytes());
    let expected = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    assert_eq!((&headers["x-rollcall-signature"], headers["content-type"].as_str()), (&expected, "application/json"));

    let (headers, body) = place.slack.posts().remove(0);
    assert!(!headers.contains_key("x-rollcall-signature"));
    let blocks: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(blocks["text"], "[Rollcall] first run, 1 finding (critical): Acme");
    assert_eq!(blocks["blocks"][0]["type"], "header");
    let all = blocks["blocks"].as_array().unwrap();
    assert!(all.iter().all(|block| block["text"]["type"] == "plain_text"), "{body}");
    // What is milder than this channel wants is only counted.
    assert!(body.contains("User `mallory") && !body.contains("<!channel>"), "{body}");
    assert!(body.contains("Below `high`, in the report only: 1."), "{body}");
}

#[test]
fn a_channel_that_fails_delays_no_other_and_gets_by_the_next_run_what_it_missed() {
    let place = Place::of(&with_administrator());
    place.siem.answers(404);
    let output = place.audit(&["--exit-zero"]);
    assert_eq!(output.code, 5, "{}", output.stderr);
    assert!(output.stderr.contains("the alert could not be sent to channel `siem`"), "{}", output.stderr);
    assert!(output.stderr.contains("it answered with HTTP status 404"), "{}", output.stderr);
    assert_eq!(place.numbers(), [1, 1, 1], "what is refused for good is not tried again at once");
    place.siem.answers(200);
    assert_eq!(place.audit(&["--exit-zero"]).code, 0);
    assert_eq!(place.numbers(), [0, 1, 0]);
    assert_eq!(place.audit(&["--exit-zero"]).code, 0);
    assert_eq!(place.numbers(), [0, 0, 0]);
    // What may pass is tried three times; a secret that is not there fails its channel alone.
    fs::remove_dir_all(place.folder.path().join("reports")).unwrap();
    place.siem.answers(503);
    fs::remove_file(place.folder.path().join("slack.url")).unwrap();
    let output = place.audit(&["--exit-zero"]);
    assert_eq!((output.code, place.numbers()), (5, [1, 3, 0]), "{}", output.stderr);
    assert!(output.stderr.contains("cannot read its secret from `slack.url`"), "{}", output.stderr);
}

#[test]
fn each_channel_is_told_of_a_failed_run_and_has_its_own_memory_of_it() {
    let place = Place::of(&Story::small());
    fs::write(place.folder.path().join("expected/iam-users.csv"), "nonsense\n").unwrap();
    place.slack.answers(410);
    place.sns.kept().is_mute = true;
    assert_eq!(place.audit(&[]).code, 1);
    assert_eq!(place.numbers(), [0, 1, 1]);
    place.slack.answers(200);
    place.sns.kept().is_mute = false;
    assert_eq!(place.audit(&[]).code, 1);
    assert_eq!(place.numbers(), [1, 0, 1], "who was not told is told now");
    assert_eq!(place.audit(&[]).code, 1);
    assert_eq!(place.numbers(), [0, 0, 0]);
}

#[test]
fn a_hook_whose_address_would_send_the_message_unencrypted_is_refused() {
    let place = Place::of(&with_administrator());
    for address in
        ["http://hooks.example.com/x", "ftp://127.0.0.1/", "hooks.slack.com/services", "http://127.0.0.1@evil.example/"]
    {
        fs::write(place.folder.path().join("slack.url"), address).unwrap();
        let output = place.audit(&["--exit-zero"]);
        assert_eq!(output.code, 5, "{address}");
        assert!(output.stderr.contains("its address is not an `https://` address"), "{}", output.stderr);
    }
}

#[test]
fn a_job_whose_messages_go_to_a_hook_alone_has_a_channel_and_one_of_other_jobs_is_none() {
    let only = SETTINGS.replace("sns_topic_arn = \"arn:aws:sns:us-east-1:123456789012:alerts\"\n", "");
    for (jobs, alerts) in [("", "channels"), ("jobs = [\"weekly\"]\n", "no-channel")] {
        let weekly = "[[job]]\nname = \"weekly\"\ncron = \"0 8 * * MON\"\n";
        let settings = only.replace("[[alert.channel]]\n", &format!("[[alert.channel]]\n{jobs}"));
        let folder = folder_of(&Story::small(), &format!("{settings}{weekly}"));
        let checked = rollcall(folder.path(), &["check", "--format", "json"], &[]);
        let checked: Value = serde_json::from_str(&checked.stdout).unwrap();
        assert_eq!(checked["jobs"][0]["alerts"], alerts);
        assert_eq!(checked["jobs"][1]["alerts"], "channels");
    }
}

#[test]
fn samples_of_every_kind_go_to_every_channel_or_to_one_marked_and_are_remembered_nowhere() {
    let place = Place::of(&with_administrator());
    let environment = [place.sns.environment(), vec![("SIEM_URL".to_owned(), place.siem.url.clone())]].concat();
    let test = |arguments: &[&str]| rollcall(place.folder.path(), &[&["alert"], arguments].concat(), &environment);
    let output = test(&["--test"]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(output.stdout, @"
    job `daily`: sent 4 test messages to the topic
    job `daily`: sent 4 test messages to channel `siem`
    job `daily`: sent 4 test messages to channel `security`
    ");
    let messages = place.sns.kept().messages();
    let subjects: Vec<&str> = messages.iter().map(|(subject, _)| subject.as_str()).collect();
    assert_eq!(
        subjects,
        [
            "[Rollcall] TEST: 1 new finding (critical): Acme",
            "[Rollcall] TEST: weekly summary, in order: Acme",
            "[Rollcall] TEST: job daily failed: the expected lists: Acme",
            "[Rollcall] TEST: job daily works again: Acme",
        ]
    );
    let kinds = messages.iter().map(|(_, message)| (message["kind"].clone(), message["sample_of"].clone()));
    let samples = ["news", "summary", "run-failed", "run-works-again"].map(|of| (json!("test"), json!(of)));
    assert_eq!(kinds.collect::<Vec<_>>(), samples);
    let texts = place.slack.posts();
    assert_eq!([place.siem.posts().len(), texts.len()], [4, 4]);
    assert!(texts.iter().all(|(_, text)| text.contains("This is a test. Nothing was audited")), "{texts:?}");
    assert!(!place.folder.path().join("reports").exists());

    place.slack.answers(403);
    assert_eq!((test(&["--test", "siem"]).code, place.numbers()), (0, [0, 4, 0]));
    assert_eq!((test(&["--test", "security"]).code, place.numbers()), (5, [0, 0, 1]));
    assert_eq!((test(&["--test", "nobody"]).code, test(&[]).code, place.numbers()), (2, 2, [0, 0, 0]));
    assert_eq!(place.audit(&["--exit-zero"]).code, 5, "it is news nevertheless");
}

//! Messages over several runs of a job, by a server that takes them as SNS does: what is told, what is told once, and
//! what is told although something failed.

use std::fs;

use serde_json::{Value, json};

use crate::collect::live::Site;
use crate::story::Story;
use crate::support::Output;

const DAILY: &str = "[alert]\nsns_topic_arn = \"{topic}\"\n[[job]]\nname = \"daily\"\ncron = \"0 6 * * *\"\n";

/// A site with the job, and the saved output of these stories, each in the folder of its name.
fn site_with(stories: &[(&str, &Story)]) -> Site {
    let site = Site::of(&Story::small(), DAILY);
    for (name, story) in stories {
        let folder = site.path().join(name);
        fs::create_dir(&folder).unwrap();
        for file in story.saved_files() {
            fs::write(folder.join(file.name), file.text).unwrap();
        }
    }
    site
}

fn run(site: &Site, saved: &str, more: &[&str]) -> Output {
    site.run(&[&["audit", "--job", "daily", "--from", saved], more].concat())
}

/// The messages since they were looked at last, as machines get them.
fn told(site: &Site) -> Vec<Value> {
    let messages = site.messages();
    messages.iter().map(|message| serde_json::from_str(message["Message"].as_str().unwrap()).unwrap()).collect()
}

fn with_stranger() -> Story {
    let mut story = Story::small();
    story.stranger("mallory");
    story
}

#[test]
fn a_finding_that_came_back_while_nobody_could_be_told_is_told_by_the_next_run() {
    for quiet in [&["--no-alert"] as &[&str], &[]] {
        let site = site_with(&[("with", &with_stranger()), ("without", &Story::small())]);
        assert_eq!(run(&site, "with", &[]).code, 3);
        assert_eq!(told(&site).len(), 1);
        assert_eq!(run(&site, "without", quiet).code, 0);
        if quiet.is_empty() {
            site.moto.fail(&json!({"operation": "sns:Publish", "fault": "deny"}));
        }
        run(&site, "with", quiet);
        site.moto.heal();
        assert_eq!(told(&site).len(), 0);
        run(&site, "with", &[]);
        assert_eq!(told(&site).len(), 1, "{quiet:?}");
        run(&site, "with", &[]);
        assert_eq!(told(&site).len(), 0, "{quiet:?}");
    }
}

#[test]
fn a_run_that_speaks_of_another_instant_makes_nothing_told_news() {
    let site = site_with(&[("with", &with_stranger())]);
    for instant in ["2026-11-20T08:00:00Z", "2027-03-01T08:00:00Z", "2026-11-20T08:00:00Z"] {
        run(&site, "with", &["--as-of", instant]);
    }
    told(&site);
    for _ in 0..2 {
        let again = run(&site, "with", &[]);
        assert_eq!(told(&site).len(), 0, "{}{}", again.stdout, again.stderr);
    }
}

#[test]
fn more_than_one_message_holds_is_told_as_far_as_it_goes() {
    let mut story = Story::small();
    for number in 0..150 {
        story.aws_group(&format!("{number:03}{}", "名".repeat(125)));
    }
    let site = site_with(&[("many", &story)]);
    // Who is in these groups is refused, with many words.
    let calls = site.path().join("many/calls.jsonl");
    let refuse = |line: &str| {
        let mut call: Value = serde_json::from_str(line).unwrap();
        if line.contains("list-group-memberships") {
            call["exit_code"] = 254.into();
            call["file"] = "refused.json".into();
        }
        call.to_string()
    };
    let refused: Vec<String> = fs::read_to_string(&calls).unwrap().lines().map(refuse).collect();
    fs::write(&calls, refused.join("\n")).unwrap();
    let why = format!("An error occurred (AccessDeniedException) when calling the operation: {}", "名".repeat(2_000));
    fs::write(site.path().join("many/refused.json.err"), why).unwrap();
    let output = run(&site, "many", &[]);
    assert!(output.stdout.contains("Alert    sent"), "{}", output.stderr);
    let told = told(&site);
    assert_eq!(told.len(), 1);
    let number = |what: &str| told[0][what].as_u64().unwrap();
    assert_eq!((number("more_findings"), number("new_findings")), (50, 150));
    assert_eq!((number("more_gaps"), number("new_gaps")), (0, 152));
}

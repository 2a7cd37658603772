//! Who gets which messages: by job, by channel, by topic; after which runs; and where the report opens.

use std::fs;

use rollcall::alert::{Message, Wanted, When, news};
use rollcall::model::Severity;
use serde_json::{Value, json};

use crate::alert::failed_runs::{audit, site};
use crate::story::Story;
use crate::support::audited::Audited;

const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:";

fn with_administrator() -> Story {
    let mut story = Story::small();
    story.stranger("mallory").aws_member("AWS-Admins", "mallory");
    story
}

/// Whether recipients get a message of this run who know all of it, and had a summary.
fn is_told_again(story: &Story, min_severity: Severity, when: When) -> Option<String> {
    let audited = Audited::of(story);
    let wanted = Wanted { min_severity, when, watches: false };
    let first = news(&audited.report(), None, wanted).map(|news| news.then_told).unwrap();
    let earlier = crate::support::audited::left_by(&audited.report());
    let again = Audited::of(story).with(|world| world.earlier = Some(earlier));
    let report = again.report();
    news(&report, Some(&first), wanted).map(|news| Message::of(&news, "reports/x").subject)
}

#[test]
fn a_message_is_sent_after_changes_while_findings_are_open_or_after_every_run() {
    let open = with_administrator();
    let subject = Some("[Rollcall] summary, 1 open finding: AWS access".to_owned());
    assert_eq!(is_told_again(&open, Severity::Low, When::Changes), None);
    assert_eq!(is_told_again(&open, Severity::Low, When::Findings), subject);
    assert_eq!(is_told_again(&open, Severity::Low, When::Always), subject);
    let mut mild = Story::small();
    mild.stranger("mallory");
    assert_eq!(is_told_again(&mild, Severity::High, When::Findings), None, "too mild to be told");
    let in_order = Story::small();
    assert_eq!(is_told_again(&in_order, Severity::Low, When::Findings), None);
    let subject = Some("[Rollcall] summary, in order: AWS access".to_owned());
    assert_eq!(is_told_again(&in_order, Severity::Low, When::Always), subject);
}

/// The settings of the site, with this in the job and behind it.
fn settings(site: &(tempfile::TempDir, crate::support::bucket::S3), job: &str, more: &str) {
    let path = site.0.path().join("rollcall.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, format!("{text}{job}{more}")).unwrap();
}

#[test]
fn a_job_has_its_own_topic_severity_and_occasions_and_a_channel_before_it() {
    let site = site();
    let own =
        format!("sns_topic_arn = \"{TOPIC}of-daily\"\nalert_min_severity = \"critical\"\nalert_when = \"always\"\n");
    let further = format!(
        "[[alert.channel]]\nname = \"all\"\ntype = \"sns\"\ntopic = \"{TOPIC}all\"\nwhen = \"changes\"\n\
         [[alert.channel]]\nname = \"weekly\"\ntype = \"sns\"\ntopic = \"{TOPIC}weekly\"\njobs = [\"weekly\"]\n\
         [[job]]\nname = \"weekly\"\ncron = \"0 8 * * MON\"\n"
    );
    settings(&site, &own, &further);
    let topics = || -> Vec<String> {
        let published = std::mem::take(&mut site.1.kept().published);
        published.iter().map(|fields| fields["TopicArn"].replace(TOPIC, "")).collect()
    };
    assert_eq!((audit(&site, &[]).code, topics()), (0, vec!["of-daily".to_owned(), "all".to_owned()]));
    assert_eq!((audit(&site, &[]).code, topics()), (0, vec!["of-daily".to_owned()]), "`always`, and nothing new");
    let policy = crate::support::rollcall(site.0.path(), &["policy"], &[]).stdout;
    for topic in ["alerts", "of-daily", "all", "weekly"] {
        assert!(policy.contains(&format!("{TOPIC}{topic}\"")), "{topic}: {policy}");
    }
}

#[test]
fn a_fifo_topic_gets_a_group_for_each_job_and_takes_a_message_once() {
    let site = site();
    settings(&site, &format!("sns_topic_arn = \"{TOPIC}alerts.fifo\"\n"), "");
    assert_eq!(audit(&site, &[]).code, 0);
    let published = site.1.kept().published.remove(0);
    assert_eq!(
        (&published["TopicArn"], published["MessageGroupId"].as_str()),
        (&format!("{TOPIC}alerts.fifo"), "daily")
    );
    assert_eq!(published["MessageDeduplicationId"].len(), 64);
}

#[test]
fn a_chat_gets_a_notification_that_amazon_q_shows_and_in_which_no_name_is_markup() {
    let mut story = with_administrator();
    story.aws_group("<!channel> ``` *bold* <https://evil.example|click>");
    let site = (crate::store::delivery::folder_of(&story, crate::alert::failed_runs::SETTINGS), site().1);
    let channel = format!("[[alert.channel]]\nname = \"chat\"\ntype = \"amazon-q\"\ntopic = \"{TOPIC}chat\"\n");
    settings(&site, "", &channel);
    assert_eq!(audit(&site, &["--exit-zero"]).code, 0);
    let published = site.1.kept().published.remove(1);
    assert!(!published.contains_key("MessageStructure"), "{published:?}");
    let notification: Value = serde_json::from_str(&published["Message"]).unwrap();
    assert_eq!((&notification["version"], &notification["source"]), (&json!("1.0"), &json!("custom")));
    let content = &notification["content"];
    assert_eq!(content["textType"], "client-markdown");
    assert_eq!(content["title"], "[Rollcall] first run, 2 findings (1 critical): Acme");
    let description = content["description"].as_str().unwrap();
    assert!(description.starts_with("```\n") && description.ends_with("\n```"), "{description}");
    assert_eq!(description.matches("```").count(), 2, "{description}");
    assert!(!description.contains('<') && description.contains("‹!channel›"), "{description}");
    assert!(description.chars().count() <= 8_000);
    assert_eq!(notification["metadata"]["eventType"], "rollcall-news");
    assert_eq!(notification["metadata"]["additionalContext"]["job"], "daily");
}

#[test]
fn a_report_opens_in_the_s3_console_or_below_the_address_of_the_settings() {
    let link = |report: &str| {
        let site = site();
        let path = site.0.path().join("rollcall.toml");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{text}[report]\n{report}\n")).unwrap();
        let output = audit(&site, &["--exit-zero"]);
        let (_, message) = crate::alert::failed_runs::told(&site).remove(0);
        let package = message["package"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        assert_eq!(output.code, 0, "{}", output.stderr);
        message["report_url"].as_str().map(|url| url.replace(&package, "RUN"))
    };
    assert_eq!(link("to = \"reports\""), None);
    assert_eq!(
        link("to = \"s3://evidence/audits\"").as_deref(),
        Some("https://s3.console.aws.amazon.com/s3/object/evidence?prefix=audits/packages/daily/RUN/report.html")
    );
    assert_eq!(
        link("to = \"s3://evidence\"\nbucket = { region = \"us-gov-west-1\" }").as_deref(),
        Some(
            "https://us-gov-west-1.console.amazonaws-us-gov.com/s3/object/evidence?region=us-gov-west-1&\
             prefix=packages/daily/RUN/report.html"
        )
    );
    assert_eq!(
        link("link = \"https://reports.example.com/rollcall/\"").as_deref(),
        Some("https://reports.example.com/rollcall/packages/daily/RUN/report.html")
    );
}

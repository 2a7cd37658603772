//! What is news, and how it is told.

use std::sync::Arc;

use rollcall::alert::{Message, Sent, Told, news};
use rollcall::model::{Earlier, Gap, Hides, Severity, Side, What, Why};

use crate::story::Story;
use crate::support::audited::{Audited, left_by};
use crate::support::snapshot::assert_file;

const PACKAGE: &str = "s3://rollcall-reports/audits/packages/daily/20261120T080000Z-run-1";

/// A company, its audit, and what its recipients know after having been told.
fn told_of(story: &Story) -> (Earlier, Told) {
    let audited = Audited::of(story);
    let report = audited.report();
    let told = news(&report, None, Severity::Low).map(|news| news.then_told).unwrap_or_default();
    (left_by(&report), told)
}

fn with_stranger() -> Story {
    let mut story = Story::small();
    story.stranger("mallory");
    story
}

/// Recipients who know of nothing, and who had a summary in a run at the time of the stories.
fn known() -> Told {
    Told { summarized: Some("2026-11-20T08:00:00Z".parse().unwrap()), ..Told::default() }
}

/// How many findings are news to whoever was told `told` by the run that left `earlier`.
fn new_findings(story: &Story, earlier: &Earlier, told: Option<&Told>) -> usize {
    let audited = Audited::of(story).with(|world| world.earlier = Some(earlier.clone()));
    let report = audited.report();
    news(&report, told, Severity::Low).map_or(0, |news| news.findings.len())
}

#[test]
fn a_finding_is_told_once() {
    let (earlier, told) = told_of(&with_stranger());
    assert_eq!(new_findings(&with_stranger(), &earlier, Some(&told)), 0);
}

#[test]
fn a_finding_whose_message_was_not_sent_is_told_by_the_next_run() {
    let (earlier, _) = told_of(&with_stranger());
    assert_eq!(new_findings(&with_stranger(), &earlier, None), 1);
}

#[test]
fn a_finding_that_went_away_and_came_back_is_told_again() {
    let (_, told) = told_of(&with_stranger());
    let (meanwhile, _) = told_of(&Story::small());
    assert_eq!(new_findings(&with_stranger(), &meanwhile, Some(&told)), 1);
}

#[test]
fn a_finding_that_got_worse_is_told_again_with_what_it_was_and_one_that_got_milder_is_not() {
    let (earlier, told) = told_of(&with_stranger());
    let mut reaching = with_stranger();
    reaching.aws_member("AWS-Admins", "mallory");
    let audited = Audited::of(&reaching).with(|world| world.earlier = Some(earlier));
    let report = audited.report();
    let worse = news(&report, Some(&told), Severity::Low).expect("it is worse");
    let message = Message::of(&worse, PACKAGE);
    assert_eq!(message.subject, "[Rollcall] 1 new or worse finding (critical): AWS access");
    assert!(message.text.contains("NEW OR WORSE FINDINGS\n\n[critical, was medium] User `mallory"), "{}", message.text);
    let json: serde_json::Value = serde_json::from_str(&message.json).unwrap();
    assert_eq!(json["findings"][0]["was"], "medium");

    // Once told as critical it is known, whatever it becomes; nobody was told that it got milder.
    let then = worse.then_told;
    assert_eq!(new_findings(&with_stranger(), &left_by(&report), Some(&then)), 0);
    let milder = Audited::of(&with_stranger()).with(|world| world.earlier = Some(left_by(&report)));
    let kept = then.still(&milder.report());
    assert_eq!(new_findings(&reaching, &left_by(&milder.report()), Some(&kept)), 0);
}

#[test]
fn a_record_is_read_back_and_one_of_the_first_version_makes_nothing_news_that_was_told() {
    let (earlier, told) = told_of(&with_stranger());
    assert_eq!(Told::decode(&told.encode(None)).unwrap(), told);
    let sent = Sent { channel: "sns", message_id: Some("m-1".to_owned()), refused: Vec::new() };
    assert_eq!(Told::decode(&told.encode(Some(&sent))).unwrap(), told);
    let ids: Vec<String> = told.findings.keys().map(ToString::to_string).collect();
    let first = serde_json::json!({"version": 1, "channel": "sns", "message_id": null, "findings": ids, "gaps": []});
    let first = Told::decode(first.to_string().as_bytes()).unwrap();
    assert_eq!(new_findings(&with_stranger(), &earlier, Some(&first)), 0);
    assert!(Told::decode(br#"{"version": 3}"#).is_err());
}

#[test]
fn another_finding_is_told_alone() {
    let (earlier, told) = told_of(&with_stranger());
    let mut story = with_stranger();
    story.aws_group("Temp");
    assert_eq!(new_findings(&story, &earlier, Some(&told)), 1);
}

#[test]
fn a_company_in_order_is_silence() {
    let audited = Audited::of(&Story::small());
    assert!(news(&audited.report(), Some(&known()), Severity::Low).is_none());
}

#[test]
fn a_new_gap_is_news_although_nothing_was_found() {
    let story = Story::small();
    let mut files = story.saved_files();
    let calls = files.iter_mut().find(|file| file.name == "calls.jsonl").unwrap();
    calls.text = calls.text.lines().filter(|line| !line.contains("list-users")).collect::<Vec<_>>().join("\n");
    let audited = Audited::from(&files, &story.expected_files());
    let report = audited.report();
    let news = news(&report, Some(&known()), Severity::Low).expect("a gap is news");
    assert_eq!((news.findings.len(), news.gaps.len()), (0, 1));
    assert_eq!(Message::of(&news, PACKAGE).subject, "[Rollcall] 1 new gap: AWS access");
}

#[test]
fn a_waived_or_mild_finding_is_not_told() {
    let mut story = with_stranger();
    story.waive("unexpected-user", "mallory@corp.example.com", "2027-01-01");
    assert!(news(&Audited::of(&story).report(), Some(&known()), Severity::Low).is_none());
    assert!(news(&Audited::of(&with_stranger()).report(), Some(&known()), Severity::High).is_none());
}

#[test]
fn the_mail_says_what_is_new_and_what_to_do() {
    let sample = Audited::from(&Story::sample().sample_aws(), &Story::sample().sample_lists()).with(|world| {
        world.stamp.organization = Some("Acme Corporation".to_owned());
        world.stamp.job = Some("daily".to_owned());
    });
    let report = sample.report();
    let message = Message::of(&news(&report, None, Severity::Low).unwrap(), PACKAGE);
    assert_eq!(message.subject, "[Rollcall] first run, 14 findings (2 critical), 3 gaps: Acme Corporation");
    assert_file("tests/snapshots/mail.txt", &message.text);
    assert_file("tests/snapshots/mail.html", &message.html());
    let by_protocol: serde_json::Value = serde_json::from_str(&message.by_protocol()).unwrap();
    assert_eq!(by_protocol["email"], message.text);
    let for_machines: serde_json::Value = serde_json::from_str(by_protocol["default"].as_str().unwrap()).unwrap();
    assert_eq!((&for_machines["version"], &for_machines["new_findings"]), (&1.into(), &14.into()));
}

#[test]
fn what_is_gone_is_told_beside_the_news_and_accepted_risk_is_not_called_resolved() {
    let mut troubled = with_stranger();
    let (earlier, told) = told_of(troubled.stranger("trudy"));
    let mut story = with_stranger();
    story.aws_group("Temp").waive("unexpected-user", "mallory@corp.example.com", "2027-01-01");
    let audited = Audited::of(&story).with(|world| world.earlier = Some(earlier));
    let report = audited.report();
    let message = Message::of(&news(&report, Some(&told), Severity::Low).unwrap(), PACKAGE);
    assert!(message.text.contains("Since the earlier run: 1 resolved, 1 accepted by waivers."), "{}", message.text);
}

/// Whoever was told of an intruder is told that somebody wrote them into the lists, once, and not that it was resolved.
#[test]
fn who_was_told_of_and_is_listed_by_now_is_news_with_the_row_that_lists_them() {
    let (earlier, told) = told_of(&with_stranger());
    let mut story = with_stranger();
    story.directory_person("mallory");
    let audited = Audited::of(&story).with(|world| world.earlier = Some(earlier));
    let report = audited.report();
    let listed = news(&report, Some(&told), Severity::High).expect("it is news");
    assert_eq!(listed.listed.len(), 1);
    let message = Message::of(&listed, PACKAGE);
    assert_eq!(
        (message.subject.as_str(), message.severity.as_str()),
        ("[Rollcall] 1 finding now listed: AWS access", "medium")
    );
    assert!(message.text.contains("Since the earlier run: 1 now listed."), "{}", message.text);
    assert!(message.text.contains("  now listed by `directory/users-2026-11-19.csv:"), "{}", message.text);
    let json: serde_json::Value = serde_json::from_str(&message.json).unwrap();
    assert!(json["now_listed"][0]["cause"].as_str().unwrap().starts_with("now listed by"), "{json}");
    // Whoever was not told of it then is not told now; and nobody is told again.
    assert!(news(&report, Some(&known()), Severity::High).is_none());
    assert!(listed.then_told.findings.is_empty());
}

#[test]
fn findings_that_are_too_mild_to_be_told_are_not_called_known_from_before() {
    let mut story = with_stranger();
    story.aws_member("AWS-Admins", "mallory").aws_group("Temp");
    let audited = Audited::of(&story);
    let report = audited.report();
    let first = news(&report, None, Severity::High).expect("the stranger is an administrator");
    let message = Message::of(&first, PACKAGE);
    assert!(!message.text.contains("from before"), "{}", message.text);
    assert!(message.text.contains("Below `high`, in the report only: 1."), "{}", message.text);
    let json: serde_json::Value = serde_json::from_str(&message.json).unwrap();
    assert_eq!((&json["open_findings"], &json["too_mild_findings"]), (&2.into(), &1.into()));
}

/// SNS's own limit (`Publish`, `Message`): bytes, for all protocols together.
const SNS_TAKES: usize = 262_144;

#[test]
fn a_first_run_with_more_than_one_message_holds_is_told_as_far_as_it_goes_and_the_rest_is_counted() {
    // The longest names that AWS has, in letters that take three bytes.
    let mut story = Story::small();
    for number in 0..150 {
        story.aws_group(&format!("{number:03}{}", "名".repeat(125)));
    }
    let audited = Audited::of(&story).with(|world| {
        let gap = |number: u32| Gap {
            side: Side::Aws,
            source: "identitystore:ListGroupMemberships".to_owned(),
            account: None,
            unseen: What::Members.of(format!("group {number} {}", "\"".repeat(200))),
            why: Why::Denied { code: "AccessDenied".to_owned(), message: format!("{number}{}", "名".repeat(100_000)) },
            hides: Hides::Grants,
        };
        world.snapshot.gaps.extend((0..150).map(|number| Arc::new(gap(number))));
    });
    let report = audited.report();
    let message = Message::of(&news(&report, None, Severity::Low).unwrap(), PACKAGE);
    let sent = message.by_protocol().len();
    assert!((SNS_TAKES / 4..SNS_TAKES - 1_000).contains(&sent), "{sent}");
    let json: serde_json::Value = serde_json::from_str(&message.json).unwrap();
    let listed = |what: &str| json[what].as_array().unwrap().len() as u64;
    let more = |what: &str| json[what].as_u64().unwrap();
    assert_eq!((listed("findings") + more("more_findings"), more("new_findings")), (150, 150));
    assert_eq!((listed("gaps") + more("more_gaps"), more("new_gaps")), (150, 150));
    assert!(listed("findings") >= 10 && listed("gaps") >= 10, "{}", message.json);
    assert!(message.text.contains("… and 130 more; the report lists all of them."), "{}", message.text);
}

#[test]
fn ten_thousand_findings_are_counted_and_the_worst_of_them_fit_into_every_form() {
    let mut story = Story::small();
    for number in 0..10_000 {
        story.aws_iam_user("management", &format!("svc-{number:05}"), &[]);
    }
    story.attach("management", "svc-04711", "AdministratorAccess");
    let audited = Audited::of(&story);
    let report = audited.report();
    let message = Message::of(&news(&report, None, Severity::Low).unwrap(), PACKAGE);
    assert!(message.subject.starts_with("[Rollcall] first run, 10,000 findings (1 critical)"), "{}", message.subject);
    let json: serde_json::Value = serde_json::from_str(&message.json).unwrap();
    assert_eq!((&json["new_findings"], &json["more_findings"]), (&10_000.into(), &9_900.into()));
    assert!(json["findings"][0]["title"].as_str().unwrap().contains("svc-04711"), "{json}");
    let html = message.html();
    assert!(message.text.contains("… and 9980 more; the report lists all of them."), "{}", message.text);
    assert!(html.contains("… and 9980 more; the report lists all of them."), "{html}");
    // Mail programs cut pages that are longer.
    assert!(html.len() < 102_000 && message.by_protocol().len() < SNS_TAKES, "{}", html.len());
}

#[test]
fn gaps_that_differ_only_in_the_account_are_one_line_for_machines_too() {
    let audited = Audited::of(&Story::small()).with(|world| {
        let gap = |number: u64| Gap {
            side: Side::Aws,
            source: "iam:GetAccountAuthorizationDetails".to_owned(),
            account: Some(format!("{number:012}").parse().unwrap()),
            unseen: What::IamDetails.in_account(format!("{number:012}").parse().unwrap()),
            why: Why::Denied { code: "AccessDenied".to_owned(), message: String::new() },
            hides: Hides::Grants,
        };
        world.snapshot.gaps.extend((1..=397).map(|number| Arc::new(gap(number))));
    });
    let report = audited.report();
    let message = Message::of(&news(&report, None, Severity::Low).unwrap(), PACKAGE);
    let json: serde_json::Value = serde_json::from_str(&message.json).unwrap();
    assert_eq!(
        (json["gaps"].as_array().unwrap().len(), &json["new_gaps"], &json["more_gaps"]),
        (1, &397.into(), &0.into())
    );
}

#[test]
fn a_subject_is_one_line_of_ascii_below_a_hundred_characters() {
    let message = |organization: &str| {
        let organization = Some(organization.to_owned());
        let audited = Audited::of(&with_stranger()).with(|world| world.stamp.organization = organization);
        let report = audited.report();
        Message::of(&news(&report, Some(&known()), Severity::Low).unwrap(), PACKAGE)
    };
    let long = message(&"Universal Exports ".repeat(20)).subject;
    assert!(long.len() == 99 && long.starts_with("[Rollcall] 1 new finding (medium): Universal Exports U"), "{long}");
    // What a subject cannot say is said by the text alone.
    for name in ["Ünïversal Exports", "株式会社", "Universal\r\nExports"] {
        assert_eq!(message(name).subject, "[Rollcall] 1 new finding (medium): AWS access", "{name}");
    }
    assert!(message("株式会社").text.contains("Organization  株式会社\n"));
}

//! What became of the findings of an earlier run, which is known by the `report.json` that it left.

use rollcall::model::{Earlier, Report};
use rollcall::render;
use rollcall::wording;

use crate::story::Story;
use crate::support::audited::Audited;

/// What a run leaves for the next one of its job.
fn left_by(report: &Report<'_>) -> Earlier {
    let mut json = Vec::new();
    render::json(report, &mut json).unwrap();
    render::earlier(&json, &"0".repeat(64)).unwrap()
}

/// What became of each finding of the first story in the second: the word and the finding.
fn changes(first: &Story, second: Audited) -> Vec<String> {
    let first = Audited::of(first);
    let second = second.with(|world| world.earlier = Some(left_by(&first.report())));
    let changes = wording::changes(&second.report());
    changes.into_iter().map(|change| format!("{}: {}", change.what, change.title)).collect()
}

fn printed(audited: &Audited, render: fn(&Report<'_>, &mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    render(&audited.report(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn with_stranger() -> Story {
    let mut story = Story::small();
    story.stranger("mallory");
    story
}

const STRANGER: &str = "User `mallory@corp.example.com` is in Identity Center, and no expected list names them";

#[test]
fn what_is_gone_is_resolved_and_what_was_waived_is_accepted() {
    let gone = changes(&with_stranger(), Audited::of(&Story::small()));
    assert_eq!(gone, [format!("resolved: {STRANGER}")]);

    let mut waived = with_stranger();
    waived.waive("unexpected-user", "mallory@corp.example.com", "2027-01-01");
    assert_eq!(changes(&with_stranger(), Audited::of(&waived)), [format!("accepted: {STRANGER}")]);
}

#[test]
fn no_printer_calls_an_accepted_risk_resolved() {
    let earlier = left_by(&Audited::of(&with_stranger()).report());
    let mut waived = with_stranger();
    waived.waive("unexpected-user", "mallory@corp.example.com", "2027-01-01");
    let audited = Audited::of(&waived).with(|world| world.earlier = Some(earlier));
    let text = printed(&audited, render::text);
    assert!(text.contains("0 new, 0 resolved, 1 accepted by waivers, 0 out of sight, 0 still open"), "{text}");
    assert!(printed(&audited, render::html).contains("<td class=\"key\">accepted</td>"));
    let json: serde_json::Value = serde_json::from_str(&printed(&audited, render::json)).unwrap();
    assert_eq!(json["changes"]["resolved"], serde_json::json!([]));
    assert_eq!(json["changes"]["accepted"][0]["title"], STRANGER);
}

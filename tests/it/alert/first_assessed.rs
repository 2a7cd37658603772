//! What is assessed for the first time is announced and counted, and its findings are not called new.

use rollcall::alert::{Message, Told, news};
use rollcall::model::{Earlier, IamScope, Level, RuleId, Severity, World};
use serde_json::{Value, json};

use crate::story::Story;
use crate::support::audited::{Audited, left_by};

/// What a run left, and what its recipients know then.
fn told_of(story: &Story, change: impl FnOnce(&mut World)) -> (Earlier, Told) {
    let audited = Audited::of(story).with(change);
    let report = audited.report();
    (left_by(&report), news(&report, None, Severity::Low).unwrap().then_told)
}

fn then(story: &Story, (earlier, told): (Earlier, Told), change: impl FnOnce(&mut World)) -> Message {
    let audited = Audited::of(story).with(|world| world.earlier = Some(earlier)).with(change);
    let report = audited.report();
    Message::of(&news(&report, Some(&told), Severity::Low).expect("something is news"), "reports/x")
}

fn with_strangers() -> Story {
    let mut story = Story::small();
    story.stranger("mallory").stranger("trudy");
    story
}

fn first(message: &Message) -> Value {
    let json: Value = serde_json::from_str(&message.json).unwrap();
    json["first_assessed"].clone()
}

#[test]
fn findings_of_a_rule_that_was_switched_off_are_counted_and_not_called_new() {
    let off = |world: &mut World| _ = world.policy.levels.insert(RuleId("unexpected-user"), Level::Off);
    let message = then(&with_strangers(), told_of(&Story::small(), off), |_| {});
    assert_eq!(message.subject, "[Rollcall] 2 findings (medium) by a first assessment: AWS access");
    assert!(
        message.text.contains("- Rule `unexpected-user` is applied for the first time: 2 findings\n"),
        "{}",
        message.text
    );
    assert!(!message.text.contains("NEW FINDINGS"), "{}", message.text);
    assert_eq!(first(&message), json!([{"what": "rule", "which": "unexpected-user", "findings": 2}]));
    let json: Value = serde_json::from_str(&message.json).unwrap();
    assert_eq!(json["findings"][0]["first_assessed"], true);
}

#[test]
fn a_finding_that_a_change_in_aws_made_is_new_beside_them() {
    let off = |world: &mut World| _ = world.policy.levels.insert(RuleId("unexpected-user"), Level::Off);
    let mut story = with_strangers();
    story.aws_group("Temp");
    let message = then(&story, told_of(&Story::small(), off), |_| {});
    assert_eq!(
        message.subject,
        "[Rollcall] 1 new finding (low), 2 findings (medium) by a first assessment: AWS access"
    );
    assert!(message.text.contains("NEW FINDINGS\n\n[low] Group `Temp`"), "{}", message.text);
}

#[test]
fn an_account_a_service_and_a_kind_of_list_are_named_and_another_version_is_said() {
    let narrow = |world: &mut World| {
        world.snapshot.scope.iam = IamScope::Nowhere;
        world.snapshot.scope.excluded.insert("222233334444".parse().unwrap(), "a test".to_owned());
        world.stamp.version = "0.0.1".to_owned();
    };
    let mut story = Story::small();
    story.aws_group("Temp");
    let message = then(&story, told_of(&Story::small(), narrow), |_| {});
    for sentence in [
        "- This report was made by Rollcall 0.0.0, the last message by another version\n",
        "- IAM is read in further accounts for the first time: 0 findings\n",
        "- Account 222233334444 is no longer excluded: 0 findings\n",
    ] {
        assert!(message.text.contains(sentence), "{sentence}{}", message.text);
    }
    assert!(message.subject.starts_with("[Rollcall] 1 new finding (low): "), "{}", message.subject);
    assert!(first(&message).as_array().unwrap().contains(&json!({"what": "iam", "findings": 0})), "{}", message.json);
}

#[test]
fn it_is_said_once_and_not_where_the_record_is_of_an_earlier_version() {
    let off = |world: &mut World| _ = world.policy.levels.insert(RuleId("unexpected-user"), Level::Off);
    let (earlier, told) = told_of(&Story::small(), off);
    assert_eq!(Told::decode(&told.encode(None)).unwrap(), told);
    let unknown = Told { basis: None, ..told.clone() };
    let message = then(&with_strangers(), (earlier.clone(), unknown), |_| {});
    assert_eq!(message.subject, "[Rollcall] 2 new findings (medium): AWS access");
    let audited = Audited::of(&with_strangers()).with(|world| world.earlier = Some(earlier));
    let report = audited.report();
    let then_told = news(&report, Some(&told), Severity::Low).unwrap().then_told;
    assert!(then_told.still(&report).basis.is_some());
    let next = Audited::of(&with_strangers()).with(|world| world.earlier = Some(left_by(&report)));
    assert!(news(&next.report(), Some(&then_told), Severity::Low).is_none());
}

//! Events that are cut, or of any other shape: an error or an event, never a panic.

use proptest::prelude::*;
use rollcall::events::read;
use serde_json::{Value, json};

use super::samples::{sample, samples};

#[test]
fn a_cut_event_is_refused_wherever_it_is_cut() {
    for name in samples() {
        let whole = sample(&name);
        let end = whole.trim_ascii_end().len();
        for length in 0..end {
            assert!(read(&whole[..length]).is_err(), "{name} cut at {length}");
        }
    }
}

#[test]
fn what_is_no_event_says_what_it_lacks() {
    let said = |value: &Value| read(&serde_json::to_vec(value).unwrap()).unwrap_err().to_string();
    assert_eq!(said(&json!([])), "it has no `detail`, which every event of CloudTrail has");
    assert_eq!(said(&json!({"detail": {}})), "it has no `eventSource`, which every event of CloudTrail has");
    let other = json!({"detail": {"eventSource": "s3.amazonaws.com"}});
    assert_eq!(said(&other), "its `eventSource` is none of those that are watched");
    let mut event: Value = serde_json::from_slice(&sample("01-iam-create-user.json")).unwrap();
    event["detail"]["eventTime"] = json!("yesterday");
    assert_eq!(said(&event), "it has no `eventTime`, which every event of CloudTrail has");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read(deep.as_bytes()).is_err());
}

const NAMES: [&str; 10] =
    ["userName", "user", "roleName", "member", "memberId", "userId", "groupId", "principalId", "arn", "id"];

/// Any JSON, of the names that events have.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".*".prop_map(Value::from)
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(&NAMES[..]), inner), 0..4)
                .prop_map(|pairs| pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn parts_of_any_shape_are_read_or_refused(
        which in 0_usize..10,
        part in prop::sample::select(&["userIdentity", "requestParameters", "responseElements", "readOnly", "errorCode", "recipientAccountId", "eventName", "sourceIPAddress"][..]),
        value in any_json(),
    ) {
        let mut event: Value = serde_json::from_slice(&sample(&samples()[which])).unwrap();
        event["detail"][part] = value;
        _ = read(&serde_json::to_vec(&event).unwrap());
    }

    #[test]
    fn any_arn_of_a_caller_is_read(arn in "[a-zA-Z:/_0-9äß-]{0,60}") {
        let mut event: Value = serde_json::from_slice(&sample("01-iam-create-user.json")).unwrap();
        event["detail"]["userIdentity"]["arn"] = json!(arn);
        event["detail"]["requestParameters"] = json!({"roleName": arn});
        event["detail"]["userIdentity"]["invokedBy"] = json!("sso.amazonaws.com");
        prop_assert!(read(&serde_json::to_vec(&event).unwrap()).is_ok());
    }
}

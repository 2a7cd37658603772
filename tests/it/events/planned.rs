//! Events of the role that applies plans: as a plan says, or an alarm.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::verdicts::{OPERATOR, event, watch};
use crate::apply::{Site, leaver};
use crate::story::guid;

/// An event of the operator, at the instant of the last intent of the journal.
fn by_operator(site: &Site, event: Value) -> Value {
    let entries = site.journal();
    let kept: Vec<Value> =
        entries.iter().map(|file| serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()).collect();
    let intent = kept.iter().rev().find(|kept| kept["entry"]["entry"] == "intent").unwrap();
    let mut event = event;
    event["detail"]["userIdentity"] = json!({"type": "AssumedRole", "arn": OPERATOR});
    event["detail"]["eventTime"] = intent["at"].clone();
    event
}

#[test]
fn what_a_plan_did_is_as_planned_and_anything_else_by_its_role_is_an_alarm() {
    let site = Site::of(&leaver());
    site.plan(&["--rule", "leaver-with-access"]);
    let applied = site.apply(&[]);
    assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    let steps: Vec<Value> = site.entries().into_iter().filter(|entry| entry["entry"] == "intent").collect();
    let of =
        |does: &str| steps.iter().find(|step| step["step"]["write"]["does"] == does).unwrap()["step"]["write"].clone();
    let (assignment, membership) = (of("remove-assignment"), of("remove-member"));
    let digest = site.digest().short();

    // The event of a membership names its id alone.
    let parameters = json!({"identityStoreId": "d-1234567890", "membershipId": membership["membership"]});
    let like = "06-identitystore-create-group-membership.json";
    let removed = by_operator(&site, event(like, "DeleteGroupMembership", &parameters));
    let told = watch(&site, std::slice::from_ref(&removed));
    assert_eq!(told.code, 0, "{}{}", told.stdout, told.stderr);
    assert!(told.stdout.contains(&format!("of plan {digest}.")), "{}", told.stdout);

    let parameters = json!({"principalType": "USER", "principalId": guid("user", "bob"), "targetType": "AWS_ACCOUNT",
                            "permissionSetArn": assignment["permission_set"], "targetId": assignment["account"]});
    let ended =
        by_operator(&site, event("09-sso-create-account-assignment.json", "DeleteAccountAssignment", &parameters));
    let told = watch(&site, std::slice::from_ref(&ended));
    assert!(told.stdout.contains(&format!("of plan {digest}.")), "{}", told.stdout);

    // Another membership, another operation, or another time is no part of the plan.
    let alarm = |event: &Value| {
        let told = watch(&site, std::slice::from_ref(event));
        assert_eq!(told.code, 3, "{}{}", told.stdout, told.stderr);
        assert!(told.stdout.contains("changed by the operator role without a plan"), "{}", told.stdout);
    };
    let mut other = removed.clone();
    other["detail"]["requestParameters"]["membershipId"] = json!("another");
    alarm(&other);
    let mut other = ended.clone();
    other["detail"]["eventName"] = json!("CreateAccountAssignment");
    alarm(&other);
    let intended: DateTime<Utc> = removed["detail"]["eventTime"].as_str().unwrap().parse().unwrap();
    for minutes in [-6, 6] {
        let mut other = removed.clone();
        other["detail"]["eventTime"] = json!(intended + TimeDelta::minutes(minutes));
        alarm(&other);
    }
}

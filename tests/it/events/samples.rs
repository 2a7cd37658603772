//! Where to look, and who did what, for events of all five services.

use rollcall::events::{Did, Event, EventSource, Meaning, read};
use rollcall::model::{AlsoNamed, GroupId, PermissionSetArn, UserId, Watched};
use serde_json::{Value, json};

use crate::support::root;

/// The bytes of a sample.
pub fn sample(name: &str) -> Vec<u8> {
    std::fs::read(root().join("tests/data/events").join(name)).unwrap()
}

/// The names of all samples.
pub fn samples() -> Vec<String> {
    let files = std::fs::read_dir(root().join("tests/data/events")).unwrap();
    let mut names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A sample that was read after a part of its `detail` was set.
fn with(name: &str, set: &[(&str, Value)]) -> Event {
    let mut event: Value = serde_json::from_slice(&sample(name)).unwrap();
    for (pointer, value) in set {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        event["detail"].pointer_mut(parent).unwrap()[key] = value.clone();
    }
    read(&serde_json::to_vec(&event).unwrap()).unwrap()
}

fn iam_user(name: &str) -> Meaning {
    Meaning::Look(vec![(Watched::IamUser("111122223333".parse().unwrap(), name.to_owned()), None)])
}

fn group() -> GroupId {
    GroupId::new("a1b2c3d4-5678-90ab-cdef-EXAMPLE22222")
}

#[test]
fn every_sample_says_who_did_what_when_and_from_where() {
    for name in samples() {
        let event = read(&sample(&name)).unwrap();
        assert_eq!(
            event.at.to_rfc3339(),
            "2026-11-30T09:41:07+00:00".replace("07", &format!("{:02}", event.at.timestamp() % 60))
        );
        assert!(event.id.starts_with("10000000-"), "{name}");
        assert!(event.from.is_some(), "{name}");
        assert!(event.account.is_some(), "{name}");
    }
    let event = read(&sample("01-iam-create-user.json")).unwrap();
    assert_eq!(event.actor.name.as_deref(), Some("ana@example.com"));
    assert_eq!(event.actor.role.as_deref(), Some("AWSReservedSSO_Admin"));
    assert_eq!((event.operation.as_str(), event.did), ("CreateUser", Did::Created));
    assert_eq!(event.from.as_deref(), Some("192.0.2.10"));
}

#[test]
fn each_of_the_five_services_says_where_to_look() {
    let meaning = |name| read(&sample(name)).unwrap().meaning;
    assert_eq!(meaning("01-iam-create-user.json"), iam_user("build-7"));
    assert_eq!(meaning("02-iam-create-login-profile.json"), iam_user("build-7"));
    assert_eq!(meaning("03-iam-attach-user-policy.json"), iam_user("build-7"));
    let user = Watched::User(UserId::new("a1b2c3d4-5678-90ab-cdef-EXAMPLE11111"));
    let joined = Meaning::Look(vec![(user, Some(AlsoNamed::Group(group())))]);
    assert_eq!(meaning("06-identitystore-create-group-membership.json"), joined);
    assert_eq!(meaning("07-sso-directory-add-member-to-group.json"), joined);
    assert_eq!(meaning("08-scim-patch-group.json"), Meaning::Look(vec![(Watched::Group(group()), None)]));
    let set = PermissionSetArn::new("arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef");
    let assigned = AlsoNamed::Assignment(set, "444455556666".parse().unwrap());
    assert_eq!(
        meaning("09-sso-create-account-assignment.json"),
        Meaning::Look(vec![(Watched::Group(group()), Some(assigned))])
    );
    let sources: Vec<EventSource> = samples().iter().map(|name| read(&sample(name)).unwrap().source).collect();
    assert!(EventSource::ALL.iter().all(|source| sources.contains(source)));
}

#[test]
fn a_refused_call_and_a_call_that_reads_lead_to_no_look() {
    let refused = read(&sample("04-iam-create-user-refused.json")).unwrap();
    assert_eq!(refused.meaning, Meaning::Refused("AccessDenied".to_owned()));
    assert_eq!(with("01-iam-create-user.json", &[("/readOnly", json!(true))]).meaning, Meaning::Reads);
}

#[test]
fn a_role_that_identity_center_keeps_is_attributed_to_its_permission_set() {
    let made = read(&sample("05-iam-create-role-by-sso.json")).unwrap();
    let of = Meaning::OfIdentityCenter { account: "444455556666".parse().unwrap(), permission_set: "View".to_owned() };
    assert_eq!(made.meaning, of);
    // Whoever else changes such a role, or Identity Center another one, is looked at.
    let by_hand = with("05-iam-create-role-by-sso.json", &[("/userIdentity/invokedBy", json!(null))]);
    assert!(matches!(by_hand.meaning, Meaning::Look(_)));
    let other = with("05-iam-create-role-by-sso.json", &[("/requestParameters/roleName", json!("Admin"))]);
    assert!(matches!(other.meaning, Meaning::Look(_)));
}

#[test]
fn an_operation_of_an_unknown_name_is_looked_at_where_it_names_something() {
    let unknown = read(&sample("10-iam-unknown-operation.json")).unwrap();
    assert_eq!((unknown.did, unknown.meaning), (Did::Unknown, iam_user("build-7")));
    let nothing = with("10-iam-unknown-operation.json", &[("/requestParameters", json!({"wibble": 7}))]);
    assert_eq!(nothing.meaning, Meaning::NotUnderstood);
}

#[test]
fn a_call_about_the_caller_itself_is_looked_at_by_its_answer() {
    let answer = json!({"accessKey": {"userName": "ben", "accessKeyId": "AKIAEXAMPLE", "status": "Active"}});
    let set =
        [("/requestParameters", json!(null)), ("/responseElements", answer), ("/eventName", json!("CreateAccessKey"))];
    assert_eq!(with("02-iam-create-login-profile.json", &set).meaning, iam_user("ben"));
}

#[test]
fn a_user_that_is_renamed_is_looked_at_by_both_names() {
    let set = [("/requestParameters/newUserName", json!("build-8")), ("/eventName", json!("UpdateUser"))];
    let Meaning::Look(places) = with("01-iam-create-user.json", &set).meaning else { panic!() };
    let names: Vec<&str> = places.iter().map(|(watched, _)| watched.name()).collect();
    assert_eq!(names, ["build-7", "build-8"]);
}

#[test]
fn roles_groups_policies_and_permission_sets_are_looked_at_too() {
    let iam = |parameters: Value| with("10-iam-unknown-operation.json", &[("/requestParameters", parameters)]).meaning;
    let account = "111122223333".parse().unwrap();
    let one = |watched| Meaning::Look(vec![(watched, None)]);
    assert_eq!(iam(json!({"roleName": "deploy"})), one(Watched::IamRole(account, "deploy".to_owned())));
    let group = json!({"groupName": "ops", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"});
    assert_eq!(iam(group), one(Watched::IamGroup(account, "ops".to_owned())));
    let arn = "arn:aws:iam::111122223333:policy/own";
    assert_eq!(iam(json!({"policyArn": arn})), one(Watched::IamPolicy(account, arn.to_owned())));
    let set = "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef";
    let sso =
        with("09-sso-create-account-assignment.json", &[("/requestParameters", json!({"permissionSetArn": set}))]);
    assert_eq!(sso.meaning, one(Watched::PermissionSet(PermissionSetArn::new(set))));
    // An application has no look of its own.
    let application = json!({"applicationArn": "arn", "principalId": "a", "principalType": "USER"});
    let sso = with("09-sso-create-account-assignment.json", &[("/requestParameters", application)]);
    assert_eq!(sso.meaning, Meaning::NotUnderstood);
}

#[test]
fn a_caller_came_by_a_role_only_where_account_and_name_are_those_of_the_role() {
    let event = read(&sample("01-iam-create-user.json")).unwrap();
    let reserved = "role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef";
    assert!(event.actor.came_by(&format!("arn:aws:iam::111122223333:{reserved}")));
    assert!(!event.actor.came_by(&format!("arn:aws:iam::444455556666:{reserved}")));
    assert!(!event.actor.came_by("arn:aws:iam::111122223333:role/Admin"));
    assert!(!event.actor.came_by("nonsense"));
}

#[test]
fn what_cloudtrail_hides_is_no_name() {
    let hidden = json!({"id": "HIDDEN_DUE_TO_SECURITY_REASONS"});
    assert_eq!(with("08-scim-patch-group.json", &[("/requestParameters", hidden)]).meaning, Meaning::NotUnderstood);
}

//! The digest of what is accepted: it changes with the content, and with nothing else.

use rollcall::model::{Ix, Snapshot, Subject};
use serde_json::{Value, json};

use crate::story::{Story, group};
use crate::support::audited::Audited;

/// The digest of one subject in a small company to which this happened.
fn digest(subject: impl Fn(&Snapshot) -> Subject, happens: impl FnOnce(&mut Story)) -> String {
    let mut story = Story::small();
    happens(&mut story);
    let audited = Audited::of(&story);
    let snapshot = &audited.world().snapshot;
    snapshot.content_digest(subject(snapshot)).expect("everything was read")
}

fn everything() -> String {
    json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}).to_string()
}

#[test]
fn a_permission_set_has_another_digest_when_a_policy_that_it_refers_to_changes() {
    let set = |snapshot: &Snapshot| {
        let ops = snapshot.permission_sets.positions().find(|(_, set)| set.name == "Ops").expect("it is there");
        Subject::PermissionSet(ops.0)
    };
    let with = |actions: &str, spare: &str| {
        digest(set, |story| {
            story.permission_set("Ops", "ReadOnlyAccess").customer_managed("Ops", "ops");
            story.aws_grant(group("AWS-Readers"), "Ops", "prod");
            let document = json!({"Statement": {"Effect": "Allow", "Action": actions, "Resource": "*"}});
            story.managed_policy("prod", "ops", &document).managed_policy("prod", spare, &document);
        })
    };
    assert_eq!(with("s3:*", "a"), with("s3:*", "b"));
    assert_ne!(with("s3:*", "a"), with("*", "a"));
}

#[test]
fn an_iam_user_has_another_digest_when_a_document_or_the_boundary_changes() {
    let user = |snapshot: &Snapshot| {
        let holds = snapshot.iam.iter().position(|iam| iam.users.seen().next().is_some()).expect("one has users");
        Subject::IamUser(Ix::new(holds), Ix::new(0))
    };
    let with = |inline: Option<String>, boundary: Option<&str>| {
        digest(user, |story| {
            _ = story.change("dev", "svc-backup", |user| {
                user.inline = inline.into_iter().map(|text| ("x".to_owned(), text)).collect();
                user.boundary = boundary.map(str::to_owned);
            });
        })
    };
    let bare = with(None, None);
    let limited = with(None, Some("arn:aws:iam::aws:policy/ReadOnlyAccess"));
    assert_ne!(bare, limited);
    assert_ne!(bare, with(Some(everything()), None));
    assert_ne!(limited, with(None, Some("arn:aws:iam::aws:policy/AdministratorAccess")));
}

#[test]
fn a_trust_has_another_digest_when_its_conditions_or_the_policies_of_its_role_change() {
    let trust = |snapshot: &Snapshot| {
        let holds = snapshot.iam.iter().position(|iam| iam.roles.seen().next().is_some()).expect("one has roles");
        Subject::Trust(Ix::new(holds), Ix::new(0), Ix::new(0))
    };
    let outsider = json!({"AWS": "arn:aws:iam::999988887777:root"});
    let with = |condition: &Value, policy: &str| {
        digest(trust, |story| {
            _ = story.role("prod", "vendor", &outsider, condition).attach_to_role("prod", "vendor", policy);
        })
    };
    let asked = json!({"StringEquals": {"sts:ExternalId": ["a", "b"]}});
    let otherwise_written = json!({"StringEquals": {"sts:ExternalId": ["b", "a"]}});
    assert_eq!(with(&asked, "ReadOnlyAccess"), with(&otherwise_written, "ReadOnlyAccess"));
    assert_ne!(with(&asked, "ReadOnlyAccess"), with(&Value::Null, "ReadOnlyAccess"));
    assert_ne!(with(&asked, "ReadOnlyAccess"), with(&asked, "AdministratorAccess"));
}

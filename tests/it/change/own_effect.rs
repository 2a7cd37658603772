//! What a plan's own changes explain of what is not as the plan saw it, and what someone else must have done.

use serde_json::{Value, json};

use rollcall::change::request::{OfIamUser, Verb};
use rollcall::change::{Difference, Differs, Planned, explained};

use super::{asked, iam_user, kept_here, member};
use crate::story::Story;

/// Whether the first change explains what differs for the second one.
fn is_explained(changes: &[Planned], what: &str, planned: Value, is: Value) -> bool {
    let what = Differs::Seen { what: what.to_owned(), planned: Some(planned), is: Some(is) };
    let difference = Difference { change: changes[1].id.clone(), what };
    explained(&difference, &changes[1..], &changes[..1])
}

#[test]
fn one_member_less_is_explained_by_one_that_was_removed_and_no_more() {
    let mut story = Story::small();
    story.aws_member("AWS-Readers", "alice").aws_member("AWS-Readers", "bob");
    let audited = kept_here(&story);
    let report = audited.report();
    let changes =
        asked(&report, &[member("AWS-Readers", "alice", Verb::Remove), member("AWS-Readers", "bob", Verb::Remove)]);
    for (planned, is, own) in [(5, 4, true), (5, 3, false), (5, 5, false), (5, 6, false)] {
        assert_eq!(is_explained(&changes, "group.members", json!(planned), json!(is)), own, "{planned} and {is}");
    }
    assert!(!is_explained(&changes, "group.source", json!("identity-center"), json!("external")));
    assert!(!is_explained(&changes, "membership", json!("m-1"), json!("m-2")));
}

#[test]
fn a_policy_more_is_explained_by_one_that_was_attached_and_by_no_other() {
    let audited = kept_here(&Story::small());
    let report = audited.report();
    let policy = |name: &str| OfIamUser::Policy(format!("arn:aws:iam::aws:policy/{name}"), Verb::Add);
    let of = |name| iam_user("Acme Development", "svc-backup", policy(name));
    let changes = asked(&report, &[of("SecurityAudit"), of("ReadOnlyAccess")]);
    let arn = |name: &str| format!("arn:aws:iam::aws:policy/{name}");
    let (before, own) = (json!([]), json!([arn("SecurityAudit")]));
    let other = json!([arn("SecurityAudit"), arn("AdministratorAccess")]);
    assert!(is_explained(&changes, "iam_user.attached", before.clone(), own.clone()));
    assert!(!is_explained(&changes, "iam_user.attached", before.clone(), other));
    assert!(!is_explained(&changes, "iam_user.groups", before.clone(), own));
    assert!(!is_explained(&changes, "iam_user.active_keys", json!(0), json!(1)));
}

#[test]
fn keys_that_a_plan_deactivated_are_no_difference_and_new_ones_are() {
    let audited = kept_here(&Story::small());
    let report = audited.report();
    let of = |change| iam_user("Acme Development", "svc-backup", change);
    let changes = asked(&report, &[of(OfIamUser::DeactivateKey(None)), of(OfIamUser::Disable)]);
    assert!(is_explained(&changes, "iam_user.active_keys", json!(1), json!(0)));
    assert!(!is_explained(&changes, "iam_user.active_keys", json!(1), json!(2)));
    assert!(!is_explained(&changes, "iam_user.password", json!(true), json!(false)));
    let disabled: Vec<Planned> = changes.into_iter().rev().collect();
    assert!(is_explained(&disabled, "iam_user.password", json!(true), json!(false)));
    assert!(!is_explained(&disabled, "iam_user.password", json!(false), json!(true)));
}

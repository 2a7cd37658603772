//! What stops an apply on the way, and how the same command continues.

use serde_json::json;

use super::{Site, leaver, once};
use crate::story::Story;

#[test]
fn what_aws_refuses_stops_the_apply_and_the_same_command_goes_on() {
    let site = Site::of(&leaver());
    site.plan(&["--rule", "leaver-with-access"]);
    site.moto.fail(&json!({"operation": "identitystore:DeleteGroupMembership", "fault": "deny"}));
    let stopped = site.apply(&[]);
    assert_eq!(stopped.code, 6, "{}{}", stopped.stdout, stopped.stderr);
    assert!(stopped.stderr.contains("does not allow `identitystore:DeleteGroupMembership`"), "{}", stopped.stderr);
    site.moto.heal();
    let resumed = site.apply(&[]);
    assert_eq!(resumed.code, 0, "{}{}", resumed.stdout, resumed.stderr);
    let twice = json!({"identitystore:DeleteGroupMembership": 2, "sso:DeleteAccountAssignment": 1});
    assert_eq!(site.moto.writes(), twice, "the refused call and the one that went through");
}

#[test]
fn an_assignment_that_ends_failed_stops_with_the_reason_of_aws() {
    let site = Site::of(&leaver());
    site.plan(&["--rule", "leaver-with-access"]);
    let fault =
        json!({"operation": "sso:DeleteAccountAssignment", "fault": "end-failed", "message": "404: no such role"});
    site.moto.fail(&fault);
    let stopped = site.apply(&[]);
    assert_eq!(
        stopped.code, 1,
        "it is the first change, and nothing was changed: {}{}",
        stopped.stdout, stopped.stderr
    );
    assert!(stopped.stderr.contains("404: no such role"), "{}", stopped.stderr);
}

#[test]
fn what_somebody_else_did_after_the_plan_holds_it_and_nothing_is_sent() {
    let site = Site::of(&leaver());
    let plan = site.plan(&["--rule", "leaver-with-access"]);
    let membership = plan.changes.iter().find_map(|planned| planned.seen.membership.clone()).unwrap();
    let store = plan.place.identity_store.clone().unwrap();
    let deleted = site.moto.aws(&[
        "identitystore",
        "delete-group-membership",
        "--identity-store-id",
        &store,
        "--membership-id",
        &membership,
    ]);
    assert_eq!(deleted.code, 0, "{}", deleted.stderr);
    let before = site.moto.writes();
    let held = site.apply(&[]);
    assert_eq!(held.code, 3, "{}{}", held.stdout, held.stderr);
    assert!(held.stdout.contains("cannot be made: this is already the case"), "{}", held.stdout);
    assert_eq!(site.moto.writes(), before);
}

#[test]
fn a_change_that_is_left_out_is_not_made() {
    let site = Site::of(&leaver());
    let plan = site.plan(&["--rule", "leaver-with-access"]);
    let assignment = plan.changes.iter().find(|planned| planned.change.permission_set().is_some()).unwrap();
    let confirm = site.digest().short();
    let applied = site.run(&["apply", "plan.json", "--confirm", &confirm, "--except", &assignment.id.0]);
    assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    assert_eq!(site.moto.writes(), json!({"identitystore:DeleteGroupMembership": 1}));
    // Later, the rest of the same plan.
    let rest = site.apply(&[]);
    assert_eq!(rest.code, 0, "{}{}", rest.stdout, rest.stderr);
    assert_eq!(site.moto.writes(), once());
}

#[test]
fn what_somebody_else_does_right_before_a_change_is_never_taken_for_ours() {
    let mut story = Story::small();
    story.directory_member("AWS-Readers", "alice");
    let site = Site::of(&story);
    let plan = site.plan(&["--rule", "missing-membership"]);
    let (group, user) = (plan.changes[0].change.group().unwrap(), plan.changes[0].change.user().unwrap());
    let parameters = json!({
        "IdentityStoreId": plan.place.identity_store, "GroupId": group.id, "MemberId": {"UserId": user.id}
    });
    site.moto.fail(&json!({
        "operation": "identitystore:CreateGroupMembership", "fault": "someone-else", "when": "before", "times": 1,
        "call": {"service": "identitystore", "operation": "create_group_membership", "parameters": parameters}
    }));
    let stopped = site.apply(&[]);
    assert_eq!(stopped.code, 1, "{}{}", stopped.stdout, stopped.stderr);
    assert!(stopped.stderr.contains("exists already, and not by this plan"), "{}", stopped.stderr);
    assert_eq!(site.moto.writes(), json!({"identitystore:CreateGroupMembership": 1}));
}

#[test]
fn what_somebody_else_takes_away_right_before_us_was_gone() {
    let site = Site::of(&leaver());
    let plan = site.plan(&["--rule", "leaver-with-access"]);
    let membership = plan.changes.iter().find_map(|planned| planned.seen.membership.clone()).unwrap();
    let parameters = json!({"IdentityStoreId": plan.place.identity_store, "MembershipId": membership});
    site.moto.fail(&json!({
        "operation": "identitystore:DeleteGroupMembership", "fault": "someone-else", "when": "before", "times": 1,
        "call": {"service": "identitystore", "operation": "delete_group_membership", "parameters": parameters}
    }));
    let applied = site.apply(&[]);
    assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    assert!(applied.stdout.contains("was gone already: Remove the user"), "{}", applied.stdout);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt;

    let site = Site::of(&leaver());
    site.plan(&["--rule", "leaver-with-access"]);
    assert_eq!(site.apply(&[]).code, 0);
    for file in site.journal() {
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0, "{file:?}");
    }
}

//! Processes that are killed while they apply a plan, and the same command afterwards.

use serde_json::json;

use super::{Site, leaver, once};

const ASSIGNMENT: &str = "sso:DeleteAccountAssignment";
const MEMBERSHIP: &str = "identitystore:DeleteGroupMembership";

#[test]
fn a_process_that_is_killed_before_and_after_every_call_is_continued_and_each_change_is_made_once() {
    let site = Site::of(&leaver());
    let plan = site.plan(&["--rule", "leaver-with-access"]);
    assert!(plan.changes[0].change.permission_set().is_some(), "the assignment goes first: {plan:?}");
    let points = [
        (ASSIGNMENT, json!({})),
        (ASSIGNMENT, json!({"when": "after"})),
        ("sso:DescribeAccountAssignmentDeletionStatus", json!({})),
        // The request has ended: this is the look for what it asked for.
        ("sso:ListAccountAssignments", json!({})),
        (MEMBERSHIP, json!({})),
        (MEMBERSHIP, json!({"when": "after"})),
        ("identitystore:ListGroupMembershipsForMember", json!({})),
    ];
    for (operation, fault) in points {
        site.killed_at(operation, &fault);
        let busy = site.apply(&[]);
        assert_eq!(busy.code, 1, "{operation}: {}{}", busy.stdout, busy.stderr);
        assert!(busy.stderr.contains("another process is applying a plan with this store"), "{}", busy.stderr);
        site.claim_ends();
    }
    let resumed = site.apply(&[]);
    assert_eq!(resumed.code, 0, "{}{}", resumed.stdout, resumed.stderr);
    assert_eq!(resumed.stdout.matches("AWS's answer was lost").count(), 2, "{}", resumed.stdout);
    // Each was sent a second time only because the first call was never carried out, and that was looked for.
    assert_eq!(site.moto.writes(), json!({ASSIGNMENT: 2, MEMBERSHIP: 2}));
    let after = site.run(&["audit", "--no-alert"]);
    assert!(after.stdout.starts_with("1 low finding"), "{}", after.stdout);
}

#[test]
fn a_request_that_does_not_end_is_waited_for_by_the_next_process_and_not_made_again() {
    let site = Site::of(&leaver());
    site.plan(&["--rule", "leaver-with-access"]);
    site.moto.fail(&json!({"operation": ASSIGNMENT, "fault": "never-settles"}));
    site.killed_at("sso:DescribeAccountAssignmentDeletionStatus", &json!({"after": 1}));
    site.claim_ends();
    let resumed = site.apply(&[]);
    assert_eq!(resumed.code, 0, "{}{}", resumed.stdout, resumed.stderr);
    assert_eq!(site.moto.writes(), once());
}

#[test]
fn what_a_process_left_open_is_looked_for_although_the_plan_may_not_be_applied_any_more() {
    let site = Site::of(&leaver());
    let plan = site.plan(&["--rule", "leaver-with-access"]);
    site.killed_at(ASSIGNMENT, &json!({"when": "after"}));
    site.claim_ends();
    let settings = format!("{}# Another file, so the plan has to be made again.\n", super::SETTINGS);
    site.write("rollcall.toml", &settings);
    let ended = site.apply(&[]);
    assert_eq!(ended.code, 6, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("c1  done, and seen; AWS's answer was lost"), "{plan:?}{}", ended.stdout);
    assert!(ended.stdout.contains("c2  not done"), "{}", ended.stdout);
    assert!(ended.stderr.contains("the settings"), "{}", ended.stderr);
    assert!(ended.stderr.contains("the plan is applied in part; what is left was not sent"), "{}", ended.stderr);
    assert_eq!(site.moto.writes(), json!({ASSIGNMENT: 1}));
}

#[test]
fn what_may_have_been_sent_is_not_sent_after_the_plan_may_not_be_applied_any_more() {
    let site = Site::of(&leaver());
    site.plan(&["--rule", "leaver-with-access"]);
    site.killed_at(ASSIGNMENT, &json!({}));
    site.claim_ends();
    site.write("rollcall.toml", &format!("{}# Another file.\n", super::SETTINGS));
    let ended = site.apply(&[]);
    assert_eq!(ended.code, 6, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("c1  begun, and not known to be done"), "{}", ended.stdout);
    assert_eq!(site.moto.writes(), json!({ASSIGNMENT: 1}));
}

#[test]
fn whatever_the_journal_was_cut_at_nothing_is_made_twice() {
    let site = Site::of(&leaver());
    site.plan(&["--rule", "leaver-with-access"]);
    let applied = site.apply(&[]);
    assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    let kept = site.journal().len();
    assert!(kept >= 8, "{:?}", site.entries());
    for entries in (1..kept).rev() {
        site.killed_after(entries);
        let resumed = site.apply(&[]);
        let said = format!("{entries}: {}{}", resumed.stdout, resumed.stderr);
        // What was not begun by this journal was gone before the plan was applied: that is a difference.
        let begun = site.entries().iter().filter(|entry| entry["entry"] == "done").count();
        assert!(resumed.code == 0 && begun == 2 || matches!(resumed.code, 3 | 6) && begun < 2, "{said}");
        assert_eq!(site.moto.writes(), once(), "{said}");
    }
}

#[test]
fn a_process_that_loses_its_claim_in_the_middle_begins_no_further_change() {
    let site = Site::of(&leaver());
    site.plan(&["--rule", "leaver-with-access"]);
    site.moto.fail(&json!({"operation": ASSIGNMENT, "fault": "hang", "when": "after"}));
    let ended = std::thread::scope(|threads| {
        let applying = threads.spawn(|| site.apply(&[]));
        site.moto.wait_for_held_call();
        site.claim_goes_to_another();
        // The claim is renewed once a minute.
        std::thread::sleep(std::time::Duration::from_secs(63));
        site.moto.heal();
        applying.join().unwrap()
    });
    assert_eq!(ended.code, 6, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stderr.contains("this process lost its claim"), "{}", ended.stderr);
    assert_eq!(site.moto.writes(), json!({ASSIGNMENT: 1}), "{}", ended.stdout);
    site.claim_ends();
    let resumed = site.apply(&[]);
    assert_eq!(resumed.code, 0, "{}{}", resumed.stdout, resumed.stderr);
    assert_eq!(site.moto.writes(), once());
}

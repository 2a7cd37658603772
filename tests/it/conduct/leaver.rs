//! A leaver whom an audit finds: planned, applied, gone in the next audit; and the same where the process is killed or an
//! answer is lost on the way.

use serde_json::json;

use super::{Site, leaver, once};
use crate::story::{Story, group};

#[test]
fn a_leaver_found_by_an_audit_is_planned_applied_and_gone_in_the_next_audit() {
    let site = Site::of(&leaver());
    let before = site.run(&["audit", "--no-alert"]);
    assert!(before.stdout.contains("leaver-with-access") && before.code == 3, "{}{}", before.stdout, before.stderr);
    assert!(!before.stdout.starts_with("1 low finding"), "{}", before.stdout);
    let plan = site.plan(&["--rule", "leaver-with-access"]);
    assert_eq!(plan.changes.len(), 2, "{plan:?}");
    let dry = site.run(&["apply", "plan.json"]);
    assert_eq!(dry.code, 3, "{}{}", dry.stdout, dry.stderr);
    assert_eq!(site.moto.writes(), json!({}), "neither an audit, nor a plan, nor a dry run writes");

    let applied = site.apply(&["--reference", "TICKET-7"]);
    assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    assert_eq!(applied.stdout.matches("  done, and seen: ").count(), 2, "{}", applied.stdout);
    assert!(applied.stdout.contains("assumed-role/RollcallOperator/"), "{}", applied.stdout);
    assert_eq!(site.moto.writes(), once());
    let entries = site.entries();
    assert_eq!(entries[0]["order"]["reference"], "TICKET-7", "{entries:?}");
    for (number, entry) in entries.iter().enumerate().filter(|(_, entry)| entry["entry"] == "answered") {
        assert_eq!(entries[number - 1]["entry"], "intent", "{entry}: what is sent was kept before");
    }

    let after = site.run(&["audit", "--no-alert"]);
    // That a leaver's user is there, without any access, is a milder finding: deletion is asked for by name.
    assert!(after.stdout.starts_with("1 low finding"), "{}", after.stdout);
    assert!(after.stdout.contains("has left and is still in Identity Center"), "{}", after.stdout);
    assert_eq!(plan.foreseen.leaves, 1, "the audit says what the plan foresaw");
    // The same command again finds nothing to do, and sends nothing.
    let again = site.apply(&[]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
    assert_eq!(site.moto.writes(), once());
}

#[test]
fn a_process_that_is_killed_at_any_step_is_gone_on_with_and_each_change_is_made_once() {
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
fn a_lost_answer_is_resolved_by_looking_and_nothing_is_sent_twice() {
    let site = Site::of(&leaver());
    for operation in ["identitystore:DeleteGroupMembership", "sso:DeleteAccountAssignment"] {
        site.moto.fail(&json!({"operation": operation, "fault": "lose-answer", "times": 1}));
    }
    site.plan(&["--rule", "leaver-with-access"]);
    let applied = site.apply(&[]);
    assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    assert_eq!(applied.stdout.matches("AWS's answer was lost").count(), 2, "{}", applied.stdout);
    assert_eq!(site.moto.writes(), once());
}

#[test]
fn a_membership_and_an_assignment_are_added_once_although_the_answers_are_lost() {
    let mut story = Story::small();
    story.expect_grant(group("AWS-Readers"), "Audit", "dev");
    story.directory_member("AWS-Readers", "alice");
    let site = Site::of(&story);
    for operation in ["identitystore:CreateGroupMembership", "sso:CreateAccountAssignment"] {
        site.moto.fail(&json!({"operation": operation, "fault": "lose-answer", "times": 1}));
    }
    let plan = site.plan(&["--rule", "missing-assignment", "--rule", "missing-membership"]);
    assert_eq!(plan.changes.len(), 2, "{plan:?}");
    let applied = site.apply(&[]);
    assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    let added = json!({"identitystore:CreateGroupMembership": 1, "sso:CreateAccountAssignment": 1});
    assert_eq!(site.moto.writes(), added);
}

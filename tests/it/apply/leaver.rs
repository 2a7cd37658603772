//! A leaver whom an audit finds: planned, applied, gone in the next audit; and the same where answers are lost or old.

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
    // That a leaver's user is there, without any access, is a milder finding: deletion is requested by name.
    assert!(after.stdout.starts_with("1 low finding"), "{}", after.stdout);
    assert!(after.stdout.contains("has left but is still in Identity Center"), "{}", after.stdout);
    assert_eq!(plan.foreseen.leaves, 1, "the audit says what the plan foresaw");
    // The same command again finds nothing to do, and sends nothing.
    let again = site.apply(&[]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
    assert_eq!(site.moto.writes(), once());
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

#[test]
fn a_change_that_shows_late_is_looked_for_until_it_shows() {
    let site = Site::of(&leaver());
    for operation in ["identitystore:DeleteGroupMembership", "sso:DeleteAccountAssignment"] {
        site.moto.fail(&json!({"operation": operation, "fault": "stale", "answers": 2, "times": 1}));
    }
    site.plan(&["--rule", "leaver-with-access"]);
    let applied = site.apply(&[]);
    assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    assert_eq!(applied.stdout.matches("  done, and seen: ").count(), 2, "{}", applied.stdout);
    assert_eq!(site.moto.writes(), once());
}

#[test]
fn a_change_that_never_shows_stops_the_apply_and_is_not_sent_again() {
    let site = Site::of(&leaver());
    site.moto.fail(&json!({"operation": "sso:DeleteAccountAssignment", "fault": "stale", "answers": 1000}));
    site.plan(&["--rule", "leaver-with-access"]);
    let stopped = site.apply(&[]);
    assert_eq!(stopped.code, 6, "{}{}", stopped.stdout, stopped.stderr);
    assert!(stopped.stderr.contains("AWS said that it was done, and it does not show"), "{}", stopped.stderr);
    assert!(stopped.stdout.contains("begun, and not known to be done"), "{}", stopped.stdout);
    let again = site.apply(&[]);
    assert_eq!(again.code, 6, "{}{}", again.stdout, again.stderr);
    assert_eq!(site.moto.writes(), json!({"sso:DeleteAccountAssignment": 1}));
    site.moto.heal();
    let resumed = site.apply(&[]);
    assert_eq!(resumed.code, 0, "{}{}", resumed.stdout, resumed.stderr);
    assert_eq!(site.moto.writes(), once());
}

#[test]
fn a_journal_in_a_bucket_is_kept_although_answers_of_the_store_are_lost() {
    let site = Site::of(&leaver());
    let made = site.moto.aws(&["s3api", "create-bucket", "--bucket", "journals"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    site.write("rollcall.toml", &format!("{}\n[report]\nto = \"s3://journals/rollcall\"\n", super::SETTINGS));
    site.plan(&["--rule", "leaver-with-access"]);
    site.moto.fail(&json!({"operation": "s3:PutObject", "fault": "lose-answer", "after": 1, "times": 3}));
    let applied = site.apply(&[]);
    assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    assert_eq!(site.moto.writes(), once());
    let again = site.apply(&[]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
    assert_eq!(site.moto.writes(), once());
}

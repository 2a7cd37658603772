//! Changes for findings: which ones, and of which findings none.

use rollcall::change::derive::{self, NotPlanned};
use rollcall::change::{Builder, Options};
use rollcall::compare::rules::RULES;
use rollcall::wording;

use super::{judged, kept_here};
use crate::story::{Story, group, user};
use crate::support::audited::Audited;

/// The changes for all open findings of a rule, one a line; in place of them, why there are none.
fn changes(audited: &Audited, rule: &str) -> Vec<String> {
    let report = audited.report();
    let of_rule = report.open().filter(|finding| finding.rule.0 == rule);
    let lines = of_rule.flat_map(|finding| match derive::of(&report, finding) {
        Ok(steps) => steps.iter().map(|step| wording::change(&step.change)).collect::<Vec<_>>(),
        Err(why) => vec![format!("none: {}", wording::not_planned(&report, finding, &why))],
    });
    lines.collect()
}

#[test]
fn every_rule_that_a_change_puts_in_order_exists() {
    for rule in derive::RULES {
        assert!(RULES.iter().any(|known| known.id.0 == rule), "{rule}");
    }
}

#[test]
fn a_leaver_loses_all_that_they_have() {
    let mut story = Story::small();
    story.leaves("bob").aws_grant(user("bob"), "Audit", "dev");
    assert_eq!(
        changes(&kept_here(&story), "leaver-with-access"),
        [
            "Remove the permission set `Audit` in 333344445555 from the user `bob@corp.example.com`",
            "Remove the user `bob@corp.example.com` from the group `AWS-Readers`",
        ]
    );
    // The directory keeps members of groups.
    assert_eq!(
        changes(&Audited::of(&story), "leaver-with-access"),
        ["Remove the permission set `Audit` in 333344445555 from the user `bob@corp.example.com`"]
    );
}

#[test]
fn a_leaver_with_a_key_loses_the_key() {
    let mut story = Story::small();
    story.leaves("alice");
    assert_eq!(
        changes(&kept_here(&story), "leaver-with-key"),
        ["Deactivate every access key of the IAM user `svc-backup` in 333344445555"]
    );
}

#[test]
fn strangers_lose_access_and_are_not_deleted() {
    let mut story = Story::small();
    story.stranger("mallory").aws_member("AWS-Admins", "mallory").aws_grant(user("mallory"), "Admin", "prod");
    let removed = changes(&kept_here(&story), "unexpected-user");
    assert_eq!(removed.len(), 2, "{removed:?}");
    let mut story = Story::small();
    story.stranger("mallory");
    let audited = kept_here(&story);
    assert!(changes(&audited, "unexpected-user")[0].contains("has no access to remove"));
}

#[test]
fn what_the_lists_expect_is_given() {
    let mut story = Story::small();
    story.expect_grant(group("AWS-Readers"), "Audit", "dev").aws_member_gone("AWS-Readers", "carol");
    let audited = kept_here(&story);
    assert_eq!(
        changes(&audited, "missing-assignment"),
        ["Give the group `AWS-Readers` the permission set `Audit` in 333344445555"]
    );
    assert_eq!(
        changes(&audited, "missing-membership"),
        ["Add the user `carol@corp.example.com` to the group `AWS-Readers`"]
    );
    assert!(
        changes(&Audited::of(&story), "missing-membership")[0].starts_with("none: the identity provider manages it")
    );
}

#[test]
fn a_missing_group_is_made_with_its_members_and_assignments_and_nothing_new_is_found() {
    let mut story = Story::small();
    story.group("AWS-Ops").directory_member("AWS-Ops", "bob").expect_grant(group("AWS-Ops"), "Audit", "dev");
    story.aws.groups.remove("AWS-Ops");
    let audited = kept_here(&story);
    let planned = changes(&audited, "missing-group");
    assert_eq!(
        planned,
        [
            "Create the group `AWS-Ops`",
            "Add the user `bob@corp.example.com` to the group `AWS-Ops` (created by c1)",
            "Give the group `AWS-Ops` (created by c1) the permission set `Audit` in 333344445555",
        ]
    );
    let report = audited.report();
    let finding = report.open().find(|finding| finding.rule.0 == "missing-group").unwrap();
    let mut builder = Builder::default();
    builder.add(&report, &derive::of(&report, finding).unwrap(), "", Some(finding.fingerprint.as_str()));
    let judgement = judged(&report, &builder.finish(), &Options::default());
    assert_eq!((judgement.foreseen.makes, judgement.foreseen.leaves), (Vec::new(), 0));
}

#[test]
fn iam_users_and_policies_follow_their_list() {
    let mut story = Story::small();
    story.aws_iam_user("prod", "stray", &["ReadOnlyAccess"]).attach("dev", "svc-backup", "SecurityAudit");
    story.iam_user("prod", "wanted", &["ReadOnlyAccess"], "alice");
    story.aws.iam.get_mut("prod").unwrap().remove("wanted");
    let audited = kept_here(&story);
    assert_eq!(
        changes(&audited, "unexpected-policy"),
        ["Detach `arn:aws:iam::aws:policy/SecurityAudit` from the IAM user `svc-backup` in 333344445555"]
    );
    assert!(changes(&audited, "unexpected-iam-user")[0].starts_with("Disable the IAM user `stray` in 222233334444"));
    let made = changes(&audited, "missing-iam-user");
    assert_eq!(made.len(), 1, "{made:?}");
}

#[test]
fn a_waived_finding_and_one_without_a_change_are_not_planned() {
    let mut story = Story::small();
    story.aws_group("Stray").waive("unexpected-group", "Stray", "2026-12-31").root("dev", "true", false, 0);
    let audited = kept_here(&story);
    let report = audited.report();
    let waived = report.waived().next().unwrap();
    assert_eq!(derive::of(&report, waived), Err(NotPlanned::Waived));
    let others = report.open().filter(|finding| !derive::RULES.contains(&finding.rule.0));
    for finding in others {
        assert_eq!(derive::of(&report, finding), Err(NotPlanned::NoChange), "{}", finding.rule);
    }
}

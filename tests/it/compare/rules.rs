//! Each rule, told as a story: what happened, and what is found of it.

use rollcall::model::{Evidence, Nesting};

use crate::story::{Story, group, user};
use crate::support::audited::Audited;

/// The open findings of a small company to which this happened.
fn found(happens: impl FnOnce(&mut Story)) -> Vec<String> {
    let mut story = Story::small();
    happens(&mut story);
    Audited::of(&story).titles()
}

#[test]
fn a_company_in_order_has_no_findings() {
    assert_eq!(found(|_| {}), Vec::<String>::new());
}

#[test]
fn a_stranger_is_one_finding_with_all_that_they_hold_as_evidence() {
    let titles = found(|story| {
        story.stranger("mallory").aws_member("AWS-Admins", "mallory").aws_grant(user("mallory"), "ReadOnly", "dev");
    });
    assert_eq!(
        titles,
        [
            "critical unexpected-user: User `mallory@corp.example.com` is in Identity Center but not in any expected list"
        ]
    );
}

#[test]
fn a_leaver_who_is_still_in_a_group_is_reported() {
    let titles = found(|story| {
        story.leaves("bob");
    });
    assert_eq!(
        titles,
        ["high leaver-with-access: User `bob@corp.example.com` has left but is still in Identity Center"]
    );
}

#[test]
fn a_leaver_whom_identity_center_has_disabled_is_only_mentioned() {
    let titles = found(|story| {
        story.leaves("bob");
        story.aws.users.insert("bob".to_owned(), false);
    });
    assert_eq!(
        titles,
        ["info leaver-with-access: User `bob@corp.example.com` has left but is still in Identity Center"]
    );
}

/// Case 88.
#[test]
fn somebody_who_should_have_access_and_is_disabled_is_mentioned() {
    let titles = found(|story| {
        story.aws.users.insert("bob".to_owned(), false);
    });
    assert_eq!(titles, ["info disabled-user: User `bob@corp.example.com` is expected but disabled in Identity Center"]);
}

#[test]
fn a_group_that_control_tower_makes_says_where_it_comes_from() {
    let mut story = Story::small();
    story.aws_group("AWSControlTowerAdmins");
    let audited = Audited::of(&story);
    let report = audited.report();
    let finding = report.open().next().expect("a finding");
    assert!(finding.evidence.contains(&Evidence::MadeBy("AWS Control Tower")), "{:?}", finding.evidence);
}

#[test]
fn a_missing_user_whom_identity_center_cannot_take_says_why() {
    let mut story = Story::small();
    let long = "n".repeat(128);
    story.directory_person(&long).directory_member("AWS-Readers", &long);
    let audited = Audited::of(&story);
    let report = audited.report();
    let finding = report.open().next().expect("a finding");
    assert_eq!(finding.rule.0, "missing-user");
    assert!(finding.evidence.iter().any(|one| matches!(one, Evidence::NotProvisionable(_))), "{:?}", finding.evidence);
}

#[test]
fn a_leaver_who_is_gone_from_identity_center_is_in_order() {
    let titles = found(|story| {
        story.leaves("bob").aws_user_gone("bob");
    });
    assert_eq!(titles, Vec::<String>::new());
}

#[test]
fn an_iam_user_whose_owner_has_left_is_reported() {
    let titles = found(|story| {
        story.leaves("alice").aws_user_gone("alice");
    });
    assert_eq!(
        titles,
        [
            "high leaver-with-key: IAM user `svc-backup` in `Acme Development` (333344445555) has an active access key, but its owner has left"
        ]
    );
}

#[test]
fn a_person_who_was_not_synchronised_is_one_finding() {
    let titles = found(|story| {
        story.directory_person("dan").directory_member("AWS-Admins", "dan").directory_member("AWS-Readers", "dan");
    });
    assert_eq!(titles, ["low missing-user: `dan@corp.example.com` is missing in Identity Center"]);
}

#[test]
fn a_person_in_the_directory_but_in_none_of_its_groups_for_aws_is_not_missed() {
    let titles = found(|story| {
        story.directory_person("dan");
    });
    assert_eq!(titles, Vec::<String>::new());
}

#[test]
fn a_group_that_the_directory_does_not_have_is_one_finding() {
    let titles = found(|story| {
        story.aws_group("Temp").aws_member("Temp", "bob").aws_grant(group("Temp"), "ReadOnly", "prod");
    });
    assert_eq!(titles, ["medium unexpected-group: Group `Temp` is in Identity Center but not in any expected list"]);
}

#[test]
fn somebody_in_a_group_that_the_directory_does_not_have_them_in_is_reported() {
    let titles = found(|story| {
        story.aws_member("AWS-Admins", "bob");
    });
    assert_eq!(
        titles,
        [
            "high unexpected-membership: User `bob@corp.example.com` is in group `AWS-Admins`; no expected list has this membership"
        ]
    );
}

#[test]
fn somebody_missing_from_a_group_is_reported() {
    let titles = found(|story| {
        story.aws_member_gone("AWS-Readers", "carol");
    });
    assert_eq!(
        titles,
        ["low missing-membership: `carol@corp.example.com` should be in group `AWS-Readers` but is not"]
    );
}

#[test]
fn members_of_a_nested_group_are_expected_in_the_outer_one_unless_the_setting_says_otherwise() {
    let mut story = Story::small();
    story.group("AWS-All").nest("AWS-Readers", "AWS-All").nest("AWS-Admins", "AWS-All");
    assert_eq!(Audited::of(&story).titles(), Vec::<String>::new());

    let direct = Audited::of(&story).with(|world| world.policy.nesting = Some(Nesting::Direct));
    assert_eq!(direct.rules(), ["unexpected-membership"; 3]);
}

#[test]
fn an_assignment_that_no_row_expects_is_reported_and_an_administrative_one_is_worse() {
    let titles = found(|story| {
        story.aws_grant(group("AWS-Readers"), "Admin", "dev").aws_grant(user("bob"), "ReadOnly", "dev");
    });
    assert_eq!(
        titles,
        [
            "high unexpected-assignment: Group `AWS-Readers` has `Admin` in `Acme Development` (333344445555); no expected list has this assignment",
            "medium unexpected-assignment: User `bob@corp.example.com` has `ReadOnly` in `Acme Development` (333344445555); no expected list has this assignment",
        ]
    );
}

#[test]
fn a_row_that_nothing_meets_is_reported_with_what_does_not_exist() {
    let titles = found(|story| {
        story
            .expect_grant(group("AWS-Readers"), "Audit", "dev")
            .expect_grant(group("AWS-Readers"), "Operator", "prod")
            .expect_grant(group("AWS-Ghosts"), "ReadOnly", "prod")
            .expect_grant(group("AWS-Readers"), "ReadOnly", "999999999999");
    });
    let of_rows: Vec<&str> = titles.iter().map(|title| title.split_once(": ").expect("rule and sentence").1).collect();
    assert_eq!(
        of_rows,
        [
            "Group `AWS-Readers` should have `Audit` in `Acme Development` (333344445555) but does not",
            "A row expects `Operator` for group `AWS-Readers` in `Acme Production` (222233334444), but this permission set does not exist",
            "A row expects `ReadOnly` for group `AWS-Readers` in account 999999999999, but the organization has no such \
             account",
            "Group `AWS-Ghosts` is missing in Identity Center",
        ]
    );
}

#[test]
fn an_iam_user_that_no_row_expects_is_one_finding() {
    let titles = found(|story| {
        story.aws_iam_user("prod", "svc-old", &["AdministratorAccess", "ReadOnlyAccess"]);
    });
    assert_eq!(
        titles,
        [
            "critical unexpected-iam-user: IAM user `svc-old` is in `Acme Production` (222233334444) but not in any expected list"
        ]
    );
}

#[test]
fn a_policy_that_its_row_does_not_name_is_reported() {
    let titles = found(|story| {
        story.attach("dev", "svc-backup", "AdministratorAccess").attach("dev", "svc-backup", "ReadOnlyAccess");
    });
    assert_eq!(
        titles,
        [
            "high unexpected-policy: IAM user `svc-backup` in `Acme Development` (333344445555) has policy `AdministratorAccess`; its row does not name it",
            "medium unexpected-policy: IAM user `svc-backup` in `Acme Development` (333344445555) has policy `ReadOnlyAccess`; its row does not name it",
        ]
    );
}

#[test]
fn an_inline_policy_that_allows_everything_is_administrative_whatever_it_is_called() {
    let titles = found(|story| {
        let user =
            story.aws.iam.get_mut("dev").and_then(|users| users.get_mut("svc-backup")).expect("the user is there");
        let document = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*"}}"#;
        user.inline.insert("harmless".to_owned(), document.to_owned());
    });
    assert_eq!(
        titles,
        [
            "high unexpected-policy: IAM user `svc-backup` in `Acme Development` (333344445555) has policy `harmless`; its row does not name it"
        ]
    );
}

#[test]
fn rows_of_iam_users_and_policies_that_are_not_there_are_reported() {
    let titles = found(|story| {
        story.iam_user("prod", "svc-gone", &[], "bob");
        story.aws.iam.get_mut("prod").expect("the account").remove("svc-gone");
        let user =
            story.aws.iam.get_mut("dev").and_then(|users| users.get_mut("svc-backup")).expect("the user is there");
        user.attached.clear();
    });
    assert_eq!(
        titles,
        [
            "low missing-iam-user: IAM user `svc-gone` is missing in `Acme Production` (222233334444)",
            "low missing-policy: IAM user `svc-backup` in `Acme Development` (333344445555) should have policy `AmazonS3ReadOnlyAccess` but does not",
        ]
    );
}

#[test]
fn without_a_list_a_kind_is_not_judged_but_administrators_are_still_reported() {
    let mut story = Story::small();
    story.lists.assignments = None;
    story.grant_in_aws_everywhere("AWS-Admins", "Admin");
    let audited = Audited::of(&story);
    assert_eq!(
        audited.titles(),
        [
            "high unlisted-administrative-access: Group `AWS-Admins` has administrative access through `Admin` in 3 accounts; no expected list covers this access"
        ]
    );
    let report = audited.report();
    assert_eq!(report.verdict.unlisted().values().copied().collect::<Vec<_>>(), [4, 3]);
}

/// Case 90.
#[test]
fn an_export_that_is_older_than_the_settings_allow_is_reported() {
    let story = Story::small();
    let lists: Vec<(String, String)> = story
        .expected_files()
        .into_iter()
        .map(|(name, text)| (name.replace("users-2026-11-19", "users-2026-11-01"), text))
        .collect();
    let titles = Audited::from(&story.saved_files(), &lists).titles();
    assert_eq!(
        titles,
        [
            "medium stale-list: Expected list `directory/users-2026-11-01.csv` was exported 19 days and 8 hours ago; the settings allow \
          7 days"
        ]
    );
}

#[test]
fn a_waiver_accepts_a_finding_through_its_last_day_and_then_expires() {
    let waived_until = |day: &str| {
        found(|story| {
            story.aws_member("AWS-Readers", "alice").waive("unexpected-membership", "alice@corp.example.com", day);
        })
    };
    assert_eq!(waived_until("2026-11-20"), Vec::<String>::new());
    assert_eq!(
        waived_until("2026-11-19"),
        [
            "medium unexpected-membership: User `alice@corp.example.com` is in group `AWS-Readers`; no expected list has this membership",
            "low expired-waiver: The waiver of `unexpected-membership` for `alice@corp.example.com` expired on 2026-11-19",
        ]
    );
}

#[test]
fn a_waiver_that_accepts_nothing_is_mentioned() {
    let titles = found(|story| {
        story.waive("unexpected-user", "nobody", "2027-01-01");
    });
    assert_eq!(titles, ["info unused-waiver: The waiver of `unexpected-user` for `nobody` accepts no finding"]);
}

/// Case 76.
#[test]
fn a_difference_of_case_alone_is_no_difference() {
    let mut story = Story::small();
    let lists = story.expected_files();
    let lists: Vec<(String, String)> = lists
        .into_iter()
        .map(|(name, text)| {
            (name, text.replace("alice@corp.example.com", "Alice@CORP.example.com").replace("AWS-Admins", "aws-ADMINS"))
        })
        .collect();
    story.directory.people.clear();
    assert_eq!(Audited::from(&story.saved_files(), &lists).titles(), Vec::<String>::new());
}

#[test]
fn waivers_of_two_findings_are_two_when_both_are_mentioned() {
    let mut story = Story::small();
    for id in ["0123456789abcdef", "fedcba9876543210"] {
        story.waive("unexpected-user", "nobody", "2027-01-01");
        story.lists.waivers.last_mut().unwrap().push_str(&format!("finding = \"{id}\"\n"));
    }
    let audited = Audited::of(&story);
    let report = audited.report();
    assert_eq!(audited.rules(), ["unused-waiver", "unused-waiver"]);
    assert_ne!(report.findings[0].fingerprint, report.findings[1].fingerprint);
}

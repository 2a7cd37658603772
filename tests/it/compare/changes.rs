//! What became of the findings of an earlier run, which is known by the `report.json` that it left.

use rollcall::model::{AccountId, Level, Report, RuleId, World};
use rollcall::render;
use rollcall::wording;

use crate::story::{File, Story, user};
use crate::support::audited::{Audited, left_by};

/// What became of each finding of the first story in the second: the word and the finding.
fn changes(first: &Story, second: Audited) -> Vec<String> {
    let first = Audited::of(first);
    let second = second.with(|world| world.earlier = Some(left_by(&first.report())));
    let changes = wording::changes(&second.report());
    changes.into_iter().map(|change| format!("{}: {}", change.what, change.title)).collect()
}

fn printed(audited: &Audited, render: fn(&Report<'_>, &mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    render(&audited.report(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn with_stranger() -> Story {
    let mut story = Story::small();
    story.stranger("mallory");
    story
}

const STRANGER: &str = "User `mallory@corp.example.com` is in Identity Center but not in any expected list";

#[test]
fn what_is_gone_is_resolved_and_what_was_waived_is_accepted() {
    let gone = changes(&with_stranger(), Audited::of(&Story::small()));
    assert_eq!(gone, [format!("resolved: {STRANGER}")]);

    let mut waived = with_stranger();
    waived.waive("unexpected-user", "mallory@corp.example.com", "2027-01-01");
    assert_eq!(changes(&with_stranger(), Audited::of(&waived)), [format!("accepted: {STRANGER}")]);
}

#[test]
fn no_printer_calls_an_accepted_risk_resolved() {
    let earlier = left_by(&Audited::of(&with_stranger()).report());
    let mut waived = with_stranger();
    waived.waive("unexpected-user", "mallory@corp.example.com", "2027-01-01");
    let audited = Audited::of(&waived).with(|world| world.earlier = Some(earlier));
    let text = printed(&audited, |report, out| render::text(report, None, out));
    assert!(
        text.contains("0 new, 0 resolved, 1 accepted by waivers, 0 not checked in this run, 0 still open"),
        "{text}"
    );
    assert!(printed(&audited, render::html).contains("<td class=\"key\">accepted</td>"));
    let json: serde_json::Value = serde_json::from_str(&printed(&audited, render::json)).unwrap();
    assert_eq!(json["changes"]["resolved"], serde_json::json!([]));
    assert_eq!(json["changes"]["accepted"][0]["title"], STRANGER);
}

/// A story in which IAM of an account refuses to be read.
fn denied_in(story: &Story, account: &str) -> Audited {
    let mut saved = story.saved_files();
    let calls = saved.iter_mut().find(|file| file.name == "calls.jsonl").unwrap();
    let refuse = |line: &str| {
        let mut call: serde_json::Value = serde_json::from_str(line).unwrap();
        if call["account"] == account {
            call["exit_code"] = 254.into();
            call["file"] = "refused.json".into();
        }
        call.to_string()
    };
    calls.text = calls.text.lines().map(refuse).collect::<Vec<_>>().join("\n") + "\n";
    let text = "An error occurred (AccessDenied) when calling the operation: no".to_owned();
    saved.push(File { name: "refused.json.err".to_owned(), text });
    Audited::from(&saved, &story.expected_files())
}

#[test]
fn an_account_that_cannot_be_read_hides_what_was_found_in_it_and_nothing_else() {
    let mut troubled = with_stranger();
    troubled
        .aws_iam_user("dev", "svc-old", &["ReadOnlyAccess"])
        .aws_iam_user("prod", "svc-odd", &["ReadOnlyAccess"])
        .aws_member("AWS-Admins", "bob");
    let mut became = changes(&troubled, denied_in(&Story::small(), "222233334444"));
    became.sort();
    insta::assert_snapshot!(became.join("\n"), @r"
    out-of-sight: IAM user `svc-odd` is in `Acme Production` (222233334444) but not in any expected list
    resolved: IAM user `svc-old` is in `Acme Development` (333344445555) but not in any expected list
    resolved: User `bob@corp.example.com` is in group `AWS-Admins`; no expected list has this membership
    resolved: User `mallory@corp.example.com` is in Identity Center but not in any expected list
    ");
}

#[test]
fn users_that_were_not_listed_hide_what_was_found_of_them() {
    let mut saved = Story::small().saved_files();
    let calls = saved.iter_mut().find(|file| file.name == "calls.jsonl").unwrap();
    calls.text = calls.text.lines().filter(|line| !line.contains("list-users")).collect::<Vec<_>>().join("\n");
    let became = changes(&with_stranger(), Audited::from(&saved, &Story::small().expected_files()));
    assert_eq!(became, [format!("out-of-sight: {STRANGER}")]);
}

/// What was found of IAM and of an assignment, and what became of it in a run of the same company.
fn became_after(change: impl FnOnce(&mut World), is_there: impl Fn(&str) -> bool) -> Vec<String> {
    let mut troubled = Story::small();
    troubled.aws_iam_user("dev", "svc-old", &["ReadOnlyAccess"]).aws_grant(user("bob"), "ReadOnly", "dev");
    let mut lists = Story::small().expected_files();
    lists.retain(|(name, _)| is_there(name));
    let audited = Audited::from(&Story::small().saved_files(), &lists).with(change);
    let mut became = changes(&troubled, audited);
    became.sort();
    became.into_iter().map(|line| line.split(':').next().unwrap().to_owned()).collect()
}

#[test]
fn what_nobody_looks_for_any_more_is_out_of_sight_and_not_resolved() {
    let dev: AccountId = "333344445555".parse().unwrap();
    let all = |_: &str| true;
    assert_eq!(became_after(|_| {}, all), ["resolved", "resolved"]);
    let excluded = |world: &mut World| _ = world.snapshot.scope.excluded.insert(dev, "closed soon".to_owned());
    assert_eq!(became_after(excluded, all), ["out-of-sight", "out-of-sight"]);
    let of_iam = |world: &mut World| world.snapshot.iam.clear();
    assert_eq!(became_after(of_iam, all), ["out-of-sight", "resolved"]);
    let switched_off = |world: &mut World| _ = world.policy.levels.insert(RuleId("unexpected-assignment"), Level::Off);
    assert_eq!(became_after(switched_off, all), ["out-of-sight", "resolved"]);
    let without_list = |name: &str| name != "assignments.csv";
    // What the group has is administrative, and now no list speaks of it; that the list is gone is a finding, too.
    assert_eq!(became_after(|_| {}, without_list), ["new", "new", "out-of-sight", "resolved"]);
}

/// A finding that needs no list is looked for whether or not there is one.
#[test]
fn what_is_found_without_a_list_is_resolved_without_one() {
    let without_list = |story: &Story| {
        let mut lists = story.expected_files();
        lists.retain(|(name, _)| name != "assignments.csv");
        Audited::from(&story.saved_files(), &lists)
    };
    let mut before = Story::small();
    before.aws_grant(user("bob"), "Admin", "dev");
    let earlier = left_by(&without_list(&before).report());
    let now = without_list(&Story::small()).with(|world| world.earlier = Some(earlier));
    let became: Vec<String> =
        wording::changes(&now.report()).into_iter().map(|change| change.what.word().to_owned()).collect();
    assert_eq!(became, ["resolved", "still-open"]);
}

/// Somebody writes the intruder into the lists: AWS has what it had, and the report says who expects it by now.
#[test]
fn who_was_found_and_is_listed_by_now_was_not_resolved() {
    let mut first = with_stranger();
    first.aws_member("AWS-Readers", "mallory").aws_grant(user("mallory"), "Admin", "prod");
    let mut second = first.clone();
    second.directory_person("mallory").directory_member("AWS-Readers", "mallory");
    second.expect_grant(user("mallory"), "Admin", "prod");
    let earlier = left_by(&Audited::of(&first).report());
    let audited = Audited::of(&second).with(|world| world.earlier = Some(earlier));
    insta::assert_snapshot!(causes(&audited).join("\n"), @"
    now-listed: User `mallory@corp.example.com` is in Identity Center but not in any expected list
      now listed by `directory/users-2026-11-19.csv:5`, new since the run of 2026-11-20 08:00:00 UTC, in an export, which has no reviewer; what it holds is listed by `assignments.csv:4` and `directory/members-2026-11-19.csv:5`
    ");
    let text = printed(&audited, |report, out| render::text(report, None, out));
    assert!(text.contains("0 new, 0 resolved, 1 now listed, 0 accepted by waivers"), "{text}");
    assert!(text.contains("now listed by `directory/users-2026-11-19.csv:"), "{text}");
    let html = printed(&audited, render::html);
    assert!(html.contains("<td class=\"key\">now-listed</td>"), "{html}");
    assert!(html.contains("<b>now listed by <code>directory/users-2026-11-19.csv:"), "{html}");
    let json: serde_json::Value = serde_json::from_str(&printed(&audited, render::json)).unwrap();
    assert_eq!(json["changes"]["resolved"], serde_json::json!([]));
    let listed = &json["changes"]["now_listed"][0];
    assert_eq!((&listed["title"], &listed["reviewed_by"]), (&STRANGER.into(), &serde_json::Value::Null));
    assert!(
        listed["further_rows"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row.as_str().unwrap().starts_with("assignments.csv:"))
    );
}

/// What became of each finding, with the cause where AWS did not change.
fn causes(audited: &Audited) -> Vec<String> {
    let changes = wording::changes(&audited.report()).into_iter().filter(|change| change.what.is_gone());
    changes.map(|change| format!("{}: {}\n  {}", change.what, change.title, change.cause.unwrap_or_default())).collect()
}

/// What became of the findings of the first story in the second.
fn became(first: &Story, second: &Story) -> Vec<String> {
    let earlier = left_by(&Audited::of(first).report());
    causes(&Audited::of(second).with(|world| world.earlier = Some(earlier)))
}

#[test]
fn a_row_that_takes_a_finding_away_is_named_with_its_reviewer() {
    let mut first = Story::small();
    first.aws_grant(user("bob"), "ReadOnly", "dev").aws_iam_user("prod", "svc-odd", &["ReadOnlyAccess"]);
    first.attach("dev", "svc-backup", "SecurityAudit").approve_permission_sets().permission_set_grows("Audit", "{}");
    let mut second = first.clone();
    second.expect_grant(user("bob"), "ReadOnly", "dev").iam_user("prod", "svc-odd", &["ReadOnlyAccess"], "alice");
    second
        .iam_user("dev", "svc-backup", &["AmazonS3ReadOnlyAccess", "SecurityAudit"], "alice")
        .approve_permission_sets();
    insta::assert_snapshot!(became(&first, &second).join("\n"), @r"
    now-listed: Permission set `Audit` differs from what was approved
      now listed by `permission-sets.csv:3`, new since the run of 2026-11-20 08:00:00 UTC, reviewed by `ciso`
    now-listed: IAM user `svc-backup` in `Acme Development` (333344445555) has policy `SecurityAudit`; its row does not name it
      now listed by `iam-users.csv:2`, new since the run of 2026-11-20 08:00:00 UTC, reviewed by `ciso`
    now-listed: IAM user `svc-odd` is in `Acme Production` (222233334444) but not in any expected list
      now listed by `iam-users.csv:3`, new since the run of 2026-11-20 08:00:00 UTC, reviewed by `ciso`
    now-listed: User `bob@corp.example.com` has `ReadOnly` in `Acme Development` (333344445555); no expected list has this assignment
      now listed by `assignments.csv:4`, new since the run of 2026-11-20 08:00:00 UTC, reviewed by `ciso`
    ");
}

/// The same where AWS changed: the policies were put right, the grants were taken away.
#[test]
fn what_aws_has_no_more_is_resolved_whatever_the_lists_say() {
    let mut first = Story::small();
    first.approve_permission_sets();
    let second = first.clone();
    first.aws_grant(user("bob"), "ReadOnly", "dev").aws_iam_user("prod", "svc-odd", &["ReadOnlyAccess"]);
    first
        .attach("dev", "svc-backup", "SecurityAudit")
        .permission_set_grows("Audit", "{}")
        .aws_member("AWS-Admins", "bob");
    let became = became(&first, &second);
    assert_eq!(became.len(), 5, "{became:?}");
    assert!(became.iter().all(|change| change.starts_with("resolved: ")), "{became:?}");
}

/// Nobody has what was missing; only, no row asks for it any more.
#[test]
fn what_was_missing_and_is_expected_no_more_was_not_resolved() {
    let mut first = Story::small();
    first.expect_grant(user("bob"), "ReadOnly", "dev").aws_member_gone("AWS-Readers", "carol");
    first.iam_user("prod", "svc-gone", &["ReadOnlyAccess"], "alice");
    first.aws.iam.get_mut("prod").unwrap().remove("svc-gone");
    let mut second = first.clone();
    second.lists = Story::small().lists;
    second.directory.groups.get_mut("AWS-Readers").unwrap().people.remove("carol");
    insta::assert_snapshot!(became(&first, &second).join("\n"), @r"
    no-longer-listed: `carol@corp.example.com` should be in group `AWS-Readers` but is not
      no row expects it any more; it is still missing in AWS
    no-longer-listed: IAM user `svc-gone` is missing in `Acme Production` (222233334444)
      no row expects it any more; it is still missing in AWS
    no-longer-listed: User `bob@corp.example.com` should have `ReadOnly` in `Acme Development` (333344445555) but does not
      no row expects it any more; it is still missing in AWS
    ");
    // And the other way round: AWS has it by now.
    let mut third = first.clone();
    third.aws_grant(user("bob"), "ReadOnly", "dev").aws_member("AWS-Readers", "carol");
    third.aws_iam_user("prod", "svc-gone", &["ReadOnlyAccess"]);
    let became = became(&first, &third);
    assert_eq!(became.len(), 3, "{became:?}");
    assert!(became.iter().all(|change| change.starts_with("resolved: ")), "{became:?}");
}

/// A finding that another one has swallowed is there as before.
#[test]
fn what_belongs_to_another_finding_by_now_was_not_resolved() {
    let mut first = Story::small();
    first.aws_grant(user("bob"), "ReadOnly", "dev");
    let mut second = first.clone();
    second.directory.people.remove("bob");
    for group in second.directory.groups.values_mut() {
        group.people.remove("bob");
    }
    insta::assert_snapshot!(became(&first, &second).join("\n"), @r"
    part-of-another: User `bob@corp.example.com` has `ReadOnly` in `Acme Development` (333344445555); no expected list has this assignment
      now part of another finding: User `bob@corp.example.com` is in Identity Center but not in any expected list (`2b13deabba9cdcfa`)
    ");
}

/// A leaver whom the list calls active again has everything that they had.
#[test]
fn a_leaver_who_is_active_again_is_listed_and_not_resolved() {
    let mut first = Story::small();
    first.leaves("bob");
    insta::assert_snapshot!(became(&first, &Story::small()).join("\n"), @"
    now-listed: User `bob@corp.example.com` has left but is still in Identity Center
      now listed by `directory/users-2026-11-19.csv:3`, new since the run of 2026-11-20 08:00:00 UTC, in an export, which has no reviewer
    ");
}

/// The list is the same, byte for byte: what is expected changed because of something else.
#[test]
fn a_row_of_a_list_that_did_not_change_is_not_called_new() {
    let mut first = Story::small();
    first.aws_group("AWS-Old").aws_member("AWS-Old", "bob");
    let earlier = left_by(&Audited::of(&first).report());
    let mut second = first.clone();
    second.group("AWS-Old").directory_member("AWS-Old", "bob");
    let after = |other: &[&str]| {
        let audited = Audited::of(&second).with(|world| {
            let files = world.expectation.files.iter().map(|file| {
                let sha256 = if other.contains(&file.name.as_str()) { "other".to_owned() } else { file.sha256.clone() };
                // The exports of the day before had the same content.
                (file.name.replace("2026-11-19", "2026-11-18"), sha256)
            });
            world.earlier = Some(rollcall::model::Earlier { list_digests: files.collect(), ..earlier.clone() });
        });
        causes(&audited).join("\n")
    };
    insta::assert_snapshot!(after(&[]), @"
    now-listed: Group `AWS-Old` is in Identity Center but not in any expected list
      now listed by `directory/groups-2026-11-19.csv:3`, in a list unchanged since the run of 2026-11-20 08:00:00 UTC, in an export, which has no reviewer; no list has changed, so AWS, the settings or the date did
    ");
    insta::assert_snapshot!(after(&["iam-users.csv"]), @"
    now-listed: Group `AWS-Old` is in Identity Center but not in any expected list
      now listed by `directory/groups-2026-11-19.csv:3`, in a list unchanged since the run of 2026-11-20 08:00:00 UTC, in an export, which has no reviewer; changed or gone since: `iam-users.csv`
    ");
}

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

const STRANGER: &str = "User `mallory@corp.example.com` is in Identity Center, and no expected list names them";

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
    assert!(text.contains("0 new, 0 resolved, 1 accepted by waivers, 0 out of sight, 0 still open"), "{text}");
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
    out-of-sight: IAM user `svc-odd` is in `Acme Production` (222233334444), and no expected list names it
    resolved: IAM user `svc-old` is in `Acme Development` (333344445555), and no expected list names it
    resolved: User `bob@corp.example.com` is in group `AWS-Admins`, and no expected list says so
    resolved: User `mallory@corp.example.com` is in Identity Center, and no expected list names them
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
    // What the group has is administrative, and now no list speaks of it.
    assert_eq!(became_after(|_| {}, without_list), ["new", "out-of-sight", "resolved"]);
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

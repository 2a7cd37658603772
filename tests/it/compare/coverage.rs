//! What a headline may claim: what was read and assessed, with its extent, and nothing else.

use rollcall::compare::rule_id;
use rollcall::model::{Kind, Level, Outcome, ReadExtent};
use rollcall::{render, wording};

use crate::story::{File, Story, group};
use crate::support::audited::Audited;

/// The saved output of a story that was collected with another scope.
fn in_scope(story: &Story, scope: &str) -> Audited {
    let mut files = story.saved_files();
    let calls = calls(&mut files);
    let (_, rest) = calls.text.split_once('\n').expect("a header");
    calls.text = format!("{{\"format\":\"rollcall-calls\",\"version\":1,\"scope\":{scope}}}\n{rest}");
    Audited::from(&files, &story.expected_files())
}

fn calls(files: &mut [File]) -> &mut File {
    files.iter_mut().find(|file| file.name == "calls.jsonl").expect("a list of calls")
}

/// A company in order, with every list.
fn company() -> Story {
    let mut story = Story::small();
    story.approve_permission_sets();
    story.lists.trusts = Some(std::collections::BTreeSet::new());
    story
}

#[test]
fn a_run_of_everything_claims_everything_with_the_number_of_accounts() {
    assert_eq!(
        wording::headline(&Audited::of(&company()).report()),
        "In order for users, groups, memberships, assignments and permission sets, and IAM users, IAM policies and external trusts in all 3 accounts"
    );
}

#[test]
fn without_identity_center_in_scope_nothing_of_it_is_claimed() {
    let audited = in_scope(&company(), r#"{"identity_center":false,"iam":"organization"}"#);
    assert_eq!(
        wording::headline(&audited.report()),
        "In order for IAM users, IAM policies and external trusts in all 3 accounts; not read: Identity Center (out of scope)"
    );
}

#[test]
fn iam_of_the_callers_account_is_one_account_of_all() {
    let audited = in_scope(&company(), r#"{"identity_center":true,"iam":"caller-account"}"#);
    let report = audited.report();
    let headline = wording::headline(&report);
    assert!(headline.ends_with("IAM users, IAM policies and external trusts in 1 of 3 accounts"), "{headline}");
    assert_eq!(
        report.verdict.coverage[&Kind::IamUser].read,
        ReadExtent::Accounts { read: 1, known: Some(3) },
        "{headline}"
    );
}

#[test]
fn the_callers_account_alone_is_no_organization() {
    let audited = in_scope(&company(), r#"{"identity_center":false,"iam":"caller-account"}"#);
    assert_eq!(
        wording::headline(&audited.report()),
        "In order for IAM users, IAM policies and external trusts in 1 account; total not known; not read: Identity Center (out of scope)"
    );
}

#[test]
fn without_iam_in_scope_nothing_of_it_is_claimed() {
    let audited = in_scope(&company(), r#"{"identity_center":true,"iam":"nowhere"}"#);
    assert_eq!(
        wording::headline(&audited.report()),
        "In order for users, groups, memberships, assignments and permission sets; not read: IAM (out of scope)"
    );
}

#[test]
fn where_only_what_is_out_of_scope_has_a_list_nothing_is_assessed() {
    let mut story = Story::small();
    story.lists.iam_users = None;
    let audited = in_scope(&story, r#"{"identity_center":false,"iam":"organization"}"#);
    let report = audited.report();
    assert_eq!(report.verdict.outcome(), Outcome::NotAssessed);
    assert!(
        wording::headline(&report)
            .starts_with("Nothing is assessed: what the expected lists cover was not read; not read: Identity Center")
    );
}

#[test]
fn an_account_that_is_excluded_or_not_active_counts_as_not_read() {
    let excluded = r#"{"identity_center":true,"iam":"organization","excluded":{"333344445555":"a sandbox"}}"#;
    let mut story = company();
    story.lists.iam_users = Some(std::collections::BTreeMap::new());
    let audited = in_scope(&story, excluded);
    let headline = wording::headline(&audited.report());
    assert!(headline.starts_with("In order for") && headline.ends_with("in 2 of 3 accounts"), "{headline}");

    let mut files = company().saved_files();
    let accounts = files.iter_mut().find(|file| file.name.ends_with("list-accounts.json")).unwrap();
    accounts.text = accounts.text.replacen("\"ACTIVE\"", "\"SUSPENDED\"", 1);
    let headline = wording::headline(&Audited::from(&files, &company().expected_files()).report());
    assert!(headline.starts_with("In order for") && headline.ends_with("in 2 of 3 accounts"), "{headline}");
}

#[test]
fn an_account_that_could_not_be_read_is_never_part_of_the_claim() {
    let mut files = company().saved_files();
    let calls = calls(&mut files);
    let kept = calls
        .text
        .lines()
        .filter(|line| !(line.contains("get-account-authorization-details") && line.contains("222233334444")));
    calls.text = kept.collect::<Vec<_>>().join("\n") + "\n";
    let audited = Audited::from(&files, &company().expected_files());
    let report = audited.report();
    assert_eq!(report.verdict.coverage[&Kind::Trust].read, ReadExtent::Accounts { read: 2, known: Some(3) });
    assert_eq!(wording::headline(&report), "Incomplete: 1 gap may hide access; no findings in what was read");
}

#[test]
fn what_the_settings_switch_off_is_named_in_the_claim() {
    let mut story = company();
    story.stranger("mallory");
    let off = |rules: &[&str]| {
        let levels = rules.iter().map(|rule| (rule_id(rule).expect("a rule"), Level::Off)).collect();
        let audited = Audited::of(&story).with(|world| world.policy.levels = levels);
        wording::headline(&audited.report())
    };
    let one = off(&["unexpected-user"]);
    assert!(one.starts_with("In order, with rules switched off (`unexpected-user`), for users"), "{one}");
    let many = off(&["unexpected-user", "stale-list", "outside-trust", "root-without-mfa", "unused-row"]);
    assert!(
        many.contains("with rules switched off (`outside-trust`, `root-without-mfa`, `stale-list` and 2 more)"),
        "{many}"
    );
    let other = off(&["stale-list"]);
    assert!(
        other.starts_with("1 medium finding; complete for") && other.contains("switched off: `stale-list`"),
        "{other}"
    );
}

#[test]
fn a_run_that_reached_nothing_says_so_first() {
    let denied = |story: &Story, but: Option<&str>| {
        let mut files = story.saved_files();
        let calls = calls(&mut files);
        let denied = calls.text.lines().enumerate().map(|(number, line)| {
            if number == 0 || but.is_some_and(|but| line.contains(but)) {
                return line.to_owned();
            }
            let mut call: serde_json::Value = serde_json::from_str(line).expect("a call");
            call["exit_code"] = 254.into();
            call["file"] = "denied.json".into();
            call.to_string()
        });
        calls.text = denied.collect::<Vec<_>>().join("\n") + "\n";
        let text =
            "An error occurred (AccessDeniedException) when calling the operation: anna@example.com may not".to_owned();
        files.push(File { name: "denied.json.err".to_owned(), text });
        Audited::from(&files, &story.expected_files())
    };
    let nothing = denied(&company(), None);
    assert_eq!(nothing.report().verdict.outcome(), Outcome::Unread);
    let headline = wording::headline(&nothing.report());
    let first = "AWS could not be read: `organizations:ListAccounts`: access was denied (`AccessDeniedException`)";
    assert_eq!(headline, first, "what AWS says may name people, and is no part of a headline");

    // What was read beside it is not hidden by it.
    let mut files = company().saved_files();
    let calls = calls(&mut files);
    let kept = calls.text.lines().filter(|line| !line.contains("sso-admin list-instances"));
    calls.text = kept.collect::<Vec<_>>().join("\n") + "\n";
    let headline = wording::headline(&Audited::from(&files, &company().expected_files()).report());
    assert_eq!(
        headline,
        "Incomplete: 1 gap may hide access; no findings in what was read; not read: users, groups, memberships, \
         assignments, application assignments, entitlements and permission sets (see the gaps)"
    );

    // Accounts alone tell nobody's access.
    let accounts = denied(&company(), Some("organizations list-accounts"));
    assert!(wording::headline(&accounts.report()).starts_with("AWS could not be read: "));

    let mut stale = company();
    stale.waive("unexpected-user", "nobody", "2026-10-31");
    let headline = wording::headline(&denied(&stale, None).report());
    assert_eq!(headline, first, "an expired waiver of what nobody could see is no finding");
}

#[test]
fn the_worst_findings_come_first_and_in_numbers() {
    let mut story = company();
    story.stranger("mallory").aws_member("AWS-Admins", "mallory").stranger("trudy").leaves("bob");
    story.expect_grant(group("AWS-Readers"), "Audit", "dev");
    let headline = wording::headline(&Audited::of(&story).report());
    assert!(
        headline.starts_with("1 critical, 1 high, 1 medium and 1 low findings; complete for users, "),
        "{headline}"
    );
}

#[test]
fn the_extent_is_in_the_json_and_on_page_one() {
    let audited = in_scope(&company(), r#"{"identity_center":false,"iam":"caller-account"}"#);
    let report = audited.report();
    let mut bytes = Vec::new();
    render::json(&report, &mut bytes).expect("memory takes every report");
    let json: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    let coverage = json["verdict"]["coverage"].as_array().expect("a list");
    assert_eq!(coverage.len(), Kind::ALL.len());
    let of = |kind: &str| coverage.iter().find(|one| one["kind"] == kind).expect("every kind").clone();
    assert_eq!((of("user")["read"].as_str(), of("user")["assessed"].as_bool()), (Some("out-of-scope"), Some(false)));
    let iam = of("iam-user");
    assert_eq!((iam["read"].as_str(), iam["accounts_read"].as_u64()), (Some("accounts"), Some(1)));
    assert!(iam["accounts_known"].is_null() && iam["assessed"] == true);
    assert!(json["verdict"]["judged"].get("user").is_none() && json["verdict"]["judged"].get("iam-user").is_some());

    let mut page = Vec::new();
    render::html(&report, &mut page).expect("memory takes every page");
    let page = String::from_utf8(page).expect("a text");
    assert!(page.contains("<td>no, out of scope</td>") && page.contains("<td>yes, in 1 account;"), "{page}");
}

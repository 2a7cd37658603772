//! What saved answers say of each other: that they are of one time and one origin, and that no answer shows what a
//! listing lacks.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rollcall::wording;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::adopt::{folder, run};
use crate::store::delivery::folder_of;
use crate::story::{File, Story};
use crate::support::Output;
use crate::support::audited::Audited;

/// The saved output of a story in order.
fn saved() -> Vec<File> {
    Story::small().saved_files()
}

fn file<'f>(files: &'f mut [File], part: &str) -> &'f mut File {
    files.iter_mut().find(|file| file.name.contains(part)).unwrap_or_else(|| panic!("no file `{part}`"))
}

/// Changes the first answer to a command.
fn change(files: &mut [File], command: &str, with: impl FnOnce(&mut Value)) {
    let file = file(files, &format!("-{command}.json"));
    let mut answer: Value = serde_json::from_str(&file.text).unwrap();
    with(&mut answer);
    file.text = answer.to_string();
}

/// The story in order but for one answer.
fn with(command: &str, with: impl FnOnce(&mut Value)) -> Audited {
    let mut files = saved();
    change(&mut files, command, with);
    Audited::from(&files, &Story::small().expected_files())
}

/// One more call, with its answer.
fn ask(files: &mut Vec<File>, command: &str, parameters: &Value, answer: &Value) {
    let name = format!("more-{}.json", command.replace(' ', "-"));
    let line = crate::story::call_line(command, parameters, None, 0, &name);
    file(files, "calls.jsonl").text.push_str(&format!("{line}\n"));
    files.push(File { name, text: answer.to_string() });
}

/// The gaps that may hide access, one a line.
fn hiding(audited: &Audited) -> Vec<String> {
    let report = audited.report();
    let hiding = report.gaps.iter().filter(|gap| gap.hides == rollcall::model::Hides::Grants);
    hiding.map(|gap| wording::gap_line(gap)).collect()
}

fn one_gap(audited: &Audited, parts: &[&str]) {
    let gaps = hiding(audited);
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(parts.iter().all(|part| gaps[0].contains(part)), "{parts:?}: {}", gaps[0]);
    assert_eq!(audited.titles(), Vec::<String>::new());
}

/// The calls for which `is_one` holds, at another time.
fn at(time: &str, is_one: impl Fn(&str) -> bool) -> TempDir {
    let mut files = saved();
    let calls = file(&mut files, "calls.jsonl");
    let moved = |line: &str| match is_one(line) {
        true => line.replace("2026-11-20T07:58", time),
        false => line.to_owned(),
    };
    calls.text = calls.text.lines().map(moved).collect::<Vec<_>>().join("\n") + "\n";
    folder(&files, &Story::small().expected_files())
}

fn said(output: &Output) -> String {
    output.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn answers_of_different_days_are_as_old_as_the_oldest_and_not_in_order() {
    let one = |line: &str| line.contains("list-account-assignments");
    let all_but_one = |line: &str| !line.contains("get-caller-identity");
    for folder in [at("2026-10-20T07:58", one), at("2026-10-20T07:58", all_but_one)] {
        let audited = run(&folder, &["audit"]);
        assert_eq!(audited.code, 4, "{}", audited.stdout);
        assert!(
            said(&audited).contains("(as of 2026-11-20, AWS data of 2026-10-20 from saved files)"),
            "{}",
            audited.stdout
        );
        let reason = "the answers date from 2026-10-20 07:58:00 UTC to 2026-11-20 07:58:01 UTC: 31 days 1 second apart, \
                      but `aws.resume_within` allows 6 hours";
        assert!(said(&audited).contains(reason), "{}", audited.stdout);
        assert_eq!(run(&folder, &["verify"]).code, 0, "a replay says the same");
    }
    // Without an instant in the settings, the run speaks of the youngest answer.
    let folder = at("2026-11-05T07:58", all_but_one);
    fs::write(folder.path().join("rollcall.toml"), "[collect]\nfrom = \"saved\"\n").unwrap();
    let audited = run(&folder, &["audit"]);
    assert_eq!(audited.code, 4, "{}", audited.stdout);
    assert!(
        said(&audited).contains("(as of 2026-11-20, AWS data of 2026-11-05 from saved files)"),
        "{}",
        audited.stdout
    );
}

#[test]
fn answers_may_lie_as_far_apart_as_the_settings_let_an_interrupted_run_be_gone_on_from() {
    let folder = at("2026-11-20T01:00", |line| line.contains("list-users"));
    assert_eq!(run(&folder, &["audit"]).code, 4, "seven hours");
    let little = run(&at("2026-11-20T01:46", |line| line.contains("list-users")), &["audit"]);
    let reason = "6 hours 12 minutes 1 second apart, but `aws.resume_within` allows 6 hours";
    assert!(said(&little).contains(reason), "{}", little.stdout);
    let settings = fs::read_to_string(folder.path().join("rollcall.toml")).unwrap();
    fs::write(folder.path().join("rollcall.toml"), settings + "[aws]\nresume_within = \"8h\"\n").unwrap();
    let audited = run(&folder, &["audit"]);
    assert_eq!(audited.code, 0, "{}", audited.stdout);
    let folder = at("2026-11-20T02:58", |line| line.contains("list-users"));
    assert_eq!(run(&folder, &["audit"]).code, 0, "five hours");
}

#[test]
fn an_answer_that_is_later_than_the_instant_of_the_run_is_refused() {
    let folder = at("2026-12-20T07:58", |line| line.contains("list-users"));
    let refused = run(&folder, &["audit"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (2, ""));
    let first = "error: `as_of` is 2026-11-20 08:00:00 UTC, before some of the saved answers, the last of which is of \
                 2026-12-20 07:58:01 UTC\n";
    assert!(refused.stderr.starts_with(first), "{}", refused.stderr);
    let folder = at("2026-11-20T08:30", |line| line.contains("list-users"));
    assert_eq!(run(&folder, &["audit"]).code, 0, "clocks differ");
}

const GHOST: &str = "ghost,arn:aws:iam::333344445555:user/ghost,2025-03-01T10:00:00+00:00,true,N/A,false,true,\
                     2025-03-01T10:05:00+00:00,N/A,false,N/A,N/A\n";

/// The credential report of the account that has an IAM user, with a row more, made at this time.
fn report_with(row: &str, made: &str) -> Vec<File> {
    let mut files = saved();
    for file in files.iter_mut().filter(|file| file.name.ends_with("-get-credential-report.json")) {
        let mut answer: Value = serde_json::from_str(&file.text).unwrap();
        let report = String::from_utf8(STANDARD.decode(answer["Content"].as_str().unwrap()).unwrap()).unwrap();
        if report.contains("svc-backup") {
            answer["Content"] = json!(STANDARD.encode(report + row));
            answer["GeneratedTime"] = json!(made);
            file.text = answer.to_string();
        }
    }
    files
}

/// The answers of the account with the IAM user.
fn in_account<'f>(files: &'f mut [File], command: &str) -> &'f mut File {
    let calls = file(files, "calls.jsonl").text.clone();
    let line = calls.lines().find(|line| line.contains(command) && line.contains("333344445555")).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    file(files, line["file"].as_str().unwrap())
}

#[test]
fn an_iam_user_whom_a_credential_report_shows_and_the_listing_lacks_is_a_gap_of_that_account() {
    let lists = Story::small().expected_files();
    let young = Audited::from(&report_with(GHOST, "2026-11-20T07:58:01+00:00"), &lists);
    // Without a summary, which counts users, nothing else would show it.
    one_gap(&young, &["some IAM users of 333344445555", "`iam:GetCredentialReport` also shows `ghost`"]);
    let older = Audited::from(&report_with(GHOST, "2026-11-20T06:30:00+00:00"), &lists);
    assert_eq!(hiding(&older), Vec::<String>::new(), "it may have been deleted since");
    let joined = GHOST.replacen("2025-03-01T10:00:00", "2026-11-20T07:58:01", 1);
    let joined = Audited::from(&report_with(&joined, "2026-11-20T07:58:01+00:00"), &lists);
    assert_eq!(hiding(&joined), Vec::<String>::new(), "it was made since");
}

#[test]
fn an_iam_user_whom_a_service_credential_or_a_second_factor_names_is_a_gap_too() {
    let credential = json!([{"UserName": "ghost", "Status": "Inactive", "ServiceSpecificCredentialId": "ACCA1"}]);
    let device = |user: Value| {
        json!([{"SerialNumber": "arn:aws:iam::333344445555:mfa/ghost", "User": user,
                "EnableDate": "2025-04-01T10:00:00+00:00"}])
    };
    let arn = "arn:aws:iam::333344445555:user/ops/ghost";
    for (command, field, entries) in [
        ("list-service-specific-credentials", "ServiceSpecificCredentials", credential),
        ("list-virtual-mfa-devices", "VirtualMFADevices", device(json!({"UserName": "ghost"}))),
        ("list-virtual-mfa-devices", "VirtualMFADevices", device(json!({ "Arn": arn }))),
    ] {
        let mut files = saved();
        in_account(&mut files, command).text = json!({ field: entries }).to_string();
        let audited = Audited::from(&files, &Story::small().expected_files());
        one_gap(&audited, &["some IAM users of 333344445555", "also shows `ghost`"]);
    }
}

#[test]
fn a_credential_report_whose_time_does_not_fit_is_a_gap() {
    for (made, why) in [
        (
            json!("2026-11-18T06:30:00+00:00"),
            "AWS generated the report at 2026-11-18 06:30:00 UTC, more than a day before",
        ),
        (json!("2027-10-01T06:30:00+00:00"), "generated it at 2027-10-01 06:30:00 UTC, after the request for it"),
        (Value::Null, "the report does not say when AWS made it"),
    ] {
        let audited = with("get-credential-report", |answer| answer["GeneratedTime"] = made);
        one_gap(&audited, &["passwords, access keys and MFA of IAM users in", why]);
    }
}

#[test]
fn what_answers_are_about_and_a_listing_lacks_is_a_gap_of_that_listing() {
    const STORE: &str = "d-9967750fbd";
    const INSTANCE: &str = "arn:aws:sso:::instance/ssoins-7223f02c4f6f7a2b";
    let set = "arn:aws:sso:::permissionSet/ssoins-7223f02c4f6f7a2b/ps-00000009";
    let application = "arn:aws:sso::123456789012:application/ssoins-7223f02c4f6f7a2b/apl-9";
    for (command, parameters, answer, gap) in [
        (
            "identitystore list-group-memberships",
            json!({"IdentityStoreId": STORE, "GroupId": "g-unlisted"}),
            json!({"GroupMemberships": []}),
            "groups: `identitystore:ListGroups`: it was read completely, but `identitystore:ListGroupMemberships` also \
             shows `g-unlisted`",
        ),
        (
            "sso-admin describe-permission-set",
            json!({"InstanceArn": INSTANCE, "PermissionSetArn": set}),
            json!({"PermissionSet": {"Name": "Hidden", "PermissionSetArn": set}}),
            "`sso:DescribePermissionSet` also shows `arn:aws:sso:::permissionSet/ssoins-7223f02c4f6f7a2b/ps-00000009`",
        ),
        (
            "sso-admin list-application-assignments",
            json!({"ApplicationArn": application}),
            json!({"ApplicationAssignments": []}),
            "`sso:ListApplicationAssignments` also shows",
        ),
    ] {
        let mut files = saved();
        ask(&mut files, command, &parameters, &answer);
        one_gap(&Audited::from(&files, &Story::small().expected_files()), &[gap]);
        // Before the listing it may have been there.
        let calls = file(&mut files, "calls.jsonl");
        let earlier = |line: &str| match line.contains("\"more-") {
            true => line.replace("07:58", "07:30"),
            false => line.to_owned(),
        };
        calls.text = calls.text.lines().map(earlier).collect::<Vec<_>>().join("\n") + "\n";
        let before = Audited::from(&files, &Story::small().expected_files());
        assert_eq!(hiding(&before), Vec::<String>::new(), "{command}");
    }
}

#[test]
fn two_entries_that_differ_and_have_one_id_are_a_gap_and_the_same_entry_twice_is_none() {
    let again = |list: &'static str, name: &'static str| {
        move |answer: &mut Value| {
            let mut entry = answer[list][0].clone();
            if !name.is_empty() {
                entry[name] = json!("mallory");
            }
            answer[list].as_array_mut().unwrap().push(entry);
        }
    };
    for (command, list, name) in [
        ("list-users", "Users", "UserName"),
        ("list-groups", "Groups", "DisplayName"),
        ("list-accounts", "Accounts", "Name"),
    ] {
        let twice = with(command, again(list, name));
        assert!(hiding(&twice).iter().any(|gap| gap.contains("two different entries have the id")), "{command}");
        assert_eq!(hiding(&with(command, again(list, ""))), Vec::<String>::new(), "{command}");
    }
    for name in ["UserName", "Note"] {
        let mut files = saved();
        let details = in_account(&mut files, "get-account-authorization-details");
        let mut answer: Value = serde_json::from_str(&details.text).unwrap();
        again("UserDetailList", name)(&mut answer);
        details.text = answer.to_string();
        let twice = Audited::from(&files, &Story::small().expected_files());
        let said = "two different entries have the id";
        // What of an entry is not read does not make it another one.
        assert_eq!(hiding(&twice).iter().any(|gap| gap.contains(said)), name == "UserName", "{name}");
    }
}

#[test]
fn the_token_that_the_aws_cli_leaves_announces_another_page_of_every_listing() {
    let mut story = Story::small();
    let readers = || crate::story::group("AWS-Readers");
    story.aws_application("Wiki", readers()).entitling_role("prod", "Operator");
    story.aws_entitle(readers(), "Operator", "prod");
    let files = story.saved_files();
    let listings = files.iter().filter(|file| file.name.ends_with(".json"));
    let listings = listings.filter(|file| file.name.contains("-list-") || file.name.contains("authorization-details"));
    let mut tried = std::collections::BTreeSet::new();
    for listing in listings.filter(|file| tried.insert(file.name[5..].to_owned())) {
        let mut cut = files.clone();
        let file = cut.iter_mut().find(|file| file.name == listing.name).unwrap();
        let mut answer: Value = serde_json::from_str(&file.text).unwrap();
        answer["NextToken"] = json!("eyJNYXJrZXIiOiBudWxsfQ==");
        file.text = answer.to_string();
        let audited = Audited::from(&cut, &story.expected_files());
        assert!(audited.report().gaps.iter().any(|gap| gap.why.word() == "cut"), "{}", listing.name);
    }
    assert!(tried.len() >= 14, "{tried:?}");
}

#[test]
fn a_caller_of_another_organization_is_a_gap_and_the_account_that_manages_it_is_none() {
    let caller = |account: &'static str| {
        move |answer: &mut Value| {
            answer["Account"] = json!(account);
            answer["Arn"] = json!(format!("arn:aws:sts::{account}:assumed-role/RollcallAuditor/rollcall"));
        }
    };
    let stranger = with("get-caller-identity", caller("999988887777"));
    let gap = "accounts of the organization: `organizations:ListAccounts`: it was read completely, but \
               `sts:GetCallerIdentity` also shows `999988887777`";
    assert!(hiding(&stranger).iter().any(|line| line == gap), "{:?}", hiding(&stranger));
    assert_eq!(hiding(&with("get-caller-identity", caller("333344445555"))), Vec::<String>::new());
}

/// A folder whose listing of instances has another one.
fn with_two_instances(settings: &str) -> TempDir {
    let folder = folder_of(&Story::small(), &format!("[collect]\nfrom = \"saved\"\n{settings}"));
    let path = folder.path().join("saved/0003-sso-admin-list-instances.json");
    let mut answer: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let other = json!({"InstanceArn": "arn:aws:sso:::instance/ssoins-2", "IdentityStoreId": "d-2", "Status": "ACTIVE"});
    answer["Instances"].as_array_mut().unwrap().insert(0, other);
    fs::write(path, answer.to_string()).unwrap();
    folder
}

#[test]
fn an_instance_that_was_not_read_is_a_gap_unless_the_settings_choose_the_other_one() {
    let audited = run(&with_two_instances(""), &["audit"]);
    assert_eq!(audited.code, 4, "{}", audited.stdout);
    let unseen = "users, groups and assignments of another Identity Center instance, `arn:aws:sso:::instance/ssoins-2`";
    assert!(said(&audited).contains(unseen), "{}", audited.stdout);
    let chosen = "[aws]\ninstance_arn = \"arn:aws:sso:::instance/ssoins-7223f02c4f6f7a2b\"\n";
    let folder = with_two_instances(chosen);
    let audited = run(&folder, &["audit"]);
    assert_eq!(audited.code, 0, "{}", audited.stdout);
    assert!(said(&audited).contains(unseen), "it is mentioned: {}", audited.stdout);
    assert_eq!(run(&folder, &["verify"]).code, 0, "a replay says the same");
    let other = run(&with_two_instances("[aws]\ninstance_arn = \"arn:aws:sso:::instance/ssoins-2\"\n"), &["audit"]);
    assert_eq!((other.code, other.stdout.as_str()), (1, ""));
    let error = "error: the saved answers are about the instance `arn:aws:sso:::instance/ssoins-7223f02c4f6f7a2b`, and \
                 `aws.instance_arn` is `arn:aws:sso:::instance/ssoins-2`\n";
    assert!(other.stderr.starts_with(error), "{}", other.stderr);
}

#[test]
fn what_the_settings_leave_out_is_left_out_of_saved_answers_too() {
    let audited = |settings: &str| {
        let folder = folder_of(&Story::small(), &format!("[collect]\nfrom = \"saved\"\n{settings}"));
        let audited = run(&folder, &["audit"]);
        assert_eq!(run(&folder, &["verify"]).code, 0, "a replay says the same");
        said(&audited)
    };
    let excluded = audited("[[aws.exclude]]\naccount = \"222233334444\"\nreason = \"sold in March\"\n");
    assert!(excluded.contains("in 2 of 3 accounts"), "{excluded}");
    assert!(excluded.contains("Account 222233334444 was excluded: sold in March"), "{excluded}");
    assert!(!excluded.contains("which is not in the organization"), "{excluded}");
    let mistyped = audited("[[aws.exclude]]\naccount = \"999999999999\"\nreason = \"sold in March\"\n");
    assert!(
        mistyped.contains("`aws.exclude` names account 999999999999, which is not in the organization"),
        "{mistyped}"
    );
    assert!(audited("[aws]\niam = false\n").contains("not read: IAM (out of scope)"));
    let without = audited("[aws]\nidentity_center = false\n");
    assert!(without.contains("not read: Identity Center (out of scope)"), "{without}");
}

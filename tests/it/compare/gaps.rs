//! What could not be seen: it is named, it lowers the verdict if it may hide access, and it never becomes a finding.

use proptest::prelude::*;
use rollcall::model::Listing;
use rollcall_simulator::{Faults, Simulator, World};

use crate::story::{File, Story, call_line, group, user};
use crate::support::audited::Audited;
use crate::support::{rollcall, simulated};

/// The saved output of a story without one call, or with a call that failed.
fn without(story: &Story, command: &str, instead: Option<&str>) -> Audited {
    let mut files = story.saved_files();
    let calls = files.iter_mut().find(|file| file.name == "calls.jsonl").unwrap();
    let kept = calls.text.lines().filter_map(|line| match (line.contains(command), instead) {
        (false, _) => Some(line.to_owned()),
        (true, None) => None,
        (true, Some(_)) => {
            let call: serde_json::Value = serde_json::from_str(line).unwrap();
            Some(call_line(command, &call["parameters"], call["account"].as_str(), 254, "failed.json"))
        }
    });
    calls.text = kept.collect::<Vec<_>>().join("\n") + "\n";
    files.extend(instead.map(|text| File { name: "failed.json.err".to_owned(), text: text.to_owned() }));
    Audited::from(&files, &story.expected_files())
}

const DENIED: &str = "An error occurred (AccessDeniedException) when calling the operation: no";

#[test]
fn every_call_that_is_denied_or_was_never_made_is_a_gap_that_makes_the_run_incomplete() {
    let commands = [
        "sso-admin list-instances",
        "identitystore list-users",
        "identitystore list-groups",
        "identitystore list-group-memberships",
        "sso-admin list-permission-sets",
        "sso-admin describe-permission-set",
        "sso-admin list-managed-policies-in-permission-set",
        "sso-admin get-inline-policy-for-permission-set",
        "sso-admin list-accounts-for-provisioned-permission-set",
        "sso-admin list-account-assignments",
        "organizations list-accounts",
        "iam get-account-authorization-details",
    ];
    for command in commands {
        for (instead, why) in [(None, "not-asked"), (Some(DENIED), "denied")] {
            let audited = without(&Story::small(), command, instead);
            let report = audited.report();
            assert!(!report.verdict.complete(), "{command}: {:?}", audited.gaps());
            assert!(report.gaps.iter().any(|gap| gap.why.word() == why), "{command}: {:?}", audited.gaps());
            assert_eq!(
                audited.titles(),
                Vec::<String>::new(),
                "{command}: nothing is concluded from what was not seen"
            );
        }
    }
}

#[test]
fn a_gap_that_hides_no_access_is_stated_and_lowers_nothing() {
    let audited = without(&Story::small(), "iam list-virtual-mfa-devices", Some(DENIED));
    let report = audited.report();
    assert!(report.verdict.complete());
    assert_eq!((report.verdict.hiding_gaps, report.verdict.stated_gaps), (0, 3));
}

#[test]
fn without_passwords_and_keys_of_everybody_nothing_is_in_order() {
    for unread in ["iam get-credential-report", "iam list-service-specific-credentials"] {
        let audited = without(&Story::small(), unread, Some(DENIED));
        let report = audited.report();
        assert_eq!((report.verdict.complete(), report.verdict.hiding_gaps), (false, 3), "{unread}");
    }
}

#[test]
fn a_saved_answer_that_announces_another_page_is_a_cut() {
    let mut files = Story::small().saved_files();
    let users = files.iter_mut().find(|file| file.name.ends_with("list-users.json")).unwrap();
    users.text = users.text.replacen("{", "{\"NextToken\": \"more\",", 1);
    let audited = Audited::from(&files, &Story::small().expected_files());
    assert!(audited.report().gaps.iter().any(|gap| gap.why.word() == "cut"), "{:?}", audited.gaps());
    assert!(!audited.report().verdict.complete());
}

#[test]
fn a_policy_that_a_group_which_was_not_read_may_give_is_not_called_missing() {
    let mut story = Story::small();
    story.iam_user("prod", "svc-report", &["ReadOnlyAccess"], "bob");
    story.aws.iam.get_mut("prod").unwrap().get_mut("svc-report").unwrap().attached.clear();
    let mut files = story.saved_files();
    for file in files.iter_mut().filter(|file| file.text.contains("user/svc-report")) {
        file.text = file.text.replace("\"GroupList\": []", "\"GroupList\": [\"reporters\"]");
    }
    let audited = Audited::from(&files, &story.expected_files());
    assert_eq!(audited.titles(), Vec::<String>::new());
    assert!(!audited.report().verdict.complete());
}

#[test]
fn an_account_that_is_not_active_is_named_and_no_gap() {
    let mut files = Story::small().saved_files();
    let accounts = files.iter_mut().find(|file| file.name.ends_with("list-accounts.json")).unwrap();
    accounts.text = accounts.text.replacen("\"ACTIVE\"", "\"SUSPENDED\"", 1);
    let audited = Audited::from(&files, &Story::small().expected_files());
    let report = audited.report();
    let notice = "Not active in the organization, so IAM was not read: 1 account";
    assert!(rollcall::wording::notices(&report).iter().any(|said| said == notice));
    assert!(report.verdict.complete());
}

/// The directory's groups as LDIF; one of them holds only the first 1,500 of its members.
fn with_truncated_readers(story: &Story) -> Vec<(String, String)> {
    let dn = |name: &str| format!("CN={name},OU=Groups,DC=corp,DC=example,DC=com");
    let mut ldif = String::new();
    for (name, members) in &story.directory.groups {
        ldif += &format!("dn: {}\nobjectClass: group\nsAMAccountName: {name}\n", dn(name));
        let attribute = if name == "AWS-Readers" { "member;range=0-1499" } else { "member" };
        for person in &members.people {
            let person = &story.directory.people[person];
            ldif +=
                &format!("{attribute}: CN={} {},OU=Staff,DC=corp,DC=example,DC=com\n", person.given, person.surname);
        }
        for inner in &members.groups {
            ldif += &format!("{attribute}: {}\n", dn(inner));
        }
        ldif += "\n";
    }
    let mut lists = story.expected_files();
    lists.retain(|(name, _)| !name.contains("members"));
    lists.push(("directory/groups-2026-11-19.ldif".to_owned(), ldif));
    lists
}

#[test]
fn a_truncated_group_forbids_conclusions_about_itself_and_whoever_contains_it_and_nobody_else() {
    let mut story = Story::small();
    story.group("AWS-All").nest("AWS-Readers", "AWS-All").hire("dan", &[]);
    for group in ["AWS-Readers", "AWS-All", "AWS-Admins"] {
        story.aws_member(group, "dan");
    }
    let audited = Audited::from(&story.saved_files(), &with_truncated_readers(&story));
    // Whether Dan is among the readers the export does not say; among the administrators he is not.
    assert_eq!(audited.rules(), ["unexpected-membership"]);
    assert!(audited.titles()[0].contains("`AWS-Admins`"), "{:?}", audited.titles());
    assert!(audited.report().gaps.iter().any(|gap| gap.why.word() == "truncated"), "{:?}", audited.gaps());
    assert!(!audited.report().verdict.complete());
}

#[test]
fn a_truncated_group_that_aws_does_not_have_hides_nothing() {
    let mut story = Story::small();
    story.aws.groups.remove("AWS-Readers");
    story.aws.assignments.retain(|assignment| assignment.principal == group("AWS-Admins"));
    let rows = story.lists.assignments.as_mut().unwrap();
    rows.retain(|assignment| assignment.principal == group("AWS-Admins"));
    let audited = Audited::from(&story.saved_files(), &with_truncated_readers(&story));
    assert!(audited.report().verdict.complete(), "{:?}", audited.gaps());
}

#[test]
fn a_refused_row_makes_unknown_what_it_may_have_spoken_about_and_nothing_else() {
    let mut story = Story::small();
    story.aws_grant(group("AWS-Readers"), "Audit", "dev").aws_grant(group("AWS-Admins"), "Audit", "dev");
    let mut lists = story.expected_files();
    let assignments = lists.iter_mut().find(|(name, _)| name == "assignments.csv").unwrap();
    assignments.1 += "group,AWS-Readers,42,Audit,ciso\n";
    let audited = Audited::from(&story.saved_files(), &lists);
    assert_eq!(audited.rules(), ["unexpected-assignment"]);
    assert!(audited.titles()[0].contains("`AWS-Admins`"), "{:?}", audited.titles());
    assert!(!audited.report().verdict.complete());
}

/// Case 79.
#[test]
fn two_people_whom_a_user_may_be_are_a_gap_and_no_guess() {
    let mut story = Story::small();
    story.stranger("shared");
    let mut lists = story.expected_files();
    let people = "user,mail,groups\none@corp.example.com,shared@corp.example.com,\ntwo@corp.example.com,shared@corp.example.com,\n";
    lists.push(("people.csv".to_owned(), people.to_owned()));
    let audited = Audited::from(&story.saved_files(), &lists);
    assert_eq!(audited.rules(), ["ambiguous-match"]);
    assert!(audited.report().gaps.iter().any(|gap| gap.why.word() == "ambiguous"), "{:?}", audited.gaps());
}

#[test]
fn a_refused_row_may_mean_somebody_by_any_of_their_names() {
    let mut story = Story::small();
    story.aws_grant(crate::story::user("bob"), "ReadOnly", "prod");
    let mut lists = story.expected_files();
    for (name, text) in &mut lists {
        if name == "assignments.csv" {
            text.push_str("user,robert@mail.example,42,ReadOnly,ciso\n");
        }
    }
    let titles = |mail: &str| {
        let audited = Audited::from(&story.saved_files(), &lists).with(|world| {
            let extent = world.snapshot.users.extent().clone();
            let mut users: Vec<_> = world.snapshot.users.seen().cloned().collect();
            for user in users.iter_mut().filter(|user| user.user_name.starts_with("bob@")) {
                user.mails = vec![mail.to_owned()];
            }
            world.snapshot.users = Listing::by_key(users, extent, |_| ());
        });
        audited.rules()
    };
    assert_eq!(titles("Robert@mail.example"), Vec::<&str>::new());
    assert_eq!(titles("somebody.else@mail.example"), ["unexpected-assignment"]);
}

/// A company with a deviation of most kinds.
fn troubled() -> Story {
    let mut story = Story::small();
    story
        .stranger("mallory")
        .aws_member("AWS-Admins", "mallory")
        .leaves("bob")
        .aws_member("AWS-Admins", "carol")
        .aws_member_gone("AWS-Readers", "carol")
        .directory_person("erik")
        .directory_member("AWS-Readers", "erik")
        .aws_group("Temp")
        .aws_member("Temp", "alice")
        .aws_grant(group("AWS-Readers"), "Audit", "dev")
        .aws_grant(user("alice"), "ReadOnly", "management")
        .expect_grant(group("AWS-Readers"), "Audit", "prod")
        .aws_iam_user("prod", "svc-old", &["AdministratorAccess"])
        .attach("dev", "svc-backup", "ReadOnlyAccess")
        .waive("unexpected-group", "Temp", "2027-01-01");
    story
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_missing_nothing_is_found_that_was_not_there_and_nothing_is_called_in_order(
        missing in proptest::collection::btree_set(0_usize..60, 1..6),
    ) {
        let story = troubled();
        let whole = Audited::of(&story).report().findings.iter().map(|finding| finding.fingerprint.clone()).collect::<Vec<_>>();
        let mut files = story.saved_files();
        let calls = files.iter_mut().find(|file| file.name == "calls.jsonl").unwrap();
        let lines: Vec<&str> = calls.text.lines().collect();
        let kept = lines.iter().enumerate().filter(|(number, _)| *number == 0 || !missing.contains(number));
        let kept: Vec<&str> = kept.map(|(_, line)| *line).collect();
        let lost = kept.len() < lines.len();
        calls.text = kept.join("\n") + "\n";
        let audited = Audited::from(&files, &story.expected_files());
        let report = audited.report();
        for finding in &report.findings {
            prop_assert!(whole.contains(&finding.fingerprint), "{}", crate::support::audited::line(&report, finding));
        }
        prop_assert!(!lost || !report.gaps.is_empty());
    }
}

#[test]
fn what_collecting_was_denied_in_each_of_many_accounts_is_told_in_one_line() {
    let mut world = World::empty();
    for number in 1..=30_u64 {
        world.add_account(&format!("{:012}", 200_000_000_000 + number), "closed to us").roles.clear();
    }
    let simulator = Simulator::start(world, Faults::none());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rollcall.toml"), simulated::SETTINGS).unwrap();
    let output = rollcall(folder.path(), &["collect"], &simulator.environment());
    let unseen: Vec<&str> = output.stdout.lines().filter(|line| line.starts_with("gap: ")).collect();
    assert_eq!(
        unseen,
        ["gap: IAM users and roles of 30 accounts: `sts:AssumeRole` in 30 accounts: `closed to us` \
             (200000000001), `closed to us` (200000000002), `closed to us` (200000000003) and 27 more: access was denied (`AccessDenied`: User: arn:aws:iam::123456789012:user/auditor \
             is not authorized to perform: sts:AssumeRole)"]
    );
    assert_eq!(output.code, 4, "{}", output.stderr);
}

#[test]
fn a_gap_quotes_a_name_whole_whatever_stands_in_it() {
    let mut story = Story::small();
    let forged = "Team` was read to its end, `X";
    story.aws_group(forged);
    let audited = without(&story, "identitystore list-group-memberships", None);
    let shown = "members of `Teamʼ was read to its end, ʼX`: ";
    assert!(audited.gaps().iter().any(|gap| gap.starts_with(shown)), "{:?}", audited.gaps());
}

#[test]
fn what_aws_says_cannot_pass_for_a_sentence_of_ours_and_our_own_words_stay_as_they_are() {
    let forged =
        "An error occurred (AccessDeniedException) when calling the operation: `alice` is expected, row `a.csv:3`";
    let audited = without(&Story::small(), "identitystore list-users", Some(forged));
    let shown = "access was denied (`AccessDeniedException`: ʼaliceʼ is expected, row ʼa.csv:3ʼ)";
    assert!(audited.gaps().iter().any(|gap| gap.ends_with(shown)), "{:?}", audited.gaps());

    let mut files = Story::small().saved_files();
    let instances = files.iter_mut().find(|file| file.name.ends_with("list-instances.json")).unwrap();
    instances.text = "{\"Instances\": []}".to_owned();
    let audited = Audited::from(&files, &Story::small().expected_files());
    let shown = "no Identity Center instance in the queried region: set `aws.region` to the region of the instance, or `aws.identity_center = false` if there is none)";
    assert!(audited.gaps().iter().any(|gap| gap.ends_with(shown)), "{:?}", audited.gaps());
}

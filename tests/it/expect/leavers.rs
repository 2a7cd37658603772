//! One person in several lists: whoever has left by one of them has left, and where nobody can say whom a row means,
//! that is a gap.

use proptest::prelude::*;
use rollcall::model::{ExternalId, Kind, Listing, StandingWord, World};
use rollcall::wording;

use crate::properties::laws::companies;
use crate::story::{Story, group, guid, sign_in_name, user};
use crate::support::audited::Audited;
use crate::support::lists::refusal;

const USERS: &str = "directory/users-2026-11-19.csv";

/// A story with further lists.
fn with(story: &Story, lists: &[(&str, &str)]) -> Audited {
    let mut all = story.expected_files();
    all.extend(lists.iter().map(|&(name, text)| (name.to_owned(), text.to_owned())));
    Audited::from(&story.saved_files(), &all)
}

/// A list of a personnel department: each a mail address and a state.
fn hr(people: &[(&str, &str)]) -> String {
    let row = |(mail, status): &(&str, &str)| format!("{mail},{},{status}\n", mail.split('@').next().unwrap());
    format!("Email,Name,Status\n{}", people.iter().map(row).collect::<String>())
}

/// The story's export of users with a further column.
fn users_with(story: &Story, column: &str, value: impl Fn(&str) -> String) -> String {
    let files = story.expected_files();
    let (_, text) = files.iter().find(|(name, _)| name == USERS).unwrap();
    let cell = |line: &str| {
        let sam = line.split("\",\"").nth(6).unwrap();
        let value = if sam == "SamAccountName" { column.to_owned() } else { value(sam) };
        format!("{line},\"{value}\"\r\n")
    };
    text.lines().map(cell).collect()
}

/// The story's lists, with another export of users, and further lists.
fn with_users(story: &Story, users: &str, lists: &[(&str, &str)]) -> Audited {
    let mut all = story.expected_files();
    all.retain(|(name, _)| name != USERS);
    all.push((USERS.to_owned(), users.to_owned()));
    all.extend(lists.iter().map(|&(name, text)| (name.to_owned(), text.to_owned())));
    Audited::from(&story.saved_files(), &all)
}

const ALICE: &str = "alice@corp.example.com";

#[test]
fn who_left_by_the_personnel_department_has_left_though_the_directory_does_not_know() {
    let story = Story::small();
    let listed = hr(&[(ALICE, "terminated"), ("bob@corp.example.com", "active"), ("carol@corp.example.com", "active")]);
    let audited = with(&story, &[("hr.csv", &listed)]);
    assert_eq!(
        audited.titles(),
        [
            "critical leaver-with-access: User `alice@corp.example.com` has left but is still in Identity Center",
            "high leaver-with-key: IAM user `svc-backup` in `Acme Development` (333344445555) has an active access key, but its owner has left"
        ]
    );
    let report = audited.report();
    for finding in &report.findings {
        let said: Vec<String> = finding.evidence.iter().map(|one| wording::evidence(report.world, one)).collect();
        assert!(said.contains(&"Named in `hr.csv:2`".to_owned()), "{said:?}");
        let contradiction = format!(
            "`{USERS}:2` says that the person is current, but a departure in any list takes precedence. If the \
             person has left, correct this row at its source, and export it again; if not, correct the other row"
        );
        assert!(said.contains(&contradiction), "{said:?}");
    }
    assert_eq!(audited.world().expectation.people.seen().count(), 3, "each is one person");
}

#[test]
fn a_list_that_says_what_the_directory_says_changes_nothing() {
    let mut story = Story::small();
    story.leaves("bob");
    let listed = hr(&[(ALICE, "active"), ("bob@corp.example.com", "left"), ("old@corp.example.com", "left")]);
    let audited = with(&story, &[("hr.csv", &listed)]);
    assert_eq!(audited.titles(), Audited::of(&story).titles());
    assert_eq!(audited.gaps(), Vec::<String>::new());
}

#[test]
fn a_last_day_that_is_past_makes_a_leaver_and_one_that_is_to_come_does_not() {
    let of = |day: &str| {
        let listed = format!("Email,Name,Termination Date\n{ALICE},Alice,{day}\n");
        with(&Story::small(), &[("hr.csv", &listed)]).rules()
    };
    assert_eq!(of("2026-11-01"), ["leaver-with-access", "leaver-with-key"]);
    assert_eq!(of("2027-11-01"), Vec::<&str>::new());
    // Of two dates, the first one counts.
    let story = Story::small();
    let users = users_with(&story, "accountExpires", |_| "139600000000000000".to_owned());
    let listed = format!("Email,Name,Last Day\n{ALICE},Alice,2026-11-01\n");
    assert_eq!(with_users(&story, &users, &[("hr.csv", &listed)]).rules(), ["leaver-with-access", "leaver-with-key"]);
}

#[test]
fn a_list_of_leavers_alone_finds_them_and_expects_nobody() {
    let leavers = hr(&[(ALICE, "left"), ("long.gone@corp.example.com", "left")]);
    let beside = with(&Story::small(), &[("leavers.csv", &leavers)]);
    assert_eq!(beside.rules(), ["leaver-with-access", "leaver-with-key"]);
    assert_eq!(beside.gaps(), Vec::<String>::new(), "nobody who left leaves a group open");
    let story = Story::small();
    let mut lists = story.expected_files();
    lists.retain(|(name, _)| !name.starts_with("directory/"));
    lists.push(("leavers.csv".to_owned(), leavers));
    let alone = Audited::from(&story.saved_files(), &lists);
    let found = ["leaver-with-access", "leaver-with-key", "unlisted-administrative-access"];
    assert_eq!(alone.rules(), found, "the others are not unexpected; only administrative access is reported");
    assert_eq!(alone.counts(Kind::User)[&StandingWord::Unlisted], 2);
}

#[test]
fn the_number_of_an_employee_means_all_accounts_of_the_employee() {
    let mut story = Story::small();
    story.hire("alice-adm", &["AWS-Admins"]);
    let numbers = |sam: &str| if sam.starts_with("alice") { "0017".to_owned() } else { String::new() };
    let users = users_with(&story, "EmployeeID", numbers);
    // A spreadsheet drops the zeros, and who has left has no address any more.
    let listed = "Employee ID,Name,Email,Status\n17,Alice,,terminated\n18,Zoe,zoe@corp.example.com,active\n";
    let audited = with_users(&story, &users, &[("hr.csv", listed)]);
    assert_eq!(audited.rules(), ["leaver-with-access", "leaver-with-access", "leaver-with-key"]);
    let active = listed.replace("terminated", "active");
    assert_eq!(with_users(&story, &users, &[("hr.csv", &active)]).titles(), Vec::<String>::new());
}

#[test]
fn a_mail_address_that_was_given_to_somebody_else_does_not_make_them_a_leaver() {
    let story = Story::small();
    let number = |sam: &str| match sam {
        "alice" => "99".to_owned(),
        other => other.len().to_string(),
    };
    let users = users_with(&story, "employeeNumber", number);
    let listed =
        "Worker ID,Name,Email,Status\n17,Alina,alice@corp.example.com,left\n3,Bob,bob@corp.example.com,active\n";
    assert_eq!(with_users(&story, &users, &[("hr.csv", listed)]).titles(), Vec::<String>::new());
    // Numbers of another kind say nothing.
    let foreign = users_with(&story, "employeeNumber", |sam| format!("{}", sam.len() + 10));
    let rooms =
        "Worker ID,Name,Email,Status\n15,Alina,alice@corp.example.com,left\n13,Bert,bert@corp.example.com,active\n";
    assert_eq!(with_users(&story, &foreign, &[("hr.csv", rooms)]).rules(), ["leaver-with-access", "leaver-with-key"]);
}

#[test]
fn of_two_accounts_with_one_mail_address_the_one_of_that_name_has_left_and_the_other_may_have() {
    let mut story = Story::small();
    story.hire("alice-adm", &["AWS-Admins"]);
    let mail = |sam: &str| if sam.starts_with("alice") { ALICE.to_owned() } else { sign_in_name(sam) };
    let users = users_with(&story, "mail", mail);
    let audited = with_users(&story, &users, &[("hr.csv", &hr(&[(ALICE, "left")]))]);
    assert_eq!(audited.rules(), ["leaver-with-access", "leaver-with-key"]);
    assert_eq!(
        audited.gaps(),
        [
            "the account of former employee `alice@corp.example.com`: `hr.csv`: line 2 says that `alice@corp.example.com` has left, but `alice-adm@corp.example.com` has the same name, address or number"
        ]
    );
    assert!(!audited.report().verdict.complete());
    let active = with_users(&story, &users, &[("hr.csv", &hr(&[(ALICE, "active")]))]);
    assert_eq!((active.titles(), active.gaps()), (Vec::new(), Vec::new()), "who is there leaves nothing open");
}

#[test]
fn an_address_that_means_neither_of_two_accounts_leaves_both_open_where_they_hold_access() {
    let mut story = Story::small();
    story.directory_person("idle");
    let mail = |sam: &str| if sam == "carol" { sign_in_name(sam) } else { "team@corp.example.com".to_owned() };
    let users = users_with(&story, "mail", mail);
    let audited = with_users(&story, &users, &[("hr.csv", &hr(&[("team@corp.example.com", "left")]))]);
    assert_eq!(audited.titles(), Vec::<String>::new());
    assert_eq!(audited.counts(Kind::User)[&StandingWord::Unknown], 2);
    assert_eq!(audited.counts(Kind::IamUser)[&StandingWord::Unknown], 1, "alice answers for it, and may have left");
    assert!(!audited.report().verdict.complete());
}

#[test]
fn who_left_and_came_back_in_the_same_list_is_a_gap() {
    let twice = hr(&[(ALICE, "terminated"), (ALICE, "active"), ("bob@corp.example.com", "active")]);
    let audited = with(&Story::small(), &[("hr.csv", &twice)]);
    assert_eq!(audited.titles(), Vec::<String>::new());
    assert_eq!(audited.counts(Kind::User)[&StandingWord::Unknown], 1);
    let both = hr(&[(ALICE, "terminated"), (ALICE, "left")]);
    assert_eq!(with(&Story::small(), &[("hr.csv", &both)]).rules(), ["leaver-with-access", "leaver-with-key"]);
}

#[test]
fn a_disabled_account_of_another_domain_ends_nothing() {
    let story = Story::small();
    let old = "DistinguishedName,SamAccountName,UserPrincipalName,mail,Enabled\n\
        \"CN=alice,DC=old,DC=example,DC=com\",aash,alice@old.example.com,alice@corp.example.com,False\n\
        \"CN=test,DC=corp,DC=example,DC=com\",alice-test,alice-test@corp.example.com,alice@corp.example.com,False\n";
    let audited = with(&story, &[("directory/old-2026-11-19.csv", old)]);
    assert_eq!((audited.titles(), audited.gaps()), (Vec::new(), Vec::new()));
}

#[test]
fn a_leaver_whom_a_list_kept_by_hand_calls_active_has_left() {
    let mut story = Story::small();
    story.leaves("alice");
    // By another name and the same address: the list is about her second account.
    let by_hand = "user,mail,groups,status\nalice-adm@corp.example.com,alice@corp.example.com,AWS-Admins,active\n";
    story.stranger("alice-adm").aws_member("AWS-Admins", "alice-adm");
    let mut lists = story.expected_files();
    lists.push(("people.csv".to_owned(), by_hand.to_owned()));
    let audited = Audited::from(&story.saved_files(), &lists);
    let left: Vec<String> = audited.titles().into_iter().filter(|title| title.contains("has left but")).collect();
    assert_eq!(left.len(), 2, "{:?}", audited.titles());
}

/// Gives alice another primary mail address in Identity Center, and the id of her entry in the directory.
fn alice_is_mailed_at(world: &mut World, mail: &str) {
    let mut users: Vec<_> = world.snapshot.users.seen().cloned().collect();
    for user in users.iter_mut().filter(|user| user.user_name == ALICE) {
        user.mails = vec![mail.to_owned()];
        let issuer = "arn:aws:ds:eu-central-1:123456789012:directory/d-1".to_owned();
        user.external_ids = vec![ExternalId { issuer, id: guid("person", "alice") }];
    }
    world.snapshot.users = Listing::by_key(users, world.snapshot.users.extent().clone(), |_| ());
}

#[test]
fn a_user_with_the_address_of_a_leaver_has_left_whoever_it_was_matched_with() {
    let listed = hr(&[("a.ash@example.com", "left")]);
    let audited = with(&Story::small(), &[("hr.csv", &listed)]);
    assert_eq!(audited.titles(), Vec::<String>::new(), "no list says that this is alice");
    let audited = audited.with(|world| alice_is_mailed_at(world, "a.ash@example.com"));
    assert_eq!(audited.rules(), ["leaver-with-access", "leaver-with-key"]);
    let held = audited.counts(Kind::Membership)[&StandingWord::Unintended];
    assert_eq!(held, 1, "and so is what she holds");
}

#[test]
fn members_by_their_addresses_are_the_people_of_the_directory() {
    let story = Story::small();
    let users = users_with(&story, "EmailAddress", |sam| format!("{sam}@mail.example"));
    let members = "Group,EmailAddress\nAWS-Admins,alice@mail.example\nAWS-Readers,bob@mail.example\nAWS-Readers,carol@mail.example\n";
    let mut lists = story.expected_files();
    lists.retain(|(name, _)| !name.starts_with("directory/"));
    lists.push((USERS.to_owned(), users));
    lists.push(("directory/members-2026-11-19.csv".to_owned(), members.to_owned()));
    let audited = Audited::from(&story.saved_files(), &lists);
    assert_eq!((audited.titles(), audited.gaps()), (Vec::new(), Vec::new()));
    assert_eq!(audited.world().expectation.people.seen().count(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_leaver_by_the_personnel_department_is_found_as_one_of_the_directory_is(
        story in companies(),
        leaver in prop::sample::select(vec!["ada", "ben", "cleo"]),
    ) {
        let listed = |gone: Option<&str>| {
            let people = story.directory.people.keys();
            let rows: Vec<(String, &str)> =
                people.map(|name| (sign_in_name(name).to_uppercase(), if gone == Some(name) { "left" } else { "active" })).collect();
            hr(&rows.iter().map(|(mail, status)| (mail.as_str(), *status)).collect::<Vec<_>>())
        };
        let in_order = with(&story, &[("hr.csv", &listed(None))]);
        prop_assert_eq!(in_order.titles(), Vec::<String>::new());
        prop_assert!(in_order.report().verdict.complete());
        let mut by_directory = story.clone();
        by_directory.leaves(leaver);
        let by_personnel = with(&story, &[("hr.csv", &listed(Some(leaver)))]);
        prop_assert_eq!(by_personnel.titles(), Audited::of(&by_directory).titles());
    }
}

#[test]
fn what_somebody_holds_who_left_by_any_list_is_unintended() {
    let mut story = Story::small();
    story.grant(user("carol"), "Audit", "dev").grant(group("AWS-Readers"), "Audit", "prod");
    let audited = with(&story, &[("hr.csv", &hr(&[("carol@corp.example.com", "resigned")]))]);
    assert_eq!(audited.counts(Kind::Assignment)[&StandingWord::Unintended], 1);
    assert_eq!(audited.counts(Kind::Membership)[&StandingWord::Unintended], 1);
    assert_eq!(audited.rules(), ["leaver-with-access"]);
}

#[test]
fn a_list_of_leavers_that_is_empty_or_names_no_account_is_refused_as_such() {
    for (name, text) in [
        ("hr/leavers.csv", "Employee ID,Name,Email,Last Day\n"),
        ("hr/leavers-2026-11-19.csv", ""),
        ("terminated.csv", "Name,Work Email,Status\nHiro Hayashi,,Terminated\n"),
    ] {
        let said = refusal(name, text.as_bytes());
        assert!(said.contains("so it says of no person that they have left"), "{name}: {said}");
        assert!(!said.contains("nobody is expected"), "{name}: {said}");
    }
    let staff = refusal("hr/staff.csv", b"Name,Work Email,Status\nHiro Hayashi,,active\n");
    assert!(staff.contains("export it again with one of these columns filled"), "{staff}");
}

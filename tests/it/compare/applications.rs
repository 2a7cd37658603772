//! Applications of Identity Center and entitlements to IAM roles against their lists: every standing, what becomes of
//! what they could not be read of, and how far they count for somebody who has left.

use std::collections::BTreeMap;

use rollcall::model::{Kind, Listing, StandingWord, Verdict};
use serde_json::json;

use crate::story::{File, Story, call_line, group, user};
use crate::support::audited::Audited;

/// How many stand how, of one kind, those that stand no way left out.
fn counts(audited: &Audited, kind: Kind) -> Vec<(StandingWord, usize)> {
    audited.counts(kind).into_iter().collect()
}

fn verdict(audited: &Audited) -> Verdict {
    audited.report().verdict
}

/// The saved files, where this command with these parameters was refused.
fn refused(story: &Story, command: &str) -> Vec<File> {
    let mut files = story.saved_files();
    let calls = files.iter_mut().find(|file| file.name == "calls.jsonl").unwrap();
    let mut failed = Vec::new();
    let lines: Vec<String> = calls
        .text
        .lines()
        .map(|line| {
            let call: serde_json::Value = serde_json::from_str(line).unwrap();
            if call["command"] != command {
                return line.to_owned();
            }
            let file = call["file"].as_str().unwrap();
            failed.push(file.to_owned());
            call_line(command, &call["parameters"], None, 254, file)
        })
        .collect();
    assert!(!failed.is_empty(), "`{command}` is among the calls");
    calls.text = lines.join("\n") + "\n";
    for file in failed {
        files.retain(|kept| kept.name != file);
        let text = "\nAn error occurred (AccessDeniedException) when calling the X operation: not authorized\n";
        files.push(File { name: format!("{file}.err"), text: text.to_owned() });
    }
    files
}

fn audited_without(story: &Story, command: &str) -> Audited {
    Audited::from(&refused(story, command), &story.expected_files())
}

#[test]
fn an_expected_application_and_an_expected_entitlement_are_in_order() {
    let mut story = Story::small();
    story
        .aws_application("Wiki", group("AWS-Readers"))
        .aws_application("Wiki", user("alice"))
        .open_application("Canteen")
        .expect_application("wiki", Some(group("AWS-Readers")))
        .expect_application("Wiki", Some(user("alice")))
        .expect_application("Canteen", None)
        .entitling_role("prod", "Developer")
        .aws_entitle(group("AWS-Admins"), "Developer", "prod")
        .expect_entitlement(group("aws-admins"), "developer", "prod");
    let audited = Audited::of(&story);
    assert_eq!(audited.titles(), Vec::<String>::new());
    assert_eq!(counts(&audited, Kind::Application), [(StandingWord::Expected, 3)]);
    assert_eq!(counts(&audited, Kind::Entitlement), [(StandingWord::Expected, 1)]);
    assert!(verdict(&audited).complete(), "{:?}", audited.gaps());
}

#[test]
fn what_no_row_expects_is_found_and_what_expired_is_said_to_have() {
    let mut story = Story::small();
    story
        .aws_application("Wiki", group("AWS-Readers"))
        .aws_application("Payroll", user("alice"))
        .open_application("Canteen")
        .expect_application_until("Payroll", Some(user("alice")), "2026-10-31")
        .entitling_role("prod", "Developer")
        .attach_to_role("prod", "Developer", "AdministratorAccess")
        .entitling_role("dev", "Reader")
        .aws_entitle(group("AWS-Readers"), "Developer", "prod")
        .aws_entitle(user("alice"), "Reader", "dev")
        .expect_entitlement_until(user("alice"), "Reader", "dev", "2026-10-31");
    assert_eq!(
        Audited::of(&story).titles(),
        [
            "high unexpected-entitlement: Group `AWS-Readers` is entitled to role `Developer` in `Acme Production` (222233334444); no expected list has this entitlement",
            "medium unexpected-entitlement: User `alice@corp.example.com` is still entitled to role `Reader` in `Acme Development` (333344445555), but the row that expected it has expired",
            "low unexpected-application: Everyone may use application `Canteen`, which requires no assignment; no expected list has this access",
            "low unexpected-application: User `alice@corp.example.com` may still use application `Payroll`, but the row that expected it has expired",
            "low unexpected-application: Group `AWS-Readers` may use application `Wiki`; no expected list has this assignment",
        ]
    );
}

#[test]
fn a_row_that_nothing_meets_is_missing_and_says_what_does_not_exist() {
    let mut story = Story::small();
    story
        .aws_application("Wiki", group("AWS-Readers"))
        .expect_application("Wiki", Some(group("AWS-Readers")))
        .expect_application("Wiki", Some(user("alice")))
        .expect_application("Gone", Some(user("alice")))
        .aws_entitle(group("AWS-Admins"), "Developer", "prod")
        .expect_entitlement(group("AWS-Admins"), "Developer", "prod")
        .expect_entitlement(group("AWS-Admins"), "Developer", "dev")
        .expect_entitlement(user("nobody"), "Developer", "prod")
        .expect_entitlement(group("AWS-Admins"), "Developer", "999999999999");
    assert_eq!(
        Audited::of(&story).titles(),
        [
            "low missing-application: A row expects application `Gone` for user `alice@corp.example.com`, but Identity \
             Center has no such application",
            "low missing-application: User `alice@corp.example.com` should have application `Wiki` but does not",
            "low missing-entitlement: A row expects group `AWS-Admins` to be entitled to role `Developer` in account \
             999999999999, but the organization has no such account",
            "low missing-entitlement: Group `AWS-Admins` should be entitled to role `Developer` in `Acme Development` (333344445555) but is not",
            "low missing-entitlement: A row expects user `nobody@corp.example.com` to be entitled to role `Developer` in \
             `Acme Production` (222233334444), but Identity Center has no such principal",
        ]
    );
}

#[test]
fn a_listing_that_was_refused_makes_what_it_would_have_said_unknown_and_never_missing() {
    let mut story = Story::small();
    story
        .aws_application("Wiki", group("AWS-Readers"))
        .open_application("Canteen")
        .expect_application("Wiki", Some(group("AWS-Readers")))
        .expect_application("Canteen", None)
        .entitling_role("prod", "Developer")
        .aws_entitle(group("AWS-Admins"), "Developer", "prod")
        .expect_entitlement(group("AWS-Admins"), "Developer", "prod");
    for (command, kind, unknown) in [
        ("sso-admin list-applications", Kind::Application, 2),
        ("sso-admin list-application-assignments", Kind::Application, 1),
        ("sso-admin get-application-assignment-configuration", Kind::Application, 1),
        ("account-access list-applications", Kind::Entitlement, 1),
        ("account-access list-entitlements", Kind::Entitlement, 1),
    ] {
        let audited = audited_without(&story, command);
        assert_eq!(audited.titles(), Vec::<String>::new(), "{command}");
        let counts: BTreeMap<StandingWord, usize> = audited.counts(kind);
        assert_eq!(counts.get(&StandingWord::Unknown), Some(&unknown), "{command}: {counts:?}");
        assert!(!verdict(&audited).complete(), "{command}: {:?}", audited.gaps());
    }
}

#[test]
fn an_unread_listing_of_entitlements_hides_nothing_where_no_role_lets_its_service_in() {
    let audited = audited_without(&Story::small(), "account-access list-applications");
    let verdict = verdict(&audited);
    assert_eq!((verdict.hiding_gaps, verdict.stated_gaps), (0, 1), "{:?}", audited.gaps());
    assert!(audited.gaps()[0].contains("account-access:ListApplications"), "{:?}", audited.gaps());
}

#[test]
fn a_row_that_asks_for_an_entitlement_stays_without_an_answer_where_none_were_read() {
    let mut story = Story::small();
    story.expect_entitlement(group("AWS-Admins"), "Developer", "prod");
    let audited = audited_without(&story, "account-access list-applications");
    assert_eq!(counts(&audited, Kind::Entitlement), [(StandingWord::Unknown, 1)]);
    let verdict = verdict(&audited);
    assert_eq!((verdict.hiding_gaps, verdict.stated_gaps), (1, 0), "{:?}", audited.gaps());
}

#[test]
fn it_may_hide_access_where_a_role_lets_its_service_in_or_was_not_read() {
    let mut story = Story::small();
    story.entitling_role("prod", "Developer");
    let audited = audited_without(&story, "account-access list-applications");
    assert_eq!(verdict(&audited).hiding_gaps, 1, "{:?}", audited.gaps());

    let mut everyone = Story::small();
    everyone.role("prod", "Open", &json!({"AWS": "*"}), &json!(null)).expect_trust("prod", "Open", "*");
    let audited = audited_without(&everyone, "account-access list-applications");
    assert_eq!(verdict(&audited).hiding_gaps, 1, "{:?}", audited.gaps());

    let mut files = refused(&Story::small(), "account-access list-applications");
    let calls = files.iter_mut().find(|file| file.name == "calls.jsonl").unwrap();
    calls.text = calls.text.replacen("\"iam\":\"organization\"", "\"iam\":\"caller-account\"", 1);
    let audited = Audited::from(&files, &Story::small().expected_files());
    assert!(verdict(&audited).hiding_gaps >= 1, "{:?}", audited.gaps());
    assert!(audited.gaps().iter().any(|gap| gap.starts_with("entitlements to IAM roles")), "{:?}", audited.gaps());
}

#[test]
fn a_principal_or_an_entitlement_that_is_not_known_makes_its_listing_unreadable() {
    let mut story = Story::small();
    story
        .aws_application("Wiki", group("AWS-Readers"))
        .expect_application("Wiki", Some(group("AWS-Readers")))
        .entitling_role("prod", "Developer")
        .aws_entitle(user("alice"), "Developer", "prod")
        .expect_entitlement(user("alice"), "Developer", "prod");
    let with = |answer: &str, from: &str, to: &str| {
        let mut files = story.saved_files();
        for file in files.iter_mut().filter(|file| file.name.contains(answer)) {
            file.text = file.text.replace(from, to);
        }
        Audited::from(&files, &story.expected_files())
    };
    for (kind, audited, why) in [
        (Kind::Application, with("application-assignments", "GROUP", "ROBOT"), "unknown principal type `ROBOT`"),
        (Kind::Entitlement, with("list-entitlements", "principalRole", "principalVault"), "unknown to this version"),
        (Kind::Entitlement, with("list-entitlements", "userId", "machineId"), "neither a user nor a group"),
    ] {
        assert!(audited.gaps().iter().any(|gap| gap.contains(why)), "{why}: {:?}", audited.gaps());
        assert!(!verdict(&audited).complete(), "{why}");
        assert_eq!(counts(&audited, kind), [(StandingWord::Unknown, 1)], "{why}: not seen is not missing");
    }
}

#[test]
fn whether_an_application_is_open_is_adopted_only_where_it_was_read() {
    let mut story = Story::small();
    story.open_application("Canteen");
    let draft = |story: &Story, without: Option<&str>| {
        let audited = without.map_or_else(|| Audited::of(story), |command| audited_without(story, command));
        let proposals = rollcall::pipeline::propose(&audited.report());
        format!("{:?}", proposals.into_iter().find(|proposal| proposal.name == "applications.csv").unwrap().outcome)
    };
    let configuration = Some("sso-admin get-application-assignment-configuration");
    let read = draft(&story, None);
    assert!(read.contains("Canteen,everyone,*") && read.contains("left_out: {}"), "{read}");
    let refused = draft(&story, configuration);
    assert!(refused.starts_with("Withheld"), "{refused}");

    story.aws_application("Canteen", user("alice"));
    let refused = draft(&story, configuration);
    assert!(refused.contains("Canteen,user,alice@corp.example.com"), "{refused}");
    assert!(refused.contains("[\"access for everyone to application `Canteen`\"]"), "{refused}");
    assert!(!refused.contains("everyone,*"), "{refused}");
}

#[test]
fn without_their_lists_they_are_counted_and_administrative_roles_are_found() {
    let mut story = Story::small();
    story
        .aws_application("Wiki", group("AWS-Readers"))
        .entitling_role("prod", "Developer")
        .entitling_role("prod", "Root")
        .attach_to_role("prod", "Root", "AdministratorAccess")
        .aws_entitle(group("AWS-Readers"), "Developer", "prod")
        .aws_entitle(group("AWS-Readers"), "Root", "prod");
    let audited = Audited::of(&story);
    assert_eq!(
        audited.titles(),
        [
            "high unlisted-administrative-access: Group `AWS-Readers` is entitled to role `Root` in `Acme Production` (222233334444), which is administrative; no expected list covers this access"
        ]
    );
    assert_eq!(counts(&audited, Kind::Application), [(StandingWord::Unlisted, 1)]);
    assert_eq!(counts(&audited, Kind::Entitlement), [(StandingWord::Unlisted, 2)]);
    let verdict = verdict(&audited);
    assert_eq!((verdict.unlisted()[&Kind::Application], verdict.unlisted()[&Kind::Entitlement]), (1, 2));
}

#[test]
fn what_a_leaver_a_stranger_or_a_deleted_group_still_has_belongs_to_that_one_finding() {
    let mut story = Story::small();
    story
        .hire("dora", &[])
        .leaves("dora")
        .stranger("mallory")
        .entitling_role("prod", "Root")
        .attach_to_role("prod", "Root", "AdministratorAccess")
        .aws_application("Wiki", user("dora"))
        .aws_entitle(user("dora"), "Root", "prod")
        .aws_entitle(user("mallory"), "Root", "prod")
        .aws_application("Wiki", group("Deleted"))
        .expect_application("Wiki", Some(user("dora")))
        .expect_entitlement(user("dora"), "Root", "prod");
    let audited = Audited::of(&story);
    let report = audited.report();
    let told: Vec<_> = report
        .open()
        .map(|finding| {
            let held = finding.evidence.iter().filter(|evidence| evidence.held().is_some()).count();
            (finding.severity.word(), finding.rule.0, held)
        })
        .collect();
    assert_eq!(
        told,
        [("critical", "leaver-with-access", 2), ("critical", "unexpected-user", 1), ("low", "orphaned-assignment", 1),]
    );
}

#[test]
fn what_a_group_that_does_not_exist_was_to_have_belongs_to_that_one_finding_and_is_lacked() {
    let mut story = Story::small();
    story
        .expect_grant(group("Gone"), "ReadOnly", "prod")
        .aws_application("Wiki", user("alice"))
        .expect_application("Wiki", Some(user("alice")))
        .expect_application("Wiki", Some(group("Gone")))
        .expect_entitlement(group("Gone"), "Developer", "prod");
    let audited = Audited::of(&story);
    let report = audited.report();
    let finding = report.open().next().unwrap();
    assert_eq!(audited.rules(), ["missing-group"]);
    let told = finding.evidence.iter().map(|evidence| rollcall::wording::evidence(audited.world(), evidence));
    let lacked = told.filter(|told| told.starts_with("Lacks")).count();
    assert_eq!(lacked, 3, "{:?}", finding.evidence);
}

#[test]
fn a_row_may_mean_all_accounts_and_one_that_means_none_does_nothing() {
    let mut story = Story::small();
    for account in ["management", "prod", "dev"] {
        story.entitling_role(account, "Auditor").aws_entitle(group("AWS-Readers"), "Auditor", account);
    }
    story.expect_entitlement(group("AWS-Readers"), "Auditor", "*");
    let audited = Audited::of(&story);
    assert_eq!(audited.titles(), Vec::<String>::new());
    assert_eq!(counts(&audited, Kind::Entitlement), [(StandingWord::Expected, 3)]);

    story.expect_entitlement(group("AWS-Readers"), "Auditor", "sandbox-*");
    assert_eq!(Audited::of(&story).rules(), ["unused-row"]);
}

#[test]
fn an_application_with_assignments_may_be_open_to_everyone_all_the_same() {
    let mut story = Story::small();
    story
        .aws_application("Wiki", group("AWS-Readers"))
        .open_application("Wiki")
        .expect_application("Wiki", Some(group("AWS-Readers")));
    let audited = Audited::of(&story);
    assert_eq!(
        audited.titles(),
        [
            "low unexpected-application: Everyone may use application `Wiki`, which requires no assignment; no expected list has this access"
        ]
    );
    story.expect_application("Wiki", None);
    let audited = Audited::of(&story);
    assert_eq!((audited.titles(), verdict(&audited).complete()), (Vec::new(), true));
}

#[test]
fn answers_that_never_said_whether_an_application_is_open_do_not_say_that_it_is_closed() {
    let mut story = Story::small();
    story.aws_application("Wiki", group("AWS-Readers")).expect_application("Wiki", Some(group("AWS-Readers")));
    let mut files = story.saved_files();
    let calls = files.iter_mut().find(|file| file.name == "calls.jsonl").unwrap();
    let others = calls.text.lines().filter(|line| !line.contains("get-application-assignment-configuration"));
    calls.text = others.map(|line| format!("{line}\n")).collect();
    let audited = Audited::from(&files, &story.expected_files());
    assert_eq!(
        audited.gaps(),
        [
            "whether application `Wiki` is open to everyone: `sso:GetApplicationAssignmentConfiguration`: it was in scope but was not queried"
        ]
    );
    assert_eq!((audited.titles(), verdict(&audited).hiding_gaps), (Vec::new(), 1));
    assert_eq!(counts(&audited, Kind::Application), [(StandingWord::Expected, 1)], "what was seen stands");
}

#[test]
fn an_account_in_a_state_that_nobody_has_heard_of_is_in_use_and_its_roles_count() {
    let mut story = Story::small();
    story.entitling_role("prod", "Developer");
    let in_state = |state: &str| {
        let mut files = refused(&story, "account-access list-applications");
        let accounts = files.iter_mut().find(|file| file.text.contains("\"JoinedMethod\"")).unwrap();
        let (before, prod) = accounts.text.split_once("222233334444").unwrap();
        let prod = prod.replacen("ACTIVE", state, 2);
        accounts.text = format!("{before}222233334444{prod}");
        verdict(&Audited::from(&files, &story.expected_files())).hiding_gaps
    };
    assert_eq!(in_state("SUSPENDED"), 0, "nobody can use a suspended account");
    assert_eq!(in_state("RESTRICTED"), 1);
}

#[test]
fn a_row_by_a_name_that_two_applications_have_means_neither() {
    let audited = |row: &str| {
        let mut story = Story::small();
        story.aws_application("Wiki", group("AWS-Readers")).aws_application("Wiki 2", user("alice"));
        story
            .expect_application(row, Some(group("AWS-Readers")))
            .expect_application(&crate::story::application_arn("Wiki 2"), Some(user("alice")));
        Audited::of(&story).with(|world| {
            let mut all: Vec<_> = world.snapshot.applications.seen().cloned().collect();
            all.iter_mut().for_each(|application| application.name = "Wiki".to_owned());
            let extent = world.snapshot.applications.extent().clone();
            world.snapshot.applications = Listing::by_key(all, extent, |_| ());
        })
    };
    let by_name = audited("Wiki");
    assert_eq!(by_name.titles(), Vec::<String>::new());
    let gaps = by_name.gaps();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(gaps[0].starts_with("the application that a row calls `Wiki`: `applications.csv`: "), "{gaps:?}");
    assert!(!verdict(&by_name).complete());
    let by_arn = audited(&crate::story::application_arn("Wiki"));
    assert_eq!((by_arn.titles(), by_arn.gaps()), (Vec::new(), Vec::new()));
}

#[test]
fn an_entitlement_to_a_role_of_another_account_is_a_gap() {
    let mut story = Story::small();
    story.entitling_role("prod", "Developer").aws_entitle(group("AWS-Admins"), "Developer", "prod");
    story.expect_entitlement(group("AWS-Admins"), "Developer", "prod");
    let mut files = story.saved_files();
    for file in files.iter_mut().filter(|file| file.text.contains("principalRole")) {
        file.text = file.text.replace("arn:aws:iam::222233334444:role/", "arn:aws:iam::999988887777:role/");
    }
    let audited = Audited::from(&files, &story.expected_files());
    assert!(!verdict(&audited).complete());
    assert!(audited.gaps().iter().any(|gap| gap.contains("is a role of another account")), "{:?}", audited.gaps());
}

/// The three lists that name principals, each with one row by a name of the directory.
#[test]
fn a_row_may_call_a_user_by_the_account_of_the_directory_or_by_what_the_person_is_called() {
    let with_name = |name: &str, second: bool| {
        let mut story = Story::small();
        story.entitling_role("dev", "BuildOperator").aws_grant(user("bob"), "Audit", "dev");
        story.aws_application("Wiki", user("bob")).aws_entitle(user("bob"), "BuildOperator", "dev");
        if second {
            story.hire("rob", &[]);
        }
        let row = |user_name: &str| story_row(&story, user_name);
        let mut lists = story.expected_files();
        lists.retain(|(file, _)| !["applications.csv", "entitlements.csv"].contains(&file.as_str()));
        let namesake = |text: &str| text.replace("\"Rob Example\"", "\"Bob Example\"");
        lists
            .iter_mut()
            .filter(|(file, _)| file.starts_with("directory/"))
            .for_each(|(_, text)| *text = namesake(text));
        lists.iter_mut().filter(|(file, _)| file == "assignments.csv").for_each(|(_, text)| text.push_str(&row(name)));
        lists.push((
            "applications.csv".to_owned(),
            format!("application,principal_type,principal,reviewed_by\nWiki,user,{name},ciso\n"),
        ));
        lists.push((
            "entitlements.csv".to_owned(),
            format!(
                "principal_type,principal,account,role,administrative,reviewed_by\nuser,{name},333344445555,BuildOperator,yes,ciso\n"
            ),
        ));
        Audited::from(&story.saved_files(), &lists)
    };
    for name in ["bob", "CORP\\bob", "Bob Example", "bob@corp.example.com"] {
        assert_eq!(with_name(name, false).titles(), Vec::<String>::new(), "{name}");
    }
    // Two are called so: nobody can say which of them a row means.
    let shared = with_name("Bob Example", true);
    assert!(!shared.report().verdict.complete());
    assert!(!shared.rules().contains(&"unexpected-assignment"), "{:?}", shared.titles());
}

/// A row of `assignments.csv` in the order of columns that the story has.
fn story_row(story: &Story, principal: &str) -> String {
    let lists = story.expected_files();
    let (_, text) = lists.iter().find(|(file, _)| file == "assignments.csv").unwrap();
    let header = text.lines().next().unwrap();
    let cell = |column: &str| match column {
        "principal_type" => "user".to_owned(),
        "principal" => principal.to_owned(),
        "account" => "333344445555".to_owned(),
        "permission_set" => "Audit".to_owned(),
        "reviewed_by" => "ciso".to_owned(),
        _ => String::new(),
    };
    header.split(',').map(cell).collect::<Vec<_>>().join(",") + "\n"
}

//! What is wrong with lists themselves, and how much rules matter: shrunken, cut off, lossy lists; levels of rules;
//! waivers for one finding; permission sets and policies that are not what was approved.

use std::collections::BTreeMap;

use rollcall::model::{Earlier, Kind, Level, PermissionSetPolicies, RuleId, Severity, StandingWord};
use rollcall::wording;

use crate::store::delivery::folder_of;
use crate::story::{Story, user};
use crate::support::audited::{Audited, left_by};
use crate::support::rollcall;

/// A small company with a further list.
fn with_list(story: &Story, name: &str, text: &str) -> Audited {
    let mut lists = story.expected_files();
    lists.push((name.to_owned(), text.to_owned()));
    Audited::from(&story.saved_files(), &lists)
}

fn digest_of(story: &Story, set: &str) -> String {
    let audited = Audited::of(story);
    let mut sets = audited.world().snapshot.permission_sets.seen();
    let set = sets.find(|one| one.name == set).expect("a permission set");
    set.policies.is().map(PermissionSetPolicies::digest).expect("its policies")
}

#[test]
fn a_permission_set_that_grew_behind_its_name_is_found() {
    let mut story = Story::small();
    let approved = digest_of(&story, "ReadOnly");
    let others = "Admin,yes,\nAudit,,\n";
    let list = format!("name,administrative,digest\n{others}ReadOnly,no,{approved}\n");
    let audited = with_list(&story, "permission-sets.csv", &list);
    assert_eq!(audited.titles(), Vec::<String>::new());
    assert_eq!(audited.report().counts[&Kind::PermissionSet][&StandingWord::Expected], 3);
    story.permission_set("ReadOnly", "AdministratorAccess");
    let grown = with_list(&story, "permission-sets.csv", &list);
    assert_eq!(
        grown.titles(),
        ["critical differing-permission-set: Permission set `ReadOnly` differs from what was approved"]
    );
    let by_word = format!("name,administrative\n{others}ReadOnly,no\n").replace("yes,", "yes").replace(",,", ",");
    assert_eq!(with_list(&story, "permission-sets.csv", &by_word).rules(), ["differing-permission-set"]);
}

#[test]
fn a_permission_set_that_no_row_names_and_a_row_without_one_are_found() {
    let titles = with_list(&Story::small(), "permission-sets.csv", "name\nReadOnly\nAudit\nGone\n").titles();
    assert_eq!(
        titles,
        [
            "high unexpected-permission-set: Permission set `Admin` exists but is not in any expected list",
            "info missing-permission-set: Permission set `Gone` is missing"
        ]
    );
}

#[test]
fn a_digest_does_not_depend_on_the_layout_of_a_document() {
    let digest = |inline: &str| {
        let inline = Some(inline.to_owned());
        PermissionSetPolicies { inline, ..PermissionSetPolicies::default() }.digest()
    };
    let one = digest(r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*"}}"#);
    assert_eq!(one, digest(r#"{ "Statement":{"Action":"s3:Get*","Effect":"Allow"},"Version":"2012-10-17" }"#));
    assert_ne!(one, digest(r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*"}}"#));
}

#[test]
fn an_iam_user_whose_policies_changed_behind_their_names_is_found() {
    let mut story = Story::small();
    story.iam_user("prod", "svc-new", &[], "alice@corp.example.com");
    let user = |story: &mut Story, text: &str| {
        let users = story.aws.iam.get_mut("prod").expect("users");
        users.get_mut("svc-new").expect("it").inline.insert("own".to_owned(), text.to_owned());
    };
    let document =
        |action: &str| format!(r#"{{"Statement": [{{"Effect": "Allow", "Action": "{action}", "Resource": "*"}}]}}"#);
    user(&mut story, &document("s3:GetObject"));
    let audited = Audited::of(&story);
    let digest = audited
        .world()
        .snapshot
        .iam
        .iter()
        .flat_map(|iam| iam.users.seen())
        .find(|user| user.name == "svc-new")
        .expect("the user")
        .policies_digest()
        .expect("every document");
    let id = story.aws.accounts["prod"].id.clone();
    let rows: String = story
        .expected_files()
        .into_iter()
        .find(|(name, _)| name == "iam-users.csv")
        .map(|(_, text)| {
            let mut lines = text.lines();
            let header = format!("{},digest\n", lines.next().expect("a header"));
            let row = |line: &str| match line.contains("svc-new") {
                true => format!("{id},svc-new,own,alice@corp.example.com,ciso,{digest}\n"),
                false => format!("{line},\n"),
            };
            header + &lines.map(row).collect::<String>()
        })
        .expect("the list");
    let judged = |story: &Story| {
        let mut lists = story.expected_files();
        lists.retain(|(name, _)| name != "iam-users.csv");
        lists.push(("iam-users.csv".to_owned(), rows.clone()));
        Audited::from(&story.saved_files(), &lists).titles()
    };
    assert_eq!(judged(&story), Vec::<String>::new());
    user(&mut story, &document("s3:*"));
    let titles = judged(&story);
    assert_eq!(titles.len(), 1, "{titles:?}");
    assert!(titles[0].starts_with("high differing-policy: The policies of IAM user `svc-new`"), "{titles:?}");
}

#[test]
fn the_settings_say_how_much_a_rule_matters() {
    let mut story = Story::small();
    story.stranger("mallory").stranger("mike").aws_grant(user("mallory"), "Admin", "prod");
    let leveled = |level: Level| {
        let rule = RuleId("unexpected-user");
        Audited::of(&story).with(|world| {
            world.policy.levels.insert(rule, level);
        })
    };
    let severities = |audited: &Audited| -> Vec<Severity> {
        audited.report().open().filter(|finding| finding.rule.0 == "unexpected-user").map(|one| one.severity).collect()
    };
    assert_eq!(severities(&Audited::of(&story)), [Severity::Critical, Severity::Medium]);
    assert_eq!(severities(&leveled(Level::At(Severity::Info))), [Severity::Medium, Severity::Info]);
    assert_eq!(severities(&leveled(Level::At(Severity::Critical))), [Severity::Critical, Severity::Critical]);
    let off = leveled(Level::Off);
    assert_eq!(severities(&off), []);
    let notices = wording::notices(&off.report());
    assert!(notices.contains(&"The settings switch off `unexpected-user`".to_owned()), "{notices:?}");
}

#[test]
fn a_waiver_can_be_for_one_finding_only() {
    let mut story = Story::small();
    story.stranger("mallory").stranger("mike");
    let before = Audited::of(&story);
    let wanted = before.report().findings[0].fingerprint.to_string();
    story.lists.waivers.push(format!(
        "[[waiver]]\nrule = \"unexpected-user\"\nfinding = \"{wanted}\"\nreason = \"known\"\napproved_by = \"ciso\"\n\
         expires = 2027-01-01\n"
    ));
    let after = Audited::of(&story);
    let report = after.report();
    let waived: Vec<String> = report.waived().map(|finding| finding.fingerprint.to_string()).collect();
    assert_eq!((waived, report.verdict.open()), (vec![wanted], 1));
}

/// An earlier run in which this list had so many rows.
fn earlier(name: &str, rows: u32) -> Earlier {
    Earlier {
        run_id: "earlier".to_owned(),
        as_of: "2026-11-19T08:00:00Z".parse().expect("an instant"),
        manifest_sha256: "0".repeat(64),
        open: BTreeMap::new(),
        gaps: std::collections::BTreeSet::new(),
        list_rows: BTreeMap::from([(name.to_owned(), rows)]),
        list_digests: BTreeMap::new(),
        judged: Default::default(),
        judged_in_full: Default::default(),
        harmless: Default::default(),
        pending: Default::default(),
        closed: Default::default(),
    }
}

#[test]
fn an_export_that_lost_a_fifth_of_its_rows_is_one_finding() {
    let mut story = Story::small();
    for number in 0..40 {
        story.hire(&format!("person{number}"), &["AWS-Readers"]);
    }
    let users = "directory/users-2026-11-19.csv";
    let rows = u32::try_from(story.directory.people.len()).expect("few");
    let judged = |before: u32| Audited::of(&story).with(|world| world.earlier = Some(earlier(users, before))).titles();
    assert_eq!(judged(rows + rows / 5), Vec::<String>::new());
    let more = rows + rows / 4 + 1;
    let said =
        format!("medium shrunken-list: Expected list `{users}` has {rows} rows, down from {more} in the earlier run");
    assert_eq!(judged(more), [said]);
}

#[test]
fn an_export_is_held_against_the_earlier_one_whose_name_has_another_date() {
    let mut story = Story::small();
    for number in 0..40 {
        story.hire(&format!("person{number}"), &["AWS-Readers"]);
    }
    let judged = |before: &[(&str, u32)]| {
        let rows = before.iter().map(|(name, rows)| ((*name).to_owned(), *rows)).collect();
        let earlier = Earlier { list_rows: rows, ..earlier("other.csv", 1) };
        Audited::of(&story).with(|world| world.earlier = Some(earlier.clone())).rules()
    };
    assert_eq!(judged(&[("directory/users-2026-11-18.csv", 90)]), ["shrunken-list"]);
    assert_eq!(judged(&[("directory/users-20261118T0756Z.csv", 90)]), ["shrunken-list"]);
    assert_eq!(judged(&[("directory/users-2026-11-11.csv", 90), ("directory/users-2026-11-18.csv", 43)]), [""; 0]);
    assert_eq!(judged(&[("directory/users-2026-11-18.csv", 90), ("directory/users-2026-11-19.csv", 43)]), [""; 0]);
    assert_eq!(judged(&[("hr/users-2026-11-18.csv", 90)]), [""; 0], "another list");
}

#[test]
fn a_list_that_is_gone_is_a_finding_until_one_speaks_for_its_kind_again() {
    let mut story = Story::small();
    story.role_for("prod", "Scanner", "999988887777").expect_trust("prod", "Scanner", "999988887777");
    let run = |without: &str, earlier: Option<Earlier>| {
        let mut lists = story.expected_files();
        lists.retain(|(name, _)| name != without);
        let audited = Audited::from(&story.saved_files(), &lists).with(|world| world.earlier = earlier);
        (audited.titles(), left_by(&audited.report()))
    };
    for (list, kinds) in [("trusts.csv", "external trusts"), ("iam-users.csv", "IAM users and IAM policies")] {
        let (titles, earlier) = run("", None);
        assert_eq!(titles, Vec::<String>::new());
        let (titles, second) = run(list, Some(earlier.clone()));
        let gone = format!(
            "high shrunken-list: Expected list `{list}` is missing; it had 1 row in the run of 2026-11-20 08:00:00 UTC"
        );
        assert_eq!(titles, [gone]);
        let (titles, third) = run(list, Some(second));
        let still = format!("high shrunken-list: No expected list covers {kinds} any more; one did in an earlier run");
        assert_eq!(titles, [still]);
        assert_eq!(run("", Some(third)).0, Vec::<String>::new(), "it is back");
        assert_eq!(run(list, None).0, Vec::<String>::new(), "the first run of a job");
        let off = Audited::from(&story.saved_files(), &story.expected_files()).with(|world| {
            world.earlier = Some(earlier);
            world.snapshot.scope.iam = rollcall::model::IamScope::Nowhere;
            world.expectation.speaks_for.clear();
        });
        assert!(
            !off.titles().iter().any(|title| title.contains("external trusts")),
            "out of scope: {:?}",
            off.titles()
        );
    }
}

#[test]
fn a_list_of_all_groups_that_is_gone_is_a_finding_although_another_list_names_some() {
    let mut story = Story::small();
    story.aws_group("Shadow");
    let run = |without: &str, earlier: Option<Earlier>| {
        let mut lists = story.expected_files();
        lists.retain(|(name, _)| name != without);
        let audited = Audited::from(&story.saved_files(), &lists).with(|world| world.earlier = earlier);
        (audited.titles(), left_by(&audited.report()))
    };
    let groups = "directory/groups-2026-11-19.csv";
    let shadow = "low unexpected-group: Group `Shadow` is in Identity Center but not in any expected list".to_owned();
    let (titles, first) = run("", None);
    assert_eq!(titles, std::slice::from_ref(&shadow));
    let (titles, second) = run(groups, Some(first));
    assert!(titles[0].starts_with(&format!("high shrunken-list: Expected list `{groups}` is missing; it had")));
    let (titles, third) = run(groups, Some(second));
    let still = "high shrunken-list: No expected list names all groups and memberships any more; one did in an \
                 earlier run";
    assert_eq!(titles, [still]);
    assert_eq!(run("", Some(third)).0, [shadow], "it is back");
    let (titles, some) = run(groups, None);
    assert_eq!(titles, Vec::<String>::new(), "the first run of a job, whose lists name some groups");
    assert_eq!(run(groups, Some(some)).0, Vec::<String>::new(), "nothing was lost");
}

#[test]
fn a_list_that_is_gone_on_purpose_is_accepted_once() {
    let mut story = Story::small();
    story.role_for("prod", "Scanner", "999988887777").expect_trust("prod", "Scanner", "999988887777");
    let folder = folder_of(&story, "as_of = \"2026-11-20T08:00:00Z\"\n[collect]\nfrom = \"saved\"\n");
    let run = |arguments: &[&str]| rollcall(folder.path(), arguments, &[]);
    assert_eq!(run(&["audit"]).code, 0);
    std::fs::remove_file(folder.path().join("expected/trusts.csv")).unwrap();
    let audited = run(&["audit"]);
    assert_eq!(audited.code, 3, "{}", audited.stdout);
    let (_, id) = audited.stdout.split_once("shrunken-list ").expect(&audited.stdout);
    let id = id.split_whitespace().next().unwrap();
    let waiver = format!(
        "[[waiver]]\nrule = \"shrunken-list\"\nfinding = \"{id}\"\nreason = \"no outsiders any more\"\n\
         approved_by = \"ciso@corp.example.com\"\nexpires = 2026-12-01\n"
    );
    std::fs::write(folder.path().join("expected/waivers.toml"), waiver).unwrap();
    assert_eq!(run(&["audit"]).code, 0, "it is accepted");
    std::fs::remove_file(folder.path().join("expected/waivers.toml")).unwrap();
    assert_eq!(run(&["audit"]).code, 0, "and not asked for again");
}

#[test]
fn an_export_that_lost_characters_is_mentioned_once() {
    let audited = Audited::of(&Story::small()).with(|world| world.expectation.files[0].lossy = true);
    assert_eq!(audited.rules(), ["lossy-list"]);
}

#[test]
fn an_export_that_was_cut_off_is_one_finding_and_a_gap() {
    let story = Story::small();
    let mut lists = story.expected_files();
    lists.retain(|(name, _)| !name.starts_with("directory/"));
    let ldif = "dn: CN=Bob,DC=corp,DC=example,DC=com\nobjectClass: user\nuserPrincipalName: bob@corp.example.com\n\n\
                # pagedresults: cookie=MQA=\n";
    lists.push(("directory.ldif".to_owned(), ldif.to_owned()));
    let audited = Audited::from(&story.saved_files(), &lists);
    let told = ["medium partial-list: Expected list `directory.ldif` is incomplete"];
    assert_eq!(audited.titles(), told);
    assert!(!audited.report().verdict.complete());
}

#[test]
fn what_a_deleted_principal_still_holds_is_found_without_any_list() {
    let mut story = Story::small();
    story.hire("gone", &["AWS-Readers"]).aws_grant(user("gone"), "ReadOnly", "prod");
    story.aws.users.remove("gone");
    let mut lists = story.expected_files();
    lists.retain(|(name, _)| !name.starts_with("directory/"));
    let titles = Audited::from(&story.saved_files(), &lists).rules();
    assert!(titles.contains(&"orphaned-assignment"), "{titles:?}");
    assert!(Audited::of(&story).rules().contains(&"orphaned-assignment"));
}

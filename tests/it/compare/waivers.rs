//! What a waiver accepts: what was there on the day of acceptance, and nothing that it became since; and which waivers
//! accept nothing at all.

use rollcall::adopt::{Waiving, waiver};
use rollcall::compare;
use rollcall::model::{Age, Finding, Level, Listing, Report, RuleId, Severity};
use rollcall::wording;

use crate::cli::adopt::{folder, run};
use crate::story::{Story, group, user};
use crate::support::audited::Audited;

const EVERYTHING: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
const READS: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
const LISTS: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}"#;

/// The one finding of a rule.
fn one<'r>(report: &'r Report<'_>, rule: &str) -> &'r Finding {
    let found: Vec<&Finding> = report.findings.iter().filter(|finding| finding.rule.0 == rule).collect();
    assert_eq!(found.len(), 1, "{rule}: {:?}", report.findings);
    found[0]
}

/// The waiver that `rollcall waive` writes for the finding of a rule in this story.
fn accepted(story: &Story, rule: &str) -> String {
    let audited = Audited::of(story);
    let report = audited.report();
    let finding = one(&report, rule);
    let (principal, account) = compare::about(report.world, finding.subject);
    let waiving = Waiving {
        principal,
        account,
        reason: "agreed in the change board",
        approved_by: "ciso@corp.example.com",
        expires: "2027-03-31".parse().unwrap(),
        accepted: compare::accepted(&report, finding),
    };
    waiver(&report, finding, &waiving)
}

/// A waiver by hand, which names a rule and what else is given.
fn by_hand(rule: &str, more: &str, approved_by: &str, expires: &str) -> String {
    format!(
        "[[waiver]]\nrule = \"{rule}\"\n{more}\nreason = \"so\"\napproved_by = \"{approved_by}\"\nexpires = {expires}\n"
    )
}

/// What became of the finding of a rule with these waivers: `waived`, or why no waiver accepts it.
fn told(story: &Story, waivers: &[String], rule: &str) -> String {
    told_of(&with(story, waivers), rule)
}

fn with(story: &Story, waivers: &[String]) -> Audited {
    let mut story = story.clone();
    story.lists.waivers.extend(waivers.iter().cloned());
    Audited::of(&story)
}

fn told_of(audited: &Audited, rule: &str) -> String {
    let report = audited.report();
    let finding = one(&report, rule);
    if finding.waiver.is_some() {
        return "waived".to_owned();
    }
    let evidence = finding.evidence.iter().map(|piece| wording::evidence(report.world, piece));
    let about: Vec<String> = evidence.filter(|sentence| sentence.starts_with("A waiver at ")).collect();
    about.join(" / ")
}

/// Why the waiver itself is not valid, where it is not.
fn invalid(audited: &Audited) -> Vec<String> {
    let report = audited.report();
    let invalid = report.open().filter(|finding| finding.rule.0 == "invalid-waiver");
    invalid
        .flat_map(|finding| {
            assert_eq!(finding.severity, Severity::High);
            finding.evidence.iter().skip(1).map(|piece| wording::evidence(report.world, piece)).collect::<Vec<_>>()
        })
        .collect()
}

/// An IAM user with a policy that its row does not name, written into the user.
fn with_inline(document: &str) -> Story {
    let mut story = Story::small();
    story.change("dev", "svc-backup", |user| _ = user.inline.insert("extra".to_owned(), document.to_owned()));
    story
}

#[test]
fn a_waiver_written_by_hand_accepts_nothing_administrative() {
    let waiver = by_hand("unexpected-policy", "principal = \"svc-backup\"", "ciso", "2027-03-31");
    assert_eq!(told(&with_inline(READS), std::slice::from_ref(&waiver), "unexpected-policy"), "waived");
    insta::assert_snapshot!(told(&with_inline(EVERYTHING), &[waiver], "unexpected-policy"), @"A waiver at `waivers.toml:1` names it but does not accept it: it does not record what was accepted, and by name alone it accepts nothing that is or may be administrative, and nothing above `medium`");
}

#[test]
fn a_waiver_written_by_hand_accepts_no_permission_set_that_became_administrative() {
    let mut story = Story::small();
    story.approve_permission_sets().permission_set_grows("ReadOnly", READS);
    let waiver = by_hand("differing-permission-set", "finding = \"b222390a65c5ebae\"", "ciso", "2027-03-31");
    let id = one(&Audited::of(&story).report(), "differing-permission-set").fingerprint.to_string();
    let waiver = waiver.replace("b222390a65c5ebae", &id);
    assert_eq!(told(&story, std::slice::from_ref(&waiver), "differing-permission-set"), "waived");
    story.permission_set_grows("ReadOnly", EVERYTHING);
    assert!(told(&story, &[waiver], "differing-permission-set").contains("nothing that is or may be administrative"));
}

#[test]
fn a_waiver_written_by_hand_accepts_nothing_above_its_rule() {
    let waiver = by_hand("unexpected-user", "principal = \"mallory@corp.example.com\"", "ciso", "2027-03-31");
    let mut story = Story::small();
    story.stranger("mallory");
    assert_eq!(told(&story, std::slice::from_ref(&waiver), "unexpected-user"), "waived");
    story.aws_member("AWS-Readers", "mallory");
    insta::assert_snapshot!(told(&story, &[waiver], "unexpected-user"), @"A waiver at `waivers.toml:1` names it but does not accept it: it does not record what was accepted, and by name alone it accepts nothing above `medium`");
}

/// The settings move a rule and its findings alike, and so what a name alone accepts.
#[test]
fn the_level_of_a_rule_does_not_end_a_waiver_by_hand() {
    let waiver = by_hand("unexpected-user", "principal = \"mallory@corp.example.com\"", "ciso", "2027-03-31");
    let mut story = Story::small();
    story.stranger("mallory");
    for severity in [Severity::Info, Severity::Critical] {
        let level = (RuleId("unexpected-user"), Level::At(severity));
        let audited = with(&story, std::slice::from_ref(&waiver)).with(|world| world.policy.levels.extend([level]));
        assert_eq!(told_of(&audited, "unexpected-user"), "waived", "{severity}");
    }
}

#[test]
fn what_was_accepted_stays_accepted_while_it_stays_the_same() {
    let mut story = with_inline(READS);
    let waiver = accepted(&story, "unexpected-policy");
    assert_eq!(told(&story, std::slice::from_ref(&waiver), "unexpected-policy"), "waived");
    // Something else happens.
    story.hire("dora", &["AWS-Readers"]).stranger("mallory");
    story.change("dev", "svc-backup", |user| user.keys = 2);
    assert_eq!(told(&story, std::slice::from_ref(&waiver), "unexpected-policy"), "waived");
    // The same document, laid out otherwise.
    let spaced = READS.replace("\":", "\" : ");
    assert_eq!(told(&with_inline(&spaced), &[waiver], "unexpected-policy"), "waived");
}

#[test]
fn a_policy_that_grew_since_it_was_accepted_is_open_again() {
    let waiver = accepted(&with_inline(READS), "unexpected-policy");
    insta::assert_snapshot!(told(&with_inline(EVERYTHING), std::slice::from_ref(&waiver), "unexpected-policy"), @"A waiver at `waivers.toml:2` accepted it as it was on 2026-11-20: it was `medium` and is `high`; what it allows or holds changed since approval, or could not be read");
    // Also where it grew to something that is not worse.
    insta::assert_snapshot!(told(&with_inline(LISTS), &[waiver], "unexpected-policy"), @"A waiver at `waivers.toml:2` accepted it as it was on 2026-11-20: what it allows or holds changed since approval, or could not be read");
}

#[test]
fn administrative_access_that_was_accepted_as_such_is_accepted_until_it_changes() {
    let mut story = Story::small();
    story.stranger("mallory").aws_grant(user("mallory"), "Admin", "prod");
    let waiver = accepted(&story, "unexpected-user");
    assert_eq!(told(&story, std::slice::from_ref(&waiver), "unexpected-user"), "waived");
    // In one account more.
    story.aws_grant(user("mallory"), "Admin", "dev");
    assert!(told(&story, &[waiver], "unexpected-user").contains("what it allows or holds changed since approval"));
}

/// What was accepted grows by what others give it: each way by which it can.
#[test]
fn what_somebody_holds_is_part_of_what_was_accepted() {
    let stranger = |change: &dyn Fn(&mut Story)| {
        let mut story = Story::small();
        story.stranger("mallory").aws_member("AWS-Readers", "mallory");
        change(&mut story);
        story
    };
    let waiver = accepted(&stranger(&|_| {}), "unexpected-user");
    let told = |change: &dyn Fn(&mut Story)| told(&stranger(change), std::slice::from_ref(&waiver), "unexpected-user");
    assert_eq!(told(&|_| {}), "waived");
    let worse = told(&|story| _ = story.aws_member("AWS-Admins", "mallory"));
    assert!(worse.contains("it was `high` and is `critical`"), "{worse}");
    for change in [
        &(|story: &mut Story| _ = story.aws_group("Other").aws_member("Other", "mallory")) as &dyn Fn(&mut Story),
        &|story| _ = story.aws_grant(user("mallory"), "ReadOnly", "dev"),
        &|story| _ = story.aws_application("Wiki", user("mallory")),
        &|story| _ = story.entitling_role("dev", "Operator").aws_entitle(user("mallory"), "Operator", "dev"),
    ] {
        assert!(told(change).contains("what it allows or holds changed since approval"), "{}", told(change));
    }
}

#[test]
fn a_group_that_was_accepted_takes_nobody_in_unnoticed() {
    let mut story = Story::small();
    story.aws_group("Temp").aws_member("Temp", "bob");
    let waiver = accepted(&story, "unexpected-group");
    assert_eq!(told(&story, std::slice::from_ref(&waiver), "unexpected-group"), "waived");
    story.aws_member("Temp", "alice");
    assert!(told(&story, &[waiver], "unexpected-group").contains("what it allows or holds changed since approval"));
}

/// A permission set may stay what it is called and become something else, wherever it is assigned.
#[test]
fn an_assignment_that_was_accepted_ends_with_its_permission_set() {
    let mut story = Story::small();
    story.aws_grant(group("AWS-Readers"), "Audit", "dev");
    let waiver = accepted(&story, "unexpected-assignment");
    assert_eq!(told(&story, std::slice::from_ref(&waiver), "unexpected-assignment"), "waived");
    story.permission_set_grows("Audit", READS);
    assert!(
        told(&story, &[waiver], "unexpected-assignment").contains("what it allows or holds changed since approval")
    );
}

#[test]
fn a_trust_that_was_accepted_ends_with_its_conditions_and_with_the_policies_of_its_role() {
    let mut story = Story::small();
    story.lists.trusts = Some(Default::default());
    story.role_for("prod", "Partner", "999988887777");
    let waiver = accepted(&story, "outside-trust");
    assert_eq!(told(&story, std::slice::from_ref(&waiver), "outside-trust"), "waived");
    let mut given_more = story.clone();
    given_more.attach_to_role("prod", "Partner", "ReadOnlyAccess");
    assert!(told(&given_more, std::slice::from_ref(&waiver), "outside-trust").contains("changed since approval"));
    let anyone = serde_json::json!({"AWS": "arn:aws:iam::999988887777:root"});
    story.role("prod", "Partner", &anyone, &serde_json::Value::Null);
    assert!(told(&story, &[waiver], "outside-trust").contains("changed since approval"));
}

/// The same name, and somebody else: AWS gives each user, group and role an id that comes once.
#[test]
fn whoever_was_deleted_and_made_anew_under_the_same_name_was_not_accepted() {
    let mut story = Story::small();
    story.stranger("mallory").aws_group("Temp").aws_iam_user("dev", "svc-old", &["ReadOnlyAccess"]);
    story.lists.trusts = Some(Default::default());
    story.role_for("prod", "Partner", "999988887777");
    for (rule, id) in [
        ("unexpected-user", crate::story::guid("user", "mallory")),
        ("unexpected-group", crate::story::guid("group", "Temp")),
        ("unexpected-iam-user", id_in(&story, "UserName", "svc-old", "UserId")),
        ("outside-trust", id_in(&story, "RoleName", "Partner", "RoleId")),
    ] {
        let mut waived = story.clone();
        waived.lists.waivers.push(accepted(&story, rule));
        let mut saved = waived.saved_files();
        assert_eq!(told_of(&Audited::from(&saved, &waived.expected_files()), rule), "waived");
        let other: String = id.chars().rev().collect();
        for file in &mut saved {
            file.text = file.text.replace(&id, &other);
        }
        let told = told_of(&Audited::from(&saved, &waived.expected_files()), rule);
        assert!(told.contains(&format!("was `{id}` and is now `{other}`")), "{rule}: {told}");
    }
}

/// An id in AWS's answers: that of the object with this name.
fn id_in(story: &Story, name_key: &str, name: &str, key: &str) -> String {
    #[expect(clippy::wildcard_enum_match_arm, reason = "only objects and lists hold other values")]
    fn find(value: &serde_json::Value, name_key: &str, name: &str, key: &str) -> Option<String> {
        match value {
            serde_json::Value::Array(values) => values.iter().find_map(|value| find(value, name_key, name, key)),
            serde_json::Value::Object(map) if map.get(name_key).is_some_and(|value| value == name) => {
                Some(map[key].as_str().unwrap().to_owned())
            }
            serde_json::Value::Object(map) => map.values().find_map(|value| find(value, name_key, name, key)),
            _ => None,
        }
    }
    let answers = story.saved_files().into_iter().filter_map(|file| serde_json::from_str(&file.text).ok());
    answers.filter_map(|answer: serde_json::Value| find(&answer, name_key, name, key)).next().unwrap()
}

#[test]
fn a_list_that_shrank_again_was_not_accepted() {
    let mut story = Story::small();
    for number in 0..20 {
        story.hire(&format!("person{number}"), &[]);
    }
    let users = "directory/users-2026-11-19.csv";
    let shrunk = |before: u32, waivers: &[String]| {
        with(&story, waivers).with(|world| {
            let earlier = crate::support::audited::left_by(&Audited::of(&story).report());
            let rows = [(users.to_owned(), before)].into();
            world.earlier = Some(rollcall::model::Earlier { list_rows: rows, ..earlier });
        })
    };
    let audited = shrunk(100, &[]);
    let report = audited.report();
    let finding = one(&report, "shrunken-list");
    let waiving = Waiving {
        principal: None,
        account: None,
        reason: "a part was sold",
        approved_by: "ciso",
        expires: "2027-03-31".parse().unwrap(),
        accepted: compare::accepted(&report, finding),
    };
    let waiver = waiver(&report, finding, &waiving);
    assert_eq!(told_of(&shrunk(100, std::slice::from_ref(&waiver)), "shrunken-list"), "waived");
    assert!(told_of(&shrunk(200, &[waiver]), "shrunken-list").contains("changed since approval"));
}

#[test]
fn a_waiver_that_ended_does_not_hinder_a_new_one() {
    let old = accepted(&with_inline(READS), "unexpected-policy");
    let new = accepted(&with_inline(EVERYTHING), "unexpected-policy");
    assert_eq!(told(&with_inline(EVERYTHING), &[old, new], "unexpected-policy"), "waived");
}

const WHOLE: &str = "";

#[test]
fn a_waiver_of_a_whole_rule_accepts_nothing_where_that_is_severe() {
    let waiver = by_hand("unexpected-user", WHOLE, "ciso", "2027-03-31");
    let mut story = Story::small();
    story.stranger("mallory");
    let mild = with(&story, std::slice::from_ref(&waiver));
    assert_eq!(told_of(&mild, "unexpected-user"), "waived", "the rule is `medium`, and so is what was found");
    assert_eq!(invalid(&mild), Vec::<String>::new());
    // One more, who reaches something.
    story.stranger("trudy").aws_member("AWS-Readers", "trudy");
    let severe = with(&story, std::slice::from_ref(&waiver));
    assert_eq!(severe.report().verdict.waived, 0);
    insta::assert_snapshot!(invalid(&severe).join("\n"), @"It covers a whole rule with findings up to `high`; it must name a finding, a principal or an account");
    // A rule that is severe by itself, or that the settings call so.
    let root = by_hand("root-without-mfa", WHOLE, "ciso", "2027-03-31");
    let mut story = Story::small();
    story.root("prod", "true", false, 0);
    let audited = with(&story, &[root]);
    assert_eq!((audited.report().verdict.waived, invalid(&audited).len()), (0, 1));
    let level = (RuleId("unexpected-user"), Level::At(Severity::High));
    let audited = with(&Story::small(), &[waiver]).with(|world| world.policy.levels.extend([level]));
    assert_eq!(invalid(&audited).len(), 1, "it waits for the first one to come along");
}

#[test]
fn a_waiver_that_runs_too_long_accepts_nothing() {
    let mut story = Story::small();
    story.stranger("mallory");
    let until = |day: &str| by_hand("unexpected-user", "principal = \"mallory@corp.example.com\"", "ciso", day);
    // 180 days from 2026-11-20.
    assert_eq!(told(&story, &[until("2027-05-19")], "unexpected-user"), "waived");
    let audited = with(&story, &[until("2027-05-20")]);
    insta::assert_snapshot!(told_of(&audited, "unexpected-user"), @"A waiver at `waivers.toml:1` names it but does not accept it: it runs longer than the 180 days that the settings allow (`rules.waiver_max`); its last day can be 2027-05-19 at the latest");
    insta::assert_snapshot!(invalid(&audited).join("\n"), @"It runs longer than the 180 days that the settings allow (`rules.waiver_max`); its last day can be 2027-05-19 at the latest");
    assert!(
        audited.titles().iter().any(|title| title.contains("is invalid and accepts nothing")),
        "{:?}",
        audited.titles()
    );
    // What the settings allow.
    let longer: Age = "400d".parse().unwrap();
    let audited = with(&story, &[until("2027-12-24")]).with(|world| world.policy.max_waiver = longer.0);
    assert_eq!(told_of(&audited, "unexpected-user"), "waived");
    // An expired one is expired, and nothing else.
    assert_eq!(invalid(&with(&story, &[until("2026-11-19")])), Vec::<String>::new());
}

#[test]
fn nobody_accepts_what_they_are_themselves() {
    let mut story = Story::small();
    story.aws_member("AWS-Admins", "bob").stranger("mallory");
    let membership = accepted(&story, "unexpected-membership");
    let stranger = |by: &str| by_hand("unexpected-user", "principal = \"mallory@corp.example.com\"", by, "2027-03-31");
    let membership = |by: &str| membership.replace("ciso@corp.example.com", by);
    for (rule, waiver) in [
        ("unexpected-user", stranger("mallory@corp.example.com")),
        ("unexpected-user", stranger("Mallory@Corp.Example.Com ")),
        ("unexpected-user", stranger("mallory")),
        ("unexpected-user", stranger("CORP\\\\mallory")),
        ("unexpected-user", stranger("Mallory Finch <mallory@corp.example.com>")),
        ("unexpected-user", stranger("mallory\u{200b}@corp.example.com")),
        ("unexpected-membership", membership("bob  example")),
        ("unexpected-membership", membership("Bob\u{a0}Example")),
        ("unexpected-membership", membership("Example, Bob")),
        // By the names that only the directory has.
        ("unexpected-membership", membership("bob")),
        ("unexpected-membership", membership("Bob Example")),
        ("unexpected-membership", membership("ciso, bob@corp.example.com")),
    ] {
        let audited = with(&story, std::slice::from_ref(&waiver));
        let told = told_of(&audited, rule);
        assert!(told.contains("the person it is about; another person must approve it"), "{waiver}\n{told}");
        assert_eq!(invalid(&audited).len(), 1, "{waiver}");
    }
    for by in ["ciso@corp.example.com", "alice", "bobby", "not-mallory@corp.example.com", "mallory@other.example"] {
        assert_eq!(told(&story, &[stranger(by)], "unexpected-user"), "waived", "{by}");
        assert_eq!(told(&story, &[membership(by)], "unexpected-membership"), "waived", "{by}");
    }
}

#[test]
fn nobody_accepts_a_finding_of_the_iam_user_that_they_answer_for() {
    let mut story = Story::small();
    story.change("dev", "svc-backup", |user| user.keys = 1);
    story.leaves("alice");
    let waiver = accepted(&story, "leaver-with-key");
    let by = |by: &str| told(&story, &[waiver.replace("ciso@corp.example.com", by)], "leaver-with-key");
    for own in ["alice", "alice@corp.example.com", "Alice Example", "Example Alice", "mailto:alice@corp.example.com"] {
        assert!(by(own).contains("the person it is about; another person must approve it"), "{own}: {}", by(own));
    }
    assert_eq!(by("ciso"), "waived");
    assert_eq!(by("bob@corp.example.com"), "waived");
}

#[test]
fn nobody_accepts_a_finding_of_theirs_by_their_second_account() {
    let mut story = Story::small();
    story.directory_person("adm-bob").aws_member("AWS-Admins", "bob");
    let waiver = accepted(&story, "unexpected-membership").replace("ciso@corp.example.com", "adm-bob@corp.example.com");
    let told = |number: &str, name: &str| {
        let audited = with(&story, std::slice::from_ref(&waiver)).with(|world| {
            let mut people: Vec<_> = world.expectation.people.seen().cloned().collect();
            for person in &mut people {
                match person.sam.as_deref() {
                    Some("bob") => person.employee_ids.push("1003".to_owned()),
                    Some("adm-bob") => {
                        person.employee_ids.push(number.to_owned());
                        person.name = name.to_owned();
                    }
                    _ => {}
                }
            }
            world.expectation.people = Listing::by_key(people, world.expectation.people.extent().clone(), |_| ());
        });
        told_of(&audited, "unexpected-membership")
    };
    assert!(told("01003", "Bob Example (admin)").contains("the person it is about"));
    assert_eq!(told("1004", "Bob Example (admin)"), "waived");
    assert_eq!(told("1003", "Somebody Else"), "waived");
}

/// A waiver for an account may name many people. Its approver is not one of those whom it accepts.
#[test]
fn whoever_approves_for_many_does_not_approve_for_themselves() {
    let mut story = Story::small();
    story.aws_grant(user("bob"), "ReadOnly", "dev").aws_grant(user("carol"), "ReadOnly", "dev");
    let waiver = by_hand("unexpected-assignment", "account = \"333344445555\"", "bob", "2027-03-31");
    let audited = with(&story, std::slice::from_ref(&waiver));
    let open =
        |audited: &Audited| audited.titles().into_iter().filter(|title| title.contains("ReadOnly")).collect::<Vec<_>>();
    assert_eq!(open(&audited).len(), 1);
    assert!(open(&audited)[0].contains("`bob@corp.example.com`"), "{:?}", open(&audited));
    // Another person does.
    let both = with(&story, &[waiver.clone(), waiver.replace("\"bob\"", "\"alice\"")]);
    assert_eq!(open(&both), Vec::<String>::new());
}

#[test]
fn the_command_writes_no_waiver_that_would_accept_nothing() {
    let mut story = Story::small();
    story.stranger("mallory");
    let folder = folder(&story.saved_files(), &story.expected_files());
    let id = one(&Audited::of(&story).report(), "unexpected-user").fingerprint.to_string();
    let waive = |by: &str, until: &str| {
        let output =
            run(&folder, &["waive", "--finding", &id, "--reason", "so", "--approved-by", by, "--until", until]);
        assert!(!folder.path().join("expected/waivers.toml").exists() || output.code == 0);
        (output.code, output.stderr)
    };
    let (code, message) = waive("mallory", "2027-03-31");
    assert_eq!(code, 1);
    insta::assert_snapshot!(message, @r"
    error: `waivers.toml` was not changed, because this finding would remain: User `mallory@corp.example.com` is in Identity Center but not in any expected list
      help: A waiver at `waivers.toml:2` names it but does not accept it: it was approved by `mallory`, the person it is about; another person must approve it
    ");
    let (code, message) = waive("ciso", "2027-05-20");
    assert_eq!(code, 2);
    insta::assert_snapshot!(message, @r"
    error: `--until 2027-05-20` exceeds the 180 days that a waiver may run (`rules.waiver_max`)
      help: use 2027-05-19 at the latest
    ");
    for nobody in ["TBD", "-", "todo", "x"] {
        let (code, message) = waive(nobody, "2027-05-19");
        assert_eq!(code, 2, "{nobody}");
        assert!(message.contains("it names no approver"), "{message}");
    }
    assert_eq!(waive("ciso", "2027-05-19").0, 0);
    assert_eq!(run(&folder, &["audit"]).code, 0);
}

/// Twenty thousand waivers and findings: with a look at each waiver for each finding this would take minutes.
#[test]
fn many_waivers_are_asked_once_each() {
    let mut story = Story::small();
    for number in 0..2_000 {
        let name = format!("stranger{number}");
        story.stranger(&name);
        for day in 1..=10 {
            story.waive("unexpected-user", &format!("{name}@corp.example.com"), &format!("2027-01-{day:02}"));
        }
    }
    // Many that name the same, of which none accepts it: one by each approver, and all that was found.
    for number in 0..2_000 {
        let by = format!("approver{number}");
        story.lists.waivers.push(by_hand("unexpected-user", "finding = \"0000000000000000\"", &by, "2027-01-01"));
        story.lists.waivers.push(by_hand("missing-user", WHOLE, &by, "2027-01-01"));
    }
    let audited = Audited::of(&story);
    let report = audited.report();
    assert_eq!((report.world.expectation.waivers.len(), report.verdict.waived), (24_000, 2_000));
    assert_eq!(report.open().filter(|finding| finding.rule.0 == "unused-waiver").count(), 2);
}

#[test]
fn page_one_says_how_many_waivers_people_approved_who_have_left() {
    let mut story = Story::small();
    story.leaves("bob").aws_user_gone("bob").stranger("mallory");
    let told = |by: &str| {
        let waiver = by_hand("unexpected-user", "principal = \"mallory@corp.example.com\"", by, "2027-03-31");
        let audited = with(&story, &[waiver]);
        wording::notices(&audited.report()).into_iter().find(|notice| notice.contains("approved by"))
    };
    for by in ["bob@corp.example.com", "Example, Bob", "Bob Example <bob@corp.example.com>"] {
        assert_eq!(told(by).as_deref(), Some("1 waiver was approved by a person who has left"), "{by}");
    }
    assert_eq!((told("alice@corp.example.com"), told("ciso")), (None, None));
}

#[test]
fn a_waiver_written_by_hand_accepts_nothing_of_a_root_user() {
    for (rule, password, mfa, keys) in [("root-access-key", "false", true, 1), ("root-without-mfa", "true", false, 0)] {
        let mut story = Story::small();
        story.root("dev", password, mfa, keys);
        let by_account = by_hand(rule, "account = \"333344445555\"", "ciso@corp.example.com", "2027-02-28");
        let said = told(&story, &[by_account], rule);
        assert!(said.contains("administrative"), "{rule}: {said}");
        assert_eq!(told(&story, &[accepted(&story, rule)], rule), "waived");
    }
}

#[test]
fn a_waiver_of_an_iam_user_ends_when_it_gets_another_key_or_a_password() {
    let mut story = Story::small();
    story.aws_iam_user("prod", "svc-old", &["AmazonS3ReadOnlyAccess"]);
    let rule = "unexpected-iam-user";
    let waiver = [accepted(&story, rule)];
    assert_eq!(told(&story, &waiver, rule), "waived");
    for change in [
        |user: &mut crate::story::IamUser| user.keys = 2,
        |user: &mut crate::story::IamUser| (user.password, user.mfa) = (true, true),
    ] {
        let mut grown = story.clone();
        grown.change("prod", "svc-old", change);
        assert!(told(&grown, &waiver, rule).contains("changed"), "{}", told(&grown, &waiver, rule));
    }
}

#[test]
fn a_waiver_of_a_stranger_ends_when_its_group_is_given_more() {
    let mut story = Story::small();
    story.aws.users.insert("mallory".to_owned(), true);
    story.aws_member("AWS-Readers", "mallory");
    let rule = "unexpected-user";
    let waiver = [accepted(&story, rule)];
    assert_eq!(told(&story, &waiver, rule), "waived");
    story.grant(group("AWS-Readers"), "Audit", "dev");
    assert!(told(&story, &waiver, rule).contains("changed"), "{}", told(&story, &waiver, rule));
}

//! Where nobody can say whom a name means, or what was not read would have said: unknown, and never in order.

use std::collections::BTreeMap;
use std::sync::Arc;

use rollcall::adopt::Outcome;
use rollcall::model::{
    Extent, Gap, Hides, IamPolicy, IamUser, Kind, Listing, PolicyDocument, Side, StandingWord, User, What, Why, World,
};
use rollcall::pipeline::propose;
use serde_json::{Value, json};

use crate::story::{Story, group, sign_in_name, user};
use crate::support::audited::Audited;

fn none() -> Vec<String> {
    Vec::new()
}

fn gap(source: &str) -> Arc<Gap> {
    Arc::new(Gap {
        side: Side::Aws,
        source: source.to_owned(),
        account: None,
        unseen: What::Users.into(),
        why: Why::TokenRepeated,
        hides: Hides::Grants,
    })
}

fn users(world: &mut World, change: impl FnMut(&mut User)) {
    let mut users: Vec<User> = world.snapshot.users.seen().cloned().collect();
    users.iter_mut().for_each(change);
    world.snapshot.users = Listing::by_key(users, world.snapshot.users.extent().clone(), |_| ());
}

fn iam_users(world: &mut World, extent: Option<&Extent>, mut change: impl FnMut(&mut IamUser)) {
    for account in &mut world.snapshot.iam {
        let mut users: Vec<IamUser> = account.users.seen().cloned().collect();
        users.iter_mut().for_each(&mut change);
        let extent = extent.unwrap_or(account.users.extent()).clone();
        account.users = Listing::by_key(users, extent, |_| ());
    }
}

/// Carol holds what Bob may have.
fn carol_for_bob() -> Story {
    let mut story = Story::small();
    story.expect_grant(user("bob"), "Audit", "prod").aws_grant(user("carol"), "Audit", "prod");
    story
}

#[test]
fn a_mail_address_that_is_anothers_sign_in_name_makes_nobody_expected() {
    let as_it_is = Audited::of(&carol_for_bob());
    assert_eq!(as_it_is.rules(), ["unexpected-assignment", "missing-assignment"]);
    let shared =
        Audited::of(&carol_for_bob()).with(|world| users(world, |user| user.mails = vec![sign_in_name("bob")]));
    assert_eq!(shared.titles(), as_it_is.titles());
}

#[test]
fn a_row_by_a_mail_address_that_two_users_share_is_unknown_both_ways() {
    let mut story = Story::small();
    let mut lists = story.expected_files();
    let assignments = lists.iter_mut().find(|(name, _)| name == "assignments.csv").expect("the list");
    assignments.1.push_str("user,team@corp.example.com,222233334444,Audit,ciso\n");
    story.aws_grant(user("carol"), "Audit", "prod");
    let shared = |mails: &'static [&'static str]| {
        Audited::from(&story.saved_files(), &lists).with(|world| {
            users(world, |user| {
                if mails.iter().any(|name| user.user_name == sign_in_name(name)) {
                    user.mails = vec!["team@corp.example.com".to_owned()];
                }
            });
        })
    };
    let alone = shared(&["carol"]);
    assert_eq!((alone.titles(), alone.gaps()), (none(), none()), "an address of one user means that user");
    let two = shared(&["bob", "carol"]);
    assert_eq!(two.titles(), none());
    assert_eq!(two.counts(Kind::Assignment)[&StandingWord::Unknown], 2, "the grant, and the row");
    assert_eq!(
        two.gaps(),
        [
            "the principal that a row calls `team@corp.example.com`: `directory`: `team@corp.example.com` matches more than one: \
          `bob@corp.example.com` and `carol@corp.example.com`"
        ]
    );
    assert!(!two.report().verdict.complete());
}

#[test]
fn a_user_who_is_called_like_somebodys_guid_is_not_that_person() {
    let mut story = Story::small();
    story.stranger("mallory").aws_member("AWS-Admins", "mallory").directory_person("erik");
    let expected = Audited::of(&story).rules();
    assert_eq!(expected, ["unexpected-user"]);
    let audited = Audited::of(&story).with(|world| {
        let erik = world.expectation.people.seen().find(|person| person.sam.as_deref() == Some("erik"));
        let guid = erik.and_then(|erik| erik.guid).expect("the export has GUIDs").to_string();
        users(world, |user| {
            if user.user_name == sign_in_name("mallory") {
                user.user_name.clone_from(&guid);
            }
        });
    });
    assert_eq!(audited.rules(), expected);
}

#[test]
fn a_group_that_is_called_like_anothers_guid_is_not_that_group() {
    let mut story = Story::small();
    story.aws_group("AWS-Strange");
    let expected = Audited::of(&story).rules();
    assert_eq!(expected, ["unexpected-group"]);
    let audited = Audited::of(&story).with(|world| {
        let guid = "0f8fad5b-d9cb-469f-a165-70867728950e".to_owned();
        let mut directory: Vec<_> = world.expectation.groups.seen().cloned().collect();
        let mut others = directory[0].clone();
        (others.guid, others.names, others.entra_id) = (guid.parse().ok(), vec!["Others".to_owned()], None);
        directory.push(others);
        world.expectation.groups = Listing::by_key(directory, world.expectation.groups.extent().clone(), |_| ());
        let mut groups: Vec<_> = world.snapshot.groups.seen().cloned().collect();
        groups.iter_mut().filter(|group| group.name == "AWS-Strange").for_each(|group| group.name.clone_from(&guid));
        world.snapshot.groups = Listing::by_key(groups, world.snapshot.groups.extent().clone(), |_| ());
    });
    assert_eq!(audited.rules(), expected);
}

#[test]
fn a_document_that_says_nothing_or_two_things_is_an_error_and_not_an_empty_document() {
    let refused = |text: &str| PolicyDocument::parse(text).unwrap_err();
    assert_eq!(refused(r#"{"Version": "2012-10-17"}"#), "it has no `Statement`");
    let twice = r#"{"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "iam:*", "Resource": "*"}}"#;
    assert_eq!(refused(twice), "it names actions twice");
    let resources = r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "a", "NotResource": "*"}}"#;
    assert_eq!(refused(resources), "it names resources twice");
}

#[test]
fn administrative_access_of_a_group_that_could_not_be_listed_is_found_all_the_same() {
    let mut story = Story::small();
    story.lists.assignments = None;
    story.aws_group("AWS-Hidden").aws_grant(group("AWS-Hidden"), "Admin", "dev");
    let unlisted = |extent: Option<Extent>| {
        Audited::of(&story).with(|world| {
            let mut groups: Vec<_> = world.snapshot.groups.seen().cloned().collect();
            let hidden = groups.iter_mut().filter(|group| group.name == "AWS-Hidden");
            hidden.for_each(|group| group.listed = false);
            let extent = extent.unwrap_or(world.snapshot.groups.extent().clone());
            world.snapshot.groups = Listing::by_key(groups, extent, |_| ());
        })
    };
    let about_hidden = |audited: &Audited| -> Vec<String> {
        let rule = |title: &String| title.split(':').next().unwrap_or_default().to_owned();
        audited.titles().iter().filter(|title| title.contains("AWS-Hidden")).map(rule).collect()
    };
    assert_eq!(about_hidden(&unlisted(None)), ["medium orphaned-assignment"], "gone, and so one cause");
    let denied = unlisted(Some(Extent::Part(gap("identitystore:ListGroups"))));
    assert_eq!(about_hidden(&denied), ["high unlisted-administrative-access"]);
}

#[test]
fn iam_policies_are_administrative_together_and_within_their_boundary() {
    let found = |inline: &[(&str, &str)], limit: bool| {
        let mut story = Story::small();
        story.lists.iam_users = None;
        story.aws_iam_user("prod", "svc", &[]);
        let statement =
            |actions: &str| format!(r#"{{"Statement": {{"Effect": "Allow", "Action": {actions}, "Resource": "*"}}}}"#);
        let svc = story.aws.iam.get_mut("prod").and_then(|users| users.get_mut("svc")).expect("a user");
        svc.inline = inline.iter().map(|(name, actions)| ((*name).to_owned(), statement(actions))).collect();
        let audited = Audited::of(&story).with(|world| {
            iam_users(world, None, |user| {
                let limit = user.policies.first().filter(|_| limit && user.name == "svc").cloned();
                user.boundary =
                    limit.map(|policy| IamPolicy { document: Some(statement(r#""s3:Get*""#).into()), ..policy });
            });
        });
        audited.titles()
    };
    let administrative = "high unlisted-administrative-access: IAM user `svc` in `Acme Production` (222233334444) is administrative; no expected list covers this access";
    let pass = ("a", r#"["iam:PassRole"]"#);
    let run = ("b", r#"["lambda:CreateFunction", "lambda:InvokeFunction"]"#);
    assert_eq!(found(&[pass], false), none());
    assert_eq!(found(&[pass, run], false), [administrative], "one may need the other");
    let all = ("all", r#""*""#);
    assert_eq!(found(&[all, ("more", r#""iam:*""#)], false), [administrative], "one finding for one user");
    assert_eq!(found(&[all], true), none(), "the boundary takes it away");
}

/// A user of IAM whose policies were approved by their digest.
fn approved() -> (Story, Vec<(String, String)>) {
    let mut story = Story::small();
    story.iam_user("prod", "svc", &["AmazonS3ReadOnlyAccess"], "alice");
    let document = r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#;
    let svc = story.aws.iam.get_mut("prod").and_then(|users| users.get_mut("svc")).expect("a user");
    svc.inline.insert("own".to_owned(), document.to_owned());
    let audited = Audited::of(&story);
    let mut users = audited.world().snapshot.iam.iter().flat_map(|iam| iam.users.seen());
    let digest = users.find(|user| user.name == "svc").and_then(IamUser::policies_digest).expect("every document");
    let mut lists: Vec<(String, String)> = story.expected_files();
    lists.retain(|(name, _)| name != "iam-users.csv");
    let rows = format!(
        "account,user,owner,digest\n222233334444,svc,{},{digest}\n333344445555,svc-backup,alice,\n",
        sign_in_name("alice")
    );
    lists.push(("iam-users.csv".to_owned(), rows));
    (story, lists)
}

#[test]
fn policies_that_were_not_all_read_are_not_said_to_differ_from_what_was_approved() {
    let (story, lists) = approved();
    let judged = |extent: Option<&Extent>, change: &dyn Fn(&mut IamUser)| {
        Audited::from(&story.saved_files(), &lists).with(|world| iam_users(world, extent, change))
    };
    assert_eq!(judged(None, &|_| {}).titles(), none());
    let lose_one = |user: &mut IamUser| user.policies.truncate(1);
    assert_eq!(judged(None, &lose_one).rules(), ["differing-policy"]);
    let cut = Extent::Part(gap("iam:GetAccountAuthorizationDetails"));
    let unread = |user: &mut IamUser| {
        user.policies.iter_mut().filter(|policy| policy.arn.is_none()).for_each(|policy| policy.document = None);
    };
    for audited in [judged(Some(&cut), &lose_one), judged(None, &unread)] {
        assert_eq!(audited.titles(), none());
        assert_eq!(audited.counts(Kind::IamUser)[&StandingWord::Unknown], 1);
        assert!(!audited.report().verdict.complete());
    }
}

#[test]
fn an_owner_whom_the_lists_no_longer_have_is_none() {
    let owned = |owner: &str| {
        let mut story = Story::small();
        let users = story.lists.iam_users.as_mut().expect("the list");
        users.values_mut().for_each(|row| row.owner = owner.to_owned());
        Audited::of(&story).titles()
    };
    assert_eq!(owned(&sign_in_name("alice")), none());
    assert_eq!(
        owned(&sign_in_name("deleted.leaver")),
        ["low unowned-iam-user: IAM user `svc-backup` in `Acme Development` (333344445555) has no known owner"]
    );
    assert_eq!(owned("Platform team"), none(), "a team need not be in a list of people");
    assert_eq!(owned("backup@vendor.example"), none(), "nor somebody of another company");
}

#[test]
fn a_refused_row_of_an_account_leaves_the_trust_of_its_roles_unknown() {
    let mut story = Story::small();
    story.role("prod", "scanner", &json!({"AWS": "arn:aws:iam::999988887777:role/ops"}), &Value::Null);
    let trusting = |row: &str| {
        let mut lists = story.expected_files();
        lists.push(("trusts.csv".to_owned(), format!("account,role,trusted\n{row}\n")));
        Audited::from(&story.saved_files(), &lists)
    };
    assert_eq!(trusting("222233334444,scanner,999988887777").titles(), none());
    let refused = trusting("22223333444,scanner,999988887777");
    assert_eq!(refused.titles(), none());
    assert_eq!(refused.counts(Kind::Trust), BTreeMap::from([(StandingWord::Unknown, 1)]));
}

#[test]
fn rows_that_say_the_same_are_one_finding_with_one_fingerprint() {
    let mut story = Story::small();
    story.expect_grant(group("AWS-Readers"), "Audit", "prod");
    let lists: Vec<(String, String)> = story
        .expected_files()
        .into_iter()
        .map(|(name, text)| {
            let again: String =
                text.lines().filter(|line| line.contains("Audit")).map(|line| format!("{line}\n")).collect();
            let text = if name == "assignments.csv" { text + &again + &again } else { text };
            (name, text)
        })
        .collect();
    let audited = Audited::from(&story.saved_files(), &lists);
    let report = audited.report();
    let findings: Vec<_> = report.open().collect();
    let [finding] = findings.as_slice() else { panic!("one finding: {:?}", audited.titles()) };
    assert_eq!(finding.rule.0, "missing-assignment");
    let rows = finding.evidence.iter().filter_map(|piece| piece.row()).count();
    assert_eq!(rows, 3, "each row is evidence");
}

#[test]
fn a_permission_set_of_which_nobody_can_say_needs_a_row_that_approves_it() {
    let mut story = Story::small();
    story.permission_set("ReadOnly", "job-function/SystemAdministrator");
    let judged_in = |story: &Story, row: &str| {
        let mut lists = story.expected_files();
        let rows = format!("name,administrative,digest\nAdmin,yes,\nAudit,no,\nReadOnly,{row}\n");
        lists.push(("permission-sets.csv".to_owned(), rows));
        Audited::from(&story.saved_files(), &lists)
    };
    let judged = |row: &str| judged_in(&story, row);
    let digest = "2905d695be1615f307088d68e7b1c424a3483d618fa943e13848e73156b18493";
    for row in ["yes,".to_owned(), format!(",{digest}"), format!("no,{digest}")] {
        assert_eq!((judged(&row).titles(), judged(&row).gaps()), (none(), none()), "{row}");
    }
    let told = format!(
        "whether permission set `ReadOnly` is administrative: `permission-sets.csv`: the document of \
         `SystemAdministrator` was not read; its digest is `{digest}`"
    );
    for row in [",", "no,"] {
        let audited = judged(row);
        assert_eq!((audited.titles(), audited.gaps()), (none(), vec![told.clone()]), "{row}");
        assert!(!audited.report().verdict.complete());
    }
    // Without the list nothing approves it either.
    let unlisted = Audited::of(&story);
    assert_eq!((unlisted.titles(), unlisted.gaps()), (none(), vec![told]));
    // What nobody has waits.
    let mut held_by_nobody = story.clone();
    held_by_nobody.aws.assignments.retain(|one| one.permission_set != "ReadOnly");
    held_by_nobody.lists.assignments.as_mut().unwrap().retain(|one| one.permission_set != "ReadOnly");
    assert_eq!(judged_in(&held_by_nobody, "no,").gaps(), none());
}

#[test]
fn a_draft_promises_of_no_permission_set_what_nobody_can_say() {
    let mut story = Story::small();
    story.permission_set("ReadOnly", "job-function/SystemAdministrator");
    let audited = Audited::of(&story);
    let proposals = propose(&audited.report());
    let outcome = proposals.into_iter().find(|proposal| proposal.name == "permission-sets.csv");
    let Some(Outcome::Draft(draft)) = outcome.map(|proposal| proposal.outcome) else { panic!("a draft") };
    let cells: Vec<String> = draft
        .text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(|line| line.split(',').take(2).collect::<Vec<_>>().join(","))
        .collect();
    assert_eq!(cells, ["name,administrative", "Admin,yes", "Audit,no", "ReadOnly,"]);
}

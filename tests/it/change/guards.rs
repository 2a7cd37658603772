//! What holds a plan: each guard where it should, with its numbers, and not a step before.
#![expect(clippy::wildcard_enum_match_arm, reason = "each test looks at one guard")]

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use rollcall::change::request::{Named, NewUser, OfIamUser, Request, Verb};
use rollcall::change::{
    self, ChangeKind, Circumstances, Digest, Guard, Options, Own, Planned, Rests, Source, Thing, WayThrough,
};
use rollcall::model::{Caller, Gap, Hides, Side, UserStatus, What, Why};
use serde_json::json;

use super::{asked, assignment, iam_user, judged, kept_here, member};
use crate::story::{Story, group, sign_in_name, user};
use crate::support::audited::Audited;
use crate::support::read;

/// The guards that hold these requests in a story, under these settings.
fn held(audited: &Audited, requests: &[Request], options: &Options) -> Vec<Guard> {
    let report = audited.report();
    judged(&report, &asked(&report, requests), options).held
}

/// Settings that let all removals pass.
fn generous() -> Options {
    Options { removals: 1_000, removal_share: "100%".parse().unwrap(), ..Options::default() }
}

fn bob_out() -> Request {
    member("AWS-Readers", "bob", Verb::Remove)
}

#[test]
fn removals_are_capped_by_number_and_by_share_exactly() {
    let mut story = Story::small();
    for number in 0..60 {
        story.stranger(&format!("s{number}")).aws_member("AWS-Readers", &format!("s{number}"));
    }
    let audited = kept_here(&story);
    let out = |number: usize| -> Vec<Request> {
        (0..number).map(|one| member("AWS-Readers", &format!("s{one}"), Verb::Remove)).collect()
    };
    // 63 memberships: 5 % of them are three.
    assert_eq!(held(&audited, &out(3), &Options::default()), []);
    let guard = Guard::RemovalShare { of: Thing::Membership, removals: 4, seen: 63, allowed: 3 };
    assert_eq!(held(&audited, &out(4), &Options::default()), [guard]);
    let by_number = Options { removal_share: "100%".parse().unwrap(), ..Options::default() };
    assert_eq!(held(&audited, &out(10), &by_number), []);
    let too_many = held(&audited, &out(11), &by_number);
    assert_eq!(too_many, [Guard::Removals { removals: 11, allowed: 10 }]);
    assert_eq!(too_many[0].way_through(11), WayThrough::AllowRemovals(11));
}

#[test]
fn of_a_few_one_may_always_be_removed() {
    let audited = kept_here(&Story::small());
    let shares = |guards: Vec<Guard>| guards.iter().filter(|one| matches!(one, Guard::RemovalShare { .. })).count();
    assert_eq!(shares(held(&audited, &[bob_out()], &Options::default())), 0);
    let two = [bob_out(), member("AWS-Readers", "carol", Verb::Remove)];
    assert_eq!(shares(held(&audited, &two, &Options::default())), 1);
}

#[test]
fn a_group_or_an_account_that_is_left_with_nobody_is_told() {
    let audited = kept_here(&Story::small());
    let empty = held(&audited, &[member("AWS-Admins", "alice", Verb::Remove)], &generous());
    assert!(empty.contains(&Guard::LeftEmpty { name: "AWS-Admins".to_owned(), had: 1 }), "{empty:?}");
    let both = [
        assignment(Named::Group("AWS-Admins".to_owned()), "Admin", "Acme Production", Verb::Remove),
        assignment(Named::Group("AWS-Readers".to_owned()), "ReadOnly", "Acme Production", Verb::Remove),
    ];
    let account = Guard::LeftEmpty { name: "222233334444".to_owned(), had: 2 };
    assert!(held(&audited, &both, &generous()).contains(&account));
    assert!(!held(&audited, &both[..1], &generous()).contains(&account));
}

#[test]
fn whatever_makes_an_administrator_is_held_by_every_way() {
    let mut story = Story::small();
    story.managed_policy(
        "dev",
        "own",
        &json!({
            "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
        }),
    );
    let audited = kept_here(&story);
    let grants = |request: Request| {
        let held = held(&audited, &[request], &generous());
        held.iter().filter(|guard| matches!(guard, Guard::GrantsAdministration { .. })).count()
    };
    let bob = || Named::User(sign_in_name("bob"));
    assert_eq!(grants(member("AWS-Admins", "bob", Verb::Add)), 1, "by a group");
    assert_eq!(grants(assignment(bob(), "Admin", "Acme Development", Verb::Add)), 1, "by an assignment");
    let own = OfIamUser::Policy("arn:aws:iam::333344445555:policy/own".to_owned(), Verb::Add);
    assert_eq!(grants(iam_user("Acme Development", "svc-backup", own)), 1, "by a customer managed policy");
    let unknown = OfIamUser::Policy("arn:aws:iam::aws:policy/NeverHeardOf".to_owned(), Verb::Add);
    assert_eq!(grants(iam_user("Acme Development", "svc-backup", unknown)), 1, "what cannot be ruled out");
    assert_eq!(grants(assignment(bob(), "ReadOnly", "Acme Development", Verb::Add)), 0);
    assert_eq!(grants(member("AWS-Admins", "alice", Verb::Remove)), 0);
    let new = Request::CreateIamUser {
        account: "Acme Development".to_owned(),
        name: "build-7".to_owned(),
        path: "/".to_owned(),
        tags: BTreeMap::new(),
        boundary: None,
        policies: vec!["own".to_owned()],
        groups: Vec::new(),
        console: false,
    };
    assert_eq!(grants(new), 1, "by being made with it");
    let report = audited.report();
    let changes = asked(&report, &[member("AWS-Admins", "bob", Verb::Add)]);
    let judgement = judged(&report, &changes, &generous());
    assert_eq!(judgement.foreseen.grants_administration, [changes[0].id.clone()]);
}

#[test]
fn taking_away_what_denies_counts_as_a_grant() {
    let policy = |effect: &str| {
        json!({
            "Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": "s3:*", "Resource": "*"}]
        })
    };
    let mut story = Story::small();
    for (name, effect) in [("denies", "Deny"), ("allows", "Allow")] {
        story.managed_policy("dev", name, &policy(effect));
        let arn = format!("arn:aws:iam::333344445555:policy/{name}");
        story.change("dev", "svc-backup", |user| user.attached.push(arn));
    }
    let audited = kept_here(&story);
    let denials = |name: &str| -> Vec<bool> {
        let policy = OfIamUser::Policy(name.to_owned(), Verb::Remove);
        let held = held(&audited, &[iam_user("Acme Development", "svc-backup", policy)], &generous());
        let denies = held.into_iter().filter_map(|guard| match guard {
            Guard::RemovesDeny { denies, .. } => Some(denies),
            _ => None,
        });
        denies.collect()
    };
    assert_eq!(denials("denies"), [true]);
    assert_eq!(denials("allows"), Vec::<bool>::new());
    assert_eq!(denials("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"), [false], "it was not read");
}

#[test]
fn a_new_finding_is_foreseen_and_one_that_becomes_milder_is_none() {
    let audited = kept_here(&Story::small());
    let held_by = |requests: &[Request]| -> Vec<String> {
        let held = held(&audited, requests, &generous());
        let found = held.into_iter().filter_map(|guard| match guard {
            Guard::NewFindings { findings } => Some(findings),
            _ => None,
        });
        found.flatten().map(|one| one.rule).collect()
    };
    assert_eq!(held_by(&[bob_out()]), ["missing-membership"]);
    assert_eq!(held_by(&[member("AWS-Readers", "alice", Verb::Add)]), ["unexpected-membership"]);

    let mut story = Story::small();
    story.leaves("alice");
    let audited = kept_here(&story);
    let report = audited.report();
    let rules: Vec<&str> = report.open().map(|finding| finding.rule.0).collect();
    assert!(rules.contains(&"leaver-with-key"), "{rules:?}");
    let keys = iam_user("Acme Development", "svc-backup", OfIamUser::DeactivateKey(None));
    let judgement = judged(&report, &asked(&report, &[keys]), &generous());
    assert_eq!(judgement.foreseen.makes, [], "the user is still a leaver's, and that is milder");
    assert_eq!(judgement.foreseen.resolves.len(), 1);
}

#[test]
fn the_last_administrators_stay() {
    let mut story = Story::small();
    story.hire("dora", &["AWS-Admins"]).grant(group("AWS-Admins"), "Admin", "management");
    let lost = |audited: &Audited, who: &[&str], least: usize| -> Vec<(String, usize, usize)> {
        let requests: Vec<Request> = who.iter().map(|name| member("AWS-Admins", name, Verb::Remove)).collect();
        let options = Options { min_administrators: least, ..generous() };
        let held = held(audited, &requests, &options).into_iter().filter_map(|guard| match guard {
            Guard::LastAdministrators { account, before, after, .. } => Some((account.to_string(), before, after)),
            _ => None,
        });
        held.collect()
    };
    let both = ["123456789012".to_owned(), "222233334444".to_owned()];
    let of_both = |before, after| both.clone().map(|account| (account, before, after)).to_vec();
    let audited = kept_here(&story);
    assert_eq!(lost(&audited, &["dora"], 1), []);
    assert_eq!(lost(&audited, &["dora"], 2), of_both(2, 1));
    assert_eq!(lost(&audited, &["dora", "alice"], 1), of_both(2, 0));
    // Where there are fewer already, only the management account is guarded.
    assert_eq!(lost(&audited, &["dora"], 3), of_both(2, 1)[..1]);
    // Where not all could be read, it is not known that there were fewer.
    let partial = kept_here(&story).with(|world| {
        world.snapshot.gaps.push(Arc::new(Gap {
            side: Side::Aws,
            source: "sso:ListAccountAssignments".to_owned(),
            account: Some("222233334444".parse().unwrap()),
            unseen: What::PermissionSets.into(),
            why: Why::NotAsked,
            hides: Hides::Grants,
        }));
    });
    assert_eq!(lost(&partial, &["dora"], 3), of_both(2, 1));
    // Who cannot sign in helps nobody.
    let disabled = kept_here(&story).with(|world| {
        let dora = world.snapshot.users.positions().find(|(_, user)| user.user_name == sign_in_name("dora")).unwrap().0;
        world.snapshot.users[dora].status = Some(UserStatus::Disabled);
    });
    assert_eq!(lost(&disabled, &["alice"], 1), of_both(1, 0));
}

#[test]
fn a_plan_is_held_where_it_is_not_known_who_asked() {
    let unknown = |audited: &Audited, requests: &[Request]| {
        held(audited, requests, &generous()).iter().any(|guard| matches!(guard, Guard::CallerUnknown))
    };
    assert!(!unknown(&kept_here(&Story::small()), &[bob_out()]));
    let without = kept_here(&Story::small()).with(|world| world.snapshot.caller = None);
    assert!(unknown(&without, &[bob_out()]));
    assert!(!unknown(&without, &[]), "there is nothing to hold");
    let unclear = kept_here(&Story::small()).with(|world| {
        let account = "222233334444".parse().unwrap();
        world.snapshot.caller = Some(Caller { account, arn: "no ARN".to_owned() });
    });
    assert!(unknown(&unclear, &[bob_out()]));
}

#[test]
fn own_access_is_left_alone_both_ways() {
    let as_caller = |arn: &str| {
        let (arn, account) = (arn.to_owned(), "222233334444".parse().unwrap());
        kept_here(&Story::small()).with(|world| world.snapshot.caller = Some(Caller { account, arn }))
    };
    let own = |audited: &Audited, request: Request| {
        held(audited, &[request], &generous()).iter().any(|guard| matches!(guard, Guard::OwnAccess { .. }))
    };
    let bob = sign_in_name("bob");
    let person =
        as_caller(&format!("arn:aws:sts::222233334444:assumed-role/AWSReservedSSO_ReadOnly_0123456789abcdef/{bob}"));
    assert!(own(&person, bob_out()));
    assert!(own(&person, member("AWS-Admins", "bob", Verb::Add)));
    assert!(!own(&person, member("AWS-Admins", "carol", Verb::Add)));
    let readers = || Named::Group("AWS-Readers".to_owned());
    assert!(own(&person, assignment(readers(), "ReadOnly", "Acme Production", Verb::Remove)));
    assert!(!own(&person, assignment(readers(), "ReadOnly", "Acme Development", Verb::Add)), "another account");
    assert!(!own(&person, assignment(readers(), "Audit", "Acme Production", Verb::Add)), "another set");
    assert!(own(&person, Request::DeleteUser { name: bob }));
    assert!(own(&person, Request::DeleteGroup { name: "AWS-Readers".to_owned() }));

    let robot = as_caller("arn:aws:iam::333344445555:user/services/svc-backup");
    assert!(own(&robot, iam_user("Acme Development", "svc-backup", OfIamUser::Disable)));
    let role = as_caller("arn:aws:sts::222233334444:assumed-role/RollcallAuditor/run");
    assert!(!own(&role, bob_out()));
}

#[test]
fn what_is_protected_is_neither_removed_nor_given_anything() {
    let audited = kept_here(Story::small().group("AWSControlTowerAdmins"));
    let patterns = ["user:carol@*", "group:aws-ADMINS", "account:3333*", "permission-set:Audit", "iam-user:*/svc-*"];
    let options = Options { protect: patterns.map(|pattern| pattern.parse().unwrap()).to_vec(), ..generous() };
    let by = |request: Request| {
        let held = held(&audited, &[request], &options);
        held.into_iter().find_map(|guard| match guard {
            Guard::Protected { pattern, .. } => Some(pattern.unwrap_or_else(|| "AWS".to_owned())),
            _ => None,
        })
    };
    let readers = || Named::Group("AWS-Readers".to_owned());
    assert_eq!(by(member("AWS-Readers", "carol", Verb::Remove)).as_deref(), Some("user:carol@*"));
    assert_eq!(by(member("AWS-Admins", "bob", Verb::Add)).as_deref(), Some("group:aws-ADMINS"));
    assert_eq!(by(assignment(readers(), "ReadOnly", "Acme Development", Verb::Add)).as_deref(), Some("account:3333*"));
    assert_eq!(
        by(assignment(readers(), "Audit", "Acme Management", Verb::Add)).as_deref(),
        Some("permission-set:Audit")
    );
    let policy = OfIamUser::Disable;
    assert_eq!(by(iam_user("Acme Development", "svc-backup", policy)).as_deref(), Some("account:3333*"));
    assert_eq!(by(member("AWSControlTowerAdmins", "bob", Verb::Add)).as_deref(), Some("AWS"));
    assert_eq!(by(bob_out()), None);
    for wrong in ["carol", "person:carol", "user:", "iam-user:svc"] {
        assert!(wrong.parse::<rollcall::change::Pattern>().is_err(), "{wrong}");
    }
}

#[test]
fn what_a_directory_keeps_is_changed_there() {
    let sources = |audited: &Audited, request: Request| -> Vec<Source> {
        let held = held(audited, &[request], &generous()).into_iter().filter_map(|guard| match guard {
            Guard::OwnedElsewhere { source, .. } => Some(source),
            _ => None,
        });
        held.collect()
    };
    let new = || Request::CreateGroup { name: "New".to_owned(), description: None };
    let by_directory = Audited::of(&Story::small());
    assert_eq!(sources(&by_directory, bob_out()), [Source::External]);
    assert_eq!(sources(&by_directory, new()), [Source::External]);
    let readers = Named::Group("AWS-Readers".to_owned());
    let assignment = assignment(readers, "Audit", "Acme Production", Verb::Add);
    assert_eq!(sources(&by_directory, assignment), [], "assignments are AWS's own");
    let here = kept_here(&Story::small());
    assert_eq!(sources(&here, bob_out()), []);
    assert_eq!(sources(&here, new()), []);
    let unclear = kept_here(&Story::small()).with(|world| {
        world.policy.identity_source = None;
        let (place, _) = world.snapshot.users.clone().positions().next().unwrap();
        let id = rollcall::model::ExternalId { issuer: "scim".to_owned(), id: "no known form".to_owned() };
        world.snapshot.users[place].external_ids.push(id);
    });
    assert_eq!(sources(&unclear, new()), [Source::Unclear]);
}

#[test]
fn a_removal_that_rests_on_a_stale_list_is_held_and_one_that_a_person_asks_for_is_not() {
    let mut story = Story::small();
    story.stranger("mallory").aws_grant(user("mallory"), "ReadOnly", "prod");
    let audited = kept_here(&story).with(|world| world.policy.max_list_age = TimeDelta::hours(1));
    let report = audited.report();
    let finding = report.open().find(|finding| finding.rule.0 == "unexpected-user").unwrap();
    let steps = change::derive::of(&report, finding).unwrap();
    let mut builder = change::Builder::default();
    builder.add(&report, &steps, "", Some(finding.fingerprint.as_str()));
    let derived = builder.finish();
    let weak = |changes: &[Planned]| -> Vec<String> {
        let held = judged(&report, changes, &generous()).held.into_iter().filter_map(|guard| match guard {
            Guard::WeakBasis { rests_on: Rests::List { rule, .. }, .. } => Some(rule),
            _ => None,
        });
        held.collect()
    };
    assert_eq!(weak(&derived), ["stale-list"]);
    let by_hand: Vec<Planned> = derived.iter().cloned().map(|one| Planned { findings: Vec::new(), ..one }).collect();
    assert_eq!(weak(&by_hand), Vec::<String>::new());
}

#[test]
fn a_delegated_administrator_does_not_reach_the_management_account() {
    let as_account = |account: &str| {
        let account: rollcall::model::AccountId = account.parse().unwrap();
        kept_here(&Story::small()).with(|world| {
            let arn = format!("arn:aws:sts::{account}:assumed-role/RollcallAuditor/run");
            world.snapshot.caller = Some(Caller { account, arn });
        })
    };
    let there = |name: &str| assignment(Named::Group("AWS-Readers".to_owned()), "ReadOnly", name, Verb::Add);
    let refused = |audited: &Audited, name: &str| {
        let held = held(audited, &[there(name)], &generous());
        held.iter().any(|guard| matches!(guard, Guard::ManagementAccount { .. }))
    };
    assert!(refused(&as_account("333344445555"), "Acme Management"));
    assert!(!refused(&as_account("333344445555"), "Acme Development"));
    assert!(!refused(&as_account("123456789012"), "Acme Management"));
}

#[test]
fn a_kind_that_the_settings_do_not_allow_is_held() {
    let audited = kept_here(&Story::small());
    let options = Options { allow: vec![ChangeKind::AddMember], ..generous() };
    let held = held(&audited, &[bob_out()], &options);
    assert!(
        matches!(&held[0], Guard::KindNotAllowed { kind: ChangeKind::RemoveMember, changes } if changes.len() == 1)
    );
    assert_eq!(held[0].way_through(1), WayThrough::Settings("change.allow"));
}

#[test]
fn a_gap_where_something_is_changed_is_told() {
    let mut story = Story::small();
    story.aws_grant(user("bob"), "Audit", "dev");
    let audited = Audited::of(&story);
    let report = audited.report();
    let changes =
        asked(&report, &[assignment(Named::User(sign_in_name("bob")), "Audit", "Acme Development", Verb::Remove)]);
    assert_eq!(judged(&report, &changes, &generous()).unseen, []);
    let files: Vec<_> = story.saved_files().into_iter().filter(|file| !file.name.contains("list-users")).collect();
    let partial = Audited::from(&files, &story.expected_files());
    let report = partial.report();
    assert!(!judged(&report, &changes, &generous()).unseen.is_empty());
}

#[test]
fn a_plan_is_applied_in_its_time_in_its_place_and_by_the_same_lists_and_settings() {
    let plan = change::read(read("tests/data/change/every-kind.json").as_bytes()).unwrap();
    let is = Circumstances {
        now: plan.expires - TimeDelta::seconds(1),
        place: plan.place.clone(),
        lists: plan.basis.lists.clone(),
        settings: plan.basis.settings,
    };
    assert_eq!(change::still_valid(&plan, &is), []);
    let late = Circumstances { now: plan.expires, ..is.clone() };
    assert_eq!(change::still_valid(&plan, &late), [Guard::Expired { at: plan.expires }]);
    let settings = Circumstances { settings: Digest::of(b"others"), ..is.clone() };
    assert_eq!(change::still_valid(&plan, &settings), [Guard::SettingsChanged]);
    for lists in [BTreeMap::new(), BTreeMap::from([("people.csv".to_owned(), Digest::of(b"others"))])] {
        let lists = Circumstances { lists, ..is.clone() };
        assert_eq!(change::still_valid(&plan, &lists), [Guard::ListChanged { list: "people.csv".to_owned() }]);
    }
    let mut elsewhere = is;
    elsewhere.place.organization = Some("o-other".to_owned());
    elsewhere.place.endpoint = Some("http://127.0.0.1:5000".to_owned());
    let what: Vec<String> = change::still_valid(&plan, &elsewhere)
        .into_iter()
        .filter_map(|guard| if let Guard::OtherPlace { what, .. } = guard { Some(what) } else { None })
        .collect();
    assert_eq!(what, ["organization", "endpoint"]);
}

#[test]
fn nobody_is_made_twice_by_a_name_in_other_letters() {
    let audited = kept_here(&Story::small());
    let report = audited.report();
    let new = NewUser {
        name: sign_in_name("BOB"),
        given_name: "B".to_owned(),
        family_name: "B".to_owned(),
        display_name: None,
        email: None,
        email_type: None,
        groups: Vec::new(),
    };
    let changes = asked(&report, &[Request::CreateUser(new)]);
    let own = Own::default();
    let options = generous();
    let (quarantine, title) = (change::Quarantine::default(), &rollcall::wording::title);
    let limits = change::Limits { options: &options, done: &[], own: &own, quarantine: &quarantine, title };
    assert!(change::judge(&report, &changes, limits).is_err());
}

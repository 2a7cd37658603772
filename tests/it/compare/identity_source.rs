//! What fills Identity Center, and what follows from it: which ids count, whether nested groups do, and which
//! differences only are pending.

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::model::{
    ExternalId, IdentitySource, Kind, Listing, MatchKey, Nesting, Severity, Standing, StandingWord, Subject, User,
    UserId, World,
};
use rollcall::wording;

use crate::story::{AS_OF, Story, group, guid, sign_in_name};
use crate::support::audited::Audited;

const DIRECTORY: &str = "arn:aws:ds:eu-central-1:123456789012:directory/d-1";
const SCIM: &str = "https://scim.aws.com/1f2e3d";

fn now() -> DateTime<Utc> {
    AS_OF.parse().expect("an instant")
}

/// Changes every user of the world.
fn users(world: &mut World, change: impl Fn(&mut User)) {
    let mut users: Vec<User> = world.snapshot.users.seen().cloned().collect();
    users.iter_mut().for_each(change);
    let extent = world.snapshot.users.extent().clone();
    world.snapshot.users = Listing::by_key(users, extent, |_| ());
}

fn sam(user: &User) -> String {
    user.user_name.split('@').next().unwrap_or_default().to_owned()
}

/// The users have the ids of their entries in Active Directory.
fn from_active_directory(world: &mut World) {
    users(world, |user| {
        let id = guid("person", &sam(user));
        user.external_ids = vec![ExternalId { issuer: DIRECTORY.to_owned(), id }];
    });
}

fn change_person(world: &mut World, name: &str, at: DateTime<Utc>) {
    let extent = world.expectation.people.extent().clone();
    let mut people: Vec<_> = world.expectation.people.seen().cloned().collect();
    for person in people.iter_mut().filter(|person| person.user_name == Some(sign_in_name(name))) {
        person.changed = Some(at);
        person.statements.iter_mut().for_each(|said| said.ended = Some(at));
    }
    world.expectation.people = Listing::by_key(people, extent, |_| ());
}

#[test]
fn the_identity_source_is_told_by_the_external_ids() {
    let source =
        |change: &dyn Fn(&mut World)| Audited::of(&Story::small()).with(change).report().matching.provisioning.source;
    assert_eq!(source(&|_| {}), Some(IdentitySource::Okta));
    assert_eq!(source(&from_active_directory), Some(IdentitySource::ActiveDirectory));
    assert_eq!(source(&|world| users(world, |user| user.external_ids.clear())), Some(IdentitySource::IdentityCenter));
    let with_guid = |kind: &'static str| {
        move |world: &mut World| {
            users(world, |user| {
                user.external_ids = vec![ExternalId { issuer: SCIM.to_owned(), id: guid(kind, &sam(user)) }];
            });
        }
    };
    assert_eq!(source(&with_guid("entra")), Some(IdentitySource::Entra));
    assert_eq!(source(&with_guid("person")), Some(IdentitySource::ActiveDirectory), "a client that sends objectGUIDs");
    let mixed = |world: &mut World| {
        users(world, |user| {
            if sam(user) == "alice" {
                user.external_ids = vec![ExternalId { issuer: DIRECTORY.to_owned(), id: guid("person", "alice") }];
            }
        });
    };
    assert_eq!(source(&mixed), None);
    let set = |world: &mut World| world.policy.identity_source = Some(IdentitySource::Entra);
    assert_eq!(source(&set), Some(IdentitySource::Entra), "the settings go first");
}

#[test]
fn entra_sends_direct_members_only_unless_the_settings_say_otherwise() {
    let nesting = |source, set| {
        let audited = Audited::of(&Story::small()).with(|world| {
            world.policy.identity_source = Some(source);
            world.policy.nesting = set;
        });
        audited.report().matching.provisioning.nesting
    };
    assert_eq!(nesting(IdentitySource::Entra, None), Nesting::Direct);
    assert_eq!(nesting(IdentitySource::Entra, Some(Nesting::Flatten)), Nesting::Flatten);
    assert_eq!(nesting(IdentitySource::ActiveDirectory, None), Nesting::Flatten);
}

/// Case 93.
#[test]
fn groups_that_look_like_the_other_nesting_are_mentioned() {
    let mut story = Story::small();
    story.group("AWS-Outer").hire("eve", &["AWS-Readers"]).nest("AWS-Readers", "AWS-Outer");
    let audited = Audited::of(&story).with(|world| world.policy.nesting = Some(Nesting::Direct));
    let notices = wording::notices(&audited.report());
    let said = "1 group in AWS with nested members look like `nested_groups = \"flatten\"`, and 0 like `direct`, the \
                value in use";
    assert!(notices.iter().any(|notice| notice == said), "{notices:?}");
    let right = Audited::of(&story).with(|world| world.policy.nesting = Some(Nesting::Flatten));
    assert!(!wording::notices(&right.report()).iter().any(|notice| notice.contains("nested_groups")));
}

#[test]
fn a_name_whose_id_is_another_ones_is_no_match() {
    let audited = Audited::of(&Story::small()).with(|world| {
        from_active_directory(world);
        users(world, |user| {
            if sam(user) == "alice" {
                user.external_ids[0].id = guid("person", "another alice");
            }
        });
    });
    let titles = audited.titles();
    assert_eq!(titles, ["low ambiguous-match: No clear match for user `alice@corp.example.com`"]);
    assert!(!audited.report().verdict.complete());
}

/// Case 92.
#[test]
fn ids_of_which_none_is_known_are_one_notice_and_no_finding() {
    let audited = Audited::of(&Story::small()).with(|world| {
        users(world, |user| {
            let id = guid("replaced", &sam(user));
            user.external_ids = vec![ExternalId { issuer: DIRECTORY.to_owned(), id }];
        });
    });
    assert_eq!(audited.titles(), Vec::<String>::new());
    let notices = wording::notices(&audited.report());
    assert!(notices.iter().any(|notice| notice.starts_with("No external id in Identity Center")), "{notices:?}");
}

#[test]
fn an_id_of_entra_is_matched_with_an_id_of_entra_only() {
    let audited = Audited::of(&Story::small()).with(|world| {
        users(world, |user| {
            let id = guid("person", &sam(user));
            user.external_ids = vec![ExternalId { issuer: SCIM.to_owned(), id }];
            user.user_name = format!("x-{}", user.user_name);
            user.mails.clear();
        });
        let extent = world.expectation.people.extent().clone();
        let mut people: Vec<_> = world.expectation.people.seen().cloned().collect();
        for person in &mut people {
            person.entra_id = person.guid.take();
        }
        world.expectation.people = Listing::by_key(people, extent, |_| ());
    });
    assert_eq!(audited.report().matching.provisioning.source, Some(IdentitySource::Entra));
    assert_eq!(audited.titles(), Vec::<String>::new());
}

/// How somebody stands whom the directory changed this long before AWS was asked, and who is not in Identity Center.
fn joiner(age: TimeDelta) -> Vec<StandingWord> {
    let mut story = Story::small();
    story.directory_person("nina").directory_member("AWS-Readers", "nina");
    let audited = Audited::of(&story).with(|world| {
        let asked = world.snapshot.window.expect("a window").from;
        change_person(world, "nina", asked - age);
    });
    let report = audited.report();
    let due = report
        .judged
        .iter()
        .filter(|judged| matches!(judged.subject, Subject::DueUser(_) | Subject::DueMembership(..)));
    due.map(|judged| judged.standing.word()).collect()
}

/// Case 89.
#[test]
fn a_joiner_is_pending_until_the_grace_is_over() {
    assert_eq!(joiner(TimeDelta::hours(3)), [StandingWord::Pending, StandingWord::Pending]);
    assert_eq!(joiner(TimeDelta::hours(4)), [StandingWord::Missing, StandingWord::Missing]);
}

/// What is found of a user whom the synchronization made so long after the newest export, and who is in this group.
fn newcomer(group_name: &str, made_by: Option<&str>, after_export: TimeDelta) -> (Vec<String>, usize) {
    let mut story = Story::small();
    story.stranger("nils").aws_member(group_name, "nils");
    let audited = Audited::of(&story).with(|world| {
        let exports = world.expectation.files.iter().filter(|file| file.ages);
        let newest = exports.filter_map(|file| file.exported).map(|one| one.at).max().expect("an export");
        let created = newest + after_export;
        users(world, |user| {
            if sam(user) == "nils" {
                user.created = Some(created);
                user.created_by = made_by.map(str::to_owned);
            }
        });
    });
    let pending = audited.report().counts[&Kind::Membership].get(&StandingWord::Pending).copied().unwrap_or(0);
    (audited.titles(), pending)
}

#[test]
fn who_came_after_the_export_is_pending_if_the_synchronization_made_them() {
    let sync = Some("Identity_Sync");
    assert_eq!(newcomer("AWS-Readers", sync, TimeDelta::hours(1)), (Vec::new(), 1));
    let too_old = -TimeDelta::hours(5);
    assert_eq!(newcomer("AWS-Readers", sync, too_old).0.len(), 1, "the export should have them");
    let by_hand = Some("arn:aws:iam::123456789012:user/mallory");
    assert_eq!(
        newcomer("AWS-Readers", by_hand, TimeDelta::hours(1)).0.len(),
        1,
        "nobody waits for what was made by hand"
    );
    assert_eq!(newcomer("AWS-Admins", sync, TimeDelta::hours(1)).0.len(), 1, "administrative access is never pending");
}

#[test]
fn a_leaver_is_pending_while_the_synchronization_may_not_know() {
    let found = |name: &str, age: TimeDelta| {
        let mut story = Story::small();
        story.leaves(name);
        let audited = Audited::of(&story).with(|world| {
            let asked = world.snapshot.window.expect("a window").from;
            change_person(world, name, asked - age);
        });
        audited.titles().len()
    };
    assert_eq!(found("bob", TimeDelta::hours(1)), 0);
    assert_eq!(found("bob", TimeDelta::hours(5)), 1);
    assert_eq!(
        found("alice", TimeDelta::hours(1)),
        found("alice", TimeDelta::hours(5)),
        "an administrator who left is never pending"
    );
}

#[test]
fn what_is_pending_is_counted_and_said() {
    let mut story = Story::small();
    story.directory_person("nina").directory_member("AWS-Readers", "nina");
    let audited = Audited::of(&story).with(|world| change_person(world, "nina", now()));
    let report = audited.report();
    let pending = report.judged.iter().filter(|judged| matches!(judged.standing, Standing::Pending(_))).count();
    assert_eq!(pending, 2);
    assert_eq!(report.verdict.open(), 0);
    let notices = wording::notices(&report);
    assert!(
        notices
            .iter()
            .any(|notice| notice.starts_with("2 differences pending: the synchronization may not have run yet")),
        "{notices:?}"
    );
}

#[test]
fn nothing_waits_where_nothing_is_synchronized() {
    let mut story = Story::small();
    story.directory_person("nina").directory_member("AWS-Readers", "nina");
    let audited = Audited::of(&story).with(|world| {
        change_person(world, "nina", now());
        world.policy.identity_source = Some(IdentitySource::IdentityCenter);
    });
    assert_eq!(audited.rules(), ["missing-user"]);
}

/// Case 88.
#[test]
fn a_leaver_of_active_directory_cannot_sign_in_anew_and_the_evidence_says_so() {
    let mut story = Story::small();
    story.leaves("bob");
    let audited = Audited::of(&story).with(from_active_directory);
    let report = audited.report();
    let finding = report.open().next().expect("a finding");
    assert_eq!(finding.severity, Severity::High);
    let said = finding
        .evidence
        .iter()
        .any(|one| wording::evidence(report.world, one).starts_with("Active Directory refuses the sign-in"));
    assert!(said);
}

/// The keys by which these users were matched: each is called as in the story, and then changed.
fn matched_by(change: &dyn Fn(&mut User)) -> Vec<Option<MatchKey>> {
    let audited = Audited::of(&Story::small()).with(|world| users(world, change));
    let report = audited.report();
    report.matching.people.iter().map(|matched| matched.as_ref().map(|matched| matched.by)).collect()
}

/// Case 77: without a user principal name, Identity Center calls somebody by `sAMAccountName` and domain.
#[test]
fn somebody_without_a_user_principal_name_is_known_by_account_and_domain() {
    let story = Story::small();
    let mut lists = story.expected_files();
    lists[0].1 = lists[0].1.replace(&format!("\"{}\"", sign_in_name("alice")), "");
    let audited = Audited::from(&story.saved_files(), &lists);
    assert_eq!(audited.titles(), Vec::<String>::new());
    let by: Vec<MatchKey> = audited.report().matching.people.iter().flatten().map(|matched| matched.by).collect();
    assert_eq!(by, [MatchKey::NameAtDomain, MatchKey::Name, MatchKey::Name]);
}

/// Case 78: alice has got the mail address of bob, and her own GUID.
#[test]
fn a_guid_goes_before_every_name_and_mail_address() {
    let audited = Audited::of(&Story::small()).with(|world| {
        from_active_directory(world);
        users(world, |user| {
            if sam(user) == "alice" {
                user.user_name = "a.ash@elsewhere.example".to_owned();
                user.mails = vec![sign_in_name("bob")];
            }
        });
    });
    let report = audited.report();
    assert!(report.matching.people.iter().all(|matched| matched.is_some_and(|matched| matched.by == MatchKey::Guid)));
    assert_eq!(audited.titles(), Vec::<String>::new());
}

/// Case 80.
#[test]
fn a_group_is_known_with_and_without_its_domain_and_never_cut_at_a_sign_of_its_own() {
    let called = |name: &str| {
        let mut story = Story::small();
        let members = story.aws.groups.remove("AWS-Admins").unwrap();
        story.aws.groups.insert(name.to_owned(), members);
        story.aws.assignments.clear();
        story.lists.assignments.as_mut().unwrap().clear();
        story.grant(group(name), "Admin", "prod").grant(group("AWS-Readers"), "ReadOnly", "prod");
        let mut lists = story.expected_files();
        let dn = "CN=AWS-Admins,OU=Staff,DC=corp,DC=example,DC=com";
        let groups = format!("DistinguishedName,GroupScope,SamAccountName\n\"{dn}\",Global,AWS-Admins\n");
        lists.push(("directory/groups-2026-11-19.csv".to_owned(), groups));
        Audited::from(&story.saved_files(), &lists).rules()
    };
    assert_eq!(called("AWS-Admins"), Vec::<&str>::new());
    assert_eq!(called("aws-admins@CORP.example.com"), Vec::<&str>::new());
    assert_eq!(called("AWS-Admins@other.example.com"), ["unexpected-group"], "a group of another domain");
    assert_eq!(called("AWS-Admins@CORP"), ["unexpected-group"], "nothing says which domain is called so");
    assert_eq!(called("AWS-Admins@night"), ["unexpected-group"], "a name may hold the sign itself");
}

/// Case 82: Identity Center makes the ids of users from Active Directory of ten digits and `objectGUID`.
#[test]
fn the_id_of_a_user_of_active_directory_ends_in_its_guid_and_others_do_not() {
    let with_id = |kind: &'static str| {
        matched_by(&move |user: &mut User| {
            user.id = UserId::new(format!("9f673e3bdb-{}", guid(kind, &sam(user))));
            user.external_ids.clear();
        })
    };
    assert_eq!(with_id("person"), [Some(MatchKey::Guid); 3]);
    assert_eq!(with_id("user"), [Some(MatchKey::Name); 3], "the id of a user of a SCIM client is its own");
}

//! What fills Identity Center, and what follows from it: which ids count, whether nested groups do, and which
//! differences only wait for the synchronization.

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::model::{
    ExternalId, IdentitySource, Kind, Listing, Nesting, Severity, Standing, StandingWord, Subject, User, World,
};
use rollcall::wording;

use crate::story::{AS_OF, Story, guid, sign_in_name};
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

#[test]
fn groups_that_look_like_the_other_nesting_are_mentioned() {
    let mut story = Story::small();
    story.group("AWS-Outer").hire("eve", &["AWS-Readers"]).nest("AWS-Readers", "AWS-Outer");
    let audited = Audited::of(&story).with(|world| world.policy.nesting = Some(Nesting::Direct));
    let notices = wording::notices(&audited.report());
    let said = "1 group of AWS with nested members look like `nested_groups = \"flatten\"`, and 0 like `direct`, by which \
                they were judged";
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
    assert_eq!(titles, ["low ambiguous-match: Nobody can say who user `alice@corp.example.com` is"]);
    assert!(!audited.report().verdict.complete());
}

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
    assert!(notices.iter().any(|notice| notice.starts_with("No external id of Identity Center")), "{notices:?}");
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
    assert!(notices.iter().any(|notice| notice.starts_with("2 differences may only wait")), "{notices:?}");
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

#[test]
fn a_leaver_of_active_directory_cannot_sign_in_anew_and_the_evidence_says_so() {
    let mut story = Story::small();
    story.leaves("bob");
    let audited = Audited::of(&story).with(from_active_directory);
    let report = audited.report();
    let finding = report.open().next().expect("a finding");
    assert_eq!(finding.severity, Severity::High);
    let said =
        finding.evidence.iter().any(|one| wording::evidence(report.world, one).starts_with("Sign-in is passed on"));
    assert!(said);
}

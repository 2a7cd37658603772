//! What was made or lost after the export: pending where the synchronization did it, and a finding where somebody else
//! did, where it is administrative, or where the export is no excuse any more.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::model::{
    Earlier, EarlierFinding, ExportClock, Exported, ExternalId, Group, Interner, Listing, Made, Person, World,
};
use rollcall::wording;

use crate::story::{AS_OF, Story, group};
use crate::support::audited::Audited;

const SYNC: &str = "scim-1f2e3d";
const BY_HAND: &str = "arn:aws:sts::123456789012:assumed-role/Administrator/mallory";

fn now() -> DateTime<Utc> {
    AS_OF.parse().expect("an instant")
}

/// Dave has a group of his own; what else he is in, a test decides.
fn company() -> Story {
    let mut story = Story::small();
    story.group("AWS-Others").hire("dave", &["AWS-Others"]);
    story
}

fn groups(world: &mut World, change: impl FnMut(&mut Group)) {
    let mut groups: Vec<Group> = world.snapshot.groups.seen().cloned().collect();
    groups.iter_mut().for_each(change);
    let extent = world.snapshot.groups.extent().clone();
    world.snapshot.groups = Listing::by_key(groups, extent, |_| ());
}

/// The synchronization made every user and every group, and this maker put all members into this group, then.
fn made(world: &mut World, name: &str, at: DateTime<Utc>, by: Option<&str>) {
    let mut makers = Interner::default();
    let by = by.map(|by| makers.intern(by));
    world.snapshot.makers = makers.texts().map(str::to_owned).collect();
    let ids = vec![ExternalId { issuer: "https://scim.aws.com/x".to_owned(), id: "00g".to_owned() }];
    groups(world, |group| {
        (group.external_ids, group.created_by) = (ids.clone(), Some(SYNC.to_owned()));
        if group.name == name {
            group.made = group.members.seen().filter_map(|&user| Some((user, Made::of(Some(at), by)?))).collect();
        }
    });
}

/// Every export was made then.
fn exported(world: &mut World, at: DateTime<Utc>, known_by: ExportClock) {
    for file in world.expectation.files.iter_mut().filter(|file| file.ages) {
        file.exported = Some(Exported { at, known_by });
    }
}

/// What is found where Dave is in a group that the directory does not have him in: made so long after an export that is
/// as old.
fn moved(name: &str, by: Option<&str>, after: TimeDelta, age: TimeDelta) -> Audited {
    let mut story = company();
    story.aws_member(name, "dave");
    Audited::of(&story).with(|world| {
        exported(world, now() - age, ExportClock::Sidecar);
        made(world, name, now() - age + after, by);
    })
}

const DAY: TimeDelta = TimeDelta::days(1);
const HOUR: TimeDelta = TimeDelta::hours(1);

#[test]
fn who_moved_after_the_export_is_pending_if_the_synchronization_moved_them() {
    assert_eq!(moved("AWS-Readers", Some(SYNC), HOUR, DAY).titles(), Vec::<String>::new());
    assert_eq!(moved("AWS-Readers", Some(SYNC), -HOUR * 3, DAY).titles(), Vec::<String>::new(), "within the grace");
    let known = moved("AWS-Readers", Some(SYNC), -HOUR * 4, DAY);
    assert_eq!(known.rules(), ["unexpected-membership"], "the export should have it");
    for by in [Some(BY_HAND), Some("somebody else"), None] {
        assert_eq!(moved("AWS-Readers", by, HOUR, DAY).rules(), ["unexpected-membership"], "made by {by:?}");
    }
    let waits = moved("AWS-Readers", Some(SYNC), HOUR, DAY);
    let headline = wording::headline(&waits.report());
    assert!(headline.contains("; 1 difference is pending"), "{headline}");
    assert_eq!(moved("AWS-Admins", Some(SYNC), HOUR, DAY).rules(), ["unexpected-membership"], "never administrators");
}

#[test]
fn an_instant_at_the_end_of_the_calendar_is_compared_as_any_other() {
    let audited = |created: DateTime<Utc>| {
        let mut story = company();
        story.stranger("mallory");
        let audited = Audited::of(&story).with(|world| {
            exported(world, now() - DAY, ExportClock::Sidecar);
            made(world, "AWS-Readers", now() - DAY * 9, Some(SYNC));
            let mut users: Vec<_> = world.snapshot.users.seen().cloned().collect();
            let ids = world.snapshot.groups.seen().next().unwrap().external_ids.clone();
            users.iter_mut().for_each(|user| {
                (user.created, user.created_by, user.external_ids) =
                    (Some(created), Some(SYNC.to_owned()), ids.clone());
            });
            let extent = world.snapshot.users.extent().clone();
            world.snapshot.users = Listing::by_key(users, extent, |_| ());
        });
        audited.rules()
    };
    assert_eq!(audited(now() + TimeDelta::minutes(50)), Vec::<&str>::new(), "clocks differ");
    assert_eq!(audited(now() + HOUR * 2), ["unexpected-user"], "nothing was made after the run");
    assert_eq!(audited(DateTime::<Utc>::MAX_UTC), ["unexpected-user"]);
    assert_eq!(audited(DateTime::<Utc>::MIN_UTC), ["unexpected-user"]);
}

/// What is found of a newcomer called so, made five days ago, where these lists are older than that, and the others younger.
fn newcomer(name: &str, member_of: Option<&str>, older: &[&str]) -> Vec<&'static str> {
    let mut story = company();
    story.stranger("mallory");
    if let Some(group) = member_of {
        story.aws_member(group, "mallory");
    }
    let mut lists = story.expected_files();
    let other_domain = "dn: CN=Uwe Ulm,OU=Staff,DC=emea,DC=example,DC=com\nobjectClass: user\n\
         objectGUID:: NnmaVkE3q0eNYX6tp1mWYw==\nsAMAccountName: uwe\nuserPrincipalName: uwe@emea.example.com\n\
         userAccountControl: 512\n";
    lists.push(("emea/accounts.ldif".to_owned(), other_domain.to_owned()));
    lists.push(("hr/staff.csv".to_owned(), "Name,Email,Status\nAlice Ash,alice@corp.example.com,active\n".to_owned()));
    let audited = Audited::from(&story.saved_files(), &lists).with(|world| {
        exported(world, now() - DAY, ExportClock::Sidecar);
        for file in &mut world.expectation.files {
            if older.iter().any(|older| file.name.contains(older)) {
                file.exported = Some(Exported { at: now() - DAY * 6, known_by: ExportClock::Sidecar });
            }
        }
        made(world, member_of.unwrap_or("AWS-Readers"), now() - DAY * 5, Some(SYNC));
        let ids = world.snapshot.groups.seen().next().unwrap().external_ids.clone();
        let mut users: Vec<_> = world.snapshot.users.seen().cloned().collect();
        for user in &mut users {
            (user.created_by, user.external_ids) = (Some(SYNC.to_owned()), ids.clone());
            if user.user_name.starts_with("mallory") {
                (user.user_name, user.created) = (name.to_owned(), Some(now() - DAY * 5));
            }
        }
        let extent = world.snapshot.users.extent().clone();
        world.snapshot.users = Listing::by_key(users, extent, |_| ());
    });
    audited.rules().into_iter().filter(|rule| rule.starts_with("unexpected-")).collect()
}

#[test]
fn only_exports_that_would_have_to_name_a_newcomer_make_them_wait() {
    let (corp, emea) = ("mallory@corp.example.com", "mallory@emea.example.com");
    assert_eq!(newcomer(corp, None, &["directory/users"]), Vec::<&str>::new(), "the list of its domain is older");
    assert_eq!(newcomer(corp, None, &[]), ["unexpected-user"], "every list is younger");
    for older in ["directory/groups", "directory/members", "emea/", "hr/"] {
        assert_eq!(newcomer(corp, None, &[older]), ["unexpected-user"], "{older} would not name it");
    }
    assert_eq!(newcomer(emea, None, &["emea/"]), Vec::<&str>::new());
    assert_eq!(newcomer(emea, None, &["directory/users"]), ["unexpected-user"]);
    let nowhere = "mallory@elsewhere.example.com";
    assert_eq!(newcomer(nowhere, None, &["directory/users"]), ["unexpected-user"], "either list may have to name it");
    assert_eq!(newcomer(nowhere, None, &["directory/users", "emea/"]), Vec::<&str>::new());
}

#[test]
fn a_younger_list_of_members_proves_that_a_newcomer_in_the_group_is_not_expected() {
    let corp = "mallory@corp.example.com";
    assert_eq!(newcomer(corp, Some("AWS-Readers"), &["directory/users"]), ["unexpected-user"]);
    assert_eq!(newcomer(corp, Some("AWS-Readers"), &["directory/users", "directory/members"]), Vec::<&str>::new());
}

#[test]
fn a_change_that_the_directory_dates_after_the_run_excuses_no_leaver() {
    let audited = |changed: DateTime<Utc>| {
        leaver(|person| {
            person.changed = Some(changed);
            person.statements.iter_mut().for_each(|said| said.ended = Some(changed));
        })
    };
    assert_eq!(audited(now() - HOUR), Vec::<&str>::new(), "the synchronization may not have been there yet");
    assert_eq!(audited(now() + HOUR * 2), ["leaver-with-access"]);
    assert_eq!(audited(now() + DAY * 365), ["leaver-with-access"]);
}

#[test]
fn a_change_of_an_account_that_another_list_ends_excuses_no_leaver() {
    assert_eq!(leaver(|person| person.changed = Some(now() - HOUR)), ["leaver-with-access"], "it is still enabled");
    let ended_long_ago = leaver(|person| {
        person.changed = Some(now() - HOUR);
        person.statements.iter_mut().for_each(|said| said.ended = Some(now() - DAY * 20));
    });
    assert_eq!(ended_long_ago, ["leaver-with-access"]);
}

/// What is found where Dave has left, and his person is changed so.
fn leaver(change: impl Fn(&mut Person)) -> Vec<&'static str> {
    let audited = |change: &dyn Fn(&mut Person)| {
        let mut story = company();
        story.leaves("dave");
        Audited::of(&story)
            .with(|world| {
                made(world, "AWS-Others", now() - DAY * 9, Some(SYNC));
                let mut people: Vec<_> = world.expectation.people.seen().cloned().collect();
                people.iter_mut().for_each(change);
                let extent = world.expectation.people.extent().clone();
                world.expectation.people = Listing::by_key(people, extent, |_| ());
                let mut users: Vec<_> = world.snapshot.users.seen().cloned().collect();
                let ids = world.snapshot.groups.seen().next().unwrap().external_ids.clone();
                users.iter_mut().for_each(|user| user.external_ids.clone_from(&ids));
                let extent = world.snapshot.users.extent().clone();
                world.snapshot.users = Listing::by_key(users, extent, |_| ());
            })
            .rules()
    };
    audited(&change)
}

#[test]
fn a_group_that_is_entitled_to_an_administrative_role_does_not_wait() {
    let moved = |policy: &str| {
        let mut story = company();
        story
            .aws_member("AWS-Readers", "dave")
            .entitling_role("prod", "Operator")
            .attach_to_role("prod", "Operator", policy)
            .aws_entitle(group("AWS-Readers"), "Operator", "prod")
            .expect_entitlement(group("AWS-Readers"), "Operator", "prod");
        let audited = Audited::of(&story).with(|world| {
            exported(world, now() - DAY, ExportClock::Sidecar);
            made(world, "AWS-Readers", now() - DAY + HOUR, Some(SYNC));
        });
        audited.rules()
    };
    assert_eq!(moved("ReadOnlyAccess"), Vec::<&str>::new());
    assert_eq!(moved("AdministratorAccess"), ["unexpected-entitlement", "unexpected-membership"]);
}

#[test]
fn a_group_of_which_nobody_can_say_that_it_is_not_administrative_does_not_wait() {
    let mut story = company();
    story.permission_set("Mystery", "PolicyOfNextYear").grant(group("AWS-Readers"), "Mystery", "dev");
    story.aws_member("AWS-Readers", "dave");
    let audited = Audited::of(&story).with(|world| {
        exported(world, now() - DAY, ExportClock::Sidecar);
        made(world, "AWS-Readers", now(), Some(SYNC));
    });
    assert_eq!(audited.rules(), ["unexpected-membership"]);
}

#[test]
fn an_export_that_is_too_old_excuses_nothing_and_is_one_alarm() {
    let old = moved("AWS-Readers", Some(SYNC), HOUR, DAY * 8);
    assert_eq!(old.rules(), ["stale-list"; 3], "one for each of its files");
    let report = old.report();
    assert!(!report.verdict.complete());
    assert!(report.gaps.iter().any(|gap| gap.why.word() == "outdated"), "{:?}", old.gaps());
    let by_hand = moved("AWS-Readers", Some(BY_HAND), HOUR, DAY * 8);
    assert!(by_hand.rules().contains(&"unexpected-membership"));
    let administrator = moved("AWS-Admins", Some(SYNC), HOUR, DAY * 8);
    assert!(administrator.rules().contains(&"unexpected-membership"));
}

#[test]
fn a_finding_says_when_and_by_whom_it_was_made() {
    let audited = moved("AWS-Readers", Some(BY_HAND), HOUR, DAY);
    let report = audited.report();
    let finding = report.open().next().expect("a finding");
    let said: Vec<String> = finding.evidence.iter().map(|one| wording::evidence(report.world, one)).collect();
    assert!(said.contains(&format!("Created at 2026-11-19 09:00:00 UTC by `{BY_HAND}`")), "{said:?}");
}

#[test]
fn a_joiner_whom_somebody_put_into_a_group_by_hand_is_not_pending() {
    let newcomer = |by: &str| {
        let mut story = company();
        story.stranger("nils").aws_member("AWS-Readers", "nils");
        let audited = Audited::of(&story).with(|world| {
            exported(world, now() - DAY, ExportClock::Sidecar);
            made(world, "AWS-Readers", now(), Some(by));
            let mut users: Vec<_> = world.snapshot.users.seen().cloned().collect();
            for user in &mut users {
                (user.created, user.created_by) = (Some(now()), Some(SYNC.to_owned()));
            }
            let extent = world.snapshot.users.extent().clone();
            world.snapshot.users = Listing::by_key(users, extent, |_| ());
        });
        audited.rules()
    };
    assert_eq!(newcomer(SYNC), Vec::<&str>::new());
    assert_eq!(newcomer(BY_HAND), ["unexpected-user"]);
}

#[test]
fn a_newcomer_of_whom_aws_does_not_say_who_made_them_is_not_pending() {
    let newcomer = |by: Option<&str>| {
        let mut story = company();
        story.stranger("mallory");
        let audited = Audited::of(&story).with(|world| {
            exported(world, now() - DAY, ExportClock::Sidecar);
            made(world, "AWS-Readers", now() - DAY * 9, Some(SYNC));
            let mut users: Vec<_> = world.snapshot.users.seen().cloned().collect();
            for user in users.iter_mut().filter(|user| user.user_name.starts_with("mallory")) {
                (user.created, user.created_by) = (Some(now() - HOUR), by.map(str::to_owned));
            }
            let extent = world.snapshot.users.extent().clone();
            world.snapshot.users = Listing::by_key(users, extent, |_| ());
        });
        audited.rules()
    };
    assert_eq!(newcomer(Some(SYNC)), Vec::<&str>::new());
    for by in [None, Some("somebody else"), Some(BY_HAND)] {
        assert_eq!(newcomer(by), ["unexpected-user"], "made by {by:?}");
    }
}

#[test]
fn a_group_that_the_synchronization_made_after_the_export_is_pending() {
    let newly = |created: DateTime<Utc>, administrative| {
        let mut story = company();
        story.aws_group("AWS-New").aws_member("AWS-New", "dave");
        if administrative {
            story.grant(group("AWS-New"), "Admin", "dev");
        }
        let audited = Audited::of(&story).with(|world| {
            exported(world, now() - DAY, ExportClock::Sidecar);
            made(world, "AWS-New", created, Some(SYNC));
            groups(world, |group| group.created = Some(created));
        });
        audited.rules()
    };
    assert_eq!(newly(now(), false), Vec::<&str>::new());
    assert_eq!(newly(now() - DAY * 2, false), ["unexpected-group"]);
    assert_eq!(newly(now(), true), ["unexpected-group"]);
}

/// What is found where AWS has lost Dave's membership, and an earlier run was so long after the export.
fn lost(after: TimeDelta, open: bool, clock: ExportClock, age: TimeDelta) -> Audited {
    let mut story = company();
    story.aws_member_gone("AWS-Others", "dave");
    let found = Audited::of(&story);
    let report = found.report();
    let finding = report.open().next().expect("the membership is missing");
    let known = EarlierFinding {
        first_seen: now(),
        rule: finding.rule.to_string(),
        title: String::new(),
        subject: String::new(),
        account: None,
        content: None,
        said_current: BTreeSet::new(),
        said_left: None,
        owner: None,
    };
    let open = if open { BTreeMap::from([(finding.fingerprint.clone(), known)]) } else { BTreeMap::new() };
    Audited::of(&story).with(|world| {
        exported(world, now() - age, clock);
        world.earlier = Some(Earlier {
            run_id: "run-0".to_owned(),
            as_of: now() - age + after,
            manifest_sha256: "00".repeat(32),
            open,
            gaps: BTreeSet::new(),
            list_rows: BTreeMap::new(),
            list_digests: BTreeMap::new(),
            judged: Default::default(),
            judged_in_full: Default::default(),
            harmless: Default::default(),
            pending: Default::default(),
            closed: Default::default(),
        });
    })
}

#[test]
fn what_an_earlier_run_saw_against_the_same_export_was_lost_after_it() {
    let missing = ["missing-membership"];
    let side = ExportClock::Sidecar;
    assert_eq!(lost(HOUR, false, side, DAY).rules(), Vec::<&str>::new());
    assert_eq!(lost(-HOUR, false, side, DAY).rules(), missing, "the export is younger than that run");
    assert_eq!(lost(HOUR, true, side, DAY).rules(), missing, "that run missed it too");
    assert_eq!(
        lost(HOUR, false, ExportClock::FileName, DAY).rules(),
        missing,
        "the export may be younger than that run"
    );
    let gaps = lost(HOUR, false, side, DAY).with(|world| {
        world.earlier.as_mut().expect("an earlier run").gaps.insert("members of `AWS-Others`".to_owned());
    });
    assert_eq!(gaps.rules(), missing, "that run may not have seen it");
    let excused = lost(HOUR, false, side, DAY).with(|world| {
        let mut people: Vec<_> = world.expectation.people.seen().cloned().collect();
        people.iter_mut().for_each(|person| person.changed = Some(now() - DAY));
        world.expectation.people = Listing::by_key(people, world.expectation.people.extent().clone(), |_| ());
        world.policy.sync_grace = HOUR * 2;
    });
    assert_eq!(excused.rules(), missing, "that run may have excused it by a change of the directory");
    let old = lost(HOUR, false, side, DAY * 8);
    assert_eq!(old.rules(), ["stale-list"; 3]);
    assert!(!old.report().verdict.complete());
}

#[test]
fn an_expiry_that_was_set_long_ago_does_not_wait_in_any_format() {
    let expires = now() - HOUR;
    let stamp = |at: DateTime<Utc>| at.format("%Y%m%d%H%M%S.0Z").to_string();
    let filetime = (expires.timestamp() + 11_644_473_600) * 10_000_000;
    let found = |changed: DateTime<Utc>| {
        let mut lists = company().expected_files();
        let (_, users) = lists.iter_mut().find(|(name, _)| name.contains("users")).unwrap();
        *users = users.split_inclusive('\n').filter(|line| !line.contains("\"dave\"")).collect();
        let dave = format!(
            "dn: CN=Dave Example,OU=Staff,DC=corp,DC=example,DC=com\nobjectClass: user\nobjectGUID:: \
             NnmaVkE3q0eNYX6tp1mWYw==\nsAMAccountName: dave\nuserPrincipalName: dave@corp.example.com\n\
             userAccountControl: 512\naccountExpires: {filetime}\nwhenChanged: {}\n",
            stamp(changed)
        );
        lists.push(("directory/further.ldif".to_owned(), dave));
        let audited = Audited::from(&company().saved_files(), &lists).with(|world| {
            made(world, "AWS-Others", now() - DAY * 9, Some(SYNC));
            let mut users: Vec<_> = world.snapshot.users.seen().cloned().collect();
            let ids = world.snapshot.groups.seen().next().unwrap().external_ids.clone();
            users.iter_mut().for_each(|user| user.external_ids.clone_from(&ids));
            world.snapshot.users = Listing::by_key(users, world.snapshot.users.extent().clone(), |_| ());
        });
        audited.rules().contains(&"leaver-with-access")
    };
    assert!(found(now() - DAY * 20), "whoever set the expiry did so long ago");
    assert!(!found(now() - HOUR), "it was set an hour ago");
}

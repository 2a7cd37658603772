//! Weak keys and borrowed ones: a further mail address, an external id that somebody else has by right.

use rollcall::model::{ExternalId, Kind, Listing, MatchKey, StandingWord, User, World};
use rollcall::wording;

use crate::story::{Story, guid, sign_in_name, user};
use crate::support::audited::Audited;

const SCIM: &str = "https://scim.aws.com/1f2e3d";

fn users(world: &mut World, change: impl Fn(&mut User)) {
    let mut users: Vec<User> = world.snapshot.users.seen().cloned().collect();
    users.iter_mut().for_each(change);
    world.snapshot.users = Listing::by_key(users, world.snapshot.users.extent().clone(), |_| ());
}

fn is(user: &User, name: &str) -> bool {
    user.user_name == sign_in_name(name)
}

/// Mallory in place of Alice: with her rights, and not in any list.
fn mallory() -> Story {
    let mut story = Story::small();
    story.aws_user_gone("alice").stranger("mallory").aws_member("AWS-Admins", "mallory");
    story
}

/// The lists of a company without a directory.
fn by_hand(story: &Story) -> Audited {
    let mut lists = story.expected_files();
    lists.retain(|(name, _)| !name.starts_with("directory/"));
    let person = |(name, groups): (&str, &str)| format!("{0},{0},{groups},active\n", sign_in_name(name));
    let rows: String =
        [("alice", "AWS-Admins"), ("bob", "AWS-Readers"), ("carol", "AWS-Readers")].into_iter().map(person).collect();
    lists.push(("people.csv".to_owned(), format!("user,mail,groups,status\n{rows}")));
    Audited::from(&story.saved_files(), &lists)
}

fn also_mailed_at(name: &'static str, mail: &'static str) -> impl Fn(&mut World) {
    move |world| {
        users(world, |user| {
            if is(user, name) {
                user.mails.push(sign_in_name(mail))
            }
        })
    }
}

#[test]
fn a_further_mail_address_makes_a_stranger_nobody_elses() {
    for audited in [by_hand(&mallory()), Audited::of(&mallory())] {
        let alone = audited.titles();
        assert!(alone[0].starts_with("critical unexpected-user: User `mallory@corp.example.com`"), "{alone:?}");
        let with_second = audited.with(also_mailed_at("mallory", "alice"));
        assert_eq!(with_second.titles(), alone);
    }
}

#[test]
fn a_row_by_a_further_mail_address_expects_nothing() {
    let mut story = mallory();
    story.expect_grant(crate::story::user("alice"), "Admin", "dev");
    story.aws_grant(crate::story::user("mallory"), "Admin", "dev");
    let audited = Audited::of(&story).with(also_mailed_at("mallory", "alice"));
    assert_eq!(audited.counts(Kind::Assignment)[&StandingWord::Unintended], 1);
}

#[test]
fn where_no_address_is_the_primary_one_any_may_be_the_persons() {
    let matched = |primary: bool| {
        let audited = Audited::of(&Story::small()).with(|world| {
            users(world, |user| {
                if is(user, "alice") {
                    user.user_name = "ash".to_owned();
                    user.mails.insert(0, "ash@elsewhere.example".to_owned());
                    user.has_primary_mail = primary;
                }
            });
        });
        let report = audited.report();
        report.matching.people.iter().flatten().filter(|matched| matched.by == MatchKey::Mail).count()
    };
    assert_eq!((matched(false), matched(true)), (1, 0));
}

#[test]
fn a_match_by_mail_address_alone_is_said_on_page_one() {
    let named = |names: &'static [&'static str]| {
        let audited = Audited::of(&Story::small()).with(|world| {
            users(world, |user| {
                if let Some(name) = names.iter().find(|name| is(user, name)) {
                    user.user_name = format!("{name}.x");
                }
            });
        });
        assert_eq!(audited.titles(), Vec::<String>::new());
        wording::notices(&audited.report()).into_iter().find(|notice| notice.contains("mail address alone"))
    };
    assert_eq!(named(&[]), None);
    let one = "1 user was matched by email address alone, not by name or id: `alice.x`";
    assert_eq!(named(&["alice"]).as_deref(), Some(one));
    let two = "2 users were matched by email address alone, not by name or id: `alice.x` and `bob.x`";
    assert_eq!(named(&["bob", "alice"]).as_deref(), Some(two));
}

/// Each user has the GUID of this person's entry for an external id, as a SCIM client sends it.
fn with_ids(story: &Story, whose: impl Fn(&str) -> String, issuer: &'static str) -> Audited {
    Audited::of(story).with(|world| {
        users(world, |user| {
            let name = user.user_name.split('@').next().unwrap().to_owned();
            user.external_ids = vec![ExternalId { issuer: issuer.to_owned(), id: guid("person", &whose(&name)) }];
        });
    })
}

fn whoever_but_mallory(name: &str) -> String {
    if name == "mallory" { "alice".to_owned() } else { name.to_owned() }
}

#[test]
fn a_borrowed_external_id_makes_a_stranger_nobody_else() {
    let audited = with_ids(&mallory(), whoever_but_mallory, SCIM);
    assert_eq!(audited.titles(), ["low ambiguous-match: No clear match for user `mallory@corp.example.com`"]);
    assert_eq!(audited.counts(Kind::User)[&StandingWord::Unknown], 2, "nor can anybody say that alice is no user");
    assert!(!audited.report().verdict.complete());
    let gaps = audited.gaps();
    let said =
        "has the external id of `alice@corp.example.com`, but neither a name nor the email address of that person";
    assert!(gaps.iter().any(|gap| gap.contains(said)), "{gaps:?}");
}

#[test]
fn who_has_the_name_keeps_it_where_somebody_else_has_borrowed_the_id() {
    let mut story = Story::small();
    story.stranger("mallory").aws_member("AWS-Admins", "mallory");
    let audited = with_ids(&story, whoever_but_mallory, SCIM).with(|world| {
        users(world, |user| {
            if is(user, "alice") {
                user.external_ids.clear();
            }
        });
    });
    assert_eq!(audited.titles(), ["low ambiguous-match: No clear match for user `mallory@corp.example.com`"]);
    assert_eq!(audited.counts(Kind::User)[&StandingWord::Expected], 3, "alice is alice");
}

#[test]
fn an_id_that_aws_itself_read_goes_before_every_name_and_so_does_one_where_no_name_can_be_compared() {
    let renamed = |name: &str| if name == "a.smith" { "alice".to_owned() } else { name.to_owned() };
    let mut story = Story::small();
    story.aws_user_gone("alice").stranger("a.smith").aws_member("AWS-Admins", "a.smith");
    assert_eq!(with_ids(&story, renamed, "arn:aws:ds:eu-central-1:1:directory/d-1").titles(), Vec::<String>::new());
    let numbered = with_ids(&Story::small(), str::to_owned, SCIM).with(|world| {
        users(world, |user| {
            user.user_name = format!("u{}", user.user_name.len());
            (user.display_name, user.mails) = (None, Vec::new());
        });
    });
    assert_eq!(numbered.titles(), Vec::<String>::new(), "names of another kind contradict nobody");
}

#[test]
fn somebody_whose_domain_changed_or_who_is_shown_by_the_same_name_is_the_same() {
    for change in [(|user| user.user_name = "alice@new.example".to_owned()) as fn(&mut User), |user| {
        user.user_name = "asmith".to_owned()
    }] {
        let audited = with_ids(&Story::small(), str::to_owned, SCIM).with(|world| {
            users(world, |user| {
                if is(user, "alice") {
                    user.mails.clear();
                    change(user);
                }
            });
        });
        assert_eq!(audited.titles(), Vec::<String>::new());
    }
}

#[test]
fn of_two_users_who_claim_one_person_one_is_that_person_at_most() {
    let mut story = Story::small();
    story.stranger("mallory").aws_member("AWS-Admins", "mallory");
    let same_mail = Audited::of(&story).with(|world| {
        users(world, |user| {
            if is(user, "mallory") {
                user.mails = vec![sign_in_name("alice")]
            }
        });
    });
    assert_eq!(same_mail.rules(), ["unexpected-user"], "alice has the name");
    let same_id = with_ids(&story, whoever_but_mallory, SCIM);
    assert_eq!(same_id.counts(Kind::User)[&StandingWord::Unknown], 3, "both, and alice as such");
    assert!(!same_id.report().verdict.complete());
}

/// The story's lists with what Microsoft Graph says of one user of the same directory, who signs in by another name there.
fn with_entra(story: &Story, sam: &str, name: &str) -> Vec<(String, String)> {
    let entra = format!(
        r#"{{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":[{{"id":"{}","userPrincipalName":"{name}","accountEnabled":true,"onPremisesSecurityIdentifier":"S-1-5-21-1111111111-2222222222-3333333333-1100","onPremisesSamAccountName":"{sam}"}}]}}"#,
        guid("entra", sam)
    );
    let mut lists = story.expected_files();
    lists.push(("entra/users-2026-11-19.json".to_owned(), entra));
    lists
}

#[test]
fn who_signs_in_by_another_name_in_entra_is_the_person_of_both_directories() {
    let renamed = |world: &mut World| {
        users(world, |user| {
            if is(user, "alice") {
                user.user_name = "alice@example.com".to_owned();
                user.mails = Vec::new();
            }
        });
    };
    let mut story = Story::small();
    let lists = with_entra(&story, "alice", "alice@example.com");
    assert_eq!(Audited::from(&story.saved_files(), &lists).with(renamed).titles(), Vec::<String>::new());
    // A name without a domain, of a list that is kept by hand.
    let bare = |world: &mut World| {
        users(world, |user| {
            user.user_name = user.user_name.split('@').next().unwrap().to_owned();
        });
    };
    let mut by_hand = story.expected_files();
    by_hand.push(("people.csv".to_owned(), "user,status\nalice,active\nbob,active\ncarol,active\n".to_owned()));
    assert_eq!(Audited::from(&story.saved_files(), &by_hand).with(bare).titles(), Vec::<String>::new());
    // By either name they have left.
    story.leaves("alice");
    let lists = with_entra(&story, "alice", "alice@example.com");
    let left = Audited::from(&story.saved_files(), &lists).with(renamed);
    assert_eq!(left.rules(), ["leaver-with-access", "leaver-with-key"]);
}

#[test]
fn an_owner_is_known_by_the_name_in_entra_too() {
    let mut story = Story::small();
    story.leaves("alice").aws_user_gone("alice");
    let mut lists = with_entra(&story, "alice", "alice@example.com");
    let of_iam = lists.iter_mut().find(|(name, _)| name == "iam-users.csv").unwrap();
    of_iam.1 = of_iam.1.replace("alice@corp.example.com", "alice@example.com");
    assert_eq!(Audited::from(&story.saved_files(), &lists).rules(), ["leaver-with-key"]);
}

/// The first cell of the line of a list that names somebody: their distinguished name.
fn dn_of(lists: &[(String, String)], name: &str) -> String {
    let lines = lists.iter().flat_map(|(_, text)| text.lines()).filter(|line| line.starts_with("\"CN="));
    let cell = |line: &str| line.split('"').nth(1).unwrap().to_owned();
    lines.filter(|line| line.contains(name)).map(cell).next().unwrap()
}

#[test]
fn a_principal_by_its_distinguished_name_is_the_one_of_the_export() {
    let mut story = Story::small();
    story.aws_grant(user("bob"), "ReadOnly", "dev");
    let mut lists = story.expected_files();
    let change = |lists: &mut Vec<(String, String)>, name: &str, to: &dyn Fn(&str) -> String| {
        let list = lists.iter_mut().find(|(list, _)| list.contains(name)).unwrap();
        list.1 = to(&list.1);
    };
    // A name with a comma has a backslash, as before the name of an account.
    let name = dn_of(&lists, "bob@");
    let name = name.split(',').next().unwrap().trim_start_matches("CN=").to_owned();
    let (given, surname) = name.split_once(' ').unwrap();
    let with_comma = format!(r"CN={surname}\, {given},");
    change(&mut lists, "users-", &|text| text.replace(&format!("CN={name},"), &with_comma));
    let groups =
        "\"DistinguishedName\",\"GroupCategory\",\"GroupScope\",\"Name\",\"ObjectClass\",\"SamAccountName\"\r\n";
    let group = |name: &str| format!("CN={name},OU=Groups,DC=corp,DC=example,DC=com");
    let row = |name: &str| format!("\"{}\",\"Security\",\"Global\",\"{name}\",\"group\",\"{name}\"\r\n", group(name));
    change(&mut lists, "groups-", &|_| format!("{groups}{}{}", row("AWS-Admins"), row("AWS-Readers")));
    change(&mut lists, "assignments", &|text| {
        text.replace("group,AWS-Admins,", &format!("group,\"{}\",", group("AWS-Admins")))
    });
    let titles = |dn: &str| {
        let mut lists = lists.clone();
        let of_bob = format!("user,\"{dn}\",333344445555,ReadOnly,ciso\n");
        change(&mut lists, "assignments", &|text| format!("{text}{of_bob}"));
        Audited::from(&story.saved_files(), &lists).titles()
    };
    let dn = dn_of(&lists, "bob@");
    for spelling in [dn.clone(), dn.to_lowercase(), dn.replace("OU=", " ou = ")] {
        assert_eq!(titles(&spelling), Vec::<String>::new(), "{spelling}");
    }
    assert!(!titles(&dn.replace("Staff", "Others")).is_empty(), "no export has it");

    let owner = dn_of(&lists, "alice@");
    story.leaves("alice");
    for cell in [owner.clone(), format!("{};bob@corp.example.com", owner.to_uppercase())] {
        let mut lists = story.expected_files();
        change(&mut lists, "iam-users", &|text| text.replace("alice@corp.example.com", &format!("\"{cell}\"")));
        let titles = Audited::from(&story.saved_files(), &lists).titles();
        assert!(
            titles.iter().any(|title| title.contains("leaver-with-key: IAM user `svc-backup`")),
            "{cell}: {titles:?}"
        );
    }
}

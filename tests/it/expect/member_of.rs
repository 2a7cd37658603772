//! Exports that have the groups of each person (`memberOf`) and no list of members: whether they show nested groups.

use rollcall::model::Nesting;

use crate::story::{Story, guid, sign_in_name};
use crate::support::audited::Audited;

const BASE: &str = "OU=Staff,DC=corp,DC=example,DC=com";

/// Eve is a reader, and readers are in `AWS-Outer`: her membership of that is only told by what the groups are in.
fn nested() -> Story {
    let mut story = Story::small();
    story
        .group("AWS-Outer")
        .hire("dora", &["AWS-Outer"])
        .hire("eve", &["AWS-Readers"])
        .nest("AWS-Readers", "AWS-Outer");
    story
}

/// `ldapsearch '(objectClass=user)' memberOf …`, and the same of groups where `of_groups`.
fn member_of(story: &Story, of_people: bool, of_groups: bool) -> String {
    let within = |people: bool, name: &str| -> String {
        let groups = story.directory.groups.iter();
        let groups =
            groups.filter(|(_, members)| if people { &members.people } else { &members.groups }.contains(name));
        groups.map(|(group, _)| format!("memberOf: CN={group},{BASE}\n")).collect()
    };
    let mut ldif = String::new();
    for name in story.directory.people.keys() {
        let groups = if of_people { within(true, name) } else { String::new() };
        let (id, upn) = (guid("person", name), sign_in_name(name));
        ldif += &format!(
            "dn: CN={name},{BASE}\nobjectClass: user\nsAMAccountName: {name}\nuserPrincipalName: {upn}\n\
             userAccountControl: 512\nobjectGUID: {id}\n{groups}\n"
        );
    }
    for name in story.directory.groups.keys().filter(|_| of_groups) {
        ldif += &format!("dn: CN={name},{BASE}\nobjectClass: group\nsAMAccountName: {name}\n{}\n", within(false, name));
    }
    ldif
}

fn audited(story: &Story, directory: &[(&str, String)], nesting: Nesting) -> Audited {
    let mut lists = story.expected_files();
    lists.retain(|(name, _)| !name.starts_with("directory/"));
    lists.extend(directory.iter().map(|(name, text)| ((*name).to_owned(), text.clone())));
    Audited::from(&story.saved_files(), &lists).with(|world| world.policy.nesting = Some(nesting))
}

fn only_people(story: &Story, nesting: Nesting) -> Audited {
    audited(story, &[("directory/people-2026-11-19.ldif", member_of(story, true, false))], nesting)
}

#[test]
fn where_nested_groups_count_the_groups_of_people_alone_make_nobody_unexpected() {
    let audited = only_people(&nested(), Nesting::Flatten);
    assert_eq!(audited.titles(), Vec::<String>::new());
    let said = "groups in other groups: `directory/people-2026-11-19.ldif`: the lists say which groups people are in, but not which groups are nested";
    assert_eq!(audited.gaps(), [said], "one gap for all groups");
    assert!(!audited.report().verdict.complete(), "a nested group may hold somebody whom AWS lacks");
}

#[test]
fn where_nested_groups_do_not_count_the_groups_of_people_say_it_all() {
    let mut story = nested();
    let titles = only_people(&story, Nesting::Direct).titles();
    assert!(titles.iter().all(|title| title.contains("unexpected-membership")), "{titles:?}");
    assert_eq!(titles.len(), 3, "bob, carol and eve: {titles:?}");
    story.aws.groups.insert("AWS-Outer".to_owned(), ["dora".to_owned()].into());
    let audited = only_people(&story, Nesting::Direct);
    assert_eq!((audited.titles(), audited.gaps()), (Vec::new(), Vec::new()));
    assert!(audited.report().verdict.complete());
}

#[test]
fn somebody_whom_no_list_knows_is_found_all_the_same() {
    let mut story = nested();
    story.stranger("mallory").aws_member("AWS-Outer", "mallory");
    assert_eq!(only_people(&story, Nesting::Flatten).rules(), ["unexpected-user"]);
}

#[test]
fn the_groups_of_groups_close_the_gap_wherever_they_stand() {
    let mut story = nested();
    let (people, groups) = (member_of(&story, true, false), member_of(&story, false, true));
    let both = member_of(&story, true, true);
    let (_, members) = story.expected_files().swap_remove(1);
    let ways: [&[(&str, String)]; 3] = [
        &[("directory/all-2026-11-19.ldif", both)],
        &[("directory/people-2026-11-19.ldif", people.clone()), ("directory/groups-2026-11-19.ldif", groups)],
        &[("directory/people-2026-11-19.ldif", people), ("directory/members-2026-11-19.csv", members)],
    ];
    for lists in ways {
        let audited = audited(&story, lists, Nesting::Flatten);
        assert_eq!((audited.titles(), audited.gaps()), (Vec::new(), Vec::new()));
    }
    story.aws_member("AWS-Outer", "alice");
    for lists in ways {
        assert_eq!(audited(&story, lists, Nesting::Flatten).rules(), ["unexpected-membership"]);
    }
}

#[test]
fn the_groups_of_groups_alone_do_not_say_who_is_in_them() {
    let story = nested();
    let audited =
        audited(&story, &[("directory/all-2026-11-19.ldif", member_of(&story, false, true))], Nesting::Direct);
    assert_eq!(audited.rules(), ["unlisted-administrative-access"], "nobody says who is in the group");
    let gaps = audited.gaps();
    assert!(gaps.iter().all(|gap| gap.ends_with("no list has its members")), "{gaps:?}");
    assert!(!audited.report().verdict.complete());
}

#[test]
fn whoever_keeps_people_and_their_groups_by_hand_knows_of_no_others() {
    let mut story = Story::small();
    let people = |story: &Story| {
        let mut text = "user,groups\n".to_owned();
        for name in story.directory.people.keys() {
            let groups = story.directory.groups.iter().filter(|(_, members)| members.people.contains(name));
            let groups: Vec<&str> = groups.map(|(group, _)| group.as_str()).collect();
            text += &format!("{},{}\n", sign_in_name(name), groups.join(";"));
        }
        [("people.csv", text)]
    };
    let in_order = audited(&story, &people(&story), Nesting::Flatten);
    assert_eq!((in_order.titles(), in_order.gaps()), (Vec::new(), Vec::new()));
    story.aws_member("AWS-Admins", "carol");
    assert_eq!(audited(&story, &people(&story), Nesting::Flatten).rules(), ["unexpected-membership"]);
}

#[test]
fn where_groups_were_asked_too_and_none_is_in_another_nothing_is_missing() {
    let story = Story::small();
    let users = || {
        let mut text = "SamAccountName,Enabled,UserPrincipalName,DistinguishedName,MemberOf\n".to_owned();
        for name in story.directory.people.keys() {
            let groups = story.directory.groups.iter().filter(|(_, members)| members.people.contains(name));
            let groups: Vec<String> = groups.map(|(group, _)| format!("CN={group},{BASE}")).collect();
            text += &format!("{name},True,{},\"CN={name},{BASE}\",\"{}\"\n", sign_in_name(name), groups.join(";"));
        }
        text
    };
    let mut groups = "DistinguishedName,GroupScope,MemberOf,SamAccountName\n".to_owned();
    for name in story.directory.groups.keys() {
        groups += &format!("\"CN={name},{BASE}\",Global,,{name}\n");
    }
    let people = ("directory/users-2026-11-19.csv", users());
    let ways: [&[(&str, String)]; 2] = [
        &[("directory/all-2026-11-19.ldif", member_of(&story, true, true))],
        &[people.clone(), ("directory/groups-2026-11-19.csv", groups)],
    ];
    for lists in ways {
        let audited = audited(&story, lists, Nesting::Flatten);
        assert_eq!((audited.titles(), audited.gaps()), (Vec::new(), Vec::new()));
    }
    assert_eq!(audited(&story, &[people], Nesting::Flatten).gaps().len(), 1);
}

//! How far the lists say who is in a group: what one list says proves nothing about the people of another.

use rollcall::expect::{Records, fold};
use rollcall::model::{Expectation, Extent, What};

use crate::support::exports::{as_of, records_of};

fn lists(files: &[(&str, &str)]) -> Expectation {
    fold(&records(files), as_of(), None)
}

fn records(files: &[(&str, &str)]) -> Records {
    let files: Vec<(&str, &[u8])> = files.iter().map(|&(name, text)| (name, text.as_bytes())).collect();
    records_of(&files).unwrap()
}

/// Why not all people are known who are directly in a group; `None` where all are.
fn open(lists: &Expectation, group: &str) -> Option<String> {
    let found = lists.groups.seen().find(|found| found.names.iter().any(|name| name == group)).unwrap();
    match found.members.extent() {
        Extent::Part(gap) => Some(format!("{}: {}: {:?}", gap.source, gap.why.word(), gap.why)),
        Extent::Whole(_) => None,
    }
}

const WITH_GROUPS: &str = "SamAccountName,UserPrincipalName,Enabled,MemberOf\nalice,alice@c.x,True,A\n";
const BY_HAND: &str = "user,groups,status\nzoe,A,active\n";

#[test]
fn an_export_of_people_without_their_groups_leaves_open_who_is_in_the_groups_that_other_lists_tell() {
    let silent = "SamAccountName,UserPrincipalName,Enabled\nbob,bob@c.x,True\n";
    for other in [("a.csv", WITH_GROUPS), ("people.csv", BY_HAND)] {
        let lists = lists(&[other, ("users.csv", silent)]);
        let why = open(&lists, "A").unwrap();
        assert!(why.starts_with("users.csv: untold: ") && why.contains("people without their groups"), "{why}");
        let Extent::Part(gap) = lists.groups.extent() else { panic!("{:?}", lists.groups.extent()) };
        assert_eq!((gap.source.as_str(), &gap.unseen), ("users.csv", &What::Groups.into()));
    }
    let ldif = |name: &str, more: &str| {
        format!("dn: CN={name},DC=c,DC=x\nobjectClass: user\nsAMAccountName: {name}\nuserAccountControl: 512\n{more}\n")
    };
    let (one, other) = (ldif("a", "memberOf: CN=G,DC=c,DC=x\n"), ldif("b", ""));
    let why = open(&lists(&[("a.ldif", &one), ("b.ldif", &other)]), "G").unwrap();
    assert!(why.starts_with("b.ldif: untold: "), "{why}");
}

#[test]
fn whoever_left_or_has_an_entry_with_groups_elsewhere_or_is_kept_by_hand_leaves_no_group_open() {
    let left = "SamAccountName,UserPrincipalName,Enabled\nbob,bob@c.x,False\n";
    let again = "SamAccountName,UserPrincipalName,Enabled\nalice,alice@c.x,True\n";
    for other in [("left.csv", left), ("again.csv", again), ("people.csv", "user,status\nzoe,active\n")] {
        let lists = lists(&[("a.csv", WITH_GROUPS), other]);
        assert_eq!(open(&lists, "A"), None, "{}", other.0);
        assert!(matches!(lists.groups.extent(), Extent::Whole(_)), "{}", other.0);
    }
}

#[test]
fn where_lists_of_members_name_people_of_an_export_their_groups_are_told() {
    let users = "SamAccountName,UserPrincipalName,Enabled\nalice,alice@c.x,True\nbob,bob@c.x,True\n";
    let lists = lists(&[("users.csv", users), ("pairs.csv", "Group,SamAccountName\nB,bob\n"), ("people.csv", BY_HAND)]);
    assert_eq!(lists.people.seen().count(), 3);
    assert_eq!(open(&lists, "A"), None);
}

fn cuts(records: &Records) -> Vec<Option<&str>> {
    records.rolls.iter().map(|roll| roll.cut.as_deref()).collect()
}

#[test]
fn a_row_that_names_nobody_says_that_its_group_is_empty_only_where_it_stands_alone() {
    let of = |rows: &str| records(&[("m.csv", &format!("Group,UserPrincipalName\n{rows}"))]);
    assert_eq!(cuts(&of("A,alice@c.x\nB,\n")), [None, None]);
    let why = Some("line 3 names the group without a member, but other rows name the group too");
    assert_eq!(cuts(&of("A,alice@c.x\na,\nB,bob@c.x\n")), [why, None]);
    assert_eq!(cuts(&of("B,bob@c.x\nA,\nA,\n")), [None, why], "two members without a name");
    let named = lists(&[("m.csv", "Group,UserPrincipalName\nA,alice@c.x\nA,\n")]);
    assert!(open(&named, "A").is_some_and(|why| why.contains("line 3")), "{:?}", open(&named, "A"));
}

/// Case 74: as in LDIF.
#[test]
fn groups_that_look_empty_where_only_universal_groups_have_members_are_not_known_to_be_empty() {
    let powershell = |scope: &str| {
        format!(
            "DistinguishedName,GroupScope,Name,member,SamAccountName\n\"CN=U,DC=c,DC=x\",{scope},U,\"CN=a,DC=c,DC=x\",U\n\
             \"CN=G,DC=c,DC=x\",Global,G,,G\n\"CN=E,DC=c,DC=x\",Universal,E,,E\n"
        )
    };
    let csvde = |kind: &str| {
        format!(
            "DN,objectClass,sAMAccountName,groupType,member\n\"CN=U,DC=c,DC=x\",group,U,{kind},\"CN=a,DC=c,DC=x\"\n\
             \"CN=G,DC=c,DC=x\",group,G,-2147483646,\n\"CN=E,DC=c,DC=x\",group,E,-2147483640,\n"
        )
    };
    for (catalog, domain) in
        [(powershell("Universal"), powershell("Global")), (csvde("-2147483640"), csvde("-2147483646"))]
    {
        let of_catalog = records(&[("groups.csv", &catalog)]);
        let cuts_of_catalog = cuts(&of_catalog);
        assert_eq!((cuts_of_catalog[0], cuts_of_catalog[2]), (None, None), "{catalog}");
        assert!(cuts_of_catalog[1].is_some_and(|cut| cut.contains("global catalog")), "{catalog}");
        assert_eq!(cuts(&records(&[("groups.csv", &domain)])), [None, None, None], "{domain}");
    }
}

/// Case 6.
#[test]
fn members_that_powershell_has_in_ranges_are_whole_only_if_the_ranges_are() {
    let groups = |ranges: &str, cells: &str| {
        let text = format!(
            "DistinguishedName,GroupScope,Name,member,{ranges},SamAccountName\n\"CN=G,DC=c,DC=x\",Global,G,,{cells},G\n"
        );
        let records = records(&[("groups.csv", &text)]);
        (records.memberships.len(), records.rolls[0].cut.clone())
    };
    let (a, b) = ("\"CN=a,DC=c,DC=x\"", "\"CN=b,DC=c,DC=x\"");
    let first = "only the first 1500 values are in the file".to_owned();
    assert_eq!(groups("member;range=0-1499", a), (1, Some(first)));
    assert_eq!(groups("member;range=0-1499,member;range=1500-*", &format!("{a},{b}")), (2, None));
}

#[test]
fn a_comma_in_the_name_of_a_group_is_noted_and_a_column_of_groups_is_read() {
    let note = |name: &str, text: &str| {
        let records = records(&[(name, text)]);
        let said = records.files[0].notes.iter().find(|note| note.contains("is read as one group name")).cloned();
        (records.memberships.len(), said)
    };
    let (one, said) = note("users.csv", "SamAccountName,Enabled,MemberOf\nalice,True,\"A, B\"\n");
    assert_eq!(one, 1);
    assert!(said.is_some_and(|said| said.contains("`A, B` in line 2")));
    assert!(note("people.csv", "user,groups\nalice,\"A,B\"\n").1.is_some());
    let names = "SamAccountName,Enabled,Groups\nalice,True,\"CN=A,DC=c,DC=x;CN=B\\, C,DC=c,DC=x\"\n";
    assert_eq!(note("users.csv", names), (2, None));
}

#[test]
fn groups_of_a_person_of_which_only_a_range_is_there_are_a_hole() {
    let users = "SamAccountName,Enabled,MemberOf,MemberOf;range=0-1499\nalice,True,,\"CN=A,DC=c,DC=x\"\n";
    let records = records(&[("users.csv", users)]);
    assert_eq!(records.holes.iter().map(|hole| hole.at.line).collect::<Vec<_>>(), [1]);
}

#[test]
fn an_answer_that_lists_groups_only_may_be_those_that_the_file_is_named_after_is_in() {
    let answer = |kind: &str| {
        format!(
            "{{\"@odata.context\": \"https://graph.microsoft.com/v1.0/$metadata#directoryObjects\", \"value\": \
             [{{\"@odata.type\": \"#microsoft.graph.{kind}\", \"id\": \"1b4e28ba-2fa1-11d2-883f-0016d3cca427\"}}]}}"
        )
    };
    for (kind, noted) in [("group", true), ("user", false)] {
        let records = records(&[("alice.json", &answer(kind))]);
        assert_eq!(records.files[0].notes.iter().any(|note| note.contains("leave the file out")), noted, "{kind}");
    }
}

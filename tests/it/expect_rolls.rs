//! How far the lists say who is in a group: what one list says proves nothing about the people of another.

use rollcall::expect::{Records, fold};
use rollcall::model::{Expectation, Extent};

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
        assert!(why.starts_with("users.csv: untold: ") && why.contains("people and not their groups"), "{why}");
        let Extent::Part(gap) = lists.groups.extent() else { panic!("{:?}", lists.groups.extent()) };
        assert_eq!((gap.source.as_str(), gap.unseen.as_str()), ("users.csv", "groups"));
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

//! Which of several lists says who is in a group: the newest; and where nothing says which one that is, on whom they
//! disagree nobody knows.

use rollcall::expect::Options;
use rollcall::model::{DirectoryGroup, Expectation, Extent};
use rollcall::wording;

use crate::support::lists::{folded, told, try_lists};

fn lists(lists: &[(&str, &str)]) -> Expectation {
    let lists: Vec<(&str, &[u8])> = lists.iter().map(|&(name, text)| (name, text.as_bytes())).collect();
    folded(&try_lists(&lists, &Options::default()).unwrap_or_else(|error| panic!("{}", told(&error))))
}

fn admins(lists: &Expectation) -> &DirectoryGroup {
    lists.groups.seen().find(|group| group.name == "AWS-Admins").unwrap()
}

/// Who is directly in the group, and why that is not all.
fn of_admins(lists: &Expectation) -> (Vec<&str>, Option<String>) {
    let group = admins(lists);
    let people = group.members.seen().map(|member| lists.people[member.person].sam.as_deref().unwrap()).collect();
    let why = match group.members.extent() {
        Extent::Part(gap) => Some(wording::gap_reason(&gap.why)),
        Extent::Whole(_) => None,
    };
    (people, why)
}

const USERS: (&str, &str) = (
    "users-2026-11-29.csv",
    "DistinguishedName,Enabled,Name,ObjectClass,SamAccountName,UserPrincipalName\n\
     \"CN=ann,DC=corp,DC=test\",True,ann,user,ann,ann@corp.test\n\"CN=bob,DC=corp,DC=test\",True,bob,user,bob,bob@corp.test\n\
     \"CN=cy,DC=corp,DC=test\",True,cy,user,cy,cy@corp.test\n",
);
const MEMBERS: &str =
    "Group,SamAccountName,ObjectClass\nAWS-Admins,ann,user\nAWS-Admins,bob,user\nAWS-Readers,cy,user\n";
const ONE_GROUP: &str = "SamAccountName,ObjectClass\nann,user\nbob,user\ncy,user\n";
const NAMES: &str = "ann\nbob\ncy\n";
const LDIF: &str = "dn: CN=AWS-Admins,DC=corp,DC=test\nobjectClass: group\nsAMAccountName: AWS-Admins\n\
    member: CN=ann,DC=corp,DC=test\nmember: CN=bob,DC=corp,DC=test\nmember: CN=cy,DC=corp,DC=test\n\n";

#[test]
fn the_newest_list_of_a_group_speaks_for_it_whatever_its_shape() {
    let newer = ("members-2026-11-29.csv", MEMBERS);
    for older in [
        ("AWS-Admins-2026-11-25.csv", ONE_GROUP),
        ("group-listmembers-AWS-Admins-2026-11-25.txt", NAMES),
        ("groups-2026-11-25.ldif", LDIF),
    ] {
        assert_eq!(of_admins(&lists(&[USERS, newer, older])), (vec!["ann", "bob"], None), "{}", older.0);
        let later = (older.0.replace("11-25", "11-30"), older.1);
        let lists = lists(&[USERS, newer, (&later.0, later.1)]);
        assert_eq!(of_admins(&lists), (vec!["ann", "bob", "cy"], None), "{}", later.0);
        // Of another group the older list is the only one, and speaks.
        let readers = lists.groups.seen().find(|group| group.name == "AWS-Readers").unwrap();
        assert_eq!(readers.members.seen().count(), 1);
    }
}

#[test]
fn where_nothing_says_which_list_is_newer_the_disputed_members_are_unknown() {
    for other in [("AWS-Admins.csv", ONE_GROUP), ("old.ldif", LDIF), ("AWS-Admins-2026-11-29.csv", ONE_GROUP)] {
        let lists = lists(&[USERS, ("members-2026-11-29.csv", MEMBERS), other]);
        let (people, why) = of_admins(&lists);
        let why = why.unwrap();
        assert_eq!(people, ["ann", "bob"], "{}", other.0);
        assert!(
            why.contains("disagree about the membership of `cy@corp.test`, and it is unknown which list is newer"),
            "{why}"
        );
    }
    // Lists that agree are no reason to doubt.
    let same = "SamAccountName,ObjectClass\nann,user\nbob,user\n";
    let agreeing = lists(&[USERS, ("members-2026-11-29.csv", MEMBERS), ("AWS-Admins.csv", same)]);
    assert_eq!(of_admins(&agreeing), (vec!["ann", "bob"], None));
}

#[test]
fn a_list_that_names_an_inner_group_and_one_that_names_its_members_agree() {
    let nested =
        "Group,SamAccountName,ObjectClass\nAWS-Admins,ann,user\nAWS-Admins,Platform,group\nPlatform,bob,user\n";
    let groups = "GroupScope,Name,ObjectClass,SamAccountName\nGlobal,AWS-Admins,group,AWS-Admins\nGlobal,Platform,group,Platform\n";
    let flat = "SamAccountName,ObjectClass\nann,user\nbob,user\n";
    let lists = lists(&[
        USERS,
        ("groups-2026-11-29.csv", groups),
        ("members-2026-11-29.csv", nested),
        ("AWS-Admins.csv", flat),
    ]);
    assert_eq!(of_admins(&lists).1, None);
}

#[test]
fn an_older_list_of_the_groups_of_people_does_not_add_to_a_newer_list_of_members() {
    let member_of = USERS
        .1
        .replace("UserPrincipalName\n", "UserPrincipalName,MemberOf\n")
        .replace("corp.test\n", "corp.test,\"CN=AWS-Admins,DC=corp,DC=test\"\n");
    let groups = ("groups-2026-11-29.ldif", LDIF.replace("member: CN=cy,DC=corp,DC=test\n", ""));
    let older = lists(&[("users-2026-11-25.csv", &member_of), (groups.0, &groups.1)]);
    assert_eq!(of_admins(&older), (vec!["ann", "bob"], None));
    let equal = lists(&[("users-2026-11-29.csv", &member_of), (groups.0, &groups.1)]);
    assert_eq!(of_admins(&equal).0, ["ann", "bob", "cy"], "both speak, with a note");
}

#[test]
fn somebody_of_a_trusted_domain_is_known_by_the_sid_or_not_known() {
    let stranger = "CN=S-1-5-21-9-9-9-1105,CN=ForeignSecurityPrincipals,DC=corp,DC=test";
    let group = LDIF.replace("member: CN=cy,DC=corp,DC=test", &format!("member: {stranger}"));
    let why = of_admins(&lists(&[USERS, ("g-2026-11-29.ldif", &group)])).1.unwrap();
    assert!(why.contains(stranger), "{why}");
    let entry = format!("dn: {stranger}\nobjectClass: foreignSecurityPrincipal\n\n");
    let with_entry = of_admins(&lists(&[USERS, ("g-2026-11-29.ldif", &(entry + &group))])).1.unwrap();
    assert!(with_entry.contains(stranger), "{with_entry}");
    let other = "dn: CN=eve,DC=other,DC=test\nobjectClass: user\nsAMAccountName: eve\nobjectSid: S-1-5-21-9-9-9-1105\n\
        userAccountControl: 512\n\n";
    let both = lists(&[USERS, ("g-2026-11-29.ldif", &group), ("other-2026-11-29.ldif", other)]);
    assert_eq!(of_admins(&both), (vec!["ann", "bob", "eve"], None));
    // Windows' own identities are nobody.
    let own = group.replace("S-1-5-21-9-9-9-1105", "S-1-5-11");
    assert_eq!(of_admins(&lists(&[USERS, ("g-2026-11-29.ldif", &own)])).1, None);
}

#[test]
fn a_group_without_a_domain_is_not_taken_for_the_one_of_that_name_in_one_of_several_domains() {
    let bare =
        ("groups-2026-11-29.csv", "GroupScope,Name,ObjectClass,SamAccountName\nGlobal,AWS-Admins,group,AWS-Admins\n");
    let named = |domain: &str| {
        format!(
            "GroupScope,Name,ObjectClass,SamAccountName,DistinguishedName\nGlobal,AWS-Admins,group,AWS-Admins,\"CN=AWS-Admins,{domain}\"\n"
        )
    };
    let count = |text: &str| lists(&[USERS, bare, ("sub-2026-11-29.csv", text)]).groups.seen().count();
    assert_eq!(count(&named("DC=sub,DC=test")), 2);
    assert_eq!(count(&named("DC=corp,DC=test")), 1);
}

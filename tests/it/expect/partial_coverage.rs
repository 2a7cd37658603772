//! A list speaks for what it lists: the members of one group say nothing of other groups, one container nothing of the
//! rest of a directory. A list of all of a kind makes everybody else unexpected as before.

use std::collections::BTreeMap;

use rollcall::model::{Kind, Nesting, StandingWord};
use rollcall::wording;

use crate::story::{Story, guid, sign_in_name};
use crate::support::audited::{Audited, left_by};

const BASE: &str = "OU=Staff,DC=corp,DC=example,DC=com";

/// `Get-ADGroupMember AWS-Admins | Export-Csv AWS-Admins.csv`
fn members_of(story: &Story, group: &str) -> (String, String) {
    let mut text = "distinguishedName,name,objectClass,objectGUID,SamAccountName\n".to_owned();
    for sam in &story.directory.groups[group].people {
        text += &format!("\"CN={sam},{BASE}\",{sam},user,{},{sam}\n", guid("person", sam));
    }
    (format!("directory/{group}.csv"), text)
}

/// One of the story's own exports.
fn export(story: &Story, of: &str) -> (String, String) {
    story.expected_files().into_iter().find(|(name, _)| name.starts_with(&format!("directory/{of}"))).unwrap()
}

/// The list of members of groups, without some groups, as a script leaves it that could not read them.
fn pairs_without(story: &Story, group: &str) -> (String, String) {
    let (name, text) = export(story, "members");
    (
        name,
        text.lines()
            .filter(|line| !line.starts_with(&format!("\"{group}\"")))
            .map(|line| line.to_owned() + "\n")
            .collect(),
    )
}

/// The story against these exports of its directory, and all of its other lists.
fn audited(story: &Story, directory: &[(String, String)]) -> Audited {
    let mut lists = story.expected_files();
    lists.retain(|(name, _)| !name.starts_with("directory/"));
    lists.extend(directory.iter().cloned());
    Audited::from(&story.saved_files(), &lists)
}

fn standings(audited: &Audited, kind: Kind) -> BTreeMap<StandingWord, usize> {
    audited.counts(kind)
}

const NONE: [String; 0] = [];

#[test]
fn the_members_of_one_group_say_nothing_of_other_users_and_groups() {
    let mut story = Story::small();
    story.stranger("mallory").aws_member("AWS-Readers", "mallory");
    let audited = audited(&story, &[members_of(&story, "AWS-Admins")]);
    assert_eq!(audited.titles(), NONE);
    assert!(audited.report().verdict.complete(), "{:?}", audited.gaps());
    let of =
        |expected, unlisted| BTreeMap::from([(StandingWord::Expected, expected), (StandingWord::Unlisted, unlisted)]);
    assert_eq!(standings(&audited, Kind::User), of(1, 3));
    assert_eq!(standings(&audited, Kind::Group), of(1, 1));
    assert_eq!(standings(&audited, Kind::Membership), of(1, 3));
    let headline = wording::headline(&audited.report());
    for said in ["1 of 4 users", "1 of 2 groups", "1 of 4 memberships", "3 users, 1 group, 3 memberships"] {
        assert!(headline.contains(said), "{headline}");
    }
}

#[test]
fn who_is_in_a_group_and_not_in_its_list_is_found_whether_or_not_a_list_names_all_users() {
    let mut story = Story::small();
    story.stranger("mallory").aws_member("AWS-Admins", "mallory").aws_member("AWS-Admins", "bob");
    let members = members_of(&story, "AWS-Admins");
    assert_eq!(
        audited(&story, std::slice::from_ref(&members)).rules(),
        ["unexpected-membership", "unexpected-membership"]
    );
    let with_users = audited(&story, &[members, export(&story, "users")]).rules();
    assert_eq!(with_users, ["unexpected-user", "unexpected-membership"]);
}

#[test]
fn who_is_expected_in_a_listed_group_and_not_there_is_missing() {
    let mut story = Story::small();
    story.aws_member_gone("AWS-Admins", "alice");
    assert_eq!(audited(&story, &[members_of(&story, "AWS-Admins")]).rules(), ["missing-membership"]);
    story.aws_user_gone("alice");
    assert_eq!(audited(&story, &[members_of(&story, "AWS-Admins")]).rules(), ["missing-user"]);
}

/// `Get-ADGroupMember` failed for the administrators, and the script went on.
#[test]
fn a_list_of_memberships_speaks_for_the_groups_that_it_names_and_administrators_are_told_all_the_same() {
    let mut story = Story::small();
    let lists = [export(&story, "users"), pairs_without(&story, "AWS-Admins")];
    let told = "high unlisted-administrative-access: Group `AWS-Admins` gives administrative access; no expected list covers its members";
    assert_eq!(audited(&story, &lists).titles(), [told]);
    let ordinary = [export(&story, "users"), pairs_without(&story, "AWS-Readers")];
    assert_eq!(audited(&story, &ordinary).titles(), NONE);
    story.aws_member("AWS-Readers", "alice");
    assert_eq!(audited(&story, &lists).rules(), ["unlisted-administrative-access", "unexpected-membership"]);
    story.aws_member_gone("AWS-Readers", "alice").stranger("mallory").aws_member("AWS-Admins", "mallory");
    assert_eq!(audited(&story, &lists).rules(), ["unexpected-user", "unlisted-administrative-access"]);
}

#[test]
fn a_list_of_all_groups_makes_every_other_group_unexpected() {
    let mut story = Story::small();
    story.aws_group("AWS-Odd").aws_member("AWS-Odd", "bob");
    let (users, members, groups) = (export(&story, "users"), export(&story, "members"), export(&story, "groups"));
    let whole = audited(&story, &[users.clone(), members.clone(), groups]);
    assert_eq!(whole.rules(), ["unexpected-group"]);
    assert_eq!(audited(&story, &[users, members]).titles(), NONE);
    let people = |story: &Story| {
        let of = |name: &String| {
            let groups = story.directory.groups.iter().filter(|(_, members)| members.people.contains(name));
            groups.map(|(group, _)| group.as_str()).collect::<Vec<_>>().join(";")
        };
        let rows = story.directory.people.keys().map(|name| format!("{},{}\n", sign_in_name(name), of(name)));
        ("people.csv".to_owned(), "user,groups\n".to_owned() + &rows.collect::<String>())
    };
    assert_eq!(
        audited(&story, &[people(&story)]).rules(),
        ["unexpected-group"],
        "maintained by hand knows of no others"
    );
}

/// `Get-ADUser -Properties MemberOf`, joined.
fn users_with_groups(story: &Story) -> (String, String) {
    let mut text = "SamAccountName,Enabled,UserPrincipalName,DistinguishedName,MemberOf\n".to_owned();
    for name in story.directory.people.keys() {
        let groups = story.directory.groups.iter().filter(|(_, members)| members.people.contains(name));
        let groups: Vec<String> = groups.map(|(group, _)| format!("CN={group},{BASE}")).collect();
        text += &format!("{name},True,{},\"CN={name},{BASE}\",\"{}\"\n", sign_in_name(name), groups.join(";"));
    }
    ("directory/users.csv".to_owned(), text)
}

#[test]
fn the_groups_of_people_name_no_group_that_nobody_is_in_and_none_that_holds_groups_only() {
    let mut story = Story::small();
    story.aws_group("AWS-Empty");
    let direct = |story: &Story| {
        audited(story, &[users_with_groups(story)]).with(|world| world.policy.nesting = Some(Nesting::Direct))
    };
    assert_eq!(direct(&story).titles(), NONE);
    assert_eq!(standings(&direct(&story), Kind::Group)[&StandingWord::Unlisted], 1);
    story.aws_member("AWS-Empty", "bob");
    assert_eq!(direct(&story).rules(), ["unexpected-group"]);
    // Its members may be those of a group that is in it.
    let nested = audited(&story, &[users_with_groups(&story)]);
    assert_eq!(nested.titles(), NONE);
    assert_eq!(standings(&nested, Kind::Group)[&StandingWord::Unknown], 1);
    assert!(!nested.report().verdict.complete());
}

/// *Export List* of the console Active Directory Users and Computers.
#[test]
fn an_export_of_one_container_names_people_and_makes_nobody_else_unexpected() {
    let mut story = Story::small();
    story.stranger("mallory");
    let list = "Name,Type,Description,E-Mail Address,User Logon Name,Pre-Windows 2000 Logon Name\n\
        Alice,User,,alice@corp.example.com,alice@corp.example.com,alice\nBob,User,,,bob@corp.example.com,bob\n\
        PC,Computer,,,,PC$\nAWS-Readers,Security Group - Global,,,,AWS-Readers\nPartner,Contact,,p@partner.example,,\n";
    let audited = audited(&story, &[("directory/users.csv".to_owned(), list.to_owned())]);
    assert_eq!(audited.rules(), ["unlisted-administrative-access"], "nobody says who is in the group");
    let users = standings(&audited, Kind::User);
    assert_eq!((users[&StandingWord::Expected], users[&StandingWord::Unlisted]), (2, 2));
    let file = &audited.world().expectation.files.iter().find(|file| file.name == "directory/users.csv").unwrap();
    assert_eq!((file.rows_read, file.rows_used), (5, 2));
    assert!(file.notes[0].contains("one container"), "{:?}", file.notes);
}

#[test]
fn what_was_found_of_a_group_is_out_of_sight_where_no_list_speaks_for_it_any_more() {
    let mut story = Story::small();
    story.aws_member("AWS-Readers", "alice").aws_member("AWS-Admins", "carol").stranger("mallory");
    let whole = Audited::of(&story);
    let earlier = left_by(&whole.report());
    assert_eq!(whole.rules().len(), 3);
    story.aws_member_gone("AWS-Admins", "carol");
    let later =
        audited(&story, &[members_of(&story, "AWS-Admins")]).with(|world| world.earlier = Some(earlier.clone()));
    let changes = later.report().changes.clone();
    assert_eq!((changes.resolved.len(), changes.out_of_sight.len()), (1, 2), "{changes:?}");
}

#[test]
fn the_owner_of_an_iam_user_is_nobody_only_where_a_list_names_all_users() {
    let mut story = Story::small();
    story.iam_user("dev", "svc-new", &["AmazonS3ReadOnlyAccess"], "zoe");
    let (members, users) = (members_of(&story, "AWS-Admins"), export(&story, "users"));
    assert_eq!(audited(&story, std::slice::from_ref(&members)).titles(), NONE);
    assert_eq!(audited(&story, &[members, users]).rules(), ["unowned-iam-user"]);
}

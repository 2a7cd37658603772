//! Users, groups and members of Entra ID: what its portal lets one download, and answers of Microsoft Graph.

use std::collections::BTreeSet;

use rollcall::expect::{End, Options, Records};
use rollcall::model::{Employment, Extent, Kind, ListFormat};

use crate::support::lists::{folded, list, try_lists};

const ALICE: &str = "0d9bd3a4-6d63-4a15-9dcf-0f2f1f3f5f01";
const BOB: &str = "0d9bd3a4-6d63-4a15-9dcf-0f2f1f3f5f02";
const ADMINS: &str = "0d9bd3a4-6d63-4a15-9dcf-0f2f1f3f5fff";

fn portal_users() -> String {
    format!(
        "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled,usageLocation\r\n\
         alice@example.com,Alice Ash,Ash,alice.ash@example.com,Alice,{ALICE},Member,,Sales,True,DE\r\n\
         bob@example.com,Bob Berg,Berg,,Bob,{BOB},Member,,,False,DE\r\n"
    )
}

fn portal_members() -> String {
    format!(
        "id,userPrincipalName,displayName,objectType,userType,isUser,isGroup,isGuest\r\n\
         {ALICE},alice@example.com,Alice Ash,User,Member,TRUE,FALSE,FALSE\r\n\
         {ADMINS},,Inner,Group,,FALSE,TRUE,FALSE\r\n"
    )
}

fn members_of(records: &Records, group: &str) -> BTreeSet<String> {
    let expectation = folded(records);
    let group = expectation.groups.seen().find(|known| known.name == group).unwrap();
    group.members.seen().map(|member| expectation.people[member.person].user_name.clone().unwrap()).collect()
}

#[test]
fn users_of_the_portal_are_people_whose_id_is_no_guid_of_active_directory() {
    for id in ["id", "objectId"] {
        let text = portal_users().replacen(",id,", &format!(",{id},"), 1);
        let records = list("exportUsers_2026-1-9.csv", text.as_bytes());
        assert_eq!(records.files[0].format, ListFormat::EntraUsers);
        let alice = &records.entries[0];
        assert_eq!(alice.entra_id.unwrap().to_string(), ALICE);
        assert_eq!((alice.guid, alice.user_name.as_deref()), (None, Some("alice@example.com")));
        assert_eq!(alice.mails, ["alice.ash@example.com"]);
        let expectation = folded(&records);
        let employments: Vec<Employment> = expectation.people.seen().map(|person| person.employment).collect();
        assert_eq!(employments, [Employment::Current, Employment::Left]);
        assert_eq!(expectation.speaks_for, BTreeSet::from([Kind::User]));
        assert_eq!(records.files[0].exported.unwrap().at.to_rfc3339(), "2026-01-09T00:00:00+00:00");
    }
}

#[test]
fn members_of_the_portal_join_its_users_by_their_ids() {
    let renamed = portal_members().replace("alice@example.com", "alice.new@example.com");
    let lists = [("exportUsers.csv", portal_users()), ("exportGroupMembers_AWS-Admins_2026-1-9.csv", renamed)];
    let lists: Vec<(&str, &[u8])> = lists.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let records = try_lists(&lists, &Options::default()).unwrap();
    let expectation = folded(&records);
    assert_eq!(expectation.people.seen().count(), 2, "one object id is one person, whatever the name");
    let admins = expectation.groups.seen().find(|group| group.name == "AWS-Admins").unwrap();
    assert_eq!((admins.members.seen().count(), admins.groups.seen().count()), (1, 1));
}

#[test]
fn the_newer_columns_of_the_portal_are_known_too() {
    let text = format!(
        "Object ID,User principal name,Display name,Member type\n{ALICE},alice@example.com,Alice Ash,User\n{BOB},,printer,Device\n"
    );
    let records = list("AWS-Admins_members.csv", text.as_bytes());
    assert_eq!(members_of(&records, "AWS-Admins"), BTreeSet::from(["alice@example.com".to_owned()]));
}

#[test]
fn groups_of_the_portal_are_groups() {
    let text = format!(
        "id,displayName,groupType,membershipType,source,mail,securityEnabled\n{ADMINS},AWS-Admins,Security,Assigned,Cloud,,True\n"
    );
    let expectation = folded(&list("exportGroups_2026-1-9.csv", text.as_bytes()));
    assert_eq!(expectation.groups.seen().next().unwrap().name, "AWS-Admins");
    assert_eq!(expectation.people.seen().count(), 0);
}

#[test]
fn users_without_the_column_of_enabled_accounts_are_noted() {
    let text = portal_users().replace(",True,", ",,").replace(",False,", ",,");
    let notes = list("exportUsers.csv", text.as_bytes()).files[0].notes.join("\n");
    assert!(notes.contains("does not say who has left"), "{notes}");
}

fn graph(about: &str, value: &str, more: &str) -> Vec<u8> {
    let context = "https://graph.microsoft.com/v1.0/$metadata";
    format!("{{\"@odata.context\": \"{context}#{about}\"{more}, \"value\": [{value}]}}").into_bytes()
}

fn graph_user(id: &str, name: &str) -> String {
    format!(
        "{{\"id\": \"{id}\", \"userPrincipalName\": \"{name}@example.com\", \"mail\": null, \"displayName\": \"{name}\", \
          \"accountEnabled\": true, \"businessPhones\": [], \"onPremisesImmutableId\": \"NbIVcRmtv0OiEVyjiuJC4A==\", \
          \"onPremisesSecurityIdentifier\": \"S-1-5-21-1-2-3-1103\"}}"
    )
}

fn graph_member(number: usize) -> String {
    format!(
        "{{\"@odata.type\": \"#microsoft.graph.user\", \"id\": \"0d9bd3a4-6d63-4a15-9dcf-{number:012}\", \
          \"userPrincipalName\": \"u{number}@example.com\"}}"
    )
}

#[test]
fn users_of_graph_have_the_guid_and_sid_of_active_directory_where_they_come_from_there() {
    let records = list("users.json", &graph("users", &graph_user(ALICE, "alice"), ""));
    let alice = &records.entries[0];
    assert_eq!(alice.entra_id.unwrap().to_string(), ALICE);
    assert_eq!(alice.guid.unwrap().to_string(), "7115b235-ad19-43bf-a211-5ca38ae242e0");
    assert_eq!((alice.sid.as_deref(), alice.enabled), (Some("S-1-5-21-1-2-3-1103"), Some(true)));
    assert_eq!(records.files[0].end, End::Unvouched);
    assert_eq!(folded(&records).speaks_for, BTreeSet::from([Kind::User]));
}

#[test]
fn an_answer_that_announces_another_page_is_cut_and_one_that_counts_itself_is_vouched_for() {
    let user = graph_user(ALICE, "alice");
    let end = |more: &str| list("users.json", &graph("users(id)", &user, more)).files[0].end.clone();
    let next = end(", \"@odata.nextLink\": \"https://graph.microsoft.com/v1.0/users?$skiptoken=x\"");
    assert!(matches!(&next, End::Cut(how) if how.contains("announced another page (`@odata.nextLink`)")), "{next:?}");
    assert_eq!(end(", \"@odata.count\": 1"), End::Vouched("`@odata.count`".to_owned()));
    assert_eq!(end(", \"@odata.count\": 2"), End::Cut("`@odata.count` is 2, but the file has 1 objects".to_owned()));
}

#[test]
fn members_of_graph_are_those_of_the_group_that_the_file_is_named_after() {
    let members = format!(
        "{}, {{\"@odata.type\": \"#microsoft.graph.group\", \"id\": \"{ADMINS}\", \"displayName\": \"Inner\"}}, \
         {{\"@odata.type\": \"#microsoft.graph.servicePrincipal\", \"id\": \"{BOB}\", \"displayName\": \"robot\"}}",
        graph_member(1)
    );
    let records = list("AWS-Admins.json", &graph("directoryObjects", &members, ""));
    assert_eq!((records.files[0].rows_read, records.files[0].rows_used), (3, 2));
    assert_eq!(members_of(&records, "AWS-Admins"), BTreeSet::from(["u1@example.com".to_owned()]));
}

fn group_with(members: usize, more: &str) -> String {
    let members: Vec<String> = (0..members).map(graph_member).collect();
    format!(
        "{{\"id\": \"{ADMINS}\", \"displayName\": \"AWS-Admins\", \"securityEnabled\": true{more}, \"members\": [{}]}}",
        members.join(", ")
    )
}

#[test]
fn expanded_members_are_members_and_twenty_of_them_may_be_a_part() {
    let extent = |members: usize, more: &str| {
        let records = list("groups.json", &graph("groups(members())", &group_with(members, more), ""));
        let expectation = folded(&records);
        let group = expectation.groups.seen().next().unwrap();
        assert_eq!(group.members.seen().count(), members);
        matches!(group.members.extent(), Extent::Whole(_))
    };
    assert!(extent(0, "") && extent(19, ""));
    assert!(!extent(20, ""), "`$expand` stops at twenty without a word");
    assert!(!extent(3, ", \"members@odata.nextLink\": \"https://graph.microsoft.com/x\""));
}

#[test]
fn one_group_asked_for_by_its_id_is_read() {
    let group = group_with(2, "").replacen(
        '{',
        "{\"@odata.context\": \"https://graph.microsoft.com/v1.0/$metadata#groups/$entity\", ",
        1,
    );
    let records = list("group.json", group.as_bytes());
    assert_eq!(members_of(&records, "AWS-Admins").len(), 2);
}

/// A list of users of Entra ID and an export of Active Directory speak of the same people.
#[test]
fn a_person_of_both_directories_is_one() {
    let directory = "ObjectGUID,SamAccountName,Enabled\n7115b235-ad19-43bf-a211-5ca38ae242e0,alice,False\n";
    let graph = graph("users", &graph_user(ALICE, "alice"), "");
    let records = try_lists(&[("ad.csv", directory.as_bytes()), ("users.json", &graph)], &Options::default()).unwrap();
    let expectation = folded(&records);
    let people: Vec<Employment> = expectation.people.seen().map(|person| person.employment).collect();
    assert_eq!(people, [Employment::Left], "whoever is disabled in one of them has left");
}

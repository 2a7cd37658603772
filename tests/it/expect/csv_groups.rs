//! Groups in CSV exports: the groups of people joined in a cell (cases 31 to 34 of the specification of directory
//! exports), members of one group, and lists of pairs.

use std::collections::BTreeSet;

use rollcall::expect::{Options, Records};
use rollcall::model::{Extent, Kind};

use crate::support::lists::{folded, list, members, refusal, sample, true_members, try_lists};

const PIPED: &str = "csv-powershell/ps51_select_useculture_en-GB_utf8bom.csv";

/// Who is in which group, by name of both, as they were read.
fn pairs(records: &Records) -> BTreeSet<(String, String)> {
    let expectation = folded(records);
    let groups = expectation.groups.seen().flat_map(|group| {
        let people = group.members.seen().map(|member| expectation.people[member.person].sam.clone().unwrap());
        people.map(|sam| (group.name.clone(), sam)).collect::<Vec<_>>()
    });
    groups.collect()
}

/// Cases 31 and 34.
#[test]
fn the_name_of_a_type_in_place_of_groups_says_nothing_about_groups() {
    let placeholders = [
        "Microsoft.ActiveDirectory.Management.ADPropertyValueCollection",
        "System.String[]",
        "System.Object[]",
        "System.Collections.ArrayList",
    ];
    for placeholder in placeholders {
        let records = list("users.csv", format!("SamAccountName,Enabled,MemberOf\na,True,{placeholder}\n").as_bytes());
        assert_eq!(records.holes.len(), 1, "{placeholder}");
        assert!(records.holes[0].detail.contains("join the values in the export"));
        let expectation = folded(&records);
        assert!(matches!(expectation.groups.extent(), Extent::Part(_)), "{placeholder}");
        assert!(
            expectation.speaks_for.contains(&Kind::Membership),
            "it was to be told, so it is unknown, not unlisted"
        );
    }
}

/// Case 32.
#[test]
fn names_joined_by_semicolons_bars_commas_and_lines_are_the_same_groups() {
    let piped = String::from_utf8(sample(PIPED)).unwrap();
    let truth = pairs(&list("users.csv", piped.as_bytes()));
    assert!(truth.len() > 50, "{}", truth.len());
    for separator in [";", "; ", ", ", "\n", "\r\n"] {
        let joined = piped.replace("|CN=", &format!("{separator}CN="));
        assert_eq!(pairs(&list("users.csv", joined.as_bytes())), truth, "{separator:?}");
    }
    let billing: BTreeSet<String> = truth
        .iter()
        .filter(|(group, _)| group.starts_with("AWS Billing & Cost; \"FinOps\", EMEA"))
        .map(|(_, sam)| sam.clone())
        .collect();
    assert_eq!(billing, true_members()["AWS-Billing-EMEA"]);
}

/// Case 33.
#[test]
fn a_name_that_was_cut_at_an_escaped_comma_is_a_hole() {
    let export = sample("csv-powershell/ps51_select_memberof-cn-regex_join-semicolon_utf8bom.csv");
    let records = list("users.csv", &export);
    assert!(!records.holes.is_empty());
    for hole in &records.holes {
        assert!(hole.detail.contains("was cut at a comma; export distinguished names instead"), "{}", hole.detail);
    }
    assert!(matches!(folded(&records).groups.extent(), Extent::Part(_)));
}

const PAIRS: &str = "Group,SamAccountName,ObjectClass,DistinguishedName\n\
    AWS-Admins,alice,user,\"CN=Alice,DC=corp\"\n\
    AWS-Readers,alice,user,\"CN=Alice,DC=corp\"\n\
    aws-admins,bob,user,\"CN=Bob,DC=corp\"\n\
    AWS-Readers,AWS-Admins,group,\"CN=AWS-Admins,DC=corp\"\n\
    AWS-Readers,pc01$,computer,\"CN=PC01,DC=corp\"\n";

#[test]
fn a_list_of_pairs_keeps_what_it_says_of_each_member_once() {
    let records = list("members.csv", PAIRS.as_bytes());
    assert_eq!((records.entries.len(), records.memberships.len(), records.rolls.len()), (4, 5, 2));
    assert_eq!((records.files[0].rows_read, records.files[0].rows_used), (5, 4));
    let lines: Vec<u32> = records.memberships.iter().map(|membership| membership.at.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6], "each pair has its own line");
    let members = members(&folded(&records));
    let of = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(members["AWS-Admins"], of(&["alice", "bob"]));
    assert_eq!(members["AWS-Readers"], of(&["alice", "bob"]));
}

/// Two rows that differ in one letter speak of two people, whatever the letters before and after it.
#[test]
fn rows_that_only_run_into_each_other_are_not_one_member() {
    let records = list("members.csv", b"Name,SamAccountName,Group,Enabled\nab,c,G,True\na,bc,G,True\n");
    assert_eq!(records.entries.len(), 2);
}

/// Case 87.
#[test]
fn a_plain_list_of_users_and_groups_joins_a_directory_by_whatever_name_it_uses() {
    let directory = "SamAccountName,UserPrincipalName,DistinguishedName,Enabled\n\
        alice,a.ash@corp.example.com,\"CN=Alice,DC=corp,DC=example,DC=com\",True\n";
    for name in [
        "alice",
        "CORP\\alice",
        "corp\\ALICE",
        "A.Ash@corp.example.com ",
        "\u{a0}alice\u{a0}",
        "\"CN=Alice,DC=corp,DC=example,DC=com\"",
    ] {
        for column in ["user", "Member"] {
            let flat = format!("{column},group\n{name},AWS-Admins\n");
            let records =
                try_lists(&[("flat.csv", flat.as_bytes()), ("users.csv", directory.as_bytes())], &Options::default());
            let expectation = folded(&records.unwrap());
            assert_eq!(expectation.people.seen().count(), 1, "{column} {name:?}");
            assert_eq!(members(&expectation)["AWS-Admins"], BTreeSet::from(["alice".to_owned()]), "{name:?}");
        }
    }
}

#[test]
fn a_list_that_mixes_groups_with_permission_sets_is_refused_with_the_two_lists_that_it_should_be() {
    let refused = refusal("access.csv", &sample("csv-derived/handmade_expected-access.csv"));
    assert!(refused.contains("`people.csv`") && refused.contains("`assignments.csv`"), "{refused}");
}

#[test]
fn the_group_of_a_list_of_members_is_in_the_name_of_the_file() {
    let names = [
        ("AWS-Admins.csv", Some("AWS-Admins")),
        ("groups/AWS-Admins.csv", Some("AWS-Admins")),
        ("get-adgroupmember_AWS-Admins-2026-11-19.csv", Some("AWS-Admins")),
        ("AWS-Admins_members_20261119.csv", Some("AWS-Admins")),
        ("2026-11-19_members.csv", None),
        ("exportGroupMembers_2026-1-5.csv", None),
        ("exportGroupMembers_AWS-Admins_2026-1-5.csv", Some("AWS-Admins")),
        ("AWS-Admins-111122223333.csv", Some("AWS-Admins-111122223333")),
        ("AWS-42.csv", Some("AWS-42")),
    ];
    for (name, group) in names {
        let read = try_lists(&[(name, b"SamAccountName,ObjectClass\nalice,user\n")], &Options::default());
        let found = read.ok().map(|records| folded(&records).groups.seen().next().unwrap().name.clone());
        assert_eq!(found.as_deref(), group, "{name}");
    }
}

#[test]
fn groups_with_their_members_joined_say_who_is_in_them_and_which_of_them_are_empty() {
    let groups = "DistinguishedName,GroupScope,ObjectClass,SamAccountName,member\n\
        \"CN=A,DC=corp\",Global,group,A,\"CN=Alice,DC=corp;CN=B,DC=corp\"\n\"CN=B,DC=corp\",Global,group,B,\n";
    let users = "DistinguishedName,SamAccountName,Enabled\n\"CN=Alice,DC=corp\",alice,True\n";
    let lists: [(&str, &[u8]); 2] = [("groups.csv", groups.as_bytes()), ("users.csv", users.as_bytes())];
    let expectation = folded(&try_lists(&lists, &Options::default()).unwrap());
    let members = members(&expectation);
    assert_eq!((members["A"].len(), members["B"].len()), (1, 0));
    let placeholder = groups
        .replace("\"CN=Alice,DC=corp;CN=B,DC=corp\"", "Microsoft.ActiveDirectory.Management.ADPropertyValueCollection");
    let records = list("groups.csv", placeholder.as_bytes());
    assert_eq!((records.holes.len(), records.rolls.len()), (1, 0));
    assert!(
        refusal("groups.csv", groups.replace("CN=Alice,", "Alice;").as_bytes()).contains("is not a distinguished name")
    );
}

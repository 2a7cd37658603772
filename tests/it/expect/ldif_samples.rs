//! LDIF and lists of `samba-tool`, exported from a real domain or made from such exports, against what is known of that
//! domain: `tests/data/ad/answers.json`.

use std::collections::{BTreeMap, BTreeSet};

use rollcall::expect::{Records, fold};
use rollcall::model::Extent;
use serde_json::Value;

use crate::support::exports::{
    all_members, answers, as_of, gap_of, members, members_of_all, people, records_of, sample, sample_lists,
    sample_records, set,
};

/// What an export says of a person, and what the domain says.
type Facts = BTreeMap<&'static str, Value>;

fn text(value: &Value) -> Value {
    value.as_str().map_or(Value::Null, Value::from)
}

fn facts(records: &Records) -> BTreeMap<String, Facts> {
    let lists = fold(records, as_of(), None);
    let people = lists.people.seen().map(|person| {
        let row = records
            .entries
            .iter()
            .find(|entry| (entry.at.file, entry.at.line) == (person.row.file.number() as u32, person.row.line));
        let entry = row.unwrap();
        let or_null = |value: Option<String>| value.map_or(Value::Null, Value::from);
        let facts = [
            ("guid", or_null(person.guid.map(|guid| guid.to_string()))),
            ("sid", or_null(entry.sid.clone())),
            ("upn", or_null(person.user_name.clone())),
            ("mail", or_null(person.mails.first().cloned())),
            ("enabled", entry.enabled.map_or(Value::Null, Value::from)),
            ("expired", entry.expires.is_some_and(|expires| expires <= as_of()).into()),
        ];
        (person.sam.clone().unwrap(), Facts::from(facts))
    });
    people.collect()
}

/// The same facts from the answers, of the people among these.
fn true_facts(held: &BTreeMap<String, Facts>) -> BTreeMap<String, Facts> {
    let answers = answers();
    let users = answers["users"].as_object().unwrap().values();
    let of = |user: &Value| {
        Facts::from([
            ("guid", text(&user["guid"])),
            ("sid", text(&user["sid"])),
            ("upn", text(&user["upn"])),
            ("mail", text(&user["mail"])),
            ("enabled", user["enabled"].clone()),
            ("expired", user["expired_at_2026-11-20T12Z"].clone()),
        ])
    };
    let those = users.filter(|user| user["kind"] == "user" && held.contains_key(user["sam"].as_str().unwrap()));
    those.map(|user| (user["sam"].as_str().unwrap().to_owned(), of(user))).collect()
}

/// Cases 42 to 47, 53 to 55, 63 and 64.
#[test]
fn every_export_of_users_says_the_same_of_82_people_whatever_program_wrote_it() {
    let exports = [
        ("users-all-attrs.ldapsearch.ldif", "LDIF (`ldapsearch`)"),
        ("made/users.ldbsearch.ldif", "LDIF (`ldbsearch`)"),
        ("csv-derived/ldifde_users_ansi.ldf", "LDIF (`ldifde`)"),
        ("made/users.ldifde-u.ldf", "LDIF (`ldifde`)"),
    ];
    for (export, format) in exports {
        let records = sample_records(&[export]);
        let found = facts(&records);
        assert_eq!(found.len(), 82, "{export}");
        assert_eq!(found, true_facts(&found), "{export}");
        assert_eq!(rollcall::wording::list_format(records.files[0].format), format, "{export}");
    }
}

/// Case 42: how lines are folded, and with which flags `ldapsearch` ran, makes no difference.
#[test]
fn flags_of_ldapsearch_change_nothing_in_what_is_read() {
    let without_mail = |export: &str| {
        let mut found = facts(&sample_records(&[export]));
        found.values_mut().for_each(|facts| _ = facts.remove("mail"));
        found
    };
    let folded = without_mail("users-selected.ldapsearch.ldif");
    assert_eq!(folded.len(), 82);
    for export in [
        "users-selected-nowrap.ldapsearch.ldif",
        "users-all-attrs.ldapsearch.ldif",
        "made/users-no-L-flags.ldapsearch.txt",
    ] {
        assert_eq!(without_mail(export), folded, "{export}");
    }
}

#[test]
fn all_3382_people_of_the_domain_are_read_with_the_72_of_them_who_are_disabled() {
    let records = sample_records(&["users-with-bulk.ldapsearch.ldif"]);
    let found = facts(&records);
    assert_eq!(found.len(), answers()["counts"]["users_person"].as_u64().unwrap() as usize);
    let disabled = found.values().filter(|facts| facts["enabled"] == Value::Bool(false)).count();
    assert_eq!(disabled, answers()["counts"]["disabled_users"].as_u64().unwrap() as usize);
}

/// The comments of `ldapsearch -L` name the filter, and it asks for people only.
#[test]
fn people_without_object_class_are_people_where_the_search_asked_for_nobody_else() {
    let records = sample_records(&["users-one-L.ldapsearch.ldif"]);
    assert_eq!(people(&fold(&records, as_of(), None)).len(), 82);
    let note = "it has no `userAccountControl`, so it does not say who has left";
    assert!(records.files[0].notes.iter().any(|found| found == note), "{:?}", records.files[0].notes);
}

#[test]
fn entries_that_may_be_people_or_groups_are_refused() {
    let export = sample("inchain-AWS-Platform.ldapsearch.ldif");
    let error = records_of(&[("members.ldif", &export)]).unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("`CN=Bob Jones,OU=Staff,DC=corp,DC=example…` is a person, a group or"), "{cause}");
}

/// The effective members that the domain itself computed (LDAP_MATCHING_RULE_IN_CHAIN), by the group's sAMAccountName.
/// Of the four largest groups the answers hold the number.
fn true_members() -> BTreeMap<String, Result<BTreeSet<String>, usize>> {
    let answers = answers();
    let groups = answers["groups"].as_object().unwrap().values();
    let those = groups.map(|group| {
        let listed = &group["effective_users_in_chain"];
        let members = match listed.as_array() {
            Some(members) => Ok(members.iter().map(|sam| sam.as_str().unwrap().to_owned()).collect()),
            None => Err(listed["count"].as_u64().unwrap() as usize),
        };
        (group["sam"].as_str().unwrap().to_owned(), members)
    });
    those.collect()
}

fn assert_members(found: &BTreeMap<String, BTreeSet<String>>, groups: usize) {
    let truth = true_members();
    assert_eq!(found.len(), groups, "{:?}", found.keys());
    for (group, members) in found {
        match &truth[group] {
            Ok(truth) => assert_eq!(members, truth, "{group}"),
            Err(count) => assert_eq!(members.len(), *count, "{group}"),
        }
    }
}

/// Cases 52 and 69 to 72.
#[test]
fn effective_members_of_every_group_are_what_the_domain_says_and_all_are_known() {
    let lists = sample_lists(&[
        "users-with-bulk.ldapsearch.ldif",
        "groups-all-attrs.ldapsearch.ldif",
        "contacts.ldapsearch.ldif",
        "fsp.ldapsearch.ldif",
        "made/computers.ldapsearch.ldif",
    ]);
    assert_members(&members_of_all(&lists), 75);
    let in_part = lists.groups.seen().filter(|group| matches!(group.members.extent(), Extent::Part(_)));
    // Somebody of a trusted domain is in it, and no list has them.
    assert_eq!(in_part.map(|group| &group.name).collect::<Vec<_>>(), ["AWS-ReadOnly"]);
}

#[test]
fn effective_members_of_the_groups_of_a_narrower_export_are_what_the_domain_says() {
    let export = "groups-member.ldapsearch.ldif";
    let listed: Vec<String> = sample_records(&[export]).entries.iter().filter_map(|group| group.sam.clone()).collect();
    let mut found = members_of_all(&sample_lists(&["users-with-bulk.ldapsearch.ldif", export]));
    // Of the other groups only people say something, and so it is not known what is in them.
    found.retain(|group, _| listed.contains(group));
    assert_members(&found, 28);
}

/// `ldifde` gave only the first 1,500 members of the largest groups, and those were left out.
#[test]
fn effective_members_by_ldifde_are_what_the_domain_says() {
    let lists = sample_lists(&["csv-derived/ldifde_users_ansi.ldf", "csv-derived/ldifde_groups_ansi.ldf"]);
    let mut found = members_of_all(&lists);
    found.retain(|group, _| !group.starts_with("AWS-Bulk"));
    assert_members(&found, 71);
    assert!(gap_of(&lists, "AWS-Bulk-Parent").contains("CN=AWS-Bulk-1500,"));
}

/// Case 71.
#[test]
fn groups_by_their_members_and_groups_by_their_peoples_member_of_agree() {
    let export = String::from_utf8(sample("users-with-bulk.ldapsearch.ldif")).unwrap();
    let without = export.replace("memberOf: ", "info: ");
    let groups = sample("groups-all-attrs.ldapsearch.ldif");
    let by_member_of = members_of_all(&fold(&records_of(&[("users.ldif", export.as_bytes())]).unwrap(), as_of(), None));
    let records = records_of(&[("users.ldif", without.as_bytes()), ("groups.ldif", &groups)]).unwrap();
    let by_member = members_of_all(&fold(&records, as_of(), None));
    // Without a list of groups, nesting is not known; these have no groups in them.
    for group in ["AWS-Admins", "AWS-Bulk-1500", "AWS-Bulk-1501", "AWS-Bulk-All", "AWS-Primary", "aws-admins-LOWER"] {
        assert!(by_member.contains_key(group), "{group}");
        assert_eq!(by_member_of.get(group), by_member.get(group), "{group}");
    }
}

/// Case 51.
#[test]
fn a_group_by_ranges_is_whole_and_its_first_range_alone_is_not() {
    let everybody = "users-with-bulk.ldapsearch.ldif";
    let without_member_of = String::from_utf8(sample(everybody)).unwrap().replace("memberOf: ", "info: ");
    let of = |export: &str| {
        let group = sample(export);
        fold(
            &records_of(&[("users.ldif", without_member_of.as_bytes()), ("group.ldif", &group)]).unwrap(),
            as_of(),
            None,
        )
    };
    assert_eq!(all_members(&of("group-bulk-all-ranged.ldapsearch.ldif"), "AWS-Bulk-All").len(), 3302);
    let cut = of("group-bulk-all-truncated.ldapsearch.ldif");
    assert_eq!(members(&cut, "AWS-Bulk-All").0.len(), 1500);
    assert!(gap_of(&cut, "AWS-Bulk-All").contains("only the first 1500 members are in the file"));
}

#[test]
fn contacts_and_foreign_principals_are_no_people() {
    for export in ["contacts.ldapsearch.ldif", "fsp.ldapsearch.ldif", "made/computers.ldapsearch.ldif"] {
        assert_eq!(people(&sample_lists(&[export])), set(&[]), "{export}");
    }
}

#[test]
fn records_of_one_user_are_read_whichever_program_of_samba_wrote_them() {
    for (export, format) in [
        ("user-show-alice.samba-tool.txt", "LDIF (`samba-tool`)"),
        ("user-alice-show-binary.ldbsearch.txt", "LDIF (`ldbsearch`)"),
    ] {
        let records = sample_records(&[export]);
        let found = facts(&records);
        assert_eq!(found.keys().collect::<Vec<_>>(), ["alice.smith"], "{export}");
        assert_eq!(found, true_facts(&found), "{export}");
        assert_eq!(rollcall::wording::list_format(records.files[0].format), format);
        let groups: Vec<String> = members_of_all(&fold(&records, as_of(), None)).into_keys().collect();
        assert_eq!(groups, ["AWS-Admins", "AWS-Bulk-All", "AWS-Platform", "DL-AllStaff", "Domain Admins", "Tri-1"]);
    }
    let joerg = facts(&sample_records(&["user-show-jmueller.samba-tool.txt"]));
    assert_eq!(joerg, true_facts(&joerg));
}

#[test]
fn lists_of_members_by_samba_tool_name_people_and_groups_by_their_accounts() {
    let lists = sample_lists(&[
        "users-with-bulk.ldapsearch.ldif",
        "groups-all-attrs.ldapsearch.ldif",
        "group-listmembers-AWS-Platform.samba-tool.txt",
        "group-listmembers-AWS-Billing-EMEA.samba-tool.txt",
    ]);
    let truth = true_members();
    for group in ["AWS-Platform", "AWS-Billing-EMEA"] {
        assert_eq!(Ok(all_members(&lists, group)), truth[group], "{group}");
    }
    assert_members(&members_of_all(&lists), 75);
}

/// Cases 66 and 67: `samba-tool` lists those whose primary group it is, and Identity Center has none of them.
#[test]
fn members_by_primary_group_are_not_expected_where_the_sids_tell_them() {
    let users = sample("users-with-bulk.ldapsearch.ldif");
    let groups = sample("groups-all-attrs.ldapsearch.ldif");
    let listed = sample("group-listmembers-DomainUsers.samba-tool.txt");
    let name = "group-listmembers-Domain Users.samba-tool.txt";
    let records = records_of(&[("users.ldif", &users), ("groups.ldif", &groups), (name, &listed)]).unwrap();
    assert_eq!(records.files.iter().find(|file| file.name == name).unwrap().rows_read, 3381);
    let lists = fold(&records, as_of(), None);
    assert_eq!(all_members(&lists, "Domain Users"), set(&["pprimary"]), "all others are there by primary group");
    assert_eq!(all_members(&lists, "AWS-Primary"), set(&["nomail"]));
}

#[test]
fn lists_of_groups_by_samba_tool_name_all_75_groups() {
    let truth: BTreeSet<String> = true_members().into_keys().collect();
    for export in ["group-list.samba-tool.txt", "group-list-verbose.samba-tool.txt"] {
        let lists = sample_lists(&[export]);
        let names: BTreeSet<String> = lists.groups.seen().map(|group| group.name.clone()).collect();
        assert_eq!(names, truth, "{export}");
        assert!(gap_of(&lists, "AWS-Admins").contains("no list has its members"), "{export}");
    }
    let records = sample_records(&["group-list-verbose.samba-tool.txt"]);
    let note = "distribution groups, which are not meant to grant access: `DL-AllStaff`";
    assert!(records.files[0].notes.iter().any(|found| found.starts_with(note)), "{:?}", records.files[0].notes);
}

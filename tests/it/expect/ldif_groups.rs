//! Groups of a directory: who is in which, by which path, and what an export cannot tell. Numbers are those of the
//! cases that a reader of directory exports has to get right.

use std::collections::BTreeMap;

use rollcall::expect::{Records, fold};
use rollcall::model::{Nesting, effective_members};

use crate::support::exports::{
    DOMAIN, all_members, as_of, gap_of, ldif, ldif_group as group, ldif_person as person, ldif_records, members,
    members_of_all, records_of, sample_lists, set,
};

fn notes(records: &Records) -> &[String] {
    &records.files[0].notes
}

/// Case 69: nested members are in the outer group, with the path that leads to them, once.
#[test]
fn members_of_nested_groups_are_members_with_their_path() {
    let lists = sample_lists(&["users-with-bulk.ldapsearch.ldif", "groups-all-attrs.ldapsearch.ldif"]);
    for (group, count) in [("AWS-Platform", 9), ("Diamond-Top", 2), ("AWS-Deep-11", 1), ("AWS-Bulk-Parent", 1501)] {
        assert_eq!(all_members(&lists, group).len(), count, "{group}");
    }
    let (deep, _) = lists.groups.positions().find(|(_, group)| group.name == "AWS-Deep-11").unwrap();
    let reached = effective_members(&lists.groups, deep, Nesting::Flatten);
    let path: Vec<&str> =
        reached.seen().next().unwrap().between().map(|group| lists.groups[group].name.as_str()).collect();
    let levels: Vec<String> = (0..11).map(|level| format!("AWS-Deep-{level:02}")).collect();
    assert_eq!(path, levels);
    assert_eq!(effective_members(&lists.groups, deep, Nesting::Direct).seen().count(), 0);
}

/// Case 70.
#[test]
fn groups_in_a_circle_have_the_same_members_and_end() {
    let sample = sample_lists(&["users-with-bulk.ldapsearch.ldif", "groups-all-attrs.ldapsearch.ldif"]);
    for group in ["Cycle-A", "Cycle-B"] {
        assert_eq!(all_members(&sample, group), set(&["cya", "cyb"]));
    }
    for group in ["Tri-1", "Tri-2", "Tri-3"] {
        assert_eq!(all_members(&sample, group), set(&["alice.smith", "bjones", "nomail"]));
    }
    let itself = ldif(&(person("a", "") + &group("Self", &["Self", "a"])));
    assert_eq!(all_members(&itself, "Self"), set(&["a"]));
}

/// Case 71.
#[test]
fn who_is_in_one_of_two_lists_only_is_in_the_group_and_noted() {
    let people = person("a", &format!("memberOf: CN=G,OU=Staff,{DOMAIN}\nmemberOf: CN=H,OU=Staff,{DOMAIN}"))
        + &person("b", &format!("memberOf: CN=H,OU=Staff,{DOMAIN}"));
    let groups = group("G", &["a", "b"]) + &group("H", &["b"]);
    let lists = records_of(&[("groups.ldif", groups.as_bytes()), ("people.ldif", people.as_bytes())]).unwrap();
    let lists = fold(&lists, as_of(), None);
    assert_eq!(all_members(&lists, "G"), set(&["a", "b"]));
    assert_eq!(all_members(&lists, "H"), set(&["a", "b"]));
    let note = |file: usize| lists.files[file].notes.last().cloned().unwrap_or_default();
    assert!(
        note(0).starts_with("memberships that only this file has") && note(0).ends_with(": `b` in `G`"),
        "{}",
        note(0)
    );
    assert!(note(1).ends_with(": `a` in `H`"), "{}", note(1));
    let sample = sample_lists(&["users-with-bulk.ldapsearch.ldif", "groups-all-attrs.ldapsearch.ldif"]);
    for file in sample.files {
        assert!(!file.notes.iter().any(|note| note.starts_with("memberships")), "{:?}", file.notes);
    }
}

/// Both sides in one file, as `ldapsearch` writes them.
#[test]
fn a_file_in_which_both_sides_agree_has_no_note_and_one_in_which_they_do_not_has_it() {
    let notes = |text: &str| -> Vec<String> {
        ldif(text).files[0].notes.iter().filter(|note| note.starts_with("memberships")).cloned().collect()
    };
    let of_g = format!("memberOf: CN=G,OU=Staff,{DOMAIN}");
    let agreeing = person("a", &of_g) + &person("b", &of_g) + &group("G", &["a", "b"]);
    assert_eq!(notes(&agreeing), Vec::<String>::new());
    assert_eq!(notes(&(group("G", &["a"]) + &person("a", &of_g))), Vec::<String>::new(), "in whatever order");
    // The group's first 1,500 members stand before the person, and the others behind.
    let slice = |range: &str, member: &str| group("G", &[member]).replace("member:", &format!("member;range={range}:"));
    let in_slices = slice("0-0", "a") + &person("a", &of_g) + &person("b", &of_g) + &slice("1-*", "b");
    assert_eq!(notes(&in_slices), Vec::<String>::new());
    let only_of_person = person("a", &of_g) + &person("b", &of_g) + &group("G", &["a"]);
    let said = notes(&only_of_person);
    assert!(said.len() == 1 && said[0].contains("only one of `member` and `memberOf`"), "{said:?}");
    assert!(said[0].ends_with(": `b` in `G`"), "{said:?}");
    let only_of_group = person("a", &of_g)
        + &person("b", &format!("memberOf: CN=H,OU=Staff,{DOMAIN}"))
        + &group("G", &["a", "b"])
        + &group("H", &["b"]);
    assert!(notes(&only_of_group)[0].ends_with(": `b` in `G`"), "{:?}", notes(&only_of_group));
    assert_eq!(all_members(&ldif(&only_of_group), "G"), set(&["a", "b"]), "both are expected");
}

/// Case 71: what only one side can know is no difference.
#[test]
fn a_group_of_another_domain_or_one_that_is_cut_short_differs_from_nothing() {
    let a = person("a", &format!("memberOf: CN=Part,OU=Staff,{DOMAIN}"));
    let part = group("Part", &["b"]).replace("member:", "member;range=0-0:");
    let elsewhere = format!("dn: CN=Far,DC=other,DC=com\nobjectClass: group\nmember: CN=a,OU=Staff,{DOMAIN}\n\n");
    let lists = ldif(&(a + &person("b", &format!("memberOf: CN=Part,OU=Staff,{DOMAIN}")) + &part + &elsewhere));
    assert!(!lists.files[0].notes.iter().any(|note| note.starts_with("memberships")), "{:?}", lists.files[0].notes);
}

/// Case 72.
#[test]
fn an_empty_group_is_empty_and_a_member_that_is_not_exported_is_named() {
    let text = person("a", "")
        + &group("Empty", &[])
        + &group("Far", &["a", "x@DC=other,DC=com", "S-1-5-11@CN=ForeignSecurityPrincipals,DC=corp"])
        + &group("Foreign", &["S-1-5-11@CN=ForeignSecurityPrincipals,DC=corp"])
        + &group("Outer", &["Far"]);
    let lists = ldif(&text);
    assert_eq!(all_members(&lists, "Empty"), set(&[]));
    assert_eq!(all_members(&lists, "Foreign"), set(&[]));
    assert_eq!(members(&lists, "Far").0, set(&["a"]));
    assert_eq!(gap_of(&lists, "Far"), "outside: Outside { names: [\"CN=x,DC=other,DC=com\"] }");
    assert!(
        gap_of(&lists, "Outer").starts_with("outside"),
        "what is not known of the inner group is not known of the outer"
    );
}

/// Case 73.
#[test]
fn distribution_groups_are_noted() {
    let typed =
        |name: &str, kind: &str| group(name, &["a"]).replace("objectClass", &format!("groupType: {kind}\nobjectClass"));
    let records = ldif_records(
        &(person("a", "userAccountControl: 512")
            + &typed("DL", "8")
            + &["-2147483646", "-2147483644", "-2147483643", "-2147483640"]
                .map(|kind| typed(&format!("S{kind}"), kind))
                .concat()),
    );
    assert_eq!(notes(&records), ["distribution groups, which are not meant to grant access: `DL`"]);
    let many: String = (0..5).map(|number| typed(&format!("DL{number}"), "2")).collect();
    assert!(notes(&ldif_records(&many))[0].ends_with("`DL0`, `DL1`, `DL2` and 2 more"));
}

/// Case 73: the renamed group is called by its sAMAccountName, and known by both.
#[test]
fn a_renamed_group_is_known_by_both_names() {
    let lists = sample_lists(&["groups-all-attrs.ldapsearch.ldif"]);
    let renamed = lists.groups.seen().find(|group| group.name == "AWS-NetOps-Old").unwrap();
    assert_eq!(renamed.names, ["AWS Network Ops (renamed)", "AWS-NetOps-Old"]);
}

/// Case 74.
#[test]
fn groups_that_a_global_catalog_shows_without_members_are_not_known_to_be_empty() {
    let typed = |name: &str, kind: &str, members: &[&str]| {
        group(name, members).replace("objectClass", &format!("groupType: {kind}\nobjectClass"))
    };
    let (global, local, universal) = ("-2147483646", "-2147483644", "-2147483640");
    let catalog = person("a", "")
        + &typed("Universal", universal, &["a"])
        + &typed("Global", global, &[])
        + &typed("Local", local, &[]);
    let lists = ldif(&catalog);
    assert_eq!(all_members(&lists, "Universal"), set(&["a"]));
    for group in ["Global", "Local"] {
        assert!(gap_of(&lists, group).contains("global catalog"), "{group}");
    }
    let domain = ldif(&(catalog.clone() + &typed("Other", global, &["a"])));
    assert_eq!(all_members(&domain, "Global"), set(&[]), "where one such group has members, all were exported");
    let without_members =
        ldif(&(person("a", "") + &typed("Universal", universal, &[]) + &typed("Global", global, &[])));
    assert!(gap_of(&without_members, "Universal").contains("no list has its members"));
}

/// Case 91: groups of one name in two domains are two, and a list of members that names neither is about any of them.
#[test]
fn groups_of_one_name_in_two_domains_are_not_mixed() {
    let corp = person("ada", "") + &person("ben", "") + &group("G", &["ada"]);
    let other = (person("ada", "") + &group("G", &["ada"])).replace(DOMAIN, "DC=other,DC=com");
    let both = [("corp.ldif", corp.as_bytes()), ("other.ldif", other.as_bytes())];
    let lists = fold(&records_of(&both).unwrap(), as_of(), None);
    let domains: Vec<(Option<&str>, usize)> =
        lists.groups.seen().map(|group| (group.domain.as_deref(), group.members.seen().count())).collect();
    assert_eq!(domains, [(Some("corp.example.com"), 1), (Some("other.com"), 1)]);
    let of_either = [&both[..], &[("group-listmembers-G.txt", b"ben\n")]].concat();
    let lists = fold(&records_of(&of_either).unwrap(), as_of(), None);
    assert!(gap_of(&lists, "G").starts_with("outside"));
}

/// A list of members by `samba-tool` names accounts; who is in no other list is not known, be it person or group.
#[test]
fn accounts_that_no_list_has_are_a_gap_and_machines_are_none() {
    let users = person("ada", "");
    let listed = |names: &str| {
        let files = [
            ("users.ldif", users.as_bytes()),
            ("samba/group-listmembers-G-2026-11-19.samba-tool.TXT", names.as_bytes()),
        ];
        fold(&records_of(&files).unwrap(), as_of(), None)
    };
    assert_eq!(all_members(&listed("ADA\nPC1$\n\n"), "G"), set(&["ada"]));
    assert_eq!(gap_of(&listed("ada\nstranger\n"), "G"), "outside: Outside { names: [\"stranger\"] }");
}

/// What `samba-tool` writes of a group without members, with a contact in it, and with `--full-dn`.
#[test]
fn lists_of_members_may_be_empty_and_have_contacts_and_distinguished_names() {
    let people = person("inet", "") + &person("ops$", "userAccountControl: 512");
    let read = |name: &str, list: &str| {
        let records = records_of(&[("people.ldif", people.as_bytes()), (name, list.as_bytes())]).unwrap();
        let notes = records.files.iter().find(|file| file.name == name).unwrap().notes.join("\n");
        (fold(&records, as_of(), None), notes)
    };
    let (lists, notes) = read("group-listmembers-Leer.txt", "");
    assert_eq!(all_members(&lists, "Leer"), set(&[]));
    assert!(notes.contains("it is empty, so the group counts as empty"), "{notes}");
    let (lists, notes) = read("group-listmembers-G.txt", "inet\nKontakt, Extern\nRECHNER01$\nops$\n");
    assert_eq!(all_members(&lists, "G"), set(&["inet", "ops$"]));
    let contact = "not an account name, so treated as a contact, which Identity Center does not have: `Kontakt, Extern` in \
                   line 2";
    assert!(notes.contains(contact), "{notes}");
    let (lists, _) = read("group-listmembers-G.txt", &format!("CN=inet,OU=Staff,{DOMAIN}\n"));
    assert_eq!(all_members(&lists, "G"), set(&["inet"]));
    let text = "Meier, Peter\nSchulz, Eva\n";
    let error = records_of(&[("group-listmembers-G.txt", text.as_bytes())]).unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("no other line has one"), "names of people are no contacts: {cause}");
    let error = records_of(&[("group-list.txt", b"")]).unwrap_err();
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("it is empty"));
}

/// A name that no account can have is an error message, or another kind of file.
#[test]
fn lists_of_names_hold_names_only() {
    for (name, text) in [
        ("group-listmembers-G.txt", "ERROR: Failed to list members of \"G\" group\n"),
        ("group-listmembers-G.txt", "ada\nben|cleo\n"),
        ("group-list.txt", "CORP\\ada\n"),
    ] {
        let error = records_of(&[(name, text.as_bytes())]).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("is not the name of an account or a group"), "{cause}");
    }
    for name in ["notes.txt", "group-listmembers-.txt"] {
        let error = records_of(&[(name, b"ada\nben\n")]).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("its format is not recognized"), "{name}: {cause}");
    }
}

#[test]
fn groups_by_which_only_people_are_known_are_those_of_their_member_of() {
    let by_name = members_of_all(&ldif(&person("a", &format!("memberOf: CN=G,OU=Staff,{DOMAIN}"))));
    assert_eq!(by_name, BTreeMap::from([("G".to_owned(), set(&["a"]))]));
}

/// In two domains an account and a group may have one name; they are never one object.
#[test]
fn a_group_with_the_name_of_a_person_is_no_person() {
    let users = person("ada", "");
    let files = [("users.ldif", users.as_bytes()), ("group-list.txt", b"ada\n".as_slice())];
    let lists = fold(&records_of(&files).unwrap(), as_of(), None);
    assert_eq!((lists.people.seen().count(), lists.groups.seen().count()), (1, 1));
}

/// Each person has the way outwards in common with all others: of ways of their own, these would take gigabytes.
#[test]
fn a_chain_of_very_many_groups_and_a_circle_of_them_end() {
    const DEPTH: usize = 20_000;
    for back in [None, Some("g0".to_owned())] {
        let groups = (0..DEPTH).map(|level| {
            let inner = if level + 1 < DEPTH { Some(format!("g{}", level + 1)) } else { back.clone() };
            let members: Vec<String> = inner.into_iter().chain([format!("p{level}")]).collect();
            group(&format!("g{level}"), &members.iter().map(String::as_str).collect::<Vec<_>>())
        });
        let people = (0..DEPTH).map(|level| person(&format!("p{level}"), ""));
        let lists = ldif(&groups.chain(people).collect::<String>());
        let (outer, _) = lists.groups.positions().find(|(_, group)| group.name == "g0").unwrap();
        let reached = effective_members(&lists.groups, outer, Nesting::Flatten);
        assert_eq!(reached.seen().count(), DEPTH);
        assert_eq!(reached.seen().map(|reach| reach.between().take(3).count()).max(), Some(3));
        let last = reached.seen().find(|reach| lists.people[reach.person].sam.as_deref() == Some("p19999")).unwrap();
        assert_eq!(last.between().count(), DEPTH - 1);
    }
}

//! What a directory says of people and what it means: who is still there, and who is none. Numbers are those of the
//! cases that a reader of directory exports has to get right.

use std::collections::BTreeMap;

use rollcall::expect::{Records, fold};
use rollcall::model::{Employment, Expectation};

use crate::support::exports::{
    DOMAIN, all_members, as_of, called, ldif, ldif_group as group, ldif_person as person, ldif_records, people,
    records_of, refused, sample_lists, sample_records, set,
};

fn employment(lists: &Expectation) -> BTreeMap<String, Employment> {
    lists.people.seen().map(|person| (called(person), person.employment)).collect()
}

fn notes(records: &Records) -> &[String] {
    &records.files[0].notes
}

/// Case 63: one bit says it, whatever else is set.
#[test]
fn an_account_is_disabled_by_one_bit_of_its_control() {
    for (control, employment_by_it) in [
        (514, Employment::Left),
        (546, Employment::Left),
        (66050, Employment::Left),
        (512, Employment::Current),
        (544, Employment::Current),
        (66048, Employment::Current),
        (262_656, Employment::Current),
        (4_194_816, Employment::Current),
        (528, Employment::Current),
    ] {
        let lists = ldif(&person("a", &format!("userAccountControl: {control}")));
        assert_eq!(employment(&lists)["a"], employment_by_it, "{control}");
    }
    assert_eq!(employment(&ldif(&person("a", "")))["a"], Employment::Unstated);
    assert!(refused(&person("a", "userAccountControl: 5,12E+02")).contains("is not a whole number"));
}

/// Case 64.
#[test]
fn accounts_expire_at_an_instant_or_never_and_a_disabled_one_is_disabled_first() {
    for (expires, employment_by_it) in [
        ("0", Employment::Current),
        ("9223372036854775807", Employment::Current),
        ("9223372032559808511", Employment::Current),
        ("-1", Employment::Current),
        // 2024-05-12 15:06:40
        ("133600000000000000", Employment::Expired),
        // 2026-11-20 12:00:00, the instant itself, and a tenth of a microsecond later.
        ("134396496000000000", Employment::Expired),
        ("134396496000000001", Employment::Current),
        ("139600000000000000", Employment::Current),
    ] {
        let lists = ldif(&person("a", &format!("userAccountControl: 512\naccountExpires: {expires}")));
        assert_eq!(employment(&lists)["a"], employment_by_it, "{expires}");
    }
    let both = ldif(&person("a", "userAccountControl: 514\naccountExpires: 133600000000000000"));
    assert_eq!(employment(&both)["a"], Employment::Left);
    let sample = employment(&sample_lists(&["users-all-attrs.ldapsearch.ldif"]));
    let expired: Vec<&String> =
        sample.iter().filter(|(_, found)| **found == Employment::Expired).map(|(name, _)| name).collect();
    assert_eq!(expired, ["eexpired"], "of those who are enabled");
    assert_eq!(sample["bothways"], Employment::Left);
}

/// Case 65.
#[test]
fn a_locked_account_is_noted_and_still_there() {
    let records = ldif_records(&person("a", "userAccountControl: 512\nlockoutTime: 133600000000000000"));
    assert_eq!(employment(&fold(&records, as_of(), None))["a"], Employment::Current);
    assert_eq!(notes(&records), ["locked accounts (`lockoutTime`), whose locks are temporary and ignored: 1"]);
    assert_eq!(notes(&ldif_records(&person("a", "userAccountControl: 512\nlockoutTime: 0"))), [""; 0]);
}

/// Cases 66 and 67: who is in a group by primary group only is in nobody's list of members.
#[test]
fn primary_groups_add_nobody() {
    let lists = sample_lists(&["users-with-bulk.ldapsearch.ldif", "groups-all-attrs.ldapsearch.ldif"]);
    assert_eq!(all_members(&lists, "AWS-Primary"), set(&["nomail"]), "`pprimary` is there by primary group");
    assert_eq!(all_members(&lists, "Domain Users"), set(&["pprimary"]), "3380 others are there by primary group");
}

/// Case 66: some programs list those too; only SIDs tell them apart, and a group of another domain may end alike.
#[test]
fn members_by_primary_group_are_left_out_of_lists_that_have_them() {
    let user = person("a", "objectSid: S-1-5-21-1-2-3-1103\nprimaryGroupID: 513\nuserAccountControl: 512");
    let group = |sid: &str| group("G", &["a"]).replace("objectClass", &format!("objectSid: {sid}\nobjectClass"));
    assert_eq!(all_members(&ldif(&(user.clone() + &group("S-1-5-21-1-2-3-513"))), "G"), set(&[]));
    for other in ["S-1-5-21-1-2-3-5130", "S-1-5-21-1-2-9-513", "S-1-5-21-1-2-3-1-513", "S-1-5-21-1-2-3-1513"] {
        assert_eq!(all_members(&ldif(&(user.clone() + &group(other))), "G"), set(&["a"]), "{other}");
    }
}

/// Case 68.
#[test]
fn people_are_those_who_are_users_and_no_machines_contacts_or_foreigners() {
    let classes = |classes: &[&str], more: &str| {
        let classes: String = classes.iter().map(|class| format!("objectClass: {class}\n")).collect();
        format!("dn: CN=x,OU=Staff,{DOMAIN}\n{classes}{more}\n")
    };
    let user = ["top", "person", "organizationalPerson", "user"];
    for person in [
        classes(&user, "sAMAccountName: x"),
        classes(&["top", "person", "organizationalPerson", "user", "inetOrgPerson"], "sAMAccountName: x"),
        classes(&["INETORGPERSON"], "sAMAccountName: x"),
        classes(&[], "sAMAccountName: x\nuserAccountControl: 512"),
        classes(&[], "sAMAccountName: x\nsAMAccountType: 805306368"),
        classes(&[], "userPrincipalName: x@example.com"),
        classes(&[], "sAMAccountName: x\nprimaryGroupID: 513"),
        // A dollar at the end makes no machine of a user.
        classes(&user, "sAMAccountName: x$\nuserAccountControl: 512"),
        classes(&user, "sAMAccountName: x$"),
        classes(&[], "sAMAccountName: x$\nuserPrincipalName: x@example.com"),
        classes(&[], "sAMAccountName: x$\nuserAccountControl: 512"),
    ] {
        assert_eq!(people(&ldif(&person)).len(), 1, "{person}");
    }
    for other in [
        classes(
            &["top", "person", "organizationalPerson", "user", "computer"],
            "sAMAccountName: PC1$\nuserAccountControl: 4096",
        ),
        classes(
            &["user", "computer", "msDS-GroupManagedServiceAccount"],
            "sAMAccountName: gmsa$\nuserAccountControl: 4096",
        ),
        classes(&["user", "msDS-ManagedServiceAccount"], "sAMAccountName: smsa$"),
        classes(&user, "sAMAccountName: PARTNER$\nuserAccountControl: 2080"),
        classes(&["top", "person", "organizationalPerson", "contact"], "mail: partner@partner.example"),
        classes(&["top", "foreignSecurityPrincipal"], "objectSid: S-1-5-11"),
        classes(&["organizationalUnit"], ""),
        classes(&[], "sAMAccountName: PC1$\nprimaryGroupID: 515\nuserPrincipalName: pc1@example.com"),
        classes(&[], "sAMAccountName: PC1$\nsAMAccountType: 805306369"),
        format!(
            "dn: CN=S-1-5-11,CN=ForeignSecurityPrincipals,{DOMAIN}\ncn: S-1-5-11\ninfo: x\nwhenChanged: 20261120115755.0Z\n"
        ),
    ] {
        assert_eq!(people(&ldif(&other)), set(&[]), "{other}");
    }
    for group in [
        classes(&["top", "group"], ""),
        classes(&[], "groupType: -2147483646"),
        classes(&[], "sAMAccountType: 268435456"),
        classes(&[], "member;range=0-1499: CN=a,DC=corp"),
    ] {
        assert_eq!(ldif(&group).groups.seen().count(), 1, "{group}");
    }
    let domain = ["users-with-bulk.ldapsearch.ldif", "made/computers.ldapsearch.ldif"];
    let records = sample_records(&domain);
    assert_eq!((records.entries.len(), fold(&records, as_of(), None).people.seen().count()), (3386, 3382));
}

/// Case 68: without classes, the filter in the comments of `ldapsearch` tells; one that lets several kinds in does not.
#[test]
fn a_filter_tells_what_its_entries_are_only_where_it_lets_one_kind_in() {
    let entry = |name: &str| format!("dn: CN={name},{DOMAIN}\nsAMAccountName: {name}\n\n");
    let found = |filter: &str, name: &str| {
        format!("# extended LDIF\n#\n# LDAPv3\n# filter: {filter}\n#\n\n{}# numEntries: 1\n", entry(name))
    };
    for filter in [
        "(&(objectCategory=person)(objectClass=user)(!(sAMAccountName=bulk*)))",
        "(objectClass=user)",
        "( & (mail=*) (|(objectClass=user)(sAMAccountType=805306368)) )",
        "(&(|(objectClass=group)(objectClass=contact))(objectCategory=user))",
    ] {
        assert_eq!(people(&ldif(&found(filter, "a"))), set(&["a"]), "{filter}");
        let unsure = ldif(&found(filter, "x$"));
        assert_eq!(people(&unsure), set(&["x$"]), "{filter}");
        assert!(unsure.files[0].notes.iter().any(|note| note.starts_with("`x$` in line 7 ends in `$`")), "{filter}");
    }
    assert_eq!(ldif(&found("(&(objectClass=group)(cn=AWS-*))", "G")).groups.seen().count(), 1);
    for filter in [
        "(objectClass=*)",
        "(!(objectClass=group))",
        "(|(objectClass=user)(objectClass=group))",
        "(|(objectClass=user)(cn=x))",
        "(memberOf:1.2.840.113556.1.4.1941:=CN=AWS-Platform,DC=corp)",
        "(objectCategory=person)",
        "(objectClass=user",
        "(objectClass=user))",
        "objectClass=user",
        "",
        &"(&".repeat(100_000),
    ] {
        assert!(refused(&found(filter, "a")).contains("it is unclear whether"), "{filter}");
    }
}

/// Cases 60 and 75.
#[test]
fn what_is_deleted_is_nobody_and_what_conflicts_is_kept_and_noted() {
    let deleted = format!(
        "dn: CN=Gone\\0ADEL:3f2504e0-4f89-11d3-9a0c-0305e82c3301,CN=Deleted Objects,{DOMAIN}\nobjectClass: user\nisDeleted: TRUE\nsAMAccountName: gone\n\n"
    );
    let conflict = format!(
        "dn: CN=Conflict User\\0ACNF:3f2504e0-4f89-11d3-9a0c-0305e82c3301,OU=Staff,{DOMAIN}\nobjectClass: user\nuserAccountControl: 512\nsAMAccountName: $DUPLICATE-451\n\n"
    );
    let records = ldif_records(&(deleted.clone() + &conflict + &deleted.replace("isDeleted: TRUE\n", "")));
    assert_eq!(people(&fold(&records, as_of(), None)), set(&["$DUPLICATE-451"]));
    assert_eq!(
        notes(&records),
        [
            "objects that two domain controllers created at the same time; remove one of each: `$DUPLICATE-451`",
            "deleted objects, which were skipped: 2",
        ]
    );
    assert_eq!((records.files[0].rows_read, records.files[0].rows_used), (3, 1));
}

/// Case 91: a sAMAccountName is one person's within a domain, and two people's in two.
#[test]
fn the_same_account_name_in_two_domains_is_two_people() {
    let corp = person("ada", "") + &person("ben", "");
    let other = corp.replace(DOMAIN, "DC=other,DC=com");
    let lists = records_of(&[("corp.ldif", corp.as_bytes()), ("other.ldif", other.as_bytes())]).unwrap();
    let lists = fold(&lists, as_of(), None);
    assert_eq!(lists.people.seen().count(), 4);
    let domains: Vec<&str> = lists
        .people
        .seen()
        .filter(|person| called(person) == "ada")
        .filter_map(|person| person.domain.as_deref())
        .collect();
    assert_eq!(domains, ["corp.example.com", "other.com"]);
    // The same list twice is one list.
    let twice = records_of(&[("corp.ldif", corp.as_bytes()), ("copy.ldif", corp.as_bytes())]).unwrap();
    assert_eq!(people(&fold(&twice, as_of(), None)).len(), 2);
    assert_eq!(fold(&twice, as_of(), None).people.seen().count(), 2);
}

#[test]
fn people_by_whom_nobody_can_be_recognised_are_refused() {
    let names = format!("dn: CN=a,{DOMAIN}\nobjectClass: user\n\ndn: CN=b,{DOMAIN}\nobjectClass: user\n");
    assert!(refused(&names).starts_with("none of its people has `objectGUID`, `sAMAccountName`"));
    assert_eq!(ldif(&(names + &person("c", ""))).people.seen().count(), 3);
}

#[test]
fn people_of_whom_it_is_not_said_whether_they_left_are_counted() {
    let some = ldif_records(&(person("a", "userAccountControl: 512") + &person("b", "")));
    assert_eq!(notes(&some), ["people without `userAccountControl`, whose employment status is unknown: 1"]);
    let none = ldif_records(&person("b", ""));
    assert_eq!(notes(&none), ["it has no `userAccountControl`, so it does not say who has left"]);
}

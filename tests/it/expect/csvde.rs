//! What `csvde` writes (cases 35 to 41 of the specification of directory exports), against what is known of the domain.

use std::collections::BTreeSet;

use rollcall::expect::{End, Options, Records};
use rollcall::model::{Extent, ListFormat};

use crate::support::lists::{
    answers, encoded, folded, gone, list, list_with, members, objects, refusal, sample, true_members, true_user,
    try_lists,
};

const USERS: &str = "csv-derived/csvde_users_ansi.csv";
const GROUPS: &str = "csv-derived/csvde_groups_ansi.csv";

fn ansi() -> Options {
    encoded("windows-1252")
}

fn users() -> Records {
    list_with("users.csv", &sample(USERS), &ansi())
}

/// Cases 35 and 38.
#[test]
fn ids_in_octets_and_everything_else_are_what_the_domain_says() {
    let (records, answers) = (users(), answers());
    assert_eq!((records.files[0].format, records.entries.len()), (ListFormat::Csvde, 82));
    for entry in &records.entries {
        let user = true_user(&answers, entry.sam.as_deref().unwrap());
        assert_eq!(entry.guid.unwrap().to_string(), user["guid"], "{entry:?}");
        assert_eq!(entry.sid.as_deref(), user["sid"].as_str());
        assert_eq!(entry.user_name.as_deref(), user["upn"].as_str());
        assert_eq!(entry.enabled, user["enabled"].as_bool());
        assert_eq!(entry.mails.first().map(String::as_str), user["mail"].as_str());
    }
    let over = |user: &serde_json::Value| user["enabled"] == false || user["expired_at_2026-11-20T12Z"] == true;
    let sams = records.entries.iter().filter_map(|entry| entry.sam.clone());
    let truth: BTreeSet<String> = sams.filter(|sam| over(true_user(&answers, sam))).collect();
    assert_eq!(gone(&folded(&records)), truth);
}

/// Cases 36 and 37.
#[test]
fn members_in_lists_of_octets_and_escapes_are_what_the_domain_says() {
    let lists: [(&str, &[u8]); 2] = [("users.csv", &sample(USERS)), ("groups.csv", &sample(GROUPS))];
    let found = members(&folded(&try_lists(&lists, &ansi()).unwrap()));
    let truth = true_members();
    for group in ["AWS-Billing-EMEA", "AWS-Developers", "AWS-Platform", "AWS-NetOps-Old", "AWS-Deep-11", "AWS-Empty"] {
        assert_eq!(found[group], truth[group], "{group}");
    }
    let known: Vec<&String> = found.keys().filter(|group| truth.contains_key(*group)).collect();
    assert!(known.len() > 30, "{known:?}");
    for group in known {
        assert_eq!(found[group], truth[group], "{group}");
    }
}

/// Case 37.
#[test]
fn member_of_in_lists_of_octets_and_escapes_is_what_the_domain_says() {
    let expectation = folded(&users());
    let truth = true_members();
    let billing = expectation.groups.seen().find(|group| group.name.starts_with("AWS Billing & Cost;")).unwrap();
    let sams = billing.members.seen().map(|member| expectation.people[member.person].sam.clone().unwrap());
    assert_eq!(sams.collect::<BTreeSet<_>>(), truth["AWS-Billing-EMEA"]);
}

/// Case 36.
#[test]
fn text_in_octets_is_utf_8() {
    let records = users();
    let yamada = records.entries.iter().find(|entry| entry.sam.as_deref() == Some("yamada.t")).unwrap();
    assert_eq!(yamada.common_name.as_deref(), Some("山田 太郎"));
    assert!(records.entries.iter().any(|entry| entry.sam.as_deref() == Some("김철수")));
}

/// Case 38.
#[test]
fn only_the_last_class_is_there_and_it_decides_what_an_object_is() {
    let classes = [
        ("user", "alice", true),
        ("inetOrgPerson", "ivy", true),
        ("computer", "PC01$", false),
        ("user", "ops$", true),
        ("msDS-GroupManagedServiceAccount", "gmsa$", false),
        ("contact", "", false),
        ("foreignSecurityPrincipal", "", false),
    ];
    for (class, sam, person) in classes {
        let text = format!("DN,objectClass,sAMAccountName\n\"CN=X,DC=corp\",{class},{sam}\n");
        let expectation = folded(&list("directory.csv", text.as_bytes()));
        assert_eq!(expectation.people.seen().count() == 1, person, "{class}");
    }
}

/// Case 39.
#[test]
fn the_same_in_unicode_says_the_same() {
    let users_in_ansi = sample(USERS);
    let (text, _, _) = encoding_rs::WINDOWS_1252.decode(&users_in_ansi);
    let mut unicode = vec![0xFF, 0xFE];
    unicode.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(objects(&list("users.csv", &unicode)), objects(&users()));
}

fn ranges(header: &str, cells: &str) -> Records {
    let text = format!(
        "DN,objectClass,sAMAccountName,{header}\n\"CN=G,DC=corp\",group,G,{cells}\n\"CN=E,DC=corp\",group,E{}\n",
        ",".repeat(header.split(',').count())
    );
    list("groups.csv", text.as_bytes())
}

/// Case 40.
#[test]
fn a_group_of_which_only_the_first_members_are_there_is_truncated_and_only_that_one() {
    let records = ranges("member,member;range=0-1499", ",\"CN=A,DC=corp;CN=B,DC=corp\"");
    let cuts: Vec<Option<&str>> = records.rolls.iter().map(|roll| roll.cut.as_deref()).collect();
    assert_eq!(cuts, [Some("only the first 1500 values are in the file"), None]);
    assert_eq!(records.memberships.len(), 2);
    let expectation = folded(&records);
    let whole = |name: &str| {
        let group = expectation.groups.seen().find(|group| group.name == name).unwrap();
        matches!(group.members.extent(), Extent::Whole(_))
    };
    assert!(!whole("G") && whole("E"));
}

/// Case 40.
#[test]
fn ranges_to_the_end_are_whole_and_a_missing_one_is_named() {
    let cut = |header: &str, cells: &str| ranges(header, cells).rolls[0].cut.clone();
    assert_eq!(cut("member;range=0-*", "\"CN=A,DC=corp\""), None);
    assert_eq!(cut("member;range=0-1499,member;range=1500-*", "\"CN=A,DC=corp\",\"CN=B,DC=corp\""), None);
    let missing = cut("member;range=0-1499,member;range=3000-*", "\"CN=A,DC=corp\",\"CN=B,DC=corp\"");
    assert_eq!(missing.as_deref(), Some("values 1500 to 2999 are missing"));
}

#[test]
fn a_range_that_is_not_understood_is_refused() {
    for range in ["0", "x-*", "0-", "-1499", "9-3", "0-99999999999"] {
        let text =
            format!("DN,objectClass,sAMAccountName,member;range={range}\n\"CN=G,DC=corp\",group,G,\"CN=A,DC=corp\"\n");
        let refused = refusal("groups.csv", text.as_bytes());
        let expected = format!("line 1: `member;range={range}` in `member` is not a range of values, such as");
        assert!(refused.contains(&expected), "{refused}");
    }
}

/// Case 41.
#[test]
fn exports_without_a_key_or_a_class_are_refused_with_the_whole_command() {
    let refused = refusal("users.csv", b"DN,cn,objectClass\n\"CN=A,DC=corp\",A,user\n");
    assert!(
        refused.contains("`objectGUID`, `objectSid` or `sAMAccountName` is missing; help: export with `csvde"),
        "{refused}"
    );
    let guide = crate::support::lists::refusal_with(
        "users.csv",
        &sample("csv-derived/csvde_-l_userPrincipalName,cn.csv"),
        &ansi(),
    );
    assert!(guide.contains("`objectGUID`, `objectSid` or `sAMAccountName` is missing"), "{guide}");
    let omitted = list("users.csv", b"DN,objectClass,sAMAccountName\n\"CN=A,DC=corp\",user,a\n");
    assert!(omitted.files[0].notes[0].contains("the option `-m` leaves them out"), "{:?}", omitted.files[0].notes);
}

#[test]
fn a_list_that_does_not_say_who_has_left_is_noted_if_it_is_of_people() {
    let notes = |class: &str| {
        let text = format!("DN,objectClass,sAMAccountName,objectGUID\n\"CN=A,DC=corp\",{class},a,\n");
        list("directory.csv", text.as_bytes()).files[0].notes.join("\n")
    };
    assert!(notes("user").contains("does not say who has left"));
    assert_eq!(notes("group"), "");
}

#[test]
fn the_newest_change_dates_the_export_and_nothing_vouches_for_its_end() {
    let records = users();
    let exported = records.files[0].exported.unwrap();
    assert_eq!(exported.at.to_rfc3339(), "2026-11-20T11:58:59+00:00");
    assert_eq!(records.files[0].end, End::Unvouched);
}

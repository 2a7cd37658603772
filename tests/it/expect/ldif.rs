//! LDIF as programs write it: folded, encoded, commented, cut short, and damaged. Numbers are those of the cases that a
//! reader of directory exports has to get right.

use rollcall::expect::{End, Records};
use rollcall::model::ListFormat;

use crate::support::exports::{all_members, as_of, gap_of, ldif, ldif_records, people, records_of, refused, set};

/// A person with this name, and further lines.
fn person(name: &str, more: &str) -> String {
    format!(
        "dn: CN={name},OU=Staff,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: {name}\nuserAccountControl: 512\n{more}\n"
    )
}

fn end(text: &str) -> End {
    ldif_records(text).files[0].end.clone()
}

fn cut(text: &str) -> String {
    let end = end(text);
    let End::Cut(how) = end else { panic!("{end:?}\n{text}") };
    how
}

fn only_name(records: &Records) -> &str {
    assert_eq!(records.entries.len(), 1, "{records:?}");
    records.entries[0].display_name.as_deref().unwrap()
}

/// Case 42.
#[test]
fn a_fold_may_be_anywhere_in_a_value_in_base64_in_a_character_and_in_the_name() {
    for folded in [
        "displayName: Jörg Mü\n ller",
        "displayName: Jörg\n  Müller",
        "displayName: Jörg\n\t Müller",
        "displayName:\n  Jörg Müller",
        "displayName::\n  SsO2cmcgTcO8bGxlcg==",
        "displayName:: SsO2cmcgTcO\n 8bGxlcg==",
        "displayName:: SsO2 cmcg\n  TcO8 bGxlcg==",
        "displayName:\n : SsO2cmcgTcO8bGxlcg==",
        "display\n Name: Jörg Müller",
        "displayName\n : Jörg Müller",
        "DISPLAYNAME: Jörg Müller",
        "displayName;lang-de: Jörg Müller",
    ] {
        assert_eq!(only_name(&ldif_records(&person("joerg", folded))), "Jörg Müller", "{folded:?}");
        let windows = person("joerg", folded).replace('\n', "\r\n");
        assert_eq!(only_name(&ldif_records(&windows)), "Jörg Müller", "{folded:?} with CR LF");
    }
}

/// Case 43.
#[test]
fn encoded_values_keep_what_a_plain_line_cannot_hold() {
    for (value, read) in [
        (": VHJhaWxpbmcgU3BhY2Ug", "Trailing Space "),
        (": OmNvbG9u", ":colon"),
        (": PGxlc3M=", "<less"),
        (": IGJsYW5r", " blank"),
        (": VGFiCUluc2lkZQ==", "Tab\tInside"),
        (": b25lDXR3bw==", "one\rtwo"),
        (": b25lDQp0d28=", "one\r\ntwo"),
        (":   SsO2cmc=", "Jörg"),
        (" Trailing Space ", "Trailing Space "),
        ("    Fill", "Fill"),
        ("NoBlank", "NoBlank"),
    ] {
        assert_eq!(only_name(&ldif_records(&person("a", &format!("displayName:{value}")))), read, "{value:?}");
    }
    let encoded = "dn:: Q049SsO2cmcsREM9Y29ycCxEQz1leGFtcGxlLERDPWNvbQ==\nobjectClass: user\nsAMAccountName: joerg\n";
    assert_eq!(ldif_records(encoded).entries[0].dn.as_deref(), Some("CN=Jörg,DC=corp,DC=example,DC=com"));
}

/// Case 44.
#[test]
fn comments_go_on_over_folded_lines_and_never_into_a_value() {
    let text = person(
        "a",
        "displayName: Ada\n# a comment\n  that is folded: displayName: Not Ada\n# another\n mail: x@example.com",
    );
    let records = ldif_records(&text);
    assert_eq!(only_name(&records), "Ada");
    assert_eq!(records.entries[0].mails, [""; 0]);
}

/// The name of an entry stands in the comment before it as it is, with the line breaks that it may hold.
#[test]
fn a_comment_that_breaks_off_in_a_name_is_still_a_comment() {
    let text = format!(
        "# extended LDIF\n\n# Conflict User\nCNF:3f2504e0, Staff, corp.example.com\n{}\n# numEntries: 1\n",
        person("a", "")
    );
    assert_eq!(people(&ldif(&text)), set(&["a"]));
    assert_eq!(end(&text), End::Vouched("its own entry count".to_owned()));
}

/// Case 45.
#[test]
fn referrals_and_the_result_belong_to_no_entry_and_the_count_vouches_for_all() {
    let text = format!(
        "# extended LDIF\n#\n# LDAPv3\n\n{}\n# search reference\nref: ldap://corp.example.com/CN=Configuration,DC=corp\n\n\
         # refldap://other.example.com/DC=other\n\n# search result\nsearch: 2\nresult: 0 Success\ncontrol: 1.2.840.113556.1.4.319 \
         false MAUCAQAEAA==\npagedresults: cookie=\n\n# numResponses: 3\n# numEntries: 1\n# numReferences: 1\n",
        person("a", "")
    );
    let records = ldif_records(&text);
    assert_eq!(records.files[0].end, End::Vouched("its own entry count".to_owned()));
    assert_eq!((records.files[0].rows_read, records.files[0].format), (1, ListFormat::LdifOfLdapsearch));
}

/// Case 46.
#[test]
fn a_search_that_was_cut_short_says_so() {
    let searched = |trailer: &str| format!("# extended LDIF\n\n{}{trailer}", person("a", ""));
    let limited = searched("search: 2\nresult: 4 Size limit exceeded\n\n# numEntries: 1\n");
    assert_eq!(cut(&limited), "the search ended with `4 Size limit exceeded`");
    assert_eq!(
        cut(&searched("result: 11 Administrative limit exceeded\n")),
        "the search ended with `11 Administrative limit exceeded`"
    );
    assert_eq!(cut(&searched("")), "the entry count at its end is missing");
    assert_eq!(
        cut(&searched("result: 0 Success\n\n# numEntries: 2\n")),
        "the search found 2 entries, but the file has 1"
    );
    assert_eq!(
        cut("# extended LDIF\nresult: 4 Size limit exceeded\ndn: CN=late,DC=x\nobjectClass: user\nsAMAccountName: l\n"),
        "the search ended with `4 Size limit exceeded`"
    );
    assert_eq!(end(&person("a", "")), End::Unvouched);
}

/// Two searches in one file count together.
#[test]
fn files_joined_from_two_searches_are_whole_only_if_both_are() {
    let one = |name: &str, count: &str| format!("# extended LDIF\n\n{}{count}", person(name, ""));
    let both = one("a", "# numEntries: 1\n\n") + &one("b", "# numEntries: 1\n");
    assert_eq!(end(&both), End::Vouched("its own entry count".to_owned()));
    assert_eq!(
        cut(&(one("a", "# numEntries: 1\n\n") + &one("b", ""))),
        "the search found 1 entries, but the file has 2"
    );
}

/// Case 47.
#[test]
fn pages_are_whole_when_the_last_cookie_is_empty() {
    let page = |name: &str, cookie: &str| format!("{}\n# pagedresults: estimate=2 cookie={cookie}\n", person(name, ""));
    let first = page("a", "MQA=");
    assert_eq!(end(&(first.clone() + &page("b", ""))), End::Vouched("the end of its last page".to_owned()));
    assert_eq!(cut(&first), "the last page announces another page");
}

/// Case 48.
#[test]
fn only_version_one_of_ldif_is_read() {
    assert_eq!(people(&ldif(&format!("version: 1\n\n{}", person("a", "")))), set(&["a"]));
    assert!(refused(&format!("version: 2\n\n{}", person("a", ""))).contains("LDIF version 2 is unknown"));
}

/// Case 49: a name of a file in an export is never opened.
#[test]
fn values_in_other_files_are_missing_and_said_to_be() {
    let records = ldif_records(&person("a", "displayName:< file:///etc/hostname\nmail:< https://example.com/mail"));
    assert_eq!((records.entries[0].display_name.as_deref(), records.entries[0].mails.len()), (None, 0));
    let note = &records.files[0].notes[0];
    assert!(note.starts_with("values of `displayName`, `mail` are in other files, which are not read"), "{note}");
    let group = "dn: CN=G,DC=corp\nobjectClass: group\nsAMAccountName: G\nmember: CN=a,OU=Staff,DC=corp,DC=example,DC=com\nmember:< file:///tmp/b\n";
    assert!(gap_of(&ldif(&(person("a", "") + group)), "G").contains("written to another file"));
    let member_of = ldif(&person("a", "memberOf:< file:///tmp/group"));
    assert!(!member_of.gaps.is_empty(), "whoever's groups are elsewhere may be in any");
    assert!(refused("dn:< file:///tmp/dn\nobjectClass: user\n").contains("its `dn` is in another file"));
}

/// Case 50.
#[test]
fn attributes_without_values_are_refused_for_what_they_are() {
    let names = "dn: CN=a,DC=corp\nobjectClass:\nsAMAccountName:\nuserAccountControl:\n";
    assert!(refused(names).contains("requested attribute names only (`-A`)"));
    let one = ldif_records(&person("a", "mail:\ndisplayName:\nobjectGUID:\naccountExpires:\nmemberOf:\n"));
    assert_eq!((one.entries[0].mails.len(), &one.entries[0].display_name, one.memberships.len()), (0, &None, 0));
}

fn ranges(slices: &[(&str, std::ops::Range<u32>)]) -> String {
    let people: String = (0..6).map(|number| person(&format!("p{number}"), "")).collect();
    let slice = |(range, members): &(&str, std::ops::Range<u32>)| {
        let member = |number| format!("{range}: CN=p{number},OU=Staff,DC=corp,DC=example,DC=com\n");
        let members: String = members.clone().map(member).collect();
        format!("dn: CN=G,DC=corp,DC=example,DC=com\nobjectClass: group\ncn: G\nmember:\n{members}\n")
    };
    people + &slices.iter().map(slice).collect::<String>()
}

/// Case 51.
#[test]
fn members_by_ranges_are_whole_when_the_ranges_are() {
    let whole = [
        ranges(&[("member;range=0-1", 0..2), ("member;range=2-3", 2..4), ("member;range=4-*", 4..6)]),
        ranges(&[("member;range=4-*", 4..6), ("member;range=0-1", 0..2), ("member;range=2-3", 2..4)]),
        ranges(&[("member;Range=0-*", 0..6)]),
        ranges(&[("member;lang-x;RANGE=0-3", 0..4), ("member;range=2-*", 2..6)]),
        ranges(&[("member", 0..6)]),
    ];
    for text in whole {
        let lists = ldif(&text);
        assert_eq!(all_members(&lists, "G").len(), 6, "{text}");
        assert_eq!(lists.groups.seen().count(), 1, "{text}");
    }
    let encoded =
        ranges(&[]) + "dn: CN=G,DC=corp\nmember;range=0-*:: Q049cDEsT1U9U3RhZmYsREM9Y29ycCxEQz1leGFtcGxlLERDPWNvbQ==\n";
    assert_eq!(all_members(&ldif(&encoded), "G"), set(&["p1"]));
}

/// Case 51.
#[test]
fn members_of_which_a_range_is_missing_are_not_all_of_them() {
    for (slices, gap) in [
        (&[("member;range=0-1", 0..2)][..], "only the first 2 members are in the file"),
        (&[("member;range=0-1", 0..2), ("member;range=4-*", 4..6)], "members 2 to 3 are missing"),
        (&[("member;range=2-3", 2..4), ("member;range=4-*", 4..6)], "members 0 to 1 are missing"),
        (&[("member;range=0-3", 0..3), ("member;range=4-*", 4..6)], "only 3 of the members 0 to 3 are in the file"),
    ] {
        let found = gap_of(&ldif(&ranges(slices)), "G");
        assert!(found.starts_with("truncated") && found.contains(gap), "{found}");
    }
    for range in ["3-1", "x-*", "0", "0-99999999999999999999", "-1-5"] {
        let text = ranges(&[(&format!("member;range={range}"), 0..2)]);
        assert!(refused(&text).contains("is not a range of values"), "{range}");
    }
}

/// Case 53; the sample file of `ldbsearch` has a tab in a name, long lines and text with blanks at its end.
#[test]
fn ldbsearch_counts_its_entries_at_the_end() {
    let text = format!(
        "# record 1\n{}\n# Referral\nref: ldap://corp\n\n# returned 2 records\n# 1 entries\n# 1 referrals\n",
        person("a", "")
    );
    let records = ldif_records(&text);
    assert_eq!(records.files[0].end, End::Vouched("its own entry count".to_owned()));
    assert_eq!(cut(&text.replace("# 1 entries", "# 2 entries")), "the search found 2 entries, but the file has 1");
    assert_eq!(cut(&text.replace("# 1 entries\n", "")), "the entry count at its end is missing");
}

/// Case 54.
#[test]
fn ids_that_stand_before_names_are_no_part_of_them() {
    let ids = "<GUID=7115b235-ad19-43bf-a211-5ca38ae242e0>;<SID=S-1-5-21-1-2-3-1103>;";
    let text = format!(
        "{}\ndn: {ids}CN=G,DC=corp\nobjectClass: group\nmember: {ids}CN=a,OU=Staff,DC=corp,DC=example,DC=com\n",
        person("a", &format!("memberOf: {ids}CN=G,DC=corp")).replacen("dn: ", &format!("dn: {ids}"), 1)
    );
    let lists = ldif(&text);
    assert_eq!(all_members(&lists, "G"), set(&["a"]));
    assert_eq!(lists.groups.seen().count(), 1);
}

/// Case 55.
#[test]
fn ldifde_writes_windows_line_ends_additions_capitals_and_lines_of_one_blank() {
    let of_windows =
        |name: &str| person(name, "").replacen("dn:", "DN:", 1).replacen("\nobject", "\nchangetype: add\nobject", 1);
    let root = "DN: \nchangetype: add\ncurrentTime: 20261120115755.0Z\n";
    let text = format!("{root} \n{} \n{}", of_windows("a").trim_end_matches('\n').to_owned() + "\n", of_windows("b"))
        .replace('\n', "\r\n");
    let records = ldif_records(&text);
    assert_eq!(records.entries.iter().map(|entry| entry.sam.as_deref().unwrap()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(records.files[0].format, ListFormat::LdifOfLdifde);
    for change in ["modify", "delete", "modrdn", "ntdsSchemaAdd"] {
        let changes = format!("dn: CN=a,DC=corp\nchangetype: {change}\n");
        assert!(
            refused(&changes).contains(&format!("`changetype: {change}` makes this a list of changes")),
            "{change}"
        );
    }
}

/// Case 55.
#[test]
fn old_code_pages_of_ldifde_are_read_when_they_are_named() {
    let mut text = person("joerg", "displayName: J_rg").into_bytes();
    let umlaut = text.iter().position(|byte| *byte == b'_').unwrap();
    text[umlaut] = 0xF6;
    let file = [rollcall::expect::InputFile { name: "users.ldf", bytes: &text, modified: None }];
    assert!(rollcall::expect::read(&file, &rollcall::expect::Options::default()).is_err());
    let named = rollcall::expect::Options { encoding: Some("windows-1252".to_owned()), culture: None, now: None };
    assert_eq!(only_name(&rollcall::expect::read(&file, &named).unwrap()), "Jörg");
}

/// Case 56.
#[test]
fn entries_end_at_blank_lines_at_the_next_name_and_at_the_end_of_the_file() {
    let (a, b) = (person("a", ""), person("b", "displayName: two\n \n  words"));
    for text in [
        format!("{a}{b}"),
        format!("{}\n{}", a.trim_end(), b.trim_end()),
        format!("\n\n{a}\n\n\n{b}\n\n"),
        format!("{}\n   \n{b}", a.trim_end()),
        format!("{}\n \n \n\n{b}", a.trim_end()),
    ] {
        let records = ldif_records(&text);
        assert_eq!(records.entries.len(), 2, "{text:?}");
        assert_eq!(records.entries[1].display_name.as_deref(), Some("two words"), "{text:?}");
        assert_eq!(records.entries[0].sam.as_deref(), Some("a"), "{text:?}");
    }
}

/// Case 57: what nobody asks for is skipped without being decoded, so it may even be damaged.
#[test]
fn a_picture_of_a_megabyte_is_skipped() {
    let picture = format!("thumbnailPhoto:: {}\n", "/9j/4AAQ".repeat(131_072));
    let records = ldif_records(&person("a", &format!("{picture}displayName: Ada")));
    assert_eq!(only_name(&records), "Ada");
    assert_eq!(only_name(&ldif_records(&person("a", "jpegPhoto:: %%%\ndisplayName: Ada"))), "Ada");
}

/// Case 58.
#[test]
fn a_million_folds_are_one_line() {
    let deep = "\n x".repeat(1_000_000);
    let records = ldif_records(&person("a", &format!("displayName: y{deep}\nmail: a@example.com")));
    assert_eq!(only_name(&records).len(), 1_000_001);
    assert_eq!(records.entries[0].mails, ["a@example.com"]);
    let comment = format!("# y{deep}\n{}", person("a", ""));
    assert_eq!(people(&ldif(&comment)), set(&["a"]));
    let blank = person("a", &format!("displayName: y{}", "\n ".repeat(1_000_000)));
    assert_eq!(only_name(&ldif_records(&blank)), "y");
}

/// Case 58.
#[test]
fn damaged_lines_are_refused_with_their_number() {
    for (damaged, told) in [
        (person("a", "displayName:: SsO2cm!"), "line 5: the value is not base64"),
        (person("a", "displayName:: SsO2cmc"), "line 5: the value is not base64"),
        (person("a", "no colon"), "line 5: the line has no colon, so it is not an attribute"),
        (person("a", "a b: c"), "line 5: the text before the colon is not an attribute name"),
        (person("a", ": c"), "line 5: the text before the colon is not an attribute name"),
        (person("a", "objectGUID:: AAAA"), "line 5: `3 bytes` in `objectGUID` is not a GUID"),
        (person("a", "accountExpires: 1.3E+17"), "line 5: `1.3E+17` in `accountExpires` is not a whole number"),
        (
            person("a", "\nobjectClass: user"),
            "line 6: `objectclass` belongs to no entry; the `dn` before it is missing",
        ),
        (
            "dn: CN=a,DC=corp\ndn: CN=b,DC=corp\nobjectClass: user\n".to_owned(),
            "line 1: it is unclear whether `CN=a,DC=corp` is",
        ),
        ("dn: nobody\nobjectClass: user\n".to_owned(), "line 1: `nobody` is not a distinguished name"),
        ("dn:: /w==\nobjectClass: user\n".to_owned(), "line 1: its `dn` is not text"),
    ] {
        let found = refused(&damaged);
        assert!(found.starts_with(told), "{found}\n{damaged}");
    }
    let mut zero = person("a", "displayName: Ada").into_bytes();
    zero.push(0);
    assert!(records_of(&[("a.ldif", &zero)]).is_err(), "a zero byte is no text");
}

/// Case 58: the same entry twice, as in two exports that were joined.
#[test]
fn an_entry_that_is_there_twice_is_one_person() {
    let text = person("a", "objectGUID: 7115b235-ad19-43bf-a211-5ca38ae242e0");
    let lists = rollcall::expect::fold(&ldif_records(&(text.clone() + &text)), as_of(), None);
    assert_eq!(lists.people.seen().count(), 1);
}

/// Cases 55 and 56: blanks alone end an entry; they belong to a value only where more of it follows.
#[test]
fn a_line_of_blanks_ends_the_entry_and_adds_nothing_to_its_last_value() {
    let blank = person("a", "displayName: Ada\n   ");
    assert_eq!(only_name(&ldif_records(&blank)), "Ada");
    assert_eq!(only_name(&ldif_records(&person("a", "displayName: Ada\n   \n  Ash"))), "Ada   Ash");
    let failed = person("a", "displayName: Ada\n \nresult: 4 Size limit exceeded");
    assert_eq!(cut(&failed), "the search ended with `4 Size limit exceeded`");
}

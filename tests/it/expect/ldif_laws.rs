//! Whatever bytes a file holds, it is read or refused; and what is read comes back from a package the same.

use proptest::prelude::*;
use rollcall::expect::{self, InputFile, Options, fold};

use crate::support::exports::{as_of, sample};

fn read(name: &str, bytes: &[u8]) {
    let options = Options { encoding: Some("windows-1252".to_owned()), culture: None, now: None };
    let Ok(records) = expect::read(&[InputFile { name, bytes, modified: None }], &options) else { return };
    let lists = fold(&records, as_of(), None);
    let mut kept = Vec::new();
    expect::write(&records, &mut kept).unwrap();
    let again = expect::parse(&kept).unwrap();
    assert_eq!(again, records);
    assert_eq!(fold(&again, as_of(), None), lists);
}

/// A line that LDIF of a directory may have, or nearly.
fn lines() -> impl Strategy<Value = String> {
    let names = proptest::sample::select(
        &[
            "dn",
            "DN",
            "objectClass",
            "member",
            "member;range=0-1",
            "member;range=2-*",
            "member;range=*",
            "memberOf",
            "objectGUID",
            "objectSid",
            "userAccountControl",
            "accountExpires",
            "sAMAccountName",
            "changetype",
            "version",
            "result",
            "ref",
            "search",
            "# numEntries",
            "# 1 entries",
            "# filter",
            "# pagedresults",
            "isDeleted",
            "primaryGroupID",
            "groupType",
            "",
            " ",
        ][..],
    );
    let values = proptest::sample::select(
        &[
            ": CN=a,DC=b",
            ": CN=g,DC=b",
            ":: Q049YQ==",
            ":: NbIVcRmtv0OiEVyjiuJC4A==",
            ":< file:///x",
            ":",
            ": user",
            ": group",
            ": 512",
            ": 9223372036854775807",
            ": -9223372036854775808",
            ": 18446744073709551615",
            ": add",
            ": 1",
            ": cookie=",
            ": (&(objectClass=user)(",
            ": TRUE",
            ": <GUID=x>;CN=a",
            ": CN=\u{0}",
            "",
            " x",
            ":: %",
        ][..],
    );
    let ends = proptest::sample::select(&["\n", "\n", "\n", "\r\n", "\n\n", "\n ", "\n\t", ""][..]);
    (names, values, ends).prop_map(|(name, value, end)| format!("{name}{value}{end}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for name in ["users.ldif", "group-listmembers-A.txt", "group-list.txt"] {
            read(name, &bytes);
            read(name, &[b"dn: CN=a\n", &bytes[..]].concat());
        }
    }

    #[test]
    fn arbitrary_text_is_read_or_refused(text in "\\PC{0,200}") {
        for name in ["users.ldif", "group-listmembers-A.txt", "group-list.txt"] {
            read(name, text.as_bytes());
            read(name, format!("Group Name Group Type Group Scope Members\n{text}").as_bytes());
        }
    }

    #[test]
    fn arbitrary_lines_of_ldif_are_read_or_refused(lines in proptest::collection::vec(lines(), 0..24)) {
        read("users.ldif", lines.concat().as_bytes());
        read("users.ldif", format!("dn: CN=a,DC=b\nobjectClass: user\n{}", lines.concat()).as_bytes());
    }

    #[test]
    fn real_exports_with_damage_are_read_or_refused(
        file in 0..5_usize,
        from in 0.0..1.0_f64,
        length in 0..3000_usize,
        changes in proptest::collection::vec((0..3000_usize, any::<u8>()), 0..6),
        lost in proptest::option::of((0..3000_usize, 0..200_usize)),
    ) {
        let files = [
            "users-all-attrs.ldapsearch.ldif", "csv-derived/ldifde_groups_ansi.ldf", "made/users.ldbsearch.ldif",
            "made/users-no-L-flags.ldapsearch.txt", "made/users.ldifde-u.ldf",
        ];
        let whole = sample(files[file]);
        let from = ((whole.len() as f64) * from) as usize;
        let mut bytes = whole[from..whole.len().min(from + length)].to_vec();
        for (at, byte) in changes {
            if let Some(changed) = bytes.get_mut(at) {
                *changed = byte;
            }
        }
        if let Some((at, length)) = lost {
            let at = at.min(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.drain(at..end);
        }
        read("users.ldif", &bytes);
        read("users.ldif", &[b"dn: CN=first,DC=corp\nobjectClass: user\n", &bytes[..]].concat());
    }
}

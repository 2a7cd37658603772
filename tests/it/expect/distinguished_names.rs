//! Distinguished names: one name has many spellings, and two names have none in common.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rollcall::expect::{Dn, DnKey};

use crate::support::exports::{answers, sample_records};

fn key(name: &str) -> DnKey {
    DnKey::of(name).unwrap_or_else(|| panic!("`{name}` is no name"))
}

fn leaf(name: &str) -> String {
    Dn::parse(name).unwrap_or_else(|| panic!("`{name}` is no name")).leaf().to_owned()
}

/// Case 59.
#[test]
fn all_spellings_of_a_name_are_one() {
    let same = [
        &[
            r"CN=Müller\, Jörg,OU=Staff,DC=corp",
            r"CN=M\C3\BCller\2C J\c3\b6rg,OU=Staff,DC=corp",
            "CN=\"Müller, Jörg\",OU=Staff,DC=corp",
            r"cn=müller\, jörg, ou=staff, dc=CORP",
            r"2.5.4.3=Müller\, Jörg,2.5.4.11=Staff,0.9.2342.19200300.100.1.25=corp",
            r"OID.2.5.4.3=Müller\, Jörg;OU=Staff;DC=corp",
            "CN = Mu\u{308}ller\\, Jo\u{308}rg , OU = Staff , DC = corp",
            r"CN=Müller\,  Jörg,OU=Staff,DC=corp",
        ][..],
        &[
            r#"CN=\ #\,\+\"\\<>\;=\ ,DC=corp"#,
            r#"CN=\20\23\2C\2B\22\5C\3C\3E\3B\3D\20,DC=corp"#,
            r#"CN=" #,+\"\\<>;= ",DC=corp"#,
            r#"CN=\20\#\,\+\"\\\<\>\;\=\20,DC=corp"#,
        ],
        &[r"CN=Semi\;Colon,DC=corp", r"CN=Semi\3BColon,DC=corp", "CN=Semi;Colon,DC=corp"],
        &[r"CN=\#Hash First,DC=corp", r"CN=\23Hash First,DC=corp"],
        &["CN=#04024869,DC=corp", "CN=#0C024869,DC=corp", "CN=Hi,DC=corp"],
        &["CN=a+SN=b,DC=corp", "sn=B + cn=A, dc=corp"],
        &["CN=John Smith,DC=corp", "CN=John  Smith,DC=corp", "CN=  John Smith  ,DC=corp", "CN=John Smith,DC=corp "],
    ];
    for spellings in same {
        for spelling in spellings {
            assert_eq!(key(spelling), key(spellings[0]), "{spelling}");
        }
    }
    let keys: std::collections::BTreeSet<DnKey> = same.iter().map(|spellings| key(spellings[0])).collect();
    assert_eq!(keys.len(), same.len());
}

/// Cases 59 and 61.
#[test]
fn names_that_only_look_alike_are_two() {
    for (one, other) in [
        ("CN=John Smith,OU=Staff,DC=corp", "CN=John Smith,OU=Research,DC=corp"),
        ("CN=Muller,DC=corp", "CN=Müller,DC=corp"),
        (r"CN=a\,OU=b,DC=corp", "CN=a,OU=b,DC=corp"),
        ("CN=a+OU=b,DC=corp", "CN=a,OU=b,DC=corp"),
        (r"CN=a\+OU=b,DC=corp", "CN=a+OU=b,DC=corp"),
        (r"CN=a\00ou=b,DC=corp", "CN=a,OU=b,DC=corp"),
        (r"CN=a\00+ou=b,DC=corp", "CN=a+OU=b,DC=corp"),
        ("CN=#1,DC=corp", "CN=1,DC=corp"),
        ("CN=a", "CN=a,DC=corp"),
    ] {
        assert_ne!(key(one), key(other));
    }
}

/// Cases 59 and 61: what a name is called by, whatever is in it.
#[test]
fn the_own_name_of_an_object_keeps_every_character() {
    for (name, own) in [
        (r"CN=Slash/User,OU=A/B,DC=corp", "Slash/User"),
        (r"CN=\ Leading Space,DC=corp", " Leading Space"),
        (r"CN=Trailing Space\ ,DC=corp", "Trailing Space "),
        ("CN=Double  Inner,DC=corp", "Double  Inner"),
        (r#"OU=R\,D \"Ost\",DC=corp"#, "R,D \"Ost\""),
        ("CN=山田 太郎,OU=開発部,DC=corp", "山田 太郎"),
        (
            r"CN=Conflict User\0ACNF:3f2504e0-4f89-11d3-9a0c-0305e82c3301,DC=corp",
            "Conflict User\nCNF:3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        ),
    ] {
        assert_eq!(leaf(name), own);
    }
}

#[test]
fn what_is_no_name_is_none() {
    for text in [
        "",
        " ",
        "CN",
        "=",
        "=a",
        "CN=a,",
        ",CN=a",
        "CN=a,,DC=b",
        "C N=a",
        "CN=\"a",
        "CN=\"a\"b",
        r"CN=a\",
        r"CN=\FF",
        "CN=a+",
        "ü=a",
    ] {
        assert_eq!(Dn::parse(text), None, "{text:?}");
        assert_eq!(DnKey::of(text), None, "{text:?}");
    }
}

#[test]
fn the_domain_is_the_dc_levels_in_lower_case() {
    let domain = |name: &str| Dn::parse(name).unwrap().domain();
    assert_eq!(domain("CN=a,OU=b,DC=Corp,DC=Example,DC=com").as_deref(), Some("corp.example.com"));
    assert_eq!(domain("CN=a,O=Example"), None);
    assert!(Dn::parse("CN=S-1-5-11,CN=ForeignSecurityPrincipals,DC=corp").unwrap().is_foreign());
    assert!(!Dn::parse("CN=ForeignSecurityPrincipals,DC=corp").unwrap().is_foreign());
}

/// Case 62: the answers hold every name as Samba spells it, `ldifde` as Active Directory does.
#[test]
fn names_of_the_sample_domain_are_the_same_in_both_spellings() {
    let answers = answers();
    let samba: BTreeMap<DnKey, &str> = answers["users"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(dn, user)| (key(dn), user["sam"].as_str().unwrap()))
        .collect();
    let windows = sample_records(&["csv-derived/ldifde_users_ansi.ldf"]);
    assert_eq!(windows.entries.len(), 82);
    for entry in &windows.entries {
        assert_eq!(samba.get(&key(entry.dn.as_deref().unwrap())), entry.sam.as_deref().as_ref(), "{entry:?}");
    }
}

/// One way to write a value.
#[derive(Debug, Clone, Copy)]
enum Spelling {
    Escaped,
    Hexadecimal,
    Quoted,
    Samba,
}

fn spell(value: &str, spelling: Spelling) -> String {
    let hexadecimal = |char: char| char.to_string().bytes().map(|byte| format!("\\{byte:02X}")).collect::<String>();
    let at_edge = |at: usize| at == 0 || at + 1 == value.chars().count();
    let chars = value.chars().enumerate();
    match spelling {
        Spelling::Hexadecimal => value.chars().map(hexadecimal).collect(),
        Spelling::Quoted => {
            let inner: String = value
                .chars()
                .map(|char| if matches!(char, '"' | '\\') { format!("\\{char}") } else { char.to_string() })
                .collect();
            format!("\"{inner}\"")
        }
        Spelling::Escaped => chars
            .map(|(at, char)| match char {
                ',' | '\\' | '#' | '+' | '<' | '>' | ';' | '"' | '=' => format!("\\{char}"),
                ' ' if at_edge(at) => "\\ ".to_owned(),
                '\0' | '\n' | '\r' => hexadecimal(char),
                char => char.to_string(),
            })
            .collect(),
        Spelling::Samba => chars
            .map(|(at, char)| match char {
                ',' | '\\' | '+' | '<' | '>' | '"' => format!("\\{char}"),
                '#' if at == 0 => "\\#".to_owned(),
                ';' | '=' | '\0' | '\n' | '\r' => hexadecimal(char),
                ' ' if at_edge(at) => "\\20".to_owned(),
                char => char.to_string(),
            })
            .collect(),
    }
}

fn values() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            proptest::char::any(),
            proptest::sample::select(
                &[',', ';', '+', '=', '#', '"', '\\', '<', '>', ' ', '\0', '\n', 'a', 'B', 'ü', '漢'][..]
            ),
        ],
        1..12,
    )
    .prop_map(|chars| chars.into_iter().collect())
}

fn names() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    proptest::collection::vec((proptest::sample::select(&["CN", "ou", "dc", "UID"][..]), values()), 1..5)
}

fn spelled(name: &[(&str, String)], spelling: Spelling, joint: &str) -> String {
    name.iter().map(|(kind, value)| format!("{kind}={}", spell(value, spelling))).collect::<Vec<_>>().join(joint)
}

const SPELLINGS: [Spelling; 4] = [Spelling::Escaped, Spelling::Hexadecimal, Spelling::Quoted, Spelling::Samba];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_name_is_read_back_however_it_is_written(name in names()) {
        for spelling in SPELLINGS {
            for joint in [",", ", ", " , "] {
                let text = spelled(&name, spelling, joint);
                let read = Dn::parse(&text);
                prop_assert!(read.is_some(), "{}", text);
                prop_assert_eq!(read.as_ref().unwrap().leaf(), name[0].1.as_str(), "{}", text);
                prop_assert_eq!(DnKey::of(&text), read.map(|name| name.key()), "{}", text);
                prop_assert_eq!(key(&text), key(&spelled(&name, Spelling::Hexadecimal, ",")), "{}", text);
            }
        }
    }

    #[test]
    fn two_names_have_one_key_only_if_their_levels_differ_in_nothing_that_counts(one in names(), other in names()) {
        let counts = |name: &[(&str, String)]| -> Vec<(String, Vec<String>)> {
            let value = |value: &str| {
                let key = rollcall::model::NameKey::of(value);
                key.as_str().split(' ').filter(|part| !part.is_empty()).map(str::to_owned).collect()
            };
            name.iter().map(|(kind, text)| (kind.to_lowercase(), value(text))).collect()
        };
        let keys = [&one, &other].map(|name| key(&spelled(name, Spelling::Escaped, ",")));
        prop_assert_eq!(keys[0] == keys[1], counts(&one) == counts(&other));
    }

    #[test]
    fn a_name_of_plain_letters_has_the_key_that_the_long_way_gives(text in "(CN|ou|2.5.4.3)=[aB ]{0,5}(,[ ]?(DC|ou|Cn)=[cD ]{0,5}){0,3}") {
        prop_assert_eq!(DnKey::of(&text), Dn::parse(&text).map(|name| name.key()));
    }

    #[test]
    fn any_text_is_a_name_or_none_and_its_key_is_that_of_the_name(text in "[a-zA-Z=,;+\"\\\\# <>.0-9ü\u{0}]{0,40}") {
        prop_assert_eq!(DnKey::of(&text), Dn::parse(&text).map(|name| name.key()));
    }
}

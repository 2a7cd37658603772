//! The encodings of exports (cases 1 to 10 of the specification of directory exports). Cases 11, 19, 20, 22 and 95 are
//! refusals: `tests/data/bad/expected/`.

use crate::support::lists::{encoded, list, list_with, objects, refusal, refusal_with, sample};

const UTF_8: &str = "csv-powershell/ps51_get-aduser_nti_utf8bom.csv";
const UTF_16: &str = "csv-powershell/ps51_get-aduser_unicode_utf16le.csv";
const ASCII: &str = "csv-powershell/ps51_get-aduser_default_ascii.csv";
const WINDOWS_1252: &str = "csv-powershell/ps51_get-aduser_default-ansi1252.csv";

/// Case 1.
#[test]
fn a_byte_order_mark_is_no_part_of_the_first_column() {
    let records = list("users.csv", &sample(UTF_8));
    assert_eq!(records.files[0].encoding, "UTF-8 with byte order mark");
    assert_eq!(records.entries.iter().filter(|entry| entry.dn.is_some()).count(), 82);
}

/// Cases 2 to 5.
#[test]
fn the_same_export_in_every_encoding_of_unicode_says_the_same() {
    let truth = objects(&list("users.csv", &sample(UTF_8)));
    let utf_16 = sample(UTF_16);
    let swapped: Vec<u8> = utf_16.chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
    let variants: [(&str, Vec<u8>); 6] = [
        ("UTF-8", sample("csv-powershell/ps7_get-aduser_default_utf8.csv")),
        ("UTF-8", sample("csv-derived/ps7_get-aduser_usequotes-asneeded_utf8.csv")),
        ("UTF-16LE", utf_16.clone()),
        ("UTF-16BE", swapped.clone()),
        ("UTF-16LE without byte order mark", utf_16[2..].to_vec()),
        ("UTF-16BE without byte order mark", swapped[2..].to_vec()),
    ];
    for (encoding, bytes) in variants {
        let records = list("users.csv", &bytes);
        assert_eq!(records.files[0].encoding, encoding);
        assert_eq!(objects(&records), truth, "{encoding}");
    }
}

/// Case 6.
#[test]
fn an_export_that_lost_characters_is_lossy_and_keeps_its_ids_but_none_of_its_damaged_names_as_keys() {
    let (lossy, whole) = (list("users.csv", &sample(ASCII)), list("users.csv", &sample(UTF_8)));
    assert!(lossy.files[0].lossy && !whole.files[0].lossy);
    assert_eq!(lossy.entries.len(), 82);
    let guids =
        |records: &rollcall::expect::Records| records.entries.iter().map(|entry| entry.guid).collect::<Vec<_>>();
    assert_eq!(guids(&lossy), guids(&whole));
    let keys = lossy.entries.iter().flat_map(|entry| [&entry.dn, &entry.sam, &entry.user_name]).flatten();
    assert_eq!(keys.filter(|key| key.contains('?')).count(), 0);
    assert!(lossy.entries.iter().any(|entry| entry.common_name.as_deref().is_some_and(|name| name.contains('?'))));
}

/// A question mark in an encoding that has every character is one; a replacement character never is one.
#[test]
fn only_what_can_have_been_lost_is_lost() {
    let kept = list("users.csv", "SamAccountName,Name,Enabled\nwhö,Who?,True\n".as_bytes());
    assert!(!kept.files[0].lossy);
    let lost = list("users.csv", "SamAccountName,Name,Enabled\nwho,M\u{fffd}ller,True\n".as_bytes());
    assert!(lost.files[0].lossy);
}

/// Case 7.
#[test]
fn an_old_code_page_is_refused_with_its_line_until_it_is_named() {
    let bytes = sample(WINDOWS_1252);
    let refused = refusal("users.csv", &bytes);
    assert!(refused.contains("line 12: these bytes are not UTF-8; help: "), "{refused}");
    let records = list_with("users.csv", &bytes, &encoded("windows-1252"));
    let names: Vec<&str> = records.entries.iter().filter_map(|entry| entry.common_name.as_deref()).collect();
    for name in ["Müller, Jörg", "José García", "Anna Strauß"] {
        assert!(names.contains(&name), "{name}");
    }
    assert!(records.files[0].lossy && names.contains(&"?? ??"), "what the code page lacks is lost");
}

const NAMES: &str = "SamAccountName,Name,Enabled\r\njmueller,\"Müller, Jörg\",True\r\nagarcia,André García,True\r\n";

/// [`NAMES`] in a code page, given what it has for the letters that are not ASCII.
fn in_code_page(bytes: &[(char, u8)]) -> Vec<u8> {
    let byte = |char: char| bytes.iter().find(|(letter, _)| *letter == char).map(|&(_, byte)| byte);
    NAMES.chars().map(|char| byte(char).unwrap_or_else(|| u8::try_from(char).unwrap())).collect()
}

/// Case 8.
#[test]
fn the_code_pages_of_the_console_are_read_if_they_are_named() {
    let console = in_code_page(&[('ü', 0x81), ('ö', 0x94), ('é', 0x82), ('í', 0xA1)]);
    for code_page in ["cp850", "CP437", "ibm852", "850"] {
        let records = list_with("users.csv", &console, &encoded(code_page));
        let names: Vec<Option<&str>> = records.entries.iter().map(|entry| entry.common_name.as_deref()).collect();
        assert_eq!(names, [Some("Müller, Jörg"), Some("André García")], "{code_page}");
    }
    let polish = list_with("users.csv", b"SamAccountName,Name,Enabled\nl,\x9D\xA2d\xAB,True\n", &encoded("cp852"));
    assert_eq!(polish.entries[0].common_name.as_deref(), Some("Łódź"));
}

/// Case 8.
#[test]
fn a_wrong_code_page_is_not_silently_accepted() {
    let console = in_code_page(&[('ü', 0x81), ('ö', 0x94), ('é', 0x82), ('í', 0xA1)]);
    let windows = in_code_page(&[('ü', 0xFC), ('ö', 0xF6), ('é', 0xE9), ('í', 0xED)]);
    for (bytes, wrong) in [(&console, "windows-1252"), (&windows, "cp850"), (&windows, "cp437")] {
        let refused = refusal_with("users.csv", bytes, &encoded(wrong));
        assert!(refused.contains("line 2: `") && refused.contains("is not a word, so the file is not in"), "{refused}");
    }
    assert_eq!(list_with("users.csv", &windows, &encoded("windows-1252")).entries.len(), 2);
}

/// Case 9.
#[test]
fn the_line_at_which_an_encoding_changes_is_named() {
    let mut bytes = "SamAccountName,Name,Enabled\r\na,Zoë,True\r\nb,Bob,True\r\n".as_bytes().to_vec();
    bytes.extend(b"c,M\xFCller,True\r\n");
    for options in [encoded("windows-1252"), encoded("cp850")] {
        let refused = refusal_with("users.csv", &bytes, &options);
        assert!(refused.contains("line 4: the encoding changes"), "{refused}");
    }
}

/// Case 10.
#[test]
fn files_that_were_joined_with_their_marks_and_headers_are_read_and_say_so() {
    let joined = [sample(UTF_16), sample(UTF_16)].concat();
    let records = list("users.csv", &joined);
    assert_eq!(records.files[0].rows_read, 2 * 82);
    let notes = records.files[0].notes.join("\n");
    assert!(
        notes.contains("byte order marks inside the text") && notes.contains("header is repeated 1 times"),
        "{notes}"
    );
}

/// Case 10. Such a character can stand in a name too: the domain of the samples has one.
#[test]
fn a_mark_inside_a_name_does_not_say_that_files_were_joined() {
    let records = list("users.csv", &sample("csv-powershell/ps51_select_useculture_de-DE_utf8bom.csv"));
    assert_eq!(records.files[0].notes[0], "an invisible character (U+FEFF) inside a value was skipped");
    assert!(records.entries.iter().any(|entry| entry.display_name.as_deref() == Some("BOM Inside")));
}

#[test]
fn a_culture_that_is_not_known_is_refused_with_the_way_to_find_the_name() {
    for unknown in ["english", "th-TH", "ar-SA", "en"] {
        let options = crate::support::lists::culture(unknown);
        let refused = refusal_with("users.csv", b"SamAccountName,Enabled\na,True\n", &options);
        assert!(refused.starts_with(&format!("unknown culture `{unknown}`; help: write it as")), "{refused}");
    }
}

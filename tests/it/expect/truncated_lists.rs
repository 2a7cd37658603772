//! Whether a list is there to its end: what vouches for it, and what shows that it was cut off.

use rollcall::expect::{End, Records};

use crate::support::exports::{ldif_person as person, ldif_records, records_of, refused};

fn one(name: &str, text: &str) -> Records {
    records_of(&[(name, text.as_bytes())]).unwrap()
}

fn end(name: &str, text: &str) -> End {
    one(name, text).files[0].end.clone()
}

fn unended() -> End {
    End::Cut(
        "its last line has no line break; the program that wrote it ends every line with one, so it was cut off or edited".to_owned(),
    )
}

/// A control of 514 that was cut to 5 is somebody who has left and seems to be there.
#[test]
fn a_file_of_a_program_that_ends_every_line_is_cut_where_the_last_has_no_end() {
    let csvde = "DN,objectClass,sAMAccountName,userAccountControl\n\"CN=a,DC=corp\",user,a,5";
    for (name, text) in [
        ("directory.csv", csvde),
        ("directory.ldif", "dn: CN=a,DC=corp\nobjectClass: user\nsAMAccountName: a\nuserAccountControl: 5"),
        ("group-listmembers-AWS-Admins.txt", "jsmith2\njsmi"),
    ] {
        assert_eq!(end(name, text), unended(), "{name}");
        assert_eq!(end(name, &format!("{text}14\r\n")), End::Unvouched, "{name}");
    }
}

#[test]
fn a_list_whose_last_line_may_lack_its_end_is_noted() {
    for (name, text) in [
        ("users.csv", "SamAccountName,Enabled\nalice,\"True\""),
        ("users.csv", "userPrincipalName,id,accountEnabled\na@c.x,1b4e28ba-2fa1-11d2-883f-0016d3cca428,True"),
        ("staff.csv", "Name,Email,Status\nA,a@c.x,active"),
    ] {
        let noted = |text: &str| one(name, text).files[0].notes.iter().any(|note| note.contains("has no line break"));
        assert!(noted(text), "{text}");
        assert!(!noted(&format!("{text}\n")), "{text}");
    }
    assert_eq!(one("people.csv", "user,groups\nalice,A").files[0].notes, Vec::<String>::new());
}

#[test]
fn an_empty_cookie_that_may_have_been_cut_vouches_for_nothing() {
    let pages = format!("{}{}# pagedresults: cookie=", person("a", ""), person("b", ""));
    assert_eq!(end("a.ldif", &pages), unended());
    assert_eq!(end("a.ldif", &(pages + "\n")), End::Vouched("the end of its last page".to_owned()));
}

#[test]
fn pages_of_which_a_later_one_has_more_than_the_first_are_of_different_searches() {
    let page = |names: &[&str], cookie: &str| {
        names.iter().map(|name| person(name, "")).collect::<String>() + &format!("# pagedresults: cookie={cookie}\n")
    };
    let (two, three) = (["a", "b"], ["c", "d", "e"]);
    let uneven = one("a.ldif", &(page(&two, "MQ==") + &page(&three, "")));
    assert_eq!(uneven.files[0].end, End::Unvouched);
    assert!(uneven.files[0].notes.iter().any(|note| note.contains("several searches were joined")));
    let vouched = End::Vouched("the end of its last page".to_owned());
    assert_eq!(end("a.ldif", &(page(&three, "MQ==") + &page(&two, ""))), vouched);
    assert_eq!(end("a.ldif", &(page(&two, "") + &page(&three, ""))), vouched, "two searches, each to its end");
}

#[test]
fn the_result_of_a_search_is_seen_where_the_empty_lines_are_lost() {
    let cut = End::Cut("the search ended with `4 Size limit exceeded`".to_owned());
    for before in ["", "# search result\n"] {
        let text = format!(
            "# extended LDIF\n{}{before}search: 2\nresult: 4 Size limit exceeded\n# numEntries: 1\n",
            person("a", "userAccountControl: 512").trim_end().to_owned() + "\n"
        );
        let records = ldif_records(&text);
        assert_eq!((records.files[0].end.clone(), records.entries.len()), (cut.clone(), 1), "{text}");
    }
}

#[test]
fn what_may_be_a_part_of_an_entry_is_never_taken_for_the_rest_of_a_comment() {
    let group = "dn: CN=G,DC=corp\nobjectClass: group\nmember: CN=a,DC=corp\n\n";
    let text = format!("{group}# cut here\nmember: CN=b,DC=corp\n\n{}", person("a", ""));
    assert_eq!(refused(&text), "line 6: `member` belongs to no entry; the `dn` before it is missing");
    let text = format!("{}# note\ndn CN=b,DC=corp\n\n", person("a", ""));
    assert_eq!(refused(&text), "line 7: the line has no colon, so it is not an attribute");
    let text = format!("# extended LDIF\n\n# Conflict User\nDnepr, Staff\n{}", person("a", ""));
    assert_eq!(ldif_records(&text).entries.len(), 1, "a name may begin like `dn`");
    let text = format!("# extended LDIF\n\n{}# numEntries: 1\n# numReferences: 1\n\u{6e64}\u{3a6e}\n", person("a", ""));
    assert!(refused(&text).ends_with("the line has no colon, so it is not an attribute"), "{}", refused(&text));
}

#[test]
fn a_last_entry_without_an_empty_line_after_it_is_noted_where_nothing_vouches_for_the_file() {
    let noted =
        |text: &str| ldif_records(text).files[0].notes.iter().any(|note| note.contains("has no empty line after it"));
    let whole = person("a", "userAccountControl: 514");
    let cut = whole.replace("userAccountControl: 514\n\n", "");
    assert!(noted(&cut), "{cut:?}");
    assert!(!noted(&whole));
    assert!(!noted(&format!("# extended LDIF\n{cut}# numEntries: 1\n")));
}

/// Case 20: whoever keeps such a list may mean it, and whoever does not has to see it.
#[test]
fn a_hand_kept_list_without_rows_is_noted() {
    let header = "principal_type,principal,account,permission_set\n";
    let notes = |text: &str| one("assignments.csv", text).files[0].notes.clone();
    assert_eq!(notes(header), ["it has a header but no rows, so nothing of its kind is expected"]);
    assert_eq!(notes(&format!("{header}group,A,*,P\n")), Vec::<String>::new());
}

//! What spreadsheets and editors do to lists without a word: cells that are cut, names that become dates and numbers,
//! letters that are encoded twice.

use crate::support::lists::list;

/// So many distinguished names, joined.
fn names(count: usize) -> String {
    let name = |number: usize| format!("CN=Person {number:04},OU=Staff,DC=corp,DC=test");
    (0..count).map(name).collect::<Vec<_>>().join(";")
}

/// Why the members of each of these groups are not all there.
fn cuts(members: &[&str]) -> Vec<Option<String>> {
    let mut text = "SamAccountName,ObjectClass,GroupScope,DistinguishedName,member\n".to_owned();
    for (number, members) in members.iter().enumerate() {
        text += &format!("AWS-{number},group,Universal,\"CN=AWS-{number},DC=corp,DC=test\",\"{members}\"\n");
    }
    list("groups.csv", text.as_bytes()).rolls.into_iter().map(|roll| roll.cut).collect()
}

#[test]
fn a_list_of_members_that_ends_where_excel_cuts_cells_is_not_known_to_be_whole() {
    let cut = names(819);
    assert_eq!(cut.len(), 32_759);
    let why = "its cell has 32759 characters, and Excel cuts cells at 32767; export again without saving in Excel";
    assert_eq!(cuts(&[&cut, "CN=a,DC=corp,DC=test"]), [Some(why.to_owned()), None]);
    let inside_a_name = format!("{cut};CN=Pers");
    assert!(cuts(&[&inside_a_name])[0].as_ref().is_some_and(|why| why.contains("32767")));
    assert_eq!(cuts(&[&names(800)]), [None]);
    assert_eq!(cuts(&[&names(900)]), [None], "longer than Excel leaves any");
    assert_eq!(cuts(&[&cut, &names(900)]), [None, None], "so Excel did not save this file");
}

#[test]
fn the_groups_of_a_person_and_a_list_of_csvde_are_cut_there_too() {
    let member_of = |count: usize| {
        let text = format!("SamAccountName,UserPrincipalName,Enabled,MemberOf\na,a@c.x,True,\"{}\"\n", names(count));
        list("users.csv", text.as_bytes()).holes
    };
    assert!(member_of(800).is_empty());
    let holes = member_of(819);
    assert!(holes.len() == 1 && holes[0].detail.contains("Excel cuts cells at 32767"));
    let csvde = format!("DN,objectClass,sAMAccountName,member\n\"CN=G,DC=corp,DC=test\",group,G,\"{}\"\n", names(819));
    let records = list("directory.csv", csvde.as_bytes());
    assert!(records.rolls[0].cut.as_deref().is_some_and(|cut| cut.contains("Excel")));
}

fn notes(name: &str, text: &str) -> String {
    list(name, text.as_bytes()).files[0].notes.join("\n")
}

#[test]
fn names_that_a_spreadsheet_took_for_dates_and_numbers_are_noted() {
    let of_account = |name: &str| notes("users.csv", &format!("SamAccountName,Enabled\nann,True\n{name},True\n"));
    for name in ["1-Mar", "Mar-25", "01. Mrz", "12-Dez", "1E+05", "1.23E+11", "1-mars"] {
        let notes = of_account(name);
        let said = format!("`{}` in line 3 may be a name that a spreadsheet changed into a date or number", name);
        assert!(notes.contains(&said), "{name}: {notes}");
    }
    for name in ["mar1", "jan-erik", "1-marta", "e05", "a.march", "2-fast", "jan.may", "1e5"] {
        assert!(!of_account(name).contains("may be a name"), "{name}");
    }
    let of_group = notes("people.csv", "user,groups\nann,AWS-A;1-Mar\n");
    assert!(of_group.contains("`1-Mar` in line 2"), "{of_group}");
    let of_row =
        notes("assignments.csv", "principal_type,principal,account,permission_set\nuser,1E+05,111122223333,ReadOnly\n");
    assert!(of_row.contains("`1E+05` in line 2"), "{of_row}");
}

#[test]
fn letters_that_were_encoded_twice_are_noted() {
    let of =
        |name: &str| notes("users.csv", &format!("SamAccountName,Enabled,Name\nann,True,Ann Ash\nx,True,{name}\n"));
    for name in
        ["M\u{c3}\u{bc}ller", "Jos\u{c3}\u{a9} P\u{c3}\u{a9}rez", "\u{d0}\u{98}\u{d0}\u{b2}\u{d0}\u{b0}\u{d0}\u{bd}"]
    {
        let word = name.split(' ').next().unwrap();
        let notes = of(name);
        assert!(
            notes.contains(&format!("`{word}` in line 3 is UTF-8 that was read as another encoding")),
            "{name}: {notes}"
        );
    }
    for name in [
        "M\u{fc}ller",
        "\u{c5}sa \u{d6}berg",
        "PE\u{d1}A",
        "Fran\u{e7}ois",
        "\u{418}\u{432}\u{430}\u{43d}",
        "\u{5c71}\u{7530}",
    ] {
        assert!(!of(name).contains("was read as another encoding"), "{name}: {}", of(name));
    }
}

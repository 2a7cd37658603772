//! Numbers of employees that are of another system, missing or of another company, and whom a leaver's row means then;
//! and the accounts that one employee has besides.

use crate::story::Story;
use crate::support::audited::Audited;

const USERS: &str = "directory/users-2026-11-19.csv";
const LEFT: [&str; 2] = ["leaver-with-access", "leaver-with-key"];

/// The story's lists with one of the personnel department more, and a number for each account of the directory.
fn audited(
    story: &Story,
    number: impl Fn(&str) -> &'static str,
    change: impl Fn(String) -> String,
    hr: &str,
) -> Audited {
    let mut all = story.expected_files();
    let (_, users) = all.iter_mut().find(|(name, _)| name == USERS).unwrap();
    let row = |(line, row): (usize, &str)| match line {
        0 => format!("{row},\"EmployeeID\"\r\n"),
        _ => format!("{row},\"{}\"\r\n", number(row.split("\",\"").nth(6).unwrap())),
    };
    *users = change(users.lines().enumerate().map(row).collect());
    all.push(("hr.csv".to_owned(), hr.to_owned()));
    Audited::from(&story.saved_files(), &all)
}

fn of_three(sam: &str) -> &'static str {
    match sam {
        "alice" => "1000",
        "bob" => "1001",
        _ => "1002",
    }
}

fn with(hr: &str) -> Audited {
    audited(&Story::small(), of_three, |users| users, hr)
}

#[test]
fn a_number_of_another_system_does_not_hide_a_leaver_whose_address_and_name_agree() {
    for number in ["W-4", "P1000", "1-000", "N/A", "0", "contractor", "7004"] {
        let hr = format!("Employee ID,Name,Email,Status\n{number},Alice Example,alice@corp.example.com,Terminated\n");
        assert_eq!(with(&hr).rules(), LEFT, "{number}");
        // What somebody is called in short contradicts nothing where the list has no number of the directory.
        let short = hr.replace("Alice Example", "A. Example");
        assert_eq!(with(&short).rules(), LEFT, "{number}");
        // The address was given to somebody else; a word is no number, and then the address is all there is.
        let others = hr.replace("Alice Example", "Zoe Zorn");
        let is_none = ["N/A", "0"].contains(&number);
        assert_eq!(with(&others).rules(), if is_none { LEFT.to_vec() } else { Vec::new() }, "{number}");
    }
    let spelled = "Employee ID,Name,Email,Status\nW-4,\u{c1}lice Ex\u{e0}mple,alice@corp.example.com,Terminated\n";
    assert_eq!(with(spelled).rules(), LEFT);
}

#[test]
fn a_wrong_number_among_right_ones_leaves_a_leaver_found_or_open() {
    let hr = |name: &str, number: &str| {
        format!(
            "Employee ID,Name,Email,Status\n1001,Bob Example,bob@corp.example.com,active\n\
             {number},{name},alice@corp.example.com,Terminated\n"
        )
    };
    assert_eq!(with(&hr("Alice Example", "1040")).rules(), LEFT);
    let short = with(&hr("A. Example", "1040"));
    assert_eq!((short.titles(), short.report().verdict.complete()), (Vec::new(), false));
    assert_eq!(
        short.gaps(),
        [
            "the account of former employee `alice@corp.example.com`: `hr.csv`: line 3 says that `alice@corp.example.com` has left, but `alice@corp.example.com` has the same name, address or number"
        ]
    );
    assert_eq!(with(&hr("Zoe Zorn", "1040")).gaps(), Vec::<String>::new(), "the address is another one's now");
    // Whoever has a row of their own is not meant by an earlier one with another number.
    let again = hr("Alice Example", "555") + "1000,Alice Example,alice@corp.example.com,active\n";
    assert_eq!((with(&again).titles(), with(&again).gaps()), (Vec::new(), Vec::new()));
}

#[test]
fn a_number_does_not_reach_the_account_of_another_company() {
    let mut story = Story::small();
    story.hire("uwe.ulm", &["AWS-Admins"]);
    let number = |sam: &str| if sam == "uwe.ulm" { "1000" } else { of_three(sam) };
    let emea = |users: String| {
        let row = |row: &str| if row.contains("uwe.ulm") { row.replace("DC=corp", "DC=emea") } else { row.to_owned() };
        users.lines().map(row).map(|row| row + "\r\n").collect()
    };
    let hr = "Employee ID,Name,Email,Status\n1000,Alice Example,alice@corp.example.com,Terminated\n\
              1001,Bob Example,bob@corp.example.com,active\n";
    assert_eq!(audited(&story, number, emea, hr).rules(), LEFT, "alice alone has left");
    let by_name = hr.replace("alice@corp.example.com", "");
    assert_eq!(audited(&story, number, emea, &by_name).rules(), LEFT);
    // In one domain an employee's second account may be called anything.
    let both = audited(&story, number, |users| users, hr);
    assert_eq!(both.rules(), ["leaver-with-access", "leaver-with-access", "leaver-with-key"]);
    // Neither address nor name, and no other account: nobody can say.
    let stranger = "Employee ID,Name,Email,Status\n1000,Zoe Zorn,zoe@corp.example.com,Terminated\n\
                    1001,Bob Example,bob@corp.example.com,active\n1002,Carol Example,carol@corp.example.com,active\n";
    let open = with(stranger);
    assert_eq!((open.titles(), open.gaps().len()), (Vec::new(), 1));
}

#[test]
fn who_has_left_has_left_with_every_account_of_the_same_number_in_the_directory() {
    let mut story = Story::small();
    story.hire("dan", &[]).hire("dan.admin", &["AWS-Admins"]).aws_user_gone("dan");
    let number = |sam: &str| if sam.starts_with("dan") { "17" } else { of_three(sam) };
    let named = |users: String| users.replace("Dan Admin", "Dan Example (adm)");
    let hr = "Name,Email,Status\nDan Example,dan@corp.example.com,Terminated\n";
    assert_eq!(audited(&story, number, named, hr).titles().len(), 1);
    assert_eq!(audited(&story, number, named, hr).rules(), ["leaver-with-access"]);
    // An account that is called otherwise may be another one's.
    let other = audited(&story, number, |users| named(users).replace("Dan Example (adm)", "Deployment"), hr);
    assert_eq!((other.titles(), other.gaps().len()), (Vec::new(), 1));
    // A list that speaks of the second account itself has said it.
    let both = hr.to_owned() + "Dan Admin,dan.admin@corp.example.com,active\n";
    assert_eq!(audited(&story, number, named, &both).titles(), Vec::<String>::new());
    // Of two accounts, a directory may disable either.
    let mut disabled = story;
    disabled.leaves("dan");
    let nobody = "Name,Email,Status\nBob Example,bob@corp.example.com,active\n";
    assert_eq!(audited(&disabled, number, named, nobody).titles(), Vec::<String>::new());
}

//! Whom a row of a leaver means: by cells of mail addresses as people fill them, by a login or a number, and by a name
//! alone, which is a gap. Whoever matches no account is counted on page one.

use rollcall::wording;

use crate::story::Story;
use crate::support::audited::Audited;
use crate::support::lists::list;

const USERS: &str = "directory/users-2026-11-19.csv";
const LEFT: [&str; 2] = ["leaver-with-access", "leaver-with-key"];

/// The story's lists with one more.
fn with(name: &str, text: &str) -> Audited {
    let story = Story::small();
    let mut all = story.expected_files();
    all.push((name.to_owned(), text.to_owned()));
    Audited::from(&story.saved_files(), &all)
}

/// The same, where the directory has numbers of employees: alice is 1000, bob 1001, carol 1002.
fn with_numbers(name: &str, text: &str) -> Audited {
    let story = Story::small();
    let mut all = story.expected_files();
    let (_, users) = all.iter_mut().find(|(name, _)| name == USERS).unwrap();
    let number = |(line, row): (usize, &str)| match line {
        0 => format!("{row},\"EmployeeID\"\r\n"),
        line => format!("{row},\"{}\"\r\n", 999 + line),
    };
    *users = users.lines().enumerate().map(number).collect();
    all.push((name.to_owned(), text.to_owned()));
    Audited::from(&story.saved_files(), &all)
}

fn notices(audited: &Audited) -> Vec<String> {
    let notices = wording::notices(&audited.report());
    notices.into_iter().filter(|notice| notice.contains("former employee")).collect()
}

#[test]
fn cells_of_mail_addresses_are_read_as_people_fill_them() {
    for cell in [
        "alice@corp.example.com;a@corp.example.com",
        "a@corp.example.com|alice@corp.example.com",
        "alice@corp.example.com;",
        "\"alice@corp.example.com,\"",
        "'alice@corp.example.com'",
        "SMTP:alice@corp.example.com",
        "mailto:Alice@corp.example.com",
        "Alice <alice@corp.example.com>",
        "\u{202a}alice@corp.example.com\u{202c}",
        "alice@corp.example.com.",
        "a@x.example alice@corp.example.com",
    ] {
        let audited = with("hr.csv", &format!("Name,Email,Status\nA,{cell},Terminated\n"));
        assert_eq!(audited.rules(), LEFT, "{cell}");
    }
}

#[test]
fn a_login_or_a_number_means_the_account_that_has_it() {
    for login in ["alice", "CORP\\alice", "Alice"] {
        assert_eq!(with("hr.csv", &format!("Username,Status\n{login},Terminated\n")).rules(), LEFT, "{login}");
        let private = format!("Username,Email,Status\n{login},a@private.example,Terminated\n");
        assert_eq!(with("hr.csv", &private).rules(), LEFT, "{login}");
    }
    for number in ["1000", "01000", "1000.0"] {
        let text = format!("Employee ID,Email,Status\n{number},a@private.example,Terminated\n");
        assert_eq!(with_numbers("hr.csv", &text).rules(), LEFT, "{number}");
    }
    // The address is another one's, who is there.
    let of_bob = "Username,Email,Status\nalice,bob@corp.example.com,Terminated\n";
    assert!(!with("hr.csv", of_bob).rules().contains(&"leaver-with-key"), "alice has not left by the name alone");
    // Numbers of another company, by what its people are called.
    let others =
        "Employee ID,Name,Email,Status\n1000,Zoe Zorn,z@other.example,Terminated\n1001,Yan Yu,y@other.example,Active\n";
    assert_eq!(with_numbers("hr.csv", others).rules(), Vec::<&str>::new());
}

#[test]
fn who_is_called_like_a_leaver_whom_no_account_fits_may_have_left() {
    for name in ["Alice Example", "alice  example", "\"Example, Alice\""] {
        let audited = with("hr.csv", &format!("Name,Email,Status\n{name},alice@corp.exmaple.com,Terminated\n"));
        assert_eq!(audited.titles(), Vec::<String>::new());
        assert_eq!(
            audited.gaps(),
            [
                "the account of former employee `alice example`: `hr.csv`: line 2 says that `alice example` has left, but `alice@corp.example.com` has the same name, address or number"
            ],
            "{name}"
        );
        assert!(!audited.report().verdict.complete(), "{name}");
    }
    // One word may be anybody's, and two rows of one list are two people.
    assert_eq!(with("hr.csv", "Name,Email,Status\nAlice,a@x.example,Left\n").gaps(), Vec::<String>::new());
    let twice = "Name,Email,Status\nAlice Example,a@x.example,Left\nAlice Example,alice@corp.example.com,Active\n";
    assert_eq!(with("hr.csv", twice).gaps(), Vec::<String>::new());
}

#[test]
fn leavers_who_match_no_account_are_counted_on_page_one() {
    let gone = "Name,Email,Status\nMax Muster,max@corp.example.com,Left\nEva Ernst,eva@corp.example.com,Left\n\
                Udo Ulm,udo@corp.example.com,Left\n";
    let audited = with("hr.csv", gone);
    assert_eq!(notices(&audited), ["3 former employees in `hr.csv` match no account"]);
    assert_eq!((audited.rules(), audited.gaps()), (Vec::new(), Vec::new()), "that is as it should be");
    assert!(audited.report().verdict.complete());
    let known = with("hr.csv", "Name,Email,Status\nA,alice@corp.example.com,Left\n");
    assert_eq!(notices(&known), Vec::<String>::new());
}

#[test]
fn a_list_of_leavers_that_nobody_shares_a_key_with_is_a_gap() {
    let text = "Name,Email,Status\nA,a@hr.example.net,Left\nB,b@hr.example.net,Left\nC,c@hr.example.net,Left\n";
    let audited = with("hr.csv", text);
    assert_eq!(
        audited.gaps(),
        [
            "the accounts of former employees in the list: `hr.csv`: none of its 3 former employees matches another list or AWS by email address, number or name (the first is `a@hr.example.net`): the list probably uses another key"
        ]
    );
    assert!(!audited.report().verdict.complete());
    let two = "Name,Email,Status\nA,a@hr.example.net,Left\nB,b@hr.example.net,Left\n";
    assert_eq!(with("hr.csv", two).gaps(), Vec::<String>::new());
}

#[test]
fn a_cell_that_is_no_mail_address_refuses_its_row_of_a_list_kept_by_hand() {
    let text = b"user,mail,groups\nalice,alice (at work)@corp.test,A\nbob,\"bob@corp.test;<b@corp.test>\",A\n";
    let records = list("people.csv", text);
    assert_eq!(
        records.refusals[0].reason,
        "`mail` is `alice (at work)@corp.test`; it must be an email address, or several separated by `;`"
    );
    assert_eq!(records.entries[0].mails, ["bob@corp.test", "b@corp.test"]);
}

#[test]
fn what_a_directory_has_for_a_mail_address_costs_no_account() {
    let text = b"SamAccountName,mail,Enabled\nann,none,True\nbo,SMTP:bo@corp.test,True\n";
    let records = list("users.csv", text);
    let mails: Vec<&[String]> = records.entries.iter().map(|entry| entry.mails.as_slice()).collect();
    assert_eq!(mails, [["none"], ["bo@corp.test"]]);
}

#[test]
fn a_bare_name_in_a_list_kept_by_hand_means_the_account_of_that_name() {
    for row in ["alice,,left", "CORP\\alice,,left", "alice,,disabled", "alice,a@private.example,left"] {
        let audited = with("people.csv", &format!("user,mail,status\n{row}\n"));
        assert_eq!(audited.rules(), LEFT, "{row}");
    }
    assert_eq!(with("people.csv", "user,status\nalice,active\n").titles(), Vec::<String>::new());
    // Of two domains, each may have one.
    let emea = "DistinguishedName,SamAccountName,UserPrincipalName,Name,Enabled\n\
                \"CN=Alba,DC=emea,DC=example,DC=com\",alice,alba@emea.example.com,Alba,True\n";
    let story = Story::small();
    let mut all = story.expected_files();
    all.push(("emea/users-2026-11-19.csv".to_owned(), emea.to_owned()));
    all.push(("people.csv".to_owned(), "user,status\nalice,left\n".to_owned()));
    let audited = Audited::from(&story.saved_files(), &all);
    assert_eq!(audited.titles(), Vec::<String>::new());
    assert!(audited.gaps()[0].starts_with("the account of former employee `alice`"), "{:?}", audited.gaps());
    assert!(!audited.report().verdict.complete());
}

//! Lists of one directory that share no kind of key: nothing shows who of the one is who of the other, so it is one gap,
//! and neither a finding for each of their people nor "in order".

use rollcall::expect::{self, InputFile, Options};
use rollcall::wording;

use crate::story::{Story, sign_in_name};
use crate::support::audited::Audited;
use crate::support::lists::folded;

type Lists = Vec<(String, String)>;

const USERS: &str = "directory/users-2026-11-19.csv";
const MEMBERS: &str = "directory/members-2026-11-19.csv";

fn company() -> Story {
    let mut story = Story::small();
    for name in ["dan", "eva", "finn"] {
        story.hire(name, &["AWS-Readers"]);
    }
    story
}

/// The people by their sign-in names, as the portal of Entra ID exports them.
fn by_sign_in_name(story: &Story) -> String {
    let mut text = "userPrincipalName,displayName,mail,userType,accountEnabled\r\n".to_owned();
    for (sam, person) in &story.directory.people {
        let (name, enabled) = (sign_in_name(sam), if person.enabled { "True" } else { "False" });
        text += &format!("{name},{} {},{name},Member,{enabled}\r\n", person.given, person.surname);
    }
    text
}

fn with(story: &Story, change: impl Fn(&str, String) -> String) -> Lists {
    story.expected_files().into_iter().map(|(name, text)| (name.clone(), change(&name, text))).collect()
}

/// The people by their sign-in names, and the members by their account names alone.
fn apart(story: &Story) -> Lists {
    with(story, |name, text| if name == USERS { by_sign_in_name(story) } else { text })
}

#[test]
fn a_list_of_members_by_account_names_beside_people_by_sign_in_names_is_one_gap_and_no_finding() {
    let story = company();
    let audited = Audited::from(&story.saved_files(), &apart(&story));
    assert_eq!(audited.rules(), Vec::<&str>::new());
    assert_eq!(
        audited.gaps(),
        [
            "the Identity Center users of the people in the list: `directory/members-2026-11-19.csv`: the list shares no key (sign-in name, email address, account name, SID, GUID) with the other lists, so its 6 people cannot be matched (the first is `alice`)"
        ]
    );
    let report = audited.report();
    assert!(!report.verdict.complete());
    let advice = wording::gap_advice(&report.gaps[0]);
    assert!(advice.contains("user principal name") && advice.contains("Get-ADUser -Properties mail"), "{advice}");
}

#[test]
fn what_does_not_depend_on_who_is_who_is_found_beside_it() {
    let mut story = company();
    story.stranger("mallory");
    let lists = apart(&story);
    assert_eq!(Audited::from(&story.saved_files(), &lists).rules(), ["unexpected-user"]);
}

#[test]
fn one_member_whom_no_other_list_has_is_missing_as_before() {
    let mut story = company();
    story.aws_user_gone("eva");
    let lists = with(&story, |name, text| match name {
        USERS => text.lines().filter(|line| !line.contains("\"eva\"")).map(|line| format!("{line}\r\n")).collect(),
        _ => text,
    });
    assert_eq!(Audited::from(&story.saved_files(), &lists).rules(), ["missing-user"]);
}

#[test]
fn lists_that_share_a_key_are_compared_as_before() {
    let mut story = company();
    story.aws_user_gone("dan").aws_user_gone("eva").aws_user_gone("finn");
    assert_eq!(Audited::of(&story).rules(), ["missing-user", "missing-user", "missing-user"]);
    // The same, with members by their sign-in names.
    let lists = with(&story, |name, text| match name {
        USERS => by_sign_in_name(&story),
        MEMBERS => {
            story.directory.people.keys().fold(text.replace("SamAccountName", "UserPrincipalName"), |text, sam| {
                text.replace(&format!("\"{sam}\""), &format!("\"{}\"", sign_in_name(sam)))
            })
        }
        _ => text,
    });
    assert_eq!(Audited::from(&story.saved_files(), &lists).rules(), ["missing-user", "missing-user", "missing-user"]);
}

#[test]
fn a_list_that_says_who_is_disabled_by_account_names_alone_is_not_in_order() {
    let story = company();
    let lists = with(&story, |name, text| match name {
        USERS => by_sign_in_name(&story),
        MEMBERS => {
            story.directory.people.keys().fold(text.replace("SamAccountName", "UserPrincipalName"), |text, sam| {
                text.replace(&format!("\"{sam}\""), &format!("\"{}\"", sign_in_name(sam)))
            })
        }
        _ => text,
    });
    assert!(Audited::from(&story.saved_files(), &lists).report().verdict.complete());
    let with_states = |called: fn(&str) -> String| {
        let row = |sam: &String| format!("{},{}\n", called(sam), if sam == "eva" { "False" } else { "True" });
        let states = format!("SamAccountName,Enabled\n{}", story.directory.people.keys().map(row).collect::<String>());
        let mut lists = lists.clone();
        lists.push(("directory/states-2026-11-19.csv".to_owned(), states));
        Audited::from(&story.saved_files(), &lists)
    };
    // A leaver of whom there is one sign-in name that begins so is found.
    let found = with_states(str::to_owned);
    assert_eq!((found.rules(), found.gaps()), (vec!["leaver-with-access"], Vec::new()));
    let open = with_states(|sam| format!("{sam}01"));
    assert_eq!(open.rules(), Vec::<&str>::new());
    let [gap] = open.gaps().try_into().unwrap();
    assert!(gap.starts_with("the Identity Center users of the people in the list: `directory/states"), "{gap}");
    assert!(!open.report().verdict.complete());
}

#[test]
fn the_check_of_the_lists_says_it_before_aws_is_asked() {
    let story = company();
    let notes = |lists: &Lists| -> Vec<String> {
        let input = lists.iter().map(|(name, text)| InputFile { name, bytes: text.as_bytes(), modified: None });
        let records = expect::read(&input.collect::<Vec<_>>(), &Options::default()).unwrap();
        let notes = folded(&records).files.into_iter().flat_map(|file| file.notes);
        notes.filter(|note| note.contains("shares no key")).collect()
    };
    assert_eq!(notes(&story.expected_files()), Vec::<String>::new());
    let [note] = notes(&apart(&story)).try_into().unwrap();
    assert!(note.contains("neither `UserPrincipalName` nor `mail`: 6."), "{note}");
}

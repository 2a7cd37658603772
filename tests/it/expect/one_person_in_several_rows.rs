//! Which rows are about one person: those that share an id or a name, unless another name shows that they are two.

use rollcall::expect::{Options, Records};
use rollcall::model::Employment;

use crate::support::lists::{folded, list, try_lists};

/// Everybody: account, user name, and whether they are still there.
fn people(records: &Records) -> Vec<(String, String, bool)> {
    let text = |name: &Option<String>| name.clone().unwrap_or_default();
    let mut people: Vec<_> = folded(records)
        .people
        .seen()
        .map(|person| (text(&person.sam), text(&person.user_name), person.employment == Employment::Current))
        .collect();
    people.sort();
    people
}

fn are(sams: [(&str, &str, bool); 2]) -> Vec<(String, String, bool)> {
    sams.map(|(sam, user_name, there)| (sam.to_owned(), user_name.to_owned(), there)).to_vec()
}

#[test]
fn two_accounts_with_one_user_principal_name_are_two_people() {
    let csv =
        "SamAccountName,UserPrincipalName,Enabled\nalice,a.smith@example.com,True\nasmith2,a.smith@example.com,False\n";
    let two = are([("alice", "a.smith@example.com", true), ("asmith2", "a.smith@example.com", false)]);
    assert_eq!(people(&list("users.csv", csv.as_bytes())), two);
    let entry = |dn: &str, sam: &str, control: u32| {
        format!(
            "dn: CN={dn},DC=example,DC=com\nobjectClass: user\nsAMAccountName: {sam}\nuserPrincipalName: a.smith@example.com\nuserAccountControl: {control}\n\n"
        )
    };
    let ldif = entry("a", "alice", 512) + &entry("b", "asmith2", 514);
    assert_eq!(people(&list("users.ldif", ldif.as_bytes())), two);
    let by_dn = "DistinguishedName,UserPrincipalName,Enabled\n\"CN=a,DC=b\",x@example.com,True\n\"CN=c,DC=b\",x@example.com,False\n";
    assert_eq!(
        people(&list("users.csv", by_dn.as_bytes())),
        are([("", "x@example.com", false), ("", "x@example.com", true)])
    );
}

/// A list of two domains that does not say of which domain each account is.
#[test]
fn accounts_of_one_list_with_one_name_and_different_user_names_are_two_people() {
    let csv = "SamAccountName,UserPrincipalName,Enabled\njohn,john@a.example.com,True\njohn,john@b.example.com,False\n";
    let two = are([("john", "john@a.example.com", true), ("john", "john@b.example.com", false)]);
    assert_eq!(people(&list("users.csv", csv.as_bytes())), two);
    let by_name = "SamAccountName,Enabled,Name\njohn,True,John A\njohn,False,John B\n";
    assert_eq!(people(&list("users.csv", by_name.as_bytes())), are([("john", "", false), ("john", "", true)]));
}

#[test]
fn a_name_that_two_accounts_share_means_neither() {
    let users =
        "SamAccountName,UserPrincipalName,Enabled\nalice,a.smith@example.com,True\nasmith2,a.smith@example.com,True\n";
    let members = "Group,UserPrincipalName\nAWS-Admins,a.smith@example.com\n";
    let both = [("members.csv", members.as_bytes()), ("users.csv", users.as_bytes())];
    let records = try_lists(&both, &Options::default()).unwrap();
    let expectation = folded(&records);
    let member = expectation.groups.seen().next().unwrap().members.seen().next().unwrap();
    assert_eq!(expectation.people[member.person].sam, None, "neither of the two");
    // With the account's own name, it is one of them.
    let members = "Group,UserPrincipalName,SamAccountName\nAWS-Admins,a.smith@example.com,asmith2\n";
    let both = [("members.csv", members.as_bytes()), ("users.csv", users.as_bytes())];
    let expectation = folded(&try_lists(&both, &Options::default()).unwrap());
    let member = expectation.groups.seen().next().unwrap().members.seen().next().unwrap();
    assert_eq!(expectation.people[member.person].sam.as_deref(), Some("asmith2"));
    assert_eq!(expectation.people.seen().count(), 2);
}

#[test]
fn a_person_who_was_moved_or_is_listed_twice_is_one() {
    let old = "DistinguishedName,SamAccountName,UserPrincipalName,Enabled\n\
        \"CN=Alice,OU=Old,DC=example,DC=com\",alice,alice@example.com,True\n";
    let new = old.replace("Old", "New").replace("True", "False");
    let records = try_lists(&[("a.csv", old.as_bytes()), ("b.csv", new.as_bytes())], &Options::default()).unwrap();
    assert_eq!(people(&records), [("alice".to_owned(), "alice@example.com".to_owned(), false)]);
    let twice = "SamAccountName,Enabled,MemberOf\nalice,True,A\nalice,True,B\n";
    assert_eq!(people(&list("users.csv", twice.as_bytes())).len(), 1);
}

/// Who saves an export in ASCII as UTF-8 does not bring back what was lost.
#[test]
fn a_question_mark_in_the_name_of_an_account_is_a_lost_character_in_any_encoding() {
    let csv = "\u{feff}ObjectGUID,SamAccountName,UserPrincipalName,Enabled,DisplayName\n\
        7115b235-ad19-43bf-a211-5ca38ae242e0,??,??@example.com,True,?? ?\n\
        7115b235-ad19-43bf-a211-5ca38ae242e1,??,??@example.com,False,Müller\n\
        7115b235-ad19-43bf-a211-5ca38ae242e2,max,max@example.com,True,Max\n";
    let records = list("users.csv", csv.as_bytes());
    assert!(records.files[0].lossy);
    let people = people(&records);
    assert_eq!((people.len(), people.iter().filter(|(sam, ..)| sam.is_empty()).count()), (3, 2));
    let asks = csv.replace("??", "who").replace("Müller", "Who?");
    assert!(!list("users.csv", asks.as_bytes()).files[0].lossy, "what people are called may hold one");
}

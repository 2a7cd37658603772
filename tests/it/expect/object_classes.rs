//! What rows are about: a person, a group, or what is never a user of AWS. A word that is not known takes nobody away.

use std::collections::BTreeSet;

use rollcall::expect::Options;

use crate::support::lists::{folded, list, refusal, try_lists};

/// The user names of all people.
fn people(records: &rollcall::expect::Records) -> BTreeSet<String> {
    folded(records).people.seen().filter_map(|person| person.user_name.clone()).collect()
}

#[test]
fn of_all_classes_in_one_cell_the_telling_one_is_found() {
    let cells = [
        ("top;person;organizationalPerson;user", Some(1)),
        ("user person top", Some(1)),
        ("top|person|organizationalPerson|user|inetOrgPerson", Some(1)),
        ("top, person, organizationalPerson, user, computer", Some(0)),
        ("top;contact", Some(0)),
        ("top;person;organizationalPerson", None),
    ];
    for (classes, people) in cells {
        let text = format!("SamAccountName,Enabled,ObjectClass\nzoe,True,user\nalice,True,\"{classes}\"\n");
        match people {
            Some(more) => {
                let seen = folded(&list("users.csv", text.as_bytes())).people.seen().count();
                assert_eq!(seen, 1 + more, "{classes}");
            }
            None => assert!(refusal("users.csv", text.as_bytes()).contains("may or may not be a person"), "{classes}"),
        }
    }
}

#[test]
fn an_entry_of_an_unknown_class_that_may_be_an_account_is_refused_and_no_other_one() {
    let entry = |attributes: &str| {
        format!(
            "dn: CN=x,DC=corp,DC=example,DC=com\nobjectClass: top\nobjectClass: agent\n{attributes}\n\n\
                 dn: CN=Alice,DC=corp,DC=example,DC=com\nobjectClass: user\nsAMAccountName: alice\n"
        )
    };
    for attributes in [
        "sAMAccountName: x",
        "userPrincipalName: x@example.com",
        "mail: x@example.com",
        "objectSid: S-1-5-21-1-2-3-1104",
        "userAccountControl: 512",
    ] {
        let refused = refusal("users.ldif", entry(attributes).as_bytes());
        assert!(refused.contains("line 3: `agent` in `objectClass` is not a known class"), "{attributes}: {refused}");
    }
    let file = &list("users.ldif", entry("description: a policy").as_bytes()).files[0];
    assert_eq!((file.rows_used, file.rows_other), (1, 1));
}

#[test]
fn what_has_no_account_is_no_person_whatever_its_class() {
    let text = "DN,objectClass,objectGUID,objectSid,sAMAccountName\n\
        \"DC=corp,DC=example,DC=com\",domainDNS,X'35b2157119adbf43a2115ca38ae242e1',X'010400000000000515000000f0b951571b1749bcec77a860',\n\
        \"OU=Staff,DC=corp,DC=example,DC=com\",organizationalUnit,X'35b2157119adbf43a2115ca38ae242e2',,\n\
        \"CN=x,DC=corp,DC=example,DC=com\",msDFSR-Topology,X'35b2157119adbf43a2115ca38ae242e3',,\n\
        \"CN=Alice,DC=corp,DC=example,DC=com\",user,X'35b2157119adbf43a2115ca38ae242e0',,alice\n";
    let records = list("directory.csv", text.as_bytes());
    let file = &records.files[0];
    assert_eq!((file.rows_read, file.rows_used, file.rows_other), (4, 1, 3));
}

#[test]
fn a_member_of_entra_id_without_a_type_is_a_person_if_it_has_a_user_principal_name() {
    for columns in ["objectType", "isUser"] {
        let text = format!(
            "id,userPrincipalName,displayName,{columns},isGroup\n\
             1b4e28ba-2fa1-11d2-883f-0016d3cca427,alice@corp.example.com,Alice,,\n"
        );
        let records = list("AWS-Admins_members.csv", text.as_bytes());
        assert_eq!(people(&records), BTreeSet::from(["alice@corp.example.com".to_owned()]), "{columns}");
    }
}

#[test]
fn the_user_of_an_agent_is_a_user() {
    let text = r##"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#directoryObjects","value":[
        {"@odata.type":"#microsoft.graph.agentUser","id":"1b4e28ba-2fa1-11d2-883f-0016d3cca427","userPrincipalName":"bot@corp.example.com"}]}"##;
    let records = list("AWS-Admins.json", text.as_bytes());
    assert_eq!(people(&records), BTreeSet::from(["bot@corp.example.com".to_owned()]));
}

#[test]
fn a_row_that_takes_a_person_for_something_else_makes_nobody_vanish() {
    let users = "userPrincipalName,displayName,id,accountEnabled\n\
        alice@corp.example.com,Alice,1b4e28ba-2fa1-11d2-883f-0016d3cca427,True\n";
    let of_group = "id,userPrincipalName,displayName,objectType\n\
        1b4e28ba-2fa1-11d2-883f-0016d3cca427,alice@corp.example.com,Alice,device\n";
    let lists = [("AWS-Admins_members.csv", of_group.as_bytes()), ("users.csv", users.as_bytes())];
    let records = try_lists(&lists, &Options::default()).unwrap();
    assert_eq!(people(&records), BTreeSet::from(["alice@corp.example.com".to_owned()]));
    assert_eq!(folded(&records).groups.seen().filter(|group| group.members.seen().count() == 1).count(), 1);
}

/// The columns of `Get-ADUser -Properties userAccountControl`.
#[test]
fn a_user_account_that_ends_in_a_dollar_stays_and_a_trust_does_not() {
    let header = "DistinguishedName,Enabled,Name,ObjectClass,SamAccountName,userAccountControl,UserPrincipalName\n";
    let rows = "\"CN=Ops,DC=c,DC=x\",True,Ops,user,ops$,512,ops@c.x\n\
        \"CN=PARTNER$,DC=c,DC=x\",True,PARTNER$,user,PARTNER$,2080,partner@c.x\n\
        \"CN=Ann,DC=c,DC=x\",True,Ann,user,ann,512,ann@c.x\n";
    let records = list("users.csv", (header.to_owned() + rows).as_bytes());
    assert_eq!(people(&records), BTreeSet::from(["ann@c.x".to_owned(), "ops@c.x".to_owned()]));
    assert_eq!(records.files[0].notes, Vec::<String>::new());
}

#[test]
fn where_nothing_says_what_an_account_with_a_dollar_is_it_stays_with_a_note() {
    let noted = |text: &str| {
        let records = list("users.csv", text.as_bytes());
        let note =
            records.files[0].notes.iter().find(|note| note.contains("end in `$`") || note.contains("ends in `$`"));
        (folded(&records).people.seen().count(), note.cloned())
    };
    let (people, note) =
        noted("SamAccountName,Enabled,ObjectClass\nops$,True,user\nann,True,user\nPC1$,True,computer\n");
    assert!(
        people == 2 && note.as_ref().is_some_and(|note| note.starts_with("`ops$` in line 2 ends in `$`")),
        "{note:?}"
    );
    let (people, note) = noted("SamAccountName,UserPrincipalName\nops$,ops@c.x\nann,ann@c.x\nfoo$,foo@c.x\n");
    assert!(people == 3 && note.as_ref().is_some_and(|note| note.contains("and 1 more end in `$`")), "{note:?}");
    for (mark, there) in [("805306368", 1), ("805306369", 0), ("805306370", 0)] {
        let text = format!("SamAccountName,Enabled,sAMAccountType\nx$,True,{mark}\nann,True,805306368\n");
        assert_eq!(noted(&text), (there + 1, None), "{mark}");
    }
    let (people, _) = noted("SamAccountName,Enabled,primaryGroupID\nPC1$,True,515\nann,True,513\n");
    assert_eq!(people, 1, "only computers are in the group of all computers");
}

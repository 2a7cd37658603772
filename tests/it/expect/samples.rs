//! Real exports of a real domain against what is known of that domain: `tests/data/ad/answers.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use rollcall::expect::{self, ExpectError, InputFile, Options};
use rollcall::model::{Employment, Expectation, Extent, Nesting, effective_members};
use serde_json::Value;

use crate::support::{read, root};

fn answers() -> Value {
    serde_json::from_str(&read("tests/data/ad/answers.json")).unwrap()
}

fn expectation(names: &[&str], options: &Options) -> Result<Expectation, ExpectError> {
    let bytes: Vec<Vec<u8>> =
        names.iter().map(|name| fs::read(root().join("tests/data/ad").join(name)).unwrap()).collect();
    let files: Vec<InputFile<'_>> =
        names.iter().zip(&bytes).map(|(name, bytes)| InputFile { name, bytes, modified: None }).collect();
    let as_of = answers()["reference_time"].as_str().unwrap().parse().unwrap();
    Ok(expect::fold(&expect::read(&files, options)?, as_of, None))
}

fn read_ad(names: &[&str]) -> Expectation {
    expectation(names, &Options::default()).unwrap_or_else(|error| {
        panic!("{names:?}: {error}: {}", std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default())
    })
}

/// What a person of an export is: sAMAccountName → GUID, user name, whether still there.
type People = BTreeMap<String, (Option<String>, Option<String>, bool)>;

fn people(expectation: &Expectation) -> People {
    let people = expectation.people.seen().map(|person| {
        let over = person.employment == Employment::Left;
        let guid = person.guid.map(|guid| guid.to_string());
        (person.sam.clone().unwrap(), (guid, person.user_name.clone(), !over))
    });
    people.collect()
}

/// The same from the answers, for the accounts that the export holds.
fn true_people(held: &People) -> People {
    let answers = answers();
    let users = answers["users"].as_object().unwrap().values();
    let text = |user: &Value, field: &str| user[field].as_str().map(str::to_owned);
    users
        .filter(|user| held.contains_key(user["sam"].as_str().unwrap()))
        .map(|user| {
            let known = (text(user, "guid"), text(user, "upn"), user["enabled"].as_bool().unwrap());
            (text(user, "sam").unwrap(), known)
        })
        .collect()
}

#[test]
fn every_user_export_has_the_same_82_people_whatever_its_encoding_and_form() {
    let exports = [
        "csv-powershell/ps51_get-aduser_nti_utf8bom.csv",
        "csv-powershell/ps7_get-aduser_default_utf8.csv",
        "csv-powershell/ps51_get-aduser_unicode_utf16le.csv",
        "users-selected.ldapsearch.ldif",
        "users-selected-nowrap.ldapsearch.ldif",
        "users-all-attrs.ldapsearch.ldif",
    ];
    for export in exports {
        let found = people(&read_ad(&[export]));
        assert_eq!(found.len(), 82, "{export}");
        assert_eq!(found, true_people(&found), "{export}");
    }
}

#[test]
fn an_export_that_lost_characters_is_joined_by_guid_and_says_so() {
    let lossy = read_ad(&["csv-powershell/ps51_get-aduser_default_ascii.csv"]);
    let guids =
        |expectation: &Expectation| expectation.people.seen().filter_map(|person| person.guid).collect::<BTreeSet<_>>();
    assert_eq!(guids(&lossy), guids(&read_ad(&["csv-powershell/ps51_get-aduser_nti_utf8bom.csv"])));
    assert!(
        lossy.files[0].notes.iter().any(|note| note.contains("the export replaced characters with `?`")),
        "{:?}",
        lossy.files[0].notes
    );
}

#[test]
fn an_old_code_page_is_read_if_it_is_named_and_never_guessed() {
    let export = "csv-powershell/ps51_get-aduser_default-ansi1252.csv";
    let refused = expectation(&[export], &Options::default()).expect_err("the code page is not named");
    assert!(std::error::Error::source(&refused).unwrap().to_string().contains("these bytes are not UTF-8"));
    let named =
        expectation(&[export], &Options { encoding: Some("windows-1252".to_owned()), ..Options::default() }).unwrap();
    assert!(named.people.seen().any(|person| person.name.contains("Jörg")), "umlauts are read");
    assert_eq!(named.people.seen().count(), 82, "whoever lost their name is still somebody");
}

/// The effective members that the domain itself computed (LDAP_MATCHING_RULE_IN_CHAIN), by the group's sAMAccountName.
fn true_members() -> BTreeMap<String, BTreeSet<String>> {
    let answers = answers();
    let groups = answers["groups"].as_object().unwrap().values();
    let list = |value: &Value| value.as_array().unwrap().iter().map(|sam| sam.as_str().unwrap().to_owned()).collect();
    // Of the largest groups the answers hold counts only.
    groups
        .filter(|group| group["effective_users_in_chain"].is_array())
        .map(|group| (group["sam"].as_str().unwrap().to_owned(), list(&group["effective_users_in_chain"])))
        .collect()
}

#[test]
fn effective_members_by_member_of_are_what_the_domain_says() {
    for culture in ["join-semicolon_en-US", "useculture_de-DE", "useculture_en-GB", "useculture_ja-JP"] {
        let export = match culture {
            "join-semicolon_en-US" => "csv-powershell/ps51_select_memberof-join-semicolon_en-US_utf8bom.csv".to_owned(),
            culture => format!("csv-powershell/ps51_select_{culture}_utf8bom.csv"),
        };
        let expectation = read_ad(&[&export]);
        let direct: BTreeSet<String> = expectation
            .groups
            .seen()
            .find(|group| {
                group.name == "AWS-Billing-EMEA" || group.names.iter().any(|name| name.starts_with("AWS Billing"))
            })
            .unwrap_or_else(|| panic!("{export}: the group with every special character is there"))
            .members
            .seen()
            .map(|member| expectation.people[member.person].sam.clone().unwrap())
            .collect();
        assert_eq!(direct, true_members()["AWS-Billing-EMEA"], "{export}");
    }
}

#[test]
fn a_type_in_place_of_the_groups_is_no_statement_about_groups() {
    let expectation = read_ad(&["csv-powershell/ps51_get-aduser_properties_memberof-placeholder_utf8bom.csv"]);
    assert_eq!(expectation.people.seen().count(), 82);
    assert!(matches!(expectation.groups.extent(), Extent::Part(_)));
}

#[test]
fn members_that_names_cut_at_a_comma_hide_are_a_gap() {
    let expectation = read_ad(&["csv-powershell/ps51_select_memberof-cn-regex_join-semicolon_utf8bom.csv"]);
    assert!(matches!(expectation.groups.extent(), Extent::Part(_)));
}

#[test]
fn members_of_one_group_are_those_of_the_group_that_the_file_is_named_after() {
    let users = "csv-powershell/ps51_get-aduser_nti_utf8bom.csv";
    let billing = read_ad(&[users, "csv-powershell/ps51_get-adgroupmember_AWS-Billing-EMEA.csv"]);
    let (position, _) = billing.groups.positions().find(|(_, group)| group.name == "AWS-Billing-EMEA").unwrap();
    let members = effective_members(&billing.groups, position, Nesting::Flatten);
    let people = members.seen().map(|reach| billing.people[reach.person].sam.clone().unwrap());
    assert_eq!(people.collect::<BTreeSet<_>>(), true_members()["AWS-Billing-EMEA"]);
}

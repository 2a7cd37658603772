//! Real exports of one domain are read as the truth about that domain says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use rollcall::expect::{self, InputFile, Options};
use rollcall::model::{Employment, Expectation, Extent, Nesting, effective_members};
use serde_json::Value;

fn truth() -> Value {
    serde_json::from_slice(&fs::read("tests/data/ad/answers.json").unwrap()).unwrap()
}

/// What is expected by these samples, at the instant that the truth speaks of.
fn read(names: &[&str], encoding: Option<&str>) -> Expectation {
    let bytes: Vec<Vec<u8>> = names.iter().map(|name| fs::read(format!("tests/data/ad/{name}")).unwrap()).collect();
    let files: Vec<InputFile<'_>> =
        names.iter().zip(&bytes).map(|(name, bytes)| InputFile { name, bytes, modified: None }).collect();
    let options = Options { encoding: encoding.map(str::to_owned) };
    expect::fold(&expect::read(&files, &options).unwrap(), "2026-11-20T12:00:00Z".parse().unwrap())
}

/// `sAMAccountName` of each person, with sign-in name and whether the account is disabled.
fn people(expectation: &Expectation) -> BTreeMap<String, (Option<String>, bool)> {
    let people = expectation.people.seen();
    people.map(|who| (who.sam.clone().unwrap(), (who.user_name.clone(), who.employment == Employment::Left))).collect()
}

fn true_people(truth: &Value) -> BTreeMap<String, (Option<String>, bool)> {
    let users = truth["users"].as_object().unwrap().values().filter(|user| user["kind"] == "user");
    let upn = |user: &Value| user["upn"].as_str().map(str::to_owned);
    users.map(|user| (text(&user["sam"]), (upn(user), user["enabled"] == false))).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// People with a GUID that the truth gives to somebody else, or that have none.
fn wrong_guids(expectation: &Expectation, truth: &Value) -> Vec<String> {
    let users = truth["users"].as_object().unwrap().values();
    let guids: BTreeMap<String, String> = users.map(|user| (text(&user["sam"]), text(&user["guid"]))).collect();
    let wrong = expectation.people.seen().filter(|who| who.guid != guids[who.sam.as_ref().unwrap()].parse().ok());
    wrong.map(|who| who.name.clone()).collect()
}

#[test]
fn every_powershell_export_has_every_user_as_they_are() {
    let truth = truth();
    for (name, encoding) in [
        ("ps51_get-aduser_nti_utf8bom", None),
        ("ps51_get-aduser_unicode_utf16le", None),
        ("ps7_get-aduser_default_utf8", None),
        ("ps51_get-aduser_properties_memberof-placeholder_utf8bom", None),
    ] {
        let expectation = read(&[&format!("csv-powershell/{name}.csv")], encoding);
        assert_eq!(people(&expectation), true_people(&truth), "{name}");
        assert_eq!(wrong_guids(&expectation, &truth), [""; 0], "{name}");
    }
}

#[test]
fn every_ldif_export_has_every_user_as_they_are() {
    let truth = truth();
    for name in ["users-selected", "users-selected-nowrap", "users-all-attrs"] {
        let expectation = read(&[&format!("{name}.ldapsearch.ldif")], None);
        let mut expected = true_people(&truth);
        for who in expectation.people.seen().filter(|who| who.employment == Employment::Expired) {
            let users = truth["users"].as_object().unwrap();
            let user = users.values().find(|user| user["sam"].as_str() == who.sam.as_deref()).unwrap();
            assert_eq!(user["expired_at_2026-11-20T12Z"], true, "{}", who.name);
        }
        assert_eq!(people(&expectation), std::mem::take(&mut expected), "{name}");
        assert_eq!(wrong_guids(&expectation, &truth), [""; 0], "{name}");
    }
}

#[test]
fn whoever_is_a_member_of_a_whole_group_is_so_in_truth() {
    let truth = truth();
    let expectation = read(&["users-all-attrs.ldapsearch.ldif", "groups-all-attrs.ldapsearch.ldif"], None);
    let people: BTreeSet<String> = true_people(&truth).into_keys().collect();
    for (place, group) in expectation.groups.positions() {
        let true_groups = truth["groups"].as_object().unwrap();
        let known = true_groups.values().find(|known| known["sam"].as_str() == Some(&group.name)).unwrap();
        // Of the largest groups the truth says only how many are in them.
        if !known["direct_users"].is_array() || !known["effective_users_in_chain"].is_array() {
            continue;
        }
        let listed = |key: &str| -> BTreeSet<String> {
            known[key].as_array().unwrap().iter().map(text).filter(|sam| people.contains(sam)).collect()
        };
        let sam = |person| expectation.people[person].sam.clone().unwrap();
        let direct: BTreeSet<String> = group.members.seen().map(|member| sam(member.person)).collect();
        assert_eq!(direct, listed("direct_users"), "members of {}", group.name);
        let reached = effective_members(&expectation.groups, place, Nesting::Flatten);
        let effective: BTreeSet<String> = reached.seen().map(|reach| sam(reach.person)).collect();
        assert_eq!(effective, listed("effective_users_in_chain"), "all in {}", group.name);
    }
}

#[test]
fn a_group_that_active_directory_cut_is_not_whole() {
    let expectation = read(&["group-bulk-all-truncated.ldapsearch.ldif"], None);
    let group = expectation.groups.seen().next().unwrap();
    assert!(matches!(group.members.extent(), Extent::Part(_)), "{:?}", group.members.extent());
}

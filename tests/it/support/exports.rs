//! Exports of a directory, read: from `tests/data/ad/`, or written in a test.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;

use rollcall::expect::{self, Damage, ExpectError, InputFile, Options, Records};
use rollcall::model::{Expectation, Extent, Ix, Nesting, Person, effective_members};
use serde_json::Value;

use super::{read, root};

/// The instant at which the sample domain was exported.
pub fn as_of() -> chrono::DateTime<chrono::Utc> {
    answers()["reference_time"].as_str().unwrap().parse().unwrap()
}

/// What is known of the sample domain.
pub fn answers() -> Value {
    serde_json::from_str(&read("tests/data/ad/answers.json")).unwrap()
}

/// Records of lists, each a name and its bytes.
pub fn records_of(files: &[(&str, &[u8])]) -> Result<Records, ExpectError> {
    let files: Vec<InputFile<'_>> =
        files.iter().map(|&(name, bytes)| InputFile { name, bytes, modified: None }).collect();
    expect::read(&files, &Options::default())
}

/// Records of exports of the sample domain.
pub fn sample_records(names: &[&str]) -> Records {
    let files: Vec<Vec<u8>> = names.iter().map(|name| sample(name)).collect();
    let files: Vec<(&str, &[u8])> = names.iter().copied().zip(files.iter().map(Vec::as_slice)).collect();
    records_of(&files).unwrap_or_else(|error| panic!("{names:?}: {}", told(&error)))
}

/// What exports of the sample domain say.
pub fn sample_lists(names: &[&str]) -> Expectation {
    expect::fold(&sample_records(names), as_of(), None)
}

/// The bytes of an export of the sample domain.
pub fn sample(name: &str) -> Vec<u8> {
    fs::read(root().join("tests/data/ad").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Where the people and groups of a test are.
pub const DOMAIN: &str = "DC=corp,DC=example,DC=com";

/// The entry of a person, with further lines.
pub fn ldif_person(name: &str, more: &str) -> String {
    format!("dn: CN={name},OU=Staff,{DOMAIN}\nobjectClass: user\nsAMAccountName: {name}\n{more}\n\n")
}

/// The entry of a group; a member elsewhere is written `name@parent`.
pub fn ldif_group(name: &str, members: &[&str]) -> String {
    let of = |member: &&str| match member.split_once('@') {
        Some((name, parent)) => format!("member: CN={name},{parent}\n"),
        None => format!("member: CN={member},OU=Staff,{DOMAIN}\n"),
    };
    let members: String = members.iter().map(of).collect();
    format!("dn: CN={name},OU=Staff,{DOMAIN}\nobjectClass: group\nsAMAccountName: {name}\n{members}\n")
}

/// Records of one file of LDIF.
pub fn ldif_records(text: &str) -> Records {
    records_of(&[("directory.ldif", text.as_bytes())]).unwrap_or_else(|error| panic!("{}\n{text}", told(&error)))
}

/// What one file of LDIF says.
pub fn ldif(text: &str) -> Expectation {
    expect::fold(&ldif_records(text), as_of(), None)
}

/// Why a file of LDIF is refused.
pub fn refused(text: &str) -> String {
    match records_of(&[("directory.ldif", text.as_bytes())]) {
        Err(error) => cause(&error).to_string(),
        Ok(records) => panic!("it is read: {records:?}"),
    }
}

fn cause(error: &ExpectError) -> &Damage {
    error.source().and_then(|source| source.downcast_ref()).expect("a file is damaged")
}

fn told(error: &ExpectError) -> String {
    format!("{error}: {}", error.source().map(ToString::to_string).unwrap_or_default())
}

/// The name that tests call a person by.
pub fn called(person: &Person) -> String {
    person.sam.clone().unwrap_or_else(|| person.name.clone())
}

/// Everyone whom the lists name.
pub fn people(lists: &Expectation) -> BTreeSet<String> {
    lists.people.seen().map(called).collect()
}

/// The effective members of a group, as far as the lists have them, and how far that is.
pub fn members(lists: &Expectation, group: &str) -> (BTreeSet<String>, Extent) {
    let (position, _) = lists
        .groups
        .positions()
        .find(|(_, found)| found.names.iter().any(|name| name == group))
        .unwrap_or_else(|| panic!("there is no group `{group}`"));
    let members = effective_members(&lists.groups, position, Nesting::Flatten);
    let names = members.seen().map(|reach| called(&lists.people[reach.person])).collect();
    (names, members.extent().clone())
}

/// The effective members of a group that is known to its end.
pub fn all_members(lists: &Expectation, group: &str) -> BTreeSet<String> {
    match members(lists, group) {
        (members, Extent::Whole(_)) => members,
        (members, Extent::Part(gap)) => panic!("`{group}` has a gap: {gap:?}; seen are {members:?}"),
    }
}

/// Why not all members of a group are known.
pub fn gap_of(lists: &Expectation, group: &str) -> String {
    match members(lists, group) {
        (_, Extent::Part(gap)) => format!("{}: {:?}", gap.why.word(), gap.why),
        (members, Extent::Whole(_)) => panic!("`{group}` is whole: {members:?}"),
    }
}

/// The effective members of every group, by its name, as far as the lists have them.
pub fn members_of_all(lists: &Expectation) -> BTreeMap<String, BTreeSet<String>> {
    let of = |group: Ix<_>| {
        let members = effective_members(&lists.groups, group, Nesting::Flatten);
        members.seen().map(|reach| called(&lists.people[reach.person])).collect()
    };
    lists.groups.positions().map(|(position, group)| (group.name.clone(), of(position))).collect()
}

/// Some names, in order.
pub fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

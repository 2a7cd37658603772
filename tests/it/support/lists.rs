//! Lists read as they would be from a folder, and what is known of them.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;

use rollcall::expect::{self, ExpectError, InputFile, Options, Records};
use rollcall::model::{Employment, Expectation, Extent, Ix, Nesting, effective_members};
use serde_json::Value;

use super::{read, root};

/// A list of the domain that `tests/data/ad` holds exports of.
pub fn sample(path: &str) -> Vec<u8> {
    fs::read(root().join("tests/data/ad").join(path)).unwrap_or_else(|error| panic!("cannot read `{path}`: {error}"))
}

/// Reads lists, each with its name.
pub fn try_lists(lists: &[(&str, &[u8])], options: &Options) -> Result<Records, ExpectError> {
    let files: Vec<InputFile<'_>> =
        lists.iter().map(|&(name, bytes)| InputFile { name, bytes, modified: None }).collect();
    expect::read(&files, options)
}

/// Reads one list that can be read.
pub fn list(name: &str, bytes: &[u8]) -> Records {
    list_with(name, bytes, &Options::default())
}

/// The same, with settings.
pub fn list_with(name: &str, bytes: &[u8], options: &Options) -> Records {
    try_lists(&[(name, bytes)], options).unwrap_or_else(|error| panic!("{name}: {}", told(&error)))
}

/// Why one list cannot be read.
pub fn refusal(name: &str, bytes: &[u8]) -> String {
    refusal_with(name, bytes, &Options::default())
}

/// The same, with settings.
pub fn refusal_with(name: &str, bytes: &[u8], options: &Options) -> String {
    told(&try_lists(&[(name, bytes)], options).expect_err(name))
}

/// A refusal as the command line tells it, in one line.
pub fn told(error: &ExpectError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    format!("{text}; help: {}", error.help().unwrap_or_default())
}

/// Settings that name an encoding.
pub fn encoded(encoding: &str) -> Options {
    Options { encoding: Some(encoding.to_owned()), ..Options::default() }
}

/// Settings that name a culture.
pub fn culture(culture: &str) -> Options {
    Options { culture: Some(culture.to_owned()), ..Options::default() }
}

/// What records say of objects, without saying where.
pub fn objects(records: &Records) -> Vec<Value> {
    let without_place = |entry| {
        let mut object = serde_json::to_value(entry).unwrap();
        object.as_object_mut().unwrap().remove("at");
        object
    };
    records.entries.iter().map(without_place).collect()
}

/// Records folded at the instant of which the answers speak.
pub fn folded(records: &Records) -> Expectation {
    expect::fold(records, answers()["reference_time"].as_str().unwrap().parse().unwrap(), None)
}

/// What is known of the domain.
pub fn answers() -> Value {
    serde_json::from_str(&read("tests/data/ad/answers.json")).unwrap()
}

/// The user of the answers with this `sAMAccountName`.
pub fn true_user<'a>(answers: &'a Value, sam: &str) -> &'a Value {
    let mut users = answers["users"].as_object().unwrap().values();
    users.find(|user| user["sam"] == sam).unwrap_or_else(|| panic!("the domain has no `{sam}`"))
}

/// Who has left or expired, by `sAMAccountName`.
pub fn gone(expectation: &Expectation) -> BTreeSet<String> {
    let over = |employment| matches!(employment, Employment::Left | Employment::Expired);
    let gone = expectation.people.seen().filter(|person| over(person.employment));
    gone.map(|person| person.sam.clone().unwrap()).collect()
}

/// Who has expired, by `sAMAccountName`.
pub fn expired(expectation: &Expectation) -> BTreeSet<String> {
    let expired = expectation.people.seen().filter(|person| person.employment == Employment::Expired);
    expired.map(|person| person.sam.clone().unwrap()).collect()
}

/// The effective members of every group that is known to its end, by `sAMAccountName` of both.
pub fn members(expectation: &Expectation) -> BTreeMap<String, BTreeSet<String>> {
    let of = |group| {
        let members = effective_members(&expectation.groups, group, Nesting::Flatten);
        let sam = |person: Ix<_>| expectation.people[person].sam.clone().unwrap();
        let whole = matches!(members.extent(), Extent::Whole(_));
        whole.then(|| members.seen().map(|reach| sam(reach.person)).collect())
    };
    let groups = expectation.groups.positions();
    groups.filter_map(|(position, group)| Some((group.name.clone(), of(position)?))).collect()
}

/// The effective members that the domain itself computed, by the group's `sAMAccountName`.
pub fn true_members() -> BTreeMap<String, BTreeSet<String>> {
    let answers = answers();
    let groups = answers["groups"].as_object().unwrap().values();
    let list = |value: &Value| value.as_array().unwrap().iter().map(|sam| sam.as_str().unwrap().to_owned()).collect();
    // Of the largest groups the answers hold counts only.
    groups
        .filter(|group| group["effective_users_in_chain"].is_array())
        .map(|group| (group["sam"].as_str().unwrap().to_owned(), list(&group["effective_users_in_chain"])))
        .collect()
}

//! Who is meant by a name. A name that several are called by means none of them.

use std::collections::BTreeSet;

use crate::model::{Extent, Ix, NameKey, Person, Report, User};
use crate::wording::gap_line;

/// Names that are near enough to be told.
const NEAR: usize = 5;

/// A user, a person, or both where they were matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Somebody {
    pub(super) user: Option<Ix<User>>,
    pub(super) person: Option<Ix<Person>>,
}

/// Who is called so. Names are tried from those that one person has to those that several may share, so that a display
/// name never stands in the way of a user name.
pub(super) fn called(report: &Report<'_>, name: &str) -> Vec<Somebody> {
    let everybody: BTreeSet<Somebody> = everybody(report).collect();
    let wanted = NameKey::of(name.trim());
    let is_called = |names: fn(&Report<'_>, Somebody) -> Vec<String>| {
        let same = |who: &Somebody| names(report, *who).iter().any(|name| NameKey::of(name) == wanted);
        everybody.iter().copied().filter(same).collect::<Vec<_>>()
    };
    let by_sign_in = is_called(sign_in_names);
    if by_sign_in.is_empty() { is_called(other_names) } else { by_sign_in }
}

/// What of the users and the people could not be read.
pub(super) fn unseen(report: &Report<'_>) -> Vec<String> {
    let world = report.world;
    let extents = [world.snapshot.users.extent(), world.expectation.people.extent()];
    let gap = |extent: &Extent| if let Extent::Part(gap) = extent { Some(gap_line(gap)) } else { None };
    extents.into_iter().filter_map(gap).collect()
}

/// Every user and every person, once.
fn everybody<'r>(report: &'r Report<'_>) -> impl Iterator<Item = Somebody> + 'r {
    let world = report.world;
    let users = world.snapshot.users.positions().map(|(user, _)| {
        let matched = report.matching.people.get(user.number()).and_then(Option::as_ref);
        Somebody { user: Some(user), person: matched.map(|matched| matched.with) }
    });
    let people = world.expectation.people.positions().map(|(person, _)| {
        let user = report.matching.users.get(person.number()).copied().flatten();
        Somebody { user, person: Some(person) }
    });
    users.chain(people)
}

/// Names that are meant for one person alone.
fn sign_in_names(report: &Report<'_>, who: Somebody) -> Vec<String> {
    let world = report.world;
    let mut names = Vec::new();
    if let Some(user) = who.user.map(|user| &world.snapshot.users[user]) {
        names.extend([user.user_name.clone(), user.id.to_string()]);
        names.extend(user.mails.iter().cloned());
    }
    if let Some(person) = who.person.map(|person| &world.expectation.people[person]) {
        names.extend(person.user_names().chain(&person.sam).chain(&person.mails).cloned());
        let at_domain = person.sam.as_ref().zip(person.domain.as_ref());
        if let Some((sam, domain)) = at_domain {
            // The NetBIOS name of a domain is mostly the first label of its DNS name.
            let label = domain.split('.').next().unwrap_or(domain);
            names.extend([format!("{sam}@{domain}"), format!("{label}\\{sam}")]);
        }
    }
    names
}

/// Names that several people may share.
fn other_names(report: &Report<'_>, who: Somebody) -> Vec<String> {
    let world = report.world;
    let of_user = who.user.and_then(|user| world.snapshot.users[user].display_name.clone());
    let of_person = who.person.map(|person| world.expectation.people[person].name.clone());
    of_user.into_iter().chain(of_person).collect()
}

/// Every sign-in name, as a key.
pub(super) fn names_of(report: &Report<'_>, who: Somebody) -> Vec<NameKey> {
    sign_in_names(report, who).iter().map(|name| NameKey::of(name)).collect()
}

/// What tells somebody from others of the same name.
pub(super) fn label(report: &Report<'_>, who: Somebody) -> String {
    let world = report.world;
    let user = who.user.map(|user| world.snapshot.users[user].user_name.clone());
    let person = who.person.map(|person| {
        let person = &world.expectation.people[person];
        let at_domain = person.sam.as_ref().map(|sam| match &person.domain {
            Some(domain) => format!("{sam}@{domain}"),
            None => sam.clone(),
        });
        person.user_name.clone().or(at_domain).unwrap_or_else(|| person.name.clone())
    });
    user.or(person).unwrap_or_default()
}

/// Labels of those whose names are nearest: those that hold what was asked for, then those that differ in little.
pub(super) fn near(report: &Report<'_>, wanted: &str) -> Vec<String> {
    let wanted = NameKey::of(wanted.trim());
    let wanted = wanted.as_str();
    let distance = |name: &String| {
        let name = NameKey::of(name);
        let name = name.as_str();
        let start = name.split('@').next().unwrap_or(name);
        if !wanted.is_empty() && name.contains(wanted) {
            return Some(0);
        }
        let distance = strsim::damerau_levenshtein(name, wanted).min(strsim::damerau_levenshtein(start, wanted));
        (distance <= 1 + wanted.chars().count() / 4).then_some(distance)
    };
    let mut near: Vec<(usize, String)> = everybody(report)
        .filter_map(|who| {
            let names = [sign_in_names(report, who), other_names(report, who)].concat();
            Some((names.iter().filter_map(distance).min()?, label(report, who)))
        })
        .collect();
    near.sort();
    near.dedup();
    near.into_iter().take(NEAR).map(|(_, label)| label).collect()
}

//! People, and whether each is still there by all lists together: whoever has left by one of them has left.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::addresses::numbers;
use super::extent_of_lists::gap;
use super::leavers;
use super::nodes::Node;
use super::object_graph::Graph;
use super::statements::Said;
use crate::expect::records::directory_records::{Entry, EntryKind, Records, Reference, Tells, Unclear};
use crate::model::{
    Employment, Expires, Extent, Gap, Ix, Listing, NameKey, Person, StatedEmployment, What, Why, quoted,
};

/// People in report order, and what else is known of them.
pub(super) struct People {
    pub(super) people: Listing<Person>,
    /// Where each object went.
    pub(super) places: BTreeMap<Node, Ix<Person>>,
    /// Objects that are people who have left.
    pub(super) gone: BTreeSet<Node>,
    /// Whether a list of people names anybody who has not left. Lists of leavers say of nobody that they are expected.
    pub(super) anybody_there: bool,
}

/// People by all lists together. `roster` is how far they are known, given whether anybody of them is still there.
pub(super) fn people(
    records: &Records,
    graph: &Graph,
    as_of: DateTime<Utc>,
    roster: impl FnOnce(bool) -> Extent,
) -> People {
    let mut said = Said::default();
    for entry in &records.entries {
        let node = graph.resolve(entry.at.file, &Reference::Row(entry.at.line));
        let Some(node) = node.filter(|node| graph.objects[*node].kind == EntryKind::Person) else { continue };
        let employment = statement(entry, as_of);
        said.rows.push((entry, node, employment));
        if let Some(employment) = employment {
            let stated = StatedEmployment { row: entry.at.into(), employment, ended: ended(entry, employment) };
            said.statements.entry(node).or_default().push(stated);
        }
    }
    leavers::spread(records, graph, &mut said);
    let unclear = unclear(records, &said);
    let mut persons: Vec<(Node, Person)> = Vec::new();
    for (node, object) in graph.objects.iter().enumerate().filter(|(_, object)| object.kind == EntryKind::Person) {
        let mut statements = said.statements.remove(&node).unwrap_or_default();
        statements.sort_unstable();
        let by_rows = together(&statements);
        let doubt = match by_rows {
            Employment::Left | Employment::Expired => None,
            Employment::Current | Employment::Unstated => said.doubts.remove(&node),
            Employment::Unknown => said.doubts.remove(&node).or_else(|| unclear.get(&node).cloned()),
        };
        let employment = if doubt.is_some() { Employment::Unknown } else { by_rows };
        persons.push((node, person(object, employment, statements, doubt)));
    }
    persons.sort_by_cached_key(|(_, person)| (NameKey::of(&person.name), person.row));
    let gone: BTreeSet<Node> =
        persons.iter().filter(|(_, person)| person.employment.is_over()).map(|(node, _)| *node).collect();
    let of_lists = |entry: &Entry| records.files[entry.at.file as usize].tells.contains(&Tells::People);
    let anybody_there = said.rows.iter().any(|(entry, node, _)| of_lists(entry) && !gone.contains(node));
    let places = persons.iter().enumerate().map(|(place, (node, _))| (*node, Ix::new(place))).collect();
    let persons = persons.into_iter().map(|(_, person)| person).collect();
    let people =
        Listing::by_key(persons, roster(anybody_there), |person: &Person| (NameKey::of(&person.name), person.row));
    People { people, places, gone, anybody_there }
}

/// What a row says of whether somebody is still there; `None` where it says nothing, and its list has no column for it.
fn statement(entry: &Entry, as_of: DateTime<Utc>) -> Option<Employment> {
    match (entry.enabled, &entry.unclear) {
        (Some(false), _) => Some(Employment::Left),
        _ if entry.expires.is_some_and(|expires| expires <= as_of) => Some(Employment::Expired),
        (_, Some(Unclear::Word { .. } | Unclear::Absent(_) | Unclear::Called(_))) => Some(Employment::Unknown),
        (_, Some(Unclear::Since { at, .. })) if *at <= as_of => Some(Employment::Unknown),
        (Some(true), _) => Some(Employment::Current),
        // Another list may say it.
        (None, Some(Unclear::Empty(_) | Unclear::NotYet { .. })) => Some(Employment::Unstated),
        (None, Some(Unclear::Since { .. }) | None) => None,
    }
}

/// When an account of a directory ended, by its own row. An expiry is known before, so it counts from the change that set
/// it.
fn ended(entry: &Entry, employment: Employment) -> Option<DateTime<Utc>> {
    match employment {
        Employment::Left => entry.changed,
        Employment::Expired => entry.changed.zip(entry.expires).map(|(changed, expires)| changed.min(expires)),
        Employment::Current | Employment::Unstated | Employment::Unknown => None,
    }
}

/// What all rows say together. One that was to say it and does not leaves it open, unless another one says it; a word
/// that is not understood may mean anything.
fn together(statements: &[StatedEmployment]) -> Employment {
    let says = |employment: Employment| statements.iter().any(|said| said.employment == employment);
    let order = [Employment::Left, Employment::Expired, Employment::Unknown, Employment::Current];
    let said = order.into_iter().find(|employment| says(*employment));
    said.unwrap_or(if statements.is_empty() { Employment::Unstated } else { Employment::Unknown })
}

/// Of each object of which a row was to say whether it is still there and does not: the gap that its list leaves.
fn unclear(records: &Records, said: &Said<'_>) -> BTreeMap<Node, Arc<Gap>> {
    let mut open: BTreeMap<u32, BTreeMap<Node, &Entry>> = BTreeMap::new();
    let leaves_open = |row: &&(&Entry, Node, Option<Employment>)| {
        row.0.unclear.is_some() && matches!(row.2, Some(Employment::Unknown | Employment::Unstated))
    };
    for &(entry, node, _) in said.rows.iter().filter(leaves_open) {
        let statements = said.statements.get(&node).map(Vec::as_slice).unwrap_or_default();
        if together(statements) == Employment::Unknown {
            open.entry(entry.at.file).or_default().entry(node).or_insert(entry);
        }
    }
    let mut gaps = BTreeMap::new();
    for (file, nodes) in open {
        let first = nodes.values().min_by_key(|entry| entry.at).expect("a file is here for one of its rows");
        let people = match nodes.len() {
            1 => "1 person".to_owned(),
            many => format!("{many} people"),
        };
        let there = match &first.unclear {
            Some(Unclear::Empty(column)) => format!("{} is empty", quoted(column)),
            Some(
                Unclear::Word { column, word } | Unclear::NotYet { column, word } | Unclear::Since { column, word, .. },
            ) => format!("{} is {}", quoted(column), quoted(word)),
            Some(Unclear::Called(name)) => format!("the file is called {}", quoted(name)),
            Some(Unclear::Absent(newer)) => format!("the person is missing in the newer {}", quoted(newer)),
            None => unreachable!("only rows that leave it open were taken"),
        };
        let detail =
            format!("the list has no readable employment status for {people}: in line {}, {there}", first.at.line);
        let source = &records.files[file as usize].name;
        let unseen = What::StillThere.into();
        let gap = Arc::new(gap(source, unseen, Why::Unstated { detail }));
        nodes.into_keys().for_each(|node| _ = gaps.entry(node).or_insert_with(|| Arc::clone(&gap)));
    }
    gaps
}

fn person(
    object: &Entry,
    employment: Employment,
    statements: Vec<StatedEmployment>,
    doubt: Option<Arc<Gap>>,
) -> Person {
    let names = [&object.display_name, &object.common_name, &object.user_name, &object.sam];
    let name = names.into_iter().flatten().chain(&object.mails).next().cloned().unwrap_or_default();
    Person {
        name,
        user_name: object.user_name.clone(),
        other_user_names: object.other_user_names.clone(),
        sam: object.sam.clone(),
        domain: object.domain.clone(),
        mails: object.mails.clone(),
        employee_ids: numbers(object),
        guid: object.guid,
        entra_id: object.entra_id,
        changed: object.changed,
        sid: object.sid.clone(),
        employment,
        statements,
        doubt,
        enabled: object.enabled,
        expires: match object.expires {
            Some(instant) => Expires::At(instant),
            None if object.never_expires => Expires::Never,
            None => Expires::Unsaid,
        },
        row: object.at.into(),
    }
}

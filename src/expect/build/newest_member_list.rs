//! Which of several lists says who is in a group: the newest one, whatever program wrote it.
//!
//! Where two lists of a group's members are equally old, or nothing says how old one of them is, both speak; on whom
//! they disagree, nobody knows.

use std::collections::{BTreeMap, BTreeSet};

use super::nodes::Node;
use super::object_graph::{Edge, Graph};
use crate::expect::provenance::export_order::{self, Age};
use crate::expect::records::directory_records::{End, Membership, Records, Reference, Tells};

/// Lists of members, by group: the file, and what of it is missing.
pub(super) type Rolls<'a> = BTreeMap<Node, Vec<(u32, Option<&'a str>)>>;

/// How old files are beside each other, each pair looked at once.
struct Ages<'a> {
    records: &'a Records,
    known: BTreeMap<(u32, u32), Age>,
}

impl Ages<'_> {
    fn is_older(&mut self, one: u32, other: u32) -> bool {
        let age = || export_order::age(&self.records.files[one as usize], &self.records.files[other as usize]);
        one != other && *self.known.entry((one, other)).or_insert_with(age) == Age::Older
    }
}

/// The lists of members that speak, and of each membership whether it counts.
pub(super) fn speaking<'a>(records: &'a Records, graph: &Graph) -> (Rolls<'a>, Vec<bool>) {
    let mut ages = Ages { records, known: BTreeMap::new() };
    let mut rolls = Rolls::new();
    for roll in &records.rolls {
        if let Some(group) = graph.resolve(roll.at.file, &roll.group) {
            rolls.entry(group).or_default().push((roll.at.file, roll.cut.as_deref()));
        }
    }
    let mut outdated: BTreeSet<(Node, u32)> = BTreeSet::new();
    for (&group, lists) in rolls.iter_mut().filter(|(_, lists)| lists.len() > 1) {
        let all: BTreeSet<u32> = lists.iter().map(|(file, _)| *file).collect();
        let older = |file: &u32| all.iter().any(|other| ages.is_older(*file, *other));
        let older: BTreeSet<u32> = all.iter().copied().filter(older).collect();
        lists.retain(|(file, _)| !older.contains(file));
        outdated.extend(older.into_iter().map(|file| (group, file)));
    }
    let tellers = tellers_of_groups(records, graph);
    let mut counts = |membership: &Membership, edge: &Edge| {
        let (file, Some(group)) = (membership.at.file, edge.group) else { return true };
        if says_group(records, membership) {
            return !outdated.contains(&(group, file));
        }
        let of_group = rolls.get(&group).into_iter().flatten();
        let mut whole = of_group.filter(|(other, cut)| cut.is_none() && !is_cut(records, *other));
        let mut of_person = edge.member.and_then(|member| tellers.get(&member)).into_iter().flatten();
        !whole.any(|(other, _)| ages.is_older(file, *other)) && !of_person.any(|other| ages.is_older(file, *other))
    };
    let counts =
        records.memberships.iter().zip(&graph.edges).map(|(membership, edge)| counts(membership, edge)).collect();
    (rolls, counts)
}

/// By object: the files that tell all of its groups, where several files tell such.
fn tellers_of_groups(records: &Records, graph: &Graph) -> BTreeMap<Node, Vec<u32>> {
    let tells = |file: u32| records.files[file as usize].tells.contains(&Tells::MemberOf);
    let mut tellers: BTreeMap<Node, Vec<u32>> = BTreeMap::new();
    if records.files.iter().filter(|file| file.tells.contains(&Tells::MemberOf)).count() < 2 {
        return tellers;
    }
    for entry in records.entries.iter().filter(|entry| tells(entry.at.file)) {
        if let Some(node) = graph.resolve(entry.at.file, &Reference::Row(entry.at.line)) {
            tellers.entry(node).or_default().push(entry.at.file);
        }
    }
    tellers
}

pub(super) fn is_cut(records: &Records, file: u32) -> bool {
    matches!(records.files[file as usize].end, End::Cut(_))
}

/// Whether a membership is said of the group, in the list of its members, and not of the one who is in it.
pub(super) fn says_group(records: &Records, membership: &Membership) -> bool {
    let tells = &records.files[membership.at.file as usize].tells;
    matches!(membership.group, Reference::Row(_)) || !tells.contains(&Tells::MemberOf)
}

//! Who is in which group, by all lists together.
//!
//! A list may say it of the group (`member`) or of the person (`memberOf`); whoever either of them names is in it,
//! unless the other is the newer one. Where a directory was exported in two parts at two times, the two differ, and a note
//! says so. Of several lists of a group's members, [`newest_member_list`](super::newest_member_list) decides.

use std::collections::{BTreeMap, BTreeSet};

use super::disputed_members::{Dispute, disputes};
use super::newest_member_list::{self, Rolls, says_group};
use super::nodes::Node;
use super::object_graph::{Edge, Graph};
use crate::expect::active_directory::distinguished_name::Dn;
use crate::expect::records::directory_records::{
    At, Entry, EntryKind, FileRecord, Membership, Records, Reference, Tells,
};
use crate::model::{RowRef, quoted};

/// Who is in which group, by group.
pub(super) struct Members<'a> {
    /// Group, person and row, in this order; each person of a group once.
    people: Vec<(Node, Node, RowRef)>,
    /// Group, inner group and file, in this order.
    groups: Vec<(Node, Node, u32)>,
    /// Names that the lists do not resolve, by group.
    outside: BTreeMap<Node, Vec<String>>,
    /// Lists of members: the file, and what of it is missing.
    rolls: Rolls<'a>,
    /// On whom the lists of a group's members disagree.
    disputes: BTreeMap<Node, Dispute>,
    /// What a reader should know of a file.
    notes: BTreeMap<u32, String>,
}

impl<'a> Members<'a> {
    pub(super) fn of(records: &'a Records, graph: &Graph) -> Self {
        let (rolls, counts) = newest_member_list::speaking(records, graph);
        let mut members = Members {
            people: Vec::new(),
            groups: Vec::new(),
            outside: BTreeMap::new(),
            rolls,
            disputes: BTreeMap::new(),
            notes: BTreeMap::new(),
        };
        let counting = records.memberships.iter().zip(&graph.edges).zip(&counts).filter(|(_, counts)| **counts);
        for ((membership, edge), _) in counting {
            match edge.group {
                Some(group) => members.add(graph, group, edge.member, membership),
                // Several groups of that name: whoever is in one of them may be in any.
                None => {
                    for &group in graph.groups_named(&membership.group) {
                        members.outside.entry(group).or_default().push(members_name(graph, edge.member));
                    }
                }
            }
        }
        members.people.sort();
        members.groups.sort_unstable();
        members.disputes = disputes(records, &members.rolls, |group, file| members.all_people_by(group, file));
        let disputes = &members.disputes;
        let is_open =
            |group: &Node, person: &Node| disputes.get(group).is_some_and(|open| open.people.contains(person));
        members.people.retain(|(group, person, _)| !is_open(group, person));
        members.people.dedup_by_key(|(group, person, _)| (*group, *person));
        members.groups.dedup_by_key(|(group, inner, _)| (*group, *inner));
        members.notes = OneSided::among(records, graph, &members.rolls, &counts).notes(graph);
        members
    }

    fn add(&mut self, graph: &Graph, group: Node, member: Option<Node>, membership: &Membership) {
        let Some(member) = member else {
            if let Some(name) = outside_name(&membership.member) {
                self.outside.entry(group).or_default().push(name.to_owned());
            }
            return;
        };
        match graph.objects[member].kind {
            // Some programs list those whose primary group it is too; Identity Center never gets to know of them.
            EntryKind::Person if is_primary(&graph.objects[member], &graph.objects[group]) => {}
            EntryKind::Person => self.people.push((group, member, membership.at.into())),
            EntryKind::Group => self.groups.push((group, member, membership.at.file)),
            EntryKind::Other => {
                let stranger = graph.objects[member].dn.as_ref().filter(|name| is_of_another_domain(name));
                if let Some(name) = stranger {
                    self.outside.entry(group).or_default().push(name.clone());
                }
            }
        }
    }

    /// The people that are directly in a group, each with the row that says so.
    pub(super) fn people(&self, group: Node) -> impl Iterator<Item = (Node, RowRef)> {
        let from = self.people.partition_point(|(other, ..)| *other < group);
        let those = self.people[from..].iter().take_while(move |(other, ..)| *other == group);
        those.map(|&(_, person, row)| (person, row))
    }

    /// The people whom a list of a group's members names.
    pub(super) fn listed(&self) -> impl Iterator<Item = Node> {
        self.people.iter().filter(|(group, ..)| self.rolls.contains_key(group)).map(|&(_, person, _)| person)
    }

    /// The groups that are directly in a group.
    pub(super) fn groups(&self, group: Node) -> impl Iterator<Item = Node> {
        self.groups_and_files(group).map(|(inner, _)| inner)
    }

    fn groups_and_files(&self, group: Node) -> impl Iterator<Item = (Node, u32)> {
        let from = self.groups.partition_point(|(other, ..)| *other < group);
        let those = self.groups[from..].iter().take_while(move |(other, ..)| *other == group);
        those.map(|&(_, inner, file)| (inner, file))
    }

    /// Everybody in a group by one file, and in the groups that it names by whatever file.
    pub(super) fn all_people_by(&self, group: Node, file: u32) -> BTreeSet<Node> {
        let of_file = |row: RowRef| row.file.number() == file as usize;
        let mut people: BTreeSet<Node> =
            self.people(group).filter(|(_, row)| of_file(*row)).map(|(person, _)| person).collect();
        let mut seen = BTreeSet::from([group]);
        let mut next: Vec<Node> =
            self.groups_and_files(group).filter(|(_, of)| *of == file).map(|(inner, _)| inner).collect();
        while let Some(inner) = next.pop() {
            if seen.insert(inner) {
                people.extend(self.people(inner).map(|(person, _)| person));
                next.extend(self.groups(inner));
            }
        }
        people
    }

    /// On whom the lists of a group's members disagree.
    pub(super) fn dispute(&self, group: Node) -> Option<&Dispute> {
        self.disputes.get(&group)
    }

    /// Names in a group that the lists do not resolve.
    pub(super) fn outside(&self, group: Node) -> Option<&[String]> {
        self.outside.get(&group).map(Vec::as_slice)
    }

    /// The lists of a group's members: the file of each, and what of it is missing.
    pub(super) fn rolls(&self, group: Node) -> &[(u32, Option<&'a str>)] {
        self.rolls.get(&group).map(Vec::as_slice).unwrap_or_default()
    }

    /// What the memberships say of a file.
    pub(super) fn note(&self, file: u32) -> Option<&str> {
        self.notes.get(&file).map(String::as_str)
    }
}

/// Whether a name is that of a foreign security principal that stands for an account or a group of a trusted domain:
/// only those have such SIDs, and none of Windows' own identities.
fn is_of_another_domain(name: &str) -> bool {
    Dn::parse(name).is_some_and(|dn| dn.is_foreign() && dn.leaf().to_ascii_uppercase().starts_with("S-1-5-21-"))
}

/// The name of a member that the lists do not have; `None` where Identity Center has nobody of that name anyway, be it
/// one of Windows' own identities, a computer or a managed service account.
fn outside_name(member: &Reference) -> Option<&str> {
    match member {
        Reference::Dn(name) => {
            let is_foreign = Dn::parse(name).is_some_and(|dn| dn.is_foreign());
            (!is_foreign || is_of_another_domain(name)).then_some(name)
        }
        Reference::Account(name) => (!name.ends_with('$')).then_some(name),
        Reference::Row(_) | Reference::Named(_) | Reference::Name(_) => None,
    }
}

/// Whether it is the account's primary group: its SID is the domain's, then the account's `primaryGroupID`.
fn is_primary(account: &Entry, group: &Entry) -> bool {
    let (Some(id), Some(account), Some(group)) = (account.primary_group, &account.sid, &group.sid) else {
        return false;
    };
    let domain = account.rsplit_once('-').map(|(domain, _)| domain);
    group.rsplit_once('-').is_some_and(|(of, last)| domain == Some(of) && last == id.to_string())
}

/// The name of a member, for a gap.
pub(super) fn members_name(graph: &Graph, member: Option<Node>) -> String {
    let names =
        member.map(|member| &graph.objects[member]).map(|member| [&member.user_name, &member.sam, &member.common_name]);
    names.and_then(|names| names.into_iter().flatten().next().cloned()).unwrap_or_else(|| "somebody".to_owned())
}

/// Memberships that only one of the two sides has, where both speak.
struct OneSided {
    /// Group, person and row.
    found: Vec<(Node, Node, At)>,
    /// Whether both sides stand in one file, and in no other.
    in_one_file: bool,
}

impl OneSided {
    fn among(records: &Records, graph: &Graph, rolls: &Rolls<'_>, counts: &[bool]) -> Self {
        let tells = |file: u32, what: Tells| records.files[file as usize].tells.contains(&what);
        let both = |what: Tells| records.files.iter().any(|file| file.tells.contains(&what));
        if !both(Tells::Members) || !both(Tells::MemberOf) {
            return OneSided { found: Vec::new(), in_one_file: false };
        }
        let speaks = |file: &&FileRecord| file.tells.contains(&Tells::Members) || file.tells.contains(&Tells::MemberOf);
        let in_one_file = records.files.iter().filter(speaks).count() == 1;
        let whole = |group: Node| rolls.get(&group).is_some_and(|rolls| rolls.iter().all(|(_, cut)| cut.is_none()));
        // Those of whom a list says all groups, at least all of their own domain.
        let mut told = vec![false; graph.objects.len()];
        for entry in records.entries.iter().filter(|entry| tells(entry.at.file, Tells::MemberOf)) {
            if let Some(node) = graph.resolve(entry.at.file, &Reference::Row(entry.at.line)) {
                told[node] = graph.objects[node].kind == EntryKind::Person;
            }
        }
        let mut sides: Vec<(Node, Node, bool, At)> = Vec::new();
        let counting = records.memberships.iter().zip(&graph.edges).zip(counts).filter(|(_, counts)| **counts);
        for ((membership, edge), _) in counting {
            let Edge { group: Some(group), member: Some(member) } = *edge else { continue };
            let (account, outer) = (&graph.objects[member], &graph.objects[group]);
            let same_domain = account.domain.is_none() || outer.domain.is_none() || account.domain == outer.domain;
            if told[member] && whole(group) && same_domain && !is_primary(account, outer) {
                sides.push((group, member, says_group(records, membership), membership.at));
            }
        }
        sides.sort();
        let pairs = sides.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1));
        let lonely = pairs.filter(|pair| pair.iter().all(|side| side.2 == pair[0].2));
        OneSided { found: lonely.map(|pair| (pair[0].0, pair[0].1, pair[0].3)).collect(), in_one_file }
    }

    /// One note for each file that says what another does not.
    fn notes(self, graph: &Graph) -> BTreeMap<u32, String> {
        let mut by_file: BTreeMap<u32, BTreeSet<(&str, &str)>> = BTreeMap::new();
        let name = |node: Node| {
            let object = &graph.objects[node];
            [&object.sam, &object.user_name, &object.common_name]
                .into_iter()
                .flatten()
                .next()
                .map_or("", String::as_str)
        };
        for &(group, person, at) in &self.found {
            by_file.entry(at.file).or_default().insert((name(person), name(group)));
        }
        let note = |found: BTreeSet<(&str, &str)>| {
            let first: Vec<String> = found
                .iter()
                .take(3)
                .map(|(person, group)| format!("{} in {}", quoted(person), quoted(group)))
                .collect();
            let more = found.len() - first.len();
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            let what = if self.in_one_file {
                "memberships that only one of `member` and `memberOf` has, though the file has both (the directory \
                 probably changed during the export; all are expected)"
            } else {
                "memberships that only this file has, though another file covers the same people or groups (probably \
                 exported at different times; all are expected)"
            };
            format!("{what}: {}{rest}", first.join(", "))
        };
        by_file.into_iter().map(|(file, found)| (file, note(found))).collect()
    }
}

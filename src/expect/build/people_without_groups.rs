//! People whose groups no list tells, although a list tells those of others: that one proves nothing about them.

use std::collections::BTreeSet;

use super::addresses::is_without_account;
use super::members::Members;
use super::nodes::Node;
use super::object_graph::Graph;
use crate::expect::records::directory_records::{Entry, EntryKind, Records, Reference, Tells};

/// The first export of people that does not say in which groups some of them are, where no other list does either.
///
/// Where a list of members names any of its people, their directory was exported group by group, and whoever is in no
/// such list is in no group. Whoever has left is due in none. Whoever keeps people by hand says all that there is.
pub(super) fn untold(records: &Records, graph: &Graph, members: &Members<'_>, gone: &BTreeSet<Node>) -> Option<u32> {
    let tells = |file: u32, what: Tells| records.files[file as usize].tells.contains(&what);
    let silent =
        |file: u32| records.files[file as usize].ages && tells(file, Tells::People) && !tells(file, Tells::MemberOf);
    let files = || 0..u32::try_from(records.files.len()).expect("files are numbered in four bytes");
    if !files().any(silent) {
        return None;
    }
    let person = |entry: &Entry| {
        let node = graph.resolve(entry.at.file, &Reference::Row(entry.at.line))?;
        (graph.objects[node].kind == EntryKind::Person).then_some((entry.at.file, node))
    };
    let people: Vec<(u32, Node)> = records.entries.iter().filter_map(person).collect();
    let mut told = vec![false; graph.objects.len()];
    people.iter().filter(|(file, _)| tells(*file, Tells::MemberOf)).for_each(|(_, node)| told[*node] = true);
    let without_accounts =
        |file: u32| records.entries.iter().filter(|entry| entry.at.file == file).all(is_without_account);
    let mut listed = vec![false; graph.objects.len()];
    members.listed().for_each(|node| listed[node] = true);
    files().filter(|file| silent(*file)).find(|file| {
        let mut current = people.iter().filter(|(of, node)| of == file && !gone.contains(node)).map(|(_, node)| *node);
        // Rows that name no account tell of no other directory than the one whose accounts they are about.
        let of_others = without_accounts(*file) && current.clone().any(|node| told[node]);
        !of_others && current.clone().any(|node| !told[node]) && !current.any(|node| listed[node])
    })
}

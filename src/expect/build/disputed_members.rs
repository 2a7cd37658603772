//! On whom lists of one group's members disagree, where none of them is newer.

use std::collections::{BTreeMap, BTreeSet};

use super::newest_member_list::{Rolls, is_cut};
use super::nodes::Node;
use crate::expect::records::directory_records::Records;

/// On whom the lists of a group's members disagree.
#[derive(Debug)]
pub(super) struct Dispute {
    /// The files.
    pub(super) files: Vec<u32>,
    /// The people.
    pub(super) people: BTreeSet<Node>,
}

/// Every dispute, by group. One list may name the members of inner groups one by one, and another the inner groups: `people_by` has
/// everybody in a group by one file, inner groups included.
pub(super) fn disputes(
    records: &Records,
    rolls: &Rolls<'_>,
    people_by: impl Fn(Node, u32) -> BTreeSet<Node>,
) -> BTreeMap<Node, Dispute> {
    let mut disputes = BTreeMap::new();
    for (&group, lists) in rolls.iter().filter(|(_, lists)| lists.len() > 1) {
        let files: BTreeSet<u32> = lists.iter().map(|(file, _)| *file).collect();
        let in_part = lists.iter().any(|(file, cut)| cut.is_some() || is_cut(records, *file));
        if files.len() < 2 || in_part {
            continue;
        }
        let by_file: Vec<BTreeSet<Node>> = files.iter().map(|file| people_by(group, *file)).collect();
        let is_disputed = |person: &&Node| !by_file.iter().all(|people| people.contains(person));
        let people: BTreeSet<Node> = by_file.iter().flatten().filter(is_disputed).copied().collect();
        if !people.is_empty() {
            disputes.insert(group, Dispute { files: files.into_iter().collect(), people });
        }
    }
    disputes
}

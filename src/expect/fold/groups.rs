//! Groups with their members, and of which of them all members are known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::extents::{Extents, Gaps, gap, hole_gap};
use super::members::Members;
use crate::expect::graph::{Graph, Node, names};
use crate::expect::records::{Affects, End, Entry, EntryKind, Tells};
use crate::model::{DirectoryGroup, Extent, Ix, Listing, Member, NameKey, Person, RowRef, Why};

/// Groups in report order, each with its members and how far they were read.
pub(super) fn groups(
    graph: &Graph,
    members: &Members<'_>,
    extents: &Extents<'_>,
    people: &BTreeMap<Node, Ix<Person>>,
    gaps: &mut Gaps,
) -> Listing<DirectoryGroup> {
    let is_group = |(_, object): &(Node, &Entry)| object.kind == EntryKind::Group;
    let mut nodes: Vec<(Node, &Entry)> = graph.objects.iter().enumerate().filter(is_group).collect();
    nodes.sort_by_cached_key(|(_, object)| (NameKey::of(&name(object)), object.at));
    let places: BTreeMap<Node, Ix<DirectoryGroup>> =
        nodes.iter().enumerate().map(|(place, (node, _))| (*node, Ix::new(place))).collect();
    // Looked up once for each membership.
    let mut place_of = vec![None; graph.objects.len()];
    people.iter().for_each(|(&node, &person)| place_of[node] = Some(person));
    let member = |(node, row): (Node, RowRef)| place_of[node].map(|person| Member { person, row });
    let all = nodes.iter().map(|&(node, object)| {
        let within = members.people(node).filter_map(member).collect();
        DirectoryGroup {
            name: name(object),
            names: names(object).map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect(),
            domain: object.domain.clone(),
            guid: object.guid,
            entra_id: object.entra_id,
            changed: object.changed,
            members: Listing::new(within, members_extent(node, object, members, extents)),
            groups: members.groups(node).map(|inner| places[&inner]).collect(),
            row: object.at.into(),
        }
    });
    let all: Vec<DirectoryGroup> = all.collect();
    let extent = groups_extent(extents, gaps);
    Listing::by_key(all, extent, |group| (NameKey::of(&group.name), group.row))
}

fn name(group: &Entry) -> String {
    names(group).next().unwrap_or_default().to_owned()
}

/// How far the list of groups itself was read: a hole in the groups of users may hide any of them.
fn groups_extent(extents: &Extents<'_>, gaps: &mut Gaps) -> Extent {
    let told_elsewhere = !extents.records.rolls.is_empty() || extents.any_tells(Tells::MemberOf);
    let hole = extents.records.holes.iter().find(|hole| match hole.affects {
        Affects::Groups => !told_elsewhere,
        Affects::GroupNames => true,
        Affects::Employment => false,
    });
    match hole {
        Some(hole) => Extent::Part(hole_gap(extents, hole, gaps)),
        None => extents.of(&[Tells::Groups, Tells::Members, Tells::MemberOf], "groups", gaps),
    }
}

/// How far the members of one group were read: by the first list of its members that is whole, else by the groups of
/// all people.
///
/// Its gap stays with the group. A directory has many groups that AWS has not, and what is missing of those hides
/// nothing: which gaps matter, the comparison knows.
fn members_extent(node: Node, object: &Entry, members: &Members<'_>, extents: &Extents<'_>) -> Extent {
    let unseen = format!("members of `{}`", name(object));
    let files = &extents.records.files;
    let part = |file: u32, why: Why| Extent::Part(Arc::new(gap(&files[file as usize].name, unseen.clone(), why)));
    if let Some(outside) = members.outside(node) {
        return part(object.at.file, Why::Outside { names: outside.to_vec() });
    }
    let rolls = members.rolls(node);
    let cut_file = |file: u32| match &files[file as usize].end {
        End::Cut(detail) => Some(detail.as_str()),
        End::Vouched(_) | End::Unvouched => None,
    };
    let whole = rolls.iter().find(|(file, cut)| cut.is_none() && cut_file(*file).is_none());
    if let Some(&(file, _)) = whole {
        return Extent::Whole(Arc::clone(&extents.sources[file as usize]));
    }
    if let Some(&(file, cut)) = rolls.first() {
        let detail = cut.or_else(|| cut_file(file)).unwrap_or_default().to_owned();
        return part(file, Why::Truncated { detail });
    }
    if let Some(hole) = extents.records.holes.iter().find(|hole| hole.affects != Affects::Employment) {
        return part(hole.at.file, Why::Unreadable { detail: hole.detail.clone() });
    }
    if extents.any_tells(Tells::MemberOf) {
        return extents.of(&[Tells::MemberOf], &unseen, &mut Gaps::default());
    }
    part(object.at.file, Why::Unreadable { detail: "no list says who is in it".to_owned() })
}

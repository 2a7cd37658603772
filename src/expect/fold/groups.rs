//! Who is in which group, by all lists together, and of which groups that is known to its end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::extents::{Extents, Gaps, gap, hole_gap};
use crate::expect::dn::Dn;
use crate::expect::graph::{Graph, Node, names};
use crate::expect::records::{Affects, End, Entry, EntryKind, Membership, Records, Reference, Tells};
use crate::model::{DirectoryGroup, Extent, Ix, Listing, Member, NameKey, Person, RowRef, Why};

/// Who is in which group, by group.
pub(super) struct Members<'a> {
    people: BTreeMap<Node, BTreeMap<Node, RowRef>>,
    groups: BTreeMap<Node, BTreeSet<Node>>,
    /// Names that the lists do not resolve.
    outside: BTreeMap<Node, Vec<String>>,
    /// Lists of members: the file, and what of it is missing.
    rolls: BTreeMap<Node, Vec<(u32, Option<&'a str>)>>,
}

impl<'a> Members<'a> {
    pub(super) fn of(records: &'a Records, graph: &Graph) -> Self {
        let mut members = Members {
            people: BTreeMap::new(),
            groups: BTreeMap::new(),
            outside: BTreeMap::new(),
            rolls: BTreeMap::new(),
        };
        for roll in &records.rolls {
            if let Some(group) = graph.resolve(roll.at.file, &roll.group) {
                members.rolls.entry(group).or_default().push((roll.at.file, roll.cut.as_deref()));
            }
        }
        for membership in &records.memberships {
            match graph.resolve(membership.at.file, &membership.group) {
                Some(group) => members.add(graph, group, membership),
                // Several groups of that name: whoever is in one of them may be in any.
                None => {
                    for &group in graph.groups_named(&membership.group) {
                        let who = members_name(graph, membership);
                        members.outside.entry(group).or_default().push(who);
                    }
                }
            }
        }
        members
    }

    fn add(&mut self, graph: &Graph, group: Node, membership: &Membership) {
        let Some(member) = graph.resolve(membership.at.file, &membership.member) else {
            let Reference::Dn(name) = &membership.member else { return };
            // Identity Center syncs no foreign security principals.
            if !Dn::parse(name).is_some_and(|dn| dn.is_foreign()) {
                self.outside.entry(group).or_default().push(name.clone());
            }
            return;
        };
        match graph.objects[member].kind {
            EntryKind::Person => {
                self.people.entry(group).or_default().entry(member).or_insert_with(|| membership.at.into());
            }
            EntryKind::Group => {
                self.groups.entry(group).or_default().insert(member);
            }
            EntryKind::Other => {}
        }
    }
}

/// The name of a member, for a gap.
fn members_name(graph: &Graph, membership: &Membership) -> String {
    let member = graph.resolve(membership.at.file, &membership.member).map(|node| &graph.objects[node]);
    let names = member.map(|member| [&member.user_name, &member.sam, &member.common_name]);
    names.and_then(|names| names.into_iter().flatten().next().cloned()).unwrap_or_else(|| "somebody".to_owned())
}

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
    let all = nodes.iter().map(|&(node, object)| {
        let within = members.people.get(&node).into_iter().flatten();
        let within = within.map(|(person, &row)| Member { person: people[person], row }).collect();
        let nested = members.groups.get(&node).into_iter().flatten();
        DirectoryGroup {
            name: name(object),
            names: names(object).map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect(),
            domain: object.domain.clone(),
            guid: object.guid,
            entra_id: None,
            changed: object.changed,
            members: Listing::new(within, members_extent(node, object, members, extents)),
            groups: nested.map(|inner| places[inner]).collect(),
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
    if let Some(outside) = members.outside.get(&node) {
        return part(object.at.file, Why::Outside { names: outside.clone() });
    }
    let rolls = members.rolls.get(&node).map(Vec::as_slice).unwrap_or_default();
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

//! Groups with their members, and of which of them all members are known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::coverage::Coverage;
use super::disputed_members::Dispute;
use super::extent_of_lists::{Extents, Gaps, gap, hole_gap};
use super::members::{Members, members_name};
use super::nodes::Node;
use super::object_graph::{Graph, names};
use super::people_without_groups::untold;
use crate::expect::records::directory_records::{Affects, End, Entry, EntryKind, FileRecord, Tells};
use crate::model::{DirectoryGroup, Extent, Ix, Kind, Listing, Member, NameKey, Person, RowRef, Unseen, What, Why};

/// Groups in report order, each with its members and how far they were read.
pub(super) fn groups(
    graph: &Graph,
    members: &Members<'_>,
    extents: &Extents<'_>,
    (people, gone): (&BTreeMap<Node, Ix<Person>>, &BTreeSet<Node>),
    coverage: &Coverage<'_>,
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
    let told = Told { graph, extents, members, silent: untold(extents.records, graph, members, gone) };
    let all = nodes.iter().map(|&(node, object)| {
        let within = members.people(node).filter_map(member).collect();
        let inner = members.groups(node).map(|inner| places[&inner]).collect();
        let (of_people, of_groups) = told.members_of(node, object);
        DirectoryGroup {
            name: name(object),
            names: names(object).map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect(),
            domain: object.domain.clone(),
            guid: object.guid,
            entra_id: object.entra_id,
            changed: object.changed,
            members: Listing::new(within, of_people),
            groups: Listing::new(inner, of_groups),
            row: object.at.into(),
        }
    });
    let all: Vec<DirectoryGroup> = all.collect();
    let extent = coverage.extent(Kind::Group, groups_extent(extents, told.silent, gaps), What::AllGroups);
    Listing::by_key(all, extent, |group| (NameKey::of(&group.name), group.row))
}

fn name(group: &Entry) -> String {
    names(group).next().unwrap_or_default().to_owned()
}

/// How far the list of groups itself was read: a hole in the groups of users may hide any of them, and so may people
/// whose groups nothing tells.
fn groups_extent(extents: &Extents<'_>, silent: Option<u32>, gaps: &mut Gaps) -> Extent {
    let told_elsewhere = !extents.records.rolls.is_empty() || extents.any_tells(Tells::MemberOf);
    let hole = extents.records.holes.iter().find(|hole| match hole.affects {
        Affects::Groups => !told_elsewhere,
        Affects::GroupNames => true,
        Affects::Employment => false,
    });
    let silent = silent.filter(|_| told_elsewhere && extents.records.rolls.is_empty());
    match (hole, silent) {
        (Some(hole), _) => Extent::Part(hole_gap(extents, hole, gaps)),
        (None, Some(export)) => {
            let file = &extents.records.files[export as usize].name;
            Extent::Part(gaps.add(file, What::Groups.into(), untold_because(SILENT)))
        }
        (None, None) => extents.of(&[Tells::Groups, Tells::Members, Tells::MemberOf], &What::Groups.into(), gaps),
    }
}

/// What the lists tell of the members of groups.
struct Told<'a> {
    graph: &'a Graph,
    extents: &'a Extents<'a>,
    members: &'a Members<'a>,
    /// An export of people whose groups nothing tells.
    silent: Option<u32>,
}

impl Told<'_> {
    /// How far the people, and the groups, that are in one group were read: by the first list of its members that is
    /// whole, else by the groups of all people and of all groups.
    ///
    /// Its gap stays with the group. A directory has many groups that AWS has not, and what is missing of those hides
    /// nothing: which gaps matter, the comparison knows.
    fn members_of(&self, node: Node, object: &Entry) -> (Extent, Extent) {
        let unseen = What::Members.of(name(object));
        let by_list = self.by_list(node, object, &unseen);
        let both = |extent: Extent| (extent.clone(), extent);
        by_list
            .map_or_else(|| (self.people_by_their_groups(object, &unseen), self.groups_by_their_groups(object)), both)
    }

    /// By a list of members, which names people and groups alike; `None` where the group has none.
    fn by_list(&self, node: Node, object: &Entry, unseen: &Unseen) -> Option<Extent> {
        let files = &self.extents.records.files;
        if let Some(outside) = self.members.outside(node) {
            return Some(self.part(object.at.file, unseen, Why::Outside { names: outside.to_vec() }));
        }
        if let Some(Dispute { files: disputing, people }) = self.members.dispute(node) {
            let why = self.disputed(disputing, people);
            return Some(self.part(disputing[0], unseen, why));
        }
        let cut_file = |file: u32| match &files[file as usize].end {
            End::Cut(detail) => Some(detail.as_str()),
            End::Vouched(_) | End::Unvouched => None,
        };
        let rolls = self.members.rolls(node);
        let whole = rolls.iter().find(|(file, cut)| cut.is_none() && cut_file(*file).is_none());
        if let Some(&(file, _)) = whole {
            return Some(Extent::Whole(Arc::clone(&self.extents.sources[file as usize])));
        }
        if let Some(&(file, cut)) = rolls.first() {
            let detail = cut.or_else(|| cut_file(file)).unwrap_or_default().to_owned();
            return Some(self.part(file, unseen, Why::Truncated { detail }));
        }
        let hole = self.extents.records.holes.iter().find(|hole| hole.affects != Affects::Employment)?;
        Some(self.part(hole.at.file, unseen, Why::Unreadable { detail: hole.detail.clone() }))
    }

    fn disputed(&self, files: &[u32], people: &BTreeSet<Node>) -> Why {
        let files = files.iter().map(|file| self.extents.records.files[*file as usize].name.clone()).collect();
        let people: BTreeSet<String> = people.iter().map(|person| members_name(self.graph, Some(*person))).collect();
        Why::Disputed { files, people: people.into_iter().collect() }
    }

    fn people_by_their_groups(&self, object: &Entry, unseen: &Unseen) -> Extent {
        if !self.extents.any_tells(Tells::MemberOf) {
            return self.part(object.at.file, unseen, untold_because("no list has its members"));
        }
        if let Some(export) = self.silent {
            return self.part(export, unseen, untold_because(SILENT));
        }
        self.extents.of(&[Tells::MemberOf], unseen, &mut Gaps::default())
    }

    /// A directory nests groups, and an export of its people does not show it. Whoever keeps people and their groups by
    /// hand knows of no others.
    fn groups_by_their_groups(&self, object: &Entry) -> Extent {
        nested_in(self.extents).unwrap_or_else(|| self.people_by_their_groups(object, &NESTED.into()))
    }

    fn part(&self, file: u32, unseen: &Unseen, why: Why) -> Extent {
        let source = &self.extents.records.files[file as usize].name;
        Extent::Part(Arc::new(gap(source, unseen.clone(), why)))
    }
}

const NESTED: What = What::NestedGroups;

/// How far it is known which groups are in others, where only people and their groups were exported.
pub(super) fn nested(extents: &Extents<'_>) -> Extent {
    nested_in(extents).unwrap_or_else(|| extents.of(&[Tells::MemberOf], &NESTED.into(), &mut Gaps::default()))
}

/// The same by the groups of groups; `None` where no export of a directory has the groups of people.
fn nested_in(extents: &Extents<'_>) -> Option<Extent> {
    if extents.any_tells(Tells::NestedIn) {
        return Some(extents.of(&[Tells::NestedIn], &NESTED.into(), &mut Gaps::default()));
    }
    let of_people = |file: &&FileRecord| file.ages && file.tells.contains(&Tells::MemberOf);
    let export = extents.records.files.iter().find(of_people)?;
    let why = untold_because("the lists say which groups people are in, but not which groups are nested");
    Some(Extent::Part(Arc::new(gap(&export.name, NESTED.into(), why))))
}

const SILENT: &str = "it lists people without their groups, and no other list has their groups";

fn untold_because(detail: &str) -> Why {
    Why::Untold { detail: detail.to_owned() }
}

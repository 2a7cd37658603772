//! Everyone who is in a group, nested groups included, and by which path.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::{DirectoryGroup, Extent, Ix, Listing, Member, Nesting, Person, RowRef};

/// A person who is in a group, and by which path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The person.
    pub person: Ix<Person>,
    /// The row of the innermost membership.
    pub row: RowRef,
    /// The group that the person is in directly.
    innermost: Ix<DirectoryGroup>,
    /// By nested group, the one that it is in on the shortest path. All who are in one outer group share it: a path of
    /// their own each would take the square of the depth.
    outwards: Arc<BTreeMap<Ix<DirectoryGroup>, Ix<DirectoryGroup>>>,
}

impl Reach {
    /// The groups between the person and the outer group, innermost first; none for a direct member.
    pub fn between(&self) -> impl Iterator<Item = Ix<DirectoryGroup>> + '_ {
        let outwards = |at: &Ix<DirectoryGroup>| self.outwards.get(at).copied();
        std::iter::successors(Some(self.innermost), outwards).take_while(|at| self.outwards.contains_key(at))
    }
}

/// Everyone who is in `outer`, by person; the shortest path for each. Cycles end.
#[must_use]
pub fn effective_members(
    groups: &Listing<DirectoryGroup>,
    outer: Ix<DirectoryGroup>,
    nesting: Nesting,
) -> Listing<Reach> {
    let mut found: Vec<(Member, Ix<DirectoryGroup>)> = Vec::new();
    let mut extent: Option<Extent> = None;
    let mut outwards: BTreeMap<Ix<DirectoryGroup>, Ix<DirectoryGroup>> = BTreeMap::new();
    let mut next = VecDeque::from([outer]);
    while let Some(here) = next.pop_front() {
        let group = &groups[here];
        let of_here = match nesting {
            Nesting::Direct => group.members.extent().clone(),
            Nesting::Flatten => group.members.extent().and(group.groups.extent()),
        };
        extent = Some(extent.map_or_else(|| of_here.clone(), |so_far| so_far.and(&of_here)));
        found.extend(group.members.seen().map(|member| (*member, here)));
        if nesting == Nesting::Direct {
            break;
        }
        for &inner in group.groups.seen().filter(|inner| **inner != outer) {
            outwards.entry(inner).or_insert_with(|| {
                next.push_back(inner);
                here
            });
        }
    }
    let extent = extent.expect("the outer group itself was visited");
    // Groups came by their distance, and the order of equals stays: the first of each person has the shortest path.
    found.sort_by_key(|(member, _)| member.person);
    found.dedup_by_key(|(member, _)| member.person);
    let outwards = Arc::new(outwards);
    let reach = |(Member { person, row }, innermost)| Reach { person, row, innermost, outwards: Arc::clone(&outwards) };
    Listing::by_key(found.into_iter().map(reach).collect(), extent, |reach| reach.person)
}

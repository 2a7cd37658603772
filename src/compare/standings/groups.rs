//! Groups of Identity Center against groups of the directory.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compare::matching::keys::{all_keys, group_keys, name_keys};
use crate::compare::matching::who_is_who::WhoIsWho;
use crate::model::{Asked, Extent, Gap, Group, Ix, Kind, Nesting, Standing, World};

use super::{names_some_only, speaks_for, standing_of_present};

pub(super) fn judge(world: &World, who: &WhoIsWho) -> BTreeMap<Ix<Group>, Standing> {
    let standing = |(position, group): (Ix<Group>, &Group)| {
        let matched = who.matching.directory_groups[position.number()];
        let standing = if !speaks_for(world, Kind::Group) {
            Standing::Unlisted
        } else if let Some(matched) = matched {
            Standing::Expected(world.expectation.groups[matched.with].row)
        } else if let Some(gap) = who.undecided_groups.get(&position) {
            Standing::Unknown(Arc::clone(gap))
        } else if let (false, Extent::Part(gap)) = (group.listed, world.snapshot.groups.extent()) {
            Standing::Unknown(Arc::clone(gap))
        } else if names_some_only(world, Kind::Group) || has_nobody_to_name_it(world, group) {
            Standing::Unlisted
        } else if let Some(gap) = may_hold_groups_only(world, who) {
            Standing::Unknown(gap)
        } else {
            // The matching has tried every key of every group.
            let what = || name_keys(&all_keys(group, group_keys));
            let asked = || Asked { kind: Kind::Group, principal: Vec::new(), account: None, what: what() };
            standing_of_present(world, world.expectation.groups.of_unseen(), asked)
        };
        (position, standing)
    };
    world.snapshot.groups.positions().map(standing).collect()
}

/// Whether the lists name groups only by the people in them, and nobody is in this one: the directory may have it.
fn has_nobody_to_name_it(world: &World, group: &Group) -> bool {
    let is_empty = matches!(group.members.extent(), Extent::Whole(_)) && group.members.seen().next().is_none();
    is_empty && world.expectation.groups_by_people.is_some()
}

/// Why a group may be in the directory that the groups of people do not name: its members may come from groups in it.
fn may_hold_groups_only(world: &World, who: &WhoIsWho) -> Option<Arc<Gap>> {
    match (who.matching.provisioning.nesting, &world.expectation.groups_by_people) {
        (Nesting::Flatten, Some(Extent::Part(gap))) => Some(Arc::clone(gap)),
        (Nesting::Flatten, Some(Extent::Whole(_)) | None) | (Nesting::Direct, _) => None,
    }
}

//! Groups of Identity Center against groups of the directory.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compare::matching::{WhoIsWho, all_keys, group_keys, name_keys};
use crate::model::{Asked, Extent, Group, Ix, Kind, Standing, World};

use super::{speaks_for, standing_of_present};

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

//! Groups of Identity Center against groups of the directory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::compare::matching::{WhoIsWho, all_keys, directory_group_keys, group_keys, name_keys};
use crate::model::{Asked, DirectoryGroup, Extent, Group, Ix, Kind, Standing, World};

use super::{speaks_for, standing_of_present};

pub(super) fn judge(world: &World, who: &WhoIsWho) -> BTreeMap<Ix<Group>, Standing> {
    let directory = world.expectation.groups.index_by(|group| all_keys(group, directory_group_keys));
    let claimed: BTreeSet<Ix<DirectoryGroup>> =
        who.matching.directory_groups.iter().flatten().map(|matched| matched.with).collect();
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
            // A directory group that another group has claimed by a surer key is none for this one.
            let keys = all_keys(group, group_keys);
            let answer = directory.look_up_any(&keys, |group| !claimed.contains(&group));
            let answer = answer.map(|group| Standing::Expected(world.expectation.groups[group].row));
            let asked = || Asked { kind: Kind::Group, principal: Vec::new(), account: None, what: name_keys(&keys) };
            standing_of_present(world, answer, asked)
        };
        (position, standing)
    };
    world.snapshot.groups.positions().map(standing).collect()
}

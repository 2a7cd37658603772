//! By which nested directory groups people are in an Identity Center group.

use std::collections::BTreeMap;

use crate::model::{DirectoryGroup, Group, Ix, Person, Reach, Report, effective_members};

/// The directory groups between a group and its nested members. Direct members are not kept, so this grows with the
/// nested memberships and not with the population.
pub(super) struct DirectoryPaths {
    nested: BTreeMap<(Ix<Group>, Ix<Person>), Reach>,
}

impl DirectoryPaths {
    pub(super) fn of(report: &Report<'_>) -> Self {
        let mut nested = BTreeMap::new();
        for (number, matched) in report.matching.directory_groups.iter().enumerate() {
            let Some(matched) = matched else { continue };
            let groups = &report.world.expectation.groups;
            if groups[matched.with].groups.seen().next().is_none() {
                continue;
            }
            let members = effective_members(groups, matched.with, report.matching.provisioning.nesting);
            for reach in members.seen().filter(|reach| reach.between().next().is_some()) {
                nested.insert((Ix::new(number), reach.person), reach.clone());
            }
        }
        DirectoryPaths { nested }
    }

    /// The directory groups between them, innermost first; empty for a direct member.
    pub(super) fn between(&self, person: Ix<Person>, group: Ix<Group>) -> impl Iterator<Item = Ix<DirectoryGroup>> {
        self.nested.get(&(group, person)).into_iter().flat_map(Reach::between)
    }
}

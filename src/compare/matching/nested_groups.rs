//! Which groups of Identity Center look as if nested groups counted, and which as if they did not.
//!
//! Whoever set the wrong one would get a finding for each membership that depends on it. So where many groups look like
//! the other setting, and hardly one like this one, it is said once, and nothing is concluded about the memberships that
//! depend on it. Strangers and members who are missing for another reason do not change how a group looks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{
    Extent, Gap, Group, Hides, Ix, Looks, Matched, Matching, Nesting, NestingMismatch, Person, Side, What, Why, World,
    effective_members,
};

/// Groups that tell nothing yet: so many may be filled otherwise than the rest.
const FEW_GROUPS: usize = 3;
/// Memberships of which one or two groups are enough to tell.
const MANY_MEMBERSHIPS: usize = 20;

/// People who are members of a group by one setting only.
pub(crate) type Depending = BTreeMap<Ix<Group>, BTreeSet<Ix<Person>>>;

/// Counts the groups that have none of those who are members by nested groups alone, and the groups that have all of
/// them. Returns the memberships that depend on the setting, where it is probably the wrong one.
pub(crate) fn compare_nesting(world: &World, matching: &mut Matching) -> Depending {
    let directory = &world.expectation.groups;
    let mut depending = Depending::new();
    let (mut like_direct, mut like_nested) = (Like::default(), Like::default());
    for ((position, group), matched) in world.snapshot.groups.positions().zip(&matching.directory_groups) {
        let nests = |matched: &&Matched<_>| directory[matched.with].groups.seen().next().is_some();
        let Some(matched) = matched.as_ref().filter(nests) else { continue };
        let expected = |nesting| -> BTreeSet<Ix<Person>> {
            let current = |person: &Ix<Person>| !world.expectation.people[*person].employment.is_over();
            let members = effective_members(directory, matched.with, nesting);
            members.seen().map(|reach| reach.person).filter(current).collect()
        };
        let (direct, nested) = (expected(Nesting::Direct), expected(Nesting::Flatten));
        let differing: BTreeSet<Ix<Person>> = nested.symmetric_difference(&direct).copied().collect();
        if differing.is_empty() {
            continue;
        }
        let members = group.members.seen().filter_map(|user| matching.people[user.number()]);
        let members: BTreeSet<Ix<Person>> = members.map(|matched| matched.with).collect();
        let present = differing.intersection(&members).count();
        let all_read = matches!(group.members.extent(), Extent::Whole(_));
        like_direct.add(present == 0 && all_read, differing.len());
        like_nested.add(present == differing.len(), differing.len());
        depending.insert(position, differing);
    }
    matching.provisioning.like_direct = like_direct.groups;
    matching.provisioning.like_nested = like_nested.groups;
    matching.nesting_mismatch = match matching.provisioning.nesting {
        Nesting::Flatten => mismatch(Nesting::Direct, like_direct, like_nested, &depending),
        Nesting::Direct => mismatch(Nesting::Flatten, like_nested, like_direct, &depending),
    };
    if matching.nesting_mismatch.is_some() { depending } else { Depending::new() }
}

/// Groups that look like one of the settings, and how many of their memberships the other one would not give.
#[derive(Debug, Clone, Copy, Default)]
struct Like {
    groups: usize,
    memberships: usize,
}

impl Like {
    fn add(&mut self, looks: bool, memberships: usize) {
        if looks {
            self.groups += 1;
            self.memberships += memberships;
        }
    }
}

fn mismatch(like: Nesting, other: Like, set: Like, depending: &Depending) -> Option<NestingMismatch> {
    let many = other.groups >= FEW_GROUPS && other.groups >= set.groups * 4;
    let large = set.groups == 0 && other.memberships >= MANY_MEMBERSHIPS;
    let memberships = depending.values().map(BTreeSet::len).sum();
    let looks = Looks { like, groups: other.groups, like_set: set.groups, memberships };
    (many || large).then(|| NestingMismatch { looks, gap: Arc::new(gap(looks)) })
}

fn gap(looks: Looks) -> Gap {
    Gap {
        side: Side::Expected,
        source: "directory".to_owned(),
        account: None,
        unseen: What::NestedMemberships.into(),
        why: Why::NestingMismatch { looks },
        hides: Hides::Grants,
    }
}

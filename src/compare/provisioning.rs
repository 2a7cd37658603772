//! Which groups of Identity Center look as if nested groups counted, and which as if they did not.

use std::collections::BTreeSet;

use crate::model::{Ix, Matched, Matching, Nesting, Person, World, effective_members};

/// Counts the groups that have exactly their direct members, and those that have exactly their nested ones, where the
/// two differ: whoever set the wrong one sees it at once.
pub(super) fn compare_nesting(world: &World, matching: &mut Matching) {
    let directory = &world.expectation.groups;
    let (mut like_direct, mut like_nested) = (0, 0);
    for ((_, group), matched) in world.snapshot.groups.positions().zip(&matching.directory_groups) {
        let nests = |matched: &&Matched<_>| directory[matched.with].groups.seen().next().is_some();
        let Some(matched) = matched.as_ref().filter(nests) else { continue };
        let expected = |nesting| -> BTreeSet<Ix<Person>> {
            let current = |person: &Ix<Person>| !world.expectation.people[*person].employment.is_over();
            let members = effective_members(directory, matched.with, nesting);
            members.seen().map(|reach| reach.person).filter(current).collect()
        };
        let (direct, nested) = (expected(Nesting::Direct), expected(Nesting::Flatten));
        let there: Option<BTreeSet<Ix<Person>>> =
            group.members.seen().map(|user| matching.people[user.number()].map(|matched| matched.with)).collect();
        if direct != nested
            && let Some(there) = there
        {
            like_direct += usize::from(there == direct);
            like_nested += usize::from(there == nested);
        }
    }
    matching.provisioning.like_direct = like_direct;
    matching.provisioning.like_nested = like_nested;
}

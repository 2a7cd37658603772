//! How far each kind was read on AWS's side: the extents of all the listings that it consists of, as one.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Counts, Coverage, Evidence, Expectation, Extent, Finding, Hides, IamAccount, IamScope, Kind, Known, Listing,
    ReadExtent, Snapshot, StandingWord, Why, World,
};

/// How far each kind was read, and whether a list speaks for it.
pub(super) fn of(world: &World, counts: &Counts, findings: &[Finding]) -> BTreeMap<Kind, Coverage> {
    let missing = missing(findings);
    let coverage = |kind| Coverage {
        number: counts.get(&kind).map_or(0, |standings| standings.values().sum()),
        unlisted: counts.get(&kind).and_then(|standings| standings.get(&StandingWord::Unlisted)).copied().unwrap_or(0),
        listed: world.expectation.speaks_for.contains(&kind),
        listed_in_full: in_full(&world.expectation, kind) || missing.contains(&kind),
        read: read(&world.snapshot, kind),
    };
    Kind::ALL.into_iter().map(|kind| (kind, coverage(kind))).collect()
}

/// Whether the lists name all of a kind.
pub(super) fn in_full(expectation: &Expectation, kind: Kind) -> bool {
    expectation.speaks_for.contains(&kind) && !expectation.speaks_in_part.contains(&kind)
}

/// The kinds of which a list named all that is missing now, where nobody accepted that.
fn missing(findings: &[Finding]) -> BTreeSet<Kind> {
    let open = findings.iter().filter(|finding| finding.waiver.is_none());
    let kinds = open.flat_map(|finding| &finding.evidence).filter_map(|piece| {
        let Evidence::Gone { kinds, in_part, .. } = piece else { return None };
        Some(kinds.iter().chain(in_part))
    });
    kinds.flatten().copied().collect()
}

pub(super) fn read(snapshot: &Snapshot, kind: Kind) -> ReadExtent {
    match kind {
        Kind::IamUser | Kind::Policy => in_accounts(snapshot, |account| read_of(&account.users, true)),
        Kind::Trust => in_accounts(snapshot, |account| read_of(&account.roles, true)),
        Kind::User
        | Kind::Group
        | Kind::Membership
        | Kind::PermissionSet
        | Kind::Assignment
        | Kind::Application
        | Kind::Entitlement
            if !snapshot.scope.identity_center =>
        {
            ReadExtent::OutOfScope
        }
        Kind::User => by_name(snapshot.looked_up_users.is_some(), read_of(&snapshot.users, true)),
        Kind::Group => by_name(snapshot.looked_up_groups.is_some(), read_of(&snapshot.groups, true)),
        Kind::Membership => {
            let members = snapshot.groups.seen().all(|group| is_whole(group.members.extent()));
            by_name(snapshot.looked_up_groups.is_some(), read_of(&snapshot.groups, members))
        }
        Kind::PermissionSet => {
            let known = snapshot.permission_sets.seen().all(|set| matches!(set.policies, Known::Is(_)));
            read_of(&snapshot.permission_sets, known)
        }
        Kind::Assignment => {
            let mut placements = snapshot.permission_sets.seen().map(|set| &set.placements);
            let placed = placements.all(|placements| {
                is_whole(placements.extent()) && placements.seen().all(|one| is_whole(one.principals.extent()))
            });
            read_of(&snapshot.permission_sets, placed)
        }
        Kind::Application => {
            let mut applications = snapshot.applications.seen();
            let told = applications.all(|one| is_whole(one.principals.extent()) && is_whole(one.everyone.extent()));
            read_of(&snapshot.applications, told)
        }
        Kind::Entitlement => match snapshot.entitled.extent() {
            // The roles of every account were read, and none lets anybody in this way.
            Extent::Part(gap) if gap.hides == Hides::Nothing => ReadExtent::Whole,
            Extent::Part(_) | Extent::Whole(_) => {
                let whole = snapshot.entitled.seen().all(|entitled| is_whole(entitled.entitlements.extent()));
                read_of(&snapshot.entitled, whole)
            }
        },
    }
}

/// How far a listing was read, of whose entries everything was read or was not.
fn read_of<T>(listing: &Listing<T>, each_whole: bool) -> ReadExtent {
    match listing.extent() {
        Extent::Whole(_) if each_whole => ReadExtent::Whole,
        Extent::Whole(_) => ReadExtent::Part,
        Extent::Part(gap) if gap.why == Why::Unsupported => ReadExtent::Unsupported,
        Extent::Part(_) if listing.seen().next().is_some() => ReadExtent::Part,
        Extent::Part(_) => ReadExtent::Unread,
    }
}

fn is_whole(extent: &Extent) -> bool {
    matches!(extent, Extent::Whole(_))
}

/// What AWS does not list was read by name.
fn by_name(looked_up: bool, read: ReadExtent) -> ReadExtent {
    if looked_up && read == ReadExtent::Whole { ReadExtent::ByName } else { read }
}

/// In how many accounts something of IAM was read to its end.
fn in_accounts(snapshot: &Snapshot, read: impl Fn(&IamAccount) -> ReadExtent) -> ReadExtent {
    let whole_list = is_whole(snapshot.accounts.extent());
    if snapshot.scope.iam == IamScope::Nowhere || (snapshot.iam.is_empty() && whole_list) {
        return ReadExtent::OutOfScope;
    }
    let whole = snapshot.iam.iter().filter(|account| read(account) == ReadExtent::Whole).count();
    let known = whole_list.then(|| snapshot.accounts.seen().filter(|account| account.listed).count().max(whole));
    match whole {
        0 if snapshot.iam.iter().any(|account| read(account).is_some()) => ReadExtent::Part,
        0 => ReadExtent::Unread,
        read => ReadExtent::Accounts { read, known },
    }
}

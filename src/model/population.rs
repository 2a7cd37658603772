//! Who can reach what, derived from the grants of a snapshot, one row at a time.

use std::collections::{BTreeMap, BTreeSet};

use super::{Access, Account, Beside, Everyone, Group, IamAccount, Ix, PermissionSet, Principal, Snapshot, User};

/// A permission set in an account.
type Place = (Ix<PermissionSet>, Ix<Account>);

/// The population of a snapshot: users by name, each with its direct assignments and then those by group; then groups
/// that nobody is seen in; then applications for everyone; then IAM users by account. Besides permission sets, each has
/// applications and IAM roles.
pub(super) fn access(snapshot: &Snapshot) -> impl Iterator<Item = Access> + '_ {
    let held = Held::of(snapshot);
    let empty_groups = held.empty_groups(snapshot);
    let users = snapshot.users.positions().map(|(user, _)| user);
    users.flat_map(move |user| held.by_user(user)).chain(empty_groups).chain(open(snapshot)).chain(iam(snapshot))
}

/// The rows of these users alone.
pub(super) fn access_of<'s>(
    snapshot: &'s Snapshot,
    users: impl Iterator<Item = Ix<User>> + 's,
) -> impl Iterator<Item = Access> + 's {
    let held = Held::of(snapshot);
    users.flat_map(move |user| held.by_user(user))
}

/// Who is assigned what, by principal, and who is in which group, by user.
struct Held {
    assigned: BTreeMap<Principal, Vec<Place>>,
    beside: BTreeMap<Principal, Vec<Beside>>,
    /// By user.
    groups: Vec<Vec<Ix<Group>>>,
}

impl Held {
    fn of(snapshot: &Snapshot) -> Self {
        let mut assigned: BTreeMap<Principal, Vec<Place>> = BTreeMap::new();
        for (position, permission_set) in snapshot.permission_sets.positions() {
            for placement in permission_set.placements.seen() {
                for &principal in placement.principals.seen() {
                    assigned.entry(principal).or_default().push((position, placement.account));
                }
            }
        }
        let mut groups: Vec<Vec<Ix<Group>>> = vec![Vec::new(); snapshot.users.seen().count()];
        for (position, group) in snapshot.groups.positions() {
            for &member in group.members.seen() {
                groups[member.number()].push(position);
            }
        }
        Held { assigned, beside: beside(snapshot), groups }
    }

    fn by_user(&self, user: Ix<User>) -> Vec<Access> {
        let by_group = self.groups[user.number()].iter();
        let ways = std::iter::once((None, Principal::User(user)))
            .chain(by_group.map(|&group| (Some(group), Principal::Group(group))));
        let mut rows: Vec<Access> = ways
            .clone()
            .flat_map(|(group, principal)| {
                self.assigned.get(&principal).into_iter().flatten().map(move |&(permission_set, account)| {
                    Access::PermissionSet { user, group, permission_set, account }
                })
            })
            .collect();
        rows.extend(ways.flat_map(|(group, principal)| {
            let beside = self.beside.get(&principal).into_iter().flatten();
            beside.map(move |&what| Access::Beside { user, group, what })
        }));
        if rows.is_empty() {
            rows.push(Access::Nothing { user });
        }
        rows
    }

    fn empty_groups(&self, snapshot: &Snapshot) -> Vec<Access> {
        let inhabited: BTreeSet<Ix<Group>> = self.groups.iter().flatten().copied().collect();
        snapshot
            .groups
            .positions()
            .map(|(group, _)| group)
            .filter(|group| !inhabited.contains(group))
            .flat_map(|group| {
                let assigned = self.assigned.get(&Principal::Group(group)).into_iter().flatten();
                let beside = self.beside.get(&Principal::Group(group)).into_iter().flatten();
                assigned
                    .map(move |&(permission_set, account)| Access::EmptyGroup { group, permission_set, account })
                    .chain(beside.map(move |&what| Access::BesideOfEmptyGroup { group, what }))
            })
            .collect()
    }
}

/// Applications and IAM roles, by principal.
fn beside(snapshot: &Snapshot) -> BTreeMap<Principal, Vec<Beside>> {
    let mut beside: BTreeMap<Principal, Vec<Beside>> = BTreeMap::new();
    for (position, application) in snapshot.applications.positions() {
        for &principal in application.principals.seen() {
            beside.entry(principal).or_default().push(Beside::Application(position));
        }
    }
    for (place, entitled) in snapshot.entitled.positions() {
        for (position, entitlement) in entitled.entitlements.positions() {
            beside.entry(entitlement.principal).or_default().push(Beside::Role(place, position));
        }
    }
    beside
}

fn open(snapshot: &Snapshot) -> impl Iterator<Item = Access> + '_ {
    let open = snapshot.applications.positions();
    open.flat_map(|(application, entry)| {
        entry.everyone.seen().map(move |Everyone| Access::OpenApplication { application })
    })
}

fn iam(snapshot: &Snapshot) -> impl Iterator<Item = Access> + '_ {
    snapshot.iam.iter().enumerate().flat_map(|(number, account)| {
        let position: Ix<IamAccount> = Ix::new(number);
        account.users.positions().flat_map(move |(user, entry)| {
            let none = entry.policies.is_empty().then_some(Access::NoIamPolicy { account: position, user });
            let some =
                (0..entry.policies.len()).map(move |policy| Access::IamPolicy { account: position, user, policy });
            none.into_iter().chain(some)
        })
    })
}

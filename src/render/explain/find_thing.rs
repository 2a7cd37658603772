//! Which group, IAM user, permission set or account is meant by a name.

use crate::model::{Account, Extent, Group, IamAccount, IamUser, Ix, NameKey, PermissionSet, Report, Snapshot};
use crate::wording::gap_line;

/// Names that are near enough to be told.
const NEAR: usize = 5;

/// What sort of thing is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThingKind {
    /// A group of Identity Center.
    Group,
    /// An IAM user.
    IamUser,
    /// A permission set.
    PermissionSet,
    /// An AWS account.
    Account,
}

impl ThingKind {
    const ALL: [ThingKind; 4] = [ThingKind::Group, ThingKind::IamUser, ThingKind::PermissionSet, ThingKind::Account];

    /// One stable word: `group`, `iam-user`, `permission-set`, `account`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ThingKind::Group => "group",
            ThingKind::IamUser => "iam-user",
            ThingKind::PermissionSet => "permission-set",
            ThingKind::Account => "account",
        }
    }
}

/// A thing of the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thing {
    Group(Ix<Group>),
    IamUser(Ix<IamAccount>, Ix<IamUser>),
    PermissionSet(Ix<PermissionSet>),
    Account(Ix<Account>),
}

impl Thing {
    pub(super) fn kind(self) -> ThingKind {
        match self {
            Thing::Group(_) => ThingKind::Group,
            Thing::IamUser(..) => ThingKind::IamUser,
            Thing::PermissionSet(_) => ThingKind::PermissionSet,
            Thing::Account(_) => ThingKind::Account,
        }
    }

    pub(super) fn name(self, report: &Report<'_>) -> String {
        let snapshot = &report.world.snapshot;
        match self {
            Thing::Group(group) => snapshot.groups[group].name.clone(),
            Thing::IamUser(account, user) => snapshot.iam[account.number()].users[user].name.clone(),
            Thing::PermissionSet(set) => snapshot.permission_sets[set].name.clone(),
            Thing::Account(account) => {
                let account = &snapshot.accounts[account];
                account.name.clone().unwrap_or_else(|| account.id.to_string())
            }
        }
    }

    /// What no other thing is called.
    pub(super) fn id(self, report: &Report<'_>) -> String {
        let snapshot = &report.world.snapshot;
        match self {
            Thing::Group(group) => snapshot.groups[group].id.to_string(),
            Thing::IamUser(account, user) => snapshot.iam[account.number()].users[user].arn.clone(),
            Thing::PermissionSet(set) => snapshot.permission_sets[set].arn.to_string(),
            Thing::Account(account) => snapshot.accounts[account].id.to_string(),
        }
    }
}

/// The things that have this name or id.
pub(super) fn called(report: &Report<'_>, name: &str, kind: Option<ThingKind>) -> Vec<Thing> {
    let wanted = NameKey::of(name.trim());
    let is_called =
        |thing: &Thing| NameKey::of(&thing.name(report)) == wanted || NameKey::of(&thing.id(report)) == wanted;
    all(&report.world.snapshot, kind).filter(is_called).collect()
}

fn all(snapshot: &Snapshot, kind: Option<ThingKind>) -> impl Iterator<Item = Thing> + '_ {
    let groups = snapshot.groups.positions().map(|(group, _)| Thing::Group(group));
    let users =
        snapshot.iam.iter().enumerate().flat_map(|(account, iam)| {
            iam.users.positions().map(move |(user, _)| Thing::IamUser(Ix::new(account), user))
        });
    let sets = snapshot.permission_sets.positions().map(|(set, _)| Thing::PermissionSet(set));
    let accounts = snapshot.accounts.positions().map(|(account, _)| Thing::Account(account));
    let all = groups.chain(users).chain(sets).chain(accounts);
    all.filter(move |thing| kind.is_none_or(|kind| thing.kind() == kind))
}

/// What of these kinds could not be read.
pub(super) fn unseen(report: &Report<'_>, kind: Option<ThingKind>) -> Vec<String> {
    let snapshot = &report.world.snapshot;
    let of_kind = |one: ThingKind| match one {
        ThingKind::Group => vec![snapshot.groups.extent()],
        ThingKind::IamUser => snapshot.iam.iter().map(|iam| iam.users.extent()).collect(),
        ThingKind::PermissionSet => vec![snapshot.permission_sets.extent()],
        ThingKind::Account => vec![snapshot.accounts.extent()],
    };
    let kinds = ThingKind::ALL.into_iter().filter(|one| kind.is_none_or(|kind| *one == kind));
    let gap = |extent: &Extent| if let Extent::Part(gap) = extent { Some(gap_line(gap)) } else { None };
    kinds.flat_map(of_kind).filter_map(gap).collect()
}

/// Names that are nearest: those that hold what was asked for, then those that differ in little.
pub(super) fn near(report: &Report<'_>, wanted: &str, kind: Option<ThingKind>) -> Vec<String> {
    let wanted = NameKey::of(wanted.trim());
    let distance = |name: &str| {
        let (name, wanted) = (NameKey::of(name), wanted.as_str());
        if !wanted.is_empty() && name.as_str().contains(wanted) {
            return Some(0);
        }
        let distance = strsim::damerau_levenshtein(name.as_str(), wanted);
        (distance <= 1 + wanted.chars().count() / 4).then_some(distance)
    };
    let named = all(&report.world.snapshot, kind).map(|thing| thing.name(report));
    let mut near: Vec<(usize, String)> = named.filter_map(|name| Some((distance(&name)?, name))).collect();
    near.sort();
    near.dedup();
    near.into_iter().take(NEAR).map(|(_, name)| name).collect()
}

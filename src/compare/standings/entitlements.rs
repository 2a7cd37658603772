//! Who may be which IAM role by account access manager, against `entitlements.csv`, both ways.

use std::sync::Arc;

use crate::compare::administrative;
use crate::compare::matching::keys::{Key, key};
use crate::compare::matching::who_is_who::WhoIsWho;
use crate::model::{
    Account, AccountId, Asked, Entitlement, EntitlementRow, Hides, IamRole, Ix, Judged, Kind, ListingIndex, NameKey,
    Sight, Standing, Subject, World,
};

use super::approval::{Approval, Content, Holder};
use super::names_in_rows::{self, Principals};
use super::{NotThere, by_kindest_row, grants, seen, speaks_for, standing_of_present};

/// What a row is found by: whether it speaks of a group, whose, which role, where.
type RowKey = (bool, Key, Key, AccountId);

pub(super) fn judge(world: &World, who: &WhoIsWho, principals: &Principals<'_>) -> Vec<Judged> {
    let rows = world.expectation.entitlements.index_by(|row| {
        let (group, name) = names_in_rows::row_key(&row.principal);
        [(group, name, key(&row.role), row.account)]
    });
    let mut judged = Vec::new();
    for (place, entitled) in world.snapshot.entitled.positions() {
        judged.extend(entitled.entitlements.positions().map(|(position, entitlement)| Judged {
            subject: Subject::Entitlement(place, position),
            standing: standing(world, who, principals, &rows, entitled.account, entitlement),
        }));
    }
    judged.extend(due(world, principals));
    judged
}

fn standing(
    world: &World,
    who: &WhoIsWho,
    principals: &Principals<'_>,
    rows: &ListingIndex<'_, RowKey, EntitlementRow>,
    place: Ix<Account>,
    entitlement: &Entitlement,
) -> Standing {
    let account = world.snapshot.accounts[place].id;
    let called = principals.called(entitlement.principal);
    let keys = |name: &Key| vec![(called.group, name.clone(), key(&entitlement.role), account)];
    let listed = &world.expectation.entitlements;
    let by_rows = || {
        let by_row = |row: Ix<EntitlementRow>| by_row(world, place, entitlement, &listed[row]);
        let look_up = |acceptable: &dyn Fn(Ix<EntitlementRow>) -> bool| {
            called.look_up(rows, keys, |row| !listed[row].lapsed && acceptable(row))
        };
        let asked = || Asked {
            kind: Kind::Entitlement,
            principal: called.name_keys(),
            account: Some(account),
            what: vec![NameKey::of(&entitlement.role)],
        };
        standing_of_present(world, by_kindest_row(look_up, by_row), asked)
    };
    let lapsed = || called.look_up(rows, keys, |_| true).seen().map(|row| listed[row].row);
    grants::standing(world, who, (Kind::Entitlement, Some(entitlement.principal), None), by_rows, lapsed)
}

/// How an entitlement stands by a row: the role must be what it approves.
fn by_row(world: &World, place: Ix<Account>, entitlement: &Entitlement, row: &EntitlementRow) -> Standing {
    let role = administrative::entitled_role(&world.snapshot, place, entitlement);
    // A role that is gone gives nothing.
    if let Some(Sight::Absent(_)) = role {
        return Standing::Expected(row.row);
    }
    let approval = Approval { row: row.row, administrative: row.administrative, digest: row.digest.as_deref() };
    approval.standing(
        world,
        Content {
            holder: Holder::Role,
            name: entitlement.role.clone(),
            account: Some(row.account),
            administrative: administrative::entitlement(&world.snapshot, place, entitlement),
            digest: role.and_then(Sight::seen).and_then(IamRole::policies_digest),
            digest_covers_all: true,
        },
    )
}

/// Rows that expect what is not there.
fn due(world: &World, principals: &Principals<'_>) -> Vec<Judged> {
    if !speaks_for(world, Kind::Entitlement) {
        return Vec::new();
    }
    let there = There { world, accounts: world.snapshot.accounts.index_by(|account| [account.id]), principals };
    let rows = world.expectation.entitlements.positions();
    let in_force = rows.filter(|(_, row)| grants::is_due(row.presence, row.lapsed));
    let due = in_force.filter_map(|(position, row)| {
        let mut standing = there.look_for(row).err()?.standing(row.row);
        if let Standing::Unknown(gap) = &mut standing
            && world.snapshot.scope.identity_center
        {
            // Also a listing that can hide nobody's access hides whether a row is met.
            Arc::make_mut(gap).hides = Hides::Grants;
        }
        Some(Judged { subject: Subject::DueEntitlement(position), standing })
    });
    due.collect()
}

/// What is there, by the names that rows use.
struct There<'w> {
    world: &'w World,
    accounts: ListingIndex<'w, AccountId, Account>,
    principals: &'w Principals<'w>,
}

impl There<'_> {
    /// Looks for what a row expects, from the outside in: the proof of absence is that of the first thing that is not
    /// there.
    fn look_for(&self, row: &EntitlementRow) -> Result<(), NotThere> {
        let account = seen(self.accounts.look_up_any(&[row.account], |_| true))?;
        let principal = seen(self.principals.look_up(&row.principal))?;
        let entitled = seen(self.world.snapshot.entitled.look_up(&account, |entitled| entitled.account))?;
        let role = key(&row.role);
        let is_it = |held: &Entitlement| held.principal == principal && key(&held.role) == role;
        if entitled.entitlements.seen().any(is_it) {
            return Ok(());
        }
        seen(entitled.entitlements.of_unseen())
    }
}

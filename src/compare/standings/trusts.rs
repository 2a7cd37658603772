//! Outsiders whom roles trust against `trusts.csv`, both ways.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::compare::administrative::{self, Place};
use crate::compare::matching::keys::{Key, key};
use crate::compare::outside_organization::{Whereabouts, whereabouts};
use crate::compare::trust_conditions;
use crate::model::{
    AccountId, Asked, IamAccount, IamRole, Ix, Judged, Kind, Known, Listing, ListingIndex, NameKey, Standing, Subject,
    Trust, TrustRow, Trusted, World,
};

use super::approval::{Approval, Content, Holder};
use super::iam::out_of_scope;
use super::{NotThere, by_kindest_row, seen, speaks_for, standing_of_present};

/// A role in an account, and the name of somebody whom it trusts.
type TrustKey = (AccountId, Key, Key);

pub(super) fn judge(world: &World) -> Vec<Judged> {
    let rows = world.expectation.trusts.index_by(|row| [(row.account, key(&row.role), key(&row.trusted))]);
    let mut judged = Vec::new();
    for (number, account) in world.snapshot.iam.iter().enumerate() {
        for (role, entry) in account.roles.positions() {
            let Known::Is(trusts) = &entry.trusts else { continue };
            for (place, trust) in trusts.iter().enumerate() {
                let subject = Subject::Trust(Ix::new(number), role, Ix::new(place));
                let standing = standing(world, &rows, account, entry, trust);
                judged.extend(standing.map(|standing| Judged { subject, standing }));
            }
        }
    }
    let unlisted = world.snapshot.unlisted_accounts();
    let rows = world.expectation.trusts.positions();
    judged.extend(rows.filter_map(|(position, row)| due(world, &unlisted, position, row)));
    judged
}

/// How a trust stands; `None` for one within the organization, which no list speaks of.
fn standing(
    world: &World,
    rows: &ListingIndex<'_, TrustKey, TrustRow>,
    account: &IamAccount,
    role: &IamRole,
    trust: &Trust,
) -> Option<Standing> {
    let unknown = match whereabouts(&world.snapshot, account, role, trust) {
        Whereabouts::Inside => return None,
        Whereabouts::Outside => None,
        Whereabouts::Unknown(gap) => Some(gap),
    };
    if !speaks_for(world, Kind::Trust) {
        return Some(Standing::Unlisted);
    }
    let id = world.snapshot.accounts[account.account].id;
    let keys: Vec<TrustKey> =
        names(&trust.trusted).into_iter().map(|trusted| (id, key(&role.name), key(&trusted))).collect();
    let listed = &world.expectation.trusts;
    let by_row = |row: Ix<TrustRow>| by_row(world, account, role, trust, &listed[row]);
    let answer = by_kindest_row(|acceptable| rows.look_up_any(&keys, acceptable), by_row);
    let asked = || Asked {
        kind: Kind::Trust,
        principal: vec![NameKey::of(&role.name)],
        account: Some(id),
        what: names(&trust.trusted).iter().map(|name| NameKey::of(name)).collect(),
    };
    Some(match (standing_of_present(world, answer, asked), unknown) {
        (Standing::Unintended(_) | Standing::Differs(_), Some(gap)) => Standing::Unknown(gap),
        (standing, _) => standing,
    })
}

/// How a trust stands by a row: the conditions must be those that it accepts, and the role what it approves. That anyone
/// at all becomes an administrator, no row can approve.
fn by_row(world: &World, account: &IamAccount, role: &IamRole, trust: &Trust, row: &TrustRow) -> Standing {
    let administrative = administrative::role(role, Place::of(&world.snapshot, account.account));
    let everyone_administers = administrative.is_yes() && trust_conditions::admit_everyone(trust);
    if everyone_administers || !trust_conditions::are_as_listed(trust, &row.conditions) {
        return Standing::Differs(row.row);
    }
    let approval = Approval { row: row.row, administrative: row.administrative, digest: row.digest.as_deref() };
    approval.standing(
        world,
        Content {
            holder: Holder::Role,
            name: role.name.clone(),
            account: Some(world.snapshot.accounts[account.account].id),
            administrative,
            digest: role.policies_digest(),
            digest_covers_all: true,
        },
    )
}

/// The names by which a row may expect somebody: their own, and those of whom they are part, which is more.
fn names(trusted: &Trusted) -> Vec<String> {
    let wider = match trusted {
        Trusted::Account(account, Some(_)) => vec![account.to_string(), Trusted::Anyone.name()],
        Trusted::Account(_, None) | Trusted::Organization(_) => vec![Trusted::Anyone.name()],
        Trusted::Anyone | Trusted::Saml(_) | Trusted::Oidc(_) | Trusted::Service(_) | Trusted::Gone(_) => Vec::new(),
    };
    [trusted.name()].into_iter().chain(wider).collect()
}

/// A row that expects a trust which is not there.
fn due(world: &World, unlisted: &BTreeSet<AccountId>, position: Ix<TrustRow>, row: &TrustRow) -> Option<Judged> {
    let snapshot = &world.snapshot;
    let not_there = match seen(snapshot.accounts.look_up(&row.account, |account| account.id)) {
        Err(not_there) => not_there,
        Ok(_) => match snapshot.iam.iter().find(|iam| snapshot.accounts[iam.account].id == row.account) {
            None => NotThere::Unseen(Arc::new(out_of_scope(unlisted, row.account))),
            Some(iam) => in_account(iam, row)?,
        },
    };
    Some(Judged { subject: Subject::DueTrust(position), standing: not_there.standing(row.row) })
}

fn in_account(iam: &IamAccount, row: &TrustRow) -> Option<NotThere> {
    let role = match seen(iam.roles.look_up(&NameKey::of(&row.role), |role| NameKey::of(&role.name))) {
        Ok(role) => role,
        Err(not_there) => return Some(not_there),
    };
    let trusts = match &role.trusts {
        Known::Is(trusts) => trusts,
        Known::Unknown(gap) => return Some(NotThere::Unseen(Arc::clone(gap))),
    };
    let names = trusts.iter().flat_map(|trust| names(&trust.trusted)).map(|name| key(&name)).collect();
    let names: Listing<Key> = Listing::new(names, iam.roles.extent().clone());
    seen(names.look_up(&key(&row.trusted), Key::clone)).err()
}

//! Which access makes its holder an administrator, for the printers.

use crate::model::{Administrators, Ix, Snapshot};

use super::administrative::{self, Place};
use super::rule_context::Case;

/// Of everything that was seen, whether it makes its holder an administrator.
pub(super) fn of(case: &Case<'_>) -> Administrators {
    let snapshot: &Snapshot = &case.world.snapshot;
    let entitlements = snapshot.entitled.positions().map(|(place, entitled)| {
        let of_account = entitled.entitlements.positions();
        of_account.map(|(role, _)| case.administrative_entitlement(place, role)).collect()
    });
    let iam_users = (0..snapshot.iam.len()).map(|account| {
        let place: Place = case.place(Ix::new(account));
        snapshot.iam[account].users.seen().map(|user| administrative::user(user, place)).collect()
    });
    Administrators {
        permission_sets: snapshot
            .permission_sets
            .positions()
            .map(|(set, _)| case.administrative(set).clone())
            .collect(),
        entitlements: entitlements.collect(),
        iam_users: iam_users.collect(),
    }
}

//! What assignments, applications and entitlements have in common: somebody holds something, and rows expect it.

use std::sync::Arc;

use crate::compare::matching::who_is_who::WhoIsWho;
use crate::model::{Because, Gap, Kind, Presence, Principal, RowRef, Standing, World};

use super::names_in_rows::{left, name_unknown};
use super::speaks_for;

/// How something that is held stands. `hidden` is the gap of its own name, without which no row can be found; `by_rows`
/// is what rows in force say, and `lapsed` the row that expected it once.
pub(super) fn standing(
    world: &World,
    who: &WhoIsWho,
    (kind, holder, hidden): (Kind, Option<Principal>, Option<&Arc<Gap>>),
    by_rows: impl FnOnce() -> Standing,
    lapsed: impl FnOnce() -> Option<RowRef>,
) -> Standing {
    if !speaks_for(world, kind) {
        return Standing::Unlisted;
    }
    let holders = || holder.and_then(|principal| name_unknown(world, principal));
    if let Some(gap) = hidden.cloned().or_else(holders) {
        return Standing::Unknown(gap);
    }
    if let Some(row) = holder.and_then(|principal| left(world, who, principal)) {
        return Standing::Unintended(Because::HolderLeft(row));
    }
    let standing = by_rows();
    let Standing::Unintended(Because::NotExpected(_)) = standing else { return standing };
    lapsed().map_or(standing, |row| Standing::Unintended(Because::Lapsed(row)))
}

/// Whether a row asks for what it expects: it must be there, and the row is in force.
pub(super) fn is_due(presence: Presence, lapsed: bool) -> bool {
    presence == Presence::Required && !lapsed
}

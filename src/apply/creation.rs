//! Whether a user or a group of Identity Center that has the name of the one that a change creates is the one that it
//! created. No id is ever guessed.

use chrono::TimeDelta;

use super::journal::Open;
use crate::operate::{IdentityStoreWrite, Observed, Step};

/// How far the clock of this machine may be before AWS's.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);

/// Whether a step that creates one was sent, and what has its name now is what it created: by the id that AWS answered, or,
/// where the answer was lost, because the same operator created it since.
pub(super) fn is_created(open: &Open, observed: &Observed) -> bool {
    let Step::IdentityStore { write, .. } = &open.step else { return false };
    let creates = matches!(write, IdentityStoreWrite::CreateUser { .. } | IdentityStoreWrite::CreateGroup { .. });
    let Observed::Named(Some(named)) = observed else { return false };
    creates
        && match &open.made {
            Some(made) => *made == named.id,
            None => named.was_made_by(&open.operator, open.at - CLOCKS_DIFFER),
        }
}

//! What a policy denies on everything, and so takes from what its other statements allow.

use super::action_verbs::overlap;
use crate::model::{Effect, Named, Statement, fits};

/// Whether a statement denies, on everything and whatever the circumstances, all that a pattern of actions may mean.
pub(super) fn denies(statement: &Statement, pattern: &str) -> bool {
    let everything =
        matches!(&statement.resources, Some(Named::Only(patterns)) if patterns.iter().any(|one| one == "*"));
    statement.effect == Effect::Deny
        && statement.conditions.is_empty()
        && everything
        && covers(&statement.actions, pattern)
}

/// Whether actions include all that a pattern means.
fn covers(actions: &Named, pattern: &str) -> bool {
    match actions {
        // A `?` would take a star of the pattern for one letter.
        Named::Only(own) => own.iter().any(|own| !own.contains('?') && fits(own, pattern)),
        Named::AllBut(but) => !but.iter().any(|but| overlap(but, pattern)),
    }
}

//! IAM users that are deleted before their quarantine is over.

use super::Case;
use crate::change::{Change, Guard, effect};

/// Deletions without `--at-once` of users that no applied plan disabled long enough ago. A use since then shows that someone
/// enabled the user in between.
pub(super) fn not_over(case: &Case<'_>) -> Vec<Guard> {
    let snapshot = &case.before.world.snapshot;
    case.each(|planned, change| {
        let Change::DeleteIamUser { user, at_once: false } = change else { return None };
        let used = effect::iam_user(snapshot, user).and_then(|(account, place)| {
            let seen = &snapshot.iam[account.number()].users[place];
            seen.credentials.is().and_then(|credentials| credentials.last_used)
        });
        let disabled = case.quarantine.disabled(user).filter(|at| used.is_none_or(|used| used <= *at));
        let from = disabled.and_then(|at| at.checked_add_signed(case.options.quarantine.0));
        let is_over = from.is_some_and(|from| from <= case.quarantine.now());
        (!is_over).then(|| Guard::Quarantine { change: planned.id.clone(), disabled, from })
    })
}

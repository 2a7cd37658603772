//! Gaps of a run as a whole: answers that do not belong to one time or contradict each other, and an earlier run that is
//! lost.

use std::sync::Arc;

use crate::model::{AccountId, Gap, Hides, Side, StoreNote, What, Why, World, exact_span};

/// All of them.
pub(super) fn gaps(world: &World) -> Vec<Arc<Gap>> {
    apart(world).into_iter().chain(unlisted(world)).chain(lost(world)).collect()
}

/// Answers that lie so far apart that AWS may have changed in between without any of them showing it.
fn apart(world: &World) -> Option<Arc<Gap>> {
    let window = world.snapshot.window?;
    if window.to - window.from <= world.policy.answers_within {
        return None;
    }
    let began = |(_, tally): &(&String, &crate::model::Tally)| tally.window.map(|window| window.from);
    let tallies = world.snapshot.ledger.iter().filter(|tally| began(tally).is_some());
    let first = tallies.min_by_key(began).map_or("the answers of AWS", |(operation, _)| operation);
    Some(Arc::new(Gap {
        side: Side::Aws,
        source: first.to_owned(),
        account: None,
        unseen: What::ChangesMeanwhile.into(),
        why: Why::Untimely {
            detail: format!(
                "the answers date from {} to {}: {} apart, but `aws.resume_within` allows {}",
                window.from.format("%Y-%m-%d %H:%M:%S UTC"),
                window.to.format("%Y-%m-%d %H:%M:%S UTC"),
                exact_span(window.to - window.from),
                exact_span(world.policy.answers_within),
            ),
        },
        hides: Hides::Grants,
    }))
}

/// Accounts in which permission sets are assigned, and which the organization's list of accounts lacks: they were not
/// looked at.
fn unlisted(world: &World) -> impl Iterator<Item = Arc<Gap>> + '_ {
    let snapshot = &world.snapshot;
    let accounts = snapshot.unlisted_accounts().into_iter();
    let accounts = accounts.filter(|account| !snapshot.scope.excluded.contains_key(account));
    accounts.map(|account| Arc::new(not_listed(account, Hides::Grants)))
}

/// That an account was not looked at because the organization does not list it.
pub(super) fn not_listed(account: AccountId, hides: Hides) -> Gap {
    Gap {
        side: Side::Aws,
        source: "organizations:ListAccounts".to_owned(),
        account: Some(account),
        unseen: What::UnlistedAccount.into(),
        why: Why::NotListed,
        hides,
    }
}

/// What the earlier run would have been compared for, where it is there and cannot be used and no older one can.
fn lost(world: &World) -> impl Iterator<Item = Arc<Gap>> + '_ {
    let notes = world.store_notes.iter().filter(|_| world.earlier.is_none());
    notes.filter_map(|note| match note {
        StoreNote::PassedOver { object, why } => Some(Arc::new(Gap {
            side: Side::Expected,
            source: object.clone(),
            account: None,
            unseen: What::SinceEarlierRun.into(),
            why: Why::Lost { why: *why },
            hides: Hides::Grants,
        })),
        StoreNote::ToldUnknown { .. } | StoreNote::ChangesUnread { .. } | StoreNote::Stray { .. } => None,
    })
}

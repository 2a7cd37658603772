//! Which users and groups a sample of the cross-check asks about: others each day, and no person chooses them.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

/// Of how many users, and of how many groups, a sample asks. Where three in a hundred differ, a hundred that are chosen
/// without looking miss them all in one run of twenty.
pub(super) const SAMPLE: usize = 100;

/// The sample: those whose ids, each behind the date, have the lowest SHA-256. So nobody chooses, everybody can choose
/// again, and another day asks about others.
pub(super) fn sample(ids: BTreeSet<String>, date: NaiveDate) -> BTreeSet<String> {
    let mut digests: Vec<_> = ids.into_iter().map(|id| (Sha256::digest(format!("{date} {id}")), id)).collect();
    digests.sort_unstable();
    digests.into_iter().take(SAMPLE).map(|(_, id)| id).collect()
}

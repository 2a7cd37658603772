//! The two ways to who is in which group, and whom a sample asks about by a second one.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

use super::journal::page::Operation;

/// How it is asked who is in which group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Each group, who its members are.
    ByGroup,
    /// Each user, which groups it is in.
    ByMember,
}

impl Way {
    /// The way of fewer calls, where all users and all groups are listed: each takes a call at least, and few have more
    /// groups or members than one call tells.
    pub(super) fn cheaper(users: usize, groups: usize) -> Self {
        if users < groups { Way::ByMember } else { Way::ByGroup }
    }

    /// The other one.
    pub(super) fn other(self) -> Self {
        match self {
            Way::ByGroup => Way::ByMember,
            Way::ByMember => Way::ByGroup,
        }
    }

    /// What is asked on it.
    pub(super) fn operation(self) -> Operation {
        match self {
            Way::ByGroup => Operation::ListGroupMemberships,
            Way::ByMember => Operation::ListGroupMembershipsForMember,
        }
    }
}

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

//! What this report cannot see: what is so in every run, and what was left out of this one.

use crate::model::Report;
use crate::render::markup::Marked;
use crate::wording::{account, visible};

/// What no run sees.
const ALWAYS: [&str; 9] = [
    "What people did with their access: no use of Identity Center users or permission sets is read.",
    "Service control policies and resource policies: they may take away what is shown here, or grant more.",
    "What applications let their users do. Assignments to applications are shown; permissions inside are not.",
    "Who inside the organization may assume which IAM role. Only trusts of principals outside the organization are assessed.",
    "SSH public keys of IAM users, and access to machines and databases with credentials that are not IAM's.",
    "Access between two runs: what was granted and removed again in between is in no run.",
    "Passwords, access keys and hardware MFA devices are as old as AWS's credential report: up to four hours.",
    "Whether an expected list is right. The report compares with the lists as they were given; `reviewed_by` names reviewers, and nothing proves the review.",
    "Whether a removal was in time. The report shows when a deviation was first and last seen, not when it began.",
];

/// Each as a sentence; what this run left out comes first.
pub(super) fn of(report: &Report<'_>) -> Vec<Marked> {
    let snapshot = &report.world.snapshot;
    let name = |id| {
        let known = snapshot.accounts.seen().find(|account| account.id == id);
        known.and_then(|account| account.name.as_deref())
    };
    let excluded = snapshot.scope.excluded.iter().map(|(id, reason)| {
        format!("IAM in {}, which the settings exclude: {}.", account(*id, name(*id)), visible(reason))
    });
    excluded.chain(ALWAYS.map(str::to_owned)).map(Marked::from).collect()
}

//! What is, as a first draft of what should be: expected lists for the kinds that no list speaks for, and the one row
//! that accepts a finding.
//!
//! A draft says what was seen and nothing else. What was not read to its end is left out and named, so that no later
//! audit can take it for something that somebody has looked at. Pure: rows and texts come out, and the pipeline writes
//! them.

mod applications;
mod assignments;
mod entitlements;
mod iam_users;
mod people;
mod permission_sets;
mod row_for_finding;
mod sheet;
mod trusts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{
    Entitled, Entitlement, Expectation, Extent, Gap, IamAccount, IamRole, IamUser, Ix, Kind, PermissionSet, Report,
};

pub use row_for_finding::{Acceptance, Waiving, accept, waiver};
pub use sheet::Cells;

/// What makes its holders administrators, as the comparison sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Administrative {
    /// Permission sets that do.
    pub permission_sets: BTreeSet<Ix<PermissionSet>>,
    /// Permission sets of which it is certain that they do not.
    pub harmless: BTreeSet<Ix<PermissionSet>>,
    /// Entitlements to such a role, by account.
    pub entitlements: BTreeSet<(Ix<Entitled>, Ix<Entitlement>)>,
    /// Roles with such a policy, by account.
    pub roles: BTreeSet<(Ix<IamAccount>, Ix<IamRole>)>,
    /// IAM users with such a policy, by account.
    pub iam_users: BTreeSet<(Ix<IamAccount>, Ix<IamUser>)>,
}

/// What becomes of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its name, by which it is recognised.
    pub name: &'static str,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// What becomes of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It can be written.
    Draft(Draft),
    /// Lists speak for these kinds already.
    Kept(Vec<Kind>),
    /// It would not be true, or say nothing.
    Withheld(BTreeSet<Reason>),
}

/// A list that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its text.
    pub text: String,
    /// How many rows it has.
    pub rows: usize,
    /// How many of them, the first ones, are about administrative access.
    pub administrative: usize,
    /// What it does not name although it was looked for, and why.
    pub left_out: LeftOut,
}

/// What a list does not name, by the reason.
pub type LeftOut = BTreeMap<Reason, Vec<String>>;

/// Why something is not in a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It was not read to its end.
    Unseen(Arc<Gap>),
    /// The run was not told to look at it.
    OutOfScope,
    /// There is nobody.
    Nobody,
    /// Nothing lists the principal any more, so no row can mean it.
    Gone,
    /// The format has no way to write it, as this clause says.
    Unwritable(&'static str),
}

/// Every list that can be kept by hand, in the order in which a reader needs them.
#[must_use]
pub fn propose(report: &Report<'_>, administrative: &Administrative) -> Vec<Proposal> {
    type Drafted = fn(&Report<'_>, &Administrative) -> Result<Draft, BTreeSet<Reason>>;
    let lists: [(&'static str, &[Kind], Drafted); 7] = [
        (people::NAME, &[Kind::User, Kind::Group, Kind::Membership], people::draft),
        (permission_sets::NAME, &[Kind::PermissionSet], permission_sets::draft),
        (assignments::NAME, &[Kind::Assignment], assignments::draft),
        (applications::NAME, &[Kind::Application], applications::draft),
        (entitlements::NAME, &[Kind::Entitlement], entitlements::draft),
        (iam_users::NAME, &[Kind::IamUser], iam_users::draft),
        (trusts::NAME, &[Kind::Trust], trusts::draft),
    ];
    let propose = |(name, kinds, draft): (&'static str, &[Kind], Drafted)| {
        let spoken_for = spoken_for(&report.world.expectation, kinds);
        let outcome = if !spoken_for.is_empty() {
            Outcome::Kept(spoken_for)
        } else {
            draft(report, administrative).map_or_else(Outcome::Withheld, Outcome::Draft)
        };
        Proposal { name, outcome }
    };
    lists.into_iter().map(propose).collect()
}

fn spoken_for(expectation: &Expectation, kinds: &[Kind]) -> Vec<Kind> {
    kinds.iter().copied().filter(|kind| expectation.speaks_for.contains(kind)).collect()
}

/// The gap that keeps a list from being whole.
fn gap(extent: &Extent) -> Option<Reason> {
    match extent {
        Extent::Whole(_) => None,
        Extent::Part(gap) => Some(Reason::Unseen(Arc::clone(gap))),
    }
}

/// Nothing of the list can be written.
fn withheld(reason: Reason) -> BTreeSet<Reason> {
    BTreeSet::from([reason])
}

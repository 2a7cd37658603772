//! The changes that put a finding in order: only reversible ones, and only where the finding says what is wrong. Whatever
//! is to be deleted is asked for by name.

mod iam;
mod identity_center;

use super::Step;
use super::names::NotFound;
use crate::model::{Finding, Principal, Report, Subject};

/// Why no change is planned for a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotPlanned {
    /// A waiver accepts it.
    Waived,
    /// No change that Rollcall plans puts such a finding in order.
    NoChange,
    /// A directory or a SCIM client keeps what would have to be changed.
    KeptElsewhere,
    /// It cannot be told what keeps it.
    KeptSomewhere,
    /// The lists have no given name and family name, which Identity Center asks for.
    NoNames {
        /// The user's name.
        user: String,
    },
    /// The user has no access that could be taken away; it is there, no more.
    NothingLeft {
        /// The user's name.
        user: String,
    },
    /// A policy that is written into the user, or that the user has by an IAM group.
    NotAttached {
        /// The policy.
        policy: String,
    },
    /// A name does not say what is meant.
    NotFound(NotFound),
}

impl From<NotFound> for NotPlanned {
    fn from(not_found: NotFound) -> Self {
        NotPlanned::NotFound(not_found)
    }
}

/// Rules of which a change can put findings in order: what `--as-listed` looks at.
pub const RULES: [&str; 15] = [
    "leaver-with-access",
    "leaver-with-key",
    "missing-assignment",
    "missing-group",
    "missing-iam-user",
    "missing-membership",
    "missing-policy",
    "missing-user",
    "orphaned-assignment",
    "unexpected-assignment",
    "unexpected-iam-user",
    "unexpected-membership",
    "unexpected-policy",
    "unexpected-user",
    "unowned-iam-user",
];

/// The changes that put a finding in order.
///
/// # Errors
/// [`NotPlanned`] where there are none.
pub fn of(report: &Report<'_>, finding: &Finding) -> Result<Vec<Step>, NotPlanned> {
    if finding.waiver.is_some() {
        return Err(NotPlanned::Waived);
    }
    match finding.rule.0 {
        "unexpected-assignment" => identity_center::assignments(report, finding),
        "orphaned-assignment" | "unexpected-user" => identity_center::all_access(report, finding),
        "leaver-with-access" if principal(finding).is_some() => identity_center::all_access(report, finding),
        "unexpected-membership" => identity_center::remove_memberships(report, finding),
        "missing-membership" => identity_center::add_memberships(report, finding),
        "missing-assignment" => identity_center::add_assignments(report, finding),
        "missing-group" => identity_center::create_group(report, finding),
        "missing-user" => identity_center::create_user(report, finding),
        "leaver-with-key" => iam::close_keys(report, finding),
        "leaver-with-access" | "unexpected-iam-user" | "unowned-iam-user" => iam::disable(report, finding),
        "missing-iam-user" => iam::create(report, finding),
        "unexpected-policy" => iam::detach(report, finding),
        "missing-policy" => iam::attach(report, finding),
        _ => Err(NotPlanned::NoChange),
    }
}

/// Everything that a finding is about: its subject, and what it holds.
fn subjects(finding: &Finding) -> impl Iterator<Item = Subject> + '_ {
    let held = finding.evidence.iter().filter_map(|piece| piece.held());
    std::iter::once(finding.subject).chain(held)
}

/// A principal of Identity Center that a finding is about.
fn principal(finding: &Finding) -> Option<Principal> {
    if let Subject::User(user) = finding.subject {
        Some(Principal::User(user))
    } else if let Subject::Group(group) = finding.subject {
        Some(Principal::Group(group))
    } else {
        None
    }
}

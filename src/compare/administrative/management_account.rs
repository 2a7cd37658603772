//! The account in which policies are had: the one that manages the organization can do to all others what none of them
//! can do to it.

use crate::model::{Account, Ix, Snapshot};

/// What the account of some policies is in the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// One that manages no other.
    Member,
    /// It could not be told, because the organization was not read.
    Unsaid,
    /// The one that manages the organization, and its Identity Center.
    Management,
}

impl Place {
    /// What an account is.
    #[must_use]
    pub fn of(snapshot: &Snapshot, account: Ix<Account>) -> Self {
        match &snapshot.organization {
            Some(organization) if organization.management == snapshot.accounts[account].id => Place::Management,
            Some(_) => Place::Member,
            None => Place::Unsaid,
        }
    }
}

//! An AWS account and its organization.

use super::AccountId;

/// An organization of AWS Organizations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id: `o-a1b2c3d4e5`.
    pub id: String,
    /// The account that manages it.
    pub management: AccountId,
}

/// An AWS account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its name in the organization.
    pub name: Option<String>,
    /// `ACTIVE`, `SUSPENDED` … as AWS Organizations writes it.
    pub state: Option<String>,
    /// Where it stands in the organization, from the root down, as AWS Organizations writes it; empty where it did not
    /// say.
    pub paths: Vec<String>,
    /// Whether the organization's list has it; otherwise only an assignment or a caller named it.
    pub listed: bool,
}

impl Account {
    /// The states in which nobody can use an account, as AWS Organizations writes them.
    pub const OUT_OF_USE: [&str; 4] = ["PENDING_ACTIVATION", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"];

    /// Whether a state is one in which nobody can use an account. A state that is not known, or that AWS invented
    /// since, is none: such an account is asked, and refuses if it must.
    #[must_use]
    pub fn is_out_of_use(state: Option<&str>) -> bool {
        state.is_some_and(|state| Account::OUT_OF_USE.contains(&state))
    }
}

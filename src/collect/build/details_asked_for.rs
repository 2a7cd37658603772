//! Which details of an account `iam:GetAccountAuthorizationDetails` was asked for.

use super::page_reader::Reader;
use crate::collect::journal::page::{Operation, Parameters};
use crate::model::AccountId;

/// What the answer must have been asked for; a narrower filter leaves out what it does not name.
const NEEDED: [&str; 3] = ["User", "Group", "LocalManagedPolicy"];
/// What it must have been asked for to say anything of roles.
const NEEDED_FOR_ROLES: &str = "Role";

/// The call that asked for the most details of an account: the account as the call names it, and its parameters.
pub(super) fn of(
    reader: &Reader<'_>,
    account: AccountId,
    caller: Option<AccountId>,
) -> (Option<AccountId>, Parameters) {
    // A saved command does not say which account it asked where it asked the caller's own.
    let asked = reader
        .asked(Operation::GetAccountAuthorizationDetails)
        .filter(|call| call.account == Some(account) || (call.account.is_none() && caller == Some(account)))
        .filter(|call| NEEDED.iter().all(|needed| is_asked_for(&call.parameters, needed)))
        .max_by_key(|call| is_asked_for(&call.parameters, NEEDED_FOR_ROLES));
    asked.map_or((Some(account), Parameters::default()), |call| (call.account, call.parameters.clone()))
}

/// Whether roles were asked for.
pub(super) fn are_roles(parameters: &Parameters) -> bool {
    is_asked_for(parameters, NEEDED_FOR_ROLES)
}

/// Whether an answer holds these, by the filter that it was asked with; without one, it holds everything.
fn is_asked_for(parameters: &Parameters, kind: &str) -> bool {
    parameters.get("Filter").is_none_or(|filter| filter.split([' ', ',']).any(|named| named == kind))
}

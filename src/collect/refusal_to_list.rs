//! AWS refuses to list users, groups or permission sets, and asks for a filter: what is there has to be looked up.

use std::collections::BTreeMap;

use super::journal::page::{Operation, Outcome, Page};
use crate::aws::failure::Failure;

/// Why the service does not list at all: the identity store where its users come from Active Directory, and an account
/// instance of Identity Center, of its permission sets. `pages` are those of one listing,
/// of each the latest. The words count ("Filter is required"), because the code is also that of a token that AWS no
/// longer knows; in other words it is a failure like any other.
pub(crate) fn refusal_to_list<'p>(pages: &BTreeMap<u32, &'p Page>) -> Option<&'p Failure> {
    let first = pages.get(&1)?;
    let Outcome::Failure(failure) = &first.outcome else { return None };
    let lists_people = matches!(first.call.operation, Operation::ListUsers | Operation::ListGroups);
    let asks_for_filter = failure.code == "ValidationException" && failure.message.contains("Filter");
    let refuses = lists_people && asks_for_filter
        || first.call.operation == Operation::ListPermissionSets && failure.is_unsupported();
    let lists = pages.values().any(|page| matches!(page.outcome, Outcome::Answer(_)));
    (refuses && !lists).then_some(failure)
}

//! The accounts in which IAM is read: closed and excluded ones are not asked.

use std::collections::BTreeSet;

use crate::model::{Account, AccountId, IamScope, Scope};

/// The accounts in which IAM is to be read. One whose state says nothing is read: better a refusal than silence.
pub(in crate::collect) fn iam_accounts(
    scope: &Scope,
    listed: &[(AccountId, Option<&str>)],
    whole: bool,
    caller: Option<AccountId>,
) -> BTreeSet<AccountId> {
    let mut accounts: BTreeSet<AccountId> = match scope.iam {
        IamScope::Nowhere => BTreeSet::new(),
        IamScope::CallerAccount => caller.into_iter().collect(),
        IamScope::Organization => {
            let active = listed.iter().filter(|(_, state)| !Account::is_out_of_use(*state));
            let of_caller = caller.filter(|_| !whole);
            active.map(|(account, _)| *account).chain(of_caller).collect()
        }
    };
    accounts.retain(|account| !scope.excluded.contains_key(account));
    accounts
}

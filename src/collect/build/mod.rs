//! Pages in, one [`Snapshot`] out, whatever the order of the pages.
//!
//! Every question that the scope implies is looked for among the pages; one that was not answered to its end becomes
//! a gap. What an answer refers to and no listing has (the member that was deleted, the account that left) stays
//! visible as an entry with `listed: false`. It does not matter here whether the pages came from AWS, from saved
//! files or from a journal.

mod account_summary;
mod accounts_with_iam;
mod applications;
mod credentials;
mod cross_check;
mod details_asked_for;
mod entitlements;
mod entries;
mod group_read;
mod iam;
mod identity_store;
mod instance;
mod lookups;
mod memberships;
mod mfa_devices;
mod organization;
mod page_reader;
mod permission_sets;
mod provisioned;
mod resolve;
mod trusts;
mod unlisted_principals;

use super::api::responses;
use super::journal::page::{Page, Parameters};
use crate::model::{Caller, Hides, IamScope, Known, Scope, Snapshot, What, Window};
use entries::out_of_scope;
use page_reader::{Reader, Wanted};
use resolve::Granted;

pub(super) use account_summary::{Counted, Listed, Summary};
pub(super) use accounts_with_iam::iam_accounts;
pub use instance::NO_INSTANCE;

/// Everything that the pages say about what the scope asks for.
#[must_use]
pub fn fold(scope: &Scope, pages: &[Page]) -> Snapshot {
    let mut reader = Reader::over(pages);
    let caller = caller(&mut reader, scope);
    let (accounts, organization) = organization::accounts(&mut reader, scope, caller.as_ref());
    let units = organization::units(&mut reader);
    let instance = if scope.identity_center {
        instance::instance(&mut reader, scope, organization.as_ref())
    } else {
        Known::Unknown(out_of_scope(What::ScopedInstance))
    };
    let iam::Iam { accounts: iam, aws_managed } = iam::read(&mut reader, scope, caller.as_ref(), &accounts);
    let granted = match &instance {
        Known::Is(instance) => Granted::read(&mut reader, scope, instance, &accounts, &iam),
        Known::Unknown(gap) => Granted::unseen(gap),
    };
    let (looked_up_users, looked_up_groups) =
        (granted.people.looked_up_users.clone(), granted.people.looked_up_groups.clone());
    let placed = resolve::place(accounts, granted, iam, caller.as_ref());
    let (gaps, sources, ledger) = reader.finish();
    Snapshot {
        scope: scope.clone(),
        caller,
        redirected_to: pages.iter().filter_map(|page| page.redirected_to.clone()).min(),
        window: window(pages),
        instance,
        organization,
        units,
        accounts: placed.accounts,
        users: placed.users,
        groups: placed.groups,
        makers: placed.makers,
        looked_up_users,
        looked_up_groups,
        permission_sets: placed.permission_sets,
        applications: placed.applications,
        entitled: placed.entitled,
        cross_checked: placed.cross_checked,
        iam: placed.iam,
        aws_managed,
        gaps,
        sources,
        ledger,
    }
}

fn caller(reader: &mut Reader<'_>, scope: &Scope) -> Option<Caller> {
    // Whose account it is decides where IAM is read; otherwise it is a fact about the run and hides no access.
    let hides = if scope.iam == IamScope::CallerAccount { Hides::Grants } else { Hides::Nothing };
    let wanted = Wanted::new(What::Caller, hides);
    let read = reader.read::<responses::GetCallerIdentity>(None, Parameters::default(), &wanted);
    let identity = read.seen.into_iter().next()?;
    let account = match identity.account.parse() {
        Ok(account) => account,
        Err(error) => {
            reader.unreadable::<responses::GetCallerIdentity>(None, &wanted, format!("{error}"));
            return None;
        }
    };
    reader.asked_by(account);
    Some(Caller { account, arn: identity.arn })
}

fn window(pages: &[Page]) -> Option<Window> {
    let from = pages.iter().map(|page| page.started).min()?;
    let to = pages.iter().map(|page| page.ended).max()?;
    Some(Window { from, to })
}

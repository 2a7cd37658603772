//! The accounts of the organization, and in which of them IAM is read.

use std::collections::BTreeMap;

use super::entries::{Read, out_of_scope};
use super::page_reader::{Reader, Wanted};
use crate::collect::api::responses::{self, DescribeOrganizationalUnit, ListAccounts};
use crate::collect::journal::page::{Operation, Parameters};
use crate::model::{Account, AccountId, Caller, Extent, Hides, IamScope, Organization, Scope, What, quoted};

pub(super) fn accounts(
    reader: &mut Reader<'_>,
    scope: &Scope,
    caller: Option<&Caller>,
) -> (Read<Account>, Option<Organization>) {
    if !scope.identity_center && scope.iam != IamScope::Organization {
        return (Read::unseen(&out_of_scope(What::Accounts)), None);
    }
    // Identity Center names the accounts that it gives access to; without IAM in all accounts, their list adds names.
    let hides = if scope.iam == IamScope::Organization { Hides::Grants } else { Hides::Nothing };
    let wanted = Wanted::new(What::Accounts, hides);
    let Read { seen: pages, mut extent } = reader.read::<ListAccounts>(None, Parameters::default(), &wanted);
    let mut accounts = BTreeMap::new();
    let organization = pages.iter().flat_map(|page| &page.accounts).find_map(organization);
    for entry in pages.into_iter().flat_map(|page| page.accounts) {
        match entry.id.parse() {
            Ok(id) => {
                let entry = account(id, entry);
                if *accounts.entry(id).or_insert_with(|| entry.clone()) != entry {
                    extent = reader.twice::<ListAccounts>(extent, None, &wanted, &id.to_string());
                }
            }
            Err(error) => extent = Extent::Part(reader.unreadable::<ListAccounts>(None, &wanted, format!("{error}"))),
        }
    }
    // Whoever asks for the accounts of an organization is in one of them, or in the one that manages it.
    let manages = |account| organization.as_ref().is_some_and(|organization| organization.management == account);
    let strange = caller.filter(|caller| !accounts.contains_key(&caller.account) && !manages(caller.account));
    let shows = strange.map(|caller| caller.account.to_string()).into_iter().collect();
    extent = reader.unless_disproved::<ListAccounts>(extent, None, &wanted, Operation::GetCallerIdentity, shows);
    (Read { seen: accounts.into_values().collect(), extent }, organization)
}

/// The names of the organization's units that were asked for. A row that calls a unit by a name that could not be read
/// leaves a gap of its own, which says what it hides.
pub(super) fn units(reader: &mut Reader<'_>) -> BTreeMap<String, String> {
    let asked = reader.asked(Operation::DescribeOrganizationalUnit).map(|call| call.parameters.clone());
    let asked: Vec<Parameters> = asked.collect();
    let units = asked.into_iter().flat_map(|parameters| {
        let id = parameters.get("OrganizationalUnitId").unwrap_or_default();
        let wanted = Wanted::of(What::UnitName.of(id), quoted(id), Hides::Nothing);
        reader.read::<DescribeOrganizationalUnit>(None, parameters, &wanted).seen
    });
    units.map(|answer| (answer.organizational_unit.id, answer.organizational_unit.name)).collect()
}

/// The organization that an account's ARN names: `arn:aws:organizations::111122223333:account/o-a1b2c3d4e5/…`.
fn organization(account: &responses::Account) -> Option<Organization> {
    let arn = account.arn.as_deref()?;
    let management = arn.split(':').nth(4)?.parse().ok()?;
    let id = arn.split('/').nth(1)?.to_owned();
    Some(Organization { id, management })
}

fn account(id: AccountId, entry: responses::Account) -> Account {
    Account { id, name: entry.name, state: entry.state.or(entry.status), paths: entry.paths, listed: true }
}

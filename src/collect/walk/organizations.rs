//! AWS Organizations: the accounts.

use std::collections::BTreeSet;

use aws_config::SdkConfig;
use aws_sdk_organizations::operation::describe_organizational_unit::DescribeOrganizationalUnitOutput;
use aws_sdk_organizations::operation::list_accounts::ListAccountsOutput;
use aws_sdk_organizations::types;

use super::identity_store::timestamp;
use crate::aws::failure::Failure;
use crate::collect::api::convert::needed;
use crate::collect::api::responses;
use crate::collect::journal::page::{Operation, Parameters};
use crate::collect::request::client::{Asker, Question, Service};
use crate::model::AccountId;

/// No rate is documented, and a thousand accounts are fifty pages.
const PER_SECOND: f64 = 5.0;

/// The accounts that the organization lists, with their state, and whether the list was read to its end.
#[derive(Default)]
pub(super) struct Accounts {
    pub(super) listed: Vec<(AccountId, Option<String>)>,
    pub(super) whole: bool,
}

/// Reads the accounts, and the names of the units that they lie in where these are wanted.
pub(super) async fn accounts(asker: &Asker, config: &SdkConfig, unit_names: UnitNames) -> Accounts {
    let service = Service::new(PER_SECOND);
    let config = aws_sdk_organizations::config::Builder::from(config).interceptor(service.witness.clone());
    let config = config.interceptor(Operation::whole("organizations")).build();
    let client = aws_sdk_organizations::Client::from_conf(config);
    let question = Question { service: &service, account: None, parameters: Parameters::default() };
    let send = |token| client.list_accounts().max_results(20).set_next_token(token).send();
    let (pages, whole) = asker.all(&question, send, page).await;
    let units = pages.iter().flat_map(|page| &page.accounts).flat_map(|account| account.units());
    let units: BTreeSet<String> = units.map(str::to_owned).collect();
    match unit_names {
        UnitNames::Wanted => {
            for unit in units {
                let parameters = Parameters::of([("OrganizationalUnitId", &unit)]);
                let question = Question { service: &service, account: None, parameters };
                let send = || client.describe_organizational_unit().organizational_unit_id(&unit).send();
                asker.one(&question, send, described).await;
            }
        }
        UnitNames::NotWanted => {}
    }
    let entries = pages.into_iter().flat_map(|page| page.accounts);
    let listed = entries.filter_map(|entry| Some((entry.id.parse().ok()?, entry.state.or(entry.status)))).collect();
    Accounts { listed, whole }
}

/// Whether the names of the organization's units are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitNames {
    /// A row calls a unit by its name: a call for each unit.
    Wanted,
    /// Ids are enough.
    NotWanted,
}

fn described(output: DescribeOrganizationalUnitOutput) -> responses::DescribeOrganizationalUnit {
    let unit = output.organizational_unit;
    let (id, name) = unit.map(|unit| (unit.id, unit.name)).unwrap_or_default();
    let unit = responses::OrganizationalUnit { id: id.unwrap_or_default(), name: name.unwrap_or_default() };
    responses::DescribeOrganizationalUnit { organizational_unit: unit }
}

fn page(output: ListAccountsOutput) -> Result<responses::ListAccounts, Failure> {
    let accounts = needed(output.accounts, "Accounts")?.into_iter().map(account);
    Ok(responses::ListAccounts { accounts: accounts.collect(), next_token: output.next_token })
}

fn account(account: types::Account) -> responses::Account {
    responses::Account {
        id: account.id.unwrap_or_default(),
        arn: account.arn,
        name: account.name,
        status: account.status.map(|status| status.as_str().to_owned()),
        state: account.state.map(|state| state.as_str().to_owned()),
        paths: account.paths.unwrap_or_default(),
        joined_timestamp: account.joined_timestamp.and_then(timestamp),
    }
}

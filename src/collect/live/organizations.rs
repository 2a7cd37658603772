//! AWS Organizations: the accounts.

use aws_config::SdkConfig;
use aws_sdk_organizations::operation::list_accounts::ListAccountsOutput;
use aws_sdk_organizations::types;

use super::asker::{Asker, Question, Service};
use super::identity_store::timestamp;
use crate::collect::answer;
use crate::collect::page::Parameters;
use crate::model::AccountId;

/// No rate is documented, and a thousand accounts are fifty pages.
const PER_SECOND: f64 = 5.0;

/// The accounts that the organization lists, with their state, and whether the list was read to its end.
#[derive(Default)]
pub(super) struct Accounts {
    pub(super) listed: Vec<(AccountId, Option<String>)>,
    pub(super) whole: bool,
}

pub(super) async fn accounts(asker: &Asker, config: &SdkConfig) -> Accounts {
    let service = Service::new(PER_SECOND);
    let config = aws_sdk_organizations::config::Builder::from(config).interceptor(service.witness.clone()).build();
    let client = aws_sdk_organizations::Client::from_conf(config);
    let question = Question { service: &service, account: None, parameters: Parameters::default() };
    let send = |token| client.list_accounts().max_results(20).set_next_token(token).send();
    let (pages, whole) = asker.all(&question, send, page).await;
    let entries = pages.into_iter().flat_map(|page| page.accounts);
    let listed = entries.filter_map(|entry| Some((entry.id.parse().ok()?, entry.state.or(entry.status)))).collect();
    Accounts { listed, whole }
}

fn page(output: ListAccountsOutput) -> answer::ListAccounts {
    let accounts = output.accounts.unwrap_or_default().into_iter().map(account);
    answer::ListAccounts { accounts: accounts.collect(), next_token: output.next_token }
}

fn account(account: types::Account) -> answer::Account {
    answer::Account {
        id: account.id.unwrap_or_default(),
        name: account.name,
        email: account.email,
        status: account.status.map(|status| status.as_str().to_owned()),
        state: account.state.map(|state| state.as_str().to_owned()),
        paths: account.paths.unwrap_or_default(),
        joined_timestamp: account.joined_timestamp.and_then(timestamp),
    }
}

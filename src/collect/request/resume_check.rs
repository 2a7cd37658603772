//! Whom and what an earlier run asked: another account's answers, or another instance's, are none to go on from.

use std::io;

use crate::collect::api::responses;
use crate::collect::journal::page::{Operation, Outcome, Page};
use crate::collect::request::error::WalkError;
use crate::model::AccountId;

/// What the pages of an earlier run say about it, where they say it.
#[derive(Debug, Default)]
pub(crate) struct Before {
    caller: Option<AccountId>,
    instance: Option<String>,
}

impl Before {
    /// # Errors
    /// Where the journal cannot be read again.
    pub(crate) fn of(earlier: &[Page]) -> io::Result<Self> {
        let identities = earlier.iter().filter(|page| page.call.operation == Operation::GetCallerIdentity);
        let caller = identities.map(caller).find_map(Result::transpose).transpose()?;
        let mut instances = earlier.iter().filter_map(|page| page.call.parameters.get("InstanceArn"));
        Ok(Before { caller, instance: instances.next().map(str::to_owned) })
    }

    /// # Errors
    /// Where the account is another one, or AWS does not say which it is.
    pub(crate) fn by_the_same(&self, caller: Option<AccountId>) -> Result<(), WalkError> {
        let Some(before) = self.caller.filter(|before| Some(*before) != caller) else {
            return Ok(());
        };
        let now = caller.map_or("cannot determine the account of its credentials".to_owned(), |now| {
            format!("has credentials of account {now}")
        });
        Err(WalkError::Another { before: format!("had credentials of account {before}"), now })
    }

    /// # Errors
    /// Where the instance is another one.
    pub(crate) fn about_the_same(&self, instance: Option<&responses::Instance>) -> Result<(), WalkError> {
        let (Some(before), Some(now)) = (&self.instance, instance.map(|instance| &instance.instance_arn)) else {
            return Ok(());
        };
        if before == now {
            return Ok(());
        }
        Err(WalkError::Another { before: format!("read the instance `{before}`"), now: format!("reads `{now}`") })
    }
}

fn caller(page: &Page) -> io::Result<Option<AccountId>> {
    let Outcome::Answer(answer) = &page.outcome else { return Ok(None) };
    let identity = serde_json::from_str::<responses::GetCallerIdentity>(answer.json()?.get());
    Ok(identity.ok().and_then(|identity| identity.account.parse().ok()))
}

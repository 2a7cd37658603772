//! What an answer names of its question: an answer to another question is none to this one.
//!
//! Something on the way can mix up answers, and files of saved output can. So whatever an answer names of what it was
//! asked about is compared, and taken out: from then on the question says it.

use crate::collect::journal::page::Call;
use crate::model::quoted;

/// Compares what an answer names with the parameter that asked for it. What is not named cannot be compared; "" is what
/// the SDK makes of that.
pub(super) fn same(named: &mut Option<String>, asked: &Call, parameter: &str) -> Result<(), String> {
    match (named.take().filter(|named| !named.is_empty()), asked.parameters.get(parameter)) {
        (Some(named), Some(wanted)) if named != wanted => Err(another(&named, wanted)),
        (Some(_) | None, _) => Ok(()),
    }
}

/// The same of what stays in the answer.
pub(super) fn names(named: Option<&str>, asked: &Call, parameter: &str) -> Result<(), String> {
    same(&mut named.map(str::to_owned), asked, parameter)
}

/// Compares the account of an ARN with the account that was asked. An ARN without an account is AWS's own.
pub(super) fn of_account(arn: Option<&str>, asked: &Call) -> Result<(), String> {
    let Some((arn, account)) = arn.zip(asked.account) else { return Ok(()) };
    match account_of(arn) {
        Some(named) if named != account.to_string() => Err(another(arn, &account.to_string())),
        Some(_) | None => Ok(()),
    }
}

/// The account that an ARN names: `arn:aws:iam::111122223333:role/Auditor`.
pub(super) fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What to say of an answer that names something else.
pub(super) fn another(named: &str, asked: &str) -> String {
    format!("it is the answer to another request: it names {}, not {}", quoted(named), quoted(asked))
}

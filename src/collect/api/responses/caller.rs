//! `aws sts`: who asks.

use serde::{Deserialize, Serialize};

use super::same_question::{account_of, another, of_account};
use super::{Answer, identifier};
use crate::collect::journal::page::{Call, Operation};
use crate::model::quoted;

/// `aws sts get-caller-identity`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct GetCallerIdentity {
    #[serde(deserialize_with = "identifier")]
    pub account: String,
    #[serde(deserialize_with = "identifier")]
    pub arn: String,
}

impl Answer for GetCallerIdentity {
    const OPERATION: Operation = Operation::GetCallerIdentity;

    fn items(&self) -> usize {
        1
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        match account_of(&self.arn).filter(|named| *named != self.account) {
            Some(_) => Err(format!("it names two accounts: {} and {}", quoted(&self.arn), quoted(&self.account))),
            None => of_account(Some(&self.arn), asked),
        }
    }
}

/// `aws sts assume-role`, without the credentials, which are never kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct AssumeRole {
    pub assumed_role_user: AssumedRoleUser,
}

/// The session that a role was assumed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct AssumedRoleUser {
    #[serde(deserialize_with = "identifier")]
    pub arn: String,
}

impl Answer for AssumeRole {
    const OPERATION: Operation = Operation::AssumeRole;

    fn items(&self) -> usize {
        1
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        let arn = &self.assumed_role_user.arn;
        let wanted = asked.parameters.get("RoleArn").unwrap_or_default();
        // `arn:aws:iam::111122223333:role/path/Auditor` and `arn:aws:sts::111122223333:assumed-role/Auditor/session`
        let role = wanted.rsplit('/').next().filter(|_| wanted.contains(":role/"));
        let assumed = arn.split_once(":assumed-role/").and_then(|(_, role)| role.split('/').next());
        let differ = |one: Option<&str>, other: Option<&str>| {
            one.zip(other).is_some_and(|(one, other)| !one.eq_ignore_ascii_case(other))
        };
        if differ(account_of(arn), account_of(wanted)) || differ(assumed, role) {
            return Err(another(arn, wanted));
        }
        of_account(Some(arn), asked)
    }
}

//! `aws sts`: who asks.

use serde::{Deserialize, Serialize};

use super::{Answer, identifier};
use crate::collect::page::Operation;

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
}

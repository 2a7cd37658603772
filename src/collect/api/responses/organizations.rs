//! `aws organizations`: the accounts.

use serde::{Deserialize, Serialize};

use super::same_question::names;
use super::{Answer, Timestamp, identifier, said};
use crate::collect::journal::page::{Call, Operation};

/// `aws organizations list-accounts`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListAccounts {
    pub accounts: Vec<Account>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListAccounts {
    const OPERATION: Operation = Operation::ListAccounts;

    fn items(&self) -> usize {
        self.accounts.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }
}

/// An account of the organization. `State` replaced `Status` in 2026; older answers have only the latter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct Account {
    #[serde(deserialize_with = "identifier")]
    pub id: String,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_timestamp: Option<Timestamp>,
}

impl Account {
    /// The ids of the units that it lies in: AWS writes a path as `o-…/r-…/ou-…/ou-…/`.
    pub fn units(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().flat_map(|path| path.split('/')).filter(|part| part.starts_with("ou-"))
    }
}

/// `aws organizations describe-organizational-unit`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct DescribeOrganizationalUnit {
    pub organizational_unit: OrganizationalUnit,
}

impl Answer for DescribeOrganizationalUnit {
    const OPERATION: Operation = Operation::DescribeOrganizationalUnit;

    fn items(&self) -> usize {
        1
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        names(Some(&self.organizational_unit.id), asked, "OrganizationalUnitId")
    }
}

/// A unit of the organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct OrganizationalUnit {
    #[serde(deserialize_with = "identifier")]
    pub id: String,
    #[serde(deserialize_with = "identifier")]
    pub name: String,
}

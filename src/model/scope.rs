//! What a run was told to look at, and what it says of its own circumstances.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AccountId, CrossCheck, Window};

/// What a run was told to look at. What lies outside is stated in the report and is no gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// The region of Identity Center; `None` where whoever collected did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Identity Center: users, groups, memberships, permission sets, assignments.
    pub identity_center: bool,
    /// The instance of Identity Center that was chosen where there are several; `None` where nothing chose one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_arn: Option<String>,
    /// In which accounts IAM users and their policies are read.
    pub iam: IamScope,
    /// Accounts that are left out on purpose, each with its reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub excluded: BTreeMap<AccountId, String>,
    /// How far memberships and assignments are asked for by a second way.
    #[serde(default, skip_serializing_if = "CrossCheck::is_none")]
    pub cross_check: CrossCheck,
}

impl Scope {
    /// What is left of this scope by another one, for answers that were saved before: what the settings of this run leave
    /// out besides, and the instance that they choose.
    #[must_use]
    pub fn narrowed_by(self, now: &Scope) -> Self {
        let excluded = now.excluded.iter().map(|(account, reason)| (*account, reason.clone()));
        Scope {
            identity_center: self.identity_center && now.identity_center,
            instance_arn: now.instance_arn.clone().or(self.instance_arn),
            iam: if now.iam == IamScope::Nowhere { IamScope::Nowhere } else { self.iam },
            excluded: excluded.chain(self.excluded.clone()).collect(),
            ..self
        }
    }
}

/// In which accounts IAM is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IamScope {
    /// In none.
    Nowhere,
    /// In the account of the credentials that Rollcall runs with.
    CallerAccount,
    /// In every active account of the organization that is not excluded.
    Organization,
}

/// Whose credentials asked AWS (`sts:GetCallerIdentity`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account of the credentials.
    pub account: AccountId,
    /// The ARN of the user or of the assumed role's session.
    pub arn: String,
}

impl Caller {
    /// The part of AWS that the caller belongs to, which stands in every ARN: `aws`, `aws-cn`, `aws-us-gov`.
    #[must_use]
    pub fn partition(&self) -> Option<&str> {
        self.arn.split(':').nth(1)
    }
}

/// How often each operation was called and with what result, by operation (`identitystore:ListUsers`).
pub type Ledger = BTreeMap<String, Tally>;

/// One operation's line in the ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Requests that were sent, repeated ones included.
    pub calls: u64,
    /// Pages that were answered.
    pub pages: u64,
    /// Items on those pages.
    pub items: u64,
    /// Questions that AWS refused to answer.
    pub denied: u64,
    /// Questions that failed otherwise.
    pub failed: u64,
    /// Requests that AWS turned away because they came too fast.
    pub throttled: u64,
    /// Requests that were sent again, throttled ones among them.
    pub retried: u64,
    /// From the first of the requests to the last answer.
    pub window: Option<Window>,
}

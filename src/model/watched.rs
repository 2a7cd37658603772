//! What an event says was changed: where to look. Nothing of it is believed before it was looked at.

use std::fmt;

use super::{AccountId, GroupId, PermissionSetArn, UserId, quoted};

/// What is looked at, as AWS names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Watched {
    /// An IAM user of an account.
    IamUser(AccountId, String),
    /// An IAM group of an account: its members have its policies.
    IamGroup(AccountId, String),
    /// An IAM role of an account.
    IamRole(AccountId, String),
    /// A customer-managed policy, by its ARN: whoever has it in the account.
    IamPolicy(AccountId, String),
    /// A user of Identity Center.
    User(UserId),
    /// A group of Identity Center.
    Group(GroupId),
    /// A permission set.
    PermissionSet(PermissionSetArn),
}

/// What besides an event names: it belongs to the look at a user or a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlsoNamed {
    /// The group that a user was put into or taken out of.
    Group(GroupId),
    /// The permission set and the account of an assignment.
    Assignment(PermissionSetArn, AccountId),
}

impl Watched {
    /// What it is, in words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Watched::IamUser(..) => "IAM user",
            Watched::IamGroup(..) => "IAM group",
            Watched::IamRole(..) => "IAM role",
            Watched::IamPolicy(..) => "IAM policy",
            Watched::User(_) => "user",
            Watched::Group(_) => "group",
            Watched::PermissionSet(_) => "permission set",
        }
    }

    /// Its name or id, as AWS writes it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Watched::IamUser(_, name)
            | Watched::IamGroup(_, name)
            | Watched::IamRole(_, name)
            | Watched::IamPolicy(_, name) => name,
            Watched::User(id) => id.as_str(),
            Watched::Group(id) => id.as_str(),
            Watched::PermissionSet(arn) => arn.as_str(),
        }
    }

    /// The account whose IAM it is in; `None` for what is in Identity Center.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Watched::IamUser(account, _)
            | Watched::IamGroup(account, _)
            | Watched::IamRole(account, _)
            | Watched::IamPolicy(account, _) => Some(*account),
            Watched::User(_) | Watched::Group(_) | Watched::PermissionSet(_) => None,
        }
    }
}

impl fmt::Display for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), quoted(self.name()))?;
        self.account().map_or(Ok(()), |account| write!(f, " in account {account}"))
    }
}

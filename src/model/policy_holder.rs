//! Something that policies are attached to, as it is recognised from run to run.

use serde::{Deserialize, Serialize};

use super::{AccountId, NameKey};

/// Something that policies are attached to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyHolder {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: PolicyHolderKind,
    /// Its account; `None` for a permission set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    /// Its name, in the form in which names are compared.
    pub name: String,
}

/// What policies are attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyHolderKind {
    /// A permission set.
    PermissionSet,
    /// An IAM user.
    IamUser,
}

impl PolicyHolderKind {
    /// The word for it, in files for machines.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            PolicyHolderKind::PermissionSet => "permission-set",
            PolicyHolderKind::IamUser => "iam-user",
        }
    }

    /// What the word means.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [PolicyHolderKind::PermissionSet, PolicyHolderKind::IamUser].into_iter().find(|kind| kind.word() == word)
    }
}

impl PolicyHolder {
    /// The holder of this name.
    #[must_use]
    pub fn new(kind: PolicyHolderKind, account_id: Option<AccountId>, name: &str) -> Self {
        PolicyHolder { kind, account_id, name: NameKey::of(name).as_str().to_owned() }
    }
}

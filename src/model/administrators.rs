//! Which access makes its holder an administrator, by what grants it.

use super::{Access, Administrative, Beside, IamAccount, IamUser, Ix, PermissionSet};

/// Which access makes its holder an administrator. Nothing is known of what is not in here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Administrators {
    /// By permission set.
    pub permission_sets: Vec<Administrative>,
    /// By account that has entitlements, then by entitlement: whether the role does.
    pub entitlements: Vec<Vec<Administrative>>,
    /// By account whose IAM was read, then by user: whether all policies of the user together do.
    pub iam_users: Vec<Vec<Administrative>>,
}

impl Administrators {
    /// Whether a permission set does.
    #[must_use]
    pub fn permission_set(&self, set: Ix<PermissionSet>) -> Option<&Administrative> {
        self.permission_sets.get(set.number())
    }

    /// Whether its policies make an IAM user an administrator.
    #[must_use]
    pub fn iam_user(&self, account: Ix<IamAccount>, user: Ix<IamUser>) -> Option<&Administrative> {
        self.iam_users.get(account.number())?.get(user.number())
    }

    /// Whether what is granted besides permission sets does. What an application lets its users do, AWS does not say.
    #[must_use]
    pub fn beside(&self, what: Beside) -> Option<&Administrative> {
        match what {
            Beside::Application(_) => None,
            Beside::Role(entitled, role) => self.entitlements.get(entitled.number())?.get(role.number()),
        }
    }

    /// Whether an access does; `None` where there is nothing that could, or where AWS does not say.
    #[must_use]
    pub fn access(&self, access: &Access) -> Option<&Administrative> {
        match *access {
            Access::PermissionSet { permission_set, .. } | Access::EmptyGroup { permission_set, .. } => {
                self.permission_set(permission_set)
            }
            Access::Beside { what, .. } | Access::BesideOfEmptyGroup { what, .. } => self.beside(what),
            Access::IamPolicy { account, user, .. } => self.iam_user(account, user),
            Access::OpenApplication { .. } | Access::Nothing { .. } | Access::NoIamPolicy { .. } => None,
        }
    }
}

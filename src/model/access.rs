//! A row of the population: one way to have access.

use super::{
    Account, Application, Entitled, Entitlement, Group, IamAccount, IamUser, Ix, PermissionSet, Principal, Subject,
    User,
};

/// One row of the population: someone, what they can reach, where, and by which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A user of Identity Center has a permission set in an account, directly or by a group.
    PermissionSet {
        /// Who.
        user: Ix<User>,
        /// By which group; `None` for a direct assignment.
        group: Option<Ix<Group>>,
        /// What.
        permission_set: Ix<PermissionSet>,
        /// Where.
        account: Ix<Account>,
    },
    /// A group that nobody is seen in has a permission set in an account.
    EmptyGroup {
        /// Which group.
        group: Ix<Group>,
        /// What.
        permission_set: Ix<PermissionSet>,
        /// Where.
        account: Ix<Account>,
    },
    /// A user of Identity Center has something besides permission sets, directly or by a group.
    Beside {
        /// Who.
        user: Ix<User>,
        /// By which group; `None` where it is granted directly.
        group: Option<Ix<Group>>,
        /// What.
        what: Beside,
    },
    /// A group that nobody is seen in has something besides permission sets.
    BesideOfEmptyGroup {
        /// Which group.
        group: Ix<Group>,
        /// What.
        what: Beside,
    },
    /// Every user of Identity Center may use an application.
    OpenApplication {
        /// Which.
        application: Ix<Application>,
    },
    /// A user of Identity Center who is not seen to have anything.
    Nothing {
        /// Who.
        user: Ix<User>,
    },
    /// An IAM user has a policy.
    IamPolicy {
        /// In which account.
        account: Ix<IamAccount>,
        /// Who.
        user: Ix<IamUser>,
        /// What: its place among the user's policies.
        policy: usize,
    },
    /// An IAM user who is not seen to have any policy.
    NoIamPolicy {
        /// In which account.
        account: Ix<IamAccount>,
        /// Who.
        user: Ix<IamUser>,
    },
}

/// What is granted besides permission sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// An application.
    Application(Ix<Application>),
    /// An IAM role in an account.
    Role(Ix<Entitled>, Ix<Entitlement>),
}

impl Beside {
    /// Its standing's subject, where this principal has it.
    #[must_use]
    pub fn of(self, principal: Principal) -> Subject {
        match self {
            Beside::Application(application) => Subject::Application(application, Some(principal)),
            Beside::Role(entitled, entitlement) => Subject::Entitlement(entitled, entitlement),
        }
    }
}

impl Access {
    /// The subjects whose standings decide how this access stands, the outermost first.
    #[must_use]
    pub fn path(&self) -> Vec<Subject> {
        match *self {
            Access::PermissionSet { user, group: Some(group), permission_set, account } => vec![
                Subject::User(user),
                Subject::Membership(group, user),
                Subject::Assignment(account, permission_set, Principal::Group(group)),
            ],
            Access::PermissionSet { user, group: None, permission_set, account } => {
                vec![Subject::User(user), Subject::Assignment(account, permission_set, Principal::User(user))]
            }
            Access::EmptyGroup { group, permission_set, account } => {
                vec![Subject::Group(group), Subject::Assignment(account, permission_set, Principal::Group(group))]
            }
            Access::Beside { user, group: Some(group), what } => {
                vec![Subject::User(user), Subject::Membership(group, user), what.of(Principal::Group(group))]
            }
            Access::Beside { user, group: None, what } => vec![Subject::User(user), what.of(Principal::User(user))],
            Access::BesideOfEmptyGroup { group, what } => {
                vec![Subject::Group(group), what.of(Principal::Group(group))]
            }
            Access::OpenApplication { application } => vec![Subject::Application(application, None)],
            Access::Nothing { user } => vec![Subject::User(user)],
            Access::IamPolicy { account, user, policy } => {
                vec![Subject::IamUser(account, user), Subject::Policy(account, user, Ix::new(policy))]
            }
            Access::NoIamPolicy { account, user } => vec![Subject::IamUser(account, user)],
        }
    }
}

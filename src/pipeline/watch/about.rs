//! What of a report is about the one thing that was looked at. Nothing else may come out of a look: whatever else the
//! answers hold was read by the way, and an audit judges it.

use crate::model::{Account, Group, IamUser, Ix, NameKey, PolicyWay, Principal, Subject, User, Watched, World};

/// What was looked at, in a world.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) world: &'a World,
    pub(super) watched: &'a Watched,
}

impl About<'_> {
    /// Whether a subject is about it.
    pub(super) fn is(self, subject: Subject) -> bool {
        let snapshot = &self.world.snapshot;
        match subject {
            Subject::User(user) => self.is_user(user),
            Subject::Group(group) => self.is_group(group),
            Subject::Membership(group, user) => self.is_user(user) || self.is_group(group),
            // Of a group, the members were read to the end; of nothing else is it known what is missing.
            Subject::DueMembership(group, ..) => self.is_group(group),
            Subject::Assignment(_, _, principal)
            | Subject::PermissionSetOf(_, principal)
            | Subject::Application(_, Some(principal)) => self.is_principal(principal),
            Subject::Entitlement(entitled, entitlement) => {
                self.is_principal(snapshot.entitled[entitled].entitlements[entitlement].principal)
            }
            Subject::PermissionSet(set) => {
                matches!(self.watched, Watched::PermissionSet(arn) if snapshot.permission_sets[set].arn == *arn)
            }
            Subject::IamUser(account, user) => {
                let account = &snapshot.iam[account.number()];
                self.is_in(account.account) && self.is_iam_user(&account.users[user])
            }
            Subject::Policy(account, user, policy) => {
                let account = &snapshot.iam[account.number()];
                let user = &account.users[user];
                let policy = &user.policies[policy.number()];
                self.is_in(account.account)
                    && match self.watched {
                        Watched::IamUser(..) => self.is_iam_user(user),
                        Watched::IamGroup(_, name) => {
                            matches!(&policy.way, PolicyWay::Group(group) if is_same(group, name))
                        }
                        Watched::IamPolicy(_, arn) => policy.arn.as_ref() == Some(arn),
                        Watched::IamRole(..) | Watched::User(_) | Watched::Group(_) | Watched::PermissionSet(_) => {
                            false
                        }
                    }
            }
            Subject::Trust(account, role, _) => {
                let account = &snapshot.iam[account.number()];
                let role = &account.roles[role];
                let has = |arn: &String| role.policies.iter().any(|policy| policy.arn.as_ref() == Some(arn));
                self.is_in(account.account)
                    && match self.watched {
                        Watched::IamRole(_, name) => is_same(&role.name, name),
                        Watched::IamPolicy(_, arn) => has(arn),
                        Watched::IamUser(..)
                        | Watched::IamGroup(..)
                        | Watched::User(_)
                        | Watched::Group(_)
                        | Watched::PermissionSet(_) => false,
                    }
            }
            Subject::DueIamUser(row) | Subject::DuePolicy(row, _) => {
                let row = &self.world.expectation.iam_users[row];
                matches!(self.watched, Watched::IamUser(account, name) if row.account == *account && is_same(&row.name, name))
            }
            Subject::DueUser(_)
            | Subject::DueGroup(_)
            | Subject::DueAssignment(_)
            | Subject::Application(_, None)
            | Subject::DueApplication(_)
            | Subject::DueEntitlement(_)
            | Subject::DuePermissionSet(_)
            | Subject::DueTrust(_)
            | Subject::Root(_)
            | Subject::Directory
            | Subject::GoneList(_)
            | Subject::List(_)
            | Subject::Waiver(_)
            | Subject::IdleRow(_) => false,
        }
    }

    /// Whether an IAM user of the account is it, is in it, or has it.
    pub(super) fn is_iam_user(self, user: &IamUser) -> bool {
        match self.watched {
            Watched::IamUser(_, name) => is_same(&user.name, name),
            Watched::IamGroup(_, name) => user.groups.iter().any(|group| is_same(group, name)),
            Watched::IamPolicy(_, arn) => {
                user.policies.iter().chain(&user.boundary).any(|policy| policy.arn.as_ref() == Some(arn))
            }
            Watched::IamRole(..) | Watched::User(_) | Watched::Group(_) | Watched::PermissionSet(_) => false,
        }
    }

    /// Whether an account is the one whose IAM was looked at.
    pub(super) fn is_in(self, account: Ix<Account>) -> bool {
        self.watched.account() == Some(self.world.snapshot.accounts[account].id)
    }

    fn is_user(self, user: Ix<User>) -> bool {
        matches!(self.watched, Watched::User(id) if self.world.snapshot.users[user].id == *id)
    }

    fn is_group(self, group: Ix<Group>) -> bool {
        matches!(self.watched, Watched::Group(id) if self.world.snapshot.groups[group].id == *id)
    }

    /// Whether somebody who holds something is it.
    pub(super) fn is_principal(self, principal: Principal) -> bool {
        match principal {
            Principal::User(user) => self.is_user(user),
            Principal::Group(group) => self.is_group(group),
        }
    }
}

fn is_same(one: &str, other: &str) -> bool {
    NameKey::of(one) == NameKey::of(other)
}

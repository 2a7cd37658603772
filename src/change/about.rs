//! What a change is about: its account, its user, its group.

use super::{Change, ChangeId, ChangeKind, GroupRef, IamUserRef, PermissionSetRef, PrincipalRef, UserRef};
use crate::model::AccountId;

impl Change {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> ChangeKind {
        match self {
            Change::CreateIamUser { .. } => ChangeKind::CreateIamUser,
            Change::DisableIamUser { .. } => ChangeKind::DisableIamUser,
            Change::EnableIamUser { .. } => ChangeKind::EnableIamUser,
            Change::DeleteIamUser { .. } => ChangeKind::DeleteIamUser,
            Change::DeactivateIamKey { .. } => ChangeKind::DeactivateIamKey,
            Change::ActivateIamKey { .. } => ChangeKind::ActivateIamKey,
            Change::AttachIamPolicy { .. } => ChangeKind::AttachIamPolicy,
            Change::DetachIamPolicy { .. } => ChangeKind::DetachIamPolicy,
            Change::AddIamGroupMember { .. } => ChangeKind::AddIamGroupMember,
            Change::RemoveIamGroupMember { .. } => ChangeKind::RemoveIamGroupMember,
            Change::CreateUser { .. } => ChangeKind::CreateUser,
            Change::DeleteUser { .. } => ChangeKind::DeleteUser,
            Change::CreateGroup { .. } => ChangeKind::CreateGroup,
            Change::DeleteGroup { .. } => ChangeKind::DeleteGroup,
            Change::AddMember { .. } => ChangeKind::AddMember,
            Change::RemoveMember { .. } => ChangeKind::RemoveMember,
            Change::AddAssignment { .. } => ChangeKind::AddAssignment,
            Change::RemoveAssignment { .. } => ChangeKind::RemoveAssignment,
        }
    }

    /// The account that it is made in; `None` for what the organization's Identity Center has once.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Change::CreateIamUser { account, .. }
            | Change::AddAssignment { account, .. }
            | Change::RemoveAssignment { account, .. } => Some(*account),
            Change::DisableIamUser { .. }
            | Change::EnableIamUser { .. }
            | Change::DeleteIamUser { .. }
            | Change::DeactivateIamKey { .. }
            | Change::ActivateIamKey { .. }
            | Change::AttachIamPolicy { .. }
            | Change::DetachIamPolicy { .. }
            | Change::AddIamGroupMember { .. }
            | Change::RemoveIamGroupMember { .. } => self.iam_user().map(|user| user.account),
            Change::CreateUser { .. }
            | Change::DeleteUser { .. }
            | Change::CreateGroup { .. }
            | Change::DeleteGroup { .. }
            | Change::AddMember { .. }
            | Change::RemoveMember { .. } => None,
        }
    }

    /// The IAM user that is there already and that it is about.
    #[must_use]
    pub fn iam_user(&self) -> Option<&IamUserRef> {
        match self {
            Change::DisableIamUser { user }
            | Change::EnableIamUser { user, .. }
            | Change::DeleteIamUser { user, .. }
            | Change::DeactivateIamKey { user, .. }
            | Change::ActivateIamKey { user, .. }
            | Change::AttachIamPolicy { user, .. }
            | Change::DetachIamPolicy { user, .. }
            | Change::AddIamGroupMember { user, .. }
            | Change::RemoveIamGroupMember { user, .. } => Some(user),
            Change::CreateIamUser { .. }
            | Change::CreateUser { .. }
            | Change::DeleteUser { .. }
            | Change::CreateGroup { .. }
            | Change::DeleteGroup { .. }
            | Change::AddMember { .. }
            | Change::RemoveMember { .. }
            | Change::AddAssignment { .. }
            | Change::RemoveAssignment { .. } => None,
        }
    }

    /// The user of Identity Center that it is about: a member, a principal, one that is deleted. Not one that it makes.
    #[must_use]
    pub fn user(&self) -> Option<&UserRef> {
        match self {
            Change::DeleteUser { user } | Change::AddMember { user, .. } | Change::RemoveMember { user, .. } => {
                Some(user)
            }
            Change::AddAssignment { principal, .. } | Change::RemoveAssignment { principal, .. } => match principal {
                PrincipalRef::User(user) => Some(user),
                PrincipalRef::Group(_) => None,
            },
            Change::CreateIamUser { .. }
            | Change::DisableIamUser { .. }
            | Change::EnableIamUser { .. }
            | Change::DeleteIamUser { .. }
            | Change::DeactivateIamKey { .. }
            | Change::ActivateIamKey { .. }
            | Change::AttachIamPolicy { .. }
            | Change::DetachIamPolicy { .. }
            | Change::AddIamGroupMember { .. }
            | Change::RemoveIamGroupMember { .. }
            | Change::CreateUser { .. }
            | Change::CreateGroup { .. }
            | Change::DeleteGroup { .. } => None,
        }
    }

    /// The group of Identity Center that it is about. Not one that it makes.
    #[must_use]
    pub fn group(&self) -> Option<&GroupRef> {
        match self {
            Change::DeleteGroup { group } | Change::AddMember { group, .. } | Change::RemoveMember { group, .. } => {
                Some(group)
            }
            Change::AddAssignment { principal, .. } | Change::RemoveAssignment { principal, .. } => match principal {
                PrincipalRef::Group(group) => Some(group),
                PrincipalRef::User(_) => None,
            },
            Change::CreateIamUser { .. }
            | Change::DisableIamUser { .. }
            | Change::EnableIamUser { .. }
            | Change::DeleteIamUser { .. }
            | Change::DeactivateIamKey { .. }
            | Change::ActivateIamKey { .. }
            | Change::AttachIamPolicy { .. }
            | Change::DetachIamPolicy { .. }
            | Change::AddIamGroupMember { .. }
            | Change::RemoveIamGroupMember { .. }
            | Change::CreateUser { .. }
            | Change::CreateGroup { .. }
            | Change::DeleteUser { .. } => None,
        }
    }

    /// The permission set that it gives or takes away.
    #[must_use]
    pub fn permission_set(&self) -> Option<&PermissionSetRef> {
        if let Change::AddAssignment { permission_set, .. } | Change::RemoveAssignment { permission_set, .. } = self {
            Some(permission_set)
        } else {
            None
        }
    }

    /// The changes that make what it is about, as far as it names some by [`UserRef::made_by`] or
    /// [`GroupRef::made_by`].
    pub fn makers(&self) -> impl Iterator<Item = &ChangeId> {
        let user = self.user().and_then(|user| user.made_by.as_ref());
        user.into_iter().chain(self.group().and_then(|group| group.made_by.as_ref()))
    }
}

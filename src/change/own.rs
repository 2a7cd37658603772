//! The access of whoever plans and applies: the users, groups and assignments that a plan must leave alone.

use super::Change;
use super::effect;
use crate::model::{AccountId, NameKey, Snapshot};

/// The prefix of the roles that Identity Center makes for a permission set.
const PREFIX: &str = "AWSReservedSSO_";
/// What follows the permission set's name in the name of such a role: `_` and a hash.
const END: usize = 17;

/// Whoever plans, audits or applies, by ARN.
#[derive(Debug, Clone, Default)]
pub struct Own {
    known: Vec<Identity>,
    changes_in: Option<AccountId>,
    is_unclear: bool,
}

/// What an ARN says of who somebody is.
#[derive(Debug, Clone)]
struct Identity {
    arn: String,
    account: AccountId,
    iam_user: Option<String>,
    /// By a role of Identity Center: the permission set, and who signed in by it where the ARN says so.
    by_set: Option<(String, Option<String>)>,
}

impl Own {
    /// These, as far as their ARNs say who they are; others have no access that a plan could change.
    pub fn of<'a>(arns: impl IntoIterator<Item = &'a str>) -> Self {
        let read: Vec<Option<Identity>> = arns.into_iter().map(Identity::of).collect();
        let is_unclear = read.iter().any(Option::is_none);
        Own { known: read.into_iter().flatten().collect(), changes_in: None, is_unclear }
    }

    /// The same, where changes are made with credentials of this account; without one, with those that asked AWS.
    #[must_use]
    pub fn changing_in(self, account: Option<AccountId>) -> Self {
        Own { changes_in: account, ..self }
    }

    /// The account of the credentials that changes are made with, where it is another one than that of the credentials that
    /// asked AWS.
    pub(super) fn changes_in(&self) -> Option<AccountId> {
        self.changes_in
    }

    /// Whether one of the ARNs does not say who it is.
    pub(super) fn is_unclear(&self) -> bool {
        self.is_unclear
    }

    /// Whose access a change is about; `snapshot` is the one before the change.
    pub(super) fn concerned(&self, change: &Change, snapshot: &Snapshot) -> Option<&str> {
        self.known.iter().find(|identity| identity.is_concerned(change, snapshot)).map(|identity| identity.arn.as_str())
    }
}

impl Identity {
    fn of(arn: &str) -> Option<Self> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let [_, _, _, _, account, resource] = parts[..] else { return None };
        let mut path = resource.split('/');
        let kind = path.next()?;
        let rest: Vec<&str> = path.collect();
        let set = rest.iter().position(|part| part.starts_with(PREFIX)).and_then(|at| {
            let name = rest[at].strip_prefix(PREFIX)?;
            let set = name.get(..name.len().checked_sub(END)?)?;
            Some((set.to_owned(), rest.get(at + 1).map(|user| (*user).to_owned())))
        });
        Some(Identity {
            arn: arn.to_owned(),
            account: account.parse().ok()?,
            iam_user: (kind == "user").then(|| rest.last().map(|name| (*name).to_owned())).flatten(),
            by_set: set,
        })
    }

    fn is_concerned(&self, change: &Change, snapshot: &Snapshot) -> bool {
        let of_iam = self
            .iam_user
            .as_ref()
            .is_some_and(|own| change.iam_user().is_some_and(|user| user.account == self.account && user.name == *own));
        let Some((set, user)) = &self.by_set else { return of_iam };
        let is_me = |name: &str| user.as_deref().is_some_and(|user| NameKey::of(user) == NameKey::of(name));
        let about_me = change.user().is_some_and(|user| is_me(&user.name));
        match change {
            Change::AddAssignment { permission_set, account, .. }
            | Change::RemoveAssignment { permission_set, account, .. } => {
                about_me || (*account == self.account && NameKey::of(&permission_set.name) == NameKey::of(set))
            }
            Change::DeleteGroup { group } => effect::group(snapshot, group).is_some_and(|group| {
                snapshot.groups[group].members.seen().any(|member| is_me(&snapshot.users[*member].user_name))
            }),
            Change::DeleteUser { .. } | Change::AddMember { .. } | Change::RemoveMember { .. } => about_me,
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
            | Change::CreateGroup { .. } => of_iam,
        }
    }
}

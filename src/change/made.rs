//! Changes that name what an earlier change of the plan makes, once AWS gave that its id.

use std::collections::BTreeMap;

use super::{Change, ChangeId, GroupRef, Planned, PrincipalRef, UserRef};
use crate::model::{GroupId, UserId};

/// The ids that AWS gave to what changes of a plan made, by change.
pub type Made = BTreeMap<ChangeId, String>;

impl Change {
    /// The same change with other references to users and groups of Identity Center.
    pub(super) fn with_references(
        &self,
        user: impl Fn(&UserRef) -> UserRef,
        group: impl Fn(&GroupRef) -> GroupRef,
    ) -> Change {
        let mut change = self.clone();
        if let Change::AddMember { group: g, user: u } | Change::RemoveMember { group: g, user: u } = &mut change {
            (*g, *u) = (group(g), user(u));
        } else if let Change::AddAssignment { principal, .. } | Change::RemoveAssignment { principal, .. } = &mut change
        {
            *principal = match &*principal {
                PrincipalRef::Group(named) => PrincipalRef::Group(group(named)),
                PrincipalRef::User(named) => PrincipalRef::User(user(named)),
            };
        }
        change
    }
}

impl Planned {
    /// The same change by ids, where it names what changes made that are done. Those changes stay among the ones that it
    /// comes after.
    #[must_use]
    pub fn by_ids(&self, made: &Made) -> Planned {
        let id = |by: &Option<ChangeId>| by.as_ref().and_then(|by| made.get(by)).cloned();
        let change = self.change.with_references(
            |named| match id(&named.made_by) {
                Some(id) => UserRef { id: Some(UserId::new(id)), made_by: None, ..named.clone() },
                None => named.clone(),
            },
            |named| match id(&named.made_by) {
                Some(id) => GroupRef { id: Some(GroupId::new(id)), made_by: None, ..named.clone() },
                None => named.clone(),
            },
        );
        let after = self.needs().cloned().collect();
        Planned { change, after, ..self.clone() }
    }
}

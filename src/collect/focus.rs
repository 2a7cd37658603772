//! The look at one thing, right before it is changed and right after: with the credentials of whoever reads, by the same
//! calls as the walk. Nothing that an earlier look was answered is taken again.

use std::sync::Arc;

use super::api::responses::{ListAccountAssignments, ListGroupMembershipsForMember};
use super::journal::page::{Outcome, Page};
use super::request::client::{Asker, Turn};
use super::request::run::{Clock, Depth, Run};
use super::walk::{IdentityStore, SsoAdmin, assigned, of_member};
use super::{Options, api::responses::Answer};
use crate::aws::failure::{Failure, Kind};
use crate::aws::session::Session;
use crate::model::{AccountId, GroupId, PermissionSetArn, UserId};

/// Who looks.
pub struct Focus {
    session: Session,
    clock: Clock,
    store: IdentityStore,
    sso_admin: SsoAdmin,
}

/// A user's membership in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    /// The user is not there.
    NoUser,
    /// The user is not in the group.
    None,
    /// The user is in the group, by the membership of this id.
    Is(String),
}

impl Focus {
    /// Whoever is signed in looks.
    #[must_use]
    pub fn of(session: &Session, options: &Options, clock: &Clock) -> Self {
        let config = session.one_attempt();
        let store = IdentityStore::new(&config, options.requests_per_second);
        let sso_admin = SsoAdmin::new(&config, options.requests_per_second);
        Focus { session: session.clone(), clock: Arc::clone(clock), store, sso_admin }
    }

    /// Whether a user is in a group of an identity store.
    ///
    /// # Errors
    /// Where that could not be read to the end.
    pub async fn membership(&self, store: &str, group: &GroupId, user: &UserId) -> Result<Membership, Failure> {
        let asker = self.asker();
        let whole = of_member(&asker, Turn::First, &self.store, store, user.as_str()).await;
        match read::<ListGroupMembershipsForMember>(&asker, whole) {
            Ok(answers) => {
                let mut memberships = answers.into_iter().flat_map(|page| page.group_memberships);
                let Some(found) = memberships.find(|one| one.group_id == group.as_str()) else {
                    return Ok(Membership::None);
                };
                let nameless = || Failure::new(Kind::Unreadable, "Unreadable", "the membership has no id");
                found.membership_id.map(Membership::Is).ok_or_else(nameless)
            }
            Err(failure) if failure.code.starts_with("ResourceNotFound") => Ok(Membership::NoUser),
            Err(failure) => Err(failure),
        }
    }

    /// Whether a principal, by its id, has a permission set in an account.
    ///
    /// # Errors
    /// Where that could not be read to the end.
    pub async fn is_assigned(
        &self,
        instance: &str,
        permission_set: &PermissionSetArn,
        account: AccountId,
        principal: &str,
    ) -> Result<bool, Failure> {
        let asker = self.asker();
        let pair = (permission_set.as_str(), &*account.to_string());
        let whole = assigned(&asker, Turn::First, &self.sso_admin, instance, pair).await;
        let answers = read::<ListAccountAssignments>(&asker, whole)?;
        Ok(answers.iter().flat_map(|page| &page.account_assignments).any(|one| one.principal_id == principal))
    }

    fn asker(&self) -> Asker {
        let run = Run {
            id: String::new(),
            clock: Arc::clone(&self.clock),
            earlier: Vec::new(),
            on_page: Box::new(Ok),
            on_progress: Box::new(|_| ()),
        };
        Asker::new(&self.session, run, Depth::Whole)
    }
}

/// The answers of a listing that was read to its end.
fn read<A: Answer>(asker: &Asker, whole: bool) -> Result<Vec<A>, Failure> {
    if whole {
        return Ok(asker.answered());
    }
    let failure = |pages: &[Page]| {
        pages.iter().rev().find_map(|page| match &page.outcome {
            Outcome::Failure(failure) => Some(failure.clone()),
            Outcome::Answer(_) | Outcome::Unreadable(_) => None,
        })
    };
    let unread = || Failure::new(Kind::Unreadable, "Unreadable", "the listing could not be read to its end");
    Err(asker.look(failure).unwrap_or_else(unread))
}

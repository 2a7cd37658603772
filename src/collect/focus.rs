//! The look at one thing, right before it is changed and right after: with the credentials that read, by the same calls as
//! the walk. Each look asks AWS anew.

mod iam_user;
mod look;
mod principal;

use std::sync::Arc;

use aws_credential_types::provider::SharedCredentialsProvider;

use super::api::responses::{
    AssumeRole, GetCallerIdentity, ListAccountAssignments, ListAccountAssignmentsForPrincipal, ListGroupMemberships,
    ListGroupMembershipsForMember,
};
use super::journal::page::{Outcome, Page};
use super::request::client::{Asker, Turn};
use super::request::run::{Clock, Depth, Run};
use super::walk::{IdentityStore, MemberRole, SsoAdmin, Sts, assigned, memberships, of_member, of_principal};
use super::{Options, api::responses::Answer};
use crate::aws::failure::{self, Failure, Kind};
use crate::aws::session::Session;
use crate::model::{AccountId, Caller, GroupId, PermissionSetArn, UserId};

use iam_user::Iam;
use principal::Principals;

pub use iam_user::{ACTIONS as IAM_ACTIONS, IamUserNow, PASSWORD_POLICY};
pub use look::{Looked, Presence, look};
pub use principal::{DescribedNow, GROUP_ACTIONS, HELD_ACTIONS, PrincipalNow, USER_ACTIONS, Whom};

/// A sign-in that looks.
pub struct Focus {
    session: Session,
    member_role: Option<String>,
    external_id: Option<String>,
    clock: Clock,
    store: IdentityStore,
    sso_admin: SsoAdmin,
    principals: Principals,
}

impl Focus {
    /// Looks by this sign-in.
    #[must_use]
    pub fn of(session: &Session, options: &Options, clock: &Clock) -> Self {
        let config = session.one_attempt();
        let store = IdentityStore::new(&config, options.requests_per_second);
        let sso_admin = SsoAdmin::new(&config, options.requests_per_second);
        let principals = Principals::of(&config, options.requests_per_second);
        let (member_role, external_id) = (options.member_role.clone(), options.external_id.clone());
        Focus {
            session: session.clone(),
            member_role,
            external_id,
            clock: Arc::clone(clock),
            store,
            sso_admin,
            principals,
        }
    }

    /// Who this sign-in is, as AWS says it.
    ///
    /// # Errors
    /// Where AWS does not say it.
    pub async fn caller(&self) -> Result<Caller, Failure> {
        let asker = self.asker();
        let is_answered = Sts::new(&self.session.one_attempt()).caller(&asker).await.is_some();
        let answers = read::<GetCallerIdentity>(&asker, is_answered)?;
        let said = answers.into_iter().next().and_then(|said| Some((said.account.parse().ok()?, said.arn)));
        let unreadable = || Failure::new(Kind::Unreadable, "Unreadable", "AWS does not say who calls");
        said.map(|(account, arn)| Caller { account, arn }).ok_or_else(unreadable)
    }

    /// The region that is asked.
    #[must_use]
    pub fn region(&self) -> &str {
        self.session.region()
    }

    /// The id of the membership by which a user is in a group of an identity store; `None` where the user is not in it.
    ///
    /// # Errors
    /// Where that could not be read to the end; also where the user is not there, since AWS says the same of an identity
    /// store that is not there.
    pub async fn membership(&self, store: &str, group: &GroupId, user: &UserId) -> Result<Option<String>, Failure> {
        let asker = self.asker();
        let whole = of_member(&asker, Turn::First, &self.store, store, user.as_str()).await;
        let answers = read::<ListGroupMembershipsForMember>(&asker, whole)?;
        let mut memberships = answers.into_iter().flat_map(|page| page.group_memberships);
        let Some(found) = memberships.find(|one| one.group_id == group.as_str()) else { return Ok(None) };
        let nameless = || Failure::new(Kind::Unreadable, "Unreadable", "the membership has no id");
        found.membership_id.map(Some).ok_or_else(nameless)
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

    /// The user or group of this name in an identity store; `None` where there is none.
    ///
    /// # Errors
    /// Where that could not be read.
    pub async fn named(&self, store: &str, whom: Whom, name: &str) -> Result<Option<DescribedNow>, Failure> {
        Box::pin(self.principals.named(store, whom, name)).await
    }

    /// The user or group of this id in an identity store, with everything that it holds; `None` where there is none.
    ///
    /// # Errors
    /// Where a part of it could not be read to its end.
    pub async fn principal(
        &self,
        instance: &str,
        store: &str,
        whom: Whom,
        id: &str,
    ) -> Result<Option<PrincipalNow>, Failure> {
        let Some(described) = Box::pin(self.principals.described(store, whom, id)).await? else { return Ok(None) };
        let asker = self.asker();
        let (memberships, kind) = match whom {
            Whom::User => {
                let whole = of_member(&asker, Turn::First, &self.store, store, id).await;
                let pages = read::<ListGroupMembershipsForMember>(&asker, whole)?;
                (pages.iter().map(|page| page.group_memberships.len()).sum(), "USER")
            }
            Whom::Group => {
                let whole = memberships(&asker, Turn::First, &self.store, store, id).await;
                let pages = read::<ListGroupMemberships>(&asker, whole)?;
                (pages.iter().map(|page| page.group_memberships.len()).sum(), "GROUP")
            }
        };
        let whole = of_principal(&asker, Turn::First, &self.sso_admin, instance, (kind, id)).await;
        let pages = read::<ListAccountAssignmentsForPrincipal>(&asker, whole)?;
        // AWS also lists what a user has by its groups.
        let assigned = pages.iter().flat_map(|page| &page.account_assignments);
        let assignments = assigned.filter(|one| one.principal_id.as_deref().is_none_or(|of| of == id)).count();
        let applications = Box::pin(self.principals.applications(instance, whom, id)).await?;
        Ok(Some(PrincipalNow { described, memberships, assignments, applications }))
    }

    /// The IAM user of this name in an account, with all that belongs to it; `None` where there is none. `caller` is who
    /// this sign-in is; in other accounts, the member role reads.
    ///
    /// # Errors
    /// Where the role cannot be assumed, or a part could not be read.
    pub async fn iam_user(
        &self,
        caller: &Caller,
        account: AccountId,
        name: &str,
    ) -> Result<Option<IamUserNow>, Failure> {
        let iam = self.iam(caller, account).await?;
        Box::pin(iam.user(name)).await
    }

    /// How many characters a console password has at least in an account; 0 where it has no policy for passwords.
    ///
    /// # Errors
    /// As [`Focus::iam_user`].
    pub async fn shortest_password(&self, caller: &Caller, account: AccountId) -> Result<usize, Failure> {
        let iam = self.iam(caller, account).await?;
        Box::pin(iam.shortest_password()).await
    }

    async fn iam(&self, caller: &Caller, account: AccountId) -> Result<Iam, Failure> {
        let config = self.session.one_attempt();
        if caller.account == account {
            return Ok(Iam::of(&config));
        }
        let Some(role) = &self.member_role else {
            let said = format!("the settings name no role that reads IAM of account {account} (`aws.member_role`)");
            return Err(Failure::new(Kind::NoCredentials, failure::NO_CREDENTIALS, said));
        };
        let role = MemberRole {
            partition: caller.partition().unwrap_or("aws").to_owned(),
            name: role.clone(),
            external_id: self.external_id.clone(),
            session_name: "rollcall-look".to_owned(),
        };
        let asker = self.asker();
        let assumed = Box::pin(Sts::new(&config).assume(&asker, &role, account)).await;
        let Some(assumed) = assumed else {
            read::<AssumeRole>(&asker, false)?;
            return Err(Failure::new(Kind::Unreadable, "Unreadable", "the answer has no credentials"));
        };
        let config = config.to_builder().credentials_provider(SharedCredentialsProvider::new(assumed)).build();
        Ok(Iam::of(&config))
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

//! The walk about one principal alone: what an event names, and what it has. Of the organization it reads the accounts,
//! because rows of lists name them; of an account's IAM it reads the one listing that has users, groups, roles and
//! policies together.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::caller::{MemberRole, Sts};
use super::identity_store::{IdentityStore, memberships, of_member};
use super::lookups::{Whom, describe};
use super::organizations::{self, UnitNames};
use super::sso_admin::SsoAdmin;
use super::{assignments, caller, chosen, iam, permission_sets, wanted};
use crate::aws::session::Session;
use crate::collect::Options;
use crate::collect::api::responses::{
    self, ListAccountAssignmentsForPrincipal, ListGroupMemberships, ListGroupMembershipsForMember,
};
use crate::collect::journal::page::Page;
use crate::collect::request::client::{Asker, Turn};
use crate::collect::request::error::WalkError;
use crate::collect::request::run::{Depth, Run};
use crate::model::{AccountId, AlsoNamed, Watched};

/// What is looked at.
pub(in crate::collect) struct About<'a> {
    pub(in crate::collect) watched: &'a Watched,
    /// What the events named besides.
    pub(in crate::collect) also: &'a BTreeSet<AlsoNamed>,
    /// Whether rows of the lists call units of the organization by their names.
    pub(in crate::collect) units: bool,
}

/// Asks AWS about one principal.
pub(in crate::collect) async fn about(
    session: &Session,
    options: &Options,
    about: &About<'_>,
    run: Run,
) -> Result<Vec<Page>, WalkError> {
    let scope = options.scope();
    let session_name = caller::session_name(&run.id);
    let asker = Arc::new(Asker::new(session, run, Depth::Whole));
    let config = session.one_attempt();
    let sts = Sts::new(&config);
    let caller = sts.caller(&asker).await;
    let organization = if scope.identity_center || options.member_role.is_some() {
        let units = if about.units { UnitNames::Wanted } else { UnitNames::NotWanted };
        organizations::accounts(&asker, &config, units).await
    } else {
        organizations::Accounts::default()
    };
    if let Some(account) = about.watched.account() {
        let own = caller.as_ref().map(|caller| caller.account);
        if wanted(&scope, &organization, own).contains(&account) {
            let role = options.member_role.as_deref().map(|name| MemberRole {
                partition: caller.as_ref().map_or_else(|| "aws".to_owned(), |caller| caller.partition.clone()),
                name: name.to_owned(),
                external_id: options.external_id.clone(),
                session_name,
            });
            iam::details_alone(&asker, &config, sts, role, own, account).await;
        }
    } else if scope.identity_center {
        let sso_admin = SsoAdmin::new(&config, options.requests_per_second);
        let found = sso_admin.instances(&asker).await;
        if let Some(instance) = chosen(options.instance_arn.as_deref(), found)? {
            let store = Arc::new(IdentityStore::new(&config, options.requests_per_second));
            let center = Center { asker: &asker, sso_admin: &sso_admin, store: &store, instance: &instance };
            center.read(about).await;
        }
    }
    asker.finish().map_err(WalkError::Journal)
}

/// An instance of Identity Center, and who asks it.
struct Center<'a> {
    asker: &'a Arc<Asker>,
    sso_admin: &'a SsoAdmin,
    store: &'a Arc<IdentityStore>,
    instance: &'a responses::Instance,
}

impl Center<'_> {
    async fn read(&self, about: &About<'_>) {
        let store = self.instance.identity_store_id.as_str();
        let mut pairs: BTreeSet<(String, AccountId)> = BTreeSet::new();
        for also in about.also {
            if let AlsoNamed::Assignment(set, account) = also {
                pairs.insert((set.as_str().to_owned(), *account));
            }
        }
        match about.watched {
            Watched::User(user) => {
                self.describe(Whom::User, [user.as_str().to_owned()].into()).await;
                of_member(self.asker, Turn::First, self.store, store, user.as_str()).await;
                let groups = self.asker.answered::<ListGroupMembershipsForMember>();
                let groups = groups.into_iter().flat_map(|page| page.group_memberships).map(|one| one.group_id);
                let groups: BTreeSet<String> = groups.collect();
                self.describe(Whom::Group, groups.clone()).await;
                self.pairs_of("USER", user.as_str()).await;
                for group in &groups {
                    self.pairs_of("GROUP", group).await;
                }
            }
            Watched::Group(group) => {
                self.describe(Whom::Group, [group.as_str().to_owned()].into()).await;
                memberships(self.asker, Turn::First, self.store, store, group.as_str()).await;
                let members = self.asker.answered::<ListGroupMemberships>();
                let members = members.into_iter().flat_map(|page| page.group_memberships);
                self.describe(Whom::User, members.map(|one| one.member_id.user_id).collect()).await;
                self.pairs_of("GROUP", group.as_str()).await;
            }
            Watched::PermissionSet(set) => self.sets([set.as_str().to_owned()].into()).await,
            Watched::IamUser(..) | Watched::IamGroup(..) | Watched::IamRole(..) | Watched::IamPolicy(..) => {}
        }
        let found = self.asker.answered::<ListAccountAssignmentsForPrincipal>();
        let found = found.into_iter().flat_map(|page| page.account_assignments);
        pairs.extend(found.filter_map(|one| Some((one.permission_set_arn, one.account_id.parse().ok()?))));
        self.sets(pairs.iter().map(|(set, _)| set.clone()).collect()).await;
        for (set, account) in pairs {
            let pair = (set.as_str(), &*account.to_string());
            _ = assignments::assigned(self.asker, Turn::First, self.sso_admin, &self.instance.instance_arn, pair).await;
        }
    }

    async fn describe(&self, whom: Whom, ids: BTreeSet<String>) {
        describe(self.asker, self.store, &self.instance.identity_store_id, whom, ids).await;
    }

    async fn pairs_of(&self, kind: &str, id: &str) {
        let (asker, instance) = (self.asker, &self.instance.instance_arn);
        _ = assignments::of_principal(asker, Turn::First, self.sso_admin, instance, (kind, id)).await;
    }

    async fn sets(&self, sets: BTreeSet<String>) {
        for set in sets {
            permission_sets::one(self.asker, self.sso_admin, &self.instance.instance_arn, &set).await;
        }
    }
}

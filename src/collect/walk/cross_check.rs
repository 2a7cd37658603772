//! The same facts by a second way: memberships by the way that was not gone, assignments by principal.
//!
//! It comes last, when all that it is compared with has been asked. What the fold would then call a contradiction is
//! asked again by both ways before it is left behind: a change that was made in between is none.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::assignments::{self, of_principal};
use super::identity_store::{self, IdentityStore, all_memberships, all_of_members};
use super::sso_admin::SsoAdmin;
use crate::collect::api::responses::{self, DescribeGroup, DescribeUser, ListGroups, ListPermissionSets, ListUsers};
use crate::collect::build::fold;
use crate::collect::cross_check_sample::sample;
use crate::collect::journal::page::Operation;
use crate::collect::membership_strategy::Way;
use crate::collect::request::client::{AT_ONCE, Asker, Turn, at_once};
use crate::model::{CrossCheck, Scope, Subject};

/// A kind of principal, and the id of one.
type Whom = (&'static str, String);

/// Asks by the second way as far as the scope says.
pub(super) async fn walk(
    asker: &Arc<Asker>,
    store: &Arc<IdentityStore>,
    sso_admin: &Arc<SsoAdmin>,
    instance: &responses::Instance,
    way: Way,
    scope: &Scope,
) {
    let (users, groups) = everyone(asker);
    let (users, groups) = match scope.cross_check {
        CrossCheck::None => return,
        CrossCheck::Sample => {
            let today = asker.now().date_naive();
            (sample(users, today), sample(groups, today))
        }
        CrossCheck::All => (users, groups),
    };
    let of_users = users.iter().map(|user| ("USER", user.clone()));
    let principals: Vec<Whom> = groups.iter().map(|group| ("GROUP", group.clone())).chain(of_users).collect();
    let memberships = async {
        match way {
            Way::ByGroup => {
                asker.ahead(&[Operation::ListGroupMembershipsForMember], users.len());
                _ = all_of_members(asker, store, &instance.identity_store_id, users).await;
            }
            Way::ByMember => {
                let id = &instance.identity_store_id;
                asker.ahead(&[Operation::ListGroupMemberships], groups.len());
                let mut groups = groups.into_iter();
                if let Some(first) = groups.next()
                    && identity_store::memberships(asker, Turn::First, store, id, &first).await
                {
                    all_memberships(asker, store, id, groups).await;
                }
            }
        }
    };
    // Where nobody tells which permission sets there are, nobody has any; so it is with an instance of one account.
    let assignments = async {
        if !asker.answered::<ListPermissionSets>().is_empty() {
            assignments_of(asker, sso_admin, &instance.instance_arn, principals).await;
        }
    };
    tokio::join!(memberships, assignments);
    if !asker.samples() {
        again(asker, store, sso_admin, instance, scope).await;
    }
}

/// The ids of all users and groups that are known.
fn everyone(asker: &Asker) -> (BTreeSet<String>, BTreeSet<String>) {
    let users = asker.answered::<ListUsers>().into_iter().flat_map(|page| page.users);
    let users = users.chain(asker.answered::<DescribeUser>().into_iter().map(|described| described.0));
    let groups = asker.answered::<ListGroups>().into_iter().flat_map(|page| page.groups);
    let groups = groups.chain(asker.answered::<DescribeGroup>().into_iter().map(|described| described.0));
    (users.map(|user| user.user_id).collect(), groups.map(|group| group.group_id).collect())
}

/// Asks for the assignments of these principals. Whoever is refused about the first is refused about all.
async fn assignments_of(asker: &Arc<Asker>, sso_admin: &Arc<SsoAdmin>, instance: &str, principals: Vec<Whom>) {
    asker.ahead(&[Operation::ListAccountAssignmentsForPrincipal], principals.len());
    let mut principals = principals.into_iter();
    let Some((kind, id)) = principals.next() else { return };
    if !of_principal(asker, Turn::First, sso_admin, instance, (kind, &id)).await {
        return;
    }
    at_once(AT_ONCE, principals, |(kind, id)| {
        let (asker, sso_admin, instance) = (Arc::clone(asker), Arc::clone(sso_admin), instance.to_owned());
        async move { _ = of_principal(&asker, Turn::First, &sso_admin, &instance, (kind, &id)).await }
    })
    .await;
}

/// The listings that contradict each other.
#[derive(Default)]
struct Disputed {
    /// Groups whose members, and users whose groups, are in dispute.
    members: BTreeSet<Whom>,
    /// Permission sets, each in an account.
    pairs: BTreeSet<(String, String)>,
    principals: BTreeSet<Whom>,
}

impl Disputed {
    fn of(scope: &Scope, asker: &Asker) -> Self {
        let snapshot = asker.look(|pages| fold(scope, pages));
        let mut disputed = Disputed::default();
        let contradictions = snapshot.cross_checked.iter().flat_map(|checked| &checked.contradictions);
        for (grant, about) in
            contradictions.flat_map(|one| [&one.shown, &one.lacking].map(|asked| (one.grant, asked.about)))
        {
            if let (Subject::Assignment(account, ..), Subject::PermissionSet(set)) = (grant, about) {
                let set = snapshot.permission_sets[set].arn.to_string();
                disputed.pairs.insert((set, snapshot.accounts[account].id.to_string()));
            }
            // Of whom nothing lists nobody asked.
            let (kind, id) = if let Subject::Group(group) = about
                && snapshot.groups[group].listed
            {
                ("GROUP", snapshot.groups[group].id.to_string())
            } else if let Subject::User(user) = about
                && snapshot.users[user].listed
            {
                ("USER", snapshot.users[user].id.to_string())
            } else {
                continue;
            };
            if let Subject::Membership(..) = grant {
                disputed.members.insert((kind, id));
            } else {
                disputed.principals.insert((kind, id));
            }
        }
        disputed
    }
}

/// Asks both ways again for all that they contradict each other about.
async fn again(
    asker: &Arc<Asker>,
    store: &Arc<IdentityStore>,
    sso_admin: &Arc<SsoAdmin>,
    instance: &responses::Instance,
    scope: &Scope,
) {
    let Disputed { members, pairs, principals } = Disputed::of(scope, asker);
    let (store_id, instance) = (&instance.identity_store_id, &instance.instance_arn);
    let memberships = async {
        for (kind, id) in &members {
            match *kind {
                "GROUP" => identity_store::memberships(asker, Turn::Again, store, store_id, id).await,
                _ => identity_store::of_member(asker, Turn::Again, store, store_id, id).await,
            };
        }
    };
    let assignments = async {
        for (set, account) in &pairs {
            assignments::again(asker, sso_admin, instance, (set, account)).await;
        }
        for (kind, id) in &principals {
            of_principal(asker, Turn::Again, sso_admin, instance, (kind, id)).await;
        }
    };
    tokio::join!(memberships, assignments);
}

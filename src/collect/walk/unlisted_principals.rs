//! Who is named and was not listed: somebody who joined when users and groups had been listed, or who is gone.
//!
//! A listing takes minutes, and what it is compared with is read later. So each of them is asked for by id before anybody
//! is called deleted, one call each; where everybody who is named is listed, there is none.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::identity_store::{IdentityStore, all_memberships, of_member};
use super::lookups::{Whom, assigned, describe};
use crate::collect::api::responses::{DescribeGroup, DescribeUser};
use crate::collect::journal::page::Operation;
use crate::collect::membership_strategy::Way;
use crate::collect::request::client::{AT_ONCE, Asker, Turn, at_once};

/// Asks for everyone who is named and not listed, and for the memberships of those who are there. Assignments and
/// memberships have been read.
pub(super) async fn walk(asker: &Arc<Asker>, store: &Arc<IdentityStore>, id: &str, way: Way) {
    if asker.samples() || store.named.is_nothing_listed() {
        return;
    }
    store.named.groups(assigned(asker, "GROUP").into_iter());
    let groups = store.named.unlisted_groups();
    if !groups.is_empty() {
        asker.ahead(&[Operation::DescribeGroup], groups.len());
        describe(asker, store, id, Whom::Group, groups.clone()).await;
        let there: BTreeSet<String> =
            asker.answered::<DescribeGroup>().into_iter().map(|described| described.0.group_id).collect();
        all_memberships(asker, store, id, groups.intersection(&there).cloned()).await;
    }
    store.named.users(assigned(asker, "USER").into_iter());
    let users = store.named.unlisted_users();
    if users.is_empty() {
        return;
    }
    asker.ahead(&[Operation::DescribeUser], users.len());
    describe(asker, store, id, Whom::User, users.clone()).await;
    match way {
        // Their groups have told it.
        Way::ByGroup => {}
        Way::ByMember => {
            let there: BTreeSet<String> =
                asker.answered::<DescribeUser>().into_iter().map(|described| described.0.user_id).collect();
            let late: Vec<String> = users.intersection(&there).cloned().collect();
            at_once(AT_ONCE, late, |user| {
                let (asker, store, id) = (Arc::clone(asker), Arc::clone(store), id.to_owned());
                async move { _ = of_member(&asker, Turn::First, &store, &id, &user).await }
            })
            .await;
        }
    }
}

//! Former employees whom only an earlier run of the job knew: what proves it, and how what they hold stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{
    Because, Evidence, IamAccount, IamUser, Ix, Judged, Principal, RowRef, SaidLeft, Standing, Subject, User, World,
};

/// Somebody who had left.
pub(super) struct HadLeft {
    /// Which run last read that, and from which row.
    pub(super) said: Arc<SaidLeft>,
    /// The rows that said already then that they are current, and still do.
    pub(super) still_current: Vec<RowRef>,
    /// Of an IAM user for which nobody is named any more: who answered for it then.
    pub(super) owner_then: Option<String>,
}

impl HadLeft {
    /// What proves it.
    pub(super) fn evidence(&self) -> Vec<Evidence> {
        let still_current = self.still_current.iter().copied().map(Evidence::StillSaidCurrent);
        let owner_then = self.owner_then.clone().map(Evidence::Owner);
        [Evidence::LeftBefore(SaidLeft::clone(&self.said))].into_iter().chain(still_current).chain(owner_then).collect()
    }
}

/// All of them.
#[derive(Default)]
pub(super) struct FormerEmployees {
    /// Users of Identity Center whose holders had left.
    pub(super) users: BTreeMap<Ix<User>, HadLeft>,
    /// IAM users whose owners had left.
    pub(super) iam_users: BTreeMap<(Ix<IamAccount>, Ix<IamUser>), HadLeft>,
}

impl FormerEmployees {
    /// Lets what they hold stand as what other leavers hold does. What stands otherwise than expected keeps its reason.
    pub(super) fn settle(&self, world: &World, judged: &mut [Judged]) {
        if self.users.is_empty() && self.iam_users.is_empty() {
            return;
        }
        for judged in judged {
            let Some(known) = self.holder(world, judged.subject) else { continue };
            let is_user = matches!(judged.subject, Subject::User(_));
            match &judged.standing {
                Standing::Expected(_) => {}
                // That a user has left is known where no list speaks of users as such.
                Standing::Unlisted if is_user => {}
                Standing::Unlisted
                | Standing::Pending(_)
                | Standing::Unintended(_)
                | Standing::Missing(..)
                | Standing::Differs(_)
                | Standing::Unknown(_) => continue,
            }
            judged.standing = Standing::Unintended(Because::HolderHadLeft(Arc::clone(&known.said)));
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "every other subject is held by no one person")]
    fn holder(&self, world: &World, subject: Subject) -> Option<&HadLeft> {
        match subject {
            Subject::User(user)
            | Subject::Membership(_, user)
            | Subject::Assignment(_, _, Principal::User(user))
            | Subject::Application(_, Some(Principal::User(user))) => self.users.get(&user),
            Subject::Entitlement(entitled, entitlement) => {
                match world.snapshot.entitled[entitled].entitlements[entitlement].principal {
                    Principal::User(user) => self.users.get(&user),
                    Principal::Group(_) => None,
                }
            }
            Subject::IamUser(account, user) => self.iam_users.get(&(account, user)),
            _ => None,
        }
    }
}

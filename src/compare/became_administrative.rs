//! What became administrative behind a name that a list expects. The earlier run knows what it was.
//!
//! It stays known as harmless, and so is found again in every run, until a row approves it or it is harmless again.

use std::collections::BTreeSet;

use crate::model::{
    Administrative, Extent, IamAccount, IamUser, Judged, PermissionSet, PolicyHolder, PolicyHolderKind, Snapshot,
    Standing, Subject, World,
};

use super::administrative::{self, Place};

/// Whether a permission set was harmless in the earlier run.
pub(super) fn was_harmless_set(world: &World, set: &PermissionSet) -> bool {
    was_harmless(world, &of_set(set))
}

/// The same of an IAM user.
pub(super) fn was_harmless_user(world: &World, account: &IamAccount, user: &IamUser) -> bool {
    was_harmless(world, &of_user(&world.snapshot, account, user))
}

fn was_harmless(world: &World, holder: &PolicyHolder) -> bool {
    world.earlier.as_ref().is_some_and(|earlier| earlier.harmless.contains(holder))
}

fn of_set(set: &PermissionSet) -> PolicyHolder {
    PolicyHolder::new(PolicyHolderKind::PermissionSet, None, &set.name)
}

fn of_user(snapshot: &Snapshot, account: &IamAccount, user: &IamUser) -> PolicyHolder {
    PolicyHolder::new(PolicyHolderKind::IamUser, Some(snapshot.accounts[account.account].id), &user.name)
}

/// What the next run compares with: all that is harmless, and all that was and that no row approves as it is now.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other subject is left as it is")]
pub(super) fn harmless(world: &World, judged: &[Judged]) -> BTreeSet<PolicyHolder> {
    let snapshot = &world.snapshot;
    let mut harmless = BTreeSet::new();
    for judged in judged {
        let (holder, now) = match judged.subject {
            Subject::PermissionSet(set) => {
                let set = &snapshot.permission_sets[set];
                (of_set(set), administrative::permission_set(set, snapshot))
            }
            Subject::IamUser(account, user) => {
                let account = &snapshot.iam[account.number()];
                let (user, place) = (&account.users[user], Place::of(snapshot, account.account));
                (of_user(snapshot, account, user), administrative::user(user, place))
            }
            _ => continue,
        };
        let approved = matches!(judged.standing, Standing::Expected(_));
        let stays = match now {
            Administrative::No => true,
            Administrative::Unknown(_) => was_harmless(world, &holder),
            Administrative::Yes(_) => !approved && was_harmless(world, &holder),
        };
        if stays {
            harmless.insert(holder);
        }
    }
    harmless.extend(unseen(world));
    harmless
}

/// What was harmless and may be there, although it was not seen: nothing is forgotten by a gap.
fn unseen(world: &World) -> impl Iterator<Item = PolicyHolder> + '_ {
    let snapshot = &world.snapshot;
    let is_part = |extent: &Extent| matches!(extent, Extent::Part(_));
    let known = world.earlier.iter().flat_map(|earlier| &earlier.harmless);
    let may_be_there = move |holder: &&PolicyHolder| {
        let account = snapshot.iam.iter().find(|iam| Some(snapshot.accounts[iam.account].id) == holder.account_id);
        match holder.kind {
            PolicyHolderKind::PermissionSet => is_part(snapshot.permission_sets.extent()),
            PolicyHolderKind::IamUser => account.is_none_or(|iam| is_part(iam.users.extent())),
        }
    };
    known.filter(may_be_there).filter(move |holder| !is_seen(snapshot, holder)).cloned()
}

fn is_seen(snapshot: &Snapshot, holder: &PolicyHolder) -> bool {
    let mut accounts = snapshot.iam.iter().filter(|iam| Some(snapshot.accounts[iam.account].id) == holder.account_id);
    match holder.kind {
        PolicyHolderKind::PermissionSet => snapshot.permission_sets.seen().any(|set| of_set(set) == *holder),
        PolicyHolderKind::IamUser => {
            accounts.any(|iam| iam.users.seen().any(|user| of_user(snapshot, iam, user) == *holder))
        }
    }
}

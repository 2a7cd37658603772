//! IAM users and their policies against `iam-users.csv`, both ways.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::compare::administrative::{self, Place};
use crate::compare::became_administrative;
use crate::compare::matching::keys::{Key, key};
use crate::compare::matching::owners::Owners;
use crate::compare::run_gaps::not_listed;
use crate::model::{
    Account, AccountId, Administrative, Asked, Because, Extent, Gap, Hides, IamAccount, IamPolicy, IamUser, IamUserRow,
    Ix, Judged, Kind, ListingIndex, Matching, NameKey, Naming, PolicyCell, Side, Sight, Standing, Subject, What, Why,
    World,
};

use super::approval::{Approval, Content, Holder};
use super::{NotThere, seen, speaks_for, standing_of_present};

/// Where IAM users and their policies come from.
const SOURCE: &str = "iam:GetAccountAuthorizationDetails";

pub(super) fn judge(world: &World, matching: &Matching) -> Vec<Judged> {
    let rows = world.expectation.iam_users.index_by(|row| [(row.account, key(&row.name))]);
    let owners = Owners::of(&world.expectation, matching);
    let mut judged = Vec::new();
    for (number, account) in world.snapshot.iam.iter().enumerate() {
        let position: Ix<IamAccount> = Ix::new(number);
        let id = world.snapshot.accounts[account.account].id;
        for (user, entry) in account.users.positions() {
            let row = rows.look_up_any(&[(id, key(&entry.name))], |_| true);
            let standing = user_standing(world, &owners, account, entry, row.clone());
            for (policy, held) in entry.policies.iter().enumerate() {
                let subject = Subject::Policy(position, user, Ix::new(policy));
                let standing = policy_standing(world, id, entry, held, &standing, row.clone());
                judged.push(Judged { subject, standing });
            }
            judged.push(Judged { subject: Subject::IamUser(position, user), standing });
        }
    }
    judged.extend(due(world));
    judged
}

fn user_standing(
    world: &World,
    owners: &Owners<'_>,
    account: &IamAccount,
    user: &IamUser,
    row: Sight<Ix<IamUserRow>>,
) -> Standing {
    if !speaks_for(world, Kind::IamUser) {
        return Standing::Unlisted;
    }
    let id = world.snapshot.accounts[account.account].id;
    let answer = row.map(|row| {
        let row = &world.expectation.iam_users[row];
        let owner = user.owner(Some(row));
        match (owner.and_then(|owner| owners.left(owner)), owner.and_then(|owner| owners.doubt(owner))) {
            (Some(person), _) => Standing::Unintended(Because::HolderLeft(person.decided_by())),
            (None, Some(doubt)) => Standing::Unknown(Arc::clone(doubt)),
            (None, None) => as_approved(world, account, user, row),
        }
    });
    let asked =
        || Asked { kind: Kind::IamUser, principal: vec![NameKey::of(&user.name)], account: Some(id), what: Vec::new() };
    standing_of_present(world, answer, asked)
}

/// Whether its policies are those that the row approves. They are not known to be others where some of them were not
/// read.
fn as_approved(world: &World, account: &IamAccount, user: &IamUser, row: &IamUserRow) -> Standing {
    let place = Place::of(&world.snapshot, account.account);
    let digest = user.policies_digest();
    if let (Some(approved), Extent::Part(gap)) = (&row.digest, account.users.extent())
        && digest.as_ref() != Some(approved)
    {
        return Standing::Unknown(Arc::clone(gap));
    }
    let says_nothing = row.administrative.is_none() && row.digest.is_none();
    if says_nothing && grew(world, account, user) {
        return Standing::Differs(row.row);
    }
    let administrative =
        if says_nothing { beyond_its_names(user, row, place) } else { administrative::user(user, place) };
    let approval = Approval { row: row.row, administrative: row.administrative, digest: row.digest.as_deref() };
    approval.standing(
        world,
        Content {
            holder: Holder::IamUser,
            name: user.name.clone(),
            account: Some(world.snapshot.accounts[account.account].id),
            administrative,
            digest,
            digest_covers_all: true,
        },
    )
}

/// Whether a user became an administrator since the earlier run: by a policy, by a group, or by the end of a boundary.
fn grew(world: &World, account: &IamAccount, user: &IamUser) -> bool {
    became_administrative::was_harmless_user(world, account, user)
        && administrative::user(user, Place::of(&world.snapshot, account.account)).is_yes()
}

/// What a user is by policies of which the row says the name only. AWS keeps its own under fixed names, so a row that
/// names one approves what it allows; what another one allows, its name does not say.
fn beyond_its_names(user: &IamUser, row: &IamUserRow, place: Place) -> Administrative {
    let Some(cells) = &row.policies else {
        return match administrative::user(user, place) {
            // No list speaks of its policies, and that is said of administrators.
            Administrative::Yes(_) => Administrative::No,
            other @ (Administrative::No | Administrative::Unknown(_)) => other,
        };
    };
    let named: Vec<&IamPolicy> = user.policies.iter().filter(|policy| naming(cells, policy) == Naming::Means).collect();
    let of_aws = named.iter().copied().filter(|policy| policy.is_aws_managed());
    let boundary = user.boundary.as_ref();
    match (
        administrative::iam_policies(of_aws, boundary, place),
        administrative::iam_policies(named.iter().copied(), boundary, place),
    ) {
        (Administrative::Yes(_), _) | (Administrative::Unknown(_), Administrative::Unknown(_)) => Administrative::No,
        (Administrative::Unknown(_) | Administrative::No, all) => all,
    }
}

/// Whether any of these cells means a policy.
fn naming(cells: &[String], policy: &IamPolicy) -> Naming {
    let cells = cells.iter().filter_map(|cell| PolicyCell::parse(cell).ok());
    cells.map(|cell| cell.naming(policy)).max().unwrap_or(Naming::Not)
}

fn policy_standing(
    world: &World,
    account: AccountId,
    user: &IamUser,
    policy: &IamPolicy,
    holder: &Standing,
    row: Sight<Ix<IamUserRow>>,
) -> Standing {
    if !speaks_for(world, Kind::Policy) {
        return Standing::Unlisted;
    }
    let Some(row) = row.seen() else { return holder.clone() };
    let row = &world.expectation.iam_users[row];
    let Some(cells) = &row.policies else { return Standing::Unlisted };
    let by_digest = row.digest.is_some() && matches!(holder, Standing::Expected(_));
    let answer = match naming(cells, policy) {
        Naming::Means => Sight::Seen(Standing::Expected(row.row)),
        // The digest says what it is, whatever it is called.
        Naming::NameOnly if by_digest => Sight::Seen(Standing::Expected(row.row)),
        Naming::NameOnly => Sight::Seen(Standing::Differs(row.row)),
        // The cell speaks for all policies of the user, so it is as whole as the list that it stands in.
        Naming::Not => world.expectation.iam_users.of_unseen(),
    };
    let asked = || Asked {
        kind: Kind::Policy,
        principal: vec![NameKey::of(&user.name)],
        account: Some(account),
        what: [&policy.name].into_iter().chain(&policy.arn).map(|name| NameKey::of(name)).collect(),
    };
    standing_of_present(world, answer, asked)
}

/// Rows that expect what is not there: the user, or a policy of a user who is there.
fn due(world: &World) -> Vec<Judged> {
    let accounts = world.snapshot.accounts.index_by(|account| [account.id]);
    let unlisted = world.snapshot.unlisted_accounts();
    let looked_at: BTreeMap<Ix<Account>, (&IamAccount, ListingIndex<'_, Key, IamUser>)> = world
        .snapshot
        .iam
        .iter()
        .map(|iam| (iam.account, (iam, iam.users.index_by(|user| [key(&user.name)]))))
        .collect();
    let mut judged = Vec::new();
    for (position, row) in world.expectation.iam_users.positions() {
        let found = seen(accounts.look_up_any(&[row.account], |_| true)).and_then(|account| {
            let outside = || NotThere::Unseen(Arc::new(out_of_scope(&unlisted, row.account)));
            let (iam, by_name) = looked_at.get(&account).ok_or_else(outside)?;
            let user = seen(by_name.look_up_any(&[key(&row.name)], |_| true))?;
            Ok((*iam, &iam.users[user]))
        });
        match found {
            Ok((iam, user)) => judged.extend(due_policies(position, row, iam, user)),
            Err(not_there) => {
                judged.push(Judged { subject: Subject::DueIamUser(position), standing: not_there.standing(row.row) });
            }
        }
    }
    judged
}

fn due_policies<'a>(
    position: Ix<IamUserRow>,
    row: &'a IamUserRow,
    iam: &'a IamAccount,
    user: &'a IamUser,
) -> impl Iterator<Item = Judged> + 'a {
    row.policies.iter().flatten().enumerate().filter_map(move |(number, cell)| {
        // What has only the name of it is a deviation of its own.
        let is_there = |policy: &IamPolicy| naming(std::slice::from_ref(cell), policy) != Naming::Not;
        if user.policies.iter().any(is_there) {
            return None;
        }
        let not_there = seen(iam.users.of_unseen::<()>()).err()?;
        let number = u32::try_from(number).expect("a cell is shorter than four gigabytes");
        Some(Judged { subject: Subject::DuePolicy(position, number), standing: not_there.standing(row.row) })
    })
}

/// A row for an account in which this run was not told to look, or could not, is neither met nor missed.
/// `unlisted` are accounts in which something is granted and which the organization does not list.
pub(super) fn out_of_scope(unlisted: &BTreeSet<AccountId>, account: AccountId) -> Gap {
    if unlisted.contains(&account) {
        return not_listed(account, Hides::Nothing);
    }
    Gap {
        side: Side::Aws,
        source: SOURCE.to_owned(),
        account: Some(account),
        unseen: What::IamUsersOutOfScope.into(),
        why: Why::OutOfScope,
        hides: Hides::Nothing,
    }
}

//! IAM users and their policies against `iam-users.csv`, both ways.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compare::matching::{Key, key};
use crate::compare::owners::Owners;
use crate::model::{
    Account, AccountId, Asked, Because, Extent, Gap, Hides, IamAccount, IamPolicy, IamUser, IamUserRow, Ix, Judged,
    Kind, Listing, ListingIndex, NameKey, Side, Sight, Standing, Subject, Why, World, quoted,
};

use super::{NotThere, seen, speaks_for, standing_of_present};

/// Where IAM users and their policies come from.
const SOURCE: &str = "iam:GetAccountAuthorizationDetails";

pub(super) fn judge(world: &World) -> Vec<Judged> {
    let rows = world.expectation.iam_users.index_by(|row| [(row.account, key(&row.name))]);
    let owners = Owners::of(&world.expectation);
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
        match user.owner(Some(row)).and_then(|owner| owners.left(owner)) {
            Some(person) => Standing::Unintended(Because::HolderLeft(person.row)),
            None => as_approved(id, account, user, row),
        }
    });
    let asked =
        || Asked { kind: Kind::IamUser, principal: vec![NameKey::of(&user.name)], account: Some(id), what: Vec::new() };
    standing_of_present(world, answer, asked)
}

/// Whether its policies are those that were approved by their digest. They are not known to be others where some of
/// them were not read.
fn as_approved(id: AccountId, account: &IamAccount, user: &IamUser, row: &IamUserRow) -> Standing {
    let Some(approved) = &row.digest else { return Standing::Expected(row.row) };
    match (user.policies_digest(), account.users.extent()) {
        (Some(digest), _) if digest == *approved => Standing::Expected(row.row),
        (_, Extent::Part(gap)) => Standing::Unknown(Arc::clone(gap)),
        (Some(_), Extent::Whole(_)) => Standing::Differs(row.row),
        (None, Extent::Whole(_)) => Standing::Unknown(Arc::new(Gap {
            side: Side::Aws,
            source: SOURCE.to_owned(),
            account: Some(id),
            unseen: format!("what the policies of the IAM user {} allow", quoted(&user.name)),
            why: Why::Unreadable { detail: "a policy has no document in it".to_owned() },
            hides: Hides::Grants,
        })),
    }
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
    let Some(policies) = &row.policies else { return Standing::Unlisted };
    // The cell speaks for all policies of the user, so it is as whole as the list that it stands in.
    let expected = policies.iter().map(|name| key(name)).collect();
    let expected: Listing<Key> = Listing::new(expected, world.expectation.iam_users.extent().clone());
    let by_name = expected.look_up(&key(&policy.name), Key::clone);
    let answer = match (&by_name, &policy.arn) {
        (Sight::Absent(_) | Sight::Unseen(_), Some(arn)) => expected.look_up(&key(arn), Key::clone),
        (Sight::Seen(_) | Sight::Absent(_) | Sight::Unseen(_), _) => by_name,
    };
    let asked = || Asked {
        kind: Kind::Policy,
        principal: vec![NameKey::of(&user.name)],
        account: Some(account),
        what: [&policy.name].into_iter().chain(&policy.arn).map(|name| NameKey::of(name)).collect(),
    };
    standing_of_present(world, answer.map(|_| Standing::Expected(row.row)), asked)
}

/// Rows that expect what is not there: the user, or a policy of a user who is there.
fn due(world: &World) -> Vec<Judged> {
    let accounts = world.snapshot.accounts.index_by(|account| [account.id]);
    let looked_at: BTreeMap<Ix<Account>, (&IamAccount, ListingIndex<'_, Key, IamUser>)> = world
        .snapshot
        .iam
        .iter()
        .map(|iam| (iam.account, (iam, iam.users.index_by(|user| [key(&user.name)]))))
        .collect();
    let mut judged = Vec::new();
    for (position, row) in world.expectation.iam_users.positions() {
        let found = seen(accounts.look_up_any(&[row.account], |_| true)).and_then(|account| {
            let outside = || NotThere::Unseen(Arc::new(out_of_scope(row.account)));
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
    let names = user.policies.iter().flat_map(|policy| [Some(&policy.name), policy.arn.as_ref()]);
    let held = names.flatten().map(|name| key(name)).collect();
    let held: Listing<Key> = Listing::new(held, iam.users.extent().clone());
    row.policies.iter().flatten().enumerate().filter_map(move |(number, name)| {
        let not_there = seen(held.look_up(&key(name), Key::clone)).err()?;
        let number = u32::try_from(number).expect("a cell is shorter than four gigabytes");
        Some(Judged { subject: Subject::DuePolicy(position, number), standing: not_there.standing(row.row) })
    })
}

/// A row for an account in which this run was not told to look is neither met nor missed.
pub(super) fn out_of_scope(account: AccountId) -> Gap {
    Gap {
        side: Side::Aws,
        source: SOURCE.to_owned(),
        account: Some(account),
        unseen: "IAM users of an account outside the scope of this run".to_owned(),
        why: Why::NotAsked,
        hides: Hides::Nothing,
    }
}

//! IAM users and their policies against `iam-users.csv`, both ways.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compare::administrative::{self, Place};
use crate::compare::became_administrative;
use crate::compare::matching::owners::Owners;
use crate::compare::matching::principals::{Key, key};
use crate::model::{
    Account, AccountId, Administrative, Asked, Because, Extent, Gap, Hides, IamAccount, IamPolicy, IamUser, IamUserRow,
    Ix, Judged, Kind, ListingIndex, Matching, NameKey, Naming, PolicyCell, Side, Sight, Standing, Subject, Why, World,
    quoted,
};

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
    let id = world.snapshot.accounts[account.account].id;
    if let Some(approved) = &row.digest {
        match (user.policies_digest(), account.users.extent()) {
            (Some(digest), _) if digest == *approved => {}
            (_, Extent::Part(gap)) => return Standing::Unknown(Arc::clone(gap)),
            (Some(_), Extent::Whole(_)) => return Standing::Differs(row.row),
            (None, Extent::Whole(_)) => {
                let detail = "a policy has no document in it".to_owned();
                let unseen = format!("what the policies of the IAM user {} allow", quoted(&user.name));
                return Standing::Unknown(Arc::new(undecided(id, unseen, Why::Unreadable { detail })));
            }
        }
    }
    let place = Place::of(&world.snapshot, account.account);
    match (row.administrative, &row.digest) {
        (Some(true), _) | (None, Some(_)) => Standing::Expected(row.row),
        (None, None) if exceeds_its_names(user, row, place) || grew(world, account, user) => Standing::Differs(row.row),
        (None, None) => Standing::Expected(row.row),
        (Some(false), digest) => match administrative::user(user, place) {
            Administrative::Yes(_) => Standing::Differs(row.row),
            Administrative::No => Standing::Expected(row.row),
            // What was approved by its digest is what it was, whatever that is.
            Administrative::Unknown(_) if digest.is_some() => Standing::Expected(row.row),
            Administrative::Unknown(detail) => {
                let unseen = format!("whether the IAM user {} is administrative", quoted(&user.name));
                Standing::Unknown(Arc::new(undecided(id, unseen, Why::Untold { detail })))
            }
        },
    }
}

/// Whether a user became an administrator since the earlier run: by a policy, by a group, or by the end of a boundary.
fn grew(world: &World, account: &IamAccount, user: &IamUser) -> bool {
    became_administrative::was_harmless_user(world, account, user)
        && administrative::user(user, Place::of(&world.snapshot, account.account)).is_yes()
}

/// Whether policies make a user an administrator of which the row says the name only. AWS keeps its own under fixed
/// names; what another one allows, its name does not say.
fn exceeds_its_names(user: &IamUser, row: &IamUserRow, place: Place) -> bool {
    let Some(cells) = &row.policies else { return false };
    let named: Vec<&IamPolicy> = user.policies.iter().filter(|policy| naming(cells, policy) == Naming::Means).collect();
    let of_aws = named.iter().copied().filter(|policy| policy.is_aws_managed());
    let boundary = user.boundary.as_ref();
    !administrative::iam_policies(of_aws, boundary, place).is_yes()
        && administrative::iam_policies(named.iter().copied(), boundary, place).is_yes()
}

/// Whether any of these cells means a policy.
fn naming(cells: &[String], policy: &IamPolicy) -> Naming {
    let cells = cells.iter().filter_map(|cell| PolicyCell::parse(cell).ok());
    cells.map(|cell| cell.naming(policy)).max().unwrap_or(Naming::Not)
}

/// A row asks for more than could be seen.
fn undecided(account: AccountId, unseen: String, why: Why) -> Gap {
    let hides = Hides::Grants;
    Gap { side: Side::Aws, source: SOURCE.to_owned(), account: Some(account), unseen, why, hides }
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

/// A row for an account in which this run was not told to look is neither met nor missed.
pub(super) fn out_of_scope(account: AccountId) -> Gap {
    Gap {
        side: Side::Aws,
        source: SOURCE.to_owned(),
        account: Some(account),
        unseen: "IAM users of an account outside the scope of this run".to_owned(),
        why: Why::OutOfScope,
        hides: Hides::Nothing,
    }
}

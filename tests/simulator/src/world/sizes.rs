//! Worlds by size, from tests of a second to the largest organization that AWS's quotas allow.
//!
//! Nothing in them is random: the same size is the same world.

use std::sync::Arc;

use super::iam::{allowing, trusting};
use super::{BEGINNING, Credentials, Iam, IamGroup, IamPolicy, IamRole, IamUser, Key, Principal, World};

/// How many there are of each thing.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Users of the identity store.
    pub users: u32,
    /// Groups of the identity store.
    pub groups: u32,
    /// Memberships, spread evenly over the groups.
    pub memberships: u32,
    /// Accounts, with the management account.
    pub accounts: u32,
    /// Permission sets.
    pub permission_sets: u32,
    /// Permission sets that are provisioned to each account.
    pub provisioned: u32,
    /// IAM users of each account.
    pub iam_users: u32,
    /// IAM roles of each account.
    pub roles: u32,
    /// Policies of each account.
    pub policies: u32,
}

impl World {
    /// 200 users, 40 groups, 1,000 memberships, 10 accounts, 20 permission sets.
    #[must_use]
    pub fn small() -> Self {
        World::of(Size {
            users: 200,
            groups: 40,
            memberships: 1_000,
            accounts: 10,
            permission_sets: 20,
            provisioned: 6,
            iam_users: 10,
            roles: 150,
            policies: 30,
        })
    }

    /// 20,000 users, 3,000 groups, 100,000 memberships, 500 accounts, 100 permission sets.
    #[must_use]
    pub fn large() -> Self {
        World::of(Size {
            users: 20_000,
            groups: 3_000,
            memberships: 100_000,
            accounts: 500,
            permission_sets: 100,
            provisioned: 8,
            iam_users: 20,
            roles: 150,
            policies: 30,
        })
    }

    /// 200 users, 40 groups, 1,000 memberships, 10 accounts, 10 permission sets, 50 IAM users in all.
    #[must_use]
    pub fn careful() -> Self {
        World::of(Size {
            users: 200,
            groups: 40,
            memberships: 1_000,
            accounts: 10,
            permission_sets: 10,
            provisioned: 4,
            iam_users: 5,
            roles: 3,
            policies: 2,
        })
    }

    /// So many users, as many groups, and ten memberships for each user.
    #[must_use]
    pub fn people(users: u32) -> Self {
        World::of(Size {
            users,
            groups: users,
            memberships: users.saturating_mul(10),
            accounts: 10,
            permission_sets: 10,
            provisioned: 4,
            iam_users: 5,
            roles: 3,
            policies: 2,
        })
    }

    /// A world of this size.
    #[must_use]
    pub fn of(size: Size) -> Self {
        let mut world = World::empty();
        let users: Vec<String> = (0..size.users).map(|number| world.add_user(&format!("user.{number:06}"))).collect();
        let groups: Vec<String> =
            (0..size.groups).map(|number| world.add_group(&format!("AWS-Team-{number:06}"))).collect();
        fill_groups(&mut world, &users, &groups, size.memberships);
        let iam = Arc::new(iam(size));
        world.account_mut(super::MANAGEMENT).iam = Arc::clone(&iam);
        for number in 1..size.accounts {
            let id = format!("{:012}", 200_000_000_000_u64 + u64::from(number));
            world.add_account(&id, &format!("workload-{number:03}")).iam = Arc::clone(&iam);
        }
        let sets: Vec<String> =
            (0..size.permission_sets).map(|number| world.add_permission_set(&format!("Set{number:03}"))).collect();
        grant(&mut world, size, &users, &groups, &sets);
        world
    }
}

/// Each group gets the users that follow those of the group before it, so that no membership comes twice.
fn fill_groups(world: &mut World, users: &[String], groups: &[String], memberships: u32) {
    if users.is_empty() || groups.is_empty() {
        return;
    }
    let each = (memberships as usize).div_ceil(groups.len()).min(users.len());
    let pairs = groups
        .iter()
        .enumerate()
        .flat_map(|(place, group)| (0..each).map(move |number| (group, &users[(place * each + number) % users.len()])));
    for (group, user) in pairs.take(memberships as usize) {
        world.add_member(group, user);
    }
}

/// In each account so many permission sets, each for a group, and every third also for a single user.
fn grant(world: &mut World, size: Size, users: &[String], groups: &[String], sets: &[String]) {
    let accounts: Vec<String> = world.accounts.iter().map(|account| account.id.clone()).collect();
    for (place, account) in accounts.iter().enumerate() {
        for number in 0..size.provisioned.min(size.permission_sets) as usize {
            let turn = place * size.provisioned as usize + number;
            let set = &sets[turn % sets.len()];
            if let Some(group) = groups.get(turn % groups.len().max(1)) {
                world.assign(Principal::Group(group.clone()), set, account);
            }
            if let Some(user) = users.get(turn % users.len().max(1))
                && turn.is_multiple_of(3)
            {
                world.assign(Principal::User(user.clone()), set, account);
            }
        }
    }
}

fn iam(size: Size) -> Iam {
    let user = |number: u32| IamUser {
        name: format!("svc-{number:03}"),
        path: "/".to_owned(),
        groups: vec!["operators".to_owned()],
        attached: if number.is_multiple_of(2) {
            vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()]
        } else {
            Vec::new()
        },
        inline: if number.is_multiple_of(5) {
            vec![("write".to_owned(), allowing("s3:PutObject"))]
        } else {
            Vec::new()
        },
        tags: vec![("owner".to_owned(), format!("user.{number:06}@example.com"))],
        credentials: Credentials {
            password: number.is_multiple_of(4),
            password_used: number.is_multiple_of(4).then_some(BEGINNING + 3_600),
            mfa: number.is_multiple_of(4),
            keys: vec![Key { active: true, rotated: BEGINNING, used: Some(BEGINNING + 86_400) }],
        },
        ..IamUser::default()
    };
    let role = |number: u32| IamRole {
        name: format!("role-{number:03}"),
        path: "/".to_owned(),
        trust: trusting("Service", "ec2.amazonaws.com"),
        attached: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()],
        last_used: Some(BEGINNING + 7_200),
        ..IamRole::default()
    };
    let policy = |number: u32| IamPolicy { name: format!("policy-{number:03}"), document: allowing("sqs:*") };
    Iam {
        users: (0..size.iam_users).map(user).collect(),
        groups: vec![IamGroup {
            name: "operators".to_owned(),
            attached: vec!["arn:aws:iam::aws:policy/job-function/ViewOnlyAccess".to_owned()],
            ..IamGroup::default()
        }],
        roles: (0..size.roles).map(role).collect(),
        policies: (0..size.policies).map(policy).collect(),
        root: Credentials { password: true, mfa: true, ..Credentials::default() },
        ..Iam::default()
    }
}

//! What is true in the simulated AWS: accounts, people, groups, permission sets, assignments, IAM.
//!
//! It does not know how it is asked. Whatever a test changes here is what the next call answers.

mod center;
mod iam;
mod people;
mod sizes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};

pub use center::{Application, Entitlement, PermissionSet, Principal};
pub(crate) use iam::allowing;
pub use iam::{Credentials, Iam, IamGroup, IamPolicy, IamRole, IamUser, Key};
pub use people::{Audit, Group, Member, User};
pub use sizes::Size;

/// The management account, whose credentials are all that are not a member role's.
pub const MANAGEMENT: &str = "123456789012";
/// The instance that belongs to the organization.
pub const INSTANCE: &str = "arn:aws:sso:::instance/ssoins-7223000000000001";
/// Its identity store.
pub const STORE: &str = "d-9067000001";
/// 2026-01-01T00:00:00Z: everything was made then or some minutes later.
pub const BEGINNING: i64 = 1_767_225_600;
/// The application of account access manager that entitlements belong to where nothing else is said.
pub const ACCESS_MANAGER: &str = "arn:aws:account-access:us-east-1:123456789012:application/apl-7223000000000001";

/// The simulated AWS.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// The accounts in the order in which Organizations lists them.
    pub accounts: Vec<Account>,
    /// Instances of Identity Center besides the organization's own: each belongs to one account.
    pub account_instances: Vec<Instance>,
    /// Whether the organization has its instance.
    pub no_organization_instance: bool,
    /// The names of organizational units by their id.
    pub units: BTreeMap<String, String>,
    /// Users in the order in which they were made; who was removed leaves an empty place, so that no page shifts.
    pub(crate) users: Vec<Option<User>>,
    pub(crate) user_places: BTreeMap<String, u32>,
    /// Groups in the order in which they were made, with the same empty places.
    pub(crate) groups: Vec<Option<Group>>,
    pub(crate) group_places: BTreeMap<String, u32>,
    /// Users and groups that no listing has, because they join when it has been read.
    pub(crate) late: BTreeSet<String>,
    /// Permission sets in the order in which they were made.
    pub permission_sets: Vec<PermissionSet>,
    pub(crate) assignments: BTreeMap<(String, String), Vec<Principal>>,
    /// Applications that are not AWS accounts.
    pub applications: Vec<Application>,
    /// Entitlements of account access manager.
    pub entitlements: Vec<Entitlement>,
    pub(crate) made: u32,
}

/// An account of the organization.
#[derive(Debug, Clone)]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE`, `CLOSED`, …
    pub state: String,
    /// The path of organizational units, as `ListAccounts` gives it.
    pub path: String,
    /// The roles that others may assume: name, and the external id that is asked for.
    pub roles: BTreeMap<String, Option<String>>,
    /// Its IAM. Accounts that are alike share it until one is changed.
    pub iam: Arc<Iam>,
    /// Whether `ListAccounts` leaves it out although it exists.
    pub unlisted: bool,
}

/// An instance of Identity Center.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Its ARN.
    pub arn: String,
    /// The id of its identity store.
    pub store: String,
    /// The account that it belongs to.
    pub owner: String,
    /// Its name.
    pub name: String,
}

impl World {
    /// An organization with a management account and an empty instance of Identity Center.
    #[must_use]
    pub fn empty() -> Self {
        let mut world = World::default();
        world.add_account(MANAGEMENT, "management");
        world
    }

    /// Adds an account with the role `RollcallAuditor` and an empty IAM.
    pub fn add_account(&mut self, id: &str, name: &str) -> &mut Account {
        self.units.insert("ou-ab12-workload".to_owned(), "Workloads".to_owned());
        self.accounts.push(Account {
            id: id.to_owned(),
            name: name.to_owned(),
            state: "ACTIVE".to_owned(),
            path: format!("o-rollcall01/r-ab12/ou-ab12-workload/{id}/"),
            roles: BTreeMap::from([("RollcallAuditor".to_owned(), None)]),
            iam: Arc::default(),
            unlisted: false,
        });
        self.accounts.last_mut().expect("it was added just now")
    }

    /// The account with this id.
    #[must_use]
    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// The account with this id, to be changed.
    ///
    /// # Panics
    /// Where there is none.
    pub fn account_mut(&mut self, id: &str) -> &mut Account {
        self.accounts.iter_mut().find(|account| account.id == id).expect("the account was added")
    }

    /// The IAM of an account, to be changed.
    ///
    /// # Panics
    /// Where there is no such account.
    pub fn iam(&mut self, account: &str) -> &mut Iam {
        Arc::make_mut(&mut self.account_mut(account).iam)
    }

    /// The instances that `ListInstances` shows: the organization's first.
    #[must_use]
    pub fn instances(&self) -> Vec<Instance> {
        let organization = (!self.no_organization_instance).then(|| Instance {
            arn: INSTANCE.to_owned(),
            store: STORE.to_owned(),
            owner: MANAGEMENT.to_owned(),
            name: "organization".to_owned(),
        });
        organization.into_iter().chain(self.account_instances.iter().cloned()).collect()
    }

    /// The accounts that a permission set is provisioned to.
    #[must_use]
    pub fn provisioned(&self, set: &str) -> BTreeSet<&str> {
        let found = self.permission_sets.iter().find(|known| known.arn == set);
        found.map(|set| set.provisioned.iter().map(String::as_str).collect()).unwrap_or_default()
    }

    /// How many there are of each thing, and members of groups.
    pub(crate) fn summary(&self) -> Value {
        json!({
            "users": self.users().map(|user| &user.name).collect::<Vec<_>>(),
            "groups": self.groups().map(|group| {
                (group.name.clone(), self.members(group).map(|user| user.name.as_str()).collect::<Vec<_>>().into())
            }).collect::<serde_json::Map<_, Value>>(),
            "accounts": self.accounts.iter().map(|account| &account.id).collect::<Vec<_>>(),
            "permission_sets": self.permission_sets.iter().map(|set| &set.name).collect::<Vec<_>>(),
            "assignments": self.assignments().map(|(set, account, principal)| {
                json!([set, account, principal.kind(), principal.id()])
            }).collect::<Vec<_>>(),
            "applications": self.applications.iter().map(|application| &application.name).collect::<Vec<_>>(),
            "entitlements": self.entitlements.iter().map(|entitlement| &entitlement.id).collect::<Vec<_>>(),
            "iam_users": self.accounts.iter().map(|account| {
                (account.id.clone(), account.iam.users.iter().map(|user| user.name.as_str()).collect::<Vec<_>>().into())
            }).collect::<serde_json::Map<_, Value>>(),
        })
    }

    /// The next number that nothing was made with.
    pub(crate) fn next(&mut self) -> u32 {
        self.made += 1;
        self.made
    }
}

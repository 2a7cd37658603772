//! All that AWS said, with how far each part of it was read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{
    Account, AccountId, Application, Caller, CrossChecked, Entitled, Extent, Gap, Group, IamAccount, Known, Ledger,
    Listing, LookedUp, Organization, PermissionSet, Scope, Source, User, Window,
};

/// All that AWS said in one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// What the run was told to look at.
    pub scope: Scope,
    /// Who asked, where AWS said so.
    pub caller: Option<Caller>,
    /// The endpoint that answered, where it was not AWS's own: a redirected run is no evidence about AWS.
    pub redirected_to: Option<String>,
    /// From the first request to the last answer; `None` where nothing was asked.
    pub window: Option<Window>,
    /// The Identity Center instance.
    pub instance: Known<Instance>,
    /// The organization, where the accounts' list names it.
    pub organization: Option<Organization>,
    /// Names of the organization's units, by id, as far as they were asked for.
    pub units: BTreeMap<String, String>,
    /// Accounts of the organization, by id.
    pub accounts: Listing<Account>,
    /// Users of the identity store, by name.
    pub users: Listing<User>,
    /// Groups of the identity store, by name.
    pub groups: Listing<Group>,
    /// Who made memberships, as AWS writes it; [`Made::by`](super::Made::by) points here.
    pub makers: Vec<String>,
    /// The names of users that were asked for, where users are not listed.
    pub looked_up_users: Option<LookedUp>,
    /// The names of groups that were asked for, where groups are not listed.
    pub looked_up_groups: Option<LookedUp>,
    /// Permission sets, by name.
    pub permission_sets: Listing<PermissionSet>,
    /// Applications of Identity Center, by name.
    pub applications: Listing<Application>,
    /// Who may be which IAM role by account access manager, by account.
    pub entitled: Listing<Entitled>,
    /// What came of asking for memberships and for assignments by a second way, where that was done.
    pub cross_checked: Vec<CrossChecked>,
    /// IAM in each account in scope, by account.
    pub iam: Vec<IamAccount>,
    /// Documents of AWS-managed policies that an account's answer holds, by ARN: they are the same in all.
    pub aws_managed: BTreeMap<String, Arc<str>>,
    /// All that could not be seen.
    pub gaps: Vec<Arc<Gap>>,
    /// All that was read to its end.
    pub sources: Vec<Arc<Source>>,
    /// How often each operation was called.
    pub ledger: Ledger,
}

impl Snapshot {
    /// Accounts in which something is granted and which the organization does not list, where its list was read to its end.
    #[must_use]
    pub fn unlisted_accounts(&self) -> BTreeSet<AccountId> {
        let Extent::Whole(_) = self.accounts.extent() else { return BTreeSet::new() };
        let placements = self.permission_sets.seen().flat_map(|set| set.placements.seen());
        let granted = placements.map(|placement| placement.account);
        let granted = granted.chain(self.entitled.seen().map(|entitled| entitled.account));
        let accounts = granted.map(|account| &self.accounts[account]).filter(|account| !account.listed);
        accounts.map(|account| account.id).collect()
    }
}

/// An instance of IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its ARN.
    pub arn: String,
    /// The identity store that holds its users and groups.
    pub identity_store: String,
    /// The account that owns it, where AWS said so.
    pub owner: Option<AccountId>,
    /// Whose access it manages, where that can be told.
    pub kind: Option<InstanceKind>,
    /// `ACTIVE`, `CREATE_IN_PROGRESS` … as AWS writes it, where AWS said so.
    pub status: Option<String>,
}

/// Whose access an instance of IAM Identity Center manages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstanceKind {
    /// The organization's: accounts, by permission sets, and applications.
    Organization,
    /// That of one account: applications of that account, and no account at all.
    Account,
}

impl InstanceKind {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            InstanceKind::Organization => "organization",
            InstanceKind::Account => "account",
        }
    }
}

//! Where permission sets are provisioned: as each set says it, or as each account says it. Both say the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::entries::Read;
use super::page_reader::{Reader, Wanted};
use crate::collect::api::responses::{ListAccountsForProvisionedPermissionSet, ListPermissionSetsProvisionedToAccount};
use crate::collect::journal::page::{Operation, Parameters};
use crate::model::{Account, AccountId, Extent, Gap, Hides, Instance, What, quoted};

/// The filter by which AWS tells what is provisioned in an older version than the one that is described.
const OUTDATED: (&str, &str) = ("ProvisioningStatus", "LATEST_PERMISSION_SET_NOT_PROVISIONED");

/// Where one permission set is provisioned.
pub(super) struct Provisioned {
    pub(super) accounts: Read<AccountId>,
    /// Accounts of which nobody knows whether it is, and why.
    pub(super) unread: Vec<(AccountId, Arc<Gap>)>,
    /// Accounts in which an older version of it is in force.
    pub(super) outdated: Read<AccountId>,
}

/// The accounts of a set, as the set lists them. `asked` names the instance and the set.
pub(super) fn by_set(reader: &mut Reader<'_>, asked: &Parameters, name: &str) -> Provisioned {
    let wanted = Wanted::of(What::AccountsOfSet.of(name), quoted(name), Hides::Grants);
    let accounts = accounts_of_set(reader, asked.clone(), &wanted);
    let outdated = match &accounts.extent {
        Extent::Whole(_) if !accounts.seen.is_empty() => {
            let unseen = What::AccountsOutdated.of(name);
            let wanted = Wanted::of(unseen, format!("outdated {}", quoted(name)), Hides::Grants);
            accounts_of_set(reader, asked.clone().with(OUTDATED.0, OUTDATED.1), &wanted)
        }
        extent @ (Extent::Whole(_) | Extent::Part(_)) => Read { seen: Vec::new(), extent: extent.clone() },
    };
    Provisioned { accounts, unread: Vec::new(), outdated }
}

fn accounts_of_set(reader: &mut Reader<'_>, asked: Parameters, wanted: &Wanted) -> Read<AccountId> {
    let Read { seen: pages, mut extent } = reader.read::<ListAccountsForProvisionedPermissionSet>(None, asked, wanted);
    let mut accounts = BTreeSet::new();
    for text in pages.into_iter().flat_map(|page| page.account_ids) {
        match text.parse::<AccountId>() {
            Ok(account) => _ = accounts.insert(account),
            Err(error) => {
                let detail = format!("{error}");
                let gap = reader.unreadable::<ListAccountsForProvisionedPermissionSet>(None, wanted, detail);
                extent = Extent::Part(gap);
            }
        }
    }
    Read { seen: accounts.into_iter().collect(), extent }
}

/// What the accounts say, each of its permission sets.
pub(super) struct ByAccount {
    accounts: BTreeMap<String, BTreeSet<AccountId>>,
    outdated: BTreeMap<String, BTreeSet<AccountId>>,
    /// How far the list of accounts was read.
    extent: Extent,
    unread: Vec<(AccountId, Arc<Gap>)>,
    /// Why it is not known of every account which versions are in force there.
    undated: Option<Arc<Gap>>,
}

impl ByAccount {
    /// What the accounts say, where any was asked; then every account of the organization was to be.
    pub(super) fn read(reader: &mut Reader<'_>, instance: &Instance, listed: &Read<Account>) -> Option<Self> {
        let asked = reader.asked(Operation::ListPermissionSetsProvisionedToAccount);
        let asked = asked.filter(|call| call.parameters.get("InstanceArn") == Some(&instance.arn));
        let asked: Vec<AccountId> = asked.filter_map(|call| call.parameters.get("AccountId")?.parse().ok()).collect();
        if asked.is_empty() {
            return None;
        }
        let extent = match &listed.extent {
            Extent::Whole(_) => {
                let of = Some("every account".to_owned());
                let operation = Operation::ListPermissionSetsProvisionedToAccount;
                Extent::Whole(reader.vouched(operation, of, "the last page of each"))
            }
            Extent::Part(gap) => Extent::Part(Arc::clone(gap)),
        };
        let (accounts, outdated) = (BTreeMap::new(), BTreeMap::new());
        let mut by_account = ByAccount { accounts, outdated, extent, unread: Vec::new(), undated: None };
        let every: BTreeSet<AccountId> = listed.seen.iter().map(|account| account.id).chain(asked).collect();
        for account in every {
            by_account.read_one(reader, instance, account);
        }
        Some(by_account)
    }

    fn read_one(&mut self, reader: &mut Reader<'_>, instance: &Instance, account: AccountId) {
        let id = account.to_string();
        let asked = Parameters::of([("InstanceArn", instance.arn.as_str()), ("AccountId", &id)]);
        let wanted = Wanted::of(What::SetsOfAccount.in_account(account), id.as_str(), Hides::Grants);
        let provisioned =
            reader.read::<ListPermissionSetsProvisionedToAccount>(None, asked.clone(), &wanted.in_account(account));
        let sets: BTreeSet<String> = provisioned.seen.into_iter().flat_map(|page| page.permission_sets).collect();
        match provisioned.extent {
            Extent::Part(gap) => self.unread.push((account, gap)),
            Extent::Whole(_) if sets.is_empty() => {}
            Extent::Whole(_) => {
                let unseen = What::SetsOutdated.in_account(account);
                let wanted = Wanted::of(unseen, format!("outdated permission sets in {id}"), Hides::Grants);
                let asked = asked.with(OUTDATED.0, OUTDATED.1);
                let outdated =
                    reader.read::<ListPermissionSetsProvisionedToAccount>(None, asked, &wanted.in_account(account));
                if let Extent::Part(gap) = outdated.extent {
                    self.undated.get_or_insert(gap);
                }
                for set in outdated.seen.into_iter().flat_map(|page| page.permission_sets) {
                    self.outdated.entry(set).or_default().insert(account);
                }
            }
        }
        for set in sets {
            self.accounts.entry(set).or_default().insert(account);
        }
    }

    /// Every set that an account names.
    pub(super) fn sets(&self) -> impl Iterator<Item = &String> {
        self.accounts.keys()
    }

    /// Where the set with this ARN is provisioned.
    pub(super) fn of(&self, arn: &str) -> Provisioned {
        let seen = |of: &BTreeMap<String, BTreeSet<AccountId>>| of.get(arn).into_iter().flatten().copied().collect();
        let undated = self.unread.first().map(|(_, gap)| gap).or(self.undated.as_ref());
        let dated = undated.map_or_else(|| self.extent.clone(), |gap| Extent::Part(Arc::clone(gap)));
        Provisioned {
            accounts: Read { seen: seen(&self.accounts), extent: self.extent.clone() },
            unread: self.unread.clone(),
            outdated: Read { seen: seen(&self.outdated), extent: dated },
        }
    }
}

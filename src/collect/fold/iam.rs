//! IAM users of each account in scope, with their policies by every way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::credentials::{self, CredentialReport};
use super::reader::{Reader, Wanted};
use super::{Read, iam_accounts};
use crate::collect::answer::{
    AttachedPolicy, GetAccountAuthorizationDetails, GroupDetail, InlinePolicy, ManagedPolicy, Timestamp, UserDetail,
};
use crate::collect::page::{Operation, Parameters};
use crate::model::{Account, AccountId, Caller, Extent, Gap, Hides, IamPolicy, IamUser, Known, PolicyWay, Scope, Why};

/// IAM of one account, which has no place yet.
pub(super) struct IamRead {
    pub(super) account: AccountId,
    pub(super) users: Read<IamUser>,
    pub(super) credentials_as_of: Option<DateTime<Utc>>,
}

/// What the answer must have been asked for; a narrower filter leaves out what it does not name.
const NEEDED: [&str; 3] = ["User", "Group", "LocalManagedPolicy"];

pub(super) fn read(
    reader: &mut Reader<'_>,
    scope: &Scope,
    caller: Option<&Caller>,
    accounts: &Read<Account>,
) -> Vec<IamRead> {
    let listed: Vec<_> = accounts.seen.iter().map(|account| (account.id, account.state.as_deref())).collect();
    let whole = matches!(accounts.extent, Extent::Whole(_));
    let caller = caller.map(|caller| caller.account);
    let accounts = iam_accounts(scope, &listed, whole, caller);
    accounts.into_iter().map(|account| read_account(reader, account, caller)).collect()
}

fn read_account(reader: &mut Reader<'_>, account: AccountId, caller: Option<AccountId>) -> IamRead {
    let wanted = Wanted::of(format!("IAM users of {account}"), account.to_string(), Hides::Grants);
    if let Some(why) = reader.failure(Operation::AssumeRole, account) {
        let gap = reader.gap(Operation::AssumeRole, Some(account), &wanted, why);
        return IamRead { account, users: Read::unseen(&gap), credentials_as_of: None };
    }
    // A saved command does not say which account it asked where it asked the caller's own.
    let asked = reader
        .asked(Operation::GetAccountAuthorizationDetails)
        .filter(|call| call.account == Some(account) || (call.account.is_none() && caller == Some(account)))
        .find(|call| is_enough(&call.parameters));
    let (asked_of, parameters) =
        asked.map_or((Some(account), Parameters::default()), |call| (call.account, call.parameters.clone()));
    let details = reader.read::<GetAccountAuthorizationDetails>(asked_of, parameters, &wanted);
    let report = credentials::read(reader, account, asked_of);
    let mut all = Details::of(details.seen);
    let users = std::mem::take(&mut all.users);
    // Where a group is missing, so are policies of its members: nobody can say that they do not have one.
    let missing = users.values().find_map(|detail| missing_group(reader, account, detail, &all));
    let extent = missing.map_or(details.extent, Extent::Part);
    let users: Vec<IamUser> = users.into_values().map(|detail| user(account, detail, &all, &report)).collect();
    IamRead { account, users: Read { seen: users, extent }, credentials_as_of: report.as_of() }
}

/// The gap of a group that a user is in and the answer does not hold.
fn missing_group(reader: &mut Reader<'_>, account: AccountId, detail: &UserDetail, all: &Details) -> Option<Arc<Gap>> {
    let group = detail.group_list.iter().find(|group| !all.groups.contains_key(*group))?;
    let wanted = Wanted::new(format!("policies of the IAM group `{group}` in {account}"), Hides::Grants);
    let why = Why::Truncated { detail: format!("`{}` is in a group that the answer does not hold", detail.user_name) };
    Some(reader.gap(Operation::GetAccountAuthorizationDetails, Some(account), &wanted, why))
}

fn is_enough(parameters: &Parameters) -> bool {
    let Some(filter) = parameters.get("Filter") else {
        return true;
    };
    let named: BTreeSet<&str> = filter.split([' ', ',']).collect();
    NEEDED.iter().all(|needed| named.contains(needed))
}

/// All pages of one account together: a group may stand on another page than its members.
#[derive(Default)]
struct Details {
    users: BTreeMap<String, UserDetail>,
    groups: BTreeMap<String, GroupDetail>,
    documents: BTreeMap<String, String>,
}

impl Details {
    fn of(pages: Vec<GetAccountAuthorizationDetails>) -> Self {
        let mut details = Details::default();
        for page in pages {
            for user in page.user_detail_list {
                details.users.entry(user.user_name.clone()).or_insert(user);
            }
            for group in page.group_detail_list {
                details.groups.entry(group.group_name.clone()).or_insert(group);
            }
            let documents = page.policies.into_iter().filter_map(default_document);
            details.documents.extend(documents);
        }
        details
    }

    fn attached(&self, policies: &[AttachedPolicy], way: &PolicyWay) -> impl Iterator<Item = IamPolicy> {
        policies.iter().map(|policy| IamPolicy {
            way: way.clone(),
            name: policy.policy_name.clone().unwrap_or_else(|| name_of(&policy.policy_arn).to_owned()),
            arn: Some(policy.policy_arn.clone()),
            document: self.documents.get(&policy.policy_arn).cloned(),
        })
    }
}

fn default_document(policy: ManagedPolicy) -> Option<(String, String)> {
    let version = policy.policy_version_list.into_iter().find(|version| {
        version.is_default_version || (version.version_id.is_some() && version.version_id == policy.default_version_id)
    })?;
    Some((policy.arn, version.document?.as_str().to_owned()))
}

fn inline(policies: &[InlinePolicy], way: &PolicyWay) -> impl Iterator<Item = IamPolicy> {
    policies.iter().map(|policy| IamPolicy {
        way: way.clone(),
        name: policy.policy_name.clone(),
        arn: None,
        document: policy.policy_document.as_ref().map(|document| document.as_str().to_owned()),
    })
}

/// The last part of a policy's ARN: `arn:aws:iam::aws:policy/job-function/Billing`.
fn name_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

fn user(account: AccountId, detail: UserDetail, all: &Details, report: &CredentialReport) -> IamUser {
    let name = &detail.user_name;
    let mut policies: Vec<IamPolicy> = all.attached(&detail.attached_managed_policies, &PolicyWay::Attached).collect();
    policies.extend(inline(&detail.user_policy_list, &PolicyWay::Inline));
    for group in &detail.group_list {
        let way = PolicyWay::Group(group.clone());
        let Some(found) = all.groups.get(group) else { continue };
        policies.extend(all.attached(&found.attached_managed_policies, &way));
        policies.extend(inline(&found.group_policy_list, &way));
    }
    policies.sort();
    policies.dedup();
    IamUser {
        arn: detail.arn.unwrap_or_else(|| format!("arn:aws:iam::{account}:user/{name}")),
        created: detail.create_date.map(Timestamp::instant),
        policies,
        credentials: report.of(name).map_or_else(Known::Unknown, Known::Is),
        name: detail.user_name,
    }
}
